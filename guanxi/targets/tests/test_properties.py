"""Whatever is sold, paid, returned and graded anew: stored commission is what is computed anew, and every cent is traced."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.catalog import services as catalog
from guanxi.catalog.models import Product, ProfitGrade
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt, ReceiptShare
from guanxi.sales.spreading import spread
from guanxi.targets.models import CommissionLine, CommissionPlan, Statement
from guanxi.targets.queries.commission import differences
from guanxi.targets.services.commission import accept_differences, compute
from guanxi.targets.services.statements import show
from guanxi.targets.tests.conftest import Pay, Sell, on

CENTS = st.integers(1, 30_000).map(lambda n: Decimal(n) / 100)
STEP = st.one_of(
    st.tuples(st.just("sell"), st.integers(0, 4), st.integers(0, 4)),
    st.tuples(st.just("pay"), st.integers(0, 5), CENTS),
    st.tuples(st.just("void"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("back"), st.integers(0, 5), st.just(0)),
    st.tuples(st.just("grade"), st.sampled_from("ACD"), st.integers(0, 40)),
    st.tuples(st.just("compute"), st.just(0), st.just(0)),
    st.tuples(st.just("show"), st.just(0), st.just(0)),
)


class _Undo(Exception):
    pass


@given(total=st.integers(-(10**9), 10**9), weights=st.lists(st.integers(0, 10**6), min_size=1, max_size=8).filter(any))
def test_spreading_loses_no_cent(total: int, weights: list[int]) -> None:
    amount = Decimal(total) / 100
    parts = spread(amount, [Decimal(weight) for weight in weights])
    assert sum(parts) == amount
    exact = [amount * weight / sum(weights) for weight in weights]
    assert all(abs(part - one) <= Decimal("0.01") for part, one in zip(parts, exact, strict=True))


@pytest.mark.django_db
@pytest.mark.req("PROD-02")
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEP, min_size=5, max_size=14))
def test_stored_is_what_is_computed_anew_and_bases_are_the_money_received(
    steps: list[tuple[str, object, object]], company: Company, owner: User, plan: CommissionPlan, pump: Product,
    grades: dict[str, ProfitGrade], sell: Sell, pay: Pay,
) -> None:  # fmt: skip
    try:
        with transaction.atomic():
            for place, step in enumerate(steps):
                with on(f"{date(2026, 5, 1) + timedelta(days=4 * place)}"), suppress(Refused):
                    _play(step, owner, pump, grades, (sell, pay))
            compute(company.pk)
            told = sum((one.amount for one in differences(company.pk, date(2026, 1, 1))), Decimal(0))
            accept_differences(owner, date(2026, 1, 1), told)
            _agree(company)
            raise _Undo
    except _Undo:
        pass


def _play(
    step: tuple[str, object, object], owner: User, pump: Product, grades: dict[str, ProfitGrade], ways: tuple[Sell, Pay]
) -> None:
    what, first, second = step
    sell, pay = ways
    sales = list(Order.objects.order_by("pk"))
    receipts = list(Receipt.objects.order_by("pk"))
    if what == "sell" and (first or second):
        sell(first, second, on=clock.today())
    elif what == "pay" and sales:
        order = sales[int(str(first)) % len(sales)]
        pay(order, second if order.amount > 0 else -Decimal(str(second)), on=clock.today())
    elif what == "void" and receipts:
        services.void(receipts[int(str(first)) % len(receipts)], actor=owner, reason="错")
    elif what == "back" and sales:
        order = sales[int(str(first)) % len(sales)]
        services.deliver(order, actor=owner)
        services.confirm(services.take_back(order, actor=owner, reason="退"), actor=owner)
    elif what == "grade":
        since = clock.today() - timedelta(days=int(str(second)))
        catalog.correct_grade(
            Product.objects.get(pk=pump.pk), actor=owner, grade=grades[str(first)], since=since, reason="改"
        )
    elif what == "compute":
        compute(owner.company_id)
    elif what == "show":
        for statement in Statement.objects.exclude(owner=owner).order_by("month"):
            with suppress(Refused):
                show(statement, actor=owner)


def _sum(rows: Any, name: str) -> Decimal:
    """Added up here: SQLite adds up in binary fractions."""
    return sum(rows.values_list(name, flat=True), Decimal(0))


def _agree(company: Company) -> None:
    assert list(differences(company.pk, date(2026, 1, 1))) == []
    shares, lines = ReceiptShare.objects.filter(company=company), CommissionLine.objects.filter(company=company)
    assert _sum(lines, "base") == _sum(shares, "amount")
    for share in shares:
        assert _sum(lines.filter(share=share), "base") == share.amount
    for statement in Statement.objects.all():
        assert _sum(statement.lines.all(), "amount") == statement.amount
