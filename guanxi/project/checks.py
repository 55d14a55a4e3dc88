"""Start-up checks that keep an installation from running on ground that would damage its data."""

from collections.abc import Sequence

from django.core.checks import CheckMessage, Error, Tags, Warning, register
from django.db import connections

from guanxi.project import env

_HINT = "Create it with: createdb -E UTF8 --locale C.UTF-8 -T template0 guanxi"


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
                "SELECT pg_encoding_to_char(encoding), datctype FROM pg_database WHERE datname = current_database()"
            )
            encoding, ctype = cursor.fetchone()
        found += unfit(encoding, ctype)
    return found


def unfit(encoding: str, ctype: str) -> list[CheckMessage]:
    """Why a database of this encoding and LC_CTYPE is refused; empty when it is fit."""
    found: list[CheckMessage] = []
    if encoding != "UTF8":
        found.append(Error(f"The database's encoding is {encoding}, not UTF8.", hint=_HINT, id="guanxi.E001"))
    if ctype in {"C", "POSIX"}:
        found.append(Error(f"The database's LC_CTYPE is {ctype}.", hint=_HINT, id="guanxi.E002"))
    return found


@register(Tags.compatibility)
def variables_are_known(**_: object) -> list[CheckMessage]:
    return [Warning(f"Nothing reads the variable {name}; is it misspelt?", id="guanxi.W001") for name in env.unknown()]
