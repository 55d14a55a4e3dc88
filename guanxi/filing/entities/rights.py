"""What the preset roles may do with registrations, forms and inspections."""

from __future__ import annotations

from guanxi.org.presets import READ, USE, WORK, grant

BRANCH = ("store-manager", "service-specialist", "branch-accountant", "supervisor")
CENTRAL = ("relations-specialist", "call-centre", "operations-specialist", "business-department", "marketing")
LEADING = ("operations-specialist", "business-department")
FIELD = ("representative",)

grant("filing.registration", USE, "own", to=FIELD)
grant("filing.registration", USE, "department", to=("service-specialist",))
grant("filing.registration", [*WORK, "file"], "department", to=("branch-accountant",))
grant("filing.registration", [*WORK, "file"], "tree", to=("store-manager", "supervisor"))
grant("filing.registration", [*USE, "file"], "team", to=("direct-sales",))
grant("filing.registration", [*USE, "export", "file"], to=("relations-specialist", "call-centre"))
grant("filing.registration", [*USE, "export"], to=("operations-specialist", "marketing"))
grant("filing.registration", [*WORK, "file"], to=("business-department",))
grant("filing.registration", [*READ, "export"], to=("supervision",))
EVERYBODY = (*BRANCH, *CENTRAL, *FIELD, "direct-sales", "supervision", "finance")
grant("filing.exhibition", READ, to=tuple(role for role in EVERYBODY if role != "finance"))
grant("filing.exhibition", WORK, to=("relations-specialist", "business-department", "marketing"))
grant("filing.joinlink", USE, "own", to=(*FIELD, "service-specialist", "direct-sales"))
grant("filing.joinlink", WORK, "tree", to=("store-manager", "supervisor"))
grant("filing.joinlink", WORK, to=("relations-specialist", "business-department", "marketing"))
grant("filing.formnumber", READ, to=EVERYBODY)
grant("filing.formnumber", WORK, to=LEADING)
grant("filing.filingrules", READ, to=EVERYBODY)
grant("filing.filingrules", USE, to=LEADING)
grant("filing.filetask", USE, "own", to=FIELD)
grant("filing.filetask", USE, "department", to=("service-specialist", "branch-accountant"))
grant("filing.filetask", WORK, "tree", to=("store-manager", "supervisor"))
grant("filing.filetask", USE, "team", to=("direct-sales",))
grant("filing.filetask", [*USE, "export"], to=("relations-specialist", "call-centre", "operations-specialist"))
grant("filing.filetask", WORK, to=("business-department",))
grant("filing.filetask", [*READ, "export"], to=("supervision",))
