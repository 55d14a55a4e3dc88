"""A trading company with three customers, two sellers and a boss, small enough to work every figure out by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Role, User
from guanxi.sales import services
from guanxi.sales.models import Order

TODAY = date(2026, 6, 30)
ALL = {"verbs": ["*"], "scope": "all"}
OWN = {"verbs": ["view", "add", "change"], "scope": "own"}


@pytest.fixture
def midsummer() -> Any:
    with clock.shifted(datetime(2026, 6, 30, 4, tzinfo=UTC)):
        yield


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.HOME = tmp_path
    settings.LANGUAGE_CODE = "en"
    return tmp_path


@pytest.fixture
def company(db: None, home: Path, midsummer: None) -> Company:
    return Company.objects.create(code="gx", name="远航设备")


def person(company: Company, name: str, grants: dict[str, Any]) -> User:
    def body() -> User:
        role = Role(company=company, name=name, code=name, grants=grants)
        role.save()
        user = User(company=company, username=name, name=name)
        user.save()
        user.roles.set([role])
        return user

    return unit_of_work(body)


@pytest.fixture
def boss(company: Company) -> User:
    return person(company, "boss", {"*": ALL})


@pytest.fixture
def seller(company: Company) -> User:
    hidden = {**OWN, "hidden": ["cost", "profit"]}
    return person(company, "seller", {"customers.account": OWN, "sales.order": hidden, "catalog.product": ALL})


def save(row: Any) -> Any:
    unit_of_work(row.save)
    return row


@pytest.fixture
def accounts(company: Company, boss: User, seller: User) -> dict[str, Account]:
    """Customers "a" and "b" belong to the boss, "c" and "d" to the seller; "d" never buys."""
    owners = {"a": boss, "b": boss, "c": seller, "d": seller}
    opened = datetime(2023, 1, 1, tzinfo=UTC)
    return {
        name: save(Account(company=company, name=f"客户{name}", owner=owner, created_at=opened))
        for name, owner in owners.items()
    }


@pytest.fixture
def pump(company: Company) -> Product:
    return save(Product(company=company, code="P-1", name="水泵", price=Decimal(100), cost=Decimal(60)))


@pytest.fixture
def valve(company: Company) -> Product:
    return save(Product(company=company, code="P-2", name="阀门", price=Decimal(50), cost=Decimal(20)))


Sell = Callable[..., Order]


@pytest.fixture
def sell(accounts: dict[str, Account], pump: Product, valve: Product, boss: User) -> Sell:
    """A confirmed order by the customer's owner: `sell("a", date(...), pumps=2, valves=1)`."""

    def run(name: str, on: date, *, pumps: int = 0, valves: int = 0, kind: str = "sale") -> Order:
        account = accounts[name]
        lines = [{"product": product, "quantity": Decimal(n)} for product, n in ((pump, pumps), (valve, valves)) if n]
        header = {"account": account, "ordered_on": on, "kind": kind, "owner": account.owner}
        order = services.place(header, lines, actor=boss)
        services.confirm(order, actor=boss)
        return Order.objects.get(pk=order.pk)

    return run


@pytest.fixture
def history(sell: Sell) -> None:
    """Sales, all net of returns: a 1,350 (profit 570), b 600 (240), c 150 (90); 2,100 (900) in all.

    In the 12 months to 2026-06-30: a 1,050 (450), c 150 (90); in the 12 months before: a 300 (120), b 600 (240).
    """
    sell("a", date(2025, 2, 10), pumps=3)  # 300, profit 120
    sell("b", date(2025, 3, 5), pumps=6)  # 600, 240
    sell("a", date(2025, 12, 20), pumps=5)  # 500, 200
    sell("a", date(2026, 3, 1), pumps=4, valves=4)  # 600, 160 + 120 = 280
    sell("a", date(2026, 3, 9), valves=1, kind="return")  # -50, -30
    sell("c", date(2026, 5, 4), valves=2)  # 100, 60
    sell("c", date(2026, 6, 10), valves=1)  # 50, 30


@pytest.fixture
def refreshed(history: None, boss: User) -> None:
    refresh(boss)


def refresh(user: User) -> dict[str, Any]:
    """Run the refresh and everything waiting before it; returns its result."""
    from guanxi.insight.services.refresh import recompute

    job = unit_of_work(lambda: recompute(user))
    jobs.work_off()
    job.refresh_from_db()
    assert job.state == "done", (job.message, job.result)
    return dict(job.result)
