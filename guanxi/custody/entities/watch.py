"""Limits, exports and what stood out, as entities; who may see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.custody.models import ExportLog, Flag, Safeguard
from guanxi.custody.services import exports, reading, visits  # noqa: F401 -- the gate, the watcher, verbs, the receipt
from guanxi.custody.services.flags import SLUG
from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.kernel.errors import Forbidden
from guanxi.org import presets
from guanxi.org.holdings import history

HEADS = ("store-manager", "supervisor", "business-department", "marketing", "branch-accountant")
AUDITORS = ("supervision", "audit-administrator")


def written_by_itself(_row: Any, _actor: Any, _verb: str) -> None:
    raise Forbidden(_("This writes itself; nobody changes it."))


register(
    Entity(
        model=Flag,
        title=_("Unusual reading and exports"),
        slug=SLUG,
        icon="shield-exclamation",
        name_field="kind",
        columns=("kind", "owner", "department", "day", "level", "number", "allowed", "created_at", "lifted_by"),
        sections=(
            Section(_("What stood out"), ("owner", "department", "kind", "level", "day", "number", "allowed", "created_at", "remark")),
            Section(_("Lifted"), ("lifted_at", "lifted_by")),
        ),
        hidden=("turn",),
        overrides={"level": {"tones": {"warning": "amber", "stopped": "red"}}, "owner": {"label": _("person")}},
        finished={"f": "day", "op": "not_empty"},  # it tells of its person, whoever takes over
        creatable=False,
        importable=False,
        custom=False,
        guard=written_by_itself,
        views=(
            View("all", _("All")),
            View("stopped", _("Stopped now"), {"all": [
                {"f": "level", "op": "is", "v": "stopped"}, {"f": "lifted_at", "op": "empty"},
                {"f": "day", "op": "period", "v": "today"}]}, icon="lock"),
            View("week", _("This week"), {"f": "day", "op": "period", "v": "this_week"}, icon="calendar"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=ExportLog,
        title=_("Exports"),
        slug="exports-made",
        icon="file-export",
        name_field="number",
        columns=(
            "number",
            "what",
            "owner",
            "rows",
            "kind",
            "sentence",
            "approval",
            "written_at",
            "fetched_at",
            "fetched",
        ),
        sections=(
            Section(
                _("Export"), ("number", "owner", "department", "what", "rows", "kind", "sentence", "words", "fields")
            ),
            Section(_("File"), ("approval", "written_at", "sha256", "fetched_at", "fetched")),
        ),
        hidden=("job_id",),
        overrides={"owner": {"label": _("exported by")}},
        search={"codes": ("number",)},
        finished={"f": "number", "op": "not_empty"},
        creatable=False,
        importable=False,
        custom=False,
        guard=written_by_itself,
        views=(
            View("all", _("All")),
            View("large", _("With approval"), {"f": "approval", "op": "not_empty"}, icon="gavel"),
            View("waiting", _("Never fetched"), {"f": "fetched", "op": "is", "v": 0}, icon="clock"),
        ),
    )
)
register(
    Entity(
        model=Safeguard,
        title=_("Limits of reading and exporting"),
        slug="safeguards",
        icon="shield-lock",
        name_field="export_rows",
        columns=("export_rows", "export_daily", "opened_hour", "opened_day", "listed_hour", "listed_day", "loan_days"),
        sections=(
            Section(_("Exports"), ("export_rows", "export_daily")),
            Section(_("Reading"), ("opened_hour", "opened_day", "listed_hour", "listed_day", "warn_percent")),
            Section(_("Loans"), ("loan_days",)),
        ),
        scoped=False,
        setting=True,
        creatable=False,
        importable=False,
        custom=False,
    )
)

presets.grant("custody.flag", ["view"], "tree", to=HEADS)
presets.grant("custody.flag", ["view", "export"], to=AUDITORS)
presets.grant("custody.flag", ["view"], to=("security-administrator",))  # who sets the limits sees how they do
presets.grant("custody.exportlog", ["view"], "own")
presets.grant("custody.exportlog", ["view"], "tree", to=HEADS)
presets.grant("custody.exportlog", ["view", "export"], to=AUDITORS)
presets.grant("custody.safeguard", ["view"], to=(*HEADS, *AUDITORS))
presets.grant("custody.safeguard", ["view", "change"], to=("security-administrator",))
history("custody.tally", "user")
