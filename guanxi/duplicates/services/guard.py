"""What duplicate protection says before a file is stored: the same for a form, the interface for programs and an import."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from guanxi.duplicates.kinds import Kind, each, kind_of
from guanxi.duplicates.likeness import CERTAIN, WARN, Facts, compare, keys
from guanxi.duplicates.models import Merge
from guanxi.duplicates.queries.check import Hit, hits, look
from guanxi.kernel import doubts
from guanxi.kernel.doubts import Doubt
from guanxi.kernel.errors import Refused


@each
def take_part(kind: Kind) -> None:
    doubts.judge(kind.label, judge)


def judge(label: str, rows: Sequence[Any], actor: Any, verb: str) -> list[Doubt | None]:
    """A doubt for each row that is on file already, or that stands above it in the same batch."""
    kind = kind_of(label)
    if kind is None:
        return [None] * len(rows)
    if verb == "restore":
        _refuse_merged(label, rows)
    told: list[Doubt | None] = [None] * len(rows)
    asked = [n for n, row in enumerate(rows) if verb != "change" or _touched(kind, row)]
    many = [kind.of_row(rows[n]) for n in asked]
    if not many:
        return told
    found = look(many, rows[0].company_id, [row.pk for row in rows if not row._state.adding])
    batch = _Batch(rows[0].company_id)
    for n, mine, likely in zip(asked, many, found, strict=True):
        told[n] = _doubt(hits(likely, actor), label) or batch.doubt(mine)
        if not (told[n] and told[n].hard):  # type: ignore[union-attr]  # what is refused takes nobody's place
            batch.add(mine, str(rows[n]))
    return told


def _touched(kind: Kind, row: Any) -> bool:
    before = getattr(row, "_loaded", {})
    return any(name in before and before[name] != getattr(row, name) for name in kind.watched)


def _refuse_merged(label: str, rows: Sequence[Any]) -> None:
    ids = [row.pk for row in rows]
    gone = Merge.objects.filter(company_id=rows[0].company_id, lose_id__in=ids, label=label, undone_at=None).first()
    if gone is not None:
        raise Refused(_("This was merged into %(name)s: undo the merge instead.") % {"name": gone.kept})


class _Batch:
    """The rows of one file that are going to be stored, by their keys."""

    def __init__(self, company_id: int) -> None:
        self.company_id = company_id
        self.by_key: dict[int, list[tuple[Facts, str]]] = {}

    def add(self, mine: Facts, name: str) -> None:
        for number in keys(mine, self.company_id):
            self.by_key.setdefault(number, []).append((mine, name))

    def doubt(self, mine: Facts) -> Doubt | None:
        best, name = 0.0, ""
        for number in keys(mine, self.company_id):
            for theirs, called in self.by_key.get(number, ())[-20:]:
                likeness = compare(mine, theirs)
                if likeness.score > best:
                    best, name = likeness.score, called
        if best < WARN:
            return None
        return Doubt(_("The same file holds %(name)s as well.") % {"name": name}, hard=best >= CERTAIN)


def _doubt(found: list[Hit], label: str) -> Doubt | None:
    """The surest hits as one sentence; companies that are only related raise none."""
    alike = [hit for hit in found if hit.likeness.score >= WARN]
    if not alike:
        return None
    best = alike[0]
    # One credit code, one file: the table holds it unique.
    final = best.label == label and "code" in best.likeness.reasons
    return Doubt(best.sentence, hard=best.hard, final=final, details=found)
