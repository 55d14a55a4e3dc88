"""Whatever is done in whatever order: balances are sums at every date, closed months stand, nothing disappears."""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.incentives.models import Entry, MonthClose
from guanxi.incentives.queries.ledger import balance
from guanxi.incentives.tests.conftest import on, proposal
from guanxi.kernel import verbs
from guanxi.kernel.actions import perform, verbs_of
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

FIRST = date(2026, 1, 5)
VERBS = ("confirm", "cancel", "object_to", "uphold", "reject", "reverse_entry")
STEP = st.one_of(
    st.tuples(st.just("propose"), st.integers(-50, 50).filter(bool), st.integers(0, 2)),
    st.tuples(st.sampled_from(VERBS), st.integers(0, 30), st.just(0)),
    st.tuples(st.just("close"), st.integers(0, 2), st.just(0)),
    st.tuples(st.just("wait"), st.integers(1, 25), st.just(0)),
)
DECIDERS = {"object_to": "seller", "uphold": "specialist", "reject": "specialist"}


class _Undo(Exception):
    pass


@pytest.mark.django_db
@pytest.mark.req("PERF-03", "PERF-04")
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(steps=st.lists(STEP, min_size=4, max_size=16))
def test_balances_are_sums_closed_months_stand_and_nothing_disappears(
    steps: list[tuple[str, int, int]], seller: User, leader: User, specialist: User
) -> None:
    people = {"seller": seller, "leader": leader, "specialist": specialist}
    try:
        with transaction.atomic():
            _play(steps, people)
            raise _Undo
    except _Undo:
        pass


def _play(steps: list[tuple[str, int, int]], people: dict[str, User]) -> None:
    seller, day = people["seller"], FIRST
    stands: dict[date, Decimal] = {}  # what the balance of a past day was told to be
    sums: dict[date, Any] = {}  # what a month held when it was closed
    seen: set[int] = set()
    for what, n, unit in steps:
        with on(day.isoformat()), suppress(Refused):
            _step(what, n, unit, people)
        if what == "wait":
            for past in range(n):
                stands[day + timedelta(days=past)] = balance(seller, day + timedelta(days=past))["yuan"]
            day += timedelta(days=n)
        for row in MonthClose.objects.all():
            if row.month not in sums:
                sums[row.month] = _month(row.month)
                assert row.yuan == sums[row.month].get("yuan", Decimal(0))
        rows = list(Entry.objects.all())
        assert seen <= {row.pk for row in rows}
        seen = {row.pk for row in rows}
        _check(rows, seller, day, stands, sums)


def _step(what: str, n: int, unit: int, people: dict[str, User]) -> None:
    if what == "propose":
        proposal(people["seller"], n, unit="points" if unit == 2 else "yuan")
    elif what == "close":
        month = (FIRST.replace(day=1) + timedelta(days=32 * n)).replace(day=1)
        verbs.add(entity(MonthClose), {"month": month}, actor=people["specialist"])
    elif what != "wait":
        rows = list(Entry.objects.order_by("pk"))
        if rows:
            verb = verbs_of(Entry)[what]
            actor = people[DECIDERS.get(what, "leader")]
            params = {} if what == "confirm" else {"reason": "理由"}
            perform(verb, rows[n % len(rows)].pk, actor=actor, params=params)


def _month(month: date) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    rows = Entry.objects.filter(month=month, booked_on__isnull=False)
    sums.update(rows.values_list("unit").annotate(total=Sum("amount")).order_by())
    return sums


def _check(rows: list[Entry], seller: User, day: date, stands: dict[date, Decimal], sums: dict[date, Any]) -> None:
    by_hand = sum((r.amount for r in rows if r.booked_on and r.booked_on <= day and r.unit == "yuan"), Decimal(0))
    assert balance(seller, day)["yuan"] == balance(seller)["yuan"] == by_hand
    assert all(balance(seller, past)["yuan"] == stood for past, stood in list(stands.items())[-3:])
    assert all(_month(month) == held for month, held in sums.items())
    by_id = {row.pk: row for row in rows}
    for row in rows:
        if row.reverses_id:
            first = by_id[row.reverses_id]
            assert (first.amount + row.amount, first.owner_id, first.unit) == (0, row.owner_id, row.unit)
            assert first.state == "reversed" and first.booked_on is not None
    reversed_ones = {row.pk for row in rows if row.state == "reversed"}
    assert reversed_ones == {row.reverses_id for row in rows if row.reverses_id}
