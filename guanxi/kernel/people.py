"""What the machinery asks of the acting person; `org.User` answers."""

from __future__ import annotations

from typing import Any, Protocol

from django.db.models import Q

from guanxi.kernel.models import Company


class Person(Protocol):
    """A signed-in person.  `label` is an entity label such as `customers.account`."""

    pk: int
    name: str
    company: Company
    company_id: int
    department_id: int | None

    def may(self, verb: str, label: str) -> bool:
        """Has the right to use `verb` (view, add, change, delete, export, import, or an action's name)."""

    def scope(self, label: str, prefix: str = "") -> Q:
        """The rows of `label` inside the person's data scope; `prefix` when reached over a link."""

    def closed_fields(self, label: str) -> frozenset[str]:
        """Fields the person may not read at all."""

    def masked_fields(self, label: str) -> frozenset[str]:
        """Fields the person sees only masked."""

    def team_departments(self) -> list[Any]:
        """Ids of the person's department and everything below."""
