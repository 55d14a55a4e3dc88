"""Home: what this person should look at today, from figures they may see, each opening the list behind it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guanxi.desk.beginning import first_steps
from guanxi.desk.queries import glance
from guanxi.desk.queries.figures import figures
from guanxi.desk.queries.waiting import waiting
from guanxi.kernel import clock
from guanxi.rulebook.duty_panels import my_duties
from guanxi.targets.queries.attainment import own
from guanxi.web import nav
from guanxi.web.pages import person


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The number strip, work that waits, birthdays and recent changes, all inside the person's scope."""
    user = person(request)
    now = clock.now()
    context = {
        "today": clock.today(),
        "hour": now.astimezone().hour,
        "figures": figures(user),
        "administration": nav.administration(user),
        "owed": my_duties(user),
        "reached": own(user, clock.today()) if user.may("view", "targets.target") else [],
        "work": waiting(user),
        "dates": glance.coming_dates(user),
        "notices": glance.notices(user),
        "areas": glance.work_areas(user),
        "steps": first_steps(user),
    }
    return render(request, "desk/home.html", context)
