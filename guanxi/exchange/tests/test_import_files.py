"""Files of every encoding and kind are read; what cannot be read is refused with a reason."""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from guanxi.customers.models import Account
from guanxi.exchange.tests.wizard import book, counted, parked, sheet, slug, take_in, upload
from guanxi.kernel.models import Job
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("BEYOND-05")]


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
