"""Measures of every kind: proposed, decided, told to the person, and booked only where they are about money (PERF-02)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.incentives.models import Entry, Measure
from guanxi.incentives.queries.ledger import balance
from guanxi.incentives.tests.conftest import Do, on
from guanxi.org.models import Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]
YUAN = "yuan"


def proposed(client: Client, do: Do, leader: User, person: User, kind: str, amount: str) -> Measure:
    client.force_login(leader)
    form = {"person": person.pk, "kind": kind, "amount": amount, "reason": "第一季度", "effective_on": "2026-04-01"}
    assert client.post("/measures/new/", {**form, "key": kind}).status_code == 302
    row = Measure.objects.get(kind=kind)
    assert do(leader, row, "propose_measure") in (204, 302)
    return row


def decided(client: Client, owner: User, row: Measure, word: str) -> None:
    client.force_login(owner)
    approval = Approval.objects.get(object_id=row.pk)
    assert client.post(f"/approvals/{approval.pk}/do/{word}/", {"opinion": "意见"}).status_code in (204, 302)
    row.refresh_from_db()


@pytest.mark.req("PERF-02")
def test_the_form_offers_praise_to_promotion_and_warning_to_dismissal(
    client: Client, leader: User, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    client.force_login(leader)
    form = client.get("/measures/new/").content.decode()
    kinds = ("表扬", "表彰", "奖金", "晋升", "警告", "罚款", "降职", "辞退")
    assert [Measure.Kind(one).label for one in Measure.Kind.values] == list(kinds)
    assert [kind for kind in kinds if f">{kind}</option>" not in form] == []


@pytest.mark.req("PERF-02")
@pytest.mark.parametrize(
    ("kind", "amount", "booked"),
    [("praise", "", 0), ("commendation", "", 0), ("bonus", "200", 200), ("promotion", "", 0), ("warning", "", 0),
     ("fine", "50", -50), ("demotion", "", 0), ("dismissal", "", 0)],
)  # fmt: skip
def test_each_measure_holds_once_approved_and_the_person_hears_of_it(
    client: Client, do: Do, leader: User, owner: User, seller: User, kind: str, amount: str, booked: int
) -> None:
    with on("2026-04-02"):
        row = proposed(client, do, leader, seller, kind, amount)
        Notice.objects.all().delete()
        decided(client, owner, row, "agree")
        assert (row.state, balance(seller)[YUAN]) == ("approved", Decimal(booked))
        assert Entry.objects.filter(owner=seller).count() == bool(booked)
        told = Notice.objects.get(user=seller, text__startswith="A measure holds for you")
        assert str(row.get_kind_display()) in told.text and "2026-04-02" in told.text


@pytest.mark.req("PERF-02")
def test_a_measure_that_is_refused_books_nothing_and_holds_for_nobody(
    client: Client, do: Do, leader: User, owner: User, seller: User
) -> None:
    with on("2026-04-02"):
        row = proposed(client, do, leader, seller, "fine", "50")
        decided(client, owner, row, "refuse")
        assert (row.state, balance(seller)[YUAN], Entry.objects.count()) == ("refused", Decimal(0), 0)
        assert not Notice.objects.filter(user=seller).exists()
