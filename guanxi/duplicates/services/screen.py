"""Screening the whole base: files that share a key are compared, likely pairs wait for a person (QUAL-12).

The space of keys is walked in slices; after a kill the job goes on with the slice it stood at, so memory and the work
that is repeated stay small whatever the size of the base.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.audit.services import witness
from guanxi.customers.models import Account
from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.likeness import KEYS, REVIEW, Facts, Likeness, compare
from guanxi.duplicates.models import DupKey, Pair
from guanxi.duplicates.services.keys import fill_all
from guanxi.kernel import work
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import Company, Job

ACCOUNT = "customers.account"
SLICES = 256
LOWEST, WIDTH = -(2**63), 2**64 // SLICES
MOST_IN_BLOCK = 120  # a key that more files share tells nothing; such blocks are counted
REMEMBERED = 60_000  # files whose facts are kept while others are compared with them
STORED_AT_ONCE = 500
Scored = dict[tuple[int, int], Likeness]


@job("duplicates.screen", attempts=6)
def screen(run: Run) -> dict[str, Any]:
    """Find the pairs of one company; each slice of keys is a unit of its own."""
    company_id, start = run.job.company_id, run.job.done_steps
    if company_id is None:
        raise RuntimeError("A screening is of one company.")
    if start == 0:
        fill_all(run, company_id=company_id, anew=_outdated(latest(company_id, state=Job.State.DONE)))
        run.progress(0, SLICES)
    known = _Known()
    tally = {"compared": 0, "pairs": 0, "skipped": 0, "keys": KEYS, **(run.job.result or {})}
    for number in range(start, SLICES):
        scored, compared, skipped = _slice(company_id, number, known)
        tally["compared"] += compared
        tally["skipped"] += skipped

        def body(found: Scored = scored, done: int = number + 1) -> int:
            run.fence()
            fresh = _store(company_id, found)
            # Counted and moved on in one unit: a slice is stored once.
            Job.objects.filter(pk=run.job.pk).update(result={**tally, "pairs": tally["pairs"] + fresh}, done_steps=done)
            return fresh

        tally["pairs"] += work.unit_of_work(body, verb="duplicates.pair.found")
        run.progress(number + 1, SLICES)
    witness("screen", ACCOUNT, company_id=company_id, **{name: n for name, n in tally.items() if name != "keys"})
    return tally


def start(user: Any) -> Job:
    """Screen now; a second wish joins the first."""
    return screen.enqueue(user=user, unique=f"duplicates.screen:{user.company_id}")


@job("duplicates.monthly", every=timedelta(days=1))
def monthly(run: Run) -> dict[str, int]:
    """Once a month each company is screened: the day it was last done tells when (QUAL-12); at once if keys are made anew."""
    due = [pk for pk in Company.objects.values_list("pk", flat=True) if _due(pk, run)]
    for pk in due:
        screen.enqueue(company_id=pk, unique=f"duplicates.screen:{pk}")
    return {"companies": len(due)}


def _due(company_id: int, run: Run) -> bool:
    last = latest(company_id)
    return last is None or (run.job.created_at - last.created_at).days >= 30 or _outdated(last)


def _outdated(last: Job | None) -> bool:
    """Whether keys have come to be made in another way since a screening."""
    return last is not None and last.state == Job.State.DONE and (last.result or {}).get("keys") != KEYS


def latest(company_id: int, **where: Any) -> Job | None:
    """The newest screening of a company."""
    return Job.objects.filter(name=screen.name, company_id=company_id, **where).order_by("-id").first()


class _Known:
    """Facts of the files looked at last."""

    def __init__(self) -> None:
        self.facts: OrderedDict[int, Facts] = OrderedDict()

    def of(self, ids: set[int]) -> dict[int, Facts]:
        kind = kind_of(ACCOUNT)
        missing = sorted(ids - self.facts.keys())
        for place in range(0, len(missing), 5000):
            rows = Account.objects.filter(pk__in=missing[place : place + 5000])
            for row in rows.values("pk", *(kind.watched if kind else ())):
                self.facts[row["pk"]] = kind.of_values(row)  # type: ignore[union-attr]
        found = {pk: self.facts[pk] for pk in ids if pk in self.facts}
        while len(self.facts) > REMEMBERED:
            self.facts.popitem(last=False)
        return found


def _slice(company_id: int, number: int, known: _Known) -> tuple[Scored, int, int]:
    """Likely pairs of one slice of keys, how many were compared, and how many blocks were too big."""
    blocks, skipped = [], 0
    for block in _blocks(company_id, number):
        if len(block) > MOST_IN_BLOCK:
            skipped += 1
        elif len(block) > 1:
            blocks.append(sorted(block))
    pairs = {(a, b) for block in blocks for place, a in enumerate(block) for b in block[place + 1 :]}
    facts, scored = known.of({pk for pair in pairs for pk in pair}), {}
    for a, b in pairs:
        if a in facts and b in facts:
            likeness = compare(facts[a], facts[b])
            if likeness.score >= REVIEW:
                scored[a, b] = likeness
    return scored, len(pairs), skipped


def _blocks(company_id: int, number: int) -> Iterator[set[int]]:
    low = LOWEST + number * WIDTH
    rows = DupKey.objects.filter(company_id=company_id, label=ACCOUNT, key__gte=low, key__lte=low + WIDTH - 1)
    ordered = rows.order_by("key").values_list("key", "object_id")
    for _key, block in groupby(ordered.iterator(chunk_size=5000), key=lambda row: row[0]):
        yield {pk for _k, pk in block}


def _store(company_id: int, scored: Scored) -> int:
    """New pairs as rows; one that is known gets its new score while nobody has decided.  Returns how many are new."""
    fresh, wanted = [], sorted(scored)
    pairs: Any = Pair.everything
    for place in range(0, len(wanted), STORED_AT_ONCE):
        some = wanted[place : place + STORED_AT_ONCE]
        known = {(pair.a_id, pair.b_id): pair for pair in pairs.filter(a__in={a for a, _b in some})}
        for key in some:
            likeness, pair = scored[key], known.get(key)
            score, reasons = round(likeness.score * 100), list(likeness.reasons)
            if pair is None:
                values: dict[str, Any] = {"score": score, "reasons": reasons}
                fresh.append(Pair(company_id=company_id, a_id=key[0], b_id=key[1], **values))
            elif pair.state == Pair.State.OPEN and (pair.score, pair.reasons) != (score, reasons):
                pairs.filter(pk=pair.pk).update_silently(score=score, reasons=reasons)
    Pair.objects.bulk_create(fresh)
    return len(fresh)


TITLES: dict[str, Any] = {screen.name: _("Screening for duplicates")}
