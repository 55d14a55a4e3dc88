"""How contracts, obligations and disputes show up in lists, forms, search, import, the API and on the customer's page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.contracts.models import MUST, Contract, Dispute, Obligation
from guanxi.contracts.services import contracts, reminders
from guanxi.customers.entities.rights import FILES
from guanxi.formats.world import CURRENCIES, read_currency
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.presets import READ, WORK, grant

CURRENCY: dict[str, Any] = {"kind": "choice", "choices": CURRENCIES, "other": read_currency}
STATES = {
    "draft": "gray", "review": "amber", "approved": "blue", "running": "green", "ending": "amber", "ended": "gray",
    "terminated": "red",
}  # fmt: skip
OPEN: dict[str, Any] = {"f": "done_on", "op": "empty"}
RUNNING: dict[str, Any] = {"f": "state", "op": "in", "v": ["running", "ending"]}
DISPUTED: dict[str, Any] = {"has": "disputes", "where": {"f": "state", "op": "is", "v": "open"}}


def state(*names: str) -> dict[str, Any]:
    return {"f": "state", "op": "in", "v": list(names)}


register(
    Entity(
        model=Contract,
        title=_("Contracts"),
        icon="contract",
        name_field="title",
        columns=("number", "title", "account", "kind", "amount", "signed_on", "ends_on", "state", "owner"),
        sort="-id",
        sorts=("number", "ends_on", "signed_on"),
        scope_via="account",
        sections=(
            Section(_("Contract"), ("title", "account", "kind", "opportunity", "quote", "number", "amount", "currency", "owner")),
            Section(_("Term"), ("starts_on", "ends_on", "state", "signed_on", "signed_name", "over_on", "reason")),
            Section(pgettext_lazy("contract", "Clauses"), (*MUST, "other_terms")),
            Section(_("Review and filing"), ("reviewed_at", "reviewed_by", "filed_on", "shelf", "renews", "remark")),
        ),
        overrides={
            "amount": {"kind": "money"}, "currency": CURRENCY, "state": {"tones": STATES}, "ends_on": {"style": "due"},
        },
        search={"codes": ("number", "shelf"), "names": ("title", "account.name")},
        subtitle=("number", "account", "ends_on"),
        importable=False,
        guard=contracts.only_drafts,
        prepare_many=contracts.number_contracts,
        finished=state("ended", "terminated"),
        relations=(
            Relation("obligations", "contracts.obligation", "contract", _("Obligations")),
            Relation("disputes", "contracts.dispute", "contract", _("Disputes")),
            Relation("renewed_by", "contracts.contract", "renews", _("Renewed by")),
        ),
        views=(
            View("running", pgettext_lazy("contracts", "Running"), RUNNING, sort="ends_on", icon="circle-check"),
            View(
                "ending",
                _("Ending within 60 days"),
                {"all": [RUNNING, {"f": "ends_on", "op": "next_days", "v": 60}]},
                sort="ends_on",
                icon="hourglass-high",
            ),
            View("review", _("In review"), state("review"), icon="gavel"),
            View("unfiled", _("Signed, not filed"), {"all": [
                {"f": "signed_on", "op": "not_empty"}, {"f": "filed_on", "op": "empty"}]}, icon="archive"),
            View("disputed", _("With disputes"), DISPUTED, icon="scale"),
            View("mine", _("My contracts"), {"f": "owner", "op": "is", "v": "@me"}, icon="user"),
            View("all", _("All contracts")),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=Obligation,
        title=_("Obligations"),
        slug="obligations",
        icon="checklist",
        name_field="what",
        columns=("what", "contract", "side", "due_on", "done_on", "told_on", "owner"),
        sort="due_on",
        scope_via="contract",
        sections=(
            Section(_("Obligation"), ("contract", "side", "what", "due_on", "remind_days", "owner", "note")),
            Section(_("Course"), ("done_on", "reminded_on", "told_on")),
        ),
        overrides={
            "side": {"tones": {"ours": "blue", "theirs": "purple"}}, "due_on": {"style": "due"},
        },
        search={"names": ("what",)},
        import_key=("contract", "what", "due_on"),
        custom=False,
        guard=reminders.only_open,
        prepare_many=reminders.look_after,
        finished={"f": "done_on", "op": "not_empty"},
        views=(
            View("open", pgettext_lazy("owed", "Open"), OPEN, icon="circle"),
            View("ours", _("Ours"), {"all": [OPEN, {"f": "side", "op": "is", "v": "ours"}]}, icon="user"),
            View("theirs", _("The customers’"), {"all": [OPEN, {"f": "side", "op": "is", "v": "theirs"}]}, icon="users"),
            View("overdue", _("Overdue"), {"all": [OPEN, {"f": "due_on", "op": "before", "v": "@today"}]},
                 icon="alert-triangle"),
            View("all", _("All")),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=Dispute,
        title=_("Contract disputes"),
        slug="disputes",
        icon="scale",
        name_field="what",
        columns=("what", "contract", "since", "due_on", "state", "settled_on", "owner"),
        sort="-since",
        scope_via="contract",
        sections=(
            Section(_("Dispute"), ("contract", "what", "since", "due_on", "measures", "owner")),
            Section(_("Outcome"), ("state", "settled_on", "result")),
        ),
        overrides={"state": {"tones": {"open": "red", "settled": "green"}}, "due_on": {"style": "due"}},
        search={"names": ("what",)},
        importable=False,
        custom=False,
        guard=reminders.only_open,
        prepare_many=reminders.look_after,
        finished={"f": "state", "op": "is", "v": "settled"},
        views=(
            View("open", pgettext_lazy("dispute", "Open"), {"f": "state", "op": "is", "v": "open"}, icon="circle"),
            View("all", _("All")),
        ),
    )
)
add_relation("deals.opportunity", Relation("contracts", "contracts.contract", "opportunity", _("Contracts")))
add_relation("customers.account", Relation("contracts", "contracts.contract", "account", _("Contracts")))

# No scope of their own: what hangs on a customer follows the customer.
READERS = ("call-centre", "technology", "block-administrator", "operations-specialist", "service-specialist")
SIGNERS = ("store-manager", "supervisor", "business-department", "marketing")
KEEPERS = ("branch-accountant", "finance")
for role, (_scope, verbs, masked) in FILES.items():
    may = READ if role in READERS else [*WORK] if role == "finance" else [*verbs]
    may += ["sign"] if role in SIGNERS else ["register"] if role in KEEPERS else []
    for label in ("contracts.contract", "contracts.obligation", "contracts.dispute"):
        grant(label, may, "", to=(role,), masked=masked)
