"""The nightly round: facts, profiles, stages, classes, figures; and figures of other days or people when asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from django.utils.translation import gettext as _t

from guanxi.customers.models import Account, ClassAssignment, ClassScheme
from guanxi.customers.queries.classes import as_published
from guanxi.customers.services.classes import apply_classes, apply_stages
from guanxi.customers.services.standards import IN_FORCE
from guanxi.insight.engine import behaviour, profile, ranking, store
from guanxi.insight.engine.store import Facts
from guanxi.insight.models import Profile, Snapshot
from guanxi.insight.queries.board import current, reach_key
from guanxi.insight.services import facts as files
from guanxi.insight.services.options import cuts_of, options_of
from guanxi.insight.services.summary import Reach, extended, summarise
from guanxi.kernel import clock, events, jobs, work
from guanxi.kernel.models import Company, Job
from guanxi.org.models import User
from guanxi.sales.models import Order

BATCH, KEEP = 1000, timedelta(days=30)
KINDS: dict[str, str] = {ClassScheme.Kind.ABC_AMOUNT: "amount", ClassScheme.Kind.ABC_PROFIT: "profit"}
COLUMNS = (
    "orders", "first_on", "last_on", "interval_days", "amount_12m", "amount_total", "profit_12m", "profit_total",
    "r", "f", "m", "rfm", "abc_amount", "abc_profit", "promising",
)  # fmt: skip


# -- asking


def recompute(user: User) -> Job:
    """Have everything computed anew now; the job already under way is returned as it is."""
    return refresh.enqueue(user=user, unique=f"insight:{user.company_id}")


def ask_for(user: User, day: date) -> Job:
    """Have the figures of a day computed for what this person sees."""
    key = reach_key(user)
    return snapshot.enqueue(user=user, unique=f"insight:{user.company_id}:{key}:{day}", as_of=day.isoformat())


# -- jobs


@jobs.job("insight.refresh_all", at_hour=2)
def refresh_all(run: jobs.Run) -> None:
    """Every night, before classes by rules are assigned (they may speak of these figures)."""

    def enqueue() -> None:
        for pk in Company.objects.values_list("pk", flat=True):
            refresh.enqueue(company_id=pk, unique=f"insight:{pk}")

    work.unit_of_work(enqueue)


@jobs.job("insight.refresh")
def refresh(run: jobs.Run) -> dict[str, int]:
    """Each step is whole or repeats: a killed refresh goes on with the first month, batch or scheme that is missing."""
    company, day = Company.objects.get(pk=run.job.company_id), clock.today()
    months = files.export(company.pk, run)
    with opened(company.pk, day) as facts:
        path = build_profiles(facts, company)
        written = write_back(company.pk, path, run)
        moved = reclass(company.pk, facts, run)
        _keep_snapshot(company, facts, path, "all", Reach())
    forget_old(company.pk, day)
    return {"months": months, "profiles": written, "classes": moved}


@jobs.job("insight.snapshot")
def snapshot(run: jobs.Run, as_of: str) -> None:
    """The figures of any day, for what the asking person sees; profiles and classes of today stay as they are."""
    company, day = Company.objects.get(pk=run.job.company_id), date.fromisoformat(as_of)
    user = run.job.requested_by
    run.progress(0, 2)
    with opened(company.pk, day) as facts:
        path = profile_path(company.pk, day)
        newest = current(company.pk)
        if newest is None or newest.as_of != day or not path.exists():
            path = build_profiles(facts, company)
        run.progress(1, 2)
        # Rights may have changed since the job was asked for: what is kept is filed under what they are now.
        key = "all" if user is None else reach_key(user)
        reach = Reach() if user is None or key == "all" else _reach(user)
        _keep_snapshot(company, facts, path, key, reach)


def _reach(user: User) -> Reach:
    accounts = Account.objects.visible_to(user).order_by().values_list("pk", flat=True)
    orders = Order.objects.visible_to(user).order_by().values_list("pk", flat=True)
    return Reach(list(accounts), list(orders))


def _keep_snapshot(company: Company, facts: Facts, path: Path, key: str, reach: Reach) -> None:
    rules = options_of(company).rules
    summary = summarise(facts, facts.con.read_parquet(str(path)), reach, rules)
    Snapshot.objects.update_or_create(
        company=company, as_of=facts.as_of, reach=key,
        defaults={"summary": summary, "path": str(path), "computed_at": clock.now()},
    )  # fmt: skip


# -- profiles


def profile_path(company_id: int, day: date) -> Path:
    return files.folder_of(company_id) / "profiles" / f"{day}.parquet"


@contextmanager
def opened(company_id: int, day: date) -> Iterator[Facts]:
    """The company's facts as they were known on `day`."""
    folder = files.folder_of(company_id)
    con = store.connect(spill_to=folder / "spill")
    with closing(con.con):
        yield store.read(con, folder, day)


def build_profiles(facts: Facts, company: Company) -> Path:
    """Write the profiles of the day to their file, whole or not at all."""
    options, path = options_of(company), profile_path(company.pk, facts.as_of)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{clock.now():%H%M%S%f}.draft")
    with profile.profile(facts, options=options) as table:
        promising = behaviour.promising(facts, cuts=options.cuts)
        extended(facts, table, promising).to_parquet(draft)
    draft.replace(path)
    return path


def write_back(company_id: int, path: Path, run: jobs.Run | None = None) -> int:
    """Bring `Profile` and the stages in line with the file; rows that did not change are left alone.  Returns writes."""
    file, done, written = pq.ParquetFile(path), 0, 0
    for batch in file.iter_batches(batch_size=BATCH):
        rows = {row["customer_id"]: row for row in batch.to_pylist()}
        written += work.unit_of_work(lambda some=rows: _write_batch(company_id, some, run))  # type: ignore[misc]
        done += len(rows)
        if run is not None:
            run.progress(done, file.metadata.num_rows, _t("Writing customer profiles"))
    return written


def _write_batch(company_id: int, rows: dict[int, dict[str, Any]], run: jobs.Run | None) -> int:
    if run is not None:
        run.fence()
    inside: Any = Account.everything.filter(pk__in=rows, company_id=company_id)
    stages = dict(inside.values_list("pk", "stage"))
    known = {row[0]: row[1:] for row in Profile.objects.filter(pk__in=rows).values_list("pk", *COLUMNS)}
    today, changed = clock.today(), []
    for pk in stages:
        values = _values(rows[pk])
        if known.get(pk) != tuple(values.values()):
            changed.append(Profile(account_id=pk, company_id=company_id, computed_on=today, **values))
    Profile.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["account"], update_fields=[*COLUMNS, "computed_on"]
    )
    apply_stages(company_id, {pk: rows[pk]["stage"] for pk in stages if stages[pk] != rows[pk]["stage"]})
    return len(changed)


def _values(row: dict[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in COLUMNS}
    gap = values["interval_days"]
    values["interval_days"] = None if gap is None else round(gap, 1)
    return values | {name: values[name] or "" for name in ("abc_amount", "abc_profit")}


# -- classes by ABC (CLASS-02)


def reclass(company_id: int, facts: Facts, run: jobs.Run | None = None) -> int:
    """Put accounts into the classes of every published ABC scheme; returns how many moved."""
    schemes = ClassScheme.objects.filter(company_id=company_id, kind__in=KINDS, published_at__isnull=False)
    moved = 0
    fence = run.fence if run is not None else None
    for scheme in map(as_published, schemes):
        standing = ClassAssignment.objects.filter(scheme=scheme, until=None).exclude(class_code="")
        left = dict.fromkeys(standing.values_list("account_id", flat=True), "")
        classes = left | computed_by_figures(scheme, facts)
        moved += apply_classes(scheme, classes, cause=_t("By the figures"), fence=fence, spare_held=True)
    return moved


def computed_by_figures(scheme: ClassScheme, facts: Facts) -> dict[int, str]:
    """The class of each customer with dealings by the cut-offs of an ABC scheme as it stands here."""
    codes = dict(zip("ABC", [*scheme.codes, scheme.codes[-1], scheme.codes[-1]], strict=False))
    found = letters(facts, scheme.params, KINDS[scheme.kind])
    return {pk: codes[letter] for pk, letter in found.items()}


@events.listen(IN_FORCE)
def reclass_by_new_standard(event: events.Event) -> None:
    """A standard has come into force: an ABC scheme is computed anew from the figures there are."""
    if ClassScheme.objects.filter(pk=event.payload["scheme"], kind__in=KINDS).exists():
        renew_classes.enqueue(company_id=event.company_id, unique=f"insight.reclass:{event.company_id}")


@jobs.job("insight.reclass")
def renew_classes(run: jobs.Run) -> dict[str, int]:
    company_id = run.job.company_id
    newest = current(company_id) if company_id else None
    if newest is None or company_id is None:
        return {"classes": 0}  # the first refresh will do it
    with opened(company_id, newest.as_of) as facts:
        return {"classes": reclass(company_id, facts, run)}


def letters(facts: Facts, params: dict[str, Any], by: str) -> dict[int, str]:
    """Customer id to A, B or C by the scheme's own cut-offs and months."""
    facts = recent(facts, params.get("months"))
    table = ranking.abc(facts, by=by, cuts=cuts_of(params.get("cuts"))).select("customer_id", "abc").to_pyarrow()
    return dict(zip(table["customer_id"].to_pylist(), table["abc"].to_pylist(), strict=True))


def recent(facts: Facts, months: Any) -> Facts:
    """The same facts with the orders of so many months only; all of them for none."""
    if not months:
        return facts
    orders = facts.tables["orders"]
    late = orders.filter(orders.ordered_on > store.months_before(facts.as_of, int(months)))
    return replace(facts, tables={**facts.tables, "orders": late})


def forget_old(company_id: int, day: date) -> None:
    """Figures nobody has asked for in a month, and the files behind them."""
    Snapshot.objects.filter(company_id=company_id, computed_at__lt=clock.now() - KEEP).delete()
    kept = set(Snapshot.objects.filter(company_id=company_id).values_list("path", flat=True))
    for path in (files.folder_of(company_id) / "profiles").glob("*"):
        if str(path) not in kept and path != profile_path(company_id, day):
            path.unlink(missing_ok=True)
