"""The cast of the whole product in a company with its lists, a pipeline of four stages and a pool for leads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from guanxi.conftest import signed_in
from guanxi.customers.models import Account
from guanxi.customers.services.seed import seed as customer_lists
from guanxi.deals.models import Lead, LeadStay, Opportunity, Stage
from guanxi.deals.services.seed import seed
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.pool.services.seed import seed as pools

Make = Callable[..., Any]


def do(user: User, row: Any, verb: str, **sent: Any) -> Any:
    """The verb's form, sent."""
    slug = entity(type(row)).slug
    return signed_in(user).post(f"/{slug}/{row.pk}/do/{verb}/", sent)


def said(answer: Any) -> str:
    return str(answer.content.decode())


def at(lead: Lead) -> LeadStay:
    """The lead as it lies in the pool."""
    row: LeadStay = LeadStay.objects.get(lead=lead)
    return row


@pytest.fixture(autouse=True)
def midsummer(settings: Any) -> Any:
    settings.LANGUAGE_CODE = "zh-hans"
    with clock.shifted(datetime(2026, 6, 15, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def lists(company: Company) -> Company:
    customer_lists(company)
    pools(company)
    seed(company)
    return company


@pytest.fixture
def lead(lists: Company) -> Make:
    """`lead(seller, "name")`: a lead this person enters; `lead(owner, …)`: one that nobody has."""

    def one(actor: User, name: str = "宁波海川机电有限公司", **values: Any) -> Lead:
        row: Lead = verbs.add(entity(Lead), {"name": name, **values}, actor=actor)
        row.refresh_from_db()
        return row

    return one


@pytest.fixture
def customer(lists: Company, seller: User) -> Account:
    row: Account = verbs.add(entity(Account), {"name": "杭州启明机械有限公司"}, actor=seller)
    return row


@pytest.fixture
def deal(customer: Account, seller: User) -> Make:
    """An opportunity of the seller's customer in the first stage."""

    def one(name: str = "二期泵站", **values: Any) -> Opportunity:
        actor = values.pop("actor", seller)
        row: Opportunity = verbs.add(entity(Opportunity), {"account": customer, "name": name, **values}, actor=actor)
        return row

    return one


def stage(row: Opportunity, name: str) -> Stage:
    found: Stage = Stage.objects.get(pipeline=row.pipeline_id, name=name)
    return found
