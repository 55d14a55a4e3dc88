"""Append-only in the database too: triggers that refuse what no program may do to certain rows, whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connections, transaction


@dataclass(frozen=True)
class Guard:
    """Refuses an event of a table's rows, or only where the SQL condition `when` over OLD and NEW holds."""

    table: str
    event: str
    message: str
    when: str = ""

    @property
    def name(self) -> str:
        return f"{self.table.split('_')[0] if self.table == TRAIL else self.table}_no_{self.event}"

    def sqlite(self) -> list[str]:
        when = f"WHEN {self.when} " if self.when else ""
        return [
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"{when}BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
        ]

    def postgres(self) -> list[str]:
        row = "OLD" if self.event == "delete" else "NEW"
        level = "STATEMENT" if self.event == "truncate" else "ROW"
        body = f"IF {self.when or 'TRUE'} THEN RAISE EXCEPTION '{self.message}'; END IF; RETURN {row};"
        body = f"RAISE EXCEPTION '{self.message}';" if self.event == "truncate" else body
        return [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$",
            f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table} "
            f"FOR EACH {level} EXECUTE FUNCTION {self.name}()",
        ]


_guards: list[Guard] = []


def protect(table: str, message: str, **events: str) -> None:
    """Nobody deletes rows of this table; `insert` and `update` are refused where their condition holds ("" for always)."""
    for event, when in {**events, "delete": "", "truncate": ""}.items():
        _guards.append(Guard(table, event, message, when))


def every() -> tuple[Guard, ...]:
    return tuple(_guards)


TRAIL = "audit_entry"
protect(TRAIL, "The audit trail is append-only.", update="")


def install(using: str = "default", *, but: str = "", **_kwargs: Any) -> None:
    """Set the triggers anew; runs after every migrate, as a table rebuilt by one has lost them."""
    connection = connections[using]
    remove(using, but=but)
    there = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for guard in _on(connection):
            if guard.table in there and guard.table != but:
                for statement in guard.postgres() if connection.vendor == "postgresql" else guard.sqlite():
                    cursor.execute(statement)


@contextmanager
def lifted() -> Iterator[None]:
    """Inside, a company that was only made up can be cleared away with all its rows, except from the audit trail."""
    with transaction.atomic():
        remove(but=TRAIL)
        yield
        install(but=TRAIL)


def remove(using: str = "default", *, but: str = "") -> None:
    """Take the triggers away: for emptying a test database, and for tests that play the attacker."""
    connection = connections[using]
    there = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for guard in _on(connection):
            if guard.table in there and guard.table != but:
                on = f" ON {guard.table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {guard.name}{on}")


def _on(connection: Any) -> list[Guard]:
    return [guard for guard in _guards if connection.vendor == "postgresql" or guard.event != "truncate"]
