"""The page of the working calendar: a year at a glance, and the box into which its notice is pasted."""

from __future__ import annotations

import secrets
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guanxi.formats.values import BadValue
from guanxi.formats.workdays import LUNAR_YEARS, PUBLISHED_YEARS
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.worktime import queries, services
from guanxi.worktime.models import CalendarDay
from guanxi.worktime.notices import read_notice


class NoticeForm(forms.Form):
    """The text of a notice."""

    text = forms.CharField(max_length=8000, widget=forms.Textarea(attrs={"rows": 9}))

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year = year
        self.fields["text"].label = _("Text of the notice")
        self.fields["text"].help_text = _(
            "One line a holiday, as in: 一、元旦：1月1日（周五）至3日（周日）放假，共3天。"
        )

    def clean_text(self) -> Any:
        try:
            return read_notice(self.cleaned_data["text"], self.year)
        except BadValue as bad:
            raise forms.ValidationError(str(bad)) from bad


@login_required
def working_days(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """A year at a glance; a pasted notice replaces what was known of the year."""
    user, today = cast(User, request.user), clock.today()
    verbs.require_right(user, "view", entity(CalendarDay))
    year = today.year if year is None else year
    if year not in LUNAR_YEARS[1:-1]:
        raise Http404
    may = all(user.may(verb, CalendarDay._meta.label_lower) for verb in ("add", "change"))
    form = NoticeForm(request.POST or None, year=year)
    status = 200
    if request.method == "POST":
        verbs.require_right(user, "add", entity(CalendarDay))
        if form.is_valid():
            days = form.cleaned_data["text"]
            answer, _again = once(user, request.POST.get("key", ""), lambda: _enter(year, days, user))
            messages.success(
                request, _("Entered %(n)s days of the notice for %(year)s.") % {"n": answer["n"], "year": year}
            )
            return redirect("working-days", year)
        status = 422
    calendar = queries.calendar_of(user.company_id, user.company.config_version)
    months = queries.year_view(calendar, year)
    context = {
        "year": year,
        "years": services.years_offered(today),
        "today": today,
        "months": months,
        "weekdays": queries.weekday_names(),
        "workdays": sum(month.workdays for month in months),
        "stretches": queries.named_stretches(calendar, year),
        "expected": calendar.is_expected(year),
        "packaged": year in PUBLISHED_YEARS and year not in calendar.published,
        "hours": queries.hours_in_words(user),
        "form": form,
        "may": may,
        "key": secrets.token_urlsafe(16),
    }
    return render(request, "worktime/year.html", context, status=status)


def _enter(year: int, days: Any, user: User) -> dict[str, Any]:
    return {"n": services.enter_notice(year, days, actor=user)}
