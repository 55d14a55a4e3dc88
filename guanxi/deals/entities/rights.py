"""What the preset roles may do with leads, opportunities and what is laid down about them."""

from __future__ import annotations

from guanxi.customers.entities.rights import FILES, LEADING, REACH
from guanxi.org.presets import COST, READ, USE, WORK, WORKING, grant

SELLING = [*USE, "export", "import"]
READERS = ("finance", "technology", "supervision", "block-administrator", "service-specialist", "call-centre")
LISTS = ("pipeline", "stage", "lossreason", "invalidreason", "assignmentrule", "leadrecyclerule")

for role, (scope, verbs, masked) in FILES.items():
    veiled = [*REACH, "wechat"] if role == "technology" else []
    grant("deals.lead", [*verbs, "release"] if "change" in verbs else verbs, scope, to=(role,), masked=veiled)
    may = READ if role in READERS else WORK if "delete" in verbs else [verb for verb in verbs if verb in SELLING]
    grant("deals.opportunity", may, "", to=(role,), masked=masked, hidden=COST)
grant("deals.leadstay", [*READ, "claim"], "department", to=("representative", "direct-sales"))
grant("deals.leadstay", [*READ, "claim", "assign"], "tree", to=("store-manager", "supervisor"))
grant("deals.leadstay", READ, to=("operations-specialist",))
grant("deals.leadstay", [*READ, "claim", "assign", "export"], to=("business-department", "marketing"))
grant("deals.lead", [*LEADING, "assign", "import"], to=("business-department", "marketing"))
for name in LISTS:
    grant(f"deals.{name}", READ, to=WORKING)
    grant(f"deals.{name}", ["*"], to=("business-department",))
