"""Reading tables: every kind, every encoding, and a clear refusal for everything else."""

import gzip
import sqlite3
import struct
import tracemalloc
import zipfile
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path

import openpyxl
import pyarrow as arrow
import pyarrow.parquet as arrow_parquet
import pytest
import xlwt
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table as OdfTable
from odf.table import TableCell, TableRow
from odf.text import P

from guanxi.formats.tables import TableError, open_table


@pytest.fixture(autouse=True, scope="module")
def english():
    with translation.override("en"):
        yield


HEADERS = ["客户名称", "电话", "日期"]


def text_file(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def workbook(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def refused(path: Path, **options: str) -> str:
    with pytest.raises(TableError) as caught:
        list(open_table(path, **options).rows())
    return str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_a_csv_is_read_in_each_encoding(tmp_path, encoding):
    path = text_file(tmp_path / "a.csv", "客户名称,电话\r\n上海甲公司,13800138000\r\n", encoding)
    table = open_table(path)
    assert table.headers == ["客户名称", "电话"]
    assert list(table.rows()) == [(2, ["上海甲公司", "13800138000"])]
    assert table.encoding == {"gbk": "gb18030"}.get(encoding, encoding)
    assert table.estimate == 1


def test_the_encoding_can_be_chosen(tmp_path):
    path = text_file(tmp_path / "a.csv", "名稱,b\n臺北,2\n", "big5")
    assert open_table(path, encoding="big5").headers == ["名稱", "b"]
    assert "klingon" in refused(path, encoding="klingon")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path, delimiter):
    lines = ["名称|地址|备注", "甲|上海|1,5", "乙|北京|2,5"]
    path = text_file(tmp_path / "a.csv", "\n".join('"' + line.replace("|", f'"{delimiter}"') + '"' for line in lines))
    assert [cells for _row, cells in open_table(path).rows()] == [
        ["甲", "上海", "1,5"],
        ["乙", "北京", "2,5"],
    ]


def test_row_numbers_are_those_of_excel_and_blank_rows_are_left_out(tmp_path):
    path = text_file(tmp_path / "a.csv", '\n名称,地址\n甲,"两\n行"\n,\n乙,2\n\n , \n')
    table = open_table(path)
    assert table.header_row == 2
    assert list(table.rows()) == [(3, ["甲", "两\n行"]), (5, ["乙", "2"])]
    assert list(table.rows(after=3)) == [(5, ["乙", "2"])]
    assert list(table.rows()) == list(table.rows())


def test_a_short_row_is_filled_and_a_long_one_refused(tmp_path):
    path = text_file(tmp_path / "a.csv", "a,b,c\n1\n1,2,3,,\n")
    assert list(open_table(path).rows()) == [(2, ["1", None, None]), (3, ["1", "2", "3"])]
    assert refused(text_file(tmp_path / "b.csv", "a,b\n1,2,3\n")) == "Row 2 has 3 values but the header has 2 columns."


def test_gzip_and_foreign_names_are_fine(tmp_path):
    path = tmp_path / "客户 1.csv.gz"
    path.write_bytes(gzip.compress("名称,b\n甲,2\n".encode("gb18030")))
    assert list(open_table(path).rows()) == [(2, ["甲", "2"])]
    assert "damaged" in refused(broken(tmp_path / "b.csv.gz", path, 20))
    assert list(open_table(text_file(tmp_path / "old.xls", "a\tb\n1\t2\n")).rows()) == [(2, ["1", "2"])]


def broken(path: Path, source: Path, size: int) -> Path:
    path.write_bytes(source.read_bytes()[:size])
    return path


def test_undecodable_bytes_name_their_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("名称,地址\n甲乙丙丁戊己,上海\n甲,".encode() + b"\xff\xfe\n")
    assert refused(path).startswith("Row 3 cannot be read as UTF-8.")
    path.write_bytes("名称,地址\n甲,上海\n甲,".encode("gb18030") + b"\xff\xff\n")
    assert refused(path).startswith("Row 3 cannot be read as GB18030.")


def test_a_tab_separated_negative_number_and_a_protected_formula_come_back_plain(tmp_path):
    path = text_file(tmp_path / "a.tsv", "a\tb\n-5\t'=1+1\n")
    assert list(open_table(path).rows()) == [(2, ["-5", "=1+1"])]


def test_memory_stays_flat_over_a_large_csv(tmp_path):
    path = tmp_path / "big.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write("名称,电话,备注\n")
        for number in range(120_000):
            file.write(f"客户{number},1380000{number:06d},{'备' * 20}\n")
    table = open_table(path)
    tracemalloc.start()
    count = sum(1 for _row in table.rows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 120_000
    assert abs(table.estimate - count) < count / 10
    assert peak < 2 << 20


def test_an_xlsx_gives_typed_cells(tmp_path):
    rows = [
        [None, None, None, None, None, None],
        ["名称", "数", "日期", "时间", "钟", None],
        ["甲", 13800138000, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), time(3, 4), True],
        [None] * 6,
        ["=1+1", 1.5, None, None, None, None],
        [None, " "],
    ]
    table = open_table(workbook(tmp_path / "a.xlsx", rows))
    assert table.headers == ["名称", "数", "日期", "时间", "钟", "列6"]
    assert list(table.rows()) == [
        (3, ["甲", 13800138000, date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5), "03:04:00", True]),
        (5, [None, 1.5, None, None, None, None]),
    ]
    assert [row for row, _cells in table.rows(after=3)] == [5]
    assert (table.kind, table.sheets, table.sheet) == ("xlsx", ["Sheet"], "Sheet")


def test_a_sheet_can_be_chosen_and_hidden_ones_are_not_offered(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("第二").append(["b"])
    book.create_sheet("hidden").sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx", sheet="第二")
    assert (table.sheets, table.headers) == (["Sheet", "第二"], ["b"])
    assert refused(tmp_path / "a.xlsx", sheet="第三") == "There is no sheet named 第三 in this file."


def test_digits_lost_by_excel_and_error_cells_are_warned_about(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["身份证", "b"])
    book.active.append([110101199001011234, "#DIV/0!"])
    book.active["B2"].data_type = "e"
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")
    assert [cells[1] for _row, cells in table.rows()] == [None]
    assert table.warnings == [
        "Some cells show an error (cell B2, for example); they are read as empty.",
        "Row 2 has a number of more than 15 digits; Excel has lost its last digits.",
    ]


def test_merged_cells_are_refused_in_the_header_and_warned_about_below(tmp_path):
    book = openpyxl.Workbook()
    for row in (["a", "b"], ["1", "2"], ["3", "4"]):
        book.active.append(row)
    book.active.merge_cells("A2:A3")
    book.save(tmp_path / "a.xlsx")
    table = open_table(tmp_path / "a.xlsx")
    assert list(table.rows()) == [(2, ["1", "2"]), (3, [None, "4"])]
    assert table.warnings == ["1 merged areas: only the top left cell of each keeps its value."]
    book.active.merge_cells("A1:B1")
    book.save(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx").startswith("The header row 1 has merged cells.")


def test_xls_and_ods_are_read(tmp_path):
    old = xlwt.Workbook()
    sheet = old.add_sheet("表")
    for row, cells in enumerate([HEADERS, ["甲", "138", date(2026, 1, 2)]]):
        for column, cell in enumerate(cells):
            sheet.write(row, column, cell, xlwt.easyxf(num_format_str="yyyy-mm-dd"))
    old.save(str(tmp_path / "a.xls"))
    table = open_table(tmp_path / "a.xls")
    assert (table.headers, list(table.rows())) == (HEADERS, [(2, ["甲", "138", date(2026, 1, 2)])])
    document = OpenDocumentSpreadsheet()
    page = OdfTable(name="表")
    for cells in (["名称", "数"], ["甲", "乙"]):
        line = TableRow()
        for cell in cells:
            box = TableCell(valuetype="string")
            box.addElement(P(text=cell))
            line.addElement(box)
        page.addElement(line)
    document.spreadsheet.addElement(page)
    document.save(str(tmp_path / "a.ods"))
    table = open_table(tmp_path / "a.ods")
    assert (table.kind, table.sheet, list(table.rows())) == ("ods", "表", [(2, ["甲", "乙"])])


def test_parquet_is_read_in_batches_and_resumed(tmp_path):
    columns = {
        "名称": [f"客户{i}" for i in range(2500)],
        "金额": [Decimal("1.10")] * 2500,
        "日": [date(2026, 1, 2)] * 2500,
        "时": arrow.array([1767323045123456789] * 2500, arrow.timestamp("ns")),
        "字节": [b"x"] * 2500,
    }
    arrow_parquet.write_table(arrow.table(columns), tmp_path / "a.parquet", row_group_size=1000)
    table = open_table(tmp_path / "a.parquet")
    assert (table.headers, table.estimate) == (list(columns), 2500)
    rows = list(table.rows())
    assert rows[0] == (
        2,
        ["客户0", Decimal("1.10"), date(2026, 1, 2), datetime(2026, 1, 2, 3, 4, 5, 123456), None],
    )
    assert rows[1500:] == list(table.rows(after=1501))
    assert table.warnings == ["Cells with binary content are read as empty."]
    arrow_parquet.write_table(arrow.table({"a": [[1]]}), tmp_path / "b.parquet")
    assert "lists or records" in refused(tmp_path / "b.parquet")


def test_sqlite_tables_are_read_and_views_are_not_offered(tmp_path):
    base = sqlite3.connect(tmp_path / "a.db")
    base.execute('CREATE TABLE "客 ""户"(a TEXT, b REAL)')
    base.execute("CREATE TABLE 乙(a TEXT PRIMARY KEY, b) WITHOUT ROWID")
    base.execute("CREATE VIEW v AS SELECT 1")
    base.executemany('INSERT INTO "客 ""户" VALUES(?, ?)', [("甲", 1.5), ("乙", None), ("丙", 3)])
    base.execute("INSERT INTO 乙 VALUES('x', 7)")
    base.commit()
    base.close()
    before = (tmp_path / "a.db").read_bytes()
    table = open_table(tmp_path / "a.db")
    assert (table.sheets, table.headers, table.estimate) == (['客 "户', "乙"], ["a", "b"], 3)
    assert list(table.rows()) == [(2, ["甲", 1.5]), (3, ["乙", None]), (4, ["丙", 3.0])]
    assert list(table.rows(after=3)) == [(4, ["丙", 3.0])]
    assert list(open_table(tmp_path / "a.db", sheet="乙").rows()) == [(2, ["x", 7])]
    assert "no sheet named v" in refused(tmp_path / "a.db", sheet="v")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.db"] and (tmp_path / "a.db").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\n\n,,\n", "is empty"),
        ("a.exe", b"a,b\n1,2\n", "not a table file"),
        ("a.csv", b"MZ\x90\0\x03\0\0\0", "not a table file"),
        ("a.xlsx", b"MZ\x90\0\x03\0\0\0", "damaged"),
        ("a.csv", b"a,b\n1,\x002\n", "not a table file"),
        ("a.csv", b"a,b\n" + b"1,2\n" * 2000 + b"1,\x002\n", "Row 2002 holds binary data"),
        ("a.csv", b"a,b\n1," + b"x" * 200_000, "Row 2 is too long"),
        ("a.csv", b"a,b\n1," + b"x" * 3_000_000, "Row 2 is too long"),
        ("a.csv", b"a,b\n" + b'"x\n",' * 900_000, "Row 2 is too long"),
        ("a.csv", b'a,b\n1,"x\n2,y\n', "Row 2 has a quotation mark"),
        ("a.csv", b"a,b, a\n1,2,3\n", "more than once: a."),
        ("a.csv", b",".join(b"c%d" % i for i in range(301)), "more than 300 columns"),
        ("a.xls", b"<html><table><tr><td>a", "web page"),
        ("a.xlsx", b"PK\x03\x04 not a zip", "damaged"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "damaged"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("a.parquet", b"PAR1xxxxPAR1", "damaged"),
        ("a.db", b"SQLite format 3\0" + bytes(100), "damaged"),
        ("a.csv", gzip.compress(b"a,b\n" + (b"x" * 999 + b",y\n") * 15_000), "larger than 10 MB"),
    ],
)
def test_what_is_not_a_sound_table_is_refused_with_advice(tmp_path, name, content, words):
    path = tmp_path / "upload"
    path.write_bytes(content)
    assert words in refused(path, name=name)


def archive(path: Path, entries: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in entries.items():
            target.writestr(name, content)
    return path


def test_zip_bombs_and_other_archives_are_refused(tmp_path):
    bomb = {"xl/workbook.xml": b"x", "xl/worksheets/sheet1.xml": bytes(50 << 20)}
    assert "unpacks to far more" in refused(archive(tmp_path / "a.xlsx", bomb))
    many = {"xl/workbook.xml": b"x"} | {f"xl/{i}": b"" for i in range(1001)}
    assert "unpacks to far more" in refused(archive(tmp_path / "b.xlsx", many))
    assert "not a table file" in refused(archive(tmp_path / "c.xlsx", {"word/document.xml": b"x"}))


def test_an_archive_that_lies_about_its_sizes_is_refused(tmp_path):
    source = workbook(tmp_path / "a.xlsx", [["a"]] + [["x" * 30_000 + str(row)] for row in range(600)])
    with zipfile.ZipFile(source) as packed:
        real = packed.getinfo("xl/worksheets/sheet1.xml").file_size
    source.write_bytes(source.read_bytes().replace(struct.pack("<L", real), struct.pack("<L", 1000)))
    assert "damaged" in refused(source)


def test_a_tiny_file_that_claims_a_giant_sheet_cannot_bring_the_process_down(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["KN1048576"] = "a", "b"
    book.save(tmp_path / "a.xlsx")
    assert "damaged or too complex" in refused(tmp_path / "a.xlsx")
    book.active["XFD1"] = "c"
    book.active["KN1048576"] = None
    book.save(tmp_path / "b.xlsx")
    assert "more than 300 columns" in refused(tmp_path / "b.xlsx")


def test_files_beyond_the_size_limits_are_refused_before_they_are_read(tmp_path):
    path = tmp_path / "a"
    for magic, size in ((b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 30), (b"PK\x03\x04", 30), (b"a,b\n", 4096)):
        path.write_bytes(magic + b"x" * 5000)
        with path.open("r+b") as file:
            file.truncate((size << 20) + 1)
        assert refused(path, name="a.xls").startswith(f"The file is larger than {size} MB.")


def test_an_empty_workbook_is_refused(tmp_path):
    assert "is empty" in refused(workbook(tmp_path / "a.xlsx", []))
    book = workbook(tmp_path / "b.xlsx", [["a"]])
    assert (open_table(book).estimate, list(open_table(book).rows())) == (0, [])


def test_entities_declared_in_the_xml_are_refused(tmp_path):
    source = workbook(tmp_path / "a.xlsx", [["a"], ["b"]])
    with zipfile.ZipFile(source) as archive_in:
        entries = {name: archive_in.read(name) for name in archive_in.namelist()}
    lines = [b'<!ENTITY e%d "%s">' % (i, b"&e%d;" % (i - 1) * 10 if i else b"x" * 10) for i in range(10)]
    head = b'<!DOCTYPE s [<!ENTITY f SYSTEM "file:///etc/passwd">' + b"".join(lines) + b"]>"
    page = entries["xl/worksheets/sheet1.xml"]
    assert b"<t>a</t>" in page
    entries["xl/worksheets/sheet1.xml"] = head + page.replace(b"<t>a</t>", b"<t>a&e9;&f;</t>")
    path = archive(tmp_path / "b.xlsx", entries)
    assert "damaged" in refused(path)


def test_too_many_rows_in_a_spreadsheet_are_refused(tmp_path):
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for _row in range(200_005):
        sheet.append([1])
    book.save(tmp_path / "a.xlsx")
    assert "at most 200000 rows" in refused(tmp_path / "a.xlsx")


def survives(path: Path, name: str) -> None:
    """Either a table or a TableError, and nothing else."""
    try:
        table = open_table(path, name=name)
        for _row in table.rows():
            pass
    except TableError as error:
        assert str(error)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=4000),
    start=st.sampled_from([b"", b"\xef\xbb\xbf", b"\xff\xfe", b"a,b\n", b"\x1f\x8b\x08\0"]),
)
def test_random_bytes_are_a_table_or_a_refusal(tmp_path, content, start):
    path = tmp_path / "fuzz"
    path.write_bytes(start + content)
    survives(path, "a.csv")


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_files_with_flipped_bytes_are_a_table_or_a_refusal(samples, tmp_path, data):
    name, content = data.draw(st.sampled_from(samples))
    changed = bytearray(content)
    for _flip in range(data.draw(st.integers(1, 20))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path / "fuzz"
    path.write_bytes(changed[: data.draw(st.integers(1, len(changed)))] if data.draw(st.booleans()) else changed)
    survives(path, name)


@pytest.fixture(scope="module")
def samples(tmp_path_factory) -> list[tuple[str, bytes]]:
    folder = tmp_path_factory.mktemp("samples")
    workbook(folder / "a.xlsx", [["名称", "数"], ["甲", 1]])
    old = xlwt.Workbook()
    old.add_sheet("S").write(0, 0, "名称")
    old.save(str(folder / "a.xls"))
    arrow_parquet.write_table(arrow.table({"a": ["x", "y"], "b": [1, 2]}), folder / "a.parquet")
    base = sqlite3.connect(folder / "a.db")
    base.executescript("CREATE TABLE t(a, b); INSERT INTO t VALUES('x', 1), ('y', 2);")
    base.close()
    (folder / "a.csv.gz").write_bytes(gzip.compress("名称,数\n甲,1\n".encode()))
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]
