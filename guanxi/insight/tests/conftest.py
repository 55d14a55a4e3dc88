"""A trading company with three customers, two sellers and a boss, small enough to work every figure out by hand."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.insight.models import Profile
from guanxi.kernel import clock, jobs
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Role, User
from guanxi.sales import services
from guanxi.sales.models import Order

TODAY = date(2026, 6, 30)
ALL = {"verbs": ["*"], "scope": "all"}
OWN = {"verbs": ["view", "add", "change"], "scope": "own"}


def midsummer() -> Any:
    return clock.shifted(datetime(2026, 6, 30, 4, tzinfo=UTC))


Sell = Callable[..., Order]
_versions = count(1_000, 1_000)


def person(company: Company, name: str, grants: dict[str, Any]) -> User:
    def body() -> User:
        role = Role(company=company, name=name, code=name, grants=grants)
        role.save()
        user = User(company=company, username=name, name=name)
        user.save()
        user.roles.set([role])
        return user

    return unit_of_work(body)


def save(row: Any) -> Any:
    unit_of_work(row.save)
    return row


def found() -> None:
    """The company "gx": customers "a" and "b" belong to the boss, "c" and "d" to the seller; "d" never buys."""
    company = Company.objects.create(code="gx", name="远航设备")
    boss = person(company, "boss", {"*": ALL})
    hidden = {**OWN, "hidden": ["cost", "profit"]}
    seller = person(company, "seller", {"customers.account": OWN, "sales.order": hidden, "catalog.product": ALL})
    opened = datetime(2023, 1, 1, tzinfo=UTC)
    for name, owner in {"a": boss, "b": boss, "c": seller, "d": seller}.items():
        save(Account(company=company, name=f"客户{name}", owner=owner, created_at=opened))
    save(Product(company=company, code="P-1", name="水泵", price=Decimal(100), cost=Decimal(60)))
    save(Product(company=company, code="P-2", name="阀门", price=Decimal(50), cost=Decimal(20)))


def the_company() -> Company:
    return Company.objects.get(code="gx")


def the_person(name: str) -> User:
    return User.objects.get(company__code="gx", username=name)


def the_accounts() -> dict[str, Account]:
    return {row.name.removeprefix("客户"): row for row in Account.objects.filter(company__code="gx").order_by("pk")}


def profile(account: Account) -> Profile:
    return Profile.objects.get(pk=account.pk)


def sell_by(boss: User, accounts: dict[str, Account]) -> Sell:
    """A confirmed order by the customer's owner: `sell("a", date(...), pumps=2, valves=1)`."""
    pump, valve = Product.objects.filter(company=boss.company).order_by("code")

    def run(name: str, on: date, *, pumps: int = 0, valves: int = 0, kind: str = "sale") -> Order:
        account = accounts[name]
        lines = [{"product": product, "quantity": Decimal(n)} for product, n in ((pump, pumps), (valve, valves)) if n]
        header = {"account": account, "ordered_on": on, "kind": kind, "owner": account.owner}
        order = services.place(header, lines, actor=boss)
        services.confirm(order, actor=boss)
        return Order.objects.get(pk=order.pk)

    return run


def trade() -> None:
    """Sales, all net of returns: a 1,350 (profit 570), b 600 (240), c 150 (90); 2,100 (900) in all.

    In the 12 months to 2026-06-30: a 1,050 (450), c 150 (90); in the 12 months before: a 300 (120), b 600 (240).
    """
    sell = sell_by(the_person("boss"), the_accounts())
    sell("a", date(2025, 2, 10), pumps=3)  # 300, profit 120
    sell("b", date(2025, 3, 5), pumps=6)  # 600, 240
    sell("a", date(2025, 12, 20), pumps=5)  # 500, 200
    sell("a", date(2026, 3, 1), pumps=4, valves=4)  # 600, 160 + 120 = 280
    sell("a", date(2026, 3, 9), valves=1, kind="return")  # -50, -30
    sell("c", date(2026, 5, 4), valves=2)  # 100, 60
    sell("c", date(2026, 6, 10), valves=1)  # 50, 30


@pytest.fixture(scope="module")
def traded(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The figures of a company that has sold, computed once for all who look at them; gives the folder of their files."""
    home = tmp_path_factory.mktemp("home")
    with (
        django_db_blocker.unblock(),
        override_settings(HOME=home, LANGUAGE_CODE="en"),
        midsummer(),
        transaction.atomic(),
    ):
        found()
        trade()
        refresh(the_person("boss"))
        yield home
        transaction.set_rollback(True)


@pytest.fixture
def refreshed(traded: Path, db: None, settings: Any, tmp_path: Path) -> None:
    """What is written, to the database or to files, is this test's own; so is the version of what is configured, for what
    is kept under one is not taken back with the test that gave it away."""
    Company.objects.filter(code="gx").update(config_version=next(_versions))
    shutil.copytree(traded, tmp_path, dirs_exist_ok=True)
    settings.HOME = tmp_path


@pytest.fixture
def company(refreshed: None) -> Company:
    return the_company()


@pytest.fixture
def boss(refreshed: None) -> User:
    return the_person("boss")


@pytest.fixture
def seller(refreshed: None) -> User:
    return the_person("seller")


@pytest.fixture
def accounts(refreshed: None) -> dict[str, Account]:
    return the_accounts()


@pytest.fixture
def sell(boss: User, accounts: dict[str, Account]) -> Sell:
    return sell_by(boss, accounts)


def refresh(user: User) -> dict[str, Any]:
    """Run the refresh and everything waiting before it; returns its result."""
    from guanxi.insight.services.refresh import recompute

    job = unit_of_work(lambda: recompute(user))
    jobs.work_off()
    job.refresh_from_db()
    assert job.state == "done", (job.message, job.result)
    return dict(job.result)
