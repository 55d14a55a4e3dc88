"""Made files: complete, within their budgets, and free of what the security policy forbids."""

import gzip
import re

from guanxi.project import assets


def test_style_sheet_and_script_stay_within_their_budgets():
    made = {name: len(gzip.compress(assets.make(name).read_bytes())) for name in ("web/crm.css", "web/app.js")}
    assert [name for name, size in made.items() if size > {"web/crm.css": 20_000, "web/app.js": 20_000}[name]] == []


def test_every_icon_that_the_sources_name_is_in_the_sprite():
    ids = set(re.findall(r'symbol id="([^"]+)"', assets.make("web/icons.svg").read_text()))
    assert assets.icon_names() - ids == set()


def test_every_section_is_part_of_a_made_file():
    listed = {path for _, sources in assets.MAKERS.values() for path in sources}
    found = {*assets.SOURCES.glob("css/*.css"), *assets.SOURCES.glob("js/*.js")}
    assert found - listed == set()


def test_our_templates_hold_no_inline_code_or_style():
    bad = re.compile(r"style=|<style|\son\w+=|hx-on|<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.I)
    tags = re.compile(r"{%.*?%}")  # {% with one=… %} is no attribute
    templates = (assets.BASE / "guanxi").rglob("*.html")
    assert [path.name for path in templates if bad.search(tags.sub("", path.read_text()))] == []
