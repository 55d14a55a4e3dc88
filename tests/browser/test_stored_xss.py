"""Hostile text in every stored text: no page turns it into an element, runs it, or breaks the content policy by it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models

from guanxi.audit import guards
from guanxi.kernel import work
from guanxi.kernel.actions import verbs_of
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import Entity, entities
from guanxi.kernel.models import ExtraField
from guanxi.org.models import Attachment, Notice, User
from guanxi.org.services import comment
from guanxi.web.models import SavedView
from tests.browser.conftest import Visitor
from tests.sweeps.world import World, build

pytestmark = pytest.mark.req("SEC-08")

# Each leaves an element <x-hole> or the global `hole` behind, or becomes {{1337}} computed, where it is taken for markup.
PAYLOADS = (
    """"'><img src=x onerror=hole=1><x-hole></x-hole>""",
    """"><svg onload=hole=1></svg><x-hole>""",
    """</script><script>hole=1</script><x-hole>""",
    """</textarea></title></option><x-hole>""",
    """{{7*191}}${7*191}{% debug %}<x-hole>""",
    """' onmouseover=hole=1 autofocus onfocus=hole=1 x='""",
    """`\\u003cx-hole\\u003e&lt;x-hole&gt;<x-hole>--><x-hole>]]><x-hole>""",
)
SHORT = (""""><x-hole>""", "<x-hole>")
LINK = "javascript:hole=1"
# Opened with all their scripts; the others are mostly only parsed.
CORE = (
    "customers",
    "contacts",
    "orders",
    "people",
    "roles",
    "fields",
)
# Texts that the product makes or understands itself; nobody types them freely.
OWN = {
    "label", "path", "digest", "media_type", "username", "password", "country", "region_code", "currency", "stage", "language",
    "token", "count_from", "credit_code", "tax_id",
}  # fmt: skip
# What a payload would have left in the document: counted in the page itself.
HOLES = """(root) => [
  ...[...root.querySelectorAll('x-hole, img[src="x"], [onerror], [onload], [onfocus], [onmouseover]')].map(e => e.outerHTML.slice(0, 120)),
  ...[...root.querySelectorAll('[href], [src], [action], [formaction], [hx-get], [hx-post], [data-drawer], [data-dialog]')]
    .flatMap(e => [...e.attributes].filter(a => /^\\s*javascript:/i.test(a.value) && !['value', 'title'].includes(a.name)).map(a => a.name + '=' + a.value)),
  ...[...root.querySelectorAll('script:not([src])')].filter(e => e.textContent.includes('hole=1') && !/json/.test(e.type)).map(e => e.outerHTML.slice(0, 120)),
  ...(window.hole ? ['window.hole'] : []),
  ...(/(^|[^*\\d])1337([^\\d]|$)/.test(root.body.textContent) ? ['computed'] : []),
]"""
LOOK = f"() => ({HOLES})(document)"
# The same on answers that are only parsed: far quicker than opening each.
PARSE = f"""urls => Promise.all(urls.map(async url => {{
  const answer = await fetch(url);
  if (!answer.headers.get('Content-Type').startsWith('text/html')) return [url, answer.status, []];
  const holes = ({HOLES})(new DOMParser().parseFromString(await answer.text(), 'text/html'));
  return [url, answer.status, holes];
}}))"""


def hostile(column: Any, n: int) -> str | None:
    """The payload for a text column, or None where it must keep what it has."""
    room = column.max_length or 1000
    if column.name in ("website", "url"):
        return LINK
    fitting = [text for text in PAYLOADS if len(text) + 4 <= room]
    if fitting:
        return f"{fitting[n % len(fitting)]}{n}"
    short = next((text for text in SHORT if len(text) <= room), None)
    return None if column.unique or short is None else short


def texts(model: type[models.Model]) -> list[Any]:
    """Columns that hold free text."""
    return [
        c
        for c in model._meta.concrete_fields
        if isinstance(c, models.CharField | models.TextField)
        and not isinstance(c, models.SlugField)
        and not c.choices
        and c.name not in OWN
    ]


def poison(world: World) -> None:
    """Write the payloads into every text column, past every check: what is stored may have come in by any way."""
    guards.remove()  # what is booked for good may have come in hostile, too
    n = 0
    for model in [e.model for e in entities()] + [SavedView, Notice]:
        rows: Any = getattr(model, "everything", model._default_manager)
        alone = {
            name for c in model._meta.constraints if isinstance(c, models.UniqueConstraint) for name in c.fields
        } | {"code"}
        for pk in rows.values_list("pk", flat=True):
            n += 1
            values = {c.name: t for c in texts(model) if c.name not in alone and (t := hostile(c, n)) is not None}
            store(rows.filter(pk=pk), values)
    guards.install()


def store(rows: Any, values: dict[str, Any]) -> None:
    if values:
        (rows.update_silently if hasattr(rows, "update_silently") else rows.update)(**values)


def extras(world: World) -> None:
    """Fields of the company's own with hostile titles, choices and values."""
    corner = world.corners["own"]
    kept: dict[str, Any] = {"company": corner.company, "created_by": corner.owner, "label": "customers.account"}
    options = [PAYLOADS[0][:40], SHORT[0]]
    for name, kind, value in (
        ("bad_text", "text", PAYLOADS[1]),
        ("bad_long", "longtext", PAYLOADS[3]),
        ("bad_choice", "choice", options[0]),
        ("bad_tags", "tags", options),
    ):
        row = ExtraField(**kept, name=name, kind=kind, title=PAYLOADS[1][:40], options=options)
        work.unit_of_work(row.save)
        account = corner.rows["customers"]
        account.extra = {**(account.extra or {}), name: value}
    type(account).objects.filter(pk=account.pk).update_silently(extra=account.extra, tags=options)


def talk(world: World) -> str:
    """Comments, file names, a view's name, a notice; and the address of an import whose file is hostile throughout."""
    corner, boss = world.corners["own"], world.people["owner"]
    account, client = corner.rows["customers"], world.client("owner")
    page = record_url("customers", account.pk)
    for text in (*PAYLOADS, LINK):
        comment(account, text, actor=boss, url=page)
    file = Attachment.objects.filter(object_id=account.pk)
    store(file, {"name": PAYLOADS[0] + ".txt"})
    SavedView.objects.filter(label="customers.account").update_silently(shared=True, owner=boss)
    Notice.objects.create(company=corner.company, user=boss, text=PAYLOADS[0], url=LINK)
    table = "\n".join([",".join(f'"{p.replace(chr(34), chr(34) * 2)}"' for p in PAYLOADS)] * 3)
    upload = SimpleUploadedFile('"><x-hole>.csv', table.encode(), "text/csv")
    answer = client.post("/customers/import/", {"file": upload, "encoding": ""})
    return str(answer.headers["Location"])


def addresses(world: World, declared: Entity) -> tuple[list[str], list[str]]:
    """Of one entity: the addresses to open with all scripts, and those whose markup is looked at."""
    here = list_url(declared.slug)
    item = record_url(declared.slug, world.pk("own", declared.slug))
    parsed = [here, f"{here}new/", f"{here}?layout=board", *(f"{item}{part}/" for part in ("edit", "history", "print"))]
    parsed += [f"{item}tab/{r.name}/" for r in declared.relations if r.tab]
    parsed += [f"{item}do/{verb.short}/" for verb in verbs_of(declared.model).values()]
    opened = [item]  # panels are of the entity; what else has scripts is the same for all
    if declared.slug in CORE:
        parsed += [f"{here}bin/", f"{here}pick/", f"{here}?q=%22%3E%3Cx-hole%3E"]  # alike for all, as what follows
        opened += [here, f"{here}?layout=board", f"{item}comments/", f"{item}files/", f"{item}edit/", f"{item}history/"]
    return opened, parsed


@pytest.fixture
def tab(browser: Any, site: str) -> Iterator[Visitor]:
    """One wide page; any dialog of the browser's own counts as a hole."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="zh-CN")
    visitor = Visitor(context.new_page(), site)

    def opened(dialog: Any) -> None:
        visitor.troubles.append(f"dialog {dialog.message}")
        dialog.dismiss()

    visitor.tab.on("dialog", opened)
    yield visitor
    context.close()


class Crawl:
    """Opens addresses and keeps every hole with the address it showed at."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor, self.tab = visitor, visitor.tab
        self.found: list[str] = []
        self.opened = 0

    def page(self, url: str) -> None:
        answer = self.tab.goto(self.visitor.base + url, wait_until="load")
        self._note(url, answer.status if answer else 0, self.tab.evaluate(LOOK))

    def piece(self, url: str, target: str = "#drawer") -> None:
        """A fragment, swapped in and brought to life as the product's own scripts do it."""
        call = "([url, target]) => htmx.ajax('GET', url, {target, swap: 'innerHTML'}).then(() => 200, String)"
        status = self.tab.evaluate(call, [url, target])
        self._note(f"fragment {url}", status, self.tab.evaluate(LOOK))

    def parse(self, urls: list[str]) -> None:
        for url, status, holes in self.tab.evaluate(PARSE, urls):
            self._note(f"parsed {url}", status, holes)

    def _note(self, url: str, status: Any, holes: list[str]) -> None:
        self.opened += 1
        holes = holes + self.visitor.troubles
        self.visitor.troubles.clear()
        if status not in (200, 403, 404, 409):
            holes.append(f"answered {status}")
        for hole in holes:
            print(f"{url}: {hole}", flush=True)
        self.found += [f"{url}: {hole}" for hole in holes]


@pytest.mark.slow
def test_stored_text_is_never_taken_for_markup(tab: Visitor) -> None:
    logging.disable(logging.CRITICAL)
    world = build()
    extras(world)
    imported = talk(world)
    poison(world)
    tab.enter(User.objects.get(pk=world.people["owner"].pk))
    crawl = Crawl(tab)
    for url in (
        "/",
        "/insight/",
        "/audit/",
        "/notifications/",
        "/me/",
        "/organisation/",
        imported,
        f"{imported}run/",
        "/customers/import/",
    ):
        crawl.page(url)
    for url in (
        "/search/?q=cnry",
        "/customers/?q=%3Cx-hole%3E%22%27",
        "/search/?q=%22%27%3E%3Cx-hole%3E",
        "/customers/letters/",
    ):
        crawl.page(url)
    crawl.piece("/search/?q=cnry", "#drawer")
    for declared in entities():
        opened, parsed = addresses(world, declared)
        for url in opened:
            crawl.page(url)
        if declared.slug in CORE:
            crawl.piece(f"{opened[0]}edit/")
        crawl.parse(parsed)
    logging.disable(logging.NOTSET)
    print(f"\n{crawl.opened} pages and fragments")
    assert crawl.opened > 150
    assert crawl.found == []


@pytest.mark.slow
def test_the_look_out_sees_a_hole(tab: Visitor) -> None:
    """Each payload, put into a page as markup, is noticed; else the crawl would prove nothing."""
    tab.tab.goto(f"{tab.base}/accounts/login/")
    for payload in (*PAYLOADS, *SHORT):
        if payload.startswith("'"):
            payload = f"<input value='{payload}'>"
        if payload.startswith("{{"):
            payload = "1337"
        tab.tab.evaluate("html => { document.body.innerHTML = html }", payload)
        assert tab.tab.evaluate(LOOK) != [], payload
