"""The database's own word on commission: lines are only added, and nothing settled takes anything in."""

from __future__ import annotations

from guanxi.audit.guards import protect

LINE = (
    "company_id", "owner_id", "statement_id", "kind", "dated_on", "share_id", "receipt_id", "order_id", "line_id", "product_id",
    "grade_id", "plan_id", "base", "rate", "amount", "reason",
)  # fmt: skip
STATEMENT = ("company_id", "owner_id", "month", "base", "amount", "state", "settled_on", "settled_by_id", "entry_id")


def _differ(names: tuple[str, ...]) -> str:
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


def install() -> None:
    """Declare the guards; they are set after every migrate."""
    protect(
        "targets_commissionline",
        "Commission lines are only ever added.",
        insert="EXISTS (SELECT 1 FROM targets_statement s WHERE s.id = NEW.statement_id AND s.state = 'settled')",
        update=f"NEW.deleted_at IS NOT NULL OR {_differ(LINE)}",
    )
    protect(
        "targets_statement",
        "A settled statement stays as it is.",
        update=f"NEW.deleted_at IS NOT NULL OR (OLD.state = 'settled' AND ({_differ(STATEMENT)}))",
    )
