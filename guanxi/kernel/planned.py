"""Plans that are made once: only what differs is bound, all else is part of the statement's text.

PostgreSQL keeps the plan of a statement with the connection if its parameters are bound on the server.  SQLite plans a
statement anew at every execution if a bound value might decide whether a partial index serves, which for the long
statement of a page takes longer than answering it.
"""

from __future__ import annotations

from typing import Any

from psycopg import ClientCursor, Cursor


class _Planning(Cursor[Any]):
    """Remembers its statement like the cursors of Django, for whoever counts or logs statements."""

    def _convert_query(self, query: Any, params: Any = None) -> Any:
        self._query = super()._convert_query(query, params)
        return self._query


def planning(connection: Any) -> Any:
    """A cursor of Django that lets the connection keep plans (`prepare_threshold`)."""
    connection.ensure_connection()
    return connection._prepare_cursor(_Planning(connection.connection))


def inlined(connection: Any, sql: str, params: tuple[Any, ...]) -> str:
    """The statement with its parameters as text, each written by the database's own means."""
    connection.ensure_connection()
    if connection.vendor == "postgresql":
        return ClientCursor(connection.connection).mogrify(sql, params)
    ask = connection.connection.execute  # below Django's cursors, which count it among the statements of a page
    return sql % tuple(ask("SELECT quote(?)", (param,)).fetchone()[0] for param in params)
