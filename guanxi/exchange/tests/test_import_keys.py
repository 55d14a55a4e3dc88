"""Rows that exist already: found by their key, changed, refused or left alone, and an import taken back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.exchange.tests.wizard import counted, failures, reasons, sheet, slug, take_in
from guanxi.kernel import jobs
from guanxi.kernel.models import Job
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("BEYOND-05")]


def renamed_beyond_reach(client: Client, leader: User, stranger: User) -> Job:
    """A file that gives another name to a customer the importer does not see."""
    saved(Account(company=leader.company, owner=stranger, department=stranger.department, code="K1", name="机密客户"))
    client.force_login(leader)
    rows = sheet(("编号", "客户名称"), ("K1", "改名"))
    return take_in(client, "customers.account", rows, mode="upsert", key=["code"])


def test_a_row_on_file_beyond_ones_reach_is_told_without_a_way_to_it(
    client: Client, leader: User, stranger: User
) -> None:
    job = renamed_beyond_reach(client, leader, stranger)
    assert [(cells[0], *cells[2:]) for cells in failures(client, job).values()] == [
        ("改名 · K1", "Ask whoever looks after it; do not import it again")
    ]


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
    job = renamed_beyond_reach(client, leader, stranger)
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


def test_an_ambiguous_name_asks_for_the_code(boss: Client, owner: User) -> None:
    for number in (1, 2):
        saved(Account(company=owner.company, owner=owner, code=f"K{number}", name="同名"))
    job = take_in(boss, "customers.account", sheet(("客户名称", "parent"), ("子", "同名"), ("女", "K2")))
    assert counted(job) == {"created": 1, "failed": 1}
    assert "同名" in reasons(job)[2]
    assert Account.objects.get(name="女").parent.code == "K2"


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
