"""A seller with a customer, two products of different profit grades, a plan, and short ways to sell, be paid and act."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product, ProfitGrade
from guanxi.catalog.services import seed_grades
from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt
from guanxi.targets.models import CommissionPlan, CommissionRate, Statement

TODAY = date(2026, 6, 30)
Sell = Callable[..., Order]
Pay = Callable[..., Receipt]
Do = Callable[..., int]


def on(day: str) -> Any:
    """The clock stands at noon of a day."""
    return clock.shifted(datetime.fromisoformat(f"{day}T04:00:00+00:00"))


@pytest.fixture(autouse=True)
def midsummer() -> Iterator[None]:
    with clock.shifted(datetime(2026, 6, 30, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def finance(hire: Hire, headquarters: Department) -> User:
    return hire("finance", "finance", headquarters, name="钱清")


@pytest.fixture
def customer(company: Company, seller: User, east: Department) -> Account:
    return saved(Account(company=company, name="杭州启明机械有限公司", owner=seller, department=east))


@pytest.fixture
def grades(company: Company) -> dict[str, ProfitGrade]:
    return work.unit_of_work(lambda: seed_grades(company))


@pytest.fixture
def pump(company: Company, grades: dict[str, ProfitGrade]) -> Product:
    values = {"code": "P-1", "name": "水泵", "price": Decimal(100), "cost": Decimal(60)}
    return saved(Product(company=company, **values, profit_grade=grades["A"]))


@pytest.fixture
def hose(company: Company, grades: dict[str, ProfitGrade]) -> Product:
    values = {"code": "H-1", "name": "软管", "price": Decimal(50), "cost": Decimal(47)}
    return saved(Product(company=company, **values, profit_grade=grades["D"]))


@pytest.fixture
def plan(company: Company, grades: dict[str, ProfitGrade]) -> CommissionPlan:
    """5 % for grade A, 1 % for the rest, from the year's first day on."""
    made: CommissionPlan = saved(CommissionPlan(company=company, name="2026年提成", starts_on=date(2026, 1, 1)))
    saved(CommissionRate(company=company, plan=made, grade=grades["A"], rate=Decimal(5)))
    saved(CommissionRate(company=company, plan=made, rate=Decimal(1)))
    return made


@pytest.fixture
def sell(seller: User, customer: Account, pump: Product, hose: Product) -> Sell:
    """A confirmed order of pumps and hoses: `sell(3, 2, on=…)`."""

    def run(pumps: Any = 1, hoses: Any = 0, *, on: date = date(2026, 5, 10), **header: Any) -> Order:
        lines = [{"product": pump, "quantity": Decimal(pumps)}] if pumps else []
        lines += [{"product": hose, "quantity": Decimal(hoses)}] if hoses else []
        order = services.place({"account": customer, "ordered_on": on, **header}, lines, actor=seller)
        services.confirm(order, actor=seller)
        return Order.objects.get(pk=order.pk)

    return run


@pytest.fixture
def pay(owner: User, customer: Account) -> Pay:
    """Money for an order: `pay(order, 80, on=…)`."""

    def run(order: Order, amount: Any, *, on: date = date(2026, 5, 20)) -> Receipt:
        value = Decimal(amount)
        kind = Receipt.Kind.RECEIPT if value > 0 else Receipt.Kind.REFUND
        values = {"account": customer, "amount": value, "received_on": on, "kind": kind}
        receipt = verbs.add(entity(Receipt), values, actor=owner)
        services.allocate(receipt, actor=owner, order=order, amount=value)
        return Receipt.objects.get(pk=receipt.pk)

    return run


@pytest.fixture
def do(client: Client) -> Do:
    """`do(person, statement, "show", …)` presses a button and returns the status."""

    def press(person: User, row: Statement, verb: str, **params: Any) -> int:
        client.force_login(person)
        status = client.post(f"/commission-statements/{row.pk}/do/{verb}/", params).status_code
        row.refresh_from_db()
        return status

    return press
