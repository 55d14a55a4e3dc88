"""Work that waits on the start page: each kind is a list narrowed to what this person has to do, so that the number
on the page is always that of the rows it opens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.custody.queries.reviews import to_review
from guanxi.formats.money import money
from guanxi.kernel import clock
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import Entity, entity
from guanxi.kernel.filters import Env, FilterError, to_q
from guanxi.web.nav import link
from guanxi.web.paging import count_up_to
from guanxi.web.reading import may_read, user_filter

FIRST = 3  # of each kind of work; the rest is one click away
MINE: dict[str, Any] = {"f": "owner", "op": "is", "v": "@me"}
IN_USE: dict[str, Any] = {"f": "retired_on", "op": "empty"}
ACCOUNT = "customers.account"


@dataclass(frozen=True)
class Work:
    """One kind of work: the rows of the list `label` in its view `view` that also meet `where`, the most urgent first.

    `by` is the field that orders them; it is shown as what they are due on, as the day since when they wait
    (`waits`), or as a percentage.  `names` are the paths of a row's title and of the small words below it.
    `page` opens one row where its own page does not do; `pages` all of them.
    """

    label: str
    title: Any
    icon: str
    by: str
    names: tuple[str, ...]
    view: str = "all"
    where: Callable[[], Iterable[Any]] = tuple
    waits: bool = False
    right: str = "view"
    when: Callable[[Any], bool] = lambda user: True
    page: Callable[[Any], str] | None = None
    pages: str = ""

    def for_(self, user: Any) -> dict[str, Any] | None:
        """The first rows and how many there are; None where the person may not do it or nothing waits."""
        if not (user.may("view", self.label) and user.may(self.right, self.label) and self.when(user)):
            return None
        declared = entity(self.label)
        view = next((view.where for view in declared.views if view.key == self.view), {})
        conditions = [one for one in (view, *self.where()) if one]
        try:
            node = user_filter({"all": conditions}, declared, user)
        except FilterError:  # a field of it is closed to this person
            return None
        rows = declared.model.objects.visible_to(user).filter(to_q(node, Env(user=user)))
        shown = [self._row(row, declared, user) for row in self._first(rows)]
        url = reverse(self.pages) if self.pages else link(declared.slug, *conditions, view=self.view)
        return _group(self.title, self.icon, rows, url, shown) if shown else None

    def _first(self, rows: QuerySet[Any]) -> Iterable[Any]:
        joined = {path.rpartition(".")[0].replace(".", "__") for path in (*self.names, "")} - {""}
        rows = rows.select_related(*joined) if joined else rows
        return rows.order_by(F(self.by).asc(nulls_last=True), "pk")[:FIRST]

    def _row(self, row: Any, declared: Entity, user: Any) -> dict[str, Any]:
        title, *hints = (_said(row, path) for path in self.names if may_show(user, declared, path))
        value = getattr(row, self.by)
        day = localtime(value).date() if hasattr(value, "hour") else value
        kind = "percent" if isinstance(value, int) else "since" if self.waits else "due"
        return {
            "url": self.page(row) if self.page else record_url(declared.slug, row.pk),
            "title": title, "hint": " · ".join(filter(None, hints)), "grade": getattr(row, "grade", ""), kind: day,
        }  # fmt: skip


def may_show(user: Any, declared: Entity, path: str) -> bool:
    """May the words at this path stand on the page of this person?"""
    name = path.partition(".")[0]
    return may_read(user, declared, name) and name not in user.masked_fields(declared.label)


def _said(row: Any, path: str) -> str:
    """The words at a path as a person reads them."""
    *way, name = path.split(".")
    for step in way:
        row = getattr(row, step)
        if row is None:
            return ""
    value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
    return money(value) if name.endswith("amount") else str(value or "")[:60]


def _until(field: str, days: int) -> dict[str, Any]:
    """On a day that lies at most so many days ahead."""
    return {"f": field, "op": "before", "v": (clock.today() + timedelta(days=days + 1)).isoformat()}


def _leads(user: Any) -> bool:
    """Sees more than own customers and may hand them over."""
    scopes = {str(scope) for scope in user.access.grant(ACCOUNT).scopes}
    return bool(user.may("hand_over", ACCOUNT) and scopes & {"department", "tree", "all"})


def _own(field: str, title: Any, icon: str, where: Callable[[], Any]) -> Work:
    """Customers of the person's own that ask for something, by this field."""
    return Work(ACCOUNT, title, icon, field, ("name",), where=lambda: (MINE, IN_USE, where()))


WORK: tuple[Work, ...] = (
    Work("approvals.approval", gettext_lazy("For me to decide"), "gavel", "created_at", ("title", "owner.name"), "my_turn", waits=True),
    Work("handover.handover", gettext_lazy("Handovers to sign"), "signature", "day", ("name", "kind"), "mine"),
    Work("learning.reading", gettext_lazy("For me to read"), "book-2", "due_on", ("title",), "mine"),
    Work("incentives.entry", gettext_lazy("Incentives to decide"), "award", "created_at", ("title", "owner.name"), "proposed",
         lambda: [{"f": "owner", "op": "is_not", "v": "@me"}], waits=True, right="confirm"),  # PERF-03: nobody decides on their own
    Work("filing.registration", gettext_lazy("Registrations to file"), "inbox", "due_at", ("name", "need"), "open", right="file"),
    Work("filing.finding", gettext_lazy("Findings to mend"), "clipboard-x", "due_on", ("text", "account.name"), "mine"),
    Work("filing.filetask", gettext_lazy("Files to verify"), "phone-call", "due_on", ("account.name", "kind"), "mine",
         lambda: [_until("due_on", 3)]),
    Work("interactions.visit", gettext_lazy("Visits"), "map-pin", "day", ("account.name", "purpose"), where=lambda: [
         MINE, {"f": "state", "op": "in", "v": ["planned", "started"]}, _until("day", 0)], pages="visit-pack"),
    Work("interactions.returnvisit", gettext_lazy("Return visits due"), "phone-call", "due_on", ("account.name", "reason", "way"),
         "mine", lambda: [_until("due_on", 3)], page=lambda row: reverse("return-report", args=[row.pk])),
    Work("interactions.servicerequest", gettext_lazy("Service requests to solve"), "tool", "due_at", ("account.name", "problem"), "mine"),
    Work("interactions.interaction", gettext_lazy("Messages not answered"), "mail", "at", ("account.name", "content"), "unanswered",
         lambda: [{"f": "account.owner", "op": "is", "v": "@me"}], waits=True),
    _own("next_contact_on", gettext_lazy("Contact due"), "phone-call", lambda: _until("next_contact_on", 0)),
    _own("completeness", gettext_lazy("Files to complete"), "clipboard-check", lambda: {"f": "completeness", "op": "lt", "v": 60}),
    Work("sales.order", gettext_lazy("Orders to deliver"), "truck", "ordered_on", ("number", "account.name"), where=lambda: [
         MINE, {"f": "state", "op": "in", "v": ["confirmed", "partly"]}], waits=True),
    Work("sales.receivable", gettext_lazy("Overdue receivables"), "hourglass-high", "due_on",
         ("account.name", "order.number", "open_amount"), "overdue", page=lambda row: record_url("orders", row.order_id)),
    Work("sales.order", gettext_lazy("Orders to release"), "lock-open", "ordered_on", ("number", "account.name"), "release",
         waits=True, right="release_credit"),
    Work("customers.planaction", gettext_lazy("Plan actions due"), "checkbox", "due_on", ("what", "plan.account.name"), "mine",
         lambda: [_until("due_on", 7)]),
    Work(ACCOUNT, gettext_lazy("Top class without account manager"), "user-question", "completeness", ("name",), "unmanaged", when=_leads),
    Work("customers.classreview", gettext_lazy("Class reviews due"), "users-group", "held_on", ("name",), "planned", lambda: [
         {"any": [MINE, {"has": "seats", "where": {"f": "person", "op": "is", "v": "@me"}}]}, _until("held_on", 7)]),
)  # fmt: skip


def waiting(user: Any) -> list[dict[str, Any]]:
    """What waits for this person, in the order of `WORK`, each kind with its first rows and the way to all of them."""
    found = [work.for_(user) for work in WORK]
    return [group for group in (*found, _cards_to_review(user)) if group]


def _cards_to_review(user: Any) -> dict[str, Any] | None:
    """Whose cards nobody has gone through this week (CARD-01)."""
    rows = to_review(user, clock.today()) if user.may("add", "custody.cardreview") else ()
    page = reverse("card-review-week")
    shown = [{"url": f"{page}?person={one.pk}", "title": one.name, "hint": str(one.department)} for one in rows[:FIRST]]
    return (
        _group(_("Cards to review this week"), "clipboard-check", rows, f"{page}?only=review", shown) if shown else None
    )


def _group(label: str, icon: str, rows: Any, url: str, shown: list[dict[str, Any]]) -> dict[str, Any]:
    return {"label": label, "icon": icon, "count": count_up_to(rows), "url": url, "rows": shown}
