"""The first computation, from sales nothing has been made of: whole, killed on its way, and step by step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Account
from guanxi.insight.models import Profile, Snapshot
from guanxi.insight.services import facts as files
from guanxi.insight.services import refresh as service
from guanxi.insight.tests.conftest import Sell, found, midsummer, profile, refresh, save, trade
from guanxi.kernel import clock, jobs
from guanxi.kernel.models import Company, Job
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order


@pytest.fixture
def refreshed(db: None, settings: Any, tmp_path: Path) -> Iterator[None]:
    """Here the fixtures of the company stand on sales alone: no figure has been computed yet."""
    settings.HOME, settings.LANGUAGE_CODE = tmp_path, "en"
    with midsummer():
        found()
        trade()
        yield


@pytest.mark.req("CLASS-11")
def test_a_young_customer_who_started_like_the_best_is_promising(
    accounts: dict[str, Account], sell: Sell, company: Company, boss: User
) -> None:
    accounts |= {name: save(Account(company=company, name=f"新{name}", owner=boss)) for name in "xy"}
    sell("b", date(2024, 1, 5), pumps=10)  # 1,000 in its first 90 days
    sell("b", date(2024, 8, 5), pumps=300)  # and nearly all of the company's revenue later
    sell("x", date(2026, 5, 1), pumps=20)  # 2,000: the best start of five customers
    sell("y", date(2026, 5, 1), pumps=1)
    refresh(boss)
    assert profile(accounts["x"]).abc_amount == "B"
    assert list(Profile.objects.filter(promising=True)) == [profile(accounts["x"])]


class Killed(BaseException):
    """The process dies."""


def test_a_killed_refresh_goes_on_where_it_was(boss: User, company: Company, monkeypatch: Any) -> None:
    real, seen = files.store.refresh, []

    def dying(folder: Any, table: str, months: Any, load: Any) -> int:
        seen.append(table)
        if len(seen) == 4:  # the lines of the second month
            raise Killed
        return real(folder, table, months, load)

    job = service.recompute(boss)
    monkeypatch.setattr(files.store, "refresh", dying)
    with pytest.raises(Killed):
        jobs.execute(jobs.claim())
    monkeypatch.setattr(files.store, "refresh", real)
    Job.objects.filter(pk=job.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    jobs.work_off()
    job.refresh_from_db()
    # Seven months hold orders; the first was whole when the process died.
    assert (job.state, job.attempt, job.result["months"]) == ("done", 2, 5)
    assert Snapshot.objects.get(company=company).summary["year"]["now_amount"] == "1200.00"


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["sell", "cancel", "move"]),
        st.sampled_from("abc"),
        st.dates(date(2026, 1, 1), date(2026, 6, 30)),
        st.integers(1, 5),
    ),
    min_size=1,
    max_size=5,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_an_incremental_export_equals_a_full_one(sell: Sell, boss: User, company: Company, steps: Any) -> None:
    for kind, name, day, n in steps:
        live = Order.objects.filter(state="confirmed", kind="sale", returned_by=None).order_by("id")
        order = live[n % live.count()] if live.exists() else None
        if kind == "sell" or order is None:
            sell(name, day, pumps=n)
        elif kind == "cancel":
            services.cancel(order, actor=boss, reason="Mistake")
        else:
            order.ordered_on = day
            unit_of_work(order.save)
        files.export(company.pk)
    assert _facts(company.pk) == _fresh(company.pk)


def _facts(company_id: int) -> dict[str, list[Any]]:
    with service.opened(company_id, clock.today()) as facts:
        return {
            name: sorted(tuple(row.values()) for row in facts.tables[name].to_pyarrow().to_pylist())
            for name in ("orders", "lines", "customers")
        }


def _fresh(company_id: int) -> dict[str, list[Any]]:
    files.export(company_id, full=True)
    return _facts(company_id)
