"""What holds in a company now: its filing rules, the moment by which a registration is filed."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from guanxi.filing.models import FilingRules
from guanxi.formats.workdays import WorkCalendar
from guanxi.kernel import clock
from guanxi.org.models import User


def rules_of(company_id: int) -> FilingRules:
    """The company's rules of today; the standard ones if it has set none."""
    rows = FilingRules.objects.filter(company_id=company_id, valid_from__lte=clock.today()).order_by("-valid_from")
    return rows.first() or FilingRules(company_id=company_id)


def due_after(moment: datetime, rules: FilingRules, calendar: WorkCalendar) -> datetime:
    """By when a registration of this moment is a file: the fixed hour of the day, else of the next working day."""
    local = timezone.localtime(moment)
    day = local.date()
    if not calendar.is_workday(day) or local.time() > rules.due_time:
        day = calendar.add_workdays(day, 1)
    return timezone.make_aware(datetime.combine(day, rules.due_time))


def next_due(moment: datetime, rules: FilingRules, calendar: WorkCalendar) -> datetime:
    """The fixed hour of the next working day."""
    day = calendar.add_workdays(timezone.localtime(moment).date(), 1)
    return timezone.make_aware(datetime.combine(day, rules.due_time))


def holders(company_id: int, role: str, department_id: int | None = None) -> QuerySet[User]:
    """Active people with a role, of one department if given, in a fixed order."""
    people = User.objects.filter(company_id=company_id, is_active=True, roles__code=role, roles__deleted_at=None)
    if department_id is not None:
        people = people.filter(department_id=department_id)
    return people.distinct().order_by("pk")  # type: ignore[no-any-return]
