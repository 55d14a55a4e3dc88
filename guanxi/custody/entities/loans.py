"""Loans of cards as an entity; who may see them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.custody.entities.watch import AUDITORS, HEADS, written_by_itself
from guanxi.custody.models import CardLoan
from guanxi.custody.services import loans  # noqa: F401 -- verbs, the subject, the lender
from guanxi.kernel.entities import Entity, Section, View, register
from guanxi.org import presets

register(
    Entity(
        model=CardLoan,
        title=_("Loans of cards"),
        slug="loans",
        icon="book-upload",
        name_field="purpose",
        columns=("purpose", "owner", "department", "state", "starts_on", "until", "returned_on", "opened", "opened_at"),
        sections=(
            Section(_("Loan"), ("owner", "department", "purpose", "starts_on", "until", "state", "approval")),
            Section(_("Use"), ("opened", "opened_at", "returned_on", "result")),
        ),
        overrides={
            "owner": {"label": _("borrower")},
            "department": {"label": _("kept in")},
            "state": {
                "tones": {"asked": "amber", "lent": "blue", "expired": "red", "returned": "green", "refused": "gray"}
            },
        },
        hidden=("account",),  # the name of a card that was not lent is nobody's business
        finished={"f": "until", "op": "not_empty"},  # nobody takes over a permission to read
        creatable=False,
        importable=False,
        custom=False,
        guard=written_by_itself,
        views=(
            View("all", _("All")),
            View("running", _("On loan"), {"f": "state", "op": "is", "v": "lent"}, icon="book-upload"),
            View(
                "overdue",
                _("Ended, not handed back"),
                {"f": "state", "op": "is", "v": "expired"},
                icon="alert-triangle",
            ),
            View("returned", _("Handed back"), {"f": "state", "op": "is", "v": "returned"}, icon="check"),
            View("mine", _("Borrowed by me"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
        ),
    )
)

presets.grant("custody.cardloan", ["view"], "own")
presets.grant("custody.cardloan", ["view"], "tree", to=HEADS)
presets.grant("custody.cardloan", ["view", "export"], to=AUDITORS)
