"""Reviews, talks, collections and sales plans as entities; who may see and write them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.custody.entities.watch import AUDITORS, HEADS, written_by_itself
from guanxi.custody.models import CardReview, Collection, DayTalk, SalesPlan
from guanxi.custody.services import reviews  # noqa: F401 -- verbs and jobs
from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org import presets
from guanxi.org.holdings import history

MONEY = {"kind": "money"}
RECORDED: dict[str, Any] = {"creatable": False, "importable": False, "custom": False, "guard": written_by_itself}

register(
    Entity(
        model=CardReview,
        title=_("Reviews of cards"),
        slug="card-reviews",
        icon="clipboard-check",
        name_field="remark",
        columns=("remark", "owner", "department", "week", "reviewer", "looked", "score", "created_at"),
        sections=(Section(_("Review"), ("owner", "department", "week", "reviewer", "looked", "score", "remark")),),
        overrides={"owner": {"label": _("person")}},
        finished={"f": "week", "op": "not_empty"},
        views=(
            View("all", _("All")),
            View("week", _("This week"), {"f": "week", "op": "period", "v": "this_week"}, icon="calendar"),
        ),
        **RECORDED,
    )
)
register(
    Entity(
        model=DayTalk,
        title=_("Talks on the day before"),
        slug="day-talks",
        icon="messages",
        name_field="note",
        columns=("note", "owner", "department", "day", "held_by", "ordered", "received", "created_at"),
        sections=(Section(_("Talk"), ("owner", "department", "day", "held_by", "ordered", "received", "note")),),
        overrides={"owner": {"label": _("person")}, "ordered": MONEY, "received": MONEY},
        finished={"f": "day", "op": "not_empty"},
        **RECORDED,
    )
)
register(
    Entity(
        model=Collection,
        title=_("Collection plan"),
        slug="collections",
        icon="cash-banknote",
        name_field="result",
        columns=(
            "account",
            "position",
            "overdue",
            "oldest_due_on",
            "planned_on",
            "owner",
            "state",
            "promised_on",
            "result",
        ),
        sort="position",
        sections=(
            Section(
                _("Collection"),
                ("account", "owner", "department", "position", "planned_on", "overdue", "oldest_due_on"),
            ),
            Section(_("Result"), ("state", "promised_on", "result")),
        ),
        overrides={
            "overdue": MONEY,
            "state": {"tones": {"planned": "amber", "done": "green", "promised": "blue", "disputed": "red"}},
            "owner": {"editable": False},
            "department": {"editable": False},
        },
        creatable=False,
        importable=False,
        custom=False,
        finished={"f": "state", "op": "is", "v": "done"},
        inline=("position", "planned_on"),
        views=(
            View("all", _("All")),
            View("open", _("To collect"), {"f": "state", "op": "is", "v": "planned"}, sort="position", icon="list"),
            View("mine", _("Mine"), {"f": "owner", "op": "is", "v": "@me"}, sort="position", icon="user"),
            View("promised", _("Promised"), {"f": "state", "op": "is", "v": "promised"}, icon="calendar"),
        ),
    )
)
register(
    Entity(
        model=SalesPlan,
        title=_("Sales plans"),
        slug="sales-plans",
        icon="target",
        name_field="year",
        columns=("year", "quarter", "owner", "department", "before", "target", "remark"),
        sections=(Section(_("Plan"), ("year", "quarter", "owner", "department", "before", "target", "remark")),),
        overrides={"before": MONEY, "target": MONEY, "year": {"editable": False, "style": "year"}, "quarter": {"editable": False},
                   "owner": {"editable": False}, "department": {"editable": False}},
        creatable=False,
        importable=False,
        custom=False,
        finished={"f": "year", "op": "not_empty"},  # one person's target; the successor has one too
        inline=("target",),
    )
)  # fmt: skip

LEADERS = ("store-manager", "supervisor", "business-department", "marketing")
for label, verbs, writers in (
    ("custody.cardreview", ["view", "add"], LEADERS),
    ("custody.daytalk", ["view", "add"], LEADERS),
    ("custody.collection", ["view", "add", "change", "export"], HEADS),
    ("custody.salesplan", ["view", "add", "change", "export"], LEADERS),
):
    presets.grant(label, ["view"], "own")
    presets.grant(label, verbs, "tree", to=writers)
    presets.grant(label, ["view", "export"], to=AUDITORS)
history("custody.cardreview", "reviewer")
