"""What the figures put on the agenda of a class review: customers near a cut-off, and decisions against the figures."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from guanxi.customers.models import ClassReview, ReviewItem
from guanxi.customers.queries.classes import as_published, standing
from guanxi.customers.services.reviews import MOST, Proposal, proposes
from guanxi.insight.engine import ranking
from guanxi.insight.engine.store import Facts
from guanxi.insight.queries.board import current
from guanxi.insight.services.options import cuts_of
from guanxi.insight.services.refresh import KINDS, computed_by_figures, opened, recent

Reason = ReviewItem.Reason


@proposes
def by_figures(review: ClassReview) -> Iterable[Proposal]:
    """For ABC schemes, by the facts of the last refresh."""
    newest = current(review.company_id)
    if review.scheme.kind not in KINDS or newest is None:
        return
    scheme = as_published(review.scheme)
    known = standing(scheme)
    with opened(review.company_id, newest.as_of) as facts:
        wanted = computed_by_figures(scheme, facts)
        held = [pk for pk, (code, kept) in known.items() if kept and wanted.get(pk, "") != code]
        for pk in held[:MOST]:
            yield Proposal(pk, Reason.HELD, known[pk][0], wanted.get(pk, ""))
        months, cuts = scheme.params.get("months"), [float(cut) for cut in cuts_of(scheme.params.get("cuts"))]
        for pk, before in near(recent(facts, months), KINDS[scheme.kind], cuts, float(review.margin) / 100):
            now = known.get(pk, ("", False))[0]
            yield Proposal(pk, Reason.NEAR, now, wanted[pk], f"{before:.1%}")


def near(facts: Facts, by: str, cuts: list[float], margin: float) -> list[tuple[int, float]]:
    """Customers before whom the cumulated share lies within the margin of a cut-off, the nearest first."""
    table = ranking.abc(facts, by=by).to_pyarrow()  # type: ignore[arg-type]
    ids, values = table["customer_id"].to_numpy(), table["value"].to_numpy().astype(np.int64)
    total = values.sum()
    if total <= 0:
        return []
    order = np.lexsort((ids, -values))
    before = (np.cumsum(values[order]) - values[order]) / total
    away = np.min([np.abs(before - cut) for cut in cuts], axis=0)
    inside = np.flatnonzero(away <= margin)
    nearest = inside[np.argsort(away[inside], kind="stable")][:MOST]
    return [(int(ids[order][at]), float(before[at])) for at in nearest]
