"""The engine against plain Python: the same duties, one by one, on small companies of every kind, run day by day or at once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.conftest import saved
from guanxi.customers.models import Account, Need
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.rulebook import engine
from guanxi.rulebook.engine.times import end_of
from guanxi.rulebook.models import Duty
from guanxi.rulebook.tests import oracle
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, VISIT_AFTER_ORDER, Adopt
from guanxi.sales.models import Order

START = date(2026, 2, 23)  # around a Spring Festival with shifted working days
# Few days, so that facts meet: first and last days of weeks and months, days off, the days next to them.
DAYS = st.sampled_from(
    [START + timedelta(days=n) for n in (0, 1, 4, 5, 6, 7, 8, 9, 12, 13, 14, 20, 21, 35, 36, 37, 38)]
)
WHO = st.integers(0, 1)
WITHIN = st.builds(
    oracle.Law, st.just("RV-05"), st.just("within"), DAYS, st.integers(1, 12),
    st.sampled_from(["days", "workdays", "weeks"]), st.integers(0, 3),
)  # fmt: skip
EVERY = st.builds(
    oracle.Law, st.just("FUP-01"), st.just("every"), DAYS, st.integers(1, 3), st.sampled_from(["week", "month"]),
    st.integers(0, 3),
)  # fmt: skip
COMPANIES = st.fixed_dictionaries({
    "laws": st.lists(st.one_of(WITHIN, EVERY), min_size=1, max_size=4, unique_by=lambda law: (law.code, law.since)),
    "orders": st.lists(st.tuples(WHO, DAYS), max_size=6),
    "talks": st.lists(st.tuples(WHO, DAYS), max_size=12),
    "runs": st.lists(DAYS, max_size=4),
    "last": DAYS,
})  # fmt: skip


def spec_of(law: oracle.Law) -> dict[str, Any]:
    grace = {"grace": [law.grace, "days"]} if law.grace else {}
    if law.kind == "within":
        return {**VISIT_AFTER_ORDER, "within": [law.n, law.unit], "steps": [], **grace}
    return {**MONTHLY_TALK, "every": law.unit, "times": law.n, **grace}


def engine_says() -> set[oracle.Found]:
    return {
        oracle.Found(duty.clause.code, duty.subject_id, timezone.localtime(duty.due_at).date(), duty.state, duty.met_on)
        for duty in Duty.objects.select_related("clause")
    }


@pytest.mark.req("GOV-06")
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(plan=COMPANIES)
def test_engine_and_oracle_find_the_same_duties(plan: dict[str, Any], adopt: Adopt, seller: User) -> None:
    company = seller.company
    with transaction.atomic():
        accounts = [saved(Account(company=company, name=f"客户{n}", owner=seller, is_key=True)) for n in range(2)]
        for law in sorted(plan["laws"], key=lambda law: law.since):
            adopt(law.code, spec_of(law), law.since.isoformat())
        facts = [("order", *one) for one in plan["orders"]] + [("talk", *one) for one in plan["talks"]]
        facts = [one for one in sorted(facts, key=lambda one: one[2]) if one[2] <= plan["last"]]
        orders: dict[int, tuple[int, date]] = {}
        talks: list[tuple[int, date]] = []
        moments = sorted({*(day for day in plan["runs"] if day < plan["last"]), plan["last"]})
        for moment in moments:
            while facts and facts[0][2] <= moment:
                kind, who, day = facts.pop(0)
                account = accounts[who]
                with clock.shifted(end_of(day) - timedelta(hours=6)):
                    if kind == "order":
                        row = saved(Order(company=company, account=account, owner=seller, ordered_on=day,
                                          number=f"N{len(orders)}"))  # fmt: skip
                        orders[row.pk] = (account.pk, day)
                    else:
                        saved(Need(company=company, account=account, text="谈", on=day))
                        talks.append((account.pk, day))
            with clock.shifted(end_of(moment)):
                engine.judge(company, end_of(moment))
        keys = {account.pk: START for account in accounts}
        expected = oracle.duties(plan["laws"], keys, orders, talks, plan["last"])
        assert engine_says() == expected
        with clock.shifted(end_of(plan["last"])):
            engine.replay(company, end_of(plan["last"]))
        assert engine_says() == expected
        transaction.set_rollback(True)
