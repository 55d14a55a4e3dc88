"""What the audit tests share: a home of their own, a company, and an attacker who has taken the triggers away."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from guanxi.audit import guards
from guanxi.kernel.models import Company, ExtraField
from guanxi.kernel.work import unit_of_work


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.HOME = tmp_path / "home"
    settings.BACKUP_ROOT, settings.MEDIA_ROOT = settings.HOME / "backups", settings.HOME / "media"
    settings.AUDIT_ANCHOR = settings.AUDIT_KEY = settings.BACKUP_PASSPHRASE = ""
    settings.HOME.mkdir()
    with translation.override("en"):
        yield Path(settings.HOME)


@pytest.fixture
def company(db: None) -> Company:
    return Company.objects.create(code="gx", name="关系公司")


def save_field(company: Company, name: str, title: str = "行业", **values: Any) -> ExtraField:
    def body() -> ExtraField:
        row = ExtraField(company=company, label="customers.account", name=name, title=title, **values)
        row.save()
        return row

    return unit_of_work(body)


@pytest.fixture
def trail(company: Company) -> list[ExtraField]:
    """Nine units of work, one entry each."""
    return [save_field(company, f"field{number}") for number in range(9)]


@pytest.fixture
def attack(trail: list[ExtraField]) -> Iterator[Callable[..., None]]:
    """Runs SQL as somebody who holds the database."""
    guards.remove()

    def run(sql: str, *params: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)

    yield run
    guards.install()
