"""Which column fills which field, and what is told before anything is written."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.exchange.tests.wizard import book, match, parked, sheet, slug, upload
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("BEYOND-05")]


def test_columns_are_matched_from_chinese_and_english_headers(boss: Client) -> None:
    job = parked(
        upload(
            boss,
            "customers.account",
            sheet(
                ("客户名称", "Phone", "E-mail", "建档时间", "录入人", "业务员", "???"), ("甲", "", "", "", "", "", "x")
            ),
        )
    )
    assert job.args["mapping"] == {
        "客户名称": "name", "Phone": "phone", "E-mail": "email", "建档时间": "created_at", "录入人": "created_by", "业务员": "owner",
    }  # fmt: skip
    page = boss.get(reverse("import-match", args=[slug("customers.account"), job.pk])).content.decode()
    assert page.count('data-l="Field"') == 7, "on a phone a column's field stands below its name"
    at_once, later = page[page.index('id="keys-l"') :].split("<details", 1)
    assert re.findall(r'name="key" value="(\w+)"', at_once) == ["phone", "email", "name", "owner"]
    assert 'value="credit_code"' in later, "a field no column fills yet can still be chosen"


HEADERS = {
    "customers.account": {
        "单位全称": "name", "客户简称": "short_name", "行业": "industry", "规模": "scale", "来源": "source", "座机": "phone",
        "官网": "website", "城市": "region_code", "法人": "representative", "注册时间": "founded_on", "下次跟进时间": "next_contact_on",
        "纳税人识别号": "credit_code", "跟进人": "owner", "年收入": "",
    },
    "customers.contact": {
        "联系人": "name", "所属客户": "account", "手机号": "mobile", "座机": "phone", "微信号": "wechat", "职位": "post", "生日": "birth_date",
    },
}  # fmt: skip


@pytest.mark.parametrize("label", HEADERS)
def test_the_usual_headers_of_chinese_lists_find_their_fields(boss: Client, label: str, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    wanted = HEADERS[label]
    job = parked(upload(boss, label, sheet(tuple(wanted), tuple("x" for _ in wanted))))
    assert job.args["mapping"] == {header: field for header, field in wanted.items() if field}


def test_masked_and_closed_fields_cannot_be_filled(client: Client, leader: User, roles: Any) -> None:
    role = roles["store-manager"]
    role.grants["customers.account"]["masked"] = ["phone"]
    saved(role)
    client.force_login(leader)
    leader.company.refresh_from_db()
    job = parked(upload(client, "customers.account", sheet(("客户名称", "电话"), ("甲", "13800138000"))))
    assert job.args["mapping"] == {"客户名称": "name"}
    assert match(client, job, 电话="phone").status_code == 422


def test_the_check_shows_problems_before_anything_is_written(boss: Client) -> None:
    job = parked(
        upload(
            boss,
            "customers.account",
            sheet(("客户名称", "电话", "密码"), ("甲", "12", "x"), ("乙", "13800138000", "y")),
        )
    )
    match(boss, job)
    page = boss.get(reverse("import-run", args=[slug("customers.account"), job.pk])).content.decode()
    assert (page.count('<span class="t-red">'), "密码" in page, Account.objects.count()) == (1, True, 0)


def test_a_template_is_matched_completely_when_it_comes_back(boss: Client) -> None:
    response = boss.get(reverse("import-template", args=[slug("customers.account")]))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    headers = [cell.value for cell in made.worksheets[0][1]]
    job = parked(upload(boss, "customers.account", book(headers, ["甲"] * len(headers)), "template.xlsx"))
    assert set(job.args["mapping"]) == set(headers)


def test_the_check_says_what_is_wrong_before_anything_is_stored(boss: Client) -> None:
    rows = (("甲", "企业"), ("", "company"), ("丙", "外星"))
    job = parked(upload(boss, "customers.account", sheet(("客户名称", "类型"), *rows)))
    match(boss, job)
    page = boss.get(reverse("import-run", args=["customers", job.pk])).content.decode()
    shown = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(<th scope=.row.*?)</tr>", page)]
    assert [row[:2] for row in shown] == [["甲", "Company"], ["", "Company"], ["丙", "外星"]]
    assert [bool(row[2]) for row in shown] == [False, True, True]
