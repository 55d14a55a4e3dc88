"""Questions put together once: whatever a condition says about days, they answer as the query itself does, on every day."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.org.models import User
from guanxi.rulebook.engine import asked
from guanxi.rulebook.engine.times import local_day

CONDITIONS: dict[str, Any] = {
    "no day at all": {"f": "name", "op": "is", "v": "一"},
    "a day that stays": {"f": "last_contact_on", "op": "on", "v": "2026-03-05"},
    "today": {"f": "last_contact_on", "op": "before", "v": "@today"},
    "days back": {"f": "last_contact_on", "op": "last_days", "v": 3},
    "days ahead": {"f": "last_contact_on", "op": "next_days", "v": 2},
    "long ago": {"f": "last_contact_on", "op": "older_than", "v": 30},
    "working days back": {"f": "last_contact_on", "op": "last_workdays", "v": 3},
    "one working day back": {"f": "last_contact_on", "op": "last_workdays", "v": 1},
    "a week": {"f": "last_contact_on", "op": "period", "v": "this_week"},
    "a month": {"f": "last_contact_on", "op": "period", "v": "last_month"},
    "a quarter": {"f": "last_contact_on", "op": "period", "v": "this_quarter"},
    "a moment": {"f": "created_at", "op": "last_days", "v": 2},
    "not": {"not": {"f": "last_contact_on", "op": "last_days", "v": 10}},
}


@pytest.mark.req("GOV-06")
@pytest.mark.parametrize("name", CONDITIONS)
def test_what_was_put_together_once_answers_like_the_query_on_every_day(name: str, seller: User) -> None:
    company = seller.company
    made = timezone.make_aware(datetime(2026, 2, 12, 15, 30))
    with clock.shifted(made):
        account = saved(Account(company=company, name="一", owner=seller, last_contact_on=date(2026, 3, 5)))
    node = parse(CONDITIONS[name], entity(Account), company)

    def rows(moment: datetime) -> Any:
        early = Account.objects.filter(pk=account.pk, created_at__lte=moment)
        return early.filter(to_q(node, Env(as_of=local_day(moment))))

    answers = set()
    for n in range(-6, 75):
        for hours in (0, 9, 23.5):
            moment = timezone.make_aware(datetime(2026, 2, 15)) + timedelta(days=n, hours=hours)
            answer = asked.any_at((account.pk, name), moment, rows)
            assert answer == rows(moment).exists(), moment
            answers.add(answer)
    assert answers == {True, False}


def test_a_question_that_can_find_nothing_costs_no_statement(seller: User, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert not asked.any_at((seller.pk, "nothing"), clock.now(), lambda _at: Account.objects.filter(pk__in=[]))
