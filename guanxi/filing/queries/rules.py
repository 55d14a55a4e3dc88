"""What holds in a company now: its filing rules, the version of a form, the moment by which a registration is filed."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone

from guanxi.filing.models import FilingRules, FormNumber
from guanxi.formats.workdays import WorkCalendar
from guanxi.kernel import clock
from guanxi.org.models import User


def rules_of(company_id: int) -> FilingRules:
    """The company's rules of today; the standard ones if it has set none."""
    rows = FilingRules.objects.filter(company_id=company_id, valid_from__lte=clock.today()).order_by("-valid_from")
    return rows.first() or FilingRules(company_id=company_id)


def form_of(company_id: int, key: str, on: date | None = None) -> FormNumber | None:
    """The form in the version that is valid on a day; the first version for days before it."""
    rows = FormNumber.objects.filter(company_id=company_id, key=key)
    valid: FormNumber | None = rows.filter(valid_from__lte=on or clock.today()).order_by("-valid_from").first()
    return valid or rows.order_by("valid_from").first()


def due_after(moment: datetime, rules: FilingRules, calendar: WorkCalendar) -> datetime:
    """By when a registration of this moment is a file: the fixed hour of the day, else of the next working day."""
    local = timezone.localtime(moment)
    day = local.date()
    if not calendar.is_workday(day) or local.time() > rules.due_time:
        day = calendar.add_workdays(day, 1)
    return timezone.make_aware(datetime.combine(day, rules.due_time))


def holders(company_id: int, role: str, department_id: int | None = None) -> QuerySet[User]:
    """Active people with a role, of one department if given, in a fixed order."""
    people = User.objects.filter(company_id=company_id, is_active=True, roles__code=role, roles__deleted_at=None)
    if department_id is not None:
        people = people.filter(department_id=department_id)
    return people.distinct().order_by("pk")  # type: ignore[no-any-return]
