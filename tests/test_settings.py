"""What the settings promise: durable SQLite, one shared cache, secrets encrypted, logs without personal data."""

import logging
import sys

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from guanxi.project.accounts import SecondFactorAdapter
from guanxi.project.checks import postgresql_speaks_chinese, unfit
from guanxi.project.logs import JsonLines


@pytest.mark.django_db
def test_sqlite_keeps_acknowledged_commits() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is durable by its own default")
    with connection.cursor() as cursor:
        found = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert found == ["wal", 2, 1]
    assert connection.transaction_mode == "IMMEDIATE"


def test_a_database_that_knows_ascii_only_is_refused() -> None:
    assert [message.id for message in unfit("SQL_ASCII", "C")] == ["guanxi.E001", "guanxi.E002"]
    assert [message.id for message in unfit("UTF8", "POSIX")] == ["guanxi.E002"]
    assert unfit("UTF8", "zh_CN.UTF-8") == []


@pytest.mark.django_db
@pytest.mark.postgres
def test_the_postgresql_of_these_tests_is_fit() -> None:
    assert postgresql_speaks_chinese(["default"]) == []


def test_the_cache_is_shared_between_processes() -> None:
    assert settings.CACHES["default"]["BACKEND"] == "django.core.cache.backends.db.DatabaseCache"


@pytest.mark.django_db
def test_every_answer_carries_the_strict_content_policy() -> None:
    policy = Client().get("/accounts/login/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.django_db
def test_nobody_can_sign_up_alone() -> None:
    Client().post("/accounts/signup/", {"username": "li", "password1": "Nanjing-2026!", "password2": "Nanjing-2026!"})
    from django.contrib.auth import get_user_model

    assert get_user_model()._default_manager.filter(username="li").count() == 0


def test_a_second_factor_seed_is_kept_encrypted() -> None:
    adapter = SecondFactorAdapter()
    first, second = adapter.encrypt("JBSWY3DP"), adapter.encrypt("JBSWY3DP")
    assert "JBSWY3DP" not in first
    assert first != second
    assert (adapter.decrypt(first), adapter.decrypt(second)) == ("JBSWY3DP", "JBSWY3DP")


def test_a_log_line_holds_no_telephone_number_and_no_address() -> None:
    try:
        raise ValueError("no customer 13812345678")
    except ValueError:
        record = logging.LogRecord("x", 40, __file__, 1, "mail to %s\nforged", ("li@example.com",), sys.exc_info())
    line = JsonLines().format(record)
    assert ("13812345678" in line, "li@example.com" in line, "\n" in line) == (False, False, False)
