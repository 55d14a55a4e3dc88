"""A new database, made by the migrations: all other tests take their tables straight from the models."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler

ROOT = Path(__file__).resolve().parents[3]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a program that meets an empty database."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("GUANXI_", "DJANGO_", "PYTEST_"))}
    env |= {"GUANXI_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "guanxi.project.settings"}
    if connection.vendor == "sqlite":
        yield env
        return
    name, there = f"migrated_{os.getpid()}", connection.settings_dict
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield env | {"GUANXI_DATABASE_URL": f"postgres://{there['USER']}@{there['HOST']}:{there['PORT']}/{name}"}
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name}")


def columns(there: BaseDatabaseWrapper) -> dict[str, set[str]]:
    """Table to its columns."""
    with there.cursor() as cursor:
        return {
            table: {column.name for column in there.introspection.get_table_description(cursor, table)}
            for table in (model._meta.db_table for model in apps.get_models(include_auto_created=True))
        }


def guards(there: BaseDatabaseWrapper) -> set[str]:
    """Names of indexes and constraints our models declare."""
    named = set()
    with there.cursor() as cursor:
        for model in apps.get_models():
            declared = {one.name for one in (*model._meta.indexes, *model._meta.constraints)}
            named |= declared & set(there.introspection.get_constraints(cursor, model._meta.db_table))
    return named


def test_the_migrations_make_what_the_models_say(empty: dict[str, str]) -> None:
    command: list[Any] = [sys.executable, "-m", "guanxi.cli", "migrate", "-v0"]
    done = subprocess.run(command, cwd=ROOT, env=empty, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:]
    name = Path(empty["GUANXI_HOME"], "db.sqlite3") if connection.vendor == "sqlite" else f"migrated_{os.getpid()}"
    there = ConnectionHandler({"default": {**connection.settings_dict, "NAME": str(name)}})["default"]
    try:
        assert columns(there) == columns(connection)
        assert guards(there) == guards(connection)
    finally:
        there.close()
