"""What each figure of the dashboard counts, in one sentence: which orders, which customers, which days."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.insight.engine.profile import Options

# Stands once on the page: it holds for all amounts.
MONEY: Any = _(
    "Amounts count orders that are confirmed, partly delivered, delivered or completed, by the day of the order and less returns; drafts and cancelled orders do not count."
)
SENTENCES: dict[str, Any] = {
    "rfm": _(
        "Customers who have bought: the day of the last order and the sum of their orders, each divided into five groups of the same size."
    ),
    "abc-amount": _(
        "All orders since the first deal by customer, the largest first: A up to %(first)s of the total, B up to %(second)s, C the rest."
    ),
    "abc-profit": _(
        "Profit of all orders since the first deal by customer, the largest first: A up to %(first)s of the total, B up to %(second)s, C the rest."
    ),
    "letters": _("Customers who have bought and what their orders since the first deal come to."),
    "stages": _(
        "All customers on this day: no purchase yet, one, several, %(orders)s and more in %(months)s months; dormant after %(dormant)s days without a purchase, lost after %(lost)s."
    ),
    "conversion": _(
        "Each line are the customers that were in this stage a year ago; the columns say where they are now and the share of the line."
    ),
    "months": _("The last 24 months by the day of the order; the current month is not over."),
    "existing": _("Of each month's revenue the part of customers whose first order lies before that month."),
    "compare": _("The ten best customers of the last 12 months beside the same 12 months one year earlier."),
    "products": _("The ten products that brought most since the first deal, returns taken off."),
    "years": _("Calendar years by the day of the order; the current year up to this day."),
    "orders": _("The ten orders that brought most since the first deal."),
    "recency": _("Customers who have bought, by the days from the last order to this day."),
    "loyalty": _(
        "Customers with an order in the last 12 months and in the 12 months before; promising are customers of less than a year whose first 90 days were among the best fifth, not yet of class A."
    ),
    "cohorts": _(
        "Each line are the customers whose first order fell into this month; the columns say how many ordered again after so many months."
    ),
}


def about(key: str, options: Options) -> str:
    """The sentence of a card, with the limits this company has set."""
    rules, (first, second) = options.rules, options.cuts
    values = {
        "orders": rules.loyal_orders, "months": rules.loyal_months, "dormant": rules.dormant_days, "lost": rules.lost_days,
        "first": f"{first:.0%}", "second": f"{second:.0%}",
    }  # fmt: skip
    return str(SENTENCES[key]) % values
