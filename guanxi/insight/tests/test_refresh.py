"""The refresh: facts by month, profiles, stages and classes, whatever changed and however often it is killed."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, StageChange
from guanxi.insight.models import Profile, Snapshot
from guanxi.insight.services import facts as files
from guanxi.insight.services import refresh as service
from guanxi.insight.tests.conftest import Sell, refresh, save
from guanxi.kernel import clock, jobs
from guanxi.kernel.models import Company, Job
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order


def profile(account: Account) -> Profile:
    return Profile.objects.get(pk=account.pk)


@pytest.mark.req("VALUE-01")
def test_a_profile_holds_the_sums_worked_out_by_hand(refreshed: None, accounts: dict[str, Account]) -> None:
    found = profile(accounts["a"])
    assert (found.orders, found.first_on, found.last_on) == (3, date(2025, 2, 10), date(2026, 3, 1))
    assert (found.amount_total, found.profit_total) == (Decimal(1350), Decimal(570))
    assert (found.amount_12m, found.profit_12m) == (Decimal(1050), Decimal(450))


@pytest.mark.req("CLASS-02")
def test_classes_by_amount_and_profit_follow_the_cumulated_share(refreshed: None, accounts: dict[str, Account]) -> None:
    # By amount: before a 0 %, before b 64 %, before c 93 %; by profit: 0 %, 63 %, 90 %.
    found = {name: (profile(row).abc_amount, profile(row).abc_profit) for name, row in accounts.items()}
    assert found == {"a": ("A", "A"), "b": ("A", "A"), "c": ("B", "B"), "d": ("", "")}


def test_three_buyers_share_the_scores_and_a_stranger_has_none(refreshed: None, accounts: dict[str, Account]) -> None:
    # ntile(5) over three customers gives 1, 2, 3; r by last purchase, f by orders, m by money.
    assert {name: profile(row).rfm for name, row in accounts.items()} == {"a": 233, "b": 112, "c": 321, "d": None}


@pytest.mark.req("LIFE-01")
def test_stages_are_written_with_their_history(refreshed: None, accounts: dict[str, Account]) -> None:
    stages = {name: Account.objects.get(pk=row.pk).stage for name, row in accounts.items()}
    assert stages == {"a": "dormant", "b": "lost", "c": "repeat", "d": "potential"}
    moves = StageChange.objects.filter(account=accounts["b"]).order_by("id").values_list("old", "new")
    assert list(moves) == [("potential", "first"), ("first", "lost")]


@pytest.mark.req("CLASS-11")
def test_a_young_customer_who_started_like_the_best_is_promising(
    history: None, accounts: dict[str, Account], sell: Sell, company: Company, boss: User
) -> None:
    accounts |= {name: save(Account(company=company, name=f"新{name}", owner=boss)) for name in "xy"}
    sell("b", date(2024, 1, 5), pumps=10)  # 1,000 in its first 90 days
    sell("b", date(2024, 8, 5), pumps=300)  # and nearly all of the company's revenue later
    sell("x", date(2026, 5, 1), pumps=20)  # 2,000: the best start of five customers
    sell("y", date(2026, 5, 1), pumps=1)
    refresh(boss)
    assert profile(accounts["x"]).abc_amount == "B"
    assert list(Profile.objects.filter(promising=True)) == [profile(accounts["x"])]


def test_a_second_refresh_rewrites_nothing(refreshed: None, boss: User) -> None:
    assert refresh(boss) == {"months": 0, "profiles": 0, "classes": 0}


def test_only_the_months_that_changed_are_rewritten(refreshed: None, sell: Sell, boss: User) -> None:
    order = sell("c", date(2026, 6, 29), pumps=1)
    assert refresh(boss)["months"] == 1
    moved = Order.objects.get(pk=order.pk)
    moved.ordered_on = date(2026, 1, 15)
    unit_of_work(moved.save)
    assert refresh(boss)["months"] == 2  # where it was and where it is
    services.cancel(moved, actor=boss, reason="Mistake")
    assert refresh(boss)["months"] == 1


def test_a_published_abc_scheme_gets_its_classes(
    refreshed: None, accounts: dict[str, Account], company: Company, boss: User
) -> None:
    classes = [{"code": code, "name": code} for code in ("big", "mid", "small")]
    scheme = save(
        ClassScheme(
            company=company, code="abc", name="ABC", kind="abc_amount", classes=classes,
            params={"cuts": [0.8, 0.95], "months": 12}, published_at=clock.now(),
        )
    )  # fmt: skip
    assert refresh(boss)["classes"] == 2
    now = ClassAssignment.objects.filter(scheme=scheme, until=None).values_list("account", "class_code")
    # Of the last 12 months: a 1,050 of 1,200 (before 0 %), c 150 (before 87.5 %); b bought earlier.
    assert dict(now) == {accounts["a"].pk: "big", accounts["c"].pk: "mid"}


class Killed(BaseException):
    """The process dies."""


def test_a_killed_refresh_goes_on_where_it_was(history: None, boss: User, company: Company, monkeypatch: Any) -> None:
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
def test_an_incremental_export_equals_a_full_one(
    history: None, sell: Sell, boss: User, company: Company, steps: Any
) -> None:
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
