"""A locked or full database is told in words, and leaves what was there."""

from __future__ import annotations

import json
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.db import OperationalError
from django.test import Client

from guanxi.conftest import saved, signed_in
from guanxi.customers.models import Account
from guanxi.kernel import work
from guanxi.org.models import User


@pytest.fixture
def row(seller: User) -> Account:
    return saved(
        Account(company=seller.company, owner=seller, department=seller.department, name="东海电机", remark="旧")
    )


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize(
    ("text", "word"), [("database is locked", "busy"), ("database or disk is full", "disk is full")]
)
def test_a_database_that_cannot_write_says_so_and_keeps_what_it_has(
    seller: User, row: Account, monkeypatch: pytest.MonkeyPatch, text: str, word: str
) -> None:
    def fail(_attempt: int) -> None:
        raise OperationalError(text)

    client: Client = signed_in(seller)
    monkeypatch.setattr(work, "inject_fault", fail)
    form: dict[str, Any] = {"name": "东海电机", "remark": "新", "version": row.version}
    page = client.post(f"/customers/{row.pk}/edit/", form)
    assert (page.status_code, word in page.content.decode()) == (503, True)
    piece = client.post(f"/customers/{row.pk}/edit/", form, headers={"HX-Request": "true"})
    assert (piece.status_code, word in piece.content.decode()) == (503, True)
    answer = client.patch(f"/api/customers/{row.pk}/", json.dumps({"remark": "新"}), content_type="application/json")
    assert (answer.status_code, word in answer.json()["detail"]) == (503, True)
    row.refresh_from_db()
    assert row.remark == "旧"


def test_a_fault_of_ours_stays_an_error(seller: User, row: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_attempt: int) -> None:
        raise OperationalError("no such column: x")

    client: Client = signed_in(seller)
    monkeypatch.setattr(work, "inject_fault", fail)
    with pytest.raises(OperationalError):
        client.post(f"/customers/{row.pk}/edit/", {"name": "东海电机", "version": row.version})


def test_reading_goes_on_where_it_cannot_be_noted_who_reads(
    client: Client, seller: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def locked(_manager: Any, request: Any) -> None:
        asked.append(request.path)
        raise OperationalError("database is locked")

    monkeypatch.setattr(type(UserSession.objects), "create_from_request", locked)
    client.force_login(seller)
    assert [client.get("/customers/").status_code for _ in range(2)] == [200, 200]
    assert asked == ["/customers/"], "the next page does not wait for it again"
