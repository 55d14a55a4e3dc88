"""Adding up what people read and export; noting what stands out, and telling who has to know (SEC-07)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from guanxi.custody.models import Flag, Safeguard, Tally
from guanxi.custody.models.watch import WHOLE_DAY
from guanxi.custody.queries.watch import watchers_of
from guanxi.kernel import clock, work
from guanxi.kernel.addresses import record_url
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.org.services import furnishes, tell

SLUG = "unusual-reading"


@furnishes
def seed_limits(company: Company) -> None:
    """The limits a company starts with."""
    if not Safeguard.everything.filter(company=company).exists():
        Safeguard(company=company).save()


def note(person: User, kind: str, level: str, *, measured: tuple[int, int], turn: int, remark: str = "") -> None:
    """Write down that a limit was neared or reached (`measured`: how much of how much) and tell the head; once."""

    def body() -> None:
        once = {"owner": person, "day": clock.today(), "kind": kind, "level": level, "turn": turn}
        if Flag.objects.filter(**once).exists():
            return
        flag = Flag(company_id=person.company_id, department_id=person.department_id, **once)
        flag.number, flag.allowed = measured
        flag.remark = remark
        flag.save()
        stopped = level == Flag.Level.STOPPED
        text = _("Stopped: %(what)s") if stopped else _("Unusual reading or export: %(what)s")
        url = record_url(SLUG, flag.pk)
        tell(
            watchers_of(person, auditors=stopped),
            text % {"what": f"{flag} · {remark}" if remark else flag},
            url=url,
            icon="shield-exclamation",
        )

    work.unit_of_work(body, verb="custody.flag.created")


def count(person: Any, day: date, hour: int, **more: int) -> None:
    """Add to what a person has read in this hour and on this day; the database adds, so that nothing is lost."""

    def body() -> None:
        for slot in (hour, WHOLE_DAY):
            key: dict[str, Any] = {"user_id": person.pk, "day": day, "hour": slot}
            steps = {name: F(name) + n for name, n in more.items()}
            if not Tally.objects.filter(**key).update(**steps):
                Tally.objects.get_or_create(**key, defaults={"company_id": person.company_id})
                Tally.objects.filter(**key).update(**steps)

    work.unit_of_work(body)
