"""How opportunities, their lines, moves, pipelines and stages show up."""

from __future__ import annotations

from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.deals.entities.leads import IMPORTANCE, MINE, OPEN, PRIORITY
from guanxi.deals.models import LossReason, Opportunity, OpportunityLine, Pipeline, Stage, StageMove
from guanxi.deals.models.opportunities import MOVE_TONES
from guanxi.deals.models.pipelines import Need
from guanxi.deals.queries import stages
from guanxi.deals.services import follow  # noqa: F401 -- sealers
from guanxi.deals.services import opportunities as services
from guanxi.formats.world import CURRENCIES, read_currency
from guanxi.kernel.entities import Board, Entity, Relation, Section, View, add_relation, register

MONEY = {"kind": "money"}
STATES = {"open": "blue", "won": "green", "lost": "gray"}
FORECAST = {"commit": "green", "best": "blue", "pipeline": "gray", "omitted": "gray"}
STALLED: dict[str, Any] = {"all": [OPEN, {"not": {"f": "stalled_on", "op": "after", "v": "@today"}},
                                   {"f": "stalled_on", "op": "not_empty"}]}  # fmt: skip

register(
    Entity(
        model=Opportunity,
        title=_("Opportunities"),
        slug="opportunities",
        icon="target",
        columns=("name", "account", "stage", "amount", "probability", "expected_on", "forecast", "importance", "priority",
                 "stalled_on", "next_contact_on", "owner", "state"),
        sort="-id",
        sorts=("name", "amount", "expected_on", "importance", "priority", "probability", "next_contact_on", "stalled_on", "closed_at"),
        lines="lines",
        scope_via="account",
        sections=(
            Section(
                _("Opportunity"),
                ("account", "name", "contact", "pipeline", "amount", "currency", "expected_on", "forecast", "own_probability", "owner"),
            ),
            Section(_("Working on it"), ("importance", "priority", "next_step", "next_contact_on", "need", "competitor")),
            Section(_("Stage"), ("stage", "entered_on", "stalled_on", "probability", "state", "last_contact_on")),
            Section(_("Where it comes from"), ("source", "campaign", "begun_on", "number", "remark")),
            Section(_("Outcome"), ("won_on", "lost_on", "loss_reason", "loss_text", "closed_at")),
        ),
        overrides={
            "amount": MONEY,
            "currency": {"kind": "choice", "choices": CURRENCIES, "other": read_currency},
            "probability": {"kind": "percent"},
            "own_probability": {"kind": "percent"},
            "state": {"tones": STATES},
            "forecast": {"tones": FORECAST},
            "importance": {"tones": IMPORTANCE},
            "priority": {"tones": PRIORITY},
            "stalled_on": {"style": "due"},
            "next_contact_on": {"style": "due"},
            "expected_on": {"style": "due"},
            "last_contact_on": {"style": "ago"},
            "department": {"editable": False},
        },
        inline=("expected_on", "next_step", "next_contact_on", "importance", "priority", "forecast"),
        search={"names": ("name", "account.name"), "codes": ("number",)},
        subtitle=("account", "stage", "amount"),
        headline=("stage", "amount", "expected_on", "owner", "next_step"),
        board=Board(
            "stage",
            (("account",), ("amount", "expected_on"), ("next_step", "probability", "owner")),
            stages.board_columns,
            stages.board_sums,
            stages.board_marks,
        ),
        import_key=("number",),
        import_fields=services.PAST,
        finished={"not": OPEN},
        clean=services.check,
        guard=services.keep_closed,
        prepare_many=services.prepare,
        relations=(
            Relation("lines", "deals.opportunityline", "opportunity", _("Products"), tab=False),
            Relation("moves", "deals.stagemove", "opportunity", _("Moves")),
            Relation("leads", "deals.lead", "opportunity", _("Leads"), tab=False),
        ),
        views=(
            View("open", pgettext_lazy("opportunities", "Open"), OPEN, "priority"),
            View("mine", _("My opportunities"), {"all": [MINE, OPEN]}, "priority", icon="user"),
            View("important", _("Important first"), OPEN, "importance", icon="star"),
            View("stalled", _("Stalled"), STALLED, "stalled_on", icon="alert-triangle"),
            View(
                "closing",
                _("Closing this month"),
                {"all": [OPEN, {"f": "expected_on", "op": "period", "v": "this_month"}]},
                "expected_on",
                icon="calendar",
            ),
            View("won", _("Won"), {"f": "state", "op": "is", "v": "won"}, "-closed_at", icon="trophy"),
            View("lost", _("Lost"), {"f": "state", "op": "is", "v": "lost"}, "-closed_at", icon="ban"),
            View("all", _("All opportunities")),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=OpportunityLine,
        title=_("Opportunity lines"),
        slug="opportunity-lines",
        icon="list",
        name_field="description",
        columns=("product", "description", "quantity", "price", "amount"),
        scope_via="opportunity",
        sections=(Section(_("Line"), ("product", "description", "quantity", "price", "amount")),),
        overrides={"price": MONEY, "amount": MONEY},
        clean=services.check_line,
        guard=services.keep_line,
        prepare_many=services.complete_lines,
        custom=False,
        importable=False,
    )
)
register(
    Entity(
        model=StageMove,
        title=_("Stage moves"),
        slug="stage-moves",
        icon="arrows-right-left",
        name_field="id",
        columns=("opportunity", "kind", "before", "after", "on", "days", "amount", "moved_by", "reason"),
        sort="-id",
        sections=(
            Section(
                _("Stage move"),
                ("opportunity", "kind", "before", "after", "on", "days", "amount", "moved_by", "reason"),
            ),
        ),
        scope_via="opportunity",
        overrides={"amount": MONEY, "kind": {"tones": MOVE_TONES}},
        guard=services.kept_history,
        creatable=False,
        importable=False,
        custom=False,
        views=(View("all", _("All moves")),),
    )
)
register(
    Entity(
        model=Pipeline,
        setting=True,
        title=_("Pipelines"),
        slug="pipelines",
        icon="git-merge",
        columns=("name", "is_active", "position", "remark"),
        sort="position",
        sections=(Section(_("Pipeline"), ("name", "is_active", "position", "remark")),),
        relations=(Relation("stages", "deals.stage", "pipeline", _("Sales stages")),),
        import_key=("name",),
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=Stage,
        setting=True,
        title=_("Sales stages"),
        slug="sales-stages",
        icon="stairs",
        columns=("name", "pipeline", "position", "probability", "stalled_after_days", "needs"),
        sort="position",
        sections=(
            Section(_("Sales stage"), ("pipeline", "name", "position", "probability", "stalled_after_days", "advice")),
            Section(_("Before the next stage"), ("needs",)),
        ),
        overrides={
            "probability": {"kind": "percent"},
            "needs": {"choices": SimpleLazyObject(lambda: tuple(Need.choices))},
        },
        import_key=("name",),
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=LossReason,
        setting=True,
        title=_("Loss reasons"),
        slug="loss-reasons",
        icon="message-reply",
        columns=("name", "position"),
        sort="position",
        sections=(Section(_("Loss reason"), ("name", "position")),),
        import_key=("name",),
        scoped=False,
        custom=False,
    )
)
add_relation("customers.account", Relation("opportunities", "deals.opportunity", "account", _("Opportunities")))
