"""File verifications, and the day of the next one as a field of customers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.filing.models import FileTask, Recheck
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, entity, extend, register

OPEN: dict[str, Any] = {"f": "state", "op": "is", "v": "open"}

register(
    Entity(
        model=FileTask,
        title=_("File verifications"),
        slug="file-tasks",
        icon="phone-call",
        name_field="account",
        columns=("account", "kind", "due_on", "state", "result", "owner", "done_on", "talk"),
        sort="due_on",
        sections=(
            Section(_("File verification"), ("account", "kind", "due_on", "owner")),
            Section(pgettext_lazy("verification", "Outcome"), ("state", "result", "talk", "done_on")),
        ),
        overrides={
            "state": {"tones": {"open": "amber", "done": "green"}},
            "result": {"tones": {"confirmed": "green", "corrected": "blue", "untrue": "red", "unreachable": "gray"}},
            "due_on": {"style": "due"},
            "department": {"editable": False},
        },
        custom=False,
        finished={"f": "state", "op": "is", "v": "done"},
        importable=False,
        views=(
            View("open", pgettext_lazy("tasks", "Open"), OPEN),
            View("mine", _("Mine"), {"all": [OPEN, {"f": "owner", "op": "is", "v": "@me"}]}, icon="user"),
            View(
                "overdue",
                _("Overdue"),
                {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                icon="alert-triangle",
            ),
            View("done", _("Done"), {"f": "state", "op": "is", "v": "done"}, icon="check"),
        ),
    )
)
extend(
    "customers.account",
    relation="recheck",
    model=Recheck,
    fields={"next_check_on": {"sortable": True, "style": "due"}},
)
add_relation("customers.account", Relation("file_tasks", "filing.filetask", "account", _("File verifications")))
_accounts = entity("customers.account")
_accounts.views += (
    View(
        "recheck",
        _("Verification overdue"),
        {"f": "next_check_on", "op": "before", "v": "@today"},
        sort="next_check_on",
        icon="calendar-exclamation",
    ),
)
