"""The page of a what-if: its form, the list of movers narrowed and paged, and the same as a file."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, ClassScheme
from guanxi.exchange.exporting import written
from guanxi.exchange.gate import Wish, leave_now
from guanxi.formats.tables import open_writer
from guanxi.insight.queries.board import ACCOUNT, sight
from guanxi.insight.services.refresh import KINDS
from guanxi.insight.services.whatif import Mover, Trial, try_out, working
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import Department, User
from guanxi.web.forms import FilterInput, LinkInput, SharesInput

PAGE = 50


class StandardForm(forms.Form):
    """Cut-offs of an ABC scheme, or the condition of each class of a scheme by rules; sent by GET, so it can be linked."""

    def __init__(self, scheme: ClassScheme, user: User, *args: Any) -> None:
        super().__init__(*args)
        self.scheme = scheme
        if scheme.kind in KINDS:
            self.fields["params"] = SharesInput(
                label=_("Cut-offs (cumulative %)"), initial=scheme.params, help_text=_("e.g. 80, 95")
            )
            months = scheme.params.get("months")
            self.fields["months"] = forms.IntegerField(
                label=_("Months counted"), initial=months, required=False, min_value=1, max_value=120,
                help_text=_("Empty: since the first deal"),
            )  # fmt: skip
        elif scheme.kind == ClassScheme.Kind.RULES:
            for each in scheme.classes:
                self.fields[f"where-{each['code']}"] = FilterInput(
                    entity(Account), user, label=each["name"], initial=each.get("where") or {}, required=False
                )

    def draft(self) -> ClassScheme:
        """The scheme as the form says, not saved; ValidationError if it cannot stand."""
        found, values = copy.copy(self.scheme), self.cleaned_data
        if "params" in values:
            found.params = {**self.scheme.params, **values["params"], "months": values["months"]}
        else:
            found.classes = [
                {**each, "where": values.get(f"where-{each['code']}", each.get("where"))}
                for each in self.scheme.classes
            ]
        found.clean()
        return found


class MoversForm(forms.Form):
    """Whose movers are shown."""

    def __init__(self, user: User, *args: Any) -> None:
        super().__init__(*args)
        for name, label, words in (
            ("owner", "org.user", _("owner")),
            ("department", "org.department", _("department")),
        ):
            made = LinkInput(
                entity(label), user, reverse("entity-pick", args=[entity(label).slug]), label=words, required=False
            )
            self.fields[name] = made
            made.offer(self.data.get(name), None)

    def condition(self) -> Q | None:
        """What the form says about accounts; None for nothing."""
        if not self.is_valid():
            return None
        found = Q()
        if pk := self.cleaned_data.get("owner"):
            found &= Q(owner=pk)
        if pk := self.cleaned_data.get("department"):
            path = Department.objects.get(pk=pk).path
            found &= Q(department__in=Department.objects.filter(path__startswith=path))
        return found if found else None


@dataclass
class TrialPage:
    """Everything the page shows; `problem` instead of a trial if the standard cannot be computed."""

    scheme: ClassScheme
    user: User
    query: QueryDict
    trial: Trial | None = None
    problem: str = ""

    def __post_init__(self) -> None:
        sent = any(key == "params" or key.startswith("where-") for key in self.query)
        self.form = StandardForm(self.scheme, self.user, *([self.query] if sent else []))
        self.movers_form = MoversForm(self.user, self.query)
        self.draft = self.scheme
        try:
            if sent:
                if not self.form.is_valid():
                    return
                self.draft = self.form.draft()
            self.trial = try_out(self.draft, self.user)
        except ValidationError as error:
            self.problem = " ".join(error.messages)
        except Refused as refused:
            self.problem = str(refused)

    @property
    def money(self) -> bool:
        closed = self.user.closed_fields(ACCOUNT) | self.user.masked_fields(ACCOUNT)
        return sight(self.user).money and "amount_12m" not in closed

    def movers(self) -> list[Mover]:
        """The movers that the narrowing lets through."""
        found = self.trial.movers if self.trial else []
        if (condition := self.movers_form.condition()) is not None:
            inside = set(working(self.user).filter(condition).order_by().values_list("pk", flat=True))
            found = [mover for mover in found if mover.account_id in inside]
        if move := self.query.get("move"):
            found = [mover for mover in found if f"{mover.old}>{mover.new}" == move]
        return found

    def moves(self) -> list[dict[str, Any]]:
        """How many would go from which class to which, each with the address of its list."""
        counted = Counter((m.old, m.new) for m in (self.trial.movers if self.trial else ()))
        return [
            {
                "old": self.name(old),
                "new": self.name(new),
                "n": n,
                "on": self.query.get("move") == f"{old}>{new}",
                "url": self.url(move=f"{old}>{new}"),
            }
            for (old, new), n in sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))
        ]

    def name(self, code: str) -> str:
        return str(self.draft.named(code).get("name", code) or _("Not classed"))

    def url(self, **changes: Any) -> str:
        query = self.query.copy()
        query.pop("page", None)
        for key, value in changes.items():
            query[key] = str(value)
        return f"?{query.urlencode()}"

    def rows(self, movers: list[Mover]) -> list[dict[str, Any]]:
        """Movers with what a person reads of them."""
        links = Account.objects.visible_to(self.user).filter(pk__in=[mover.account_id for mover in movers])
        names = {row[0]: row[1:] for row in links.values_list("pk", "name", "code", "owner__name", "department__name")}
        keys = ("name", "code", "owner", "department")
        return [
            {
                **dict(zip(keys, names.get(mover.account_id, ("?", "", "", "")), strict=True)),
                "url": record_url("customers", mover.account_id),
                "old": self.name(mover.old),
                "new": self.name(mover.new),
                "amount": mover.amount,
            }
            for mover in movers
        ]


def write_movers(page: TrialPage, path: Path) -> int:
    """All movers of the page as a spreadsheet; it passes the gate and stands in the trail like every other export."""
    headers = [_("Customer"), _("Code"), _("Owner"), _("Department"), _("Class now"), _("Class then")]
    keys = ["name", "code", "owner", "department", "old", "new"]
    if page.money:
        headers.append(_("Revenue of 12 months"))
        keys.append("amount")
    movers, declared, words = page.movers(), entity(ACCOUNT), page.query.urlencode()[:400]
    leave = leave_now(Wish(page.user, declared, "xlsx", len(movers), sentence=str(page.scheme)))
    with open_writer(path, "xlsx", [str(header) for header in headers]) as out:
        out.marks = leave.marks
        for start in range(0, len(movers), 500):
            for row in page.rows(movers[start : start + 500]):
                out.row([row[key] for key in keys])
    written(declared, page.user, path, leave, len(movers), title=str(page.scheme), format="xlsx", filter=words)
    return len(movers)
