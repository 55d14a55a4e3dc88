"""Pages whose frame is the same again and again: everything around what changes is rendered once and kept."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Hashable
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import conditional_escape

from guanxi.kernel.prepared import Kept
from guanxi.web.context import shell

Context = Callable[[], dict[str, Any]]
MARK = f"hole-{secrets.token_hex(8)}-"  # nobody can type it
frames = Kept(300, age=600)  # of some 70 kB


def mark(name: str) -> str:
    """What stands for a hole while the frame is rendered; the same in addresses and in HTML."""
    return f"{MARK}{name}."


def framed(request: HttpRequest, template: str, context: Context, said: Hashable, **holes: str) -> HttpResponse:
    """The page with the holes filled in; all else (`context()`) follows from who asks, what is unread and `said`."""
    holes["csrf_token"] = get_token(request)
    marks = {name: mark(name) if value else "" for name, value in holes.items()}
    around = shell(request)
    key = (template, said, *marks.values(), *(around[name] for name in ("frame", "theme", "nav_active", "unread")))

    def pieces() -> list[bytes]:
        """By turns what stands in the frame, as it is sent, and the name of a hole."""
        text = render_to_string(template, context() | marks, request)
        return [piece.encode() for piece in re.split(rf"{MARK}(\w+)\.", text)]

    fresh = bool(get_messages(request))  # what is told once is part of no other page
    found = list(pieces() if fresh else frames(key, pieces))
    filling = {name.encode(): conditional_escape(value).encode() for name, value in holes.items()}
    found[1::2] = [filling[name] for name in found[1::2]]
    return HttpResponse(b"".join(found))
