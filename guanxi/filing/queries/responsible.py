"""Who answers for a defect, by the origin of the fact (QUAL-10): whoever supplied it; the accountant for the filing itself."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from guanxi.audit.models import Entry
from guanxi.customers.models import Account
from guanxi.filing.models import Defect, FactSource, Origin
from guanxi.filing.queries.checks import Fault
from guanxi.filing.queries.rules import holders
from guanxi.org.models import User
from guanxi.sales.models import Order

OF_FILING = (Defect.MISSING, Defect.DUPLICATE)


@dataclass(frozen=True)
class Blame:
    person_id: int | None
    origin: str


@dataclass
class Court:
    """Answers for a batch of files: sources of facts, later edits, authors and accountants are fetched once."""

    company_id: int
    accountants: dict[int | None, int | None] = field(default_factory=dict)
    facts: dict[tuple[int, str], tuple[int | None, str, date]] = field(default_factory=dict)
    edits: dict[tuple[int, str], tuple[int, date]] = field(default_factory=dict)

    def hear(self, ids: Iterable[int]) -> None:
        """Fetch what is known of these files."""
        pks = list(ids)
        self.facts, self.edits = {}, {}
        rows = FactSource.objects.filter(account__in=pks).order_by("pk")
        for account_id, name, by, origin, on in rows.values_list(
            "account_id", "field", "supplied_by_id", "origin", "on"
        ):
            self.facts[account_id, name] = (by, origin, on)
        entries = Entry.objects.filter(label="customers.account", object_id__in=pks, actor_id__isnull=False).order_by(
            "pk"
        )
        for object_id, actor_id, at, verb, new in entries.values_list("object_id", "actor_id", "at", "verb", "new"):
            if new and not verb.endswith((".file", ".attach", ".complete")):
                for name in json.loads(new):
                    self.edits[object_id, name] = (actor_id or 0, timezone.localtime(at).date())

    def accountant(self, department_id: int | None) -> int | None:
        if department_id not in self.accountants:
            found = holders(self.company_id, "branch-accountant", department_id).first() if department_id else None
            self.accountants[department_id] = found.pk if found else None
        return self.accountants[department_id]

    def judge(self, account: Account, fault: Fault) -> Blame:
        """The person who answers for this fault."""
        accountant = self.accountant(account.department_id)
        author = account.created_by_id or account.owner_id
        if fault.kind in OF_FILING:
            return Blame(accountant or author, Origin.FILING)
        if fault.kind == Defect.MISBOOKED:
            return Blame(self._bookkeeper(fault) or accountant or author, Origin.SETTLEMENT)
        return self._supplier(account, fault.field) or Blame(author or accountant, Origin.FILING)

    def _supplier(self, account: Account, name: str) -> Blame | None:
        """Who supplied the fact last: by a form, or by typing it in later."""
        fact, edit = self.facts.get((account.pk, name)), self.edits.get((account.pk, name))
        if edit and (fact is None or edit[1] > fact[2]):
            return Blame(edit[0], Origin.FILING)
        if fact is None:
            return None
        by, origin, _on = fact
        if by is None:  # the customer told it: whoever files such facts answers for having checked them
            return Blame(self.accountant(account.department_id) or account.created_by_id or account.owner_id, origin)
        return Blame(by, origin)

    def _bookkeeper(self, fault: Fault) -> int | None:
        if fault.order is None:
            return None
        found: Any = Order.objects.filter(pk=fault.order).values_list("created_by_id", flat=True).first()
        return int(found) if found else None


def people(ids: Iterable[int | None]) -> dict[int, User]:
    """Active people by id."""
    rows: Any = User.objects
    return dict(rows.filter(pk__in={pk for pk in ids if pk}, is_active=True).in_bulk())
