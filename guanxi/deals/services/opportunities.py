"""Opportunities on their way: begun, moved in order with evidence, won, lost, reopened, followed up (SALE-02, SALE-03)."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.deals.models import LossReason, Opportunity, OpportunityLine, Pipeline, Stage
from guanxi.deals.queries.stages import first_pipeline, missing, next_stage, stages_of
from guanxi.interactions.models import Interaction
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.services.contacts import begin
from guanxi.kernel import clock
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Invalid, Refused
from guanxi.org.models import User
from guanxi.org.numbers import number_rows

REASON = {"reason": _("Reason")}
OUTCOME = ("state", "won_on", "lost_on", "loss_reason", "loss_text", "closed_at", "next_contact_on", "entered_on")


PAST = ("stage", "state", "won_on", "lost_on", "loss_reason", "loss_text")  # what a file of earlier years says


def is_open(row: Any) -> bool:
    return bool(row.is_open)


# -- before an opportunity is stored


def prepare(rows: list[Opportunity]) -> None:
    """Before new ones are stored: number, pipeline and first stage; what comes closed out of a file gets its day."""
    number_rows(rows, "SJ")
    usual: dict[int, Pipeline | None] = {}
    first: dict[int, Stage | None] = {}
    for row in rows:
        if row.stage is not None:
            row.pipeline = row.stage.pipeline
        elif row.pipeline is None:
            if row.company_id not in usual:
                usual[row.company_id] = first_pipeline(row.company_id)
            row.pipeline = usual[row.company_id]
        if row.pipeline is None:
            raise Refused(_("There is no pipeline with stages yet: an administrator sets one up under “Pipelines”."))
        if row.stage is None:
            if row.pipeline.pk not in first:
                first[row.pipeline.pk] = next(iter(stages_of(row.pipeline.pk)), None)
            row.stage = first[row.pipeline.pk]
        if row.stage is None:
            raise Refused(_("The pipeline “%(name)s” has no stages.") % {"name": row.pipeline})
        row.entered_on = row.begun_on
        _close_past(row)


def _close_past(row: Opportunity) -> None:
    """An opportunity that comes in won or lost was closed on its day."""
    if row.state == "open":
        row.won_on = row.lost_on = None
        return
    on = row.won_on if row.state == "won" else row.lost_on
    on = on or row.expected_on or row.begun_on
    row.won_on, row.lost_on = (on, None) if row.state == "won" else (None, on)
    row.closed_at = _noon(on)


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def check(row: Opportunity) -> None:
    """Stages are changed by verbs alone, whichever way a row comes in."""
    before = {} if row._state.adding else getattr(row, "_loaded", {})
    if before and (before.get("stage_id"), before.get("state")) != (row.stage_id, row.state):
        raise Refused(_("Stage and outcome are changed by advancing, setting back, winning and losing alone."))
    if row.begun_on is not None and row.begun_on > clock.today():
        raise Invalid({"begun_on": [_("An opportunity cannot begin in the future.")]})
    if row.own_probability is not None and row.own_probability > 100:
        raise Invalid({"own_probability": [_("A probability lies between 0 and 100 %.")]})


def keep_closed(row: Opportunity, actor: Any, verb: str) -> None:
    """Guard: what was won or lost stays as it was; reopening it leaves a trace."""
    if row.state != "open":
        raise Refused(_("This opportunity is closed and stays as it is; reopen it first."))


def check_line(line: OpportunityLine) -> None:
    if line.product is None and not line.description:
        raise Invalid({"product": [_("Choose a product or describe the item.")]})


def keep_line(line: OpportunityLine, actor: Any, verb: str) -> None:
    """Guard: the lines of a closed opportunity stay with it."""
    if line.opportunity.state != "open":
        raise Refused(_("This opportunity is closed and stays as it is; reopen it first."))


def kept_history(_move: Any, actor: Any, verb: str) -> None:
    """Guard: the moves of an opportunity are written by the product alone."""
    raise Refused(_("The moves of an opportunity are a record and cannot be changed."))


def complete_lines(lines: list[OpportunityLine]) -> None:
    for line in lines:
        line.complete()


# -- stages


def require_open(row: Opportunity) -> None:
    if not row.is_open:
        raise Refused(_("This opportunity is closed: %(state)s.") % {"state": row.get_state_display()})


def _lacking(row: Opportunity) -> str:
    return "、".join(missing(row))


@action(
    Opportunity, label=_("Advance"), icon="arrow-right", when=lambda row: is_open(row) and next_stage(row) is not None
)
def advance(row: Opportunity, *, actor: User) -> Opportunity:
    """Into the next stage, once the evidence of the present one is there (SALE-03)."""
    require_open(row)
    coming = next_stage(row)
    if coming is None:
        raise Refused(_("“%(stage)s” is the last stage: now the opportunity is won or lost.") % {"stage": row.stage})
    if lacking := _lacking(row):
        text = _("Still missing in “%(stage)s” before “%(next)s”: %(what)s.")
        raise Refused(text % {"stage": row.stage, "next": coming, "what": lacking})
    return _enter(row, coming)


@action(Opportunity, label=_("Set back"), icon="arrow-left", when=is_open, bulk=False,
        labels={"to": _("To stage"), **REASON})  # fmt: skip
def set_back(row: Opportunity, *, actor: User, to: Stage, reason: str) -> Opportunity:
    """Into an earlier stage, with the reason."""
    require_open(row)
    if row.stage is None or to.pipeline_id != row.pipeline_id or to.position >= row.stage.position:
        raise Refused(_("Choose an earlier stage of the same pipeline."), field="to")
    if not reason.strip():
        raise Refused(_("Say why the opportunity is set back."), field="reason")
    return _enter(row, to)


@action(Opportunity, label=_("Move to a stage"), icon="arrows-right-left", when=lambda _row: False, bulk=False,
        labels={"to": _("To stage"), **REASON})  # fmt: skip
def to_stage(row: Opportunity, *, actor: User, to: str, reason: str = "") -> Opportunity:
    """A card of the board dragged to another column: advanced or set back, by the same rules."""
    require_open(row)
    target = Stage.objects.filter(pk=int(to), company_id=row.company_id).first() if to.isdecimal() else None
    if target is None or row.stage is None or target.pipeline_id != row.pipeline_id:
        raise Refused(_("This stage belongs to another pipeline."))
    if target.pk == row.stage_id:
        return row
    coming = next_stage(row)
    if coming is not None and target.pk == coming.pk:
        return advance(row, actor=actor)  # type: ignore[no-any-return]
    if target.position < row.stage.position:
        if not reason.strip():
            raise Refused(_("Going back needs a reason: open the opportunity and choose “Set back”."))
        return _enter(row, target)
    text = _("The stages go in order: after “%(stage)s” comes “%(next)s”.") % {"stage": row.stage, "next": coming}
    lacking = _lacking(row)
    raise Refused(f"{text} {_('Still missing: %(what)s.') % {'what': lacking}}" if lacking else str(text))


def _enter(row: Opportunity, stage: Stage) -> Opportunity:
    row.stage, row.entered_on = stage, clock.today()
    row.save(update_fields=["stage", "entered_on"])
    return row


@action(Opportunity, label=_("Change the pipeline"), icon="git-merge", when=is_open, bulk=False,
        labels={"pipeline": _("Pipeline"), **REASON})  # fmt: skip
def change_pipeline(row: Opportunity, *, actor: User, pipeline: Pipeline, reason: str) -> Opportunity:
    """Another way of selling: it begins with its first stage."""
    require_open(row)
    first = next(iter(stages_of(pipeline.pk)), None)
    if pipeline.pk == row.pipeline_id or not pipeline.is_active or first is None:
        raise Refused(_("Choose another pipeline that is in use."), field="pipeline")
    if not reason.strip():
        raise Refused(_("Say why the pipeline changes."), field="reason")
    row.pipeline, row.stage, row.entered_on = pipeline, first, clock.today()
    row.save(update_fields=["pipeline", "stage", "entered_on"])
    return row


# -- the outcome


@action(Opportunity, label=_("Won"), icon="trophy", when=lambda row: is_open(row) and next_stage(row) is None,
        bulk=False, labels={"on": _("Won on")}, initial=lambda _row: {"on": clock.today()})  # fmt: skip
def win(row: Opportunity, *, actor: User, on: date | None = None) -> Opportunity:
    """The customer has decided for us; only out of the last stage, with its evidence."""
    require_open(row)
    coming = next_stage(row)
    if coming is not None:
        text = _("The stages go in order: after “%(stage)s” comes “%(next)s”.")
        raise Refused(text % {"stage": row.stage, "next": coming})
    if lacking := _lacking(row):
        raise Refused(_("Still missing: %(what)s.") % {"what": lacking})
    row.won_on = _closing_day(row, on)
    return _close(row, "won")


@action(Opportunity, label=_("Lost"), icon="ban", danger=True, when=is_open,
        labels={"reason": _("Loss reason"), "details": _("How it was lost"), "on": _("Lost on")})  # fmt: skip
def lose(
    row: Opportunity, *, actor: User, reason: LossReason, details: str = "", on: date | None = None
) -> Opportunity:
    """Nothing came of it; the reason is needed, because it is what can be learned from."""
    require_open(row)
    row.lost_on = _closing_day(row, on)
    row.loss_reason, row.loss_text = reason, details.strip()[:400]
    return _close(row, "lost")


def _closing_day(row: Opportunity, on: date | None) -> date:
    day = on or clock.today()
    if not row.begun_on <= day <= clock.today():
        raise Refused(_("The day lies between the beginning and today."), field="on")
    return day


def _close(row: Opportunity, state: str) -> Opportunity:
    row.state, row.next_contact_on = state, None
    row.closed_at = clock.now() if clock.today() in (row.won_on, row.lost_on) else _noon(row.won_on or row.lost_on)  # type: ignore[arg-type]
    row.save(update_fields=OUTCOME)
    return row


@action(Opportunity, label=_("Reopen"), icon="rotate", bulk=False, labels=REASON,
        when=lambda row: row.state != "open" and row.deleted_at is None)  # fmt: skip
def reopen(row: Opportunity, *, actor: User, reason: str) -> Opportunity:
    """It goes on in the stage it was in; who reopened it and why stays with its moves."""
    if row.state == "open":
        raise Refused(_("This opportunity is open."))
    if not reason.strip():
        raise Refused(_("Say why the opportunity is reopened."), field="reason")
    row.state, row.entered_on = "open", clock.today()
    row.won_on = row.lost_on = row.closed_at = row.loss_reason = None
    row.loss_text = ""
    row.save(update_fields=OUTCOME)
    return row


# -- follow-ups


@action(Opportunity, label=_("Log a contact"), icon="message-plus", when=is_open,
        labels={"channel": _("Channel"), "content": _("Content"), "next_contact_on": _("Next contact"),
                "next_step": _("Next step")},
        choices={"channel": lambda _user: Channel.choices},
        initial=lambda row: {"channel": Channel.PHONE, "next_step": row.next_step})  # fmt: skip
def log_contact(
    row: Opportunity, *, actor: User, channel: str, content: Text, next_contact_on: date | None = None,
    next_step: str = "",
) -> Interaction:  # fmt: skip
    """What was said or done just now; it also stands among the customer's dealings."""
    require_open(row)
    if channel not in Channel.values:
        raise Refused(_("Choose a channel."), field="channel")
    if not content.strip():
        raise Refused(_("Write what was said or done."), field="content")
    if next_contact_on is not None and next_contact_on < clock.today():
        raise Refused(_("The next contact lies in the past."), field="next_contact_on")
    said = begin(
        row.account, actor=actor, about=row, opportunity=row, contact=row.contact, channel=channel, content=content.strip()[:2000],
        next_contact_on=next_contact_on,
    )  # fmt: skip
    said.save()
    if next_step.strip() and next_step.strip() != row.next_step:
        row.next_step = next_step.strip()[:200]
        row.save(update_fields=["next_step"])
    return said
