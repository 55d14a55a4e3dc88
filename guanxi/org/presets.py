"""The preset roles of the regulation texts, as data: what each may do, how far it sees, what stays closed to it.

Sources: ORG-01..07, ORG-11 and the three separated administrators of GB/T 22239 (S-06).
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy
from django.utils.translation import gettext_noop as _

# Work areas: the six duties of a customer-relations department (ORG-01), and those of leading units.
AREAS: dict[str, Any] = {
    "strategy": gettext_lazy("Strategy and rules"),
    "needs": gettext_lazy("Needs research and solutions"),
    "satisfaction": gettext_lazy("Satisfaction surveys"),
    "complaints": gettext_lazy("Complaints and disputes"),
    "training": gettext_lazy("Training"),
    "analysis": gettext_lazy("Data analysis and reporting"),
    "branch": gettext_lazy("Branch"),
    "region": gettext_lazy("Region"),
    "inspection": gettext_lazy("Inspection"),
    "audit": gettext_lazy("Audit"),
    "settings": gettext_lazy("Settings"),
}

READ = ["view"]
USE = ["view", "add", "change"]
WORK = ["view", "add", "change", "delete", "export", "import"]
CUSTOMERS = ("customers.account", "customers.contact")
SALES = ("sales.order", "sales.receipt", "sales.receivable")
SENSITIVE = ["id_number", "home_address", "family", "income_band"]
COST = ["cost", "unit_cost", "profit", "profit_grade", "margin"]
PROFIT = ["profit_12m", "profit_total", "abc_profit"]  # what insight adds to customers


def _grants(
    scope: str, verbs: list[str], *, sales: list[str] | None = None, masked: list[str] | None = None
) -> dict[str, Any]:
    """Grants on customers and sales in one scope; the cost side of products stays closed by default."""
    grants: dict[str, Any] = {}
    for label in CUSTOMERS:
        grants[label] = {"verbs": verbs, "scope": scope, "masked": masked or [], "hidden": PROFIT}
    for label in SALES:
        # No scope of their own: what hangs on a customer follows the customer.
        grants[label] = {"verbs": sales if sales is not None else verbs, "hidden": COST, "masked": masked or []}
    grants["catalog.product"] = {"verbs": READ, "scope": "all", "hidden": COST}
    grants["catalog.productcategory"] = {"verbs": READ, "scope": "all"}
    grants["customers.segment"] = {"verbs": USE, "scope": "all"}
    for label in ("org.user", "org.department", "org.team"):
        grants[label] = {"verbs": READ, "scope": "all", "masked": ["phone"]}
    grants["org.training"] = {"verbs": USE, "scope": "all"}
    for label in (
        "customers.classscheme",
        "customers.classstandard",
        "customers.filingstandard",
        "customers.stageplaybook",
        "customers.source",
        "customers.channel",
        "customers.classreview",
        "customers.tierpolicy",
        "customers.creditrule",
        "pool.pool",
        "pool.returnreason",
        "pool.recyclerule",
    ):
        grants[label] = {"verbs": READ, "scope": "all"}
    grants["customers.reviewitem"] = {"verbs": [verb for verb in verbs if verb in ("view", "export")]}
    return grants


def _role(
    name: str, code: str, description: str, grants: dict[str, Any], areas: tuple[str, ...] = (), exclusive: str = ""
) -> dict[str, Any]:
    return {
        "name": name, "code": code, "description": description, "grants": grants, "areas": list(areas), "exclusive": exclusive,
    }  # fmt: skip


def _with_profit(grants: dict[str, Any]) -> dict[str, Any]:
    """The same with cost and profit in sight, for those who set classes and policy."""
    return {label: {**grant, "hidden": []} for label, grant in grants.items()}


def _with(grants: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {**grants, **{label.replace("__", "."): grant for label, grant in more.items()}}


ALL = {"verbs": ["*"], "scope": "all"}
REVIEW = {"verbs": [*WORK, "assign_class"], "scope": "all"}
REVIEWS = {"customers__classreview": REVIEW, "customers__reviewitem": REVIEW}
POLICY = {
    "customers__tierpolicy": ALL,
    **REVIEWS,
    "customers__classscheme": ALL,
    "customers__classstandard": ALL,
    "customers__segment": ALL,
    "customers__stageplaybook": ALL,
    "customers__source": ALL,
}
# Which pools' customers a person sees follows from the departments a pool serves; scope "all" sees every pool.
CLAIM = {"pool__stay": {"verbs": [*READ, "claim"], "scope": "department"}}
ASSIGN = {"pool__stay": {"verbs": [*READ, "claim", "assign"], "scope": "tree"}}
POOLS = {
    "pool__stay": {"verbs": [*READ, "claim", "assign", "export"], "scope": "all"},
    **dict.fromkeys(("pool__pool", "pool__returnreason", "pool__recyclerule"), ALL),
}
PRODUCTS = {"catalog__product": ALL, "catalog__productcategory": ALL, "catalog__profitgrade": ALL}

PRESETS: tuple[dict[str, Any], ...] = (
    _role(_("Business representative"), "representative", _("Looks after own customers in the field."),
          _with(_grants("own", [*USE, "export", "hand_over", "release"], masked=["credit_limit"]), **CLAIM)),
    _role(_("Store manager"), "store-manager", _("Leads a branch and its people."),
          _with(_grants("tree", [*WORK, "hand_over", "change_others", "release", "protect", "override", "merge"]), **ASSIGN),
          ("branch",)),
    _role(_("Customer-service specialist"), "service-specialist", _("Receives customers at the counter and registers them."),
          _grants("department", USE, sales=READ)),
    _role(_("Branch accountant"), "branch-accountant", _("First responsible for the branch's customer files and receipts."),
          _grants("department", [*WORK, "change_others"])),
    _role(_("Chain-store operations specialist"), "operations-specialist", _("Inspects the files of all branches."),
          _with(_grants("all", [*USE, "export", "change_others", "override", "merge"], sales=READ),
                pool__stay={"verbs": READ, "scope": "all"}), ("inspection",)),
    _role(_("Customer-relations specialist"), "relations-specialist", _("Works in the customer-relations department."),
          _grants("all", [*USE, "export"], sales=READ, masked=SENSITIVE),
          ("strategy", "needs", "satisfaction", "complaints", "training", "analysis")),
    _role(_("Call-centre specialist"), "call-centre", _("Answers the hotline and verifies files by phone."),
          _grants("all", USE, sales=READ, masked=SENSITIVE)),
    _role(_("Direct-sales specialist"), "direct-sales", _("Files and serves direct-sales customers."),
          _with(_grants("team", [*USE, "export", "hand_over", "release"]), **CLAIM)),
    _role(_("Regional supervisor"), "supervisor", _("Leads the representatives of a region."),
          _with(_grants("tree", [*WORK, "hand_over", "change_others", "release", "protect"]), **ASSIGN), ("region",)),
    _role(_("Business department"), "business-department", _("Guides and assesses customer management company-wide."),
          _with(_with_profit(_grants("all", [*WORK, "hand_over", "change_others", "assign_class", "release_credit",
                                             "release", "protect", "override", "merge"])), **REVIEWS, **POOLS)),
    _role(_("Marketing"), "marketing", _("Defines classes, policies and campaigns; carries out account requests."),
          _with(_grants("all", [*USE, "export"], sales=READ, masked=SENSITIVE), **POLICY,
                org__user={"verbs": [*USE, "open_account", "set_roles", "freeze", "end_sessions"], "scope": "all"})),
    _role(_("Finance"), "finance", _("Receipts, refunds, reconciliation and price policy."),
          _with(_with_profit(_grants("all", [*READ, "export", "release_credit"], sales=WORK)), **PRODUCTS,
                customers__creditrule=ALL, sales__receipt={"verbs": ["*"], "scope": "all"},
                sales__order={"verbs": [*WORK, "release_credit"], "scope": "all"})),
    _role(_("Technology"), "technology", _("Solves quality cases and publishes technical guidance."),
          _grants("all", READ, sales=READ, masked=["phone", "mobile", "email", *SENSITIVE])),
    _role(_("Service supervision"), "supervision", _("Checks that the rules are kept; sees every unit read-only."),
          _grants("all", [*READ, "export"], sales=[*READ, "export"]), ("inspection", "audit")),
    _role(_("Block administrator"), "block-administrator", _("Files account requests for a business block."),
          {**_grants("tree", READ, sales=READ), "org.user": {"verbs": USE, "scope": "tree"}}),
    _role(_("System administrator"), "system-administrator", _("Accounts, departments and settings; no business data."),
          {**dict.fromkeys(("org.department", "org.team", "kernel.extrafield", "kernel.job", "customers.filingstandard",
                            "customers.source"), ALL),
           "org.user": {"verbs": [*WORK, "open_account", "reset_password", "freeze", "end_sessions"], "scope": "all"},
           "org.role": {"verbs": READ, "scope": "all"}},
          ("settings",), "three-administrators"),
    _role(_("Security administrator"), "security-administrator", _("Roles and rights; may not create accounts."),
          {"org.role": ALL, "org.user": {"verbs": [*READ, "set_roles", "freeze", "end_sessions"], "scope": "all"},
           "org.department": {"verbs": READ, "scope": "all"}}, ("settings",), "three-administrators"),
    _role(_("Audit administrator"), "audit-administrator", _("Reads the audit trail and verifies it; changes nothing."),
          {"audit.entry": {"verbs": [*READ, "verify", "export"], "scope": "all"}, "org.user": {"verbs": READ, "scope": "all"},
           "customers.account": {"verbs": READ, "scope": "all", "hidden": [*COST, *PROFIT], "masked": ["phone", "mobile", "email", *SENSITIVE]}},
          ("audit",), "three-administrators"),
    _role(_("Head of company"), "owner", _("Sees and may do everything in the company."), {"*": ALL},
          ("branch", "region", "inspection", "strategy", "needs", "satisfaction", "complaints", "training", "analysis", "audit",
           "settings")),
)  # fmt: skip


# What apps above add: (role codes, none for all; entity label; grant).
_MORE: list[tuple[tuple[str, ...], str, dict[str, Any]]] = []


def grant(label: str, verbs: list[str], scope: Any = "all", *, to: tuple[str, ...] = (), **closed: list[str]) -> None:
    """Give preset roles rights on an entity of an app above; `to` names the roles, without it all of them get it.

    A role named more than once for an entity gets the grant declared last; "*" of the head of company covers everything.
    """
    _MORE.append((to, label, {"verbs": verbs, "scope": scope, **closed}))


def presets() -> list[dict[str, Any]]:
    """The preset roles with what the installed apps have added."""
    result = []
    for preset in PRESETS:
        more = {label: given for codes, label, given in _MORE if not codes or preset["code"] in codes}
        known = {} if "*" in preset["grants"] else more
        result.append({**preset, "grants": {**preset["grants"], **known}})
    return result


grant("org.absence", USE, "tree")
grant("org.signin", READ, "own")
grant("org.signin", READ, "tree", to=("store-manager", "supervisor"))
grant(
    "org.signin",
    READ,
    to=("marketing", "supervision", "system-administrator", "security-administrator", "audit-administrator"),
)
