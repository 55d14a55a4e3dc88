"""Exports over HTTP: what is in the file, what is masked, who may fetch it, what the trail keeps."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.exchange import exporting
from guanxi.exchange.tests.wizard import take_in
from guanxi.formats.tables.base import MARK
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Job
from guanxi.org.models import Role, User

pytestmark = [pytest.mark.django_db, pytest.mark.req("BEYOND-05")]
URL = "/customers/export/"


def account(owner: User, name: str, **values: Any) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def table(response: Any) -> list[list[str]]:
    """The rows of the file, without the marks below them."""
    rows = csv.reader(io.StringIO(content(response).decode("utf-8-sig")))
    return [row for row in rows if not row[0].startswith(MARK)]


def test_a_list_is_exported_as_it_is_filtered_and_only_within_reach(client: Client, seller: User, rival: User) -> None:
    account(seller, "甲公司", phone="13812346621")
    account(seller, "乙公司")
    account(rival, "丙公司")
    client.force_login(seller)
    where = json.dumps({"f": "name", "op": "contains", "v": "甲"}, ensure_ascii=False)
    rows = table(client.post(URL, {"format": "csv", "state": f"?where={where}&columns=name,phone,owner"}))
    assert rows[1:] == [["甲公司", "13812346621", "林知远"]]


def test_closed_fields_are_missing_and_masked_ones_masked(client: Client, seller: User, roles: dict[str, Role]) -> None:
    role = roles["representative"]
    role.grants["customers.account"] |= {"masked": ["phone", "credit_limit"], "hidden": ["remark"]}
    saved(role)
    seller.company.refresh_from_db()
    account(seller, "甲公司", phone="13812346621", remark="秘密", credit_limit=5)
    client.force_login(seller)
    rows = table(client.post(URL, {"format": "csv", "state": "?columns=name,phone,credit_limit,remark"}))
    assert rows[1] == ["甲公司", "138****6621", "••••"]
    everything = table(client.post(URL, {"format": "csv", "state": "", "every": "1"}))
    assert [cell for row in everything for cell in row if cell in ("秘密", "13812346621")] == []


def test_formulas_are_neutralised(client: Client, seller: User) -> None:
    account(seller, "=cmd|' /C calc'!A0")
    client.force_login(seller)
    assert table(client.post(URL, {"format": "csv", "state": "?columns=name"}))[1] == ["'=cmd|' /C calc'!A0"]
    book = openpyxl.load_workbook(io.BytesIO(content(client.post(URL, {"format": "xlsx", "state": "?columns=name"}))))
    cell = book.active["A2"]
    assert (cell.value, cell.data_type) == ("=cmd|' /C calc'!A0", "s")


@pytest.mark.req("SEC-09")
def test_the_trail_keeps_count_filter_and_hash(client: Client, seller: User) -> None:
    account(seller, "甲公司")
    client.force_login(seller)
    file = content(client.post(URL, {"format": "xlsx", "state": "?q=甲"}))
    kept = json.loads(Entry.objects.get(verb="export").new)
    assert (kept["rows"], kept["words"], kept["sha256"]) == (1, "甲", hashlib.sha256(file).hexdigest())


def test_who_may_not_export_gets_no_file(client: Client, hire: Any, east: Any) -> None:
    client.force_login(hire("counter", "service-specialist", east))
    assert client.post(URL, {"format": "csv"}).status_code == 403
    assert client.get(URL).status_code in (403, 405)


def test_a_long_list_becomes_a_job_whose_file_only_the_requester_fetches_for_a_day(
    client: Client, seller: User, rival: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "AT_ONCE", 10)
    monkeypatch.setattr(exporting, "CHUNK", 7)
    rows = [
        Account(company=seller.company, owner=seller, department=seller.department, name=f"客户{n:02d}")
        for n in range(25)
    ]
    work.unit_of_work(lambda: Account.objects.bulk_create(rows))
    client.force_login(seller)
    response = client.post(URL, {"format": "csv", "state": "?columns=name"})
    job = Job.objects.get(name="exchange.export")
    assert response.url == reverse("job", args=[job.pk])
    jobs.work_off()
    page = client.get(response.url).content.decode()
    fetch = reverse("export-file", args=[job.pk])
    assert fetch in page
    assert sorted(row[0] for row in table(client.get(fetch))[1:]) == [f"客户{n:02d}" for n in range(25)]
    client.force_login(rival)
    assert client.get(fetch).status_code == 404
    client.force_login(seller)
    with clock.shifted(clock.now() + timedelta(days=2)):
        assert client.get(fetch).status_code == 404


def test_an_export_can_be_taken_in_again_without_loss(client: Client, owner: User) -> None:
    """Round trip: what the export writes, the import understands."""
    account(owner, "甲公司", phone="13812346621", tags=["重点", "制造"], code="K1", is_key=True, industry="C")
    client.force_login(owner)
    file = content(client.post(URL, {"format": "xlsx", "state": "?columns=name,code,phone,tags,is_key,industry,owner"}))
    before = Account.objects.get()
    work.unit_of_work(before.delete)
    take_in(client, "customers.account", file, "export.xlsx")
    after = Account.objects.get()
    same = ("name", "code", "phone", "tags", "is_key", "industry", "owner_id", "department_id")
    assert [getattr(after, name) for name in same] == [getattr(before, name) for name in same]
