"""What visits hear of competitors reaches who publishes on market and prices, as the draft of a bulletin (MKTI-02)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guanxi.interactions.models import CompetitorNote
from guanxi.kernel.addresses import record_url
from guanxi.kernel.events import Event, listen
from guanxi.meetings.models import Bulletin
from guanxi.meetings.queries.bulletins import publishers_of
from guanxi.org.services import tell


@listen("interactions.visit.hand_back")
def draft_from_visit(event: Event) -> None:
    """One draft for each competitor a visit spoke of; everybody will read it, so the customer is not named."""
    for note in CompetitorNote.objects.filter(visit=event.payload["id"]).select_related(
        "competitor", "visit__department"
    ):
        row = Bulletin(
            company_id=note.company_id, created_by_id=note.created_by_id, title=_("Heard of %(name)s") % {"name": note.competitor},
            kind=Bulletin.Kind.MARKET, text=_text(note), valid_from=note.on,
        )  # fmt: skip
        row.save()
        url = record_url("bulletins", row.pk)
        text = _("To be published or dropped: %(title)s") % {"title": row}
        tell(publishers_of(row), text, url=url, icon="speakerphone")


def _text(note: CompetitorNote) -> str:
    where = note.visit.department if note.visit is not None else None
    source = _("From a visit of %(who)s on %(day)s.") % {"who": where or "—", "day": note.on.isoformat()}
    said = [_("Strengths of the competitor: %(text)s") % {"text": note.strengths}]
    said += [_("Our differences: %(text)s") % {"text": note.differences}] if note.differences else []
    return "\n".join([*said, source])
