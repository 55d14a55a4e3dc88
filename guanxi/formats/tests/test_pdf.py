"""Documents as PDF: Chinese text, tables over several pages, the same bytes for the same paper."""

from __future__ import annotations

from django.utils.translation import override

from guanxi.formats.pdf import Column, Paper, pdf
from guanxi.formats.tests.papers import page_texts


def test_a_paper_shows_its_words_and_is_the_same_bytes_twice() -> None:
    paper = Paper(
        "报价单", heads=[("客户", "华宇精密 <机械> & 部件")], columns=[Column("产品", 3), Column("金额", 1, True)],
        rows=[["数控车床", "¥1,286,400.00"]], sums=[("合计", "壹佰贰拾捌万陆仟肆佰元整")],
        texts=[("付款方式", "预付三成")], signs=["供方（盖章）"], foot="远航设备",
    )  # fmt: skip
    with override("zh-hans"):
        [page] = page_texts(first := pdf(paper))
        assert first == pdf(paper)
    for words in ("报价单", "华宇精密 <机械> & 部件", "数控车床", "1,286,400.00", "壹佰贰拾捌万陆仟肆佰元整", "预付三成",
                  "供方（盖章）", "远航设备", "第 1 页，共 1 页"):  # fmt: skip
        assert words in page
    assert b"STSong-Light" in first and b"/FontFile" not in first


def test_a_long_table_runs_over_pages_with_its_head_on_each() -> None:
    paper = Paper("对账单", columns=[Column("单号")], rows=[[f"SO-{n:05d}"] for n in range(120)])
    pages = page_texts(pdf(paper))
    assert len(pages) == 4 and all("单号" in page for page in pages)
    assert "SO-00000" in pages[0] and "SO-00119" in pages[-1]


def test_characters_no_font_knows_do_not_stop_the_document() -> None:
    assert pdf(Paper("𠮷野家😀", rows=[["\x00"]], columns=[Column("")])).startswith(b"%PDF-")
