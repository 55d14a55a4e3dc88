"""Visits, return visits and receptions stand in the calendar of whose they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from guanxi.conftest import saved, signed_in
from guanxi.customers.models import Account
from guanxi.interactions.models import Reception, ReturnVisit, Visit
from guanxi.kernel import clock
from guanxi.org.models import User

NAMES = ("东海电机", "西湖泵业", "总经理来访")


@pytest.mark.req("FORM-05", "CARD-05")
@pytest.mark.parametrize("view", ["day", "week", "month"])
def test_the_day_of_a_representative_is_in_the_calendar(seller: User, stranger: User, view: str) -> None:
    day, kept = clock.today(), {"company": seller.company, "owner": seller, "department": seller.department}
    first, second, third = (saved(Account(**kept, name=name)) for name in ("东海电机", "西湖泵业", "南山阀门"))
    saved(Visit(**kept, account=first, day=day))
    saved(Visit(**kept, account=third, day=day, state="dropped"))
    saved(ReturnVisit(**kept, account=second, due_on=day))
    saved(Reception(**kept, account=first, title="总经理来访", day=day, until=day + timedelta(days=1)))
    page = signed_in(seller).get(reverse("calendar"), {"view": view, "day": day.isoformat()}).content.decode()
    assert [name for name in NAMES if name in page] == list(NAMES) and "南山阀门" not in page
    later = {"view": view, "day": (day + timedelta(days=70)).isoformat()}
    for person, asked in ((seller, later), (stranger, {"view": view, "day": day.isoformat()})):
        other = signed_in(person).get(reverse("calendar"), asked).content.decode()
        assert not any(name in other for name in NAMES)
