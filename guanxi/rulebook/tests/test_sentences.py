"""Rules as sentences: read, changed in their slots, read back."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from guanxi.rulebook.sentences import Slot, fill, in_words, parts, reword
from guanxi.rulebook.spec import SpecError, read
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, PHONE_KNOWN, VISIT_AFTER_ORDER

RULES = [
    VISIT_AFTER_ORDER,
    MONTHLY_TALK,
    PHONE_KNOWN,
    {**VISIT_AFTER_ORDER, "grace": [2, "hours"], "points": {"amount": -20, "unit": "yuan", "after": 3}},
]


@pytest.mark.req("GOV-02")
@pytest.mark.parametrize("raw", RULES)
def test_a_sentence_read_back_is_the_rule_again(db: None, raw: dict) -> None:
    with override("zh-hans"):
        text = in_words(read(raw), None)
        again = reword(raw, text, None)
        assert read(again) == read(raw)
        assert in_words(read(again), None) == text


def test_somebody_changes_a_month_into_two_weeks(db: None) -> None:
    with override("zh-hans"):
        text = in_words(read(VISIT_AFTER_ORDER), None)
        assert "7 天" in text
        changed = reword(VISIT_AFTER_ORDER, text.replace("7 天", "2 周"), None)
    assert changed["within"] == [2, "weeks"]
    assert changed["steps"] == VISIT_AFTER_ORDER["steps"]


def test_slots_take_values_of_their_kind_only(db: None) -> None:
    slots = {part.path for part in parts(read(MONTHLY_TALK), None) if isinstance(part, Slot)}
    assert slots == {"times", "every"}
    assert fill(MONTHLY_TALK, {"every": "quarter", "times": "3"})["times"] == 3
    for bad in ({"times": "many"}, {"every": "aeon"}, {"about": "org.user"}, {"times": "0"}):
        with pytest.raises(SpecError):
            fill(MONTHLY_TALK, bad)
    with pytest.raises(SpecError):
        reword(MONTHLY_TALK, "whatever", None)


def test_a_reminder_stays_a_reminder(db: None) -> None:
    assert fill(VISIT_AFTER_ORDER, {"steps.0.when.0": "3"})["steps"][0]["when"] == [-3, "days"]
