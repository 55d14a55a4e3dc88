"""Large exports over HTTP: approval, marks in the file, limits a day, and the record of each (SEC-07)."""

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

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.custody.models import ExportLog, Flag, Safeguard
from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Job
from guanxi.org.models import Notice, User
from guanxi.web.models import SavedView

pytestmark = [pytest.mark.django_db, pytest.mark.req("SEC-07")]
URL = "/customers/export/"


@pytest.fixture
def limits(seller: User) -> Safeguard:
    """Small limits, so that few rows show what they do."""
    return saved(Safeguard(company=seller.company, export_rows=5, export_daily=12))


def customers(owner: User, number: int, word: str = "客户") -> None:
    rows = [
        Account(company=owner.company, owner=owner, department=owner.department, name=f"{word}{n:03d}")
        for n in range(number)
    ]
    work.unit_of_work(lambda: Account.objects.bulk_create(rows))


def content(response: Any) -> bytes:
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def test_a_small_export_goes_out_at_once_marked_and_written_down(client: Client, seller: User, leader: User) -> None:
    customers(seller, 3)
    client.force_login(seller)
    data = content(client.post(URL, {"format": "csv", "state": "?columns=name&q=客户"}))
    log = ExportLog.objects.get()
    last = lines(data)[-1][0]
    assert "林知远 (seller)" in last and log.number in last and clock.today().isoformat() in last
    assert (log.owner, log.rows, log.words, log.fields) == (seller, 3, "客户", "Name")
    assert (log.sha256, log.fetched) == (hashlib.sha256(data).hexdigest(), 1)
    client.force_login(leader)
    assert log.number in client.get("/exports-made/").content.decode()


def test_an_xlsx_carries_the_mark_on_every_page_and_a_sheet(client: Client, seller: User) -> None:
    customers(seller, 2)
    client.force_login(seller)
    book = openpyxl.load_workbook(io.BytesIO(content(client.post(URL, {"format": "xlsx", "state": "?columns=name"}))))
    number = ExportLog.objects.get().number
    assert number in (book.worksheets[0].oddHeader.right.text or "")
    assert "seller" in (book.worksheets[0].oddFooter.left.text or "")
    assert number in str(book.worksheets[-1]["A1"].value)
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["客户001", "客户000"]


def test_a_large_export_waits_for_the_head_and_is_then_written_for_the_requester_only(
    client: Client, seller: User, rival: User, head: User, limits: Safeguard
) -> None:
    customers(seller, 8)
    client.force_login(seller)
    response = client.post(URL, {"format": "csv", "state": "?columns=name"})
    approval = Approval.objects.get(kind="custody.export")
    assert response.url == f"/approvals/{approval.pk}/"
    assert client.post(URL, {"format": "csv", "state": "?columns=name"}).url == response.url  # asked once
    jobs.work_off()
    assert (Job.objects.filter(name="exchange.export").count(), ExportLog.objects.count()) == (0, 0)
    client.force_login(head)
    page = client.get(response.url).content.decode()
    assert "<dt>Rows</dt><dd>8</dd>" in page and "<dt>Columns</dt><dd>Name</dd>" in page
    assert client.post(f"/approvals/{approval.pk}/do/agree/", {"key": "a"}).status_code == 302
    jobs.work_off()
    job = Job.objects.get(name="exchange.export")
    client.force_login(rival)
    assert client.get(f"/exports/{job.pk}/").status_code == 404
    client.force_login(seller)
    assert f"/jobs/{job.pk}/" in client.get(response.url).content.decode()
    rows = lines(content(client.get(f"/exports/{job.pk}/")))
    assert len(rows) == 1 + 8 + 2
    log = ExportLog.objects.get()
    assert (log.approval, log.rows, log.fetched, log.job_id) == (approval, 8, 1, job.pk)
    assert Notice.objects.filter(user=seller, url=f"/jobs/{job.pk}/").exists()


def test_no_approval_no_file(client: Client, seller: User, head: User, limits: Safeguard) -> None:
    customers(seller, 8)
    client.force_login(seller)
    client.post(URL, {"format": "csv", "state": ""})
    approval = Approval.objects.get()
    client.force_login(head)
    client.post(f"/approvals/{approval.pk}/do/refuse/", {"key": "r", "opinion": "不需要"})
    jobs.work_off()
    assert not Job.objects.filter(name="exchange.export").exists()


def test_what_was_agreed_to_does_not_change_with_a_saved_view(
    client: Client, seller: User, head: User, limits: Safeguard
) -> None:
    customers(seller, 6, "甲")
    customers(seller, 1, "乙")
    view = saved(
        SavedView(
            company=seller.company, created_by=seller, owner=seller, label="customers.account", name="我的",
            where={"f": "name", "op": "contains", "v": "甲"},
        )
    )  # fmt: skip
    client.force_login(seller)
    client.post(URL, {"format": "csv", "state": f"?view={view.pk}&columns=name"})
    view.where = {}
    saved(view)
    client.force_login(head)
    client.post(f"/approvals/{Approval.objects.get().pk}/do/agree/", {"key": "a"})
    jobs.work_off()
    client.force_login(seller)
    rows = lines(content(client.get(f"/exports/{Job.objects.get(name='exchange.export').pk}/")))
    assert {row[0][0] for row in rows[1:-2]} == {"甲"}


def test_a_list_that_has_grown_since_needs_a_new_word(
    client: Client, seller: User, head: User, limits: Safeguard
) -> None:
    customers(seller, 6)
    client.force_login(seller)
    client.post(URL, {"format": "csv", "state": ""})
    customers(seller, 40, "新")
    client.force_login(head)
    client.post(f"/approvals/{Approval.objects.get().pk}/do/agree/", {"key": "a"})
    jobs.work_off()
    assert Job.objects.get(name="exchange.export").state == "failed"


def test_the_day_has_a_limit_that_is_reported_and_lifted_by_the_head(
    client: Client, seller: User, head: User, limits: Safeguard, hire: Any
) -> None:
    auditor = hire("auditor", "audit-administrator")
    customers(seller, 5)
    client.force_login(seller)
    sent = {"format": "csv", "state": "?columns=name"}
    assert [client.post(URL, sent).status_code for _n in range(3)] == [200, 200, 409]
    assert client.post("/contacts/export/", sent).status_code == 200  # nothing in it
    flag = Flag.objects.get(level="stopped")
    assert (flag.owner, flag.kind, flag.number) == (seller, "exported", 15)
    near = Flag.objects.get(level="warning")
    assert (near.number, near.allowed) == (10, 12), "near the limit the head hears of it already"
    assert [Notice.objects.filter(user=one, icon="shield-exclamation").count() for one in (head, auditor)] == [2, 1]
    assert client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "me", "reason": "我"}).status_code in (403, 404)
    client.force_login(head)
    assert client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "x", "reason": " "}).status_code == 422
    assert client.post(f"/unusual-reading/{flag.pk}/do/lift/", {"key": "y", "reason": "展会"}).status_code == 302
    client.force_login(seller)
    assert [client.post(URL, sent).status_code for _n in range(3)] == [200, 200, 409]
    with clock.shifted(clock.now() + timedelta(days=1)):
        assert client.post(URL, sent).status_code == 200


def test_most_of_ones_own_customers_at_once_leave_but_the_head_hears_of_it(
    client: Client, seller: User, rival: User, head: User
) -> None:
    customers(seller, 90)
    customers(rival, 60, "别家")
    client.force_login(seller)
    few = {"f": "name", "op": "contains", "v": "客户01"}
    assert client.post(URL, {"format": "csv", "state": f"?where={json.dumps(few)}"}).status_code == 200
    assert not Flag.objects.exists(), "ten of ninety are a day's work"
    assert client.post(URL, {"format": "csv", "state": "?columns=name"}).status_code == 200
    flag = Flag.objects.get()
    assert (flag.level, flag.number, flag.allowed, "90" in flag.remark) == ("warning", 100, 2000, True)
    assert "90" in Notice.objects.get(user=head, icon="shield-exclamation").text
    assert client.post(URL, {"format": "csv", "state": "?columns=name"}).status_code == 200
    assert Notice.objects.filter(user=head, icon="shield-exclamation").count() == 1, "once a day"


def test_letters_count_like_exports_and_carry_the_mark(client: Client, seller: User, limits: Safeguard) -> None:
    customers(seller, 6)
    client.force_login(seller)
    ids = list(Account.objects.values_list("pk", flat=True))
    few = client.post("/customers/letters/", {"selection": "&".join(f"id={pk}" for pk in ids[:2]), "what": "labels"})
    assert ExportLog.objects.get().number in few.content.decode()
    assert client.post("/customers/letters/", {"selection": "all=1&view=all", "what": "labels"}).status_code == 422


def test_a_printed_card_says_who_printed_it(client: Client, seller: User) -> None:
    customers(seller, 1)
    client.force_login(seller)
    page = client.get(f"/customers/{Account.objects.get().pk}/print/").content.decode()
    assert "林知远 (seller)" in page


def test_nobody_rewrites_the_record_of_exports(client: Client, seller: User, owner: User) -> None:
    customers(seller, 1)
    client.force_login(seller)
    content(client.post(URL, {"format": "csv", "state": ""}))
    log = ExportLog.objects.get()
    client.force_login(owner)
    assert client.post(f"/exports-made/{log.pk}/delete/", {"key": "d"}).status_code == 403
    assert client.post(
        f"/exports-made/{log.pk}/edit/", {"rows": 0, "key": "e", "version": log.version}
    ).status_code in (403, 422)
    log.refresh_from_db()
    assert (log.rows, log.deleted_at) == (1, None)
