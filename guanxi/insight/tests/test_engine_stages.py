"""Stages of the customer life cycle, conversion, retention, repurchase and cohorts."""

from __future__ import annotations

from datetime import date

import pytest

from guanxi.insight.engine.stages import (
    StageRules,
    cohorts,
    conversion,
    repurchase,
    retention,
    stage_counts,
    stages,
)
from guanxi.insight.tests.engine_data import facts_of, rows, shop
from guanxi.insight.tests.test_engine_ranking import CLEAN, cdnow, retail

RULES = StageRules(loyal_orders=4)


@pytest.mark.req("LIFE-01", "CHURN-01")
def test_stages_follow_from_facts() -> None:
    # Days since the last sale: 1 30 (4 sales: loyal), 2 305, 3 41, 4 11, 5 213; 6 only cancelled, 7 nothing.
    assert rows(stages(shop(), RULES), "customer_id", "stage") == [
        (1, "loyal"),
        (2, "lost"),
        (3, "first"),
        (4, "first"),
        (5, "lost"),
        (6, "potential"),
        (7, "potential"),
    ]
    assert rows(stage_counts(shop(), RULES), "stage", "customers") == [
        ("first", 2),
        ("lost", 2),
        ("loyal", 1),
        ("potential", 2),
    ]


@pytest.mark.req("LIFE-01", "CHURN-01")
def test_thresholds_are_the_companys_own() -> None:
    wide = StageRules(loyal_orders=5, dormant_days=200, lost_days=300)
    # Five sales for loyalty: 1 is a repeat buyer; 213 days dormant, 305 lost.
    assert rows(stages(shop(), wide), "customer_id", "stage")[:5] == [
        (1, "repeat"),
        (2, "lost"),
        (3, "first"),
        (4, "first"),
        (5, "dormant"),
    ]
    with pytest.raises(ValueError):
        StageRules(dormant_days=100, lost_days=100)


@pytest.mark.req("LIFE-05")
def test_conversion_counts_who_moved_from_stage_to_stage() -> None:
    # On 2024-10-01: 1 silent 175 days and 5 122 days: dormant; 2 lost; 3, 4, 6, 7 potential.
    moves = conversion(shop(), since=date(2024, 10, 1), rules=RULES)
    assert rows(moves, "stage_before", "stage_after", "customers", "rate") == [
        ("dormant", "lost", 1, 0.5),
        ("dormant", "loyal", 1, 0.5),
        ("lost", "lost", 1, 1.0),
        ("potential", "first", 2, 0.5),
        ("potential", "potential", 2, 0.5),
    ]


@pytest.mark.req("LIFE-05")
def test_retention_looks_at_the_preceding_period_of_equal_length() -> None:
    # 2023-12-30..2024-06-30: 1, 2, 5 bought; of them only 1 in the second half of 2024.
    found = retention(shop(), first=date(2024, 7, 1), last=date(2024, 12, 31))
    assert rows(found, "buyers", "kept", "rate") == [(3, 1, pytest.approx(1 / 3))]


@pytest.mark.req("LIFE-05")
def test_repurchase_is_two_sales_or_more_within_the_period() -> None:
    # 2024: 1 four sales, 2 3 4 5 one each.
    found = repurchase(shop(), first=date(2024, 1, 1), last=date(2024, 12, 31))
    assert rows(found, "buyers", "kept", "rate") == [(5, 1, 0.2)]


@pytest.mark.req("LIFE-05")
def test_without_buyers_there_is_no_rate() -> None:
    found = retention(facts_of(), first=date(2024, 7, 1), last=date(2024, 12, 31))
    assert rows(found, "buyers", "kept", "rate") == [(0, 0, None)]


def test_cohorts_count_active_customers_by_month_since_the_first_sale() -> None:
    assert rows(cohorts(shop()), "cohort", "offset", "customers") == [
        (date(2023, 3, 1), 0, 1),
        (date(2023, 3, 1), 12, 1),
        (date(2024, 1, 1), 0, 1),
        (date(2024, 1, 1), 1, 1),
        (date(2024, 1, 1), 3, 1),
        (date(2024, 1, 1), 11, 1),
        (date(2024, 6, 1), 0, 1),
        (date(2024, 11, 1), 0, 1),
        (date(2024, 12, 1), 0, 1),
    ]


def test_cohorts_of_public_data_equal_the_reference() -> None:
    shops = rows(cohorts(retail(CLEAN)), "cohort", "offset", "customers")
    assert [n for month, _, n in shops if month == date(2009, 12, 1)][:7] == [
        955,
        337,
        319,
        406,
        363,
        343,
        360,
    ]
    assert [n for month, _, n in shops if month == date(2010, 1, 1)][:7] == [383, 79, 119, 117, 101, 115, 99]
    music = rows(cohorts(cdnow()), "cohort", "offset", "customers")
    assert [n for month, _, n in music if month == date(1997, 1, 1)][:7] == [781, 124, 95, 70, 65, 77, 65]
