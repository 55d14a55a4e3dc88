"""The counter, the printed form, the cards of an exhibition."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account
from guanxi.filing.models import Exhibition, Registration
from guanxi.kernel import clock
from guanxi.org.models import Department, FormNumber, User

pytestmark = pytest.mark.django_db
MORNING = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)  # Wednesday, 10:00 in Shanghai


@pytest.mark.req("FORM-01", "INFO-20")
def test_three_fields_are_a_registration_and_the_next_customer_is_served_at_once(
    client: Client, clerk: User, form: Any
) -> None:
    client.force_login(clerk)
    with clock.shifted(MORNING):
        answer = client.post("/counter/", {**form, "again": "1", "key": "k1"})
        client.post("/counter/", {**form, "again": "1", "key": "k1"})
    assert (answer.status_code, answer["Location"]) == (302, "/counter/")
    row = Registration.objects.get()
    assert (row.phone, row.state, row.collected_by, row.owner, row.department) == (
        "13812345678",
        "open",
        clerk,
        clerk,
        clerk.department,
    )
    assert row.number == "DJ-20261118-0001"
    assert {name: said["by"] for name, said in row.suppliers.items()} == dict.fromkeys(
        ("name", "phone", "need"), clerk.pk
    )


@pytest.mark.req("FORM-01")
@pytest.mark.parametrize("lacking", ["name", "phone", "need"])
def test_without_one_of_the_three_nothing_is_saved(client: Client, clerk: User, form: Any, lacking: str) -> None:
    client.force_login(clerk)
    answer = client.post("/counter/", {**form, lacking: ""})
    assert (answer.status_code, Registration.objects.count()) == (422, 0)


@pytest.mark.req("FORM-01", "FORM-06")
def test_the_form_is_printed_in_the_version_of_its_day_and_exported(
    client: Client, clerk: User, accountant: User, form: Any
) -> None:
    client.force_login(clerk)
    with clock.shifted(MORNING):
        client.post("/counter/", {**form, "print": "1"})
    row = Registration.objects.get()
    saved(
        FormNumber(
            company=clerk.company,
            key="registration",
            code="LC 16.06.302.01",
            title="新顾客登记表",
            form_version="B/1",
            valid_from="2026-12-01",
        )
    )
    page = client.get(f"/registrations/{row.pk}/form/").content.decode()
    assert all(words in page for words in ("LC 16.06.302.01", "A/0", "王建国", "想看看离心泵", row.number))
    with clock.shifted(datetime(2026, 12, 2, tzinfo=UTC)):
        assert "B/1" in client.get("/registrations/form/").content.decode()
    assert client.get(f"/registrations/{row.pk}/form/?format=xlsx").status_code == 403
    client.force_login(accountant)
    book = load_workbook(BytesIO(b"".join(client.get(f"/registrations/{row.pk}/form/?format=xlsx"))))  # type: ignore[call-overload]
    assert "王建国" in [cell.value for line in book.active.iter_rows() for cell in line]


@pytest.mark.req("INFO-17")
def test_the_counter_tells_which_colleague_works_with_the_customer(
    client: Client, clerk: User, stranger: User, seller: User
) -> None:
    theirs = Account(
        company=clerk.company,
        kind="person",
        name="王建国",
        phone="13812345678",
        owner=stranger,
        department=stranger.department,
    )
    theirs.last_contact_on = datetime(2026, 11, 2).date()
    saved(theirs)
    client.force_login(clerk)
    html = client.get("/counter/known/?phone=138-1234-5678").content.decode()
    assert stranger.name in html
    assert (f"/customers/{theirs.pk}/" in html, "王建国" in html) == (False, False)
    assert clerk.name not in client.get("/counter/known/?phone=13900000000").content.decode()


VCARDS = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=8E;=E9=9B=B7;;;\r\n"
    "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E6=9D=AD=E5=B7=9E=E5=90=AF=E6=98=8E=\r\n=E6=9C=BA=E6=A2=B0\r\n"
    "TEL;WORK;FAX:0571-88880000\r\nTEL;CELL:138-1111-2222\r\nEND:VCARD\r\n"
    "BEGIN:VCARD\nVERSION:3.0\nFN:韩梅梅\nN:韩;梅梅;;;\nORG:上海远景\\, 泵业;销售部\nTITLE:采购\n 经理\nTEL;TYPE=WORK,VOICE:021-55556666\n"
    "item1.EMAIL;TYPE=INTERNET:mei@example.com\nADR;TYPE=WORK:;;南京西路1号;静安区;上海市;200000;中国\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:4.0\nFN:Anna Schmidt\nTEL;VALUE=uri;TYPE=cell:tel:+49-30-1234567\nNOTE:wants a pump\nEND:VCARD\n"
)


@pytest.fixture
def fair(company: Any, headquarters: Department) -> Exhibition:
    questions = [{"question": "采购计划", "answers": "三个月内、半年内"}, {"question": "关注产品", "answers": ""}]
    return saved(Exhibition(company=company, department=headquarters, name="华东泵阀展", questions=questions))


@pytest.fixture
def service(hire: Hire, headquarters: Department) -> User:
    return hire("service", "relations-specialist", headquarters, name="宋服务")


@pytest.mark.req("FORM-04", "QUAL-07")
def test_vcards_of_all_versions_fill_the_table_and_become_registrations_of_the_exhibition(
    client: Client, service: User, fair: Exhibition
) -> None:
    client.force_login(service)
    file = SimpleUploadedFile("cards.vcf", VCARDS.encode())
    page = client.post(
        "/counter/cards/", {"exhibition": fair.pk, "files": file, "read": "1", "rows": "0"}
    ).content.decode()
    for words in ("李雷", "杭州启明机械", "138-1111-2222", "韩梅梅", "上海远景, 泵业 销售部", "采购经理", "mei@example.com",
                  "上海市静安区南京西路1号", "Anna Schmidt", "+49-30-1234567"):  # fmt: skip
        assert words in page
    assert Registration.objects.count() == 0
    typed = {
        "card-0-name": "李雷", "card-0-phone": "138-1111-2222", "card-0-organisation": "杭州启明机械",
        "card-1-name": "韩梅梅", "card-1-phone": "021-55556666", "card-1-need": "要三台",
    }  # fmt: skip
    client.post(
        "/counter/cards/",
        {"exhibition": fair.pk, "rows": "8", "need_all": "展会咨询", "save": "1", "key": "c", **typed},
    )
    rows = Registration.objects.order_by("pk")
    assert [(r.name, r.need, r.origin, r.exhibition, r.source_detail) for r in rows] == [
        ("李雷", "展会咨询", "exhibition", fair, "华东泵阀展"), ("韩梅梅", "要三台", "exhibition", fair, "华东泵阀展"),
    ]  # fmt: skip
    queue = client.get("/registrations/?view=exhibition").content.decode()
    assert "李雷" in queue


@pytest.mark.req("FORM-04")
def test_one_wrong_card_saves_none_and_says_which(client: Client, service: User, fair: Exhibition) -> None:
    client.force_login(service)
    typed = {"card-0-name": "李雷", "card-0-phone": "13811112222", "card-1-name": "韩梅梅", "card-1-phone": "12"}
    answer = client.post(
        "/counter/cards/", {"exhibition": fair.pk, "rows": "8", "need_all": "咨询", "save": "1", **typed}
    )
    assert (answer.status_code, Registration.objects.count()) == (422, 0)
    assert 'value="韩梅梅"' in answer.content.decode()


@pytest.mark.req("FORM-04", "FORM-06")
def test_the_questionnaire_is_prepared_and_printed_under_its_number(
    client: Client, service: User, fair: Exhibition
) -> None:
    client.force_login(service)
    page = client.get(f"/exhibitions/{fair.pk}/questionnaire/").content.decode()
    assert all(words in page for words in ("采购计划", "□ 三个月内", "LC 16.06.302.03"))
    assert client.get(f"/exhibitions/{fair.pk}/questionnaire/?format=xlsx").status_code == 200
