"""The next contact of an opportunity stands in the calendar as long as it is open."""

from __future__ import annotations

import pytest
from django.urls import reverse

from guanxi.conftest import signed_in
from guanxi.deals.models import LossReason
from guanxi.deals.tests.conftest import Make, do
from guanxi.kernel import clock
from guanxi.org.models import User


@pytest.mark.req("FUP-04")
def test_open_opportunities_are_in_the_calendar_on_their_next_day(deal: Make, seller: User) -> None:
    row = deal("循环水改造", next_contact_on=clock.today())
    assert "循环水改造" in signed_in(seller).get(reverse("calendar")).content.decode()
    do(seller, row, "lose", reason=LossReason.objects.get(name="其他").pk)
    assert "循环水改造" not in signed_in(seller).get(reverse("calendar")).content.decode()
