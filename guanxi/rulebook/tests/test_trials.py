"""A rule tried on the past, and the program's commands."""

from __future__ import annotations

import io
import json
from datetime import date

import pytest
from django.core.management import CommandError, call_command

from guanxi.customers.models import Account
from guanxi.rulebook.models import Clause, Duty
from guanxi.rulebook.services.backtest import try_out
from guanxi.rulebook.spec import SpecError
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, PHONE_KNOWN, VISIT_AFTER_ORDER, Adopt, judged, talk
from guanxi.rulebook.tests.test_engine import ordered


@pytest.mark.req("GOV-02")
def test_a_draft_is_tried_on_the_past_and_leaves_no_trace(adopt: Adopt, customer: Account) -> None:
    company = customer.company
    for day in ("2026-01-05", "2026-02-05", "2026-03-05"):
        ordered(customer, day)
    talk(customer, "2026-01-08")
    talk(customer, "2026-02-20")
    found = try_out(company, VISIT_AFTER_ORDER, date(2026, 1, 1), date(2026, 3, 31))
    assert found.states == {"met": 1, "late": 1, "missed": 1}
    assert found.rate == 33.3
    assert [(one.name, one.code, one.duties, one.unkept) for one in found.people] == [("林知远", "seller", 3, 2)]
    assert [one.due_on for one in found.missed] == ["2026-03-12"]
    monthly = try_out(company, MONTHLY_TALK, date(2026, 1, 1), date(2026, 3, 31))
    assert monthly.states == {"missed": 3}
    assert try_out(company, PHONE_KNOWN, date(2026, 3, 1), date(2026, 3, 1)).states == {"open": 1}
    assert (Duty.everything.count(), Clause.everything.count()) == (0, 0)


def test_what_cannot_be_tried_says_so(db: None, customer: Account) -> None:
    for spec in (
        {**VISIT_AFTER_ORDER, "about": "nowhere.thing"},
        {**VISIT_AFTER_ORDER, "from": "colour"},
        {"kind": "x"},
    ):
        with pytest.raises(SpecError):
            try_out(customer.company, spec, date(2026, 1, 1), date(2026, 2, 1))
    with pytest.raises(SpecError):
        try_out(customer.company, MONTHLY_TALK, date(2020, 1, 1), date(2026, 1, 1))


@pytest.mark.req("AUTO-02")
def test_the_program_judges_as_of_a_moment_and_explains(adopt: Adopt, customer: Account) -> None:
    adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01")
    ordered(customer, "2026-03-02")

    def run(*args: str) -> str:
        out = io.StringIO()
        call_command("duties", *args, stdout=out)
        return out.getvalue()

    first = json.loads(run("run", "--as-of", "2026-03-09T18:00", "--json"))
    assert [(d["clause"], d["state"], d["due_at"][:10]) for d in first[0]["duties"]] == [
        ("RV-05", "open", "2026-03-09")
    ]
    later = json.loads(run("run", "--as-of", "2026-03-10T00:30", "--json"))
    assert [d["state"] for d in later[0]["duties"]] == ["missed"]
    duty = Duty.objects.get()
    told = json.loads(run("explain", str(duty.pk), "--json"))
    assert (told["owner"], told["trigger"], told["state"]) == ("seller", "T0", "missed")
    assert "7" in told["rule"]
    assert "RV-05" in run("explain", str(duty.pk))
    for bad in (("run", "--as-of", "yesterday"), ("run", "--company", "nobody"), ("explain", "1")):
        with pytest.raises(CommandError):
            run(*bad)
    assert judged(customer.company, "2026-03-10 00:30") == {}
