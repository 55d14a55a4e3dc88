"""Files and pages besides the lists are no way round what stops exports and reading (SEC-07)."""

from __future__ import annotations

import io
from typing import Any

import openpyxl
import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.custody.models import ExportLog, Flag, Safeguard
from guanxi.handover.tests.course import begin, here, signed
from guanxi.handover.tests.world import load, work_off
from guanxi.org.models import Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEC-07"), pytest.mark.usefixtures("settled")]


def limit(**values: int) -> None:
    """The company's limits, made small enough for a few rows to reach them."""
    found = Safeguard.objects.get()
    for name, value in values.items():
        setattr(found, name, value)
    saved(found)


def file_of(answer: Any) -> Any:
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return openpyxl.load_workbook(io.BytesIO(data))


@pytest.mark.req("ACCT-05")
def test_a_leaver_takes_no_customers_along_by_the_briefing_or_by_cards_one_by_one(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    rows = load(seller, 2)
    row = begin(fill, leader, seller, rival)
    ways = (
        f"{here(row)}briefing/?of={rival.pk}&format=xlsx",
        f"/customers/{rows[0].pk}/relationship-card/?format=xlsx",
    )
    client.force_login(seller)
    assert [client.get(way).status_code for way in ways] == [409, 409]
    assert not ExportLog.objects.exists()
    assert Flag.objects.get().level == "stopped"
    assert Notice.objects.filter(user=leader, icon="shield-exclamation").count() == 1


@pytest.mark.req("ACCT-05", "INFO-18")
def test_the_briefing_as_a_file_is_marked_and_written_down_and_counts_as_an_export(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 3)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    work_off(row)
    client.force_login(rival)
    way = f"{here(row)}briefing/?format=xlsx"
    book = file_of(client.get(way))
    log = ExportLog.objects.get()
    assert (log.owner, log.rows, log.sentence, log.fetched, len(log.sha256)) == (rival, 3, str(row), 1, 64)
    assert log.number in str(book.worksheets[-1]["A1"].value)
    limit(export_rows=2)
    assert (client.get(way).status_code, ExportLog.objects.count()) == (409, 1)


@pytest.mark.req("INFO-13", "FORM-06")
def test_a_card_as_a_file_carries_a_number_and_the_daily_limit_counts_it(client: Client, seller: User) -> None:
    cards = load(seller, 2)
    limit(export_daily=1)
    client.force_login(seller)
    ways = [f"/customers/{card.pk}/relationship-card/?format=xlsx" for card in cards]
    book = file_of(client.get(ways[0]))
    log = ExportLog.objects.get()
    assert (log.owner, log.rows, log.number in str(book.worksheets[-1]["A1"].value)) == (seller, 1, True)
    assert log.number in str(book.worksheets[0].oddHeader.right.text)
    assert client.get(ways[1]).status_code == 409


@pytest.mark.req("INFO-13")
def test_reading_cards_statements_and_briefings_counts_towards_the_limits(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    cards = load(seller, 5)
    limit(opened_hour=3, opened_day=9, listed_hour=3, listed_day=9)
    client.force_login(seller)
    read = [client.get(f"/customers/{card.pk}/relationship-card/").status_code for card in cards]
    assert read == [200, 200, 200, 429, 429]
    assert [client.get(f"/customers/{cards[0].pk}/{way}").status_code for way in ("", "print/")] == [429, 429]
    row = begin(fill, leader, seller, rival)
    client.force_login(leader)
    assert client.get(f"{here(row)}briefing/").status_code == 429, "five customers in one list"
    assert Flag.objects.filter(level="stopped").count() == 2
