"""Targets and what was reached; the table in which targets are written (SALE-11)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.exchange.paper import xlsx
from guanxi.formats.money import parse_amount
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.ids import typed_id
from guanxi.org.models import User
from guanxi.targets.models import Target
from guanxi.targets.models.targets import MONTHS, after, first_of
from guanxi.targets.queries.attainment import SOURCES, Row, Span
from guanxi.targets.queries.attainment import attainment as reached
from guanxi.targets.queries.table import table
from guanxi.targets.services.tables import Cell, copy_year, write_table
from guanxi.web.nav import link
from guanxi.web.pages import done, person, whole

LABEL = "targets.target"


def _measures(user: User) -> list[tuple[str, Any]]:
    """Those whose figures the person may see."""
    closed = user.closed_fields("sales.order") | user.masked_fields("sales.order")
    found = []
    for key, label in Target.Measure.choices:
        hidden = key == Target.Measure.PROFIT and "profit" in closed
        if user.may("view", SOURCES[key].label) and not hidden:
            found.append((key, label))
    return found


def _asked(request: HttpRequest, user: User) -> tuple[str, Span]:
    """Measure and period of the address; this month of orders if it names none."""
    offered = [key for key, _label in _measures(user)]
    measure = request.GET.get("measure", "")
    return measure if measure in offered else offered[0], span_asked(request, "month")


def span_asked(request: HttpRequest, usual: str) -> Span:
    """The period of the address; the present one if it names none."""
    period = request.GET.get("period", "")
    period = period if period in MONTHS else usual
    try:
        day = date.fromisoformat(request.GET.get("start", ""))
    except ValueError:
        day = clock.today()
    if not 2000 <= day.year <= clock.today().year + 5:
        day = clock.today()
    return Span(period, first_of(day, period))


@login_required
def attainment(request: HttpRequest) -> HttpResponseBase:
    """Every target in reach beside what was reached; every figure opens into its orders or receipts."""
    user = person(request)
    for label in (LABEL, "sales.order"):
        verbs.require_right(user, "view", entity(label))
    measure, span = _asked(request, user)
    rows = reached(user, measure, span)
    if request.GET.get("format") == "xlsx":
        return _file(user, rows)
    context = {
        "measure": measure, "measures": _measures(user), "span": span, "periods": Target.Period.choices,
        "rows": [{"row": row, "url": link(row.slug, *row.conditions)} for row in rows],
        "earlier": after(span.start, span.period, -1), "later": after(span.start, span.period),
        "counts": measure == Target.Measure.CUSTOMERS, "passed": span.passed * 100,
        "may_write": user.may("add", LABEL), "may_export": user.may("export", LABEL),
        "here": f"?measure={measure}&period={span.period}&start={span.start}",
    }  # fmt: skip
    return render(request, "targets/attainment.html", context)


def _file(user: User, rows: list[Row]) -> HttpResponseBase:
    if not user.may("export", LABEL):
        raise Forbidden(_("You may not export this."))
    heads = [_("For"), _("Name"), _("Product"), _("To reach"), _("Reached"), "%", _("Gap")]
    sheet = [
        (str(Target.Level(row.level).label), row.name, row.what, float(row.target), float(row.actual),
         float(row.percent or 0), float(row.gap))
        for row in rows
    ]  # fmt: skip
    return xlsx(str(_("Targets and attainment")), heads, sheet)


@login_required
def target_table(request: HttpRequest) -> HttpResponse:
    """People and months of a year; POST writes what was changed, or takes the year before over."""
    user = person(request)
    for verb in ("view", "add", "change", "delete"):
        verbs.require_right(user, verb, entity(Target))
    verbs.require_right(user, "view", entity("sales.order"))
    this = clock.today().year
    year, measure = whole(request.GET, "year") or this, _asked(request, user)[0]
    if not this - 2 <= year <= this + 2:
        raise Refused(_("Targets are written for years around this one."))
    here = f"{reverse('target-table')}?year={year}&measure={measure}"
    if request.method == "POST":
        return done(request, here, _("%(n)d targets written.") % {"n": _write(request, user, measure, year)})
    context = {
        "year": year, "years": range(this - 1, this + 3), "measure": measure, "measures": _measures(user), "here": here,
        "months": range(1, 13), "lines": table(user, measure, year),
    }  # fmt: skip
    return render(request, "targets/table.html", context)


def _write(request: HttpRequest, user: User, measure: str, year: int) -> int:
    data = request.POST
    if data.get("what") in ("copy", "actual"):
        percent = _amount(data.get("percent", "")) or Decimal(0)
        return copy_year(user, measure, year, percent, actual=data["what"] == "actual")
    cells: dict[Cell, Decimal | None] = {}
    for name in data:
        mark, _dash, rest = name.partition("-")
        who, _dash, month = rest.partition("-")
        of, number = typed_id(who), typed_id(month)
        if mark == "t" and of and number and number <= 12:
            cells[of, number] = _amount(data[name])
    return write_table(user, measure, year, cells)


def _amount(text: str) -> Decimal | None:
    """What was typed; an empty cell is no target."""
    if not text.strip():
        return None
    try:
        return parse_amount(text)
    except ValueError as error:
        raise Refused(str(error)) from error
