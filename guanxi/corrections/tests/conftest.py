"""A branch whose seller has booked an order, its head, and finance; the clock stands at the end of June."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from guanxi.approvals.services import seed_flows
from guanxi.catalog.models import Product
from guanxi.conftest import Hire, saved
from guanxi.corrections.models import CorrectionRule
from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.sales import services
from guanxi.sales.models import Order

TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def midsummer() -> Iterator[None]:
    with clock.shifted(datetime(2026, 6, 30, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def head(head: User, company: Company) -> User:
    work.unit_of_work(lambda: seed_flows(company))
    return head


@pytest.fixture
def finance(hire: Hire, headquarters: Department) -> User:
    return hire("finance", "finance", headquarters, name="钱清")


@pytest.fixture
def customer(company: Company, seller: User, east: Department) -> Account:
    return saved(Account(company=company, name="杭州启明机械有限公司", owner=seller, department=east))


@pytest.fixture
def pump(company: Company) -> Product:
    return saved(Product(company=company, code="P-1", name="水泵", price=Decimal(100), cost=Decimal(60)))


@pytest.fixture
def sell(seller: User, customer: Account, pump: Product) -> Callable[..., Order]:
    """A confirmed order: `sell(3)`, `sell(1, on=…, confirm=False)`."""

    def run(quantity: int = 1, *, on: date = TODAY, confirm: bool = True) -> Order:
        lines = [{"product": pump, "quantity": Decimal(quantity)}]
        order = services.place({"account": customer, "ordered_on": on}, lines, actor=seller)
        if confirm:
            services.confirm(order, actor=seller)
        return Order.objects.get(pk=order.pk)

    return run


@pytest.fixture
def rule(company: Company) -> Callable[..., CorrectionRule]:
    def make(field: str = "", **values: Any) -> CorrectionRule:
        return saved(CorrectionRule(company=company, label="sales.order", field=field, **values))

    return make
