"""Panels of a record's page: every app may add its own to an entity below it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.template import RequestContext
from django.template.loader import get_template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from guanxi.kernel.prepared import Question, kept, reach

Body = Callable[[Any, Any], dict[str, Any] | None]
Along = Callable[[QuerySet[Any]], QuerySet[Any]]


@dataclass(frozen=True)
class Panel:
    """`place` is main, rail, card (print), form or lines (above and below the fields
    of a form; there a new record's row is not yet saved), verb:<its name> (its dialog), menu (a way on in the record's menu) or list (then the row is the listing); the body gives the template's context, or None to show nothing.

    `along` adds to the statement that fetches the record what the panel would otherwise ask in one of its own; `asks` are the
    questions the body asks `once` (kernel.prepared): a page asks those of all its panels in one statement.
    """

    key: str
    label: str
    template: str
    place: str
    order: int
    body: Body
    needs: str = ""
    along: Along | None = None
    asks: tuple[Question, ...] = ()


_panels: dict[str, list[Panel]] = {}
_template = cache(get_template)


def panel(label: str, template: str, *, place: str = "main", order: int = 50, **more: Any) -> Callable[[Body], Body]:
    """Register `body(row, user)` as a panel of the entity; `needs` names an entity the person must be allowed to view."""

    def register(body: Body) -> Body:
        _panels.setdefault(label, []).append(Panel(body.__name__, label, template, place, order, body, **more))
        _panels[label].sort(key=lambda p: p.order)
        return body

    return register


def along_for(label: str) -> list[Along]:
    """What the panels of a record's page want of the statement that fetches it."""
    return [one.along for one in _panels.get(label, ()) if one.along]


def panels_at(label: str, user: Any, *places: str) -> list[Panel]:
    """The panels of some places that the person may see, in order."""
    panels = _panels.get(label, [])

    def seen() -> list[Panel]:
        return [one for one in panels if one.place in places and not (one.needs and not user.may("view", one.needs))]

    return kept((panels_at, label, len(panels), places, reach(user)), seen)  # type: ignore[no-any-return]


def panels_for(label: str, row: Any, request: HttpRequest, place: str) -> SafeString:
    """The rendered panels of one place, in order."""
    bodies = ((one, one.body(row, request.user)) for one in panels_at(label, request.user, place))
    shown: Any = [(_template(one.template), found) for one, found in bodies if found is not None]
    page, rendered = RequestContext(request, {"row": row}), list[str]()
    with page.bind_template(shown[0][0].template) if shown else nullcontext():  # what all pages know is gathered once
        for whole, found in shown:
            with page.push(**found):
                rendered.append(whole.template.render(page))
    return format_html_join("", "{}", ((one,) for one in rendered))
