"""Start-up checks that keep an installation from running on ground that would damage its data."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from guanxi.project import env


@register(Tags.database)
def postgresql_speaks_chinese(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Refuses a server that is not UTF-8, and LC_CTYPE "C", under which case folding and regular expressions
    know ASCII letters only."""
    found: list[CheckMessage] = []
    for alias in databases or ():
        connection = connections[alias]
        if connection.vendor != "postgresql":
            continue
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database "
                "WHERE datname = current_database()"
            )
            encoding, _collate, ctype = cursor.fetchone()
        if encoding != "UTF8":
            found.append(
                Error(f"The database is encoded as {encoding}; Guanxi needs UTF8.", id="guanxi.E001")
            )
        if ctype in {"C", "POSIX"}:
            hint = "Create it with: createdb -E UTF8 --locale C.UTF-8 -T template0 guanxi"
            found.append(Error(f"The database's LC_CTYPE is {ctype}.", hint=hint, id="guanxi.E002"))
    return found


@register(Tags.compatibility)
def variables_are_known(**_: object) -> list[CheckMessage]:
    return [
        Warning(f"Nothing reads the variable {name}; is it misspelt?", id="guanxi.W001")
        for name in env.unknown()
    ]
