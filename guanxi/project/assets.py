"""Which files a browser gets: chosen npm files, and one style sheet, one script and one icon sprite made here.

There is no bundler: sections are joined in a fixed order. `build()` runs at installation (`make assets`); with DEBUG on,
a file whose sources changed is made again when it is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

BASE = Path(settings.BASE_DIR)
MODULES = BASE / "node_modules"
MADE = BASE / "var" / "assets"
WEB = Path(__file__).parents[1] / "web"
SOURCES, ICONS = WEB / "static" / "web", WEB / "icons.txt"
VENDOR = {
    "vendor/bootstrap.css": "bootstrap/dist/css/bootstrap.min.css",
    "vendor/bootstrap.js": "bootstrap/dist/js/bootstrap.bundle.min.js",
    "vendor/htmx.js": "htmx.org/dist/htmx.min.js",
    "vendor/echarts.js": "echarts/dist/echarts.min.js",
    "vendor/sortable.js": "sortablejs/Sortable.min.js",
    "vendor/tom-select.js": "tom-select/dist/js/tom-select.base.min.js",
    "vendor/tom-select.css": "tom-select/dist/css/tom-select.bootstrap5.min.css",
    "web/fonts/inter.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
}
CSS = (
    "tokens base shell controls card atoms table board record form overlays timeline states filter pages calendar phone print"
).split()
JS = "core dialog toast draft form select list filter palette board chart keys small".split()
# `icon "bell"` in templates, `icon="bell"` and `"icon": "bell"` in Python, `icon("bell")` in scripts.
_ICON_USE = re.compile(r"""\bicon["']?\s*(?:=|:|\(|\s)\s*["']([a-z][a-z0-9-]*)["']""")


def _sections(kind: str, names: Iterable[str]) -> list[Path]:
    return [SOURCES / kind / f"{name}.{kind}" for name in names]


def _join(sources: Iterable[Path]) -> str:
    """The sections one after another, without indents; addresses lose the step up that the folder of sections needs."""
    lines = (line.strip() for path in sources for line in path.read_text().splitlines())
    return "\n".join(filter(None, lines)).replace('url("../', 'url("')


def icon_names() -> set[str]:
    """The listed icons and every icon that our sources name."""
    names = set(ICONS.read_text().split())
    for path in (BASE / "guanxi").rglob("*"):
        if path.suffix in {".py", ".html", ".js"} and "tests" not in path.parts:
            names.update(_ICON_USE.findall(path.read_text()))
    return names


def _sprite(_: Iterable[Path]) -> str:
    """One SVG with a symbol for each icon; a name that the icon set lacks is left out."""
    symbols = []
    for name in sorted(icon_names()):
        source = MODULES / "@tabler/icons/icons/outline" / f"{name}.svg"
        if source.exists():
            body = re.sub(r"<!--.*?-->|</?svg[^>]*>", "", source.read_text(), flags=re.S)
            body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none"/>', "")
            symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(body.split())}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


MAKERS: dict[str, tuple[Callable[[Iterable[Path]], str], list[Path]]] = {
    "web/crm.css": (_join, _sections("css", CSS)),
    "web/app.js": (_join, _sections("js", JS)),
    "web/icons.svg": (_sprite, [ICONS]),
}


def make(name: str) -> Path:
    """Write one made file and return its place."""
    maker, sources = MAKERS[name]
    place = MADE / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(maker(sources))
    return place


def build() -> list[Path]:
    """Make everything that is not kept in the repository."""
    return [make(name) for name in MAKERS]


def _place(name: str) -> Path | None:
    """Where a served name lies on the disk, or None when we do not serve it."""
    if name in VENDOR:
        return MODULES / VENDOR[name]
    if name not in MAKERS:
        return None
    place, sources = MADE / name, MAKERS[name][1]
    stale = settings.DEBUG and place.exists() and max(s.stat().st_mtime for s in sources) > place.stat().st_mtime
    return make(name) if stale or not place.exists() else place


class VendorStorage(FileSystemStorage):
    """The served names as if they lay in one folder."""

    def path(self, name: str) -> str:
        place = _place(name.replace("\\", "/"))
        return str(place) if place else super().path(name)

    def exists(self, name: str) -> bool:
        place = _place(name)
        return place is not None and place.exists()


class VendorFinder(BaseFinder):
    """Serves the listed names and nothing else of node_modules."""

    def __init__(self, app_names: object = None, *args: object, **kwargs: object) -> None:
        self.storage = VendorStorage(location=MODULES)
        super().__init__()

    def check(self, **kwargs: object) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: bool) -> Any:
        place = _place(path)
        found = [str(place)] if place and place.exists() else []
        return found if find_all or kwargs.get("all") else (found[0] if found else None)

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        return ((name, self.storage) for name in [*VENDOR, *MAKERS] if self.storage.exists(name))


def _without_source_maps(patterns: Iterable[Any]) -> tuple[Any, ...]:
    """Vendored files point at maps that we do not ship; following them would stop collectstatic."""
    keep = partial(filter, lambda p: "sourceMappingURL" not in (p if isinstance(p, str) else p[0]))
    return tuple((glob, tuple(keep(rules))) for glob, rules in patterns)


class Storage(CompressedManifestStaticFilesStorage):
    """Hashed names and compressed copies; a file that is missing in a test run keeps its plain name."""

    patterns = _without_source_maps(CompressedManifestStaticFilesStorage.patterns)
    manifest_strict = not settings.DEBUG
