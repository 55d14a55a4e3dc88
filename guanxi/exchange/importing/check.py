"""What an import would do, found with its own judgement before anything is written: of the first rows of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from guanxi.exchange.importing.ledger import Draft, Line
from guanxi.exchange.importing.plan import Plan
from guanxi.exchange.importing.run import Import, Known
from guanxi.exchange.importing.shape import Taken
from guanxi.kernel.models import ImportedRow

MOST = 3000  # rows looked at: what a page can wait for, whatever the length of the file
LISTED = 200
TWICE, KNOWN, OTHER = "twice", "known", "other"


@dataclass(frozen=True)
class Finding:
    """One row worth a look: what it meets, why, and what becomes of it."""

    line: int
    name: str
    meets: str
    why: str
    fate: str
    tone: str


@dataclass(frozen=True)
class Report:
    """`counts`: rows by what becomes of them (created, updated, merged, failed) and by what they meet."""

    rows: int
    total: int | None
    counts: Counter[str]
    findings: list[Finding]

    @property
    def partial(self) -> bool:
        return self.total is None or self.total > self.rows

    @property
    def unlisted(self) -> int:
        return max(0, self.counts["found"] - len(self.findings))


class Check(Import):
    """The import up to the point where it would store."""

    def __init__(self, plan: Plan, user: Any) -> None:
        super().__init__(None, plan, user)
        self.meets: dict[int, str] = {}
        self.fresh: set[int] = set()

    def lines(self, after: int = 0) -> Iterator[Line]:
        return islice(super().lines(after), MOST)

    def report(self) -> Report:
        drafts = [Draft(lines) for lines in self.groups(ImportedRow.objects.none())]
        self.decide(drafts)
        counts: Counter[str] = Counter()
        findings: list[Finding] = []
        for draft in drafts:
            meets = self.meets.get(draft.lines[0][0], OTHER if draft.outcome == "failed" else "")
            counts[draft.outcome] += len(draft.lines)
            if meets:
                counts["found"] += 1
                counts[meets] += len(draft.lines)
                if len(findings) < LISTED:
                    findings.append(_finding(draft, meets, self.ledger.called(draft.lines[0][1])))
        rows = sum(len(draft.lines) for draft in drafts)
        total = rows if rows < MOST else self.plan.table.estimate
        return Report(rows, total, counts, findings)

    def settle(self, draft: Draft, known: Known, taken: Any) -> None:
        """The same decision; besides, whether the row meets another of the file or one that exists."""
        line, present = draft.lines[0][0], known.rows.get(draft.key) if draft.key else None
        if present is not None and present.pk in known.touched:
            self.meets[line] = TWICE
        elif present is not None and self.plan.mode == "create":
            self.meets[line] = KNOWN
        elif draft.doubt is not None:
            self.meets[line] = KNOWN if draft.doubt.details else TWICE
        try:
            super().settle(draft, known, taken)
        except Taken as held:
            self.meets[line] = TWICE if held.pk in self.fresh else KNOWN
            raise
        if draft.outcome == "created":
            self.fresh.add(draft.row.pk)


def _finding(draft: Draft, meets: str, called: str) -> Finding:
    why = draft.reason or draft.problem or draft.warning
    fates = {
        "failed": (_("Not imported"), "red"),
        "created": (_("Imported and marked as a possible duplicate"), "amber"),
        "updated": (_("Changes what exists"), "blue"),
        "merged": (_("Goes into the row above it"), "blue"),
    }
    return Finding(draft.lines[0][0], called, meets, why, *fates[draft.outcome])
