"""The database's own word on the ledger: nothing is deleted, nothing booked changes, a closed month takes nothing in."""

from __future__ import annotations

from guanxi.audit.guards import protect

FIXED = ("company_id", "amount", "unit", "title", "text", "clause_id", "source", "reverses_id", "duty_key")
BOOKED = ("owner_id", "month", "booked_on")  # a proposal may still be assigned to the right person


def _differ(names: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


CLOSED = (
    "NEW.booked_on IS NOT NULL AND EXISTS (SELECT 1 FROM incentives_monthclose c "
    "WHERE c.company_id = NEW.company_id AND c.month >= NEW.month)"
)


def install() -> None:
    """Declare the guards; they are set after every migrate."""
    protect(
        "incentives_entry",
        "The incentive ledger is append-only.",
        insert=CLOSED,
        update=(
            f"NEW.deleted_at IS NOT NULL OR {_differ(FIXED)} OR (OLD.booked_on IS NOT NULL AND ({_differ(BOOKED)})) "
            f"OR (OLD.booked_on IS NULL AND {CLOSED})"
        ),
    )
    protect(
        "incentives_monthclose",
        "A closed month stays closed.",
        update=f"NEW.deleted_at IS NOT NULL OR {_differ(('company_id', 'month', 'entries', 'yuan', 'points'))}",
    )
