"""The verbs of customers and what follows from changes; importing this registers all of them."""

from guanxi.customers.services import (
    accounts,
    classes,
    contacts,
    entries,
    filing,
    follow,
    reviews,
    seed,
    standards,
    teams,
    tiers,
)

__all__ = [
    "accounts",
    "classes",
    "contacts",
    "entries",
    "filing",
    "follow",
    "reviews",
    "seed",
    "standards",
    "teams",
    "tiers",
]
