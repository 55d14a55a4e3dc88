"""The gate every export passes: an app above may hold one back, mark its file and keep a record of it (SEC-07)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guanxi.kernel.entities import Entity
from guanxi.kernel.errors import Refused


@dataclass
class Wish:
    """A file somebody wants: `state` describes its rows for good, whatever becomes of a saved view meanwhile.

    Without one the file can only be made now, not by a job later.
    """

    user: Any
    entity: Entity
    kind: str  # xlsx, csv, print
    rows: int
    state: str = ""
    sentence: str = ""
    words: str = ""
    fields: tuple[str, ...] = ()


@dataclass
class Pass:
    """Leave to write the file: `marks` stand in it, `key` is what the gate knows it by."""

    key: int = 0
    marks: tuple[str, ...] = ()


class Gate:
    """Nobody watches: everything passes, unmarked.  An app above puts its own in the place of this one."""

    def admit(self, wish: Wish) -> Pass | str:
        """Leave to write, or the address of the page where somebody has to say yes first.  Refused where it is too much."""
        return Pass()

    def resume(self, key: int, job_id: int, rows: int) -> Pass:
        """The leave of a job, which has found so many rows by now."""
        return Pass(key)

    def written(self, leave: Pass, rows: int, digest: str) -> None:
        """The file is there."""

    def fetched(self, job_id: int) -> None:
        """Somebody took the file of a job."""


_watching: list[Gate] = [Gate()]


def watch(gate: Gate) -> None:
    """Have all exports pass through this gate."""
    _watching[:] = [gate]


def gate() -> Gate:
    return _watching[0]


def leave_now(wish: Wish) -> Pass:
    """For a file that can only be made at once: Refused where somebody would have to say yes first."""
    leave = gate().admit(wish)
    if isinstance(leave, str):
        raise Refused(_("So many customers at once only with an approved export."))
    return leave
