"""Atoms: what rows show, in both languages, and never as markup from users."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from guanxi.kernel import clock
from guanxi.web import atoms

NOON = datetime(2026, 11, 18, 4, 0, tzinfo=UTC)


def test_text_from_users_is_escaped_everywhere():
    bad = '<b>"x'
    for made in (atoms.avatar(bad), atoms.badge(bad), atoms.tag(bad), atoms.secret(bad, bad, bad)):
        assert "<b>" not in made
        assert '"x' not in made


def test_due_says_overdue_today_or_days_ahead():
    with override("en"), clock.shifted(NOON):
        assert 'due-over">2 days overdue' in atoms.due(-2)
        assert 'due-today">Today' in atoms.due(0)
        assert atoms.due(1) == '<span class="due">in 1 day</span>'
        assert atoms.due(None) == atoms.DASH


def test_days_and_moments_follow_the_company_clock():
    with override("en"), clock.shifted(NOON):
        assert atoms.day(datetime(2026, 11, 17, 17, 0, tzinfo=UTC)) == "11-18"
        assert atoms.moment(datetime(2026, 11, 17, 7, 10, tzinfo=UTC)) == "Yesterday 15:10"
        assert atoms.ago(datetime(2026, 11, 9, 4, 0, tzinfo=UTC)) == "9 days ago"


@pytest.mark.parametrize(("value", "tone"), [(70, "green"), (69, "amber"), (49, "red")])
def test_health_tone_changes_at_seventy_and_fifty(value, tone):
    assert f"health-{tone}" in atoms.health(value)
