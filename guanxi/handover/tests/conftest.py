"""The cast with its heads, a marketing specialist and a block administrator, and short ways through forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.org.models import Department, User
from guanxi.org.services import furnish


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def clerk(hire: Any, east: Department) -> User:
    """The block administrator of the eastern branch."""
    return hire("clerk", "block-administrator", east, name="何文书")


@pytest.fixture
def marketing(hire: Any, headquarters: Department) -> User:
    return hire("market", "marketing", headquarters, name="马市场")


@pytest.fixture
def settled(
    company: Any, east: Department, leader: User, headquarters: Department, owner: User, marketing: User
) -> None:
    """Every department has its head, and the company its ready-made lists."""
    for department, head in ((east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    furnish(company)


Act = Callable[..., Any]


@pytest.fixture
def act(client: Client) -> Act:
    """`act(person, "/handovers/7/", "sign", note="…")` uses a verb as a form does."""
    number = iter(range(10**6))

    def run(person: User, page: str, verb: str, /, **values: Any) -> Any:
        client.force_login(User.objects.get(pk=person.pk))
        return client.post(f"{page}do/{verb}/", {**values, "key": f"k{next(number)}"})

    return run


@pytest.fixture
def fill(client: Client) -> Act:
    """`fill(person, "/personnel-changes/", kind="leaving", …)` fills in the form for a new row."""
    number = iter(range(10**6))

    def run(person: User, page: str, /, **values: Any) -> Any:
        client.force_login(User.objects.get(pk=person.pk))
        return client.post(f"{page}new/", {**values, "key": f"n{next(number)}"})

    return run
