"""A Chinese reader meets no English: every kind of page that links lead to is read, with its hints, labels and errors."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db.models import CharField
from django.utils.translation import override

from guanxi.customers.models import ClassScheme
from guanxi.desk.demo import generate
from guanxi.desk.demo.staff import PASSWORD
from guanxi.org.models import User
from guanxi.project.catalogues import compile_all

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# All that a document says in small Latin letters: its texts, hints and names.
TEXTS = """root => {
  const silent = "script, style, template, kbd, code, [lang=en]";
  const walker = root.createTreeWalker(root.documentElement, NodeFilter.SHOW_TEXT);
  const found = new Set();
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest(silent)) found.add(walker.currentNode.data.trim());
  for (const name of ["aria-label", "aria-description", "placeholder", "title", "alt", "label", "data-confirm"])
    for (const one of root.querySelectorAll(`[${name}]`)) found.add(one.getAttribute(name));
  return [...found].filter(text => /[a-z]/.test(text));
}"""
LINKS = """root => ["href", "data-drawer", "data-dialog", "data-bulk"].flatMap(
  name => [...root.querySelectorAll(`[${name}]`)].map(one => one.getAttribute(name)))"""
# The same of an answer that is only parsed, which is far quicker than opening it; a form is also sent as it stands.
PARSE = f"""async url => {{
  const ask = async (url, sent) => {{
    const answer = await fetch(url, sent), html = (answer.headers.get("Content-Type") || "").startsWith("text/html");
    return [answer.status, new DOMParser().parseFromString(html ? await answer.text() : "", "text/html")];
  }};
  const [status, page] = await ask(url), form = url.endsWith("/new/") && page.querySelector("main form[method=post]");
  const [refused, again] = form ? await ask(url, {{method: "POST", body: new FormData(form)}}) : [200, null];
  const texts = ({TEXTS})(page).concat(again ? ({TEXTS})(again) : []);
  return [Math.max(status, refused >= 500 ? refused : 0), texts, ({LINKS})(page)];
}}"""
HERE = f"() => ({TEXTS})(document)"
OPENED = 40  # pages, the first ones met, that are opened with their scripts
ALIKE = re.compile(r"/(bin|comments|clean)/$")  # the same for every entity: read of the first ones met
ENOUGH = 20
NO_PAGES = re.compile(r"/(logout|files|template|reveal|static|exports|refresh|api)/|/export/|#")
START = (
    "/",
    "/me/",
    "/style/",
    "/nowhere/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/signup/",
)
# What Chinese texts write in Latin letters; then conditions as they are kept, addresses, file names and browsers.
LATIN = {
    "Chrome",
    "Windows",
    "Linux",
    "Re",
    "Excel",
    "Parquet",
    "vCard",
    "SQLite",
    "Enter",
    "English",
    "guanxi",
    "demo",
    "szyl",
    "Guanxi",
    "JavaScript",
}
NO_WORDS = re.compile(
    r"\{\".*?\}|https?://\S+|\S+@\S+|Mozilla/.*|\S+\.(?:xlsx|csv|pdf|key)\b|\b[0-9a-f]{12}\b|\.vcf\b|\bstar_level\b"
    r"|\berp/<|\bin、out、done 和 failed\b"
)
WORD = re.compile(r"[A-Za-z]*[a-z][A-Za-z]+|[A-Za-z]+[a-z]")


def data() -> re.Pattern[str]:
    """What people have written themselves is no text of the program."""
    written: set[str] = set()
    for model in apps.get_models():
        if model.__module__.startswith("guanxi.") and not model.__module__.startswith("guanxi.audit"):
            names = [f.attname for f in model._meta.concrete_fields if isinstance(f, CharField) and not f.choices]
            for row in model._base_manager.values_list(*names) if names else ():
                written.update(value for value in row if value and re.search("[a-z]{2}", value))
    written.update(row["code"] for scheme in ClassScheme.objects.all() for row in scheme.classes)
    alone = "|".join(map(re.escape, sorted(written, key=len, reverse=True))) or "$^"
    return re.compile(rf"(?<![A-Za-z])(?:{alone})(?![A-Za-z])")


def english(texts: list[str], written: re.Pattern[str]) -> list[str]:
    return [
        text for text in texts
        if any(word not in LATIN for word in WORD.findall(written.sub("", NO_WORDS.sub("", text or ""))))
    ]  # fmt: skip


def shape(address: str) -> str:
    return re.sub(r"\d+", "#", address.partition("?")[0])


@pytest.fixture
def reader(browser: Any, site: str) -> Iterator[Any]:
    """A signed-in head of a small company full of data, with a Chinese browser."""
    compile_all()
    with override("zh-hans"):
        generate.build(24, lambda *_step: None)
    context = browser.new_context(
        base_url=site,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        viewport={"width": 1440, "height": 900},
    )
    page = context.new_page()
    page.goto("/accounts/login/")
    page.fill("input[name=login]", User.objects.get(roles__code="owner").username)
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "login" not in url)
    yield page
    context.close()


def test_no_page_shows_an_english_word(reader: Any) -> None:
    written, left = data(), {}
    todo, seen, answers, alike = list(START), set(map(shape, START)), [], Counter[str]()
    while todo:
        address = todo.pop(0)
        if len(answers) < OPENED:
            status = reader.goto(address, wait_until="domcontentloaded").status
            found, links = reader.evaluate(f"() => [({TEXTS})(document), ({LINKS})(document)]")
        else:
            status, found, links = reader.evaluate(PARSE, address)
        answers.append((shape(address), status))
        for link in filter(None, links):
            if link.startswith("/") and shape(link) not in seen and not NO_PAGES.search(link):
                seen.add(shape(link))
                kind = ALIKE.search(link)
                alike[kind[1] if kind else ""] += 1
                if not kind or alike[kind[1]] <= ENOUGH:
                    todo.append(link)
        for text in english(found, written):
            left.setdefault(text, shape(address))
    assert left == {}
    assert [one for one in answers if one[1] >= 500] == []
    assert len(answers) > 700


def test_strangers_read_chinese_too(browser: Any, site: str) -> None:
    compile_all()
    context = browser.new_context(base_url=site, locale="zh-CN")
    page = context.new_page()
    left = {}
    for address in (
        "/accounts/login/",
        "/accounts/password/reset/",
        "/accounts/inactive/",
        "/accounts/signup/",
        "/accounts/logout/",
    ):
        page.goto(address)
        left[address] = english(page.evaluate(HERE), re.compile("$^"))
        if page.query_selector("main form[method=post]"):
            with page.expect_navigation():
                page.eval_on_selector("main form[method=post]", "form => form.submit()")
            left[address] += english(page.evaluate(HERE), re.compile("$^"))
    context.close()
    assert {address: texts for address, texts in left.items() if texts} == {}
