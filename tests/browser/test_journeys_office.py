"""What supervisors and importers do with thousands of rows, and what an outsider sees of them: nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

from guanxi.customers.models import Account, Contact
from guanxi.kernel import jobs, verbs, work
from guanxi.kernel.entities import entity
from guanxi.org.models import User
from tests.browser.conftest import Visitor

MANY = 3000


def crowd(keeper: User, number: int, **values: Any) -> list[Account]:
    """So many customers of one person, written at once."""
    made = [
        Account(
            company=keeper.company, name=f"客户{i:04}", code=f"T{i:05}", owner=keeper, department=keeper.department,
            created_by=keeper, **values,
        )
        for i in range(number)
    ]  # fmt: skip
    work.unit_of_work(lambda: Account.objects.bulk_create(made))
    return made


def test_a_supervisor_filters_saves_shares_and_hands_thousands_over(
    visit: Visitor, leader: User, seller: User, rival: User, colleague: Callable[[User], Visitor]
) -> None:
    crowd(seller, MANY, industry="C")
    verbs.add(entity("customers.account"), {"name": "不相干的公司", "owner": seller, "industry": "F"}, actor=seller)
    tab = visit.tab
    visit.enter(leader).go("/customers/")
    visit.press("筛选")
    visit.press("添加条件", within="#filter")
    tab.locator("#filter").get_by_label("字段", exact=True).last.select_option(label="所属行业")
    visit.fits()
    row = tab.locator("#filter .fb-row").last
    row.locator("select").nth(1).select_option("is")
    row.locator("select").nth(2).select_option("C")
    visit.press("应用", within="#filter")
    visit.sees("制造业", within=".chips")
    visit.sees("1,000+", within=".tblfoot")
    visit.lacks("不相干的公司")
    visit.fits()

    visit.press("保存视图")
    tab.locator("#view-name").fill("制造业客户")
    tab.locator("#save-view").get_by_label("所有人可用").check()
    visit.press("保存", within="#save-view")
    visit.sees("已保存视图“制造业客户”。")
    second = colleague(rival)
    second.go("/customers/")
    second.sees("制造业客户", within=".vtabs")

    if visit.narrow:
        visit.press("选择")
    tab.locator("[data-all]").filter(visible=True).check()
    visit.press("选择全部符合条件的记录")
    visit.sees("全部符合条件的记录", within=".bulk")
    visit.fits()
    visit.press("转移", within=".bulk")
    visit.sees("转移：3,000 条客户", within="#dialog")
    visit.choose("to", "陈书意", within="#dialog")
    tab.locator("#dialog [name=reason]").fill("区域调整")
    visit.press("转移", within="#dialog")
    tab.wait_for_url("**/jobs/**")
    visit.sees("批量操作", "等待中")
    visit.fits()
    jobs.work_off()
    visit.sees("已完成 3,000", "3,000 / 3,000")
    assert Account.objects.filter(owner=rival).count() == MANY
    second.go("/customers/?view=mine")
    second.sees("客户2999")


BAD = (
    ("", "13900000001", "", "", ""),  # no name
    ("电话写错的公司", "不是电话", "", "", ""),
    ("行业写错的公司", "13900000003", "造梦业", "", ""),
    ("日期写错的公司", "13900000004", "", "2026-02-31", ""),
    ("信用代码写错的公司", "13900000005", "", "", "91310000000000000X"),
)
MENDED = (
    ("有名字的公司", "13900000001", "", "", ""),
    ("电话写错的公司", "13900000002", "", "", ""),
    ("行业写错的公司", "13900000003", "制造业", "", ""),
    ("日期写错的公司", "13900000004", "", "2026-02-28", ""),
    ("信用代码写错的公司", "13900000005", "", "", ""),
)
HEAD = ("名称", "电话", "所属行业", "下次联系", "统一社会信用代码")


def text(*rows: tuple[str, ...]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode("gb18030")


def through_the_wizard(visit: Visitor) -> None:
    """From the page that matches columns to the result."""
    visit.sees("匹配列", within="h1")
    visit.fits()
    visit.press("检查")
    visit.sees("检查", within="h1")
    visit.fits()
    visit.press("导入", within="#main")
    visit.tab.wait_for_url("**/jobs/**")
    jobs.work_off()
    visit.press("查看结果", role="link")
    visit.sees("导入结果", within="h1")
    visit.fits()


def test_bad_rows_come_back_in_a_file_that_can_be_mended_and_imported_again(visit: Visitor, leader: User) -> None:
    tab = visit.tab
    visit.enter(leader).go("/customers/import/")
    good = ("囍田㐂贸易有限公司", "13900000009", "批发和零售业", "2026-12-01", "")
    file = {"name": "客户名单.csv", "mimeType": "text/csv", "buffer": text(HEAD, good, *BAD)}
    tab.set_input_files("input[type=file]", file)
    visit.press("下一步")
    visit.sees("囍田㐂贸易有限公司")
    assert "GB18030" in tab.locator("#encoding option").first.inner_text()
    through_the_wizard(visit)
    assert [tab.locator(f"[data-count={key}]").inner_text() for key in ("created", "failed")] == ["1", "5"]
    with tab.expect_download() as waiting:
        visit.press("下载错误文件", role="link")
    got = Path(waiting.value.path()).read_bytes().decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(got)))
    assert (waiting.value.suggested_filename, len(rows), rows[0][-1]) == ("客户名单-错误.csv", 6, "原因")
    assert [row[0] for row in rows[1:]] == [row[0] for row in BAD]
    assert all(row[-1] for row in rows[1:])

    mended = [(*row, "") for row in MENDED]
    file = {"name": "客户名单-错误.csv", "mimeType": "text/csv", "buffer": text((*HEAD, "原因"), *mended)}
    tab.set_input_files("input[type=file]", file)
    visit.sees("客户名单-错误.csv")
    visit.press("下一步")
    through_the_wizard(visit)
    assert [tab.locator(f"[data-count={key}]").inner_text() for key in ("created", "failed")] == ["5", "0"]
    assert Account.objects.count() == 6
    visit.press("查看列表", role="link")
    visit.sees("囍田㐂贸易有限公司", "有名字的公司")


def addresses(row: Account, contact: Contact) -> list[str]:
    """Forty addresses of rows of somebody else."""
    about = [f"/customers/{row.pk}/", f"/contacts/{contact.pk}/"]
    paths = [base + part for base in about for part in ("", "edit/", "print/", "history/", "comments/", "files/")]
    paths += [f"/customers/{row.pk}/tab/{r.name}/" for r in entity("customers.account").relations if r.tab][:11]
    paths += [f"/customers/{row.pk}/cell/{name}/" for name in entity("customers.account").inline]
    paths += [f"/contacts/{contact.pk}/cell/{name}/" for name in entity("customers.contact").inline]
    return [*paths, *(f"/customers/{row.pk}/do/{verb}/" for verb in ("hand_over", "confirm_file", "retire"))][:40]


def test_forty_addresses_of_other_peoples_rows_are_not_there(visit: Visitor, seller: User, stranger: User) -> None:
    row = verbs.add(
        entity("customers.account"), {"name": "机密贸易有限公司", "owner": seller, "phone": "13912345678"}, actor=seller
    )
    contact = verbs.add(
        entity("customers.contact"), {"name": "秘而不宣", "account": row, "mobile": "13800009999"}, actor=seller
    )
    assert isinstance(row, Account) and isinstance(contact, Contact)
    visit.enter(stranger).go("/")
    paths = addresses(row, contact)
    assert len(set(paths)) == 40
    answers: dict[str, Any] = {}
    for path in paths:
        status = visit.go(path)
        visit.lacks("机密贸易", "秘而不宣", "13912345678", "13800009999", "林知远")
        answers[path] = (status, visit.tab.locator("h1").inner_text())
    assert answers == dict.fromkeys(paths, (404, "页面不存在"))
    visit.go("/search/?q=机密")
    visit.lacks("机密贸易")
