"""A branch with its people: who registers, who files, who leads; and the ready-made lists, rules and forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from guanxi.conftest import Hire, run
from guanxi.customers.services.seed import seed as seed_customers
from guanxi.filing.models import Finding, InspectionPlan, Registration
from guanxi.filing.services.inspection import rounds
from guanxi.filing.services.seed import seed
from guanxi.filing.tests.files import file
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.org.papers import seed_forms

Register = Callable[..., Registration]


@pytest.fixture
def company(company: Company) -> Company:
    seed_customers(company)
    seed(company)
    seed_forms(company)
    return company


@pytest.fixture
def clerk(hire: Hire, east: Department) -> User:
    """The customer-service specialist at the eastern counter."""
    return hire("clerk", "service-specialist", east, name="何小满")


@pytest.fixture
def accountant(hire: Hire, east: Department) -> User:
    """The accountant of the eastern branch, first responsible for its files."""
    return hire("accountant", "branch-accountant", east, name="钱多")


@pytest.fixture
def inspector(hire: Hire, headquarters: Department) -> User:
    """The operations specialist who inspects all branches."""
    return hire("inspector", "operations-specialist", headquarters, name="严格")


@pytest.fixture
def caller(hire: Hire, headquarters: Department) -> User:
    """A call-centre specialist."""
    return hire("caller", "call-centre", headquarters, name="方听")


@pytest.fixture
def form() -> dict[str, Any]:
    """The three fields that suffice."""
    return {"name": "王建国", "phone": "138 1234 5678", "need": "想看看离心泵"}


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> Any:
    """The clock at this hour of Shanghai; 18 November 2026 is a Wednesday."""
    return clock.shifted(datetime(2026, month, day, hour, minute, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture
def register(clerk: User, form: dict[str, Any]) -> Register:
    def one(**values: Any) -> Registration:
        row: Registration = verbs.add(entity(Registration), {**form, **values}, actor=clerk)
        return row

    return one


@pytest.fixture
def weekly_only(company: Company) -> None:
    """The monthly screening is switched on by the tests that speak of it."""
    InspectionPlan.objects.filter(company=company, period="monthly").update_silently(is_active=False)


@pytest.fixture
def finding(seller: User, accountant: User, inspector: User) -> Finding:
    """A file of the week before without an address, sent back to the branch on Monday the 16th."""
    with at(12, 10):
        file(seller, "缺厂", phone="0571-88882222", address="")
    with at(16, 6):
        run(rounds)
    row: Finding = Finding.objects.get()
    return row
