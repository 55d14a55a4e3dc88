"""What was corrected, on the page of the record, and the way from a correction back to it."""

from __future__ import annotations

from typing import Any

from guanxi.corrections.models import Correction
from guanxi.corrections.queries import LABEL, corrections_of
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.web.nav import link
from guanxi.web.panels import panel

SHOWN = 5


def show_on(label: str) -> None:
    """The last corrections of a record in the margin of its page."""

    @panel(label, "corrections/of_record.html", place="rail", order=70, needs=LABEL)
    def corrections(row: Any, user: Any) -> dict[str, Any] | None:
        found = list(corrections_of(user, label, row.pk)[:SHOWN])
        return {"found": found} if found else None


@panel(LABEL, "corrections/about.html", order=10)
def about(row: Correction, user: Any) -> dict[str, Any] | None:
    """The record that was corrected, where one may see it."""
    declared = entity(row.label)
    rows: Any = declared.model.objects
    if not user.may("view", row.label) or not rows.visible_to(user).filter(pk=row.object_id).exists():
        return None
    return {"url": record_url(declared.slug, row.object_id), "icon": declared.icon}


@panel(LABEL, "corrections/ways.html", place="list", order=10)
def ways(_listing: Any, user: Any) -> dict[str, Any]:
    """The way to the figures by person and month, and to the rules."""
    return {"rules": link("correction-rules") if user.may("view", "corrections.correctionrule") else ""}
