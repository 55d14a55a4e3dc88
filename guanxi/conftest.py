"""The cast of the tests: a company with two branches, its people, and somebody from another company."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, cast

import pytest
from django.test import Client

from guanxi.kernel import jobs, work
from guanxi.kernel.models import Company
from guanxi.kernel.models.pour import insert
from guanxi.org.models import Department, Role, User
from guanxi.org.services import open_account, seed_roles
from guanxi.org.services.roles import preset_roles


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what asks a database, and of the longest what may differ there: the rest is proven on SQLite."""
    if not os.environ.get("GUANXI_DATABASE_URL", "").startswith("postgres"):
        return
    rest = [item for item in items if any(item.iter_markers("once")) or not _asks_a_database(item)]
    config.hook.pytest_deselected(items=rest)
    left_out = set(rest)
    items[:] = [item for item in items if item not in left_out]


def _asks_a_database(item: pytest.Item) -> bool:
    by_fixture = {"db", "transactional_db"} & {*getattr(item, "fixturenames", ())}
    return bool(by_fixture) or any(item.iter_markers("django_db")) or any(item.iter_markers("postgres"))


def saved(row: Any) -> Any:
    """Save a row in a unit of work of its own."""
    work.unit_of_work(row.save)
    return row


def run(task: jobs.Task) -> Any:
    """The result of a job, which must end well."""
    job = work.unit_of_work(lambda: task.enqueue())
    jobs.work_off()
    job.refresh_from_db()
    assert job.state == "done", job.message
    return job.result


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(code="yuanhang", name="远航设备", short_name="远航")


@pytest.fixture
def other_company(db: None) -> Company:
    return Company.objects.create(code="other", name="别家公司")


@pytest.fixture
def roles(company: Company) -> dict[str, Role]:
    """The preset roles, without the trail of how they came: nearly every test begins with them."""
    if not Role.objects.filter(company=company).exists():
        insert(preset_roles(company))
    return seed_roles(company)


@pytest.fixture
def headquarters(company: Company) -> Department:
    return cast(Department, saved(Department(company=company, name="总部", code="hq", kind="hq")))


@pytest.fixture
def east(company: Company, headquarters: Department) -> Department:
    return cast(
        Department,
        saved(Department(company=company, name="华东一店", code="east-1", kind="branch", parent=headquarters)),
    )


@pytest.fixture
def west(company: Company, headquarters: Department) -> Department:
    return cast(
        Department,
        saved(Department(company=company, name="西部一店", code="west-1", kind="branch", parent=headquarters)),
    )


Hire = Callable[..., User]


@pytest.fixture
def hire(company: Company, roles: dict[str, Role]) -> Hire:
    """`hire("name", "role-code", department)` opens an account."""

    def one(username: str, role: str, department: Department | None = None, **values: Any) -> User:
        return open_account(
            company, roles=[roles[role]], username=username, department=department, password="a long password 1",
            **{"name": username, **values},
        )  # fmt: skip

    return one


@pytest.fixture
def seller(hire: Hire, east: Department) -> User:
    """A representative of the eastern branch."""
    return hire("seller", "representative", east, name="林知远")


@pytest.fixture
def rival(hire: Hire, east: Department) -> User:
    """A colleague with the same role in the same branch."""
    return hire("rival", "representative", east, name="陈书意")


@pytest.fixture
def leader(hire: Hire, east: Department) -> User:
    """The manager of the eastern branch."""
    return hire("leader", "store-manager", east, name="周屿")


@pytest.fixture
def head(leader: User, east: Department) -> User:
    """The manager of the eastern branch, named as its head."""
    east.head = leader
    saved(east)
    return leader


@pytest.fixture
def stranger(hire: Hire, west: Department) -> User:
    """A representative of another branch."""
    return hire("stranger", "representative", west, name="许嘉禾")


@pytest.fixture
def owner(hire: Hire, headquarters: Department) -> User:
    """The head of the company."""
    return hire("owner", "owner", headquarters, name="沈总")


@pytest.fixture
def outsider(other_company: Company) -> User:
    """Everything is allowed to this person, in another company."""
    roles = seed_roles(other_company)
    return open_account(
        other_company, roles=[roles["owner"]], username="outsider", name="外人", password="a long password 1"
    )
