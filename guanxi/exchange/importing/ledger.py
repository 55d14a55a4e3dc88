"""What became of every line of the file: checkpoint, error file, undo and the page of the result rest on it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.exchange.importing.convert import text
from guanxi.exchange.importing.matching import LINES
from guanxi.exchange.importing.plan import Plan
from guanxi.formats.tables import Cell
from guanxi.kernel import doubts
from guanxi.kernel.models import ImportedRow, Job
from guanxi.kernel.models.pour import insert

Line = tuple[int, list[Cell]]
Key = tuple[Any, ...]
# What to do about a row that failed, by why it did; most have a value that is to be put right.
WAYS = {
    "": gettext_lazy("Mend it in the error file and import that"),
    "known": gettext_lazy("On file already: nothing to do; to change it, choose “Change what exists, create the rest”"),
    "twice": gettext_lazy("Keep one of the two rows"),
    "unknown": gettext_lazy("Mend the key, or choose “Change what exists, create the rest”"),
    "alone": gettext_lazy("Change it on its own page"),
    "beyond": gettext_lazy("Ask whoever looks after it; do not import it again"),
}


@dataclass
class Draft:
    """What some lines of the file (one, or all of a document) are to become."""

    lines: list[Line]
    values: dict[str, Any] = field(default_factory=dict)
    row: Any = None
    key: Key | None = None
    outcome: str = "failed"
    reason: str = ""
    way: str = ""
    meets: int | None = None
    fault: int = 0
    problem: str = ""
    warning: str = ""
    doubt: doubts.Doubt | None = None
    before: dict[str, Any] | None = None
    told: dict[str, Any] = field(default_factory=dict)
    children: list[Any] = field(default_factory=list)


class Ledger:
    """Written once per line; a line that failed keeps what the file calls it."""

    def __init__(self, job: Job | None, plan: Plan, user: Any) -> None:
        self.job, self.label = job, plan.label
        declared = plan.entity
        fields = [(place, f) for place, f in plan.columns(user) if not (f.sensitive or f.name.startswith(LINES))]
        columns = {f.name: place for place, f in fields}
        telling = dict.fromkeys([declared.name_field, *plan.key, *declared.import_key])
        self.places = [columns[name] for name in telling if name in columns]
        self.others = [place for place, f in fields if f.kind in ("text", "code", "longtext")]

    def called(self, cells: Sequence[Cell]) -> str:
        """Name and key as they stand in the file; where it gives neither, the first words of it."""
        told = dict.fromkeys(text(cells[place]) for place in self.places)
        return " · ".join(filter(None, told)) or next(filter(None, (text(cells[place]) for place in self.others)), "")

    def write_down(self, drafts: list[Draft]) -> None:
        rows = []
        for draft in drafts:
            for place, (number, cells) in enumerate(draft.lines):
                common = {"job": self.job, "line": number, "label": self.label}
                if draft.outcome == "failed":
                    said = {"called": self.called(cells)[:200], "way": draft.way, "meets": draft.meets}
                    rows.append(ImportedRow(**common, outcome="failed", reason=_why(draft, number), before=said))
                    continue
                told = draft.warning if draft.outcome == "created" and not place else ""
                rows.append(
                    ImportedRow(
                        **common, outcome="merged" if place else draft.outcome, reason=told, object_id=draft.row.pk,
                        version=draft.row.version, before=plain(draft.before),
                    )
                )  # fmt: skip
        insert(rows)


def _why(draft: Draft, number: int) -> str:
    """The reason; a line of a document that is not at fault itself says which one is."""
    reason = draft.reason or draft.problem
    if len(draft.lines) > 1 and draft.fault and number != draft.fault:
        return _("Row %(row)d of the same document: %(why)s") % {"row": draft.fault, "why": reason}
    return reason


def plain(before: dict[str, Any] | None) -> dict[str, Any] | None:
    """Column values as JSON that the columns can read back."""
    return None if before is None else json.loads(json.dumps(before, default=str))
