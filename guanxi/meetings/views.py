"""The calendar by day, week and month, the plan and log of one's day, and the feed other programs subscribe to."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override, pgettext
from django.views.decorators.http import require_GET, require_POST

from guanxi.formats.icalendar import Event, write
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.meetings.models import CalendarFeed, WorkLog
from guanxi.meetings.queries.calendar import VIEWS, people_of, sheet
from guanxi.meetings.services import days
from guanxi.org.models import User
from guanxi.web.pages import form_key, person, whole
from guanxi.worktime.appointments import Appointment, Asked, appointments, on_day
from guanxi.worktime.queries import calendar_of, weekday_names

BACK, AHEAD = timedelta(days=31), timedelta(days=183)  # what a feed tells
DEFAULT_LENGTH = timedelta(minutes=30)


def _day(text: str | None) -> date:
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return clock.today()
    return found if 2000 <= found.year <= 2098 else clock.today()


@login_required
def calendar(request: HttpRequest) -> HttpResponse:
    """What stands in one's own calendar, or in that of somebody whose plans are in reach (FORM-05)."""
    user = person(request)
    view, day = request.GET.get("view", "week"), _day(request.GET.get("day"))
    people = list(people_of(user).only("pk", "name", "company_id", "department_id"))
    wanted = whole(request.GET, "person") or user.pk
    whose = next((one for one in people if one.pk == wanted), None)
    if whose is None:
        raise Http404
    whose.company = user.company
    shown = sheet(whose, user, view if view in VIEWS else "week", day)
    context = {
        "sheet": shown,
        "day": day,
        "today": clock.today(),
        "whose": whose,
        "mine": whose.pk == user.pk,
        "people": people if len(people) > 1 else [],
        "views": [
            ("day", pgettext("calendar", "Day")),
            ("week", pgettext("calendar", "Week")),
            ("month", pgettext("calendar", "Month")),
        ],
        "weekdays": weekday_names(),
        "expected": calendar_of(user.company_id, user.company.config_version).is_expected(shown.last.year),
        "feed": CalendarFeed.objects.filter(user=user).first(),
    }
    return render(request, "meetings/calendar.html", context)


class DayForm(forms.Form):
    """Plan and log of a day."""

    plan = forms.CharField(
        label=gettext_lazy("Plan of the day"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 6})
    )
    log = forms.CharField(
        label=gettext_lazy("Log of the day"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 8})
    )


@login_required
def my_day(request: HttpRequest) -> HttpResponse:
    """Plan in the morning, log in the evening, with the day's appointments beside (FORM-05)."""
    user, declared = person(request), entity(WorkLog)
    for verb in ("view", "add", "change"):
        verbs.require_right(user, verb, declared)
    day = _day(request.GET.get("day"))
    row = WorkLog.objects.visible_to(user).filter(owner=user, day=day).first()
    form = DayForm(request.POST or None, initial={"plan": row.plan if row else "", "log": row.log if row else ""})
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            once(user, request.POST.get("key", ""), lambda: _write(user, day, form.cleaned_data))
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            status = refused.status
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('my-day')}?day={day.isoformat()}")
    step = timedelta(days=1)
    context = {
        "form": form,
        "row": row,
        "day": day,
        "today": clock.today(),
        "before": day - step,
        "after": day + step,
        "kind": calendar_of(user.company_id, user.company.config_version).day(day),
        "items": on_day(appointments(Asked(user, user, day, day)), day),
        "key": form_key(),
    }
    return render(request, "meetings/day.html", context, status=status)


def _write(user: User, day: date, values: dict[str, str]) -> dict[str, Any]:
    return {"id": days.write_day(user, day, plan=values["plan"], log=values["log"]).pk}


@login_required
@require_POST
def renew_feed(request: HttpRequest) -> HttpResponse:
    """A new secret address, shown on this answer and nowhere else."""
    token = days.renew_feed(person(request))
    url = request.build_absolute_uri(reverse("calendar-feed", args=[token]))
    response = render(request, "meetings/feed.html", {"url": url})
    response.headers["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def end_feed(request: HttpRequest) -> HttpResponse:
    days.end_feed(person(request))
    messages.success(request, _("The calendar is no longer readable from outside."))
    return redirect("calendar")


@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar as iCalendar text, for whoever knows the address."""
    user = days.reader_of(token)
    if user is None:
        raise Http404
    with override(user.preferences.get("language") or "zh-hans"):
        asked = Asked(user, user, clock.today() - BACK, clock.today() + AHEAD)
        host = request.get_host()
        events = [_event(one, host, request) for one in appointments(asked)]
        text = write(_("Calendar of %(name)s") % {"name": user.name}, events, clock.now())
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _event(one: Appointment, host: str, request: HttpRequest) -> Event:
    first: date = one.day
    last: date = one.until
    if one.starts is not None:
        first = timezone.make_aware(datetime.combine(one.day, one.starts))
        last = timezone.make_aware(datetime.combine(one.until, one.ends)) if one.ends else first + DEFAULT_LENGTH
    return Event(
        uid=f"{one.key}@{host}", summary=f"{one.label}：{one.title}" if one.label else one.title, first=first, last=last,
        url=request.build_absolute_uri(one.url) if one.url else "", place=one.place, category=str(one.label),
    )  # fmt: skip
