"""What deals put into calendars: the next contact of leads and opportunities (FUP-04)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from guanxi.deals.models import Lead, Opportunity
from guanxi.kernel.addresses import record_url
from guanxi.worktime.appointments import Appointment, Asked, calendar_source


@calendar_source(_("Leads and opportunities"), icon="target", tone="amber")
def next_contacts(asked: Asked) -> Iterable[Appointment]:
    for slug, model in (("leads", Lead), ("opportunities", Opportunity)):
        rows = asked.rows(model, "next_contact_on").filter(state="open").order_by("pk")
        for pk, name, day in rows.values_list("pk", "name", "next_contact_on")[:500]:
            yield Appointment(f"{slug}-{pk}", day, name, record_url(slug, pk))
