"""Keeping the completeness score of files: after each change, and for all files when a standard changes (QUAL-14)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from guanxi.customers.models import Account, ClassStandard, FilingStandard, TierPolicy
from guanxi.customers.queries.filing import scores
from guanxi.kernel import jobs, work
from guanxi.org.services.roles import CONFIGURATION

BATCH = 500
CONFIGURATION |= {model._meta.label_lower for model in (FilingStandard, ClassStandard, TierPolicy)}  # pages keep them


def keep_scores(accounts: Iterable[Account]) -> int:
    """Write the score of the accounts where it differs; returns how many moved.  A derived column: no trail."""
    rows = list(accounts)
    fresh = scores(rows)
    moved: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        score = fresh[row.pk]
        if row.completeness != score:
            work.put(row, "completeness", score)
            moved[score].append(row.pk)
    for score, ids in moved.items():
        Account.everything.filter(pk__in=ids).update_silently(completeness=score)
    return sum(map(len, moved.values()))


@jobs.job("customers.assess_files")
def assess_files(run: jobs.Run) -> dict[str, int]:
    """Measure every file of the job's company anew."""
    company_id = run.job.company_id
    done = moved = last = 0
    total = Account.objects.filter(company_id=company_id).count()
    while rows := list(Account.objects.filter(company_id=company_id, pk__gt=last).order_by("pk")[:BATCH]):

        def batch(some: list[Any] = rows) -> int:
            run.fence()
            return keep_scores(some)

        moved += work.unit_of_work(batch)
        done, last = done + len(rows), rows[-1].pk
        run.progress(done, total)
    return {"files": done, "moved": moved}
