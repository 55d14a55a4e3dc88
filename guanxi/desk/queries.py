"""The figures and lists of the start page; each figure carries the address of the rows it counts."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from guanxi.approvals.queries import waiting_for
from guanxi.customers.models import Account, ClassReview, Contact, PlanAction, ReviewSeat
from guanxi.formats.money import money, wan
from guanxi.incentives.models import Entry
from guanxi.interactions.queries import due
from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.filters.env import period
from guanxi.learning.queries import to_read
from guanxi.org.models import Notice
from guanxi.sales.models import Order, Receipt, Receivable
from guanxi.web.nav import link
from guanxi.web.paging import count_up_to


def figures(user: Any) -> list[dict[str, Any]]:
    """Four numbers: money in this month, orders this month, overdue receivables, customers looked after."""
    sources = {
        "sales.receipt": _receipts,
        "sales.order": _orders,
        "sales.receivable": _overdue,
        "customers.account": _customers,
    }
    return [figure(user) for label, figure in sources.items() if user.may("view", label)]


def _receipts(user: Any) -> dict[str, Any]:
    now = _received(user, *period("this_month", clock.today()))
    last = _received(user, *period("last_month", clock.today()))
    url = link("receipts", _month("received_on"))
    return _figure(_("Received this month"), "cash-banknote", wan(now), _versus(now, last), url)


def _orders(user: Any) -> dict[str, Any]:
    first, after = period("this_month", clock.today())
    rows = Order.objects.visible_to(user).filter(ordered_on__gte=first, ordered_on__lt=after)
    rows = rows.exclude(state__in=["draft", "cancelled"])
    total = rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    count = _("%(n)s orders") % {"n": f"{rows.count():,}"}
    counted = {"f": "state", "op": "not_in", "v": ["draft", "cancelled"]}
    return _figure(
        _("Orders this month"),
        "file-invoice",
        wan(total),
        count,
        link("orders", _month("ordered_on"), counted),
    )


def _overdue_rows(user: Any) -> Any:
    rows = Receivable.objects.visible_to(user).filter(due_on__lt=clock.today(), open_amount__gt=0)
    return rows.exclude(open_amount=0)  # says it in the words of the index


def _overdue(user: Any) -> dict[str, Any]:
    rows = _overdue_rows(user)
    total = rows.aggregate(total=Sum("open_amount"))["total"] or Decimal(0)
    count = _("%(n)s receivables") % {"n": f"{rows.count():,}"}
    late, still_open = (
        {"f": "due_on", "op": "before", "v": "@today"},
        {"f": "open_amount", "op": "gt", "v": 0},
    )
    url = link("receivables", late, still_open)
    return _figure(_("Overdue receivables"), "hourglass-high", wan(total), count, url, bad=bool(total))


def _customers(user: Any) -> dict[str, Any]:
    text = count_up_to(Account.objects.visible_to(user).filter(retired_on=None), 10_000)
    return _figure(_("Customers in my reach"), "users", text, "", link("customers", {"f": "retired_on", "op": "empty"}))


def _figure(label: str, icon: str, value: str, note: str, url: str, *, bad: bool = False) -> dict[str, Any]:
    return {"label": label, "icon": icon, "value": value, "note": note, "url": url, "bad": bad}


def _month(field: str) -> dict[str, Any]:
    return {"f": field, "op": "period", "v": "this_month"}


def _received(user: Any, first: date, after: date) -> Decimal:
    rows = Receipt.objects.visible_to(user).filter(received_on__gte=first, received_on__lt=after)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def _versus(now: Decimal, last: Decimal) -> str:
    if not last:
        return ""
    return _("%(n)s against last month") % {"n": f"{(now - last) / abs(last):+.1%}"}


def waiting(user: Any) -> list[dict[str, Any]]:
    """Work that waits: approvals, texts to read, incentives to decide; late payments in the person's reach; of own customers due contacts, thin files, deliveries;
    then releases asked for, steps of plans, the top class without a manager and class reviews.

    A group has its first rows and the whole list.
    """
    groups = [_approvals(user), _to_read(user), _incentives(user)]
    groups += _dealings_due(user) if user.may("view", "interactions.interaction") else []
    if _own_accounts(user).exists():
        groups += [_contacts_due(user), _thin_files(user)] if user.may("view", "customers.account") else []
        groups += [_undelivered(user)] if user.may("view", "sales.order") else []
    if user.may("view", "sales.receivable"):
        groups.append(_late(user))
    if user.may("release_credit", "sales.order"):
        groups.append(_releases_asked(user))
    if user.may("view", "customers.planaction"):
        groups.append(_plan_actions(user))
    if _leads(user):
        groups.append(_unmanaged(user))
    if user.may("view", "customers.classreview"):
        groups.append(_reviews_due(user))
    return [group for group in groups if group["rows"]]


MINE: dict[str, Any] = {"f": "owner", "op": "is", "v": "@me"}
FIRST = 3  # of each kind of work; the rest is one click away
OPEN: dict[str, Any] = {"f": "state", "op": "is", "v": "open"}


def _until(field: str, days: int) -> dict[str, Any]:
    """On a day that lies at most so many days ahead."""
    return {"f": field, "op": "before", "v": (clock.today() + timedelta(days=days + 1)).isoformat()}


def _own_accounts(user: Any) -> Any:
    return Account.objects.visible_to(user).filter(retired_on=None, owner=user)


def _approvals(user: Any) -> dict[str, Any]:
    waiting = waiting_for(user)
    rows = [
        {
            "url": record_url("approvals", pk),
            "title": title,
            "hint": name,
            "since": localtime(moment).date(),
        }
        for pk, title, name, moment in waiting.values_list("pk", "title", "owner__name", "created_at")[:FIRST]
    ]
    return _group(_("For me to decide"), "gavel", waiting, link("approvals", view="my_turn"), rows)


def _dealings_due(user: Any) -> list[dict[str, Any]]:
    """Visits of the day, return visits due, requests to solve and messages that wait for an answer (LIFE-04, COMM-02)."""
    today = clock.today()
    visits, returns = due.visits_due(user, today), due.returns_due(user, today + timedelta(days=3))
    requests, letters = due.requests_open(user), due.unanswered(user)
    return [
        _group(_("Visits"), "map-pin", visits, reverse("visit-pack"), [
            {"url": record_url("visits", pk), "title": name, "hint": purpose, "due": day}
            for pk, name, purpose, day in visits.values_list("pk", "account__name", "purpose", "day")[:FIRST]]),
        _group(_("Return visits due"), "phone-call", returns, link("return-visits", MINE, OPEN, _until("due_on", 3)), [
            {"url": reverse("return-report", args=[row.pk]), "title": row.account.name, "due": row.due_on,
             "hint": f"{row.get_reason_display()} · {row.get_way_display()}"}
            for row in returns.select_related("account")[:FIRST]]),
        _group(_("Service requests to solve"), "tool", requests, link("service-requests", view="mine"), [
            {"url": record_url("service-requests", pk), "title": name, "hint": text[:60],
             "due": localtime(at).date() if at else None}
            for pk, name, text, at in requests.values_list("pk", "account__name", "problem", "due_at")[:FIRST]]),
        _group(_("Messages not answered"), "mail", letters, link("interactions", {"f": "account.owner", "op": "is", "v": "@me"}, view="unanswered"), [
            {"url": record_url("interactions", pk), "title": name, "hint": text[:60], "since": at.date()}
            for pk, name, text, at in letters.values_list("pk", "account__name", "content", "at")[:FIRST]]),
    ]  # fmt: skip


def _to_read(user: Any) -> dict[str, Any]:
    """Texts the person has to confirm, or to answer questions about (TRAIN-04)."""
    rows = to_read(user)
    shown = [
        {"url": record_url("readings", pk), "title": title, "due": day}
        for pk, title, day in rows.values_list("pk", "title", "due_on")[:FIRST]
    ]
    return _group(_("For me to read"), "book-2", rows, link("readings", view="mine"), shown)


def _incentives(user: Any) -> dict[str, Any]:
    """Proposals and objections a head has to decide; nobody decides on their own (PERF-03)."""
    rows = Entry.objects.visible_to(user).filter(state__in=["proposed", "objected"]).exclude(owner=user).order_by("pk")
    rows = rows if user.may("confirm", "incentives.entry") else rows.none()
    shown = [
        {
            "url": record_url("incentives", pk),
            "title": title,
            "hint": name,
            "since": localtime(moment).date(),
        }
        for pk, title, name, moment in rows.values_list("pk", "title", "owner__name", "created_at")[:FIRST]
    ]
    return _group(
        _("Incentives to decide"),
        "award",
        rows,
        link("incentives", {"f": "owner", "op": "is_not", "v": "@me"}, view="proposed"),
        shown,
    )


def _contacts_due(user: Any) -> dict[str, Any]:
    due = _own_accounts(user).filter(next_contact_on__lte=clock.today()).order_by("next_contact_on", "pk")
    url = link("customers", MINE, {"f": "retired_on", "op": "empty"}, _until("next_contact_on", 0))
    return _group(_("Contact due"), "phone-call", due, url, _account_rows(due, "next_contact_on"))


def _thin_files(user: Any) -> dict[str, Any]:
    thin = _own_accounts(user).filter(completeness__lt=60).order_by("completeness", "-pk")
    url = link("customers", MINE, {"f": "retired_on", "op": "empty"}, {"f": "completeness", "op": "lt", "v": 60})
    return _group(_("Files to complete"), "clipboard-check", thin, url, _account_rows(thin, "completeness"))


def _undelivered(user: Any) -> dict[str, Any]:
    orders = Order.objects.visible_to(user).filter(state__in=["confirmed", "partly"], owner=user)
    orders = orders.order_by("ordered_on", "pk")
    rows = [
        {"url": record_url("orders", pk), "title": number, "hint": name, "since": day}
        for pk, number, name, day in orders.values_list("pk", "number", "account__name", "ordered_on")[:FIRST]
    ]
    url = link("orders", MINE, {"f": "state", "op": "in", "v": ["confirmed", "partly"]})
    return _group(_("Orders to deliver"), "truck", orders, url, rows)


def _leads(user: Any) -> bool:
    """Sees more than own customers and may hand them over."""
    scopes = {str(scope) for scope in user.access.grant("customers.account").scopes}
    return bool(user.may("hand_over", "customers.account") and scopes & {"department", "tree", "all"})


def _unmanaged(user: Any) -> dict[str, Any]:
    """The top class without a dedicated account manager (ORG-08)."""
    rows = Account.objects.visible_to(user).filter(grade="A", retired_on=None)
    rows = rows.filter(Q(owner=None) | Q(owner__is_active=False)).order_by("-pk")
    url = link("customers", view="unmanaged")
    return _group(
        _("Top class without account manager"), "user-question", rows, url, _account_rows(rows, "completeness")
    )


def _plan_actions(user: Any) -> dict[str, Any]:
    """Steps of account plans that are due from this person within a week (GROUP-02)."""
    near = clock.today() + timedelta(days=7)
    rows = PlanAction.objects.visible_to(user).filter(person=user, done_on=None, due_on__lte=near)
    rows = rows.order_by("due_on", "pk")
    shown = [
        {"url": record_url("plan-actions", pk), "title": what, "hint": name, "due": day}
        for pk, what, name, day in rows.values_list("pk", "what", "plan__account__name", "due_on")[:FIRST]
    ]
    own = {"f": "person", "op": "is", "v": "@me"}
    url = link("plan-actions", own, {"f": "done_on", "op": "empty"}, _until("due_on", 7))
    return _group(_("Plan actions due"), "checkbox", rows, url, shown)


def _releases_asked(user: Any) -> dict[str, Any]:
    """Orders beyond a limit that somebody asks to be released (VALUE-04)."""
    orders = Order.objects.visible_to(user).filter(state="draft", release="asked").order_by("ordered_on", "pk")
    rows = [
        {"url": record_url("orders", pk), "title": number, "hint": name, "since": day}
        for pk, number, name, day in orders.values_list("pk", "number", "account__name", "ordered_on")[:FIRST]
    ]
    return _group(_("Orders to release"), "lock-open", orders, link("orders", view="release"), rows)


def _reviews_due(user: Any) -> dict[str, Any]:
    """Class reviews the person calls or takes part in, a week ahead and overdue (CLASS-07)."""
    near = clock.today() + timedelta(days=7)
    rows = ClassReview.objects.visible_to(user).filter(state="planned", held_on__lte=near)
    rows = rows.filter(Q(owner=user) | Q(pk__in=ReviewSeat.objects.filter(person=user).values("review")))
    rows = rows.order_by("held_on", "pk")
    shown = [
        {"url": record_url("class-reviews", pk), "title": name, "due": day}
        for pk, name, day in rows.values_list("pk", "name", "held_on")[:FIRST]
    ]
    seated = {"has": "seats", "where": {"f": "person", "op": "is", "v": "@me"}}
    url = link("class-reviews", {"any": [MINE, seated]}, _until("held_on", 7), view="planned")
    return _group(_("Class reviews due"), "users-group", rows, url, shown)


def _late(user: Any) -> dict[str, Any]:
    rows = _overdue_rows(user).order_by("due_on", "pk")
    columns = ("order__pk", "order__number", "account__name", "due_on", "open_amount")
    closed = "open_amount" in user.closed_fields("sales.receivable") | user.masked_fields("sales.receivable")
    shown = [
        {
            "url": record_url("orders", pk),
            "title": name,
            "hint": number if closed else f"{number} · {money(owed)}",
            "due": day,
        }
        for pk, number, name, day, owed in rows.values_list(*columns)[:FIRST]
    ]
    return _group(_("Overdue receivables"), "hourglass-high", rows, link("receivables", view="overdue"), shown)


def _group(label: str, icon: str, rows: Any, url: str, shown: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "label": label,
        "icon": icon,
        "count": count_up_to(rows),
        "url": url,
        "rows": shown,
    }


def _account_rows(rows: Any, column: str) -> list[dict[str, Any]]:
    return [
        {
            "url": record_url("customers", pk),
            "title": name,
            "grade": grade,
            "due": value if isinstance(value, date) else None,
            "percent": None if isinstance(value, date) else value,
        }
        for pk, name, grade, value in rows.values_list("pk", "name", "grade", column)[:FIRST]
    ]


def coming_dates(user: Any) -> list[dict[str, Any]]:
    """Birthdays of the next two weeks of the person's own customers and their contacts, the nearest first."""
    days = {(day := clock.today() + timedelta(days=n)).month * 100 + day.day: day for n in range(14)}
    found = []
    own: tuple[tuple[Any, dict[str, Any], str], ...] = (
        (Account, {"owner": user, "retired_on": None}, "pk"),
        (Contact, {"account__owner": user, "left_on": None}, "account_id"),
    )
    for model, mine, account in own:
        label = model._meta.label_lower
        if not user.may("view", label) or "birth_date" in user.closed_fields(label) | user.masked_fields(label):
            continue
        rows = model.objects.visible_to(user).filter(birth_md__in=list(days), **mine)
        found += [
            {
                "on": days[md],
                "name": name,
                "url": record_url("customers", pk),
                "hint": _("Birthday"),
            }
            for md, name, pk in rows.values_list("birth_md", "name", account)[:20]
        ]
    return sorted(found, key=lambda item: (item["on"], item["name"]))[:6]


def notices(user: Any) -> list[Notice]:
    return list(Notice.objects.filter(user=user, read_at=None).order_by("-id")[:FIRST])


def work_areas(user: Any) -> list[dict[str, Any]]:
    """The work areas of the person's department and roles (ORG-01, ORG-02): each opens its pages."""
    wanted = set(user.access.areas) | set(user.department.duties if user.department else [])
    return [
        {"label": label, "icon": icon, "url": url} for key, (label, icon, url) in area_pages().items() if key in wanted
    ]


def area_pages() -> dict[str, tuple[str, str, str]]:
    """Where each duty of a customer-relations department is done."""
    return {
        "strategy": (_("Strategy and rules"), "book-2", list_url("class-schemes")),
        "needs": (_("Needs research and solutions"), "bulb", list_url("needs")),
        "satisfaction": (
            _("Satisfaction surveys"),
            "mood-smile",
            link("needs", {"f": "kind", "op": "is", "v": "opinion"}),
        ),
        "complaints": (
            _("Complaints and disputes"),
            "message-report",
            link("service-requests", view="open"),
        ),
        "training": (_("Training"), "school", list_url("trainings")),
        "analysis": (_("Data analysis and reporting"), "chart-histogram", reverse("insight")),
    }
