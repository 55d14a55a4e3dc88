"""The cast of the whole product in a company with one pool, its reasons and rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from guanxi.customers.models import Account
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.pool.models import Pool, ReturnReason, Stay
from guanxi.pool.services.seed import seed

File = Callable[..., Account]


def at(account: Account) -> int:
    """The id under which a customer lies in the pool."""
    return int(Stay.objects.get(account=account).pk)


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def pool(company: Company) -> Pool:
    seed(company)
    return Pool.objects.get(company=company)


@pytest.fixture
def reason(pool: Pool) -> ReturnReason:
    return ReturnReason.objects.get(company=pool.company, name="联系不上")


@pytest.fixture
def file(pool: Pool) -> File:
    """A customer of this person's."""

    def one(actor: User, name: str = "华东机械有限公司", **values: Any) -> Account:
        account: Account = verbs.add(entity(Account), {"name": name, **values}, actor=actor)
        return account

    return one


@pytest.fixture
def lost(pool: Pool, file: File, owner: User) -> File:
    """A customer that nobody looks after."""

    def one(name: str = "公海机械有限公司", **values: Any) -> Account:
        return file(owner, name, owner=None, **values)

    return one
