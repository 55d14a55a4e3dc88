"""The compact relationship card of a customer, and the richer one of a key customer (INFO-13)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.audit.sightings import look
from guanxi.customers.models import Account, ImportantDate, IntegrityEntry, Need
from guanxi.customers.panels import people
from guanxi.exchange.paper import paper
from guanxi.filing.models import FileTask
from guanxi.filing.queries.known import last_contact
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.filters.memory import value_of
from guanxi.web.cells import text_of
from guanxi.web.pages import fetch, person
from guanxi.web.reading import is_masked, masked_value

LABEL = "customers.account"
# Two fields a line, always the same places, empty ones too: whoever knows one card reads them all.
COMPACT = ("name", "grade", "code", "stage", "industry", "phone", "region_code", "address", "channel", "owner", "payment_terms_days",
           "credit_standing", "last_order_on", "last_contact_on", "next_contact_on", "confirmed_on")  # fmt: skip
RICHER = ("scale", "potential", "purchasing_power", "attitude", "credit_limit", "amount_12m", "business_needs", "buying_behaviour",
          "development_trend", "industry_traits", "preferences", "remark")  # fmt: skip
ROWS = 5


@login_required
def card(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A fixed layout on one sheet; for key customers with people, needs, integrity and days to remember."""
    user, declared = person(request), entity(Account)
    verbs.require_right(user, "view", declared)
    account = fetch(declared, user, pk)
    look(user, LABEL, pk=pk)
    names = [*COMPACT, *(RICHER if account.is_key else ())]
    lines = [line for name in names if (line := _line(account, name, user)) is not None]
    contacts = _contacts(account, user)
    sections = _richer(account, user) if account.is_key else []
    rows = [(line["label"], line["text"]) for line in lines] + [
        (contact["name"], contact["text"]) for contact in contacts
    ]
    rows += [(section["title"], text) for section in sections for text in section["rows"]]
    context = {
        "account": account, "title": str(account), "lines": lines, "contacts": contacts, "sections": sections,
        "contact": last_contact(account), "sheet": ([_("Field"), _("Content")], rows),
    }  # fmt: skip
    return paper(request, "key_card" if account.is_key else "card", "filing/card.html", context, about=(LABEL, pk))


def _line(account: Account, name: str, user: Any) -> dict[str, Any] | None:
    declared = entity(Account)
    found = declared.fields_for(user.company).get(name)
    if found is None or name in user.closed_fields(LABEL):
        return None
    value = value_of(account, found.path)
    shown = value_of(account, found.shown) if found.shown else None
    words = masked_value(found, value) if is_masked(user, declared, name) else text_of(found, value, shown)
    return {"label": found.label, "text": words, "wide": found.kind == "longtext"}


def _contacts(account: Account, user: Any) -> list[dict[str, str]]:
    if not user.may("view", "customers.contact"):
        return []
    barred = user.masked_fields("customers.contact") | user.closed_fields("customers.contact")
    return [
        {
            "name": row.name,
            "text": " ".join(
                filter(None, (row.post, row.get_role_display(), "" if "mobile" in barred else row.mobile or row.phone))
            ),
        }
        for row in people(account, user)[:ROWS]
    ]


def _richer(account: Account, user: Any) -> list[dict[str, Any]]:
    """What only a key customer's card tells; empty places stay, to be filled in by hand."""
    parts: tuple[tuple[str, Any, str], ...] = (
        (_("Needs and opinions"), Need, "-on"), (_("Integrity file"), IntegrityEntry, "-on"), (_("Important dates"), ImportantDate, "on_md"),
    )  # fmt: skip
    sections = []
    for title, model, order in parts:
        if user.may("view", model._meta.label_lower):
            rows = model.objects.visible_to(user).filter(account=account).order_by(order)[:ROWS]
            sections.append({"title": title, "rows": [f"{row.on or ''} {row}".strip() for row in rows]})
    return sections


VERIFIED = ("account", "kind", "owner", "due_on", "state", "result", "talk", "done_on")


@login_required
def verification(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The record of a verification under its form number."""
    user, declared = person(request), entity(FileTask)
    verbs.require_right(user, "view", declared)
    task = fetch(declared, user, pk)
    fields = [declared.field(name, user.company) for name in VERIFIED]
    lines = [
        {"label": f.label, "text": text_of(f, value_of(task, f.path), value_of(task, f.shown) if f.shown else None)}
        for f in fields
    ]
    sheet = ([_("Field"), _("Content")], [(line["label"], line["text"]) for line in lines])
    context = {"title": str(task.account), "lines": lines, "sheet": sheet}
    return paper(
        request, "verification", "filing/verification.html", context, about=(declared.label, pk), on=task.done_on
    )
