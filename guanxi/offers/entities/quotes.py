"""Quotes and their lines."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.entities.rights import FILES
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.offers.entities.prices import CURRENCY, MONEY
from guanxi.offers.models import Quote, QuoteLine
from guanxi.offers.services import figures, letters, quotes  # noqa: F401 -- figures its sealer, letters a verb
from guanxi.org.presets import READ, WORK, grant

SUMS = ("list_amount", "amount", "discount_amount", "tax_amount", "total")
STATES = {
    "draft": "gray", "asked": "amber", "released": "blue", "sent": "blue", "accepted": "green", "declined": "red",
    "expired": "gray", "replaced": "gray",
}  # fmt: skip


def state(*names: str) -> dict[str, Any]:
    return {"f": "state", "op": "in", "v": list(names)}


register(
    Entity(
        model=Quote,
        title=_("Quotes"),
        slug="quotes",
        icon="file-dollar",
        name_field="number",
        columns=(
            "number",
            "account",
            "subject",
            "quoted_on",
            "valid_until",
            "state",
            "total",
            "discount_amount",
            "owner",
        ),
        sort="-quoted_on",
        sorts=("number", "valid_until"),
        lines="lines",
        scope_via="account",
        sections=(
            Section(
                _("Quote"),
                ("account", "contact", "opportunity", "subject", "quoted_on", "valid_until", "number", "owner"),
            ),
            Section(_("Terms"), ("currency", "tax_included", "payment_terms", "delivery_terms", "remark")),
            Section(_("Money"), SUMS),
            Section(
                _("Course"),
                ("state", "revision", "replaces", "released_on", "sent_on", "accepted_on", "accepted_name", "reason"),
            ),
        ),
        overrides={
            **dict.fromkeys(SUMS, MONEY),
            "currency": CURRENCY,
            "remark": {
                "help": _(
                    "The customer reads it: it stands on the printed quote. Internal notes belong into the comments."
                )
            },
            "state": {"tones": STATES},
        },
        search={"codes": ("number",), "names": ("account.name", "subject")},
        subtitle=("account", "quoted_on", "total"),
        importable=False,
        guard=quotes.only_drafts,
        prepare_many=quotes.number_quotes,
        finished=state("accepted", "declined", "expired", "replaced"),
        relations=(
            Relation("lines", "offers.quoteline", "quote", _("Lines"), tab=False),
            Relation("replaced_by", "offers.quote", "replaces", _("Revisions")),
        ),
        views=(
            View("all", _("All quotes")),
            View("mine", _("My quotes"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
            View("asked", _("Waiting for approval"), state("asked"), icon="gavel"),
            View("out", _("With the customer"), state("sent"), sort="valid_until", icon="mail-forward"),
            View("accepted", _("Accepted"), state("accepted"), icon="circle-check"),
            View("drafts", _("Drafts"), state("draft"), icon="pencil"),
        ),
    )
)
register(
    Entity(
        model=QuoteLine,
        title=_("Quote lines"),
        slug="quote-lines",
        icon="list",
        name_field="description",
        columns=("product", "description", "quantity", "price", "discount", "solution", "need", "amount"),
        scope_via="quote",
        sections=(
            Section(
                _("Line"),
                (
                    "product",
                    "description",
                    "quantity",
                    "list_price",
                    "price",
                    "discount",
                    "tax_rate",
                    "amount",
                    "tax_amount",
                ),
            ),
            Section(_("Custom solution"), ("need", "solution")),
        ),
        overrides={
            **dict.fromkeys(("list_price", "price", "amount", "tax_amount"), MONEY),
            "discount": {"kind": "percent"},
            "tax_rate": {"kind": "percent"},
        },
        search={"names": ("description", "product.name")},
        custom=False,
        importable=False,
        clean=quotes.prepare_line,
        views=(
            View("all", _("All")),
            View("solutions", _("Custom solutions"), {"f": "solution", "op": "not_empty"}, icon="puzzle"),
        ),
    )
)
add_relation("deals.opportunity", Relation("quotes", "offers.quote", "opportunity", _("Quotes")))
add_relation("customers.account", Relation("quotes", "offers.quote", "account", _("Quotes")))

# No scope of their own: what hangs on a customer follows the customer.
READERS = ("call-centre", "technology", "block-administrator", "operations-specialist", "branch-accountant")
for role, (_scope, verbs, masked) in FILES.items():
    may = READ if role in READERS else WORK if role == "finance" else verbs
    grant("offers.quote", may, "", to=(role,), masked=masked)
