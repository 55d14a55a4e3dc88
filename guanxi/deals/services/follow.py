"""What follows within the same unit: the trace of every move, the sum of the lines, the last and the next contact."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from guanxi.deals.models import Lead, Opportunity, OpportunityLine, Stage, StageMove
from guanxi.deals.models.opportunities import Move
from guanxi.deals.queries.stages import OPPORTUNITY
from guanxi.interactions.services.follow import LABEL, newest
from guanxi.kernel import clock, context, work
from guanxi.kernel.errors import Refused
from guanxi.org.models.amounts import money_sum

LINE = "deals.opportunityline"


@work.sealer(21, LINE, OPPORTUNITY)
def add_up(unit: work.Work) -> None:
    """With lines, the amount is their sum."""
    touched: set[int] = set()
    lined: set[int] = set()
    for change in unit.changes.values():
        if change.label == LINE and change.row is not None:
            touched.add(change.row.opportunity_id)
            lined.add(change.row.opportunity_id)
        elif change.label == OPPORTUNITY and change.verb != "erased" and "amount" in change.new:
            touched.add(change.object_id)
    if not touched:
        return
    rows = OpportunityLine.objects.filter(opportunity__in=touched).order_by()
    sums = dict(rows.values_list("opportunity").annotate(total=money_sum("amount")))
    made = {pk for pk in lined if (held := unit.changes.get((OPPORTUNITY, pk))) and held.verb == "created"}
    if Opportunity.objects.filter(pk__in=lined - made).exclude(state="open").exists():
        raise Refused(_("This opportunity is closed and stays as it is; reopen it first."))
    for row in Opportunity.objects.filter(pk__in=sums):
        if row.amount != sums[row.pk]:
            row.amount = sums[row.pk]
            row.save(update_fields=["amount"])


@work.sealer(22, OPPORTUNITY)
def trace(unit: work.Work) -> None:
    """Every move leaves a dated row, whichever way it came about (SALE-03)."""
    moves: list[StageMove] = []
    told = {
        c.row.opportunity_id for c in unit.changes.values() if c.label == "deals.stagemove"
    }  # came with their moves
    for change in list(unit.changes.values()):
        if change.label != OPPORTUNITY or change.verb == "erased" or change.row is None:
            continue
        if change.object_id in told:
            continue
        if change.verb == "created":
            moves += _beginning(change.row)
        elif {"stage_id", "state"} & change.old.keys():
            moves.append(_step(change, unit))
    if moves:
        StageMove.objects.bulk_create(moves)


def _beginning(row: Any) -> list[StageMove]:
    moves = [_move(row, Move.BEGUN, None, row.stage_id, on=row.begun_on)]
    if row.state != "open":
        on = row.won_on or row.lost_on
        kind = Move.WON if row.state == "won" else Move.LOST
        days = max((on - row.begun_on).days, 0)
        moves.append(_move(row, kind, row.stage_id, row.stage_id, on=on, days=days, reason=row.loss_text))
    return moves


def _step(change: work.Change, unit: work.Work) -> StageMove:
    row, old = change.row, change.old
    before = old.get("stage_id", row.stage_id)
    entered = old.get("entered_on", row.entered_on)
    on = row.won_on or row.lost_on or clock.today()
    common = {"on": on, "days": max((on - entered).days, 0)}
    if "state" in old and old["state"] != row.state:
        kind = {"won": Move.WON, "lost": Move.LOST}.get(row.state, Move.REOPENED)
        lost = " · ".join(filter(None, (str(row.loss_reason or ""), row.loss_text)))
        return _move(row, kind, before, row.stage_id, reason=lost or unit.reason[:400], **common)
    stages = Stage.everything.in_bulk([pk for pk in (before, row.stage_id) if pk])
    forwards = before is None or (
        stages[before].pipeline_id == row.pipeline_id and stages[before].position < stages[row.stage_id].position
    )
    kind = Move.ADVANCED if forwards else Move.BACK
    return _move(row, kind, before, row.stage_id, reason=unit.reason[:400], **common)


def _move(row: Any, kind: str, before: int | None, after: int | None, **more: Any) -> StageMove:
    return StageMove(
        company_id=row.company_id, created_by_id=context.origin().actor_id, opportunity_id=row.pk, kind=kind,
        before_id=before, after_id=after, moved_by_id=context.origin().actor_id, amount=row.amount, **more,
    )  # fmt: skip


@work.sealer(25, "deals.leadnote")
def move_lead_dates(unit: work.Work) -> None:
    """The newest follow-up says when a lead was last spoken to, and when it goes on."""
    _spoken(Lead, newest(unit, "deals.leadnote", lambda note: note.lead_id))


@work.sealer(38, LABEL)
def move_dates(unit: work.Work) -> None:
    """The newest dealing about an opportunity says when it was last worked on, and when it goes on."""
    _spoken(Opportunity, newest(unit, LABEL, lambda row: row.opportunity_id))


def _spoken(model: type[Lead | Opportunity], said: dict[int, Any]) -> None:
    for row in model.objects.filter(pk__in=said) if said else ():
        on, coming = timezone.localtime(said[row.pk].at).date(), said[row.pk].next_contact_on
        if row.last_contact_on is not None and on < row.last_contact_on:
            continue
        row.last_contact_on = on
        if coming or (row.next_contact_on and row.next_contact_on <= on):
            row.next_contact_on = coming if row.is_open else None
        row.save(update_fields=["last_contact_on", "next_contact_on"])
