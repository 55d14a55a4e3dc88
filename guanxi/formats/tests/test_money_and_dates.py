"""Amounts, dates and times as people type them and as spreadsheets deliver them."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from guanxi.formats.dates import SHANGHAI, parse_date, parse_datetime
from guanxi.formats.money import in_words, money, parse_amount, wan
from guanxi.formats.values import BadValue


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥1,234.50", "1234.50"), ("￥1,234.50元", "1234.50"), ("1.2万", "12000"), ("3亿", "300000000"),
        ("1.5千万元", "15000000"), ("（1,200）", "-1200"), ("-¥5", "-5"), ("１２３．５", "123.5"), ("人民币 100 元整", "100"),
        ("12345.678901", "12345.678901"), ("1 000", "1000"), ("5k", "5000"), ("0", "0"),
    ],
)  # fmt: skip
def test_amounts_are_read(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["12,5", "1.234,50", "1,2345", "1.38E+10", "十", "", "12%", "1,,234", "--5"])
def test_doubtful_amounts_are_refused(text: str) -> None:
    with pytest.raises(BadValue):
        parse_amount(text)


def test_amounts_show_cents_only_when_there_are_any() -> None:
    shown = {
        1286400: "¥1,286,400", Decimal("1286400.5"): "¥1,286,400.50", Decimal("0.50"): "¥0.50",
        Decimal("-3.00"): "−¥3", Decimal("-0.005"): "−¥0.01", None: "—",
    }  # fmt: skip
    assert {value: money(value) for value in shown} == shown


def test_headline_amounts_count_in_the_language_s_units() -> None:
    with override("zh-hans"):
        assert [wan(n) for n in (1286000, 127_000_000, 9999, -20000, None)] == [
            "¥128.6万", "¥1.27亿", "¥9,999", "−¥2.0万", "—",
        ]  # fmt: skip
    with override("en"):
        assert wan(1286000) == "¥1.29M"


def test_amounts_in_words() -> None:
    assert in_words(Decimal("1001.01")) == "壹仟零壹元零壹分"
    assert in_words(Decimal("0.05")) == "伍分"
    assert in_words(Decimal("100000000.00")) == "壹亿元整"
    assert in_words(Decimal("1286400.50")) == "壹佰贰拾捌万陆仟肆佰元伍角"


@given(st.decimals(-(10**15), 10**15, places=2))
def test_a_shown_amount_reads_back(amount: Decimal) -> None:
    assert parse_amount(money(amount)) == amount


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-21", "2026/11/21", "2026.11.21", "2026年11月21日", "20261121", "11/21/2026", "21.11.2026", 46347, 46347.6,
        "46347", "46347.25", 20261121.0, "２０２６－１１－２１", "2026-11-21 14:30", "2026-11-21T14:30:00", "2026年11月21号 下午2点",
        datetime(2026, 11, 21, 14), date(2026, 11, 21), datetime(2026, 11, 20, 17, tzinfo=UTC), "2026-11-20T17:00:00Z",
    ],
)  # fmt: skip
def test_dates_are_read(value: str | float | date) -> None:
    assert parse_date(value) == date(2026, 11, 21)


@pytest.mark.parametrize(
    "value",
    [
        "5/6/2026", "26-11-21", "2026-02-30", "2026-13-01", "明天", "today", "2026", 2026, "2026-11", "", "2026-11-211",
        "20261321", 0, -5, float("nan"), float("inf"), "2026-11-21 25:00", "2026-11-21 soon", 1e20,
    ],
)  # fmt: skip
def test_doubtful_dates_are_refused(value: str | float) -> None:
    with pytest.raises(BadValue):
        parse_date(value)


def test_times_are_shanghai_wall_time() -> None:
    half_past_two = datetime(2026, 11, 21, 14, 30, tzinfo=SHANGHAI)
    for text in (
        "2026-11-21 14:30",
        "2026年11月21日 下午2:30",
        "2026/11/21 2:30 PM",
        "2026-11-21T06:30:00+00:00",
    ):
        assert parse_datetime(text) == half_past_two
    assert parse_datetime(46347 + 14.5 / 24) == half_past_two
    assert parse_datetime("2026-11-21") == datetime(2026, 11, 20, 16, tzinfo=UTC)


@given(st.dates(date(1930, 1, 1), date(2099, 1, 1)))
def test_every_writing_of_a_day_reads_back(day: date) -> None:
    for text in (f"{day}", f"{day:%Y/%m/%d}", f"{day:%Y%m%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert parse_date(text) == day
    assert parse_date((day - date(1899, 12, 30)).days) == day


@given(st.text(max_size=20))
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (parse_date, parse_amount):
        with suppress(BadValue):
            read(text)
