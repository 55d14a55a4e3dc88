"""A small trading company: a boss, a customer with one product to buy, and short ways to sell and to be paid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Role, User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt

TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def midsummer(settings: Any) -> Any:
    settings.LANGUAGE_CODE = "en"
    with clock.shifted(datetime(2026, 6, 30, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(code="gx", name="远航设备")


@pytest.fixture
def boss(company: Company) -> User:
    def body() -> User:
        role = Role(company=company, name="boss", code="boss", grants={"*": {"verbs": ["*"], "scope": "all"}})
        role.save()
        user = User(company=company, username="boss", name="王总")
        user.save()
        user.roles.set([role])
        return user

    return unit_of_work(body)


def save(row: Any) -> Any:
    unit_of_work(row.save)
    return row


@pytest.fixture
def customer(company: Company, boss: User) -> Account:
    return save(Account(company=company, name="杭州启明机械有限公司", owner=boss, payment_terms_days=30))


@pytest.fixture
def pump(company: Company) -> Product:
    return save(Product(company=company, code="P-1", name="水泵", price=Decimal(100), cost=Decimal(60)))


@pytest.fixture
def sell(boss: User, customer: Account, pump: Product) -> Callable[..., Order]:
    """A confirmed order of pumps: `sell(3)`, `sell(1, on=..., kind="return")`, `sell(1, confirm=False)`."""

    def run(
        quantity: Any = 1,
        *,
        on: date = TODAY,
        confirm: bool = True,
        line: dict[str, Any] | None = None,
        **header: Any,
    ) -> Order:
        lines = [{"product": pump, "quantity": Decimal(quantity), **(line or {})}]
        order = services.place({"account": customer, "ordered_on": on, **header}, lines, actor=boss)
        if confirm:
            services.confirm(order, actor=boss)
        return Order.objects.get(pk=order.pk)

    return run


@pytest.fixture
def pay(boss: User, customer: Account) -> Callable[..., Receipt]:
    def run(amount: Any, *, on: date = TODAY, **header: Any) -> Receipt:
        values = {"account": customer, "amount": Decimal(amount), "received_on": on, **header}
        return verbs.add(entity(Receipt), values, actor=boss)

    return run
