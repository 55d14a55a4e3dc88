"""A branch with its heads and authority, a customer, things to sell, and short ways through forms."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.services import seed_flows
from guanxi.catalog.models import Product
from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, Channel
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.offers.models import PriceItem, PriceList, Quote
from guanxi.offers.services.prices import seed_authority
from guanxi.org.models import Department, User

TODAY = date(2026, 6, 30)
Act = Callable[..., Any]


@pytest.fixture(autouse=True)
def midsummer(settings: Any) -> Any:
    settings.LANGUAGE_CODE = "zh-hans"
    with clock.shifted(datetime(2026, 6, 30, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def settled(company: Company, east: Department, leader: User, headquarters: Department, owner: User) -> None:
    """Every department has its head, and the company its chains and authority."""
    for department, head in ((east, leader), (headquarters, owner)):
        department.head = head
        saved(department)
    unit_of_work(lambda: (seed_flows(company), seed_authority(company)))
    saved(Channel(company=company, name="经销", code="dealer"))


@pytest.fixture
def finance(hire: Hire, headquarters: Department) -> User:
    return hire("finance", "finance", headquarters, name="钱会计")


@pytest.fixture
def customer(company: Company, seller: User, settled: None) -> Account:
    channel = Channel.objects.filter(company=company).order_by("pk").first()
    row = Account(company=company, name="杭州启明机械有限公司", owner=seller, channel=channel, grade="A")
    row.department = seller.department
    return saved(row)


@pytest.fixture
def pump(company: Company) -> Product:
    return saved(Product(company=company, code="P-1", name="水泵", unit="台", price=Decimal(100), cost=Decimal(60)))


@pytest.fixture
def price_list(company: Company, pump: Product) -> Callable[..., PriceList]:
    """`price_list("标准价", 90, priority=1)`: a list with one price of the pump."""

    def make(name: str, price: Any, lowest: Any = None, from_quantity: Any = 0, **values: Any) -> PriceList:
        held = saved(PriceList(company=company, name=name, valid_from=date(2026, 1, 1), **values))
        item = PriceItem(company=company, price_list=held, product=pump, price=Decimal(price))
        item.from_quantity = Decimal(from_quantity)
        item.lowest_price = None if lowest is None else Decimal(lowest)
        saved(item)
        return held

    return make


@pytest.fixture
def act(client: Client) -> Act:
    """`act(person, "/quotes/7/", "submit", reason="…")` uses a verb as a form does."""
    number = iter(range(10**6))

    def run(person: User, page: str, verb: str, /, **values: Any) -> Any:
        client.force_login(User.objects.get(pk=person.pk))
        return client.post(f"{page}do/{verb}/", {**values, "key": f"k{next(number)}"})

    return run


@pytest.fixture
def write(client: Client, customer: Account, seller: User) -> Callable[..., Quote]:
    """`write({"product": pump.pk, "quantity": 2})` writes a quote with these lines through the form."""
    number = iter(range(10**6))

    def run(*lines: dict[str, Any], by: User | None = None, **header: Any) -> Quote:
        client.force_login(User.objects.get(pk=(by or seller).pk))
        values = {
            "account": customer.pk, "quoted_on": "2026-06-30", "valid_until": "2026-07-30", "currency": "CNY",
            "tax_included": "on", "tax_included-shown": "1", **header,
        }  # fmt: skip
        for n, line in enumerate(lines):
            values |= {f"line-{n}-{name}": value for name, value in {"id": "", "discount": "0", **line}.items()}
        answer = client.post("/quotes/new/", {**values, "lines": len(lines), "key": f"n{next(number)}"})
        assert answer.status_code == 302, answer.content.decode()
        return Quote.objects.get(pk=int(answer.url.strip("/").split("/")[-1]))

    return run
