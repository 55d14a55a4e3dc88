"""A planted stretch of time, evening by evening: every breach is found, nothing else is, and the facts replayed say the same."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.rulebook import engine
from guanxi.rulebook.models import Clause, Duty
from tests.planted.company import planted, wake
from tests.planted.year import EVENING, FIRST, Owed, Year, at

pytestmark = pytest.mark.django_db


def found(company: Company) -> Counter[Owed]:
    rows = Duty.objects.filter(company=company).values_list("clause__code", "subject_id", "owner_id", "due_at", "state")
    return Counter(Owed(code, pk, owner, timezone.localtime(due).date(), state) for code, pk, owner, due, state in rows)


def differences(company: Company, owed: Counter[Owed]) -> str:
    there = found(company)
    lines = [f"not found {n}: {one}" for one, n in sorted((owed - there).items(), key=str)]
    lines += [f"false alarm {n}: {one}" for one, n in sorted((there - owed).items(), key=str)]
    kinds = Counter((line.split()[0], line.split("code='")[1].split("'")[0]) for line in lines)
    return "\n".join([f"{dict(kinds)}", *lines[:60]]) if lines else ""


DUTIES = (
    "GOV-04", "GOV-06", "AUTO-02", "ORG-08", "ORG-14", "CARD-01", "CARD-04", "CARD-05", "CARD-08", "CARD-10", "LIFE-02", "LIFE-03",
    "CLASS-06", "CLASS-07", "CLASS-09", "CLASS-12", "COMM-02", "COMM-05", "MKTI-02", "QUAL-01", "QUAL-02", "QUAL-04",
    "QUAL-05", "QUAL-06", "QUAL-07", "QUAL-08", "QUAL-09", "QUAL-10", "QUAL-11", "QUAL-12", "QUAL-13", "INFO-14", "INFO-20",
    "FUP-01", "FUP-03", "SALE-08", "SALE-09", "RV-01", "RV-02", "RV-03", "RV-04", "RV-05", "RV-06", "RV-10", "CTI-03", "CASE-06", "CASE-10",
    "CHURN-05", "ANLY-05", "ANLY-06", "MEET-01", "MEET-02", "GROUP-02", "USE-01", "USE-02", "USE-03", "ACCT-03", "ACCT-05",
    "TRAIN-01", "TRAIN-03", "CONTR-04", "CONTR-05", "SVC-06",
)  # fmt: skip


def lived(year: Year) -> str:
    """Evening by evening to the end; the differences to what was planted."""
    day, before = FIRST, None
    while day <= year.last:
        evening = at(day, EVENING)
        with clock.shifted(evening):
            wake(year, evening, before)
            engine.judge(year.company, evening)
        day, before = day + timedelta(days=1), evening
    return differences(year.company, year.owed)


@pytest.mark.req(*DUTIES)
def test_every_planted_breach_is_found_and_nothing_else(db: None) -> None:
    company = Company.objects.create(code="planted", name="远航设备", short_name="远航")
    year = planted(company, last=date(2025, 4, 17), branches=2, sellers=4, stories=24)
    assert lived(year) == ""
    clauses = Clause.objects.filter(company=company, is_active=True).exclude(kind="guard")
    assert {one.code for one in year.owed} == {one.code for one in clauses if not one.waits_for}
    with clock.shifted(year.horizon):
        engine.replay(company, year.horizon)
    assert differences(company, year.owed) == ""


@pytest.mark.long
@pytest.mark.req("GOV-06", "AUTO-02")
def test_a_whole_year_of_a_large_company(db: None) -> None:
    """Twelve branches, two hundred people, fifty thousand customers: outside the gate, it takes the better part of an hour."""
    company = Company.objects.create(code="large", name="远航设备", short_name="远航")
    year = planted(company, last=date(2025, 12, 31), branches=12, sellers=14, stories=400, crowd=46_000)
    assert lived(year) == ""
