"""The REST interface: the same rights, masks, filters, versions and verbs as the pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guanxi.api.models import Token
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel.models import ExtraField
from guanxi.org.models import User

pytestmark = pytest.mark.django_db


class Program:
    """A program that calls with a person's token."""

    def __init__(self, user: User) -> None:
        self.client, self.head = Client(), {"Authorization": f"Bearer {Token.issue(user, 'test')}"}

    def call(self, method: str, path: str, data: Any = None, **head: str) -> tuple[int, Any]:
        body = {} if data is None else {"data": json.dumps(data), "content_type": "application/json"}
        response = getattr(self.client, method)(f"/api/{path}", headers={**self.head, **head}, **body)
        return response.status_code, response.json() if response.content else None


def account(owner: User, name: str, **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def test_without_token_or_session_nothing_is_told(client: Client, company: object) -> None:
    assert client.get("/api/").status_code == 401
    assert client.get("/api/customers/", headers={"Authorization": "Bearer gx_wrong"}).status_code == 401


def test_a_program_sees_what_its_person_sees(seller: User, rival: User) -> None:
    mine, theirs = account(seller, "云岭精密"), account(rival, "鼎岳模具")
    program = Program(seller)
    status, page = program.call("get", "customers/")
    assert (status, [row["name"] for row in page["results"]]) == (200, ["云岭精密"])
    assert program.call("get", f"customers/{mine.pk}/")[0] == 200
    assert program.call("get", f"customers/{theirs.pk}/")[0] == 404


def test_a_row_is_created_once_however_often_it_is_sent(seller: User) -> None:
    program, data = Program(seller), {"name": "新客户", "kind": "company", "phone": "13812346621"}
    first = program.call("post", "customers/", data, **{"Idempotency-Key": "k-1"})
    again = program.call("post", "customers/", data, **{"Idempotency-Key": "k-1"})
    assert (first[0], again[0], first[1]["id"] == again[1]["id"]) == (201, 200, True)
    assert Account.objects.filter(name="新客户").count() == 1


def test_a_stale_version_is_refused_and_a_fresh_one_taken(seller: User) -> None:
    row = account(seller, "云岭精密")
    program = Program(seller)
    status, answer = program.call("patch", f"customers/{row.pk}/", {"remark": "一", "version": row.version})
    assert (status, answer["remark"]) == (200, "一")
    status, answer = program.call("patch", f"customers/{row.pk}/", {"remark": "二", "version": row.version})
    assert (status, answer["version"]) == (409, row.version + 1)


def test_wrong_values_name_their_fields(seller: User) -> None:
    status, answer = Program(seller).call("post", "customers/", {"name": "新客户", "credit_code": "12", "nonsense": 1})
    assert (status, set(answer["fields"])) == (422, {"nonsense"})
    status, answer = Program(seller).call(
        "post", "customers/", {"name": "新客户", "kind": "company", "credit_code": "12"}
    )
    assert (status, set(answer["fields"])) == (422, {"credit_code"})


def test_a_verb_is_a_call(leader: User, seller: User) -> None:
    row = account(leader, "云岭精密")
    program = Program(leader)
    assert program.call("post", f"customers/{row.pk}/hand_over/", {"to": str(seller.pk), "reason": "换区"})[0] == 200
    row.refresh_from_db()
    assert row.owner_id == seller.pk
    assert program.call("post", f"customers/{row.pk}/no_such_verb/", {})[0] == 404


def test_extra_fields_are_read_written_and_filtered(seller: User) -> None:
    saved(ExtraField(company=seller.company, label="customers.account", name="colour", title="颜色", kind="text"))
    program = Program(seller)
    assert program.call("post", "customers/", {"name": "红客户", "kind": "company", "x_colour": "红"})[0] == 201
    account(seller, "别的客户")
    where = json.dumps({"f": "x_colour", "op": "is", "v": "红"})
    _status, page = program.call("get", f"customers/?where={where}")
    assert [(row["name"], row["x_colour"]) for row in page["results"]] == [("红客户", "红")]


def test_a_frozen_person_has_no_programs(seller: User) -> None:
    program = Program(seller)
    seller.is_active = False
    seller.save()
    assert program.call("get", "customers/")[0] == 401
