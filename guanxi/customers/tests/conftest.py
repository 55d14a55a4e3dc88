"""A company with a seller, a rival, a leader of both, an outsider, and the ready-made lists."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.customers.services.seed import seed
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, Role, User

USE = ["view", "add", "change", "delete"]
LISTS = ("source", "channel", "classscheme", "filingstandard", "stageplaybook", "segment")


def grants(scope: str, *more: str) -> dict[str, Any]:
    lists = {f"customers.{name}": {"verbs": USE, "scope": "all"} for name in LISTS}
    return {"customers.account": {"verbs": [*USE, *more], "scope": scope}, **lists}


@pytest.fixture
def company(db: None) -> Company:
    company = Company.objects.create(code="hq", name="华东公司")
    seed(company)
    return company


@pytest.fixture
def east(company: Company) -> Department:
    return unit_of_work(lambda: Department.objects.create(company=company, name="华东区", code="east"))


def person(company: Company, department: Department | None, name: str, rights: dict[str, Any]) -> User:
    def body() -> User:
        role = Role.objects.create(company=company, name=name, code=f"role-{name}", grants=rights)
        user = User.objects.create(company=company, username=name, name=name, department=department)
        user.roles.add(role)
        return user

    return unit_of_work(body)


@pytest.fixture
def seller(company: Company, east: Department) -> User:
    return person(company, east, "seller", grants("department", "hand_over"))


@pytest.fixture
def rival(company: Company, east: Department) -> User:
    return person(company, east, "rival", grants("department", "hand_over"))


@pytest.fixture
def leader(company: Company, east: Department) -> User:
    return person(company, east, "leader", {"*": {"verbs": ["*"], "scope": "all"}})


@pytest.fixture
def outsider(company: Company) -> User:
    west = unit_of_work(lambda: Department.objects.create(company=company, name="西部区", code="west"))
    return person(company, west, "outsider", grants("own"))
