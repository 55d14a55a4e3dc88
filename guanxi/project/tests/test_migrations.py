"""A new database, made by the migrations and made at once: all other tests take their tables straight from the models."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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


def run(env: dict[str, str], *command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


@contextmanager
def made(env: dict[str, str]) -> Iterator[BaseDatabaseWrapper]:
    name = Path(env["GUANXI_HOME"], "db.sqlite3") if connection.vendor == "sqlite" else f"migrated_{os.getpid()}"
    there = ConnectionHandler({"default": {**connection.settings_dict, "NAME": str(name)}})["default"]
    try:
        yield there
    finally:
        there.close()


def as_the_models_say(there: BaseDatabaseWrapper) -> bool:
    assert columns(there) == columns(connection)
    assert guards(there) == guards(connection)
    return True


def test_the_migrations_make_what_the_models_say(empty: dict[str, str]) -> None:
    run(empty, "django", "migrate", "-v0")
    with made(empty) as there:
        assert as_the_models_say(there)


def test_an_empty_database_gets_its_tables_at_once_and_owes_no_migration(empty: dict[str, str]) -> None:
    """Also where making them was interrupted before it was noted."""
    run(empty, "guanxi.cli", "migrate", "-v0")
    with made(empty) as there:
        assert as_the_models_say(there)
        with there.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM django_migrations")
            noted = cursor.fetchone()[0]
            cursor.execute("DELETE FROM django_migrations")
            cursor.execute("DROP TABLE learning_attempt")
    run(empty, "guanxi.cli", "migrate", "-v0")
    with made(empty) as there, there.cursor() as cursor:
        assert as_the_models_say(there)
        cursor.execute("SELECT count(*) FROM django_migrations")
        assert cursor.fetchone()[0] == noted > 50
    run(empty, "django", "migrate", "--check")
