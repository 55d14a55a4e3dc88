"""The way in for apps above: protect a kind of record, with its verb and the panel on its page."""

from __future__ import annotations

from typing import Any

from guanxi.corrections import protections
from guanxi.corrections.panels import show_on
from guanxi.corrections.services import offer
from guanxi.kernel.models import Record


def protect(model: type[Record], **how: Any) -> None:
    """See `Protection`: fields, booked, day, asked and so on."""
    made = protections.Protection(model, **how)
    protections.add(made)
    show_on(made.label)
    if made.asked:
        offer(made)
