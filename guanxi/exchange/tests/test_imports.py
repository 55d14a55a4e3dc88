"""The import wizard over HTTP: match, check, run, errors, mending, killing, undo."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from guanxi.audit.models import Entry
from guanxi.catalog.models import Product, ProductCategory
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.exchange.importing import run as running
from guanxi.kernel import jobs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import ExtraField, ImportedRow, Job
from guanxi.org.models import Department, User
from guanxi.sales.models import Order, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.req("BEYOND-05")]


def slug(label: str) -> str:
    return entity(label).slug


def book(*rows: tuple[Any, ...]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def sheet(*rows: tuple[Any, ...], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode(encoding)


def upload(client: Client, label: str, content: bytes, name: str = "rows.csv", **data: Any) -> Any:
    file = SimpleUploadedFile(name, content)
    return client.post(reverse("record-import", args=[slug(label)]), {"file": file, **data})


def parked(response: Any) -> Job:
    assert response.status_code == 302, re.findall(r"<b>([^<]+)</b>", response.content.decode())
    return Job.objects.get(pk=int(response.url.rstrip("/").split("/")[-1]))


def match(client: Client, job: Job, *, mode: str = "create", key: list[str] | None = None, **changes: str) -> Any:
    """Send the page that matches columns as it came, with some columns changed."""
    headers = list(changes.pop("headers", "").split("|")) if "headers" in changes else None
    page = client.get(reverse("import-match", args=[slug(job.args["label"]), job.pk])).content.decode()
    names = re.findall(r'name="(column-\d+)" aria-label="([^"]*)"', page)
    chosen = {}
    for column, header in names:
        block = page.split(f'name="{column}"')[1].split("</select>")[0]
        found = re.search(r'value="([^"]*)" selected', block)
        chosen[column] = changes.get(header, found[1] if found else "")
    assert headers is None or [header for _c, header in names] == headers
    ticked = re.findall(r'name="key" value="([^"]+)" checked', page)
    data = {**chosen, "mode": mode, "key": ticked if key is None else key}
    return client.post(reverse("import-match", args=[slug(job.args["label"]), job.pk]), data)


def run(client: Client, job: Job) -> Job:
    url = reverse("import-run", args=[slug(job.args["label"]), job.pk])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    jobs.work_off()
    job.refresh_from_db()
    return job


def take_in(
    client: Client, label: str, content: bytes, name: str = "rows.csv", mode: str = "create", **options: Any
) -> Job:
    job = parked(upload(client, label, content, name))
    response = match(client, job, mode=mode, **options)
    assert response.status_code == 302, re.findall(r"<b>([^<]+)</b>", response.content.decode())
    return run(client, job)


def counted(job: Job) -> dict[str, int]:
    return {key: value for key, value in job.result.items() if isinstance(value, int) and value}


def reasons(job: Job) -> dict[int, str]:
    return dict(ImportedRow.objects.filter(job=job, outcome="failed").values_list("line", "reason"))


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of tests that run beside each other stay apart."""
    settings.HOME, settings.EXPORT_ROOT = tmp_path, tmp_path / "exports"


@pytest.fixture
def boss(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client


CUSTOMERS = ("客户名称", "电话", "成立日期", "注册资本")


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


@pytest.mark.parametrize(
    ("encoding", "name"), [("utf-8", "a.csv"), ("utf-8-sig", "b.csv"), ("gb18030", "c.csv"), ("utf-16", "d.txt")]
)
def test_csv_of_every_encoding_is_taken_in(boss: Client, encoding: str, name: str) -> None:
    job = take_in(
        boss,
        "customers.account",
        sheet(("客户名称", "电话"), ("苏州云岭精密机械有限公司", "138 1234 6621"), encoding=encoding),
        name,
    )
    assert counted(job) == {"created": 1}
    made = Account.objects.get()
    assert (made.name, made.phone) == ("苏州云岭精密机械有限公司", "13812346621")


def test_dates_amounts_and_phones_are_read_as_people_write_them(boss: Client) -> None:
    header = ("客户名称", "电话", "成立日期", "注册资本")
    rows = [
        ("甲", 13800138000, "2020-01-02", "¥1,200万"),
        ("乙", "1.3800138001E+10", "2020/1/2", "3亿元"),
        ("丙", "0571-88886666", "2020年1月2日", 1200.5),
        ("丁", "+86 13800138003", 43832, "１２００"),
        ("戊", "", "20200102", ""),
    ]
    job = take_in(
        boss,
        "customers.account",
        book(header, *rows),
        "rows.xlsx",
        **{"成立日期": "founded_on", "注册资本": "registered_capital"},
    )
    assert reasons(job) == {}
    made = {a.name: a for a in Account.objects.all()}
    assert {str(a.founded_on) for a in made.values()} == {"2020-01-02"}
    assert [made[n].phone for n in "甲乙丙丁戊"] == ["13800138000", "13800138001", "0571-88886666", "13800138003", ""]
    assert [made[n].registered_capital for n in "甲乙丙丁戊"] == [
        Decimal(12_000_000), Decimal(300_000_000), Decimal("1200.5"), Decimal(1200), None,
    ]  # fmt: skip


def test_bad_rows_come_back_with_reasons_and_are_taken_in_once_mended(boss: Client, owner: User) -> None:
    header = ("客户名称", "电话", "成立日期", "注册资本", "业务员")
    rows = [
        ("好公司", "13800138000", "2020-01-02", "1万", "沈总"),
        ("坏电话", "1380013", "", "", ""),
        ("坏日期", "", "2020-02-30", "", ""),
        ("坏金额", "", "", "一堆", ""),
        ("无人", "", "", "", "查无此人"),
        ("", "13800138009", "", "", ""),
    ]
    names = {"成立日期": "founded_on", "注册资本": "registered_capital"}
    job = take_in(boss, "customers.account", sheet(header, *rows, encoding="gb18030"), **names)
    assert counted(job) == {"created": 1, "failed": 5}
    why = reasons(job)
    assert sorted(why) == [3, 4, 5, 6, 7]
    assert "1380013" in why[3] or "11" in why[3]
    assert "2020-02-30" in why[4]
    assert "一堆" in why[5]
    assert "查无此人" in why[6]
    response = boss.get(reverse("import-errors", args=[slug("customers.account"), job.pk]))
    back = list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))
    assert back[0][:5] == list(header)
    assert [row[0] for row in back[1:]] == ["坏电话", "坏日期", "坏金额", "无人", ""]
    assert all(row[5] for row in back[1:])
    mended = [
        back[0],
        ["坏电话", "13800138001", "", "", "", ""],
        ["坏日期", "", "2020-02-28", "", "", ""],
        ["坏金额", "", "", "5万", "", ""],
    ]
    mended += [["无人", "", "", "", "owner", ""], ["有名", "13800138009", "", "", "", ""]]
    again = parked(upload(boss, "customers.account", sheet(*mended), again=job.pk))
    assert again.args["mapping"] == job.args["mapping"]
    assert match(boss, again).status_code == 302
    assert counted(run(boss, again)) == {"created": 5}
    assert Account.objects.count() == 6
    assert Account.objects.get(name="无人").owner == owner


def failures(client: Client, job: Job) -> dict[int, tuple[str, ...]]:
    """The rows of the list of failures as the page shows them: what the file calls it, why, what to do, where it leads."""
    html = client.get(reverse("import-result", args=[slug(job.args["label"]), job.pk])).content.decode()
    table = html.split("Rows that failed")[-1].split("</table>")[0]
    found = {}
    for row in re.findall(r"<tr>(<td class=\"num\".*?)</tr>", table, re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[dh].*?</t[dh]>", row, re.DOTALL)]
        found[int(cells[0])] = (*cells[1:], *re.findall(r'href="([^"]+)"', row))
    return found


def test_a_row_that_failed_is_told_by_its_name_with_the_reason_and_what_to_do(boss: Client, owner: User) -> None:
    there = saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    rows = [
        ("K1", "客户一", ""),
        ("K2", "客户二", ""),
        ("K2", "客户贰", ""),
        ("K3", "坏电话", "1380013"),
        ("", "", "13800138009"),
    ]
    job = take_in(boss, "customers.account", sheet(("编号", "客户名称", "电话"), *rows), key=["code"])
    told = failures(boss, job)
    assert {line: cells[0] for line, cells in told.items()} == {
        2: "客户一 · K1", 4: "客户贰 · K2", 5: "坏电话 · K3", 6: "—",
    }  # fmt: skip
    assert "客户1" in told[2][1] and told[2][2].startswith("On file already")
    assert told[2][3] == f"/customers/{there.pk}/"
    assert told[4][2] == "Keep one of the two rows"
    assert told[5][2] == told[6][2] == "Mend it in the error file and import that"


def test_a_row_on_file_beyond_ones_reach_is_told_without_a_way_to_it(
    client: Client, leader: User, stranger: User
) -> None:
    saved(Account(company=leader.company, owner=stranger, department=stranger.department, code="K1", name="机密客户"))
    client.force_login(leader)
    job = take_in(client, "customers.account", sheet(("编号", "客户名称"), ("K1", "改名")), mode="upsert", key=["code"])
    assert [(cells[0], *cells[2:]) for cells in failures(client, job).values()] == [
        ("改名 · K1", "Ask whoever looks after it; do not import it again")
    ]


def test_one_row_per_act_is_in_the_trail_and_the_file_is_named(boss: Client) -> None:
    take_in(boss, "customers.account", sheet(("客户名称",), ("甲",), ("乙",)))
    entries = Entry.objects.filter(label="customers.account", channel="import")
    assert sorted(entries.filter(verb="exchange.import").values_list("title", flat=True)) == ["乙", "甲"]
    assert '"created":2' in entries.get(verb="import").new


def test_existing_rows_are_updated_by_their_key_and_empty_cells_leave_values_alone(boss: Client, owner: User) -> None:
    for number in (1, 2):
        saved(
            Account(
                company=owner.company,
                owner=owner,
                code=f"K{number}",
                name=f"客户{number}",
                remark="旧",
                phone="13800138000",
            )
        )
    content = sheet(
        ("编号", "客户名称", "备注", "电话"),
        ("K1", "客户一", "新", ""),
        ("K3", "客户三", "", ""),
        ("K1", "客户壹", "", ""),
    )
    job = take_in(boss, "customers.account", content, mode="upsert", key=["code"])
    assert counted(job) == {"created": 1, "updated": 1, "merged": 1}
    made = {a.code: (a.name, a.remark, a.phone) for a in Account.objects.all()}
    assert made == {
        "K1": ("客户壹", "新", "13800138000"),
        "K2": ("客户2", "旧", "13800138000"),
        "K3": ("客户三", "", ""),
    }
    job = take_in(boss, "customers.account", content, mode="update", key=["code"])
    assert counted(job) == {"updated": 2, "merged": 1}
    job = take_in(boss, "customers.account", sheet(("编号", "客户名称"), ("K9", "无")), mode="update", key=["code"])
    assert counted(job) == {"failed": 1}
    assert "K9" in reasons(job)[2]


def test_rows_that_exist_or_stand_twice_are_refused_when_only_creating(boss: Client, owner: User) -> None:
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    content = sheet(("编号", "客户名称"), ("K1", "客户一"), ("K2", "客户二"), ("K2", "客户贰"))
    job = take_in(boss, "customers.account", content, key=["code"])
    assert counted(job) == {"created": 1, "failed": 2}
    assert "客户1" in reasons(job)[2]
    assert "K2" in reasons(job)[4]


def test_a_row_outside_the_importers_reach_is_neither_changed_nor_named(
    client: Client, leader: User, stranger: User
) -> None:
    saved(Account(company=leader.company, owner=stranger, department=stranger.department, code="K1", name="机密客户"))
    client.force_login(leader)
    job = take_in(client, "customers.account", sheet(("编号", "客户名称"), ("K1", "改名")), mode="upsert", key=["code"])
    assert counted(job) == {"failed": 1}
    assert "机密客户" not in reasons(job)[2]
    assert Account.objects.get().name == "机密客户"
    assert client.get(reverse("record-import", args=["people"])).status_code == 403


def test_unique_values_besides_the_key_are_refused_with_the_holder(boss: Client, owner: User) -> None:
    code = "91330106MA2XXXXX0P"
    from guanxi.formats.codes import _uscc_check

    code = "91330106MA2KK1111" + _uscc_check("91330106MA2KK1111")
    saved(Account(company=owner.company, owner=owner, name="持有者", credit_code=code))
    job = take_in(boss, "customers.account", sheet(("客户名称", "统一社会信用代码"), ("重复者", code), ("别人", "")))
    assert counted(job) == {"created": 1, "failed": 1}
    assert "持有者" in reasons(job)[2]


def test_author_and_time_of_old_records_are_kept(boss: Client, seller: User) -> None:
    content = sheet(("客户名称", "建档时间", "录入人"), ("老客户", "2019-03-04 10:20", "林知远"))
    take_in(boss, "customers.account", content)
    made = Account.objects.get()
    assert (made.created_at.isoformat(), made.created_by) == ("2019-03-04T02:20:00+00:00", seller)


def test_extra_fields_and_choices_and_yes_or_no_are_understood(boss: Client, owner: User) -> None:
    saved(
        ExtraField(
            company=owner.company,
            label="customers.account",
            name="colour",
            title="偏爱颜色",
            kind="choice",
            options=["红", "蓝"],
        )
    )
    owner.company.refresh_from_db()
    content = sheet(
        ("客户名称", "偏爱颜色", "kind", "is_key"),
        ("甲", "红", "person", "是"),
        ("乙", "绿", "company", "N"),
        ("丙", "蓝", "", "maybe"),
    )
    job = take_in(boss, "customers.account", content)
    assert sorted(reasons(job)) == [3, 4]
    made = Account.objects.get()
    assert (made.extra, made.kind, made.is_key) == ({"colour": "红"}, "person", True)


def test_regions_come_by_name_or_code(boss: Client) -> None:
    content = sheet(
        ("客户名称", "地区"), ("甲", "浙江省杭州市西湖区"), ("乙", "杭州市"), ("丙", "330106"), ("丁", "朝阳区")
    )
    job = take_in(boss, "customers.account", content)
    assert sorted(reasons(job)) == [5]
    assert dict(Account.objects.values_list("name", "region_code")) == {"甲": "330106", "乙": "330100", "丙": "330106"}


def test_rows_may_point_to_rows_of_the_same_file(boss: Client) -> None:
    content = sheet(
        ("code", "name", "parent"), ("a", "大类", ""), ("b", "小类", "大类"), ("c", "更小", "b"), ("d", "无", "没有")
    )
    job = take_in(boss, "catalog.productcategory", content)
    assert sorted(reasons(job)) == [5]
    assert ProductCategory.objects.get(code="c").parent.parent.code == "a"


def test_departments_get_their_place_in_the_tree(boss: Client, headquarters: Department) -> None:
    job = take_in(
        boss, "org.department", sheet(("code", "name", "parent"), ("n-1", "北一店", "hq"), ("n-2", "北二店", "n-1"))
    )
    assert reasons(job) == {}
    assert Department.objects.get(code="n-2").path.startswith(Department.objects.get(code="n-1").path)


def test_an_ambiguous_name_asks_for_the_code(boss: Client, owner: User) -> None:
    for number in (1, 2):
        saved(Account(company=owner.company, owner=owner, code=f"K{number}", name="同名"))
    job = take_in(boss, "customers.account", sheet(("客户名称", "parent"), ("子", "同名"), ("女", "K2")))
    assert counted(job) == {"created": 1, "failed": 1}
    assert "同名" in reasons(job)[2]
    assert Account.objects.get(name="女").parent.code == "K2"


def test_masked_and_closed_fields_cannot_be_filled(client: Client, leader: User, roles: Any) -> None:
    role = roles["store-manager"]
    role.grants["customers.account"]["masked"] = ["phone"]
    saved(role)
    client.force_login(leader)
    leader.company.refresh_from_db()
    job = parked(upload(client, "customers.account", sheet(("客户名称", "电话"), ("甲", "13800138000"))))
    assert job.args["mapping"] == {"客户名称": "name"}
    assert match(client, job, 电话="phone").status_code == 422


def test_an_import_is_undone_as_a_whole_but_leaves_rows_changed_since(boss: Client, owner: User) -> None:
    saved(Account(company=owner.company, owner=owner, code="K1", name="老", remark="旧"))
    content = sheet(
        ("编号", "客户名称", "备注"), ("K1", "老改", "新"), ("K2", "甲", ""), ("K3", "乙", ""), ("K2", "甲改", "")
    )
    job = take_in(boss, "customers.account", content, mode="upsert", key=["code"])
    assert counted(job) == {"created": 2, "updated": 1, "merged": 1}
    changed = Account.objects.get(code="K3")
    changed.remark = "后来改的"
    saved(changed)
    boss.post(reverse("import-undo", args=[slug("customers.account"), job.pk]))
    jobs.work_off()
    undo = Job.objects.get(name="exchange.import.undo")
    assert (undo.state, undo.result["undone"], undo.result["kept"]) == ("done", 2, 1)
    assert list(Account.objects.order_by("code").values_list("code", "name", "remark")) == [
        ("K1", "老", "旧"),
        ("K3", "乙", "后来改的"),
    ]
    assert Account.everything.exclude(deleted_at=None).get().code == "K2"
    page = boss.get(undo.result["page"]).content.decode()
    assert "乙" in page


def test_only_the_importer_or_who_may_delete_undoes(client: Client, owner: User, leader: User, seller: User) -> None:
    client.force_login(leader)
    job = take_in(client, "customers.account", sheet(("客户名称",), ("甲",)))
    client.force_login(seller)
    assert client.post(reverse("import-undo", args=[slug("customers.account"), job.pk])).status_code == 403
    client.force_login(owner)
    assert client.post(reverse("import-undo", args=[slug("customers.account"), job.pk])).status_code == 302


def test_orders_come_with_their_lines_wherever_these_stand(boss: Client, owner: User) -> None:
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    saved(Product(company=owner.company, code="P1", name="轴承", price=Decimal(10)))
    header = ("number", "account", "ordered_on", "lines.product", "lines.quantity", "lines.price")
    rows = [
        ("SO1", "客户1", "2026-01-05", "P1", 2, 10), ("SO2", "K1", "2026-01-06", "轴承", 1, 7),
        ("SO1", "客户1", "2026-01-05", "轴承", 3, 5), ("SO3", "K1", "2026-01-06", "轴承", 1, 7), ("SO3", "K1", "", "没有", 1, 7),
    ]  # fmt: skip
    job = take_in(boss, "sales.order", sheet(header, *rows), key=["number"])
    assert counted(job) == {"created": 2, "merged": 1, "failed": 2}
    assert {o.number: (o.lines.count(), o.amount) for o in Order.objects.all()} == {
        "SO1": (2, Decimal(35)),
        "SO2": (1, Decimal(7)),
    }
    assert set(reasons(job)) == {5, 6}


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "empty.csv"),
        ("客户名称\n".encode(), "header.csv"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        (b"%PDF-1.7", "paper.pdf"),
        ("客户名称,客户名称\n甲,乙\n".encode(), "twice.csv"),
        (",".join(f"列{n}" for n in range(301)).encode() + b"\n1\n", "wide.csv"),
        ("客户名称\n".encode() + "好".encode() * 30 + b"\n\xff\xfe\xfd\n", "torn.csv"),
        (b"PAR1" + b"x" * 40 + b"PAR1", "table.parquet"),
    ],
)
def test_a_file_that_is_no_table_is_refused_with_a_reason_and_nothing_kept(
    boss: Client, content: bytes, name: str
) -> None:
    folder = Path(settings.HOME) / "uploads"
    before = set(folder.glob("*"))
    response = upload(boss, "customers.account", content, name)
    assert response.status_code == 422
    assert len(re.findall(r'class="err-sum".*?<b>([^<]{8,})</b>', response.content.decode(), re.S)) == 1
    assert (set(folder.glob("*")) - before, Job.objects.count()) == (set(), 0)


def test_a_zip_bomb_is_refused(boss: Client) -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * (300 << 20))
    assert upload(boss, "customers.account", out.getvalue(), "bomb.xlsx").status_code == 422


def test_formulas_are_never_computed_and_wide_files_pass(boss: Client) -> None:
    header = ("客户名称", "备注", *(f"多余{n}" for n in range(298)))
    job = take_in(boss, "customers.account", book(header, ("甲", '=HYPERLINK("http://x")')), "wide.xlsx")
    assert counted(job) == {"created": 1}
    assert Account.objects.get().remark == ""


def test_a_file_too_large_for_the_browser_is_sent_to_the_shell(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from guanxi.exchange.importing import plan

    monkeypatch.setattr(plan, "MAX_UPLOAD", 10)
    assert "guanxi import" in upload(boss, "customers.account", b"x" * 11).content.decode()


def test_a_full_disk_is_told_and_leaves_nothing(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    response = upload(boss, "customers.account", sheet(("客户名称",), ("甲",)))
    assert (response.status_code, "No space left" in response.content.decode()) == (422, True)
    assert Job.objects.count() == 0


def test_merged_cells_in_the_header_are_refused_and_elsewhere_told(boss: Client) -> None:
    made = openpyxl.Workbook()
    for row in (("客户名称", "备注"), ("甲", "一"), ("乙", None)):
        made.active.append(row)
    made.active.merge_cells("B2:B3")
    out = io.BytesIO()
    made.save(out)
    job = parked(upload(boss, "customers.account", out.getvalue(), "merged.xlsx"))
    assert (
        "callout-amber" in boss.get(reverse("import-match", args=[slug("customers.account"), job.pk])).content.decode()
    )
    made.active.unmerge_cells("B2:B3")
    made.active.merge_cells("A1:B1")
    out = io.BytesIO()
    made.save(out)
    assert upload(boss, "customers.account", out.getvalue(), "merged.xlsx").status_code == 422


@pytest.mark.parametrize("text", ["database is locked", "database or disk is full"])
def test_a_locked_database_and_a_full_disk_lose_and_repeat_nothing(
    boss: Client, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    left = [3]

    def fault(_attempt: int) -> None:
        if ImportedRow.objects.exists() and left[0]:
            left[0] -= 1
            raise OperationalError(text)

    monkeypatch.setattr(running, "BATCH", 2)
    job = parked(upload(boss, "customers.account", sheet(("客户名称",), *((f"客户{n}",) for n in range(6)))))
    match(boss, job)
    monkeypatch.setattr(work, "inject_fault", fault)
    job = run(boss, job)
    while job.state == "ready":
        assert text in job.message
        assert text in boss.get(reverse("job", args=[job.pk])).content.decode()
        Job.objects.filter(pk=job.pk).update(run_at=job.created_at)
        jobs.work_off()
        job.refresh_from_db()
    assert (counted(job), left) == ({"created": 6}, [0])
    assert sorted(Account.objects.values_list("name", flat=True)) == [f"客户{n}" for n in range(6)]


def test_a_row_the_business_refuses_at_the_end_fails_alone(boss: Client, owner: User) -> None:
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    header = ("number", "account", "ordered_on", "lines.description", "lines.quantity", "lines.price")
    rows = [(f"SO{n}", "K1", "2026-01-05", "物品", -1 if n == 3 else 1, 10) for n in range(1, 8)]
    job = take_in(boss, "sales.order", sheet(header, *rows), key=["number"])
    assert counted(job) == {"created": 6, "failed": 1}
    assert list(reasons(job)) == [4]
    assert Order.objects.filter(number="SO3").count() == 0


def test_old_orders_keep_their_state(boss: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entity("sales.order"), "import_fields", ("state",))
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    header = ("number", "account", "ordered_on", "state", "lines.description", "lines.quantity", "lines.price")
    job = take_in(
        boss, "sales.order", sheet(header, ("A1", "K1", "2026-01-05", "completed", "物品", 2, 10)), key=["number"]
    )
    assert reasons(job) == {}
    made = Order.objects.get()
    assert (made.state, made.amount) == ("completed", Decimal(20))


@pytest.mark.req("ORDER-02")
def test_an_old_order_of_many_lines_is_paid_to_the_cent(boss: Client, owner: User) -> None:
    """Added up in floating point, fifty-one times 1.15 is 58.6499999999999."""
    saved(Account(company=owner.company, owner=owner, code="K1", name="客户1"))
    header = ("number", "account", "ordered_on", "state", "lines.description", "lines.quantity", "lines.price")
    rows = [("A1", "K1", "2026-01-05", "completed", f"物品{n}", 1, "1.15") for n in range(51)]
    assert reasons(take_in(boss, "sales.order", sheet(header, *rows), key=["number"])) == {}
    made, receipt = Order.objects.get(), Receipt.objects.get()
    assert (made.amount, made.received, made.payment) == (Decimal("58.65"), Decimal("58.65"), "paid")
    assert (receipt.amount, receipt.allocated, receipt.unmatched) == (Decimal("58.65"), Decimal("58.65"), 0)


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


def test_the_progress_of_a_job_is_a_fragment_that_stops_asking_when_done(boss: Client) -> None:
    job = parked(upload(boss, "customers.account", sheet(("客户名称",), ("甲",))))
    match(boss, job)
    boss.post(reverse("import-run", args=[slug("customers.account"), job.pk]))
    fragment = {"HX-Request": "true"}
    busy = boss.get(reverse("job", args=[job.pk]), headers=fragment).content.decode()
    jobs.work_off()
    done = boss.get(reverse("job", args=[job.pk]), headers=fragment).content.decode()
    assert ("hx-trigger" in busy, "hx-trigger" in done, "<html" in busy) == (True, False, False)
    assert reverse("import-result", args=[slug("customers.account"), job.pk]) in done


def test_parquet_is_imported_from_the_shell(owner: User, tmp_path: Path) -> None:
    import pyarrow
    import pyarrow.parquet

    path = tmp_path / "accounts.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"客户名称": ["甲", "乙", ""], "since": ["2020-01-02", "x", ""]}), path)
    out = io.StringIO()
    call_command("import", "customers.account", str(path), "--user", "owner", "--map", "since=founded_on", stdout=out)
    assert "created: 1" in out.getvalue()
    assert "3: " in out.getvalue()
    assert str(Account.objects.get().founded_on) == "2020-01-02"


def test_a_row_is_told_all_that_is_wrong_with_it_at_once(boss: Client, settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    header = ("客户名称", "统一社会信用代码", "邮箱", "成立日期", "负责人")
    bad = ("宁波东升机械有限公司", "91330100MA27XYZ", "东升", "2026-13-40", "查无此人")
    rows = [bad, ("绍兴金轮轴承厂", "", "", "2026-13-40", "")]
    job = take_in(boss, "customers.account", sheet(header, *rows))
    first, second = ImportedRow.objects.filter(job=job).order_by("line").values_list("reason", flat=True)
    assert [field for field in header if f"{field}：" in first] == ["统一社会信用代码", "邮箱", "成立日期", "负责人"]
    assert [field for field in header if f"{field}：" in second] == ["成立日期"]


def test_a_template_is_matched_completely_when_it_comes_back(boss: Client) -> None:
    response = boss.get(reverse("import-template", args=[slug("customers.account")]))
    made = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    headers = [cell.value for cell in made.worksheets[0][1]]
    job = parked(upload(boss, "customers.account", book(headers, ["甲"] * len(headers)), "template.xlsx"))
    assert set(job.args["mapping"]) == set(headers)


def test_a_cancelled_import_keeps_what_it_did_and_goes_on(boss: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "BATCH", 2)
    job = parked(upload(boss, "customers.account", sheet(("客户名称",), *((f"客户{n}",) for n in range(6)))))
    match(boss, job)
    plain = running.Import.take

    def once(self: Any, batch: Any) -> int:
        boss.post(reverse("job-cancel", args=[job.pk]))
        return plain(self, batch)

    monkeypatch.setattr(running.Import, "take", once)
    assert run(boss, job).state == "cancelled"
    assert Account.objects.count() == 2
    monkeypatch.setattr(running.Import, "take", plain)
    assert "import-undo" not in boss.get(reverse("job", args=[job.pk])).content.decode()
    assert counted(run(boss, job)) == {"created": 6}


def test_only_the_requester_sees_a_job(boss: Client, client: Client, leader: User) -> None:
    job = take_in(boss, "customers.account", sheet(("客户名称",), ("甲",)))
    assert boss.get(reverse("job", args=[job.pk])).status_code == 200
    client.force_login(leader)
    assert client.get(reverse("job", args=[job.pk])).status_code == 404


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_where_it_stood(client: Client, owner: User) -> None:
    client.force_login(owner)
    job = parked(upload(client, "customers.account", sheet(("客户名称",), *((f"客户{n}",) for n in range(4000)))))
    match(client, job)
    client.post(reverse("import-run", args=[slug("customers.account"), job.pk]))
    code = (
        "import django; django.setup(); from django.db import connection; "
        "connection.settings_dict['NAME'] = __import__('os').environ['TEST_DB']; from guanxi.kernel import jobs; jobs.work_off()"
    )
    from django.db import connection

    environment = {**os.environ, "TEST_DB": str(connection.settings_dict["NAME"])}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment)
    deadline = time.monotonic() + 60
    while ImportedRow.objects.filter(job=job).count() < 1000 and time.monotonic() < deadline and child.poll() is None:
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = ImportedRow.objects.filter(job=job).count()
    assert 1000 <= done < 4000
    assert Account.objects.count() == done
    Job.objects.filter(pk=job.pk).update(leased_until=job.created_at)  # the lease runs out
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, counted(job)) == ("done", {"created": 4000})
    assert Account.objects.values("name").distinct().count() == 4000


def test_countries_come_in_by_name_and_by_code(boss: Client) -> None:
    rows = (("甲", "中国"), ("乙", "Japan"), ("丙", "us"), ("丁", "香港"), ("戊", "ZZ"), ("己", "火星"))
    job = take_in(boss, "customers.account", sheet(("客户名称", "国家/地区"), *rows))
    stored = dict(Account.objects.values_list("name", "country"))
    assert stored == {"甲": "CN", "乙": "JP", "丙": "US", "丁": "HK", "戊": "ZZ"}
    assert "火星" in reasons(job)[7]


def test_the_check_says_what_is_wrong_before_anything_is_stored(boss: Client) -> None:
    rows = (("甲", "企业"), ("", "company"), ("丙", "外星"))
    job = parked(upload(boss, "customers.account", sheet(("客户名称", "类型"), *rows)))
    match(boss, job)
    page = boss.get(reverse("import-run", args=["customers", job.pk])).content.decode()
    shown = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row) for row in re.findall(r"<tr>(<th scope=.row.*?)</tr>", page)]
    assert [row[:2] for row in shown] == [["甲", "Company"], ["", "Company"], ["丙", "外星"]]
    assert [bool(row[2]) for row in shown] == [False, True, True]
