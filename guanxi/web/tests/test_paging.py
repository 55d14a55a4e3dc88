"""Paging: forwards and backwards over any data, each row comes exactly once and in order."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import signing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.customers.models import Account
from guanxi.kernel import work
from guanxi.kernel.fields import Field
from guanxi.kernel.models import Company
from guanxi.web.paging import SALT, Cursor, Source, count_up_to, page_of, unpack

pytestmark = pytest.mark.django_db
KINDS = {"name": "text", "credit_limit": "money", "founded_on": "date", "created_at": "datetime", "completeness": "int"}


@pytest.fixture
def rows(company: Company) -> Any:
    from datetime import UTC, date, datetime
    from decimal import Decimal

    def fill() -> None:
        for n in range(31):
            Account(
                company=company, name=["云岭", "a", "B", "b", "Ä"][n * 7 % 5], credit_limit=[None, Decimal("1.50"), Decimal(2)][n * 5 % 3],
                founded_on=[None, date(2026, 1, 1 + n % 3)][n % 2], completeness=n % 4, code=f"C{n}",
                created_at=datetime(2026, 1, 1 + n % 2, 3, 4, 5, 123456 + n % 3, tzinfo=UTC),
            ).save()  # fmt: skip

    work.unit_of_work(fill)
    return Account.objects.all()


def walk(rows: Any, sort: str, size: int) -> tuple[list[int], list[int]]:
    """The ids met on the way to the end, and on the way back from there."""
    name = sort.lstrip("-")
    found = Field(name, name, KINDS[name], name) if name in KINDS else None

    def page(text: str) -> Any:
        return page_of(Source(rows.model, lambda: rows), sort, found, [], unpack(text, sort), size)

    at = page("")
    assert at.previous == ""
    pages = [at]
    while at.next:
        at = page(at.next)
        pages.append(at)
    back = [at]
    while at.previous:
        at = page(at.previous)
        back.append(at)
    forwards = [row[0] for one in pages for row in one.rows]
    return forwards, [row[0] for one in reversed(back) for row in one.rows]


def test_walking_there_and_back_meets_each_row_once_in_order(rows: Any) -> None:
    values = {row.pk: row for row in rows}

    @settings(
        max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.sampled_from([*KINDS, "id"]), st.booleans(), st.integers(1, 34))
    def run(name: str, down: bool, size: int) -> None:
        forwards, backwards = walk(rows, f"{'-' if down else ''}{name}", size)
        assert forwards == backwards
        assert sorted(forwards) == sorted(values)
        keys = [getattr(values[pk], name) for pk in forwards]
        known = [key for key in keys if key is not None]
        assert keys == known + [None] * (len(keys) - len(known))
        if name != "name":  # letters are the database's own affair
            assert known == sorted(known, reverse=down)
        pairs = [pk for pk in forwards if getattr(values[pk], name) == keys[0]]
        assert pairs == sorted(pairs, reverse=down)

    run()


@pytest.mark.parametrize(
    "text",
    ["x", "a:b:c", signing.dumps(["name", 1], salt=SALT), signing.dumps(["-id", 1, None, False, False], salt="other")],
    ids=["text", "three parts", "too short", "other salt"],  # signatures carry the time: no names for tests
)
def test_a_forged_cursor_begins_at_the_beginning(text: str) -> None:
    assert unpack(text, "name") is None
    assert unpack(text, "-id") is None


def test_a_cursor_of_another_order_is_ignored() -> None:
    packed = Cursor(5, "x").pack("name")
    assert unpack(packed, "name") == Cursor(5, "x")
    assert unpack(packed, "-name") is None


def test_counting_stops_at_the_limit(rows: Any) -> None:
    assert (count_up_to(rows, 30), count_up_to(rows, 31)) == ("30+", "31")
