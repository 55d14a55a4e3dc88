"""Loading the demonstration company: the same each time, started over when it was killed, one account per role."""

from __future__ import annotations

from datetime import UTC, datetime
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from guanxi.cli import _say_who_signs_in
from guanxi.custody.models import CardReview
from guanxi.customers.models import Account
from guanxi.desk.demo import generate
from guanxi.desk.demo.staff import PASSWORD
from guanxi.incentives.models import Entry
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.learning.models import Reading
from guanxi.org.models import User
from guanxi.org.presets import PRESETS
from guanxi.sales.models import Order

pytestmark = pytest.mark.django_db


def silent(*_args: Any) -> None:
    pass


def content() -> list[tuple[Any, ...]]:
    people = list(User.objects.order_by("id").values_list("username", "name"))
    accounts = list(Account.objects.order_by("code").values_list("name", "phone", "credit_code", "stage"))
    orders = list(Order.objects.order_by("number").values_list("number", "amount", "state", "payment"))
    ledger = list(Entry.objects.order_by("pk").values_list("title", "amount", "month", "state", "owner__username"))
    learnt = list(Reading.objects.order_by("pk").values_list("title", "owner__username", "confirmed_at", "score"))
    cards = list(CardReview.objects.order_by("pk").values_list("owner__username", "week", "score"))
    return [*people, *accounts, *orders, *ledger, *learnt, *cards]


@pytest.mark.once
@clock.shifted(datetime(2026, 11, 23, 4, tzinfo=UTC))
def test_a_killed_run_is_cleared_away_and_gives_the_same_company_again() -> None:
    generate.build(60, silent)
    before = content()

    def kill(what: str, _done: int, _total: int) -> None:
        if what == "orders":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        generate.build(60, kill)
    assert generate.standing() is None
    generate.build(60, silent)
    assert content() == before
    assert Company.objects.filter(code=generate.CODE).count() == 1


def test_every_preset_role_has_one_account_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    out = StringIO()
    call_command("demo", "--accounts-only", stdout=out)
    shown = [line.split() for line in out.getvalue().partition("Demonstration accounts:\n")[2].splitlines()]
    assert {line[-1].strip("()") for line in shown} == {preset["code"] for preset in PRESETS}
    assert all(User.objects.get(username=line[0]).check_password(PASSWORD) for line in shown)
    capsys.readouterr()
    _say_who_signs_in(accounts=True)  # as the server does when it starts
    assert [line.split() for line in capsys.readouterr().out.splitlines()][2:] == shown
    call_command("demo", stdout=(again := StringIO()))
    assert "already there" in again.getvalue()
    assert Account.objects.count() == 0
