"""A branch with its head, the specialist who closes months, and short ways to move through time and to act."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.incentives.models import Entry
from guanxi.incentives.services import Grounds, enter
from guanxi.kernel import clock, work
from guanxi.org.models import Department, User
from guanxi.rulebook.tests.conftest import adopt, at, customer  # noqa: F401 -- fixtures


@pytest.fixture
def specialist(hire: Hire, headquarters: Department) -> User:
    """The customer-relations specialist who decides on objections and closes months."""
    return hire("specialist", "relations-specialist", headquarters, name="顾清")


@pytest.fixture
def heads(east: Department, headquarters: Department, leader: User, owner: User) -> None:
    east.head, headquarters.head = leader, owner
    saved(east)
    saved(headquarters)


def on(day: str) -> Any:
    """The clock stands at ten in the morning of a day."""
    return clock.shifted(at(f"{day} 10:00"))


def proposal(person: User, amount: int = -20, *, unit: str = "yuan", month: str = "", title: str = "迟交") -> Entry:
    def body() -> Entry:
        first = date.fromisoformat(f"{month}-01") if month else None
        entry = enter(person, Decimal(amount), title, grounds=Grounds("见记录"), unit=unit, month=first)
        assert entry is not None
        return entry

    return work.unit_of_work(body)


Do = Callable[..., int]


@pytest.fixture
def do(client: Client) -> Do:
    """`do(person, row, "confirm", to=…)` presses a button and returns the status."""

    def press(person: User, row: Any, verb: str, **params: Any) -> int:
        client.force_login(person)
        slug = {"entry": "incentives", "report": "colleague-reports", "measure": "measures"}[row._meta.model_name]
        status = client.post(f"/{slug}/{row.pk}/do/{verb}/", params).status_code
        row.refresh_from_db()
        return status

    return press
