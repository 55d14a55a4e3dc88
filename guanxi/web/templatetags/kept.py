"""`{% kept name a b %}…{% endkept %}`: a part of a page, made once for all that have the same `a` and `b`."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from guanxi.kernel.prepared import Kept

register = template.Library()
parts = Kept(1_000, age=600)


class Part(template.Node):
    def __init__(self, name: str, vary: list[Any], nodelist: template.NodeList) -> None:
        self.name, self.vary, self.nodelist = name, vary, nodelist

    def render(self, context: template.Context) -> Any:
        key = self.name, get_language(), *(one.resolve(context) for one in self.vary)
        return parts(key, lambda: self.nodelist.render(context))


@register.tag
def kept(parser: Any, token: Any) -> Part:
    _tag, name, *vary = token.split_contents()
    nodelist = parser.parse(("endkept",))
    parser.delete_first_token()
    return Part(name, [parser.compile_filter(one) for one in vary], nodelist)
