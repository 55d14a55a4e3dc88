"""Writing tables: nothing is executed, nothing is lost, and what is written reads back the same."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.formats.tables import (
    TemplateColumn,
    XlsxWriter,
    error_file_kind,
    open_table,
    open_writer,
    write_errors,
    write_template,
)
from guanxi.formats.tables.base import neutralise, restore


@pytest.fixture(autouse=True, scope="module")
def english():
    with translation.override("en"):
        yield


DANGEROUS = [
    "=1+1",
    "+86 138",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
    "  =1",
    "'=1",
]


def cells_of(path: Path) -> list[list[object]]:
    return [cells for _row, cells in open_table(path).rows()]


def test_csv_text_that_looks_like_a_formula_is_neutralised_and_reads_back(tmp_path):
    path = tmp_path / "a.csv"
    with open_writer(path, "csv", ["a", "b"]) as out:
        for text in DANGEROUS:
            out.row([text, -5])
    lines = path.read_bytes()
    assert lines.startswith(b"\xef\xbb\xbfa,b\r\n'=1+1,-5\r\n'+86 138,-5\r\n")
    assert cells_of(path) == [[text, "-5"] for text in DANGEROUS]


def test_csv_dates_are_iso_in_local_time_and_numbers_are_plain(tmp_path):
    path = tmp_path / "a.csv"
    values = [
        date(2026, 1, 2),
        datetime(2026, 1, 1, 20, 0, tzinfo=UTC),
        Decimal("1E+3"),
        float("nan"),
        None,
        True,
    ]
    with open_writer(path, "csv", list("abcdef")) as out:
        out.row(values)
    assert path.read_text("utf-8-sig").splitlines()[1] == "2026-01-02,2026-01-02 04:00:00,1000,,,True"


def test_xlsx_has_no_formula_and_keeps_types_and_long_digits(tmp_path):
    path = tmp_path / "a.xlsx"
    headers = ["text", "date", "datetime", "decimal", "id", "url", "phone"]
    kinds = ["text", "date", "datetime", "number", "text", "text", "text"]
    when = datetime(2026, 1, 1, 20, 0, tzinfo=UTC)
    with open_writer(path, "xlsx", headers, kinds) as out:
        for text in DANGEROUS:
            out.row(
                [
                    text,
                    date(2026, 1, 2),
                    when,
                    Decimal("1.10"),
                    110101199001011234,
                    "https://a.cn",
                    13800138000,
                ]
            )
        out.row(["", None, None, Decimal("12345678901234567.89"), float("inf"), "a\x00\ud800b", "x" * 40_000])
    sheet = openpyxl.load_workbook(path).active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} == {"s", "d", "n"}
    rows = list(sheet.values)
    assert [str(row[0]).replace("_x000D_", "\r") for row in rows[1:-1]] == DANGEROUS
    assert rows[1][1:] == (
        datetime(2026, 1, 2), datetime(2026, 1, 2, 4), 1.1, "110101199001011234", "https://a.cn", "13800138000",
    )  # fmt: skip
    assert rows[-1] == (None, None, None, "12345678901234567.89", None, "ab", "x" * 32_766 + "…")
    assert sheet["A1"].hyperlink is None and sheet["F2"].hyperlink is None


def test_dates_older_than_the_calendar_of_excel_are_text(tmp_path):
    path = tmp_path / "a.xlsx"
    with open_writer(path, "xlsx", ["a"]) as out:
        out.row([date(1899, 12, 31)])
        out.row([date(1949, 10, 1)])
    assert cells_of(path) == [["1899-12-31"], [date(1949, 10, 1)]]


def test_rows_beyond_one_sheet_go_on_in_the_next(tmp_path):
    path = tmp_path / "a.xlsx"
    with XlsxWriter(path, ["a"], sheet_rows=3) as out:
        for number in range(5):
            out.row([number])
    found = {name: [cells for _row, cells in open_table(path, sheet=name).rows()] for name in open_table(path).sheets}
    assert found == {"Sheet1": [[0], [1]], "Sheet2": [[2], [3]], "Sheet3": [[4]]}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_failed_write_leaves_no_file(tmp_path, kind):
    with pytest.raises(ZeroDivisionError), open_writer(tmp_path / "a", kind, ["a"]) as out:
        out.row([1 / 0])
    assert list(tmp_path.iterdir()) == []


def test_a_template_shows_required_columns_and_offers_the_allowed_values(tmp_path):
    path = tmp_path / "t.xlsx"
    columns = [
        TemplateColumn("客户名称", required=True, help="营业执照上的全称"),
        TemplateColumn("等级", choices=["A", "B, C", "=D"]),
        TemplateColumn("备注"),
    ]
    write_template(path, columns)
    table = open_table(path)
    assert (table.headers, list(table.rows())) == (["客户名称*", "等级", "备注"], [])
    book = openpyxl.load_workbook(path)
    assert len(book.worksheets) == 2
    assert [cell.value for cell in book.worksheets[1]["B"]] == ["等级", "A", "B, C", "=D"]
    rules = {str(rule.sqref): rule for rule in book.worksheets[0].data_validations.dataValidation}
    assert rules["B2:B20001"].formula1 == f"'{book.sheetnames[1]}'!$B$2:$B$4"
    assert rules["A2:A20001"].prompt == "营业执照上的全称"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_error_file_has_the_failed_rows_and_their_reasons(tmp_path, kind):
    source = tmp_path / f"a.{kind}"
    with open_writer(source, kind, ["名称", "数"]) as out:
        for number in range(5):
            out.row([f"=客户{number}", number])
    failures = [(3, "电话不对"), (3, "重复"), (6, "没有负责人")]
    table = open_table(source)
    assert error_file_kind(table) == kind
    bad = tmp_path / f"错误.{kind}"
    assert write_errors(bad, table, failures, header="错误原因") == 2
    again = open_table(bad)
    cast = str if kind == "csv" else int
    assert again.headers == ["名称", "数", "错误原因"]
    assert [cells for _row, cells in again.rows()] == [
        ["=客户1", cast(1), "电话不对；重复"],
        ["=客户4", cast(4), "没有负责人"],
    ]
    third = tmp_path / f"又错.{kind}"
    assert write_errors(third, again, [(2, "还是不对")], header="错误原因") == 1
    assert cells_of(third) == [["=客户1", cast(1), "还是不对"]]
    with pytest.raises(ValueError, match="row order"):
        write_errors(third, again, [(3, "x"), (2, "y")], header="错误原因")
    assert not third.exists()


@given(text=st.text(alphabet=st.sampled_from(["'", "=", "+", " ", "\t", "a", "－"]), max_size=8))
def test_neutralising_can_always_be_undone(text):
    assert restore(neutralise(text)) == text
    assert neutralise(text).lstrip()[:1] not in ("=", "+", "-", "@", "－")


printable = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"], exclude_characters="\x7f"),
    min_size=1,
    max_size=30,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(printable, printable), min_size=1, max_size=5),
    kind=st.sampled_from(["csv", "xlsx"]),
)
def test_any_text_survives_the_round_trip(tmp_path, rows, kind):
    path = tmp_path / f"a.{kind}"
    with open_writer(path, kind, ["a", "b"]) as out:
        for row in rows:
            out.row(row)
    kept = [list(row) for row in rows if any(cell.strip() for cell in row)]
    assert cells_of(path) == kept
