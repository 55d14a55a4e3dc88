"""What a successor has to know of each customer taken over: people, stage, open orders, money owed, next steps."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Max, Sum
from django.utils.translation import gettext as _

from guanxi.customers.models import Account, Contact, Need
from guanxi.formats.codes import mask_phone
from guanxi.handover.models import Handover, Holding, Successor
from guanxi.handover.queries.holdings import ACCOUNT, declared_for, holds_of
from guanxi.kernel.addresses import record_url
from guanxi.org.models import User
from guanxi.sales.models import OPEN, Order, Receivable

MOST = 2_000


def takers(handover: Handover, reader: User) -> list[User]:
    """Whose briefings this reader may open: the own one, or all for who runs or leads the handover."""
    people = [row.person for row in Successor.objects.filter(handover=handover).select_related("person")]
    own = [one for one in people if one.pk == reader.pk]
    return own if own and not reader.may("change", "handover.handover") else people


def taken_over(handover: Handover, by: User) -> list[int]:
    """The customers this person gets, the largest first."""
    found = Holding.objects.filter(handover=handover, successor=by, label=ACCOUNT, link="owner")
    return list(found.order_by("-weight", "pk").values_list("object_id", flat=True)[:MOST])


def coming(handover: Handover, to: User, shown: list[int]) -> list[Holding]:
    """The customers this person is to get and the reader may not open yet: what is signed for, by name."""
    found = Holding.objects.filter(handover=handover, successor=to, label=ACCOUNT, link="owner")
    return list(found.exclude(object_id__in=shown).order_by("-weight", "pk")[:MOST])


def others(handover: Handover, by: User, reader: User) -> list[dict[str, str]]:
    """What else this person gets, kind by kind; `url` is where the reader finds it, once it lies in reach."""
    found = Holding.objects.filter(handover=handover, successor=by).exclude(label=ACCOUNT).order_by("label", "pk")
    kinds = {hold.key: str(hold.title) for hold in holds_of(handover)}
    customers = dict(Holding.objects.filter(handover=handover, label=ACCOUNT).values_list("object_id", "title"))
    rows: dict[str, list[Holding]] = {}
    for one in found[:MOST]:
        rows.setdefault(one.label, []).append(one)
    return [
        {"title": one.title, "url": urls.get(one.object_id, ""),
         "what": _of(kinds.get((label, one.link), ""), customers.get(one.customer_id or 0, ""), one.title)}
        for label, some in rows.items()
        for urls in [_urls(label, [one.object_id for one in some], reader)]
        for one in some
    ]  # fmt: skip


def _of(kind: str, customer: str, title: str) -> str:
    """The kind of a thing, and the customer it hangs on unless its title says so."""
    return f"{kind} · {customer}" if customer and customer not in title else kind


def _urls(label: str, ids: list[int], reader: User) -> dict[int, str]:
    """The pages of those of these rows that the reader may open."""
    declared = declared_for(label)
    if declared is None or declared.setting or not reader.may("view", label):
        return {}
    seen = declared.model.objects.visible_to(reader).filter(pk__in=ids).values_list("pk", flat=True)
    return {pk: record_url(declared.slug, pk) for pk in seen}


def briefing(ids: list[int], reader: User) -> list[dict[str, Any]]:
    """One line per customer, of what the reader may read; in the order given."""
    accounts = Account.objects.visible_to(reader).in_bulk(ids)
    contacts, orders, owed, needs = (part(list(accounts), reader) for part in (_contacts, _orders, _owed, _needs))
    shut = reader.closed_fields(ACCOUNT) | reader.masked_fields(ACCOUNT)
    return [
        {
            "row": accounts[pk],
            "contacts": contacts.get(pk, []),
            "stage": accounts[pk].get_stage_display() if "stage" not in shut else "",
            "orders": orders.get(pk, {"n": 0, "amount": None}),
            "owed": owed.get(pk),
            "needs": needs.get(pk, []),
            "next": accounts[pk].next_contact_on,
            "last": accounts[pk].last_contact_on,
        }
        for pk in ids
        if pk in accounts
    ]


def _contacts(ids: list[int], reader: User) -> dict[int, list[str]]:
    label, found = "customers.contact", dict[int, list[str]]()
    if not reader.may("view", label):
        return found
    hidden, masked = "mobile" in reader.closed_fields(label), "mobile" in reader.masked_fields(label)
    rows = Contact.objects.visible_to(reader).filter(account__in=ids, left_on=None).order_by("-is_primary", "pk")
    for row in rows.select_related("account"):
        number, theirs = (
            row.mobile or row.phone,
            row.account.owner_id != reader.pk,
        )  # in full only for whose customer it is
        shown = "" if hidden or not number else f" {mask_phone(number) if masked or theirs else number}"
        found.setdefault(row.account_id, []).append(f"{row.name}{shown}")
    return found


def _orders(ids: list[int], reader: User) -> dict[int, dict[str, Any]]:
    if not reader.may("view", "sales.order"):
        return {}
    rows = Order.objects.visible_to(reader).filter(account__in=ids, state__in=["draft", *OPEN]).order_by()
    grouped = rows.values("account").annotate(n=Count("pk"), amount=Sum("amount"), last=Max("ordered_on"))
    return {row["account"]: row for row in grouped}


def _owed(ids: list[int], reader: User) -> dict[int, Any]:
    if not reader.may("view", "sales.receivable"):
        return {}
    rows = Receivable.objects.visible_to(reader).filter(account__in=ids).exclude(open_amount=0).order_by()
    return dict(rows.values("account").annotate(n=Sum("open_amount")).values_list("account", "n"))


def _needs(ids: list[int], reader: User) -> dict[int, list[str]]:
    """What is still open: needs, opinions and promises without an answer."""
    found: dict[int, list[str]] = {}
    if reader.may("view", "customers.need"):
        for row in (
            Need.objects.visible_to(reader).filter(account__in=ids, status=Need.Status.OPEN).order_by("-on", "-pk")
        ):
            found.setdefault(row.account_id, []).append(f"{row.on} {row.text}"[:120])
    return found


def headers() -> list[str]:
    return [
        _("Customer"), _("Contacts"), _("Stage"), _("Open orders"), _("Amount of open orders"), _("Receivables"),
        _("Needs and promises"), _("Last contact"), _("Next contact"),
    ]  # fmt: skip


def cells(line: dict[str, Any]) -> list[Any]:
    """One line of the briefing as a row of a table."""
    return [
        line["row"].name, "、".join(line["contacts"]), line["stage"], line["orders"]["n"], line["orders"]["amount"],
        line["owed"], "；".join(line["needs"]), line["last"], line["next"],
    ]  # fmt: skip
