"""What the custodian adds to pages: the hours behind what stood out, the way to an approved file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.custody.models import ExportLog, Flag
from guanxi.custody.models.watch import WHOLE_DAY
from guanxi.custody.queries.watch import hours_of
from guanxi.web.panels import panel


@panel("custody.flag", "custody/hours.html", order=10)
def hours(flag: Flag, _user: Any) -> dict[str, Any]:
    """What the person read that day, hour by hour."""
    rows = [
        {"label": _("Whole day") if one.hour == WHOLE_DAY else f"{one.hour:02d}:00", "tally": one}
        for one in hours_of(flag.owner_id or 0, flag.day)
    ]
    return {"rows": rows}


@panel("approvals.approval", "custody/file.html", order=15)
def file(approval: Any, user: Any) -> dict[str, Any] | None:
    """Where the file of an approved export is, for the person who asked."""
    log = ExportLog.objects.filter(approval=approval, owner=user).exclude(job_id=None).first()
    return {"log": log, "url": reverse("job", args=[log.job_id])} if log else None
