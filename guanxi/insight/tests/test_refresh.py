"""The refresh: facts by month, profiles, stages and classes, whatever changed and however often it is killed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, StageChange
from guanxi.insight.tests.conftest import Sell, profile, refresh, save
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order


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
