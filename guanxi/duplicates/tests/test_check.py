"""The check over HTTP: while somebody types, before a file is stored, across scopes, and in an import."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.audit.models import Entry
from guanxi.customers.models import Account, Contact
from guanxi.duplicates.kinds import kind_of
from guanxi.duplicates.likeness import keys
from guanxi.duplicates.models import DupKey
from guanxi.duplicates.queries.check import masked
from guanxi.duplicates.services.keys import fill
from guanxi.duplicates.tests.conftest import CODE, NAME, OTHER_CODE, filed, known, sent, typed
from guanxi.kernel import jobs, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import ImportedRow, Job
from guanxi.org.models import User

pytestmark = pytest.mark.django_db


def numbers(row: Any) -> set[int]:
    return set(DupKey.objects.filter(object_id=row.pk).values_list("key", flat=True))


def expected(row: Any) -> set[int]:
    kind = kind_of(row._meta.label_lower)
    assert kind is not None
    return set(keys(kind.of_row(row), row.company_id))


def test_keys_follow_every_change_of_a_file(seller: User) -> None:
    account = filed(seller, phone="13812346621")
    assert numbers(account) == expected(account) != set()
    before = numbers(account)
    verbs.change(entity(Account), account.pk, {"remark": "x"}, actor=seller)
    assert numbers(account) == before
    account = verbs.change(entity(Account), account.pk, {"name": "杭州远航设备有限公司"}, actor=seller)
    assert numbers(account) == expected(account) != before
    work.unit_of_work(lambda: (setattr(account, "deleted_at", account.created_at), account.save()))
    assert numbers(account) == set()


def test_a_job_gives_keys_to_files_that_are_older_than_the_keys(seller: User) -> None:
    accounts = [filed(seller, f"苏州云岭{n}号机械有限公司") for n in range(3)]
    person = known(accounts[0], "王建国", mobile="13812346621")
    DupKey.objects.exclude(object_id=accounts[1].pk).delete()
    job = fill.enqueue()
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"files": 3})
    for row in (*accounts, person):
        assert numbers(row) == expected(row)


@pytest.mark.req("BEYOND-04", "INFO-17")
def test_typing_shows_who_is_on_file_with_keeper_and_last_contact(client: Client, seller: User) -> None:
    account = filed(seller, phone="0512-66667777", last_contact_on=date(2026, 1, 9))
    client.force_login(seller)
    html = typed(client, name="云岭精密机械（苏州）公司")
    for words in (NAME, f"/customers/{account.pk}/", "林知远 · 华东一店", "1月9日"):
        assert words in html
    assert NAME in typed(client, phone="0512 6666 7777")
    assert typed(client, name="北京银行").strip() == typed(client, name="").strip() == ""
    assert typed(client, name=NAME, row=account.pk).strip() == ""


@pytest.mark.req("BEYOND-04", "INFO-17")
def test_a_file_out_of_reach_is_shown_masked_and_without_a_link(client: Client, seller: User, stranger: User) -> None:
    account = filed(seller, phone="13812346621", address="某路 1 号")
    known(account, "王建国", mobile="13987654321")
    client.force_login(stranger)
    html = typed(client, name=NAME)
    assert "云岭**公司" in html
    assert "林知远 · 华东一店" in html
    for secret in (NAME, "精密", "某路", str(account.pk), "<a "):
        assert secret not in html
    html = typed(client, phone="139 8765 4321")
    assert "王**（云岭**公司）" in html
    assert "王建国" not in html


@pytest.mark.req("BEYOND-04")
def test_another_company_s_files_are_never_looked_at(client: Client, seller: User, outsider: User) -> None:
    filed(seller, phone="13812346621")
    client.force_login(outsider)
    assert typed(client, name=NAME, phone="13812346621").strip() == ""


def test_names_are_masked_to_what_a_colleague_needs() -> None:
    assert masked("苏州远航设备有限公司") == "远航**公司"
    assert masked("王建国", person=True) == "王**"


@pytest.mark.req("BEYOND-04")
def test_a_certain_duplicate_is_not_stored_and_says_whose_it_is(client: Client, seller: User, rival: User) -> None:
    filed(seller)
    client.force_login(rival)
    response = sent(client, name="苏州云岭精密機械有限公司")
    html = response.content.decode()
    assert (response.status_code, Account.objects.count()) == (409, 1)
    assert "云岭**公司" in html
    assert "林知远 · 华东一店" in html
    assert 'name="confirmed"' not in html
    response = sent(client, name=NAME, confirmed="1", doubt_reason="我说了算")
    assert (response.status_code, Account.objects.count()) == (409, 1)


@pytest.mark.req("BEYOND-04")
def test_whoever_may_override_goes_on_with_a_reason_that_is_logged(client: Client, seller: User, leader: User) -> None:
    filed(seller)
    client.force_login(leader)
    html = sent(client, name=NAME).content.decode()
    assert 'name="confirmed"' in html
    assert 'name="doubt_reason"' in html
    assert sent(client, name=NAME, confirmed="1").status_code == 409
    response = sent(client, name=NAME, confirmed="1", doubt_reason="同名的另一家公司")
    assert (response.status_code, Account.objects.count()) == (302, 2)
    entry = Entry.objects.get(verb="customers.account.overrode")
    details = json.loads(entry.new)
    assert (entry.actor_id, details["reason"]) == (leader.pk, "同名的另一家公司")
    assert NAME in details["found"]


@pytest.mark.req("BEYOND-04")
def test_a_possible_duplicate_asks_once_and_is_stored_on_yes(client: Client, seller: User, rival: User) -> None:
    filed(seller)
    client.force_login(rival)
    response = sent(client, name="云岭精密机械公司", key="one")
    assert (response.status_code, Account.objects.count()) == (409, 1)
    assert "仍要保存" in response.content.decode()
    assert sent(client, name="云岭精密机械公司", key="one", confirmed="1").status_code == 302
    assert Account.objects.count() == 2
    assert Entry.objects.filter(verb="customers.account.overrode").count() == 1


@pytest.mark.req("BEYOND-04")
def test_an_equal_credit_code_is_final_and_an_unequal_one_another_company(
    client: Client, seller: User, leader: User
) -> None:
    filed(seller, credit_code=CODE)
    client.force_login(leader)
    html = sent(client, name="完全不同的名称", credit_code=CODE).content.decode()
    assert 'name="confirmed"' not in html
    response = sent(client, name="完全不同", credit_code=CODE, confirmed="1", doubt_reason="x")
    assert response.status_code == 409
    assert "关联公司" in typed(client, name=NAME, credit_code=OTHER_CODE)
    assert sent(client, name=NAME, credit_code=OTHER_CODE).status_code == 302


@pytest.mark.req("BEYOND-04")
def test_contacts_are_checked_by_phone_across_customers(client: Client, seller: User, rival: User) -> None:
    mine, theirs = filed(seller), filed(rival, "成都泰和阀门有限公司", phone="13500001111")
    known(theirs, "王建国", mobile="13812346621")
    client.force_login(seller)
    html = typed(client, "contacts", name="王建国", mobile="13812346621", account=str(mine.pk))
    assert "王**（泰和**公司）" in html
    response = sent(client, "contacts", name="王建国", mobile="13812346621", account=mine.pk)
    assert (response.status_code, Contact.objects.count()) == (409, 1)
    assert (
        sent(client, "contacts", name="王建国", mobile="13812346621", account=mine.pk, confirmed="1").status_code == 302
    )
    assert "泰和" in typed(client, "contacts", mobile="13500001111", account=str(mine.pk))
    client.force_login(rival)  # the phone of one's own account is no news
    assert "泰和阀门" not in typed(client, "contacts", name="李雷", mobile="13500001111", account=str(theirs.pk))


@pytest.mark.req("BEYOND-04")
def test_a_change_is_checked_only_where_it_says_who_somebody_is(client: Client, seller: User) -> None:
    filed(seller)
    twin = filed(seller, credit_code=CODE)
    client.force_login(seller)
    edit = {"kind": "company", "country": "CN", "name": NAME, "remark": "随便", "version": twin.version}
    assert client.post(f"/customers/{twin.pk}/edit/", {**edit, "credit_code": CODE}).status_code == 302
    other = filed(seller, "杭州远航设备有限公司")
    response = client.post(f"/customers/{other.pk}/edit/", {**edit, "version": other.version})
    assert response.status_code == 409
    response = client.post(f"/customers/{other.pk}/cell/phone/", {"phone": "0512-66667777", "version": other.version})
    assert response.status_code == 200


@pytest.mark.req("BEYOND-04")
def test_programs_are_refused_what_is_certain(client: Client, seller: User) -> None:
    filed(seller)
    client.force_login(seller)
    response = client.post("/api/customers/", json.dumps({"name": NAME}), content_type="application/json")
    assert (response.status_code, Account.objects.count()) == (409, 1)
    assert NAME in response.json()["error"]
    with pytest.raises(Refused):
        verbs.add(entity(Account), {"name": NAME}, actor=seller)


def test_the_form_carries_the_place_where_hits_appear(client: Client, seller: User) -> None:
    client.force_login(seller)
    html = client.get("/customers/new/").content.decode()
    assert 'hx-post="/duplicates/look/customers/"' in html
    assert "delay:400ms" in html
    assert "#id_name, #id_phone, #id_credit_code" in html
    assert 'hx-post="/duplicates/look/contacts/"' in client.get("/contacts/new/").content.decode()
    assert client.get("/duplicates/look/customers/").status_code == 405
    assert client.post("/duplicates/look/segments/").status_code == 404


def taken_in(client: Client, text: str, **options: Any) -> Job:
    file = SimpleUploadedFile("rows.csv", text.encode())
    response = client.post("/customers/import/", {"file": file})
    job = Job.objects.get(pk=int(response.url.rstrip("/").split("/")[-1]))
    page = client.get(f"/customers/import/{job.pk}/").content.decode()
    assert "查找重复" in page
    chosen = {}
    for block in re.split(r"<tr>", page):
        if (name := re.search(r'name="(column-\d+)"', block)) and (
            value := re.search(r'value="([^"]+)" selected', block)
        ):
            chosen[name[1]] = value[1]
    data = {**chosen, "mode": "create", "duplicates-shown": "1", "duplicates": "1", **options}
    client.post(f"/customers/import/{job.pk}/", {k: v for k, v in data.items() if v})
    client.post(f"/customers/import/{job.pk}/run/")
    jobs.work_off()
    job.refresh_from_db()
    return job


FILE = (
    "客户名称,电话\n苏州云岭精密机械有限公司,\n云岭精密机械公司,\n成都泰和阀门有限公司,13500001111\n"
    "泰和阀门（成都）有限公司,13500001111\n成都泰和阀门有限公司,\n北京银行,\n"
)


@pytest.mark.req("BEYOND-04")
def test_an_import_refuses_what_is_certain_and_marks_what_may_be(client: Client, seller: User, owner: User) -> None:
    filed(seller)
    client.force_login(owner)
    job = taken_in(client, FILE)
    rows = {r.line: (r.outcome, bool(r.reason)) for r in ImportedRow.objects.filter(job=job)}
    assert [rows[line] for line in sorted(rows)] == [
        ("failed", True), ("created", True), ("created", False), ("failed", True), ("failed", True), ("created", False),
    ]  # fmt: skip
    assert sorted(Account.objects.values_list("name", flat=True)) == sorted(
        [NAME, "云岭精密机械公司", "成都泰和阀门有限公司", "北京银行"]
    )
    html = client.get(f"/customers/import/{job.pk}/result/").content.decode()
    assert 'data-count="marked">1<' in html
    assert "可能重复" in html
    errors = b"".join(client.get(f"/customers/import/{job.pk}/errors/")).decode("utf-8-sig", "ignore")
    assert "林知远" in errors


@pytest.mark.req("BEYOND-04")
def test_the_check_of_an_import_can_be_switched_off(client: Client, seller: User, owner: User) -> None:
    filed(seller)
    client.force_login(owner)
    job = taken_in(client, FILE, duplicates="")
    assert job.args["duplicates"] is False
    assert Account.objects.count() == 7


def checked(client: Client, text: str, **options: Any) -> tuple[Job, str]:
    """Up to the third step of the wizard: the job that waits, and what the check of its file says."""
    file = SimpleUploadedFile("rows.csv", text.encode())
    job = Job.objects.get(pk=int(client.post("/customers/import/", {"file": file}).url.rstrip("/").split("/")[-1]))
    page = client.get(f"/customers/import/{job.pk}/").content.decode()
    chosen = dict(re.findall(r'name="(column-\d+)".*?value="([^"]+)" selected', page, re.DOTALL))
    client.post(f"/customers/import/{job.pk}/", {**chosen, "mode": "create", **options})
    assert f"/customers/import/{job.pk}/check/" in client.get(f"/customers/import/{job.pk}/run/").content.decode()
    return job, client.get(f"/customers/import/{job.pk}/check/", headers={"HX-Request": "true"}).content.decode()


def tallied(html: str) -> dict[str, int]:
    return {key: int(n) for key, n in re.findall(r'data-count="(\w+)">(\d+)<', html) if int(n)}


@pytest.mark.req("BEYOND-04", "BEYOND-05", "QUAL-15")
def test_the_wizard_says_before_writing_what_the_import_will_do_with_repeated_and_known_rows(
    client: Client, seller: User, owner: User
) -> None:
    filed(seller)
    client.force_login(owner)
    job, html = checked(client, FILE)
    rows = re.findall(
        r'<tr><td class="num"[^>]*>(\d+)</td><th scope="row">(.*?)</th>.*?>(.*?)</td>.*?<td[^>]*>(.*?)</td>', html
    )
    assert tallied(html) == {"created": 3, "twice": 2, "known": 2}
    assert [(line, name) for line, name, _why, _fate in rows] == [
        ("2", NAME), ("3", "云岭精密机械公司"), ("5", "泰和阀门（成都）有限公司"), ("6", "成都泰和阀门有限公司"),
    ]  # fmt: skip
    fates = {line: "green" if "bdg-green" in fate else re.findall(r"bdg-(\w+)", fate)[0] for line, _n, _w, fate in rows}
    assert fates == {"2": "red", "3": "amber", "5": "red", "6": "red"}
    assert (Account.objects.count(), ImportedRow.objects.count()) == (1, 0)
    client.post(f"/customers/import/{job.pk}/run/")
    jobs.work_off()
    job.refresh_from_db()
    assert (job.result["created"], job.result["failed"]) == (3, 3), "exactly as foretold"
    assert client.get(f"/customers/import/{job.pk}/check/").status_code == 409


@pytest.mark.req("BEYOND-04", "BEYOND-05")
def test_a_known_customer_out_of_reach_stays_masked_in_the_wizard(
    client: Client, seller: User, hire: Any, west: Any
) -> None:
    filed(seller, phone="13812346621")
    client.force_login(hire("manager", "store-manager", west))
    html = checked(client, f"客户名称\n{NAME.replace('有限', '')}\n")[1]
    assert (tallied(html)["known"], "云岭**公司" in html, NAME in html) == (1, True, False)


@pytest.mark.req("BEYOND-05")
def test_of_a_long_file_the_wizard_checks_the_first_rows_and_says_so(
    client: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guanxi.exchange.importing.check.MOST", 5)
    client.force_login(owner)
    html = checked(client, "客户名称\n" + "".join(f"第{n}号泵阀厂\n" for n in range(9)))[1]
    assert "5" in re.findall(r'<p class="t3 sm">.*?</p>', html)[0]
    assert sum(tallied(html).values()) - tallied(html).get("twice", 0) == 5


@pytest.mark.req("BEYOND-05")
def test_without_the_search_for_duplicates_the_wizard_foretells_that_too(
    client: Client, seller: User, owner: User
) -> None:
    filed(seller)
    client.force_login(owner)
    html = checked(client, FILE, **{"duplicates-shown": "1"})[1]
    assert tallied(html) == {"created": 6}
