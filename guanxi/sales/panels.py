"""What sales puts on a customer's page: the time line of dealings, what is owed, sales against collections."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.customers.panels import is_parent
from guanxi.customers.queries.accounts import group_root, needs_of, newest_needs
from guanxi.customers.queries.tiers import in_words
from guanxi.formats.money import money
from guanxi.interactions.models import Interaction
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.queries.due import newest
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.prepared import once
from guanxi.mail.queries import THREAD
from guanxi.offers.lines import line_table
from guanxi.org.models import Comment
from guanxi.sales import queries
from guanxi.sales.models import Order, Receipt
from guanxi.sales.services.credit import credit_lines, keep_policies, objections, used_of
from guanxi.web.nav import link
from guanxi.web.panels import panel

LABEL = "customers.account"
LINE = ("product", "description", "quantity", "price", "discount", "amount")
TONES = {"not_due": "blue", "d30": "amber", "d60": "orange", "d90": "red", "older": "red"}
SHOWN = 12
CHANNEL_ICONS = {"phone": "phone", "email": "mail", "letter": "mail", "visit": "map-pin", "meeting": "users"}
LINKED = 200  # companies of a group that one address can name


def _newest_receipts(user: Any, account_id: int) -> QuerySet[Any]:
    rows = Receipt.objects.visible_to(user).filter(account=account_id).order_by("-received_on", "-pk")
    return rows.values_list("pk", "number", "kind", "received_on", "amount")[:SHOWN]  # type: ignore[no-any-return]


def _newest_remarks(_user: Any, account_id: int) -> QuerySet[Any]:
    rows = Comment.objects.filter(label=LABEL, object_id=account_id)
    return rows.values_list("created_at", "author__name", "text")[:SHOWN]  # type: ignore[no-any-return]


@panel(
    LABEL,
    "sales/timeline.html",
    order=50,
    asks=(queries.deals_of, _newest_receipts, needs_of, _newest_remarks, newest),
)
def timeline(account: Account, user: Any) -> dict[str, Any]:
    """The newest dealings of every kind in one line of time (INFO-03)."""
    here = record_url("customers", account.pk)
    add = {
        "log": f"{here}do/log_contact/",
        "full": f"{list_url('interactions')}new/?account={account.pk}",
    }
    sources = {"sales.order": _orders, "sales.receipt": _receipts, "customers.need": _needs}
    items = [item for label, source in sources.items() if user.may("view", label) for item in source(account, user)]
    items += [*_dealings(account, user), *_remarks(account, user)]
    items.sort(key=lambda item: item["on"], reverse=True)
    may = user.may("add", "interactions.interaction")
    return {"items": items[:SHOWN], "add": add if may else None, "all": f"{here}tab/interactions/"}


def _dealings(account: Account, user: Any) -> Iterator[dict[str, Any]]:
    """Contacts of every channel, those that wait for an answer marked; a conversation by e-mail is one item (FUP-03, COMM-02)."""
    threads: dict[int, dict[str, Any]] = {}
    for pk, at, kind, channel, direction, text, who, coming, answered, label, object_id in once(account, newest, user):
        waits = direction == Interaction.Direction.IN and answered is None
        mailed = label == THREAD and user.may("view", THREAD)
        url = record_url(*(("mail", object_id) if mailed else ("interactions", pk)))
        said = (str(Channel(channel).label), str(Interaction.Kind(kind).label), who)
        item = _item(
            timezone.localtime(at).date(), CHANNEL_ICONS.get(channel, "messages"), "amber" if waits else "teal",
            " · ".join(filter(None, dict.fromkeys(said))), text, url,
        )  # fmt: skip
        item |= {"next": coming, "waits": waits, "earlier": [], "from": Interaction.Direction(direction).label}
        if not mailed:
            yield item
        elif object_id in threads:
            threads[object_id]["earlier"].append(item)
            threads[object_id]["waits"] |= waits
        else:
            threads[object_id] = item
    yield from threads.values()


def _orders(account: Account, user: Any) -> Iterator[dict[str, Any]]:
    for row in queries.deals(account, user)[:SHOWN]:
        words = (row.number, str(Order.State(row.state).label), record_url("orders", row.pk))
        yield _item(row.ordered_on, "package", "blue", *words, amount=money(row.amount))


def _receipts(account: Account, user: Any) -> Iterator[dict[str, Any]]:
    for pk, number, kind, on, amount in once(account, _newest_receipts, user):
        words = (number, str(Receipt.Kind(kind).label), record_url("receipts", pk))
        yield _item(on, "cash-banknote", "green", *words, amount=money(amount))


def _needs(account: Account, user: Any) -> Iterator[dict[str, Any]]:
    for row in newest_needs(account, user)[:SHOWN]:
        words = (row.get_kind_display(), row.text, record_url("needs", row.pk))
        yield _item(row.on, "bulb", "purple", *words)


def _remarks(account: Account, user: Any) -> Iterator[dict[str, Any]]:
    url = f"{record_url('customers', account.pk)}comments/"
    for at, author, text in once(account, _newest_remarks, user):
        yield _item(timezone.localtime(at).date(), "message-circle", "gray", author, text, url)


def _item(on: Any, icon: str, tone: str, *words: str, amount: str = "") -> dict[str, Any]:
    """One dealing; `words` are title, text and address."""
    title, text, url = words
    said = {"on": on, "icon": icon, "tone": tone, "title": title, "text": text, "url": url, "amount": amount}
    return said | {"next": None, "waits": False, "earlier": ()}


@panel(LABEL, "sales/owed.html", place="rail", order=20, needs="sales.receivable", asks=(queries.ages_of,))
def owed(account: Account, user: Any) -> dict[str, Any] | None:
    """Receivables by age, with the list behind each (ORDER-03)."""
    ageing = queries.receivables_of(account, user)
    if not ageing.open and not ageing.credit:
        return None
    left, parts = 0.0, []
    for key, words, _first, _last in queries.BUCKETS:
        amount = ageing.buckets[key]
        width = float(amount / ageing.open * 100) if ageing.open else 0.0
        if amount:
            parts.append(
                {
                    "label": words,
                    "amount": amount,
                    "tone": TONES[key],
                    "x": round(left, 2),
                    "width": round(width, 2),
                }
            )
        left += width
    url = f"{record_url('customers', account.pk)}tab/receivables/"
    return {"ageing": ageing, "parts": parts, "url": url}


@panel(LABEL, "sales/group.html", order=45, needs="sales.order")
def group_figures(account: Account, user: Any) -> dict[str, Any] | None:
    """Turnover and receivables over the whole group, company by company (GROUP-01)."""
    if account.parent_id is None and not is_parent(account):
        return None
    found = queries.group_figures(group_root(account), user)
    slugs = ["orders"] + (["receivables"] if user.may("view", "sales.receivable") else [])
    theirs = {"f": "account", "op": "in", "v": [row.account_id for row in found][:LINKED]}
    urls = {slug: link(slug, theirs) for slug in slugs}
    totals = [sum((getattr(row, name) for row in found), Decimal(0)) for name in ("sold", "open", "overdue")]
    return {"lines": found, "totals": totals, "urls": urls, "money": "receivables" in slugs}


@panel(LABEL, "sales/credit.html", place="rail", order=25, needs="sales.receivable", asks=(used_of,))
def credit(account: Account, user: Any) -> dict[str, Any] | None:
    """Limit, use and what the standing proposes (VALUE-04)."""
    if "credit_limit" in user.closed_fields(LABEL) | user.masked_fields(LABEL):
        return None
    lines = [(words, money(amount)) for words, amount in credit_lines(account, user) if amount is not None]
    return {"lines": lines} if len(lines) > 1 else None


def _policy(order: Order, user: Any) -> dict[str, Any] | None:
    """The policy kept with the order; of a draft, that of its date as things stand."""
    if order.account_id is None or not Account.objects.visible_to(user).filter(pk=order.account_id).exists():
        return None
    if order.state == Order.State.DRAFT:
        keep_policies([order])
    if order.policy is None:
        return None
    return {"tier": order.policy, "lines": in_words(order.policy), "day": order.ordered_on, "grade": order.grade}


@panel("sales.order", "sales/order_policy.html", place="rail", order=20)
def order_policy(order: Order, user: Any) -> dict[str, Any] | None:
    """What the customer's class got on the day of the order (CLASS-08)."""
    return _policy(order, user)


@panel("sales.order", "sales/order_policy.html", place="form", order=20)
def order_form_policy(order: Order, user: Any) -> dict[str, Any] | None:
    """The same while the order is written."""
    return _policy(order, user)


@panel("sales.order", "sales/objections.html", order=10)
def order_objections(order: Order, user: Any) -> dict[str, Any] | None:
    """What will refuse the confirmation of a draft, before it is tried."""
    if order.state != Order.State.DRAFT or order.release == Order.Release.GIVEN:
        return None
    keep_policies([order])
    found = objections(order, user)
    return {"objections": found} if found else None


@panel("sales.order", "sales/lines.html", order=10, needs="sales.orderline")
@panel("sales.order", "sales/lines.html", place="card", order=10, needs="sales.orderline")
def lines(order: Order, user: Any) -> dict[str, Any]:
    """What was ordered, line by line; columns the person may not read are left out."""
    return line_table("sales.orderline", order.lines.select_related("product"), LINE, user)


@panel(LABEL, "sales/card.html", place="card", order=20, needs="sales.order")
def card_dealings(account: Account, user: Any) -> dict[str, Any]:
    """Sales status, trading habits and receivables on the printed card (INFO-12)."""
    totals = queries.totals([account.pk], user)
    ageing = queries.receivables_of(account, user)
    products = "、".join(part.label for part in queries.top_products(account, user, limit=5))
    orders = Order.objects.visible_to(user).filter(account=account).order_by("-ordered_on", "-pk")[:6]
    lines = [
        (_("Orders"), totals.orders),
        (_("Amount"), money(totals.amount)),
        (_("Received"), money(totals.received)),
        (_("Last order"), totals.last_order_on or "—"),
        (_("Usual products"), products or "—"),
        (_("Receivables"), money(ageing.open)),
        (_("Overdue"), money(ageing.overdue)),
        (_("Payment terms (days)"), account.payment_terms_days or "—"),
    ]
    return {"lines": lines, "orders": orders}
