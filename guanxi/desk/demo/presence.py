"""Who signed in when: a working month of the demonstration's people, so that use of the system has figures (USE-05)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import new
from guanxi.desk.demo.staff import Organisation
from guanxi.kernel.models.pour import insert
from guanxi.org.models import SignIn, User
from guanxi.worktime.queries import calendar_of

DAYS, SELDOM = 20, 0.05  # working days; how often somebody does not sign in
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


def build_presence(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work.  Everybody keeps to one device, so that nobody seems to share an account."""
    dice, calendar = Dice("presence"), calendar_of(staff.company.pk)
    days = [calendar.add_workdays(today, -n) for n in range(DAYS, 0, -1)]
    people = list(User.objects.filter(company=staff.company, is_active=True).order_by("pk"))
    rows = [
        new(
            SignIn, company_id=staff.company.pk, user_id=person.pk, username=person.username, ok=True, method="password", agent=AGENT,
            ip=f"10.20.{number // 200}.{10 + number % 200}", at=(at := _morning(dice, day)), created_at=at,
        )
        for day in days
        for number, person in enumerate(people)
        if dice.random() >= SELDOM
    ]  # fmt: skip
    insert(rows)  # a history itself: the trail need not tell it again


def _morning(dice: Dice, day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8, 20)) + timedelta(seconds=int(dice.random() * 3000)))
