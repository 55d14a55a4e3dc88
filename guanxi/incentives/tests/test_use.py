"""Who stays away from the system for two weeks is named in the notice and answers for it in the ledger (USE-03)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.incentives.models import Entry
from guanxi.incentives.services.duties import follow
from guanxi.incentives.tests.conftest import Do, on
from guanxi.kernel.models import Company
from guanxi.org.models import SignIn, User
from guanxi.rulebook.models import Duty, DutyStep
from guanxi.rulebook.services.books import load, ready
from guanxi.rulebook.tests.conftest import at, judged

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]


@pytest.mark.req("USE-03", "USE-01")
def test_two_weeks_away_are_named_in_the_notice_escalated_and_booked_once_the_head_confirms(
    client: Client, do: Do, company: Company, seller: User, rival: User, leader: User
) -> None:
    load(company, next(book for book in ready() if book.slug == "system-use"), effective_on=date(2026, 3, 2))
    User.objects.exclude(pk__in=[seller.pk, rival.pk]).update_silently(created_at=at("2026-03-19 09:00"))
    User.objects.filter(pk__in=[seller.pk, rival.pk]).update_silently(
        created_at=at("2026-01-05"), last_login=at("2026-03-02 09:00")
    )
    for person, days in ((seller, (2,)), (rival, (2, 6, 11, 17))):
        for day in days:
            values = {"username": person.username, "at": at(f"2026-03-{day:02d} 09:00"), "ok": True}
            saved(SignIn(company=company, user=person, method="password", **values))
    for day in range(2, 21):
        judged(company, f"2026-03-{day:02d} 23:30")
    away = Duty.objects.get(clause__code="USE-03")
    assert (away.owner, away.state) == (seller, "missed")
    steps = DutyStep.objects.filter(duty=away).order_by("level").values_list("to__username", flat=True)
    assert list(steps)[:2] == ["seller", "leader"]
    with on("2026-03-21"):
        follow(company)
        entry = Entry.objects.get()
        assert (entry.owner, entry.amount, entry.unit, entry.state, entry.duty) == (
            seller, Decimal(-5), "points", "proposed", away,
        )  # fmt: skip
        assert do(leader, entry, "confirm") in (204, 302)
        client.force_login(seller)
        assert f"/incentives/{entry.pk}/" in client.get("/incentives/?view=mine").content.decode()
        client.force_login(leader)
        notice = client.get("/compliance/notice/?month=2026-03").content.decode()
        named = notice.split("<h2>")[2]
        told = {who: re.search(rf">{who.name}</th>.*?</tr>", named, re.DOTALL) for who in (seller, rival)}
        assert ["连续两周未登录" in line[0] for line in told.values() if line] == [True, False], (
            "for days left out only"
        )
    days = (
        Duty.objects.filter(clause__code="USE-01", state="missed")
        .order_by("opened_on")
        .values_list("owner", "opened_on")
    )
    both = [day for person, day in days if person == seller.pk], [day for person, day in days if person == rival.pk]
    assert [len(one) for one in both] == [13, 10], (
        "of fifteen working days the last is still running; one and four were kept"
    )
