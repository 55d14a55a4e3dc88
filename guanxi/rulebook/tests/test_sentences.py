"""Rules as sentences: read, and changed in their slots."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils.translation import override

from guanxi.conftest import saved
from guanxi.customers.models import Channel
from guanxi.kernel.models import Company
from guanxi.rulebook.sentences import Slot, fill, in_words, parts
from guanxi.rulebook.spec import SpecError, read
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, PHONE_KNOWN, VISIT_AFTER_ORDER


@pytest.fixture
def channel(company: Company) -> Channel:
    return saved(Channel(company=company, code="shop-own", name="门店直营"))


@pytest.mark.req("GOV-02")
def test_somebody_changes_a_month_into_two_weeks(db: None) -> None:
    with override("zh-hans"):
        assert "7 天内完成" in in_words(read(VISIT_AFTER_ORDER), None)
        changed = fill(VISIT_AFTER_ORDER, {"within.0": "2", "within.1": "weeks"})
        assert "2 周内完成" in in_words(read(changed), None)
    assert changed["steps"] == VISIT_AFTER_ORDER["steps"]


@pytest.mark.req("GOV-02")
def test_what_must_not_be_is_said_without_a_double_negation(db: None) -> None:
    late = {"all": [{"f": "phone", "op": "empty"}, {"f": "next_contact_on", "op": "before", "v": "@today"}]}
    with override("zh-hans"):
        text = in_words(read({**PHONE_KNOWN, "holds": {"not": late}, "within": [0, "days"]}), None)
        assert "一旦 电话 为空 且 下次联系 早于 今天，" in text and "第一时间处理" in text
        older = {"not": {"f": "next_contact_on", "op": "before", "v": "@today"}}
        text = in_words(read({**PHONE_KNOWN, "holds": {"all": [older]}}), None)
        assert "不早于 今天" in text and "不满足（" not in text


@pytest.mark.req("GOV-02")
def test_codes_are_read_as_names(channel: Any) -> None:
    spec = {**PHONE_KNOWN, "where": {"f": "channel.code", "op": "is_not", "v": channel.code}}
    guard = {"kind": "guard", "about": "sales.order", "verb": "confirm", "deny": {"f": "number", "op": "empty"},
             "message": "先编号"}  # fmt: skip
    own = {**VISIT_AFTER_ORDER, "done": {"by": "sales.order", "at": "created_at", "match": [["id", "id"]]}}
    with override("zh-hans"):
        text = in_words(read(spec), channel.company)
        assert "销售渠道 不是 门店直营" in text and channel.code not in text
        assert "不得“确认”" in in_words(read(guard), channel.company)
        assert "订单（以“创建时间”为准）" in in_words(read(own), channel.company)


@pytest.mark.req("GOV-02")
def test_what_is_told_without_delay_is_told_at_once(db: None) -> None:
    raw = {**VISIT_AFTER_ORDER, "within": [0, "closing"], "steps": [{"when": [0, "hours"], "to": "head"}]}
    with override("zh-hans"):
        assert "当日下班前完成" in in_words(read(raw), None) and "一逾期即通知部门负责人" in in_words(read(raw), None)
        slots = [part.path for part in parts(read(raw), None) if isinstance(part, Slot)]
    assert "within.0" in slots and "steps.0.when.0" in slots


def test_slots_take_values_of_their_kind_only(db: None) -> None:
    slots = {part.path for part in parts(read(MONTHLY_TALK), None) if isinstance(part, Slot)}
    assert slots == {"times", "every"}
    assert fill(MONTHLY_TALK, {"every": "quarter", "times": "3"})["times"] == 3
    for bad in ({"times": "many"}, {"every": "aeon"}, {"about": "org.user"}, {"times": "0"}):
        with pytest.raises(SpecError):
            fill(MONTHLY_TALK, bad)


def test_a_reminder_stays_a_reminder(db: None) -> None:
    assert fill(VISIT_AFTER_ORDER, {"steps.0.when.0": "3"})["steps"][0]["when"] == [-3, "days"]
