"""How calendar days and opening hours show up in lists, forms and imports, and who may set them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org import presets
from guanxi.worktime.models import CalendarDay, OpeningHours

KEEPERS = ("system-administrator", "business-department")
TONES = {"workday": "blue", "restday": "gray", "legal_holiday": "red"}

register(
    Entity(
        model=CalendarDay,
        title=_("Calendar days"),
        slug="calendar-days",
        icon="calendar-event",
        columns=("date", "kind", "name", "notice_year"),
        sort="-date",
        sections=(Section(_("Calendar day"), ("date", "kind", "name", "notice_year")),),
        overrides={"kind": {"tones": TONES}, "notice_year": {"style": "year"}},
        name_field="date",
        import_key=("date",),
        scoped=False,
        custom=False,
        setting=True,
        views=(View("own", _("The company’s own"), {"f": "notice_year", "op": "empty"}, icon="building"),),
    )
)
register(
    Entity(
        model=OpeningHours,
        title=_("Opening hours"),
        slug="opening-hours",
        icon="clock",
        columns=("department", "opens_at", "closes_at"),
        sort="id",
        name_field="opens_at",
        sections=(Section(_("Opening hours"), ("department", "opens_at", "closes_at")),),
        scoped=False,
        custom=False,
        importable=False,
        setting=True,
    )
)
for _label in ("worktime.calendarday", "worktime.openinghours"):
    presets.grant(_label, ["view"])
    presets.grant(_label, ["*"], to=KEEPERS)
