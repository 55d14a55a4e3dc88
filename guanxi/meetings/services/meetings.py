"""Calling a meeting, drawing its agenda, closing it, and reminding people of what was left to do."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, events, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.meetings.agenda import Period, points
from guanxi.meetings.models import ActionItem, AgendaPoint, Meeting, Seat
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell

State = Meeting.State
LOOK_BACK = 31  # days of the first agenda
SIDES = {
    "representative": Seat.Side.SALES, "store-manager": Seat.Side.SALES, "supervisor": Seat.Side.SALES,
    "direct-sales": Seat.Side.SALES, "business-department": Seat.Side.SALES, "marketing": Seat.Side.MARKETING,
    "service-specialist": Seat.Side.SERVICE, "relations-specialist": Seat.Side.SERVICE, "call-centre": Seat.Side.SERVICE,
}  # fmt: skip


def name_meetings(rows: list[Meeting]) -> None:
    """Before new meetings are stored: those without a name are called by kind and month."""
    for row in rows:
        month = {"year": row.held_on.year, "month": row.held_on.month}
        monthly = _t("Customer-management meeting %(year)d-%(month)02d") % month
        row.name = row.name or (monthly if row.kind == Meeting.Kind.MONTHLY else f"{_t('Meeting')} {row.held_on}")


def side_of(person: User) -> str:
    """For whom somebody speaks, by role."""
    codes = person.roles.values_list("code", flat=True)
    return next((side for code, side in SIDES.items() if code in codes), Seat.Side.OTHER)


def _planned(meeting: Meeting) -> None:
    if meeting.state != State.PLANNED:
        raise Refused(_("This meeting has been closed."))


def keep_minutes(meeting: Meeting, actor: Any, _verb: str) -> None:
    """Whoever calls the meeting writes it down; what was held stays as it was."""
    _planned(meeting)
    _caller(meeting, actor)


def _caller(meeting: Meeting, actor: Any) -> None:
    if meeting.owner_id != actor.pk and not actor.may("change_others", "meetings.meeting"):
        raise Forbidden(_("Only whoever calls the meeting may change it."))


def colleagues(actor: User) -> list[tuple[str, str]]:
    people = User.objects.filter(company_id=actor.company_id, is_active=True).select_related("department")
    return [(str(user.pk), f"{user.name} · {user.department or ''}") for user in people.order_by("name")]


def _mine(meeting: Meeting, actor: Any) -> bool:
    return bool(meeting.owner_id == actor.pk or actor.may("change_others", "meetings.meeting"))


@action(Meeting, label=_("Invite participants"), icon="users-group", bulk=False, mine=_mine,
        labels={"people": _("Participants")}, choices={"people": colleagues},
        initial=lambda row: {"people": [str(pk) for pk in row.seats.filter(deleted_at=None).values_list("person_id", flat=True)]},
        when=lambda row: row.state == State.PLANNED)  # fmt: skip
def invite(meeting: Meeting, *, actor: User, people: list[str]) -> Meeting:
    """Exactly these people take part; who is new is told, and speaks for the side of the role held (MEET-01)."""
    _planned(meeting)
    wanted = {u.pk: u for u in User.objects.filter(company_id=actor.company_id, is_active=True, pk__in=people)}
    for seat in meeting.seats.filter(deleted_at=None).exclude(person__in=wanted):
        seat.deleted_at = clock.now()
        seat.save(update_fields=["deleted_at"])
    known = set(meeting.seats.filter(deleted_at=None).values_list("person_id", flat=True))
    fresh = [person for pk, person in wanted.items() if pk not in known]
    for person in fresh:
        Seat(
            company_id=meeting.company_id, created_by=actor, meeting=meeting, person=person, side=side_of(person)
        ).save()
    words = {"name": meeting, "day": meeting.held_on, "hour": meeting.starts_at}
    _tell(meeting, [p for p in fresh if p.pk != actor.pk], _t("You are invited: %(name)s, %(day)s %(hour)s") % words)
    return meeting


def _tell(meeting: Meeting, people: list[User], text: str) -> None:
    tell(people, text, url=record_url("meetings", meeting.pk), icon="calendar-event")


@action(Meeting, label=_("Draw the agenda"), icon="list-search", bulk=False, mine=_mine,
        when=lambda row: row.state == State.PLANNED)  # fmt: skip
def draw(meeting: Meeting, *, actor: User) -> Meeting:
    """Points from the data since the last meeting; drawn again, facts are renewed and outcomes kept (MEET-02)."""
    _planned(meeting)
    before = Meeting.objects.filter(company_id=meeting.company_id, kind=meeting.kind, held_on__lt=meeting.held_on)
    last = before.order_by("-held_on").first()
    first = last.held_on if last else meeting.held_on - timedelta(days=LOOK_BACK)
    period = Period(actor, first, min(meeting.held_on, clock.today()))
    known = {row.source: row for row in meeting.points.filter(deleted_at=None).exclude(source="")}
    for key, label, position, function in points():
        facts, row = function(period), known.get(key)
        if facts is None:
            continue
        row = row or AgendaPoint(
            company_id=meeting.company_id,
            created_by=actor,
            meeting=meeting,
            title=str(label),
            position=position,
            source=key,
        )
        row.facts, row.url = "\n".join(facts.lines)[:4000], facts.url
        row.save()
    return meeting


@action(Meeting, label=_("Close the meeting"), icon="circle-check", bulk=False, mine=_mine,
        labels={"next_on": _("Next meeting")}, when=lambda row: row.state == State.PLANNED)  # fmt: skip
def close(meeting: Meeting, *, actor: User, next_on: date | None = None) -> Meeting:
    """The minutes stand; the next meeting is planned with the same people."""
    _planned(meeting)
    if meeting.held_on > clock.today():
        raise Refused(_("The meeting has not been held yet."))
    if not (meeting.progress or meeting.feedback or meeting.decisions):
        raise Refused(_("Write the minutes first: progress, feedback or decisions."))
    if next_on is not None and next_on <= meeting.held_on:
        raise Refused(_("The next meeting lies after this one."), field="next_on")
    meeting.state, meeting.next_on = State.CLOSED, next_on
    meeting.save(update_fields=["state", "next_on"])
    if next_on is not None:
        _plan_next(meeting, next_on, actor)
    seats = meeting.seats.filter(deleted_at=None, person__is_active=True).select_related("person__company")
    _tell(meeting, [s.person for s in seats if s.person_id != actor.pk], _t("Minutes: %(name)s") % {"name": meeting})
    return meeting


def _plan_next(meeting: Meeting, day: date, actor: User) -> None:
    common: dict[str, Any] = {"company_id": meeting.company_id, "created_by": actor}
    following = Meeting(
        **common, kind=meeting.kind, held_on=day, starts_at=meeting.starts_at, ends_at=meeting.ends_at,
        place=meeting.place, owner_id=meeting.owner_id, department_id=meeting.department_id,
    )  # fmt: skip
    name_meetings([following])
    following.save()
    for seat in meeting.seats.filter(deleted_at=None, person__is_active=True):
        Seat(**common, meeting=following, person_id=seat.person_id, side=seat.side).save()


# -- action items


def own_item(row: ActionItem, actor: Any, _verb: str) -> None:
    """The person responsible, whoever called the meeting, and those who lead the person."""
    caller = row.meeting.owner_id if row.meeting else None
    if actor.pk not in (row.owner_id, row.created_by_id, caller) and (
        row.owner is None or actor not in heads_above(row.owner)
    ):
        raise Forbidden(_("Only the person responsible and whoever called the meeting may change this."))


@action(ActionItem, label=_("Done"), icon="check", permission="view", labels={"result": _("Result")},
        when=lambda row: row.state == ActionItem.State.OPEN, mine=lambda row, actor: row.owner_id == actor.pk)  # fmt: skip
def finish(item: ActionItem, *, actor: User, result: str) -> ActionItem:
    if item.state != ActionItem.State.OPEN:
        raise Refused(_("This is done already."))
    if not result.strip():
        raise Refused(_("Say what came of it."), field="result")
    item.state, item.done_on, item.result = ActionItem.State.DONE, clock.today(), result.strip()[:400]
    item.save(update_fields=["state", "done_on", "result"])
    return item


@events.listen("meetings.actionitem.created")
def given(event: events.Event) -> None:
    """Whoever is responsible hears of it."""
    row = ActionItem.objects.select_related("owner__company", "meeting").filter(pk=event.payload["id"]).first()
    if row is None or row.owner is None or row.owner_id == event.payload["actor"]:
        return
    text = _t("To do by %(day)s: %(what)s") % {"day": row.due_on, "what": row.what}
    url = record_url("action-items", row.pk)
    work.unit_of_work(partial(tell, [row.owner], text, url=url, icon="checklist"))


# -- every morning


@jobs.job("meetings.morning", at_hour=7)
def morning(run: jobs.Run) -> dict[str, int]:
    """Participants are reminded the day before, people responsible on the day after the due day, once each."""
    tomorrow = clock.today() + timedelta(days=1)
    near = Meeting.objects.filter(state=State.PLANNED, held_on__in=[clock.today(), tomorrow], reminded_on=None)
    late = ActionItem.objects.filter(state=ActionItem.State.OPEN, due_on__lt=clock.today(), late_on=None)
    told = sum(work.unit_of_work(partial(_remind, run, row)) for row in near)
    overdue = sum(work.unit_of_work(partial(_overdue, run, row)) for row in late.select_related("owner__company"))
    return {"meetings": told, "overdue": overdue}


def _remind(run: jobs.Run, meeting: Meeting) -> int:
    run.fence()
    seats = meeting.seats.filter(deleted_at=None, person__is_active=True).select_related("person__company")
    words = {"name": meeting, "day": meeting.held_on, "hour": meeting.starts_at, "place": meeting.place}
    _tell(
        meeting,
        [seat.person for seat in seats],
        _t("Your meeting “%(name)s” begins on %(day)s at %(hour)s. %(place)s") % words,
    )
    meeting.reminded_on = clock.today()
    meeting.save(update_fields=["reminded_on"])
    return 1


def _overdue(run: jobs.Run, item: ActionItem) -> int:
    run.fence()
    people = [item.owner, item.meeting.owner if item.meeting else None]
    told = list(dict.fromkeys(person for person in people if person is not None and person.is_active))
    words = {"day": item.due_on, "what": item.what, "who": item.owner or ""}
    text = _t("%(who)s: the action item “%(what)s” was due on %(day)s; finish it and write the result.") % words
    tell(told, text, url=record_url("action-items", item.pk), icon="alert-triangle")
    item.late_on = clock.today()
    item.save(update_fields=["late_on"])
    return 1
