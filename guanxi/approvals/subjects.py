"""What can be asked: every app names its kinds of request, the chain they begin with, and what follows from a yes or a no."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import Refused

Effect = Callable[[Any], str | None]


@dataclass(frozen=True)
class Subject:
    """`agreed(approval)` and `refused(approval)` run in the unit of the last decision and may return a line about it.

    `steps` is the chain a company starts with: rows of `who`, and a role's code or an amount where they apply.
    `facts(approval)` are (label, text) pairs an approver should read before deciding.
    """

    kind: str
    label: Any
    agreed: Effect
    refused: Effect = field(default=lambda _approval: None)
    facts: Callable[[Any], Iterable[tuple[Any, str]]] = field(default=lambda _approval: ())
    steps: tuple[dict[str, Any], ...] = ({"who": "head"},)


_subjects: dict[str, Subject] = {}


def subject(kind: str, *, label: Any, **options: Any) -> Callable[[Effect], Effect]:
    """Register what follows once everybody has agreed to a request of this kind."""

    def register(agreed: Effect) -> Effect:
        _subjects[kind] = Subject(kind, label, agreed, **options)
        return agreed

    return register


def find_subject(kind: str) -> Subject | None:
    """The kind of request, if it is still installed."""
    return _subjects.get(kind)


def the_subject(kind: str) -> Subject:
    """The same for acting on it."""
    found = _subjects.get(kind)
    if found is None:
        raise Refused(_("Requests of this kind are no longer carried out."))
    return found


def subjects() -> list[Subject]:
    return list(_subjects.values())


def subject_choices() -> list[tuple[str, Any]]:
    return [(one.kind, one.label) for one in _subjects.values()]
