"""PostgreSQL plans a statement once for each connection if its parameters are bound on the server."""

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


def inlined(connection: Any, sql: str, params: Any) -> str:
    """The statement with its parameters as text."""
    connection.ensure_connection()
    return ClientCursor(connection.connection).mogrify(sql, params)
