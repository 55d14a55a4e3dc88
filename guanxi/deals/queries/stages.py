"""Questions about pipelines and stages: what comes next, and which evidence an opportunity still lacks (SALE-03)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils.translation import gettext as _

from guanxi.deals.models import Opportunity, Pipeline, Stage
from guanxi.deals.models.opportunities import State
from guanxi.deals.models.pipelines import Need
from guanxi.formats.money import wan
from guanxi.interactions.models import Interaction, Visit
from guanxi.kernel import clock
from guanxi.kernel.filters.env import start_of
from guanxi.org.models import Attachment, User

OPPORTUNITY = "deals.opportunity"


def stages_of(pipeline_id: int | None) -> list[Stage]:
    return list(Stage.objects.filter(pipeline=pipeline_id).order_by("position", "pk"))


def first_pipeline(company_id: int) -> Pipeline | None:
    rows = Pipeline.objects.filter(company_id=company_id, is_active=True).order_by("position", "pk")
    return next((pipeline for pipeline in rows if pipeline.stages.filter(deleted_at=None).exists()), None)


def next_stage(row: Opportunity) -> Stage | None:
    """The stage behind the present one; None in the last."""
    return following(row, stages_of(row.pipeline_id))


def following(row: Opportunity, stages: list[Stage]) -> Stage | None:
    place = next((n for n, stage in enumerate(stages) if stage.pk == row.stage_id), len(stages))
    return stages[place + 1] if place + 1 < len(stages) else None


def board_columns(user: User, rows: QuerySet[Opportunity]) -> list[tuple[int, str]]:
    """The stages of the pipelines these opportunities are in, in order; named with their pipeline where there are several."""
    used = set(rows.order_by().values_list("pipeline", flat=True).distinct())
    shown = used or {first.pk for first in [first_pipeline(user.company_id)] if first}
    held = Stage.objects.filter(pipeline__in=shown, deleted_at=None)
    stages = list(held.select_related("pipeline").order_by("pipeline__position", "pipeline", "position", "pk"))
    return [(stage.pk, f"{stage.pipeline.name} · {stage.name}" if len(used) > 1 else stage.name) for stage in stages]


def sees_amounts(user: User) -> bool:
    """Who may not read the amount of an opportunity is not told sums of them either."""
    return "amount" not in user.closed_fields(OPPORTUNITY) | user.masked_fields(OPPORTUNITY)


def board_sums(user: User, rows: QuerySet[Opportunity]) -> dict[int | None, tuple[str, str]]:
    """Of each stage the amount and the weighted amount in yuan."""
    if not sees_amounts(user):
        return {}
    weighed = (
        rows.order_by().values("stage").annotate(total=Sum("amount"), likely=Sum(F("amount") * F("probability") / 100))
    )
    return {
        one["stage"]: (wan(one["total"]), _("weighted %(amount)s") % {"amount": wan(one["likely"])})
        for one in weighed
        if one["total"] is not None
    }


def board_marks(ids: list[int]) -> dict[int, str]:
    """Which of these are stalled, and for how many days."""
    today = clock.today()
    found = Opportunity.objects.filter(pk__in=ids, state=State.OPEN, stalled_on__lte=today)
    days = found.values_list("pk", "stalled_on")
    return {pk: _("Stalled for %(n)s days") % {"n": (today - since).days} for pk, since in days if since}


def followed_up(row: Opportunity) -> bool:
    rows = Interaction.objects.filter(opportunity=row)
    return bool(rows.filter(at__gte=start_of(row.entered_on)).exists())


def _visited(row: Opportunity) -> bool:
    done = Visit.objects.filter(account=row.account_id, state=Visit.State.DONE)
    return bool(done.filter(day__gte=row.entered_on).exists())


def _has_file(row: Opportunity) -> bool:
    return bool(Attachment.objects.filter(label=OPPORTUNITY, object_id=row.pk).exists())


FACTS: dict[str, Callable[[Opportunity], bool]] = {
    Need.FOLLOW_UP: followed_up,
    Need.VISIT: _visited,
    Need.FILE: _has_file,
    Need.LINES: lambda row: row.lines.filter(deleted_at=None).exists(),
}


def fulfilled(row: Opportunity, need: str) -> bool:
    """Is the evidence there: the fact on record, or the field filled in?"""
    fact = FACTS.get(need)
    return fact(row) if fact else bool(getattr(row, need, None))


def evidence(row: Opportunity) -> list[tuple[str, Any, bool]]:
    """What the present stage asks for: key, words, and whether it is there."""
    needs = row.stage.needs if row.stage else []
    return [(need, Need(need).label, fulfilled(row, need)) for need in needs if need in Need.values]


def missing(row: Opportunity) -> list[str]:
    return [str(words) for _need, words, there in evidence(row) if not there]
