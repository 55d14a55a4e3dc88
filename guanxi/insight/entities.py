"""Scores and sums as fields of accounts: in lists, filters, segments, rules and exports like any other field."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.insight.models import SCORED, Profile
from guanxi.kernel.entities import extend

MONEY: dict[str, Any] = {"kind": "money"}
TONES = {"A": "grade-a", "B": "grade-b", "C": "grade-c"}
GRADE: dict[str, Any] = {"style": "grade", "tones": TONES}
FIELDS: dict[str, dict[str, Any]] = {
    "orders": {},
    "first_on": {},
    "last_on": {"style": "ago"},
    "interval_days": {},
    "amount_12m": MONEY,
    "amount_total": MONEY,
    "profit_12m": MONEY,
    "profit_total": MONEY,
    "r": {"help": _("1 to 5; 5 bought most recently")},
    "f": {"help": _("1 to 5; 5 buys most often")},
    "m": {"help": _("1 to 5; 5 spends most")},
    "rfm": {"help": _("111 to 555")},
    "abc_amount": GRADE,
    "abc_profit": GRADE,
    "promising": {"help": _("Young, started like the best fifth, not yet class A")},
}

extend(
    "customers.account",
    relation="profile",
    model=Profile,
    fields={name: {"sortable": name in SCORED, **changes} for name, changes in FIELDS.items()},
)
