"""What the preset roles may do with customers and with what is laid down about them."""

from __future__ import annotations

from guanxi.org.presets import COST, READ, USE, WORK, WORKING, grant

SENSITIVE = ["id_number", "home_address", "family", "income_band"]
REACH = ["phone", "mobile", "email"]
PROFIT = ["profit_12m", "profit_total", "abc_profit"]  # what insight adds to customers; open to those who set policy
POLICY = ("business-department", "finance")
LEADING = [*WORK, "hand_over", "change_others", "release", "protect"]
# Role: how far it sees, what it may do, what it sees masked.
FILES: dict[str, tuple[str, list[str], list[str]]] = {
    "representative": ("own", [*USE, "export", "hand_over", "release"], ["credit_limit"]),
    "store-manager": ("tree", [*LEADING, "override", "merge"], []),
    "service-specialist": ("department", USE, []),
    "branch-accountant": ("department", [*WORK, "change_others"], []),
    "operations-specialist": ("all", [*USE, "export", "change_others", "override", "merge"], []),
    "relations-specialist": ("all", [*USE, "export"], SENSITIVE),
    "call-centre": ("all", USE, SENSITIVE),
    "direct-sales": ("team", [*USE, "export", "hand_over", "release"], []),
    "supervisor": ("tree", LEADING, []),
    "business-department": ("all", [*LEADING, "assign_class", "release_credit", "override", "merge"], []),
    "marketing": ("all", [*USE, "export"], SENSITIVE),
    "finance": ("all", [*READ, "export", "release_credit"], []),
    "technology": ("all", READ, [*REACH, *SENSITIVE]),
    "supervision": ("all", [*READ, "export"], []),
    "block-administrator": ("tree", READ, []),
}
LISTS = (
    "classscheme", "classstandard", "filingstandard", "stageplaybook", "source", "channel", "classreview", "tierpolicy",
    "creditrule",
)  # fmt: skip

for role, (scope, verbs, masked) in FILES.items():
    hidden = [] if role in POLICY else PROFIT
    for label in ("customers.account", "customers.contact"):
        grant(label, verbs, scope, to=(role,), masked=masked, hidden=hidden)
    grant("customers.reviewitem", [verb for verb in verbs if verb in ("view", "export")], "", to=(role,))
grant("customers.account", READ, to=("audit-administrator",), hidden=[*COST, *PROFIT], masked=[*REACH, *SENSITIVE])
grant("customers.segment", USE, to=WORKING)
for name in LISTS:
    grant(f"customers.{name}", READ, to=WORKING)
for name in ("classreview", "reviewitem"):
    grant(f"customers.{name}", [*WORK, "assign_class"], to=("business-department", "marketing"))
for name in ("tierpolicy", "classscheme", "classstandard", "segment", "stageplaybook", "source"):
    grant(f"customers.{name}", ["*"], to=("marketing",))
grant("customers.creditrule", ["*"], to=("finance",))
for name in ("filingstandard", "source"):
    grant(f"customers.{name}", ["*"], to=("system-administrator",))
