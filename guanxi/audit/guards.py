"""Append-only in the database too: triggers that refuse UPDATE and DELETE of audit entries, whoever asks."""

from __future__ import annotations

from typing import Any

from django.db import connections

_MESSAGE = "The audit trail is append-only."
_SQLITE = {
    event: f"CREATE TRIGGER IF NOT EXISTS audit_no_{event} BEFORE {event} ON audit_entry "
    f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
    for event in ("update", "delete")
}
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$"
)
_POSTGRES = {
    "rows": "CREATE OR REPLACE TRIGGER audit_no_rows BEFORE UPDATE OR DELETE ON audit_entry "
    "FOR EACH ROW EXECUTE FUNCTION audit_append_only()",
    "truncate": "CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
}


def install(using: str = "default", **_kwargs: Any) -> None:
    """Set the triggers where they are missing; runs after every migrate, as a table rebuilt by one has lost them."""
    connection = connections[using]
    if "audit_entry" not in connection.introspection.table_names():
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_FUNCTION)
        for statement in (_POSTGRES if connection.vendor == "postgresql" else _SQLITE).values():
            cursor.execute(statement)


def remove(using: str = "default") -> None:
    """Take the triggers away: for emptying a test database, and for tests that play the attacker."""
    connection = connections[using]
    postgres = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for name in _POSTGRES if postgres else _SQLITE:
            cursor.execute(f"DROP TRIGGER IF EXISTS audit_no_{name}{' ON audit_entry' if postgres else ''}")
