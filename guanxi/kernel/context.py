"""Who is acting, from where and through what: set once at the edge, read by the audit trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Origin:
    """Where an act comes from.  `channel` is one of web, api, import, job, shell."""

    channel: str = "shell"
    ip: str = ""
    agent: str = ""
    session: str = ""
    request: str = ""
    actor_id: int | None = None
    actor_name: str = ""


_origin: ContextVar[Origin] = ContextVar("origin", default=Origin())  # noqa: B039 -- frozen


def origin() -> Origin:
    return _origin.get()


@contextmanager
def acting(**changes: Any) -> Iterator[Origin]:
    """Change parts of the origin for the time of the block."""
    value = replace(_origin.get(), **changes)
    token = _origin.set(value)
    try:
        yield value
    finally:
        _origin.reset(token)
