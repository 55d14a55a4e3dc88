"""Orders, receipts and receivables as a Django app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


def may_call(user: Any) -> bool:
    return bool(user.may("view", "sales.delivery") and user.may("add", "offers.reaction"))


def may_set(user: Any) -> bool:
    return bool(user.may("change", "sales.paymentterms"))


class SalesConfig(AppConfig):
    name = "guanxi.sales"
    label = "sales"
    verbose_name = _("Sales")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from guanxi.corrections.declare import protect
        from guanxi.exchange.importing.presets import PRESETS
        from guanxi.pool.services.moves import holds
        from guanxi.sales import agenda, entities, panels  # noqa: F401 -- agenda of meetings, entities, verbs, panels
        from guanxi.sales.advice import panels as advice  # noqa: F401 -- suggestions beside forms
        from guanxi.sales.models import Order, Receipt
        from guanxi.sales.queries import owing
        from guanxi.sales.services import can_correct, correct_amount, correct_state
        from guanxi.web import nav

        protect(
            Order,
            fields=("amount", "ordered_on", "due_on", "state", "account", "owner"),
            asked=("amount", "ordered_on", "due_on", "state", "owner"),
            booked=lambda was: was("state") not in (Order.State.DRAFT, Order.State.CANCELLED),
            usual=lambda field, _old, new: field == "state" and new != Order.State.CANCELLED,
            day="ordered_on",
            lay={"amount": correct_amount, "state": correct_state},
            check=can_correct,
        )
        protect(
            Receipt, fields=("amount", "received_on", "account", "owner"), asked=("owner",), booked=lambda _was: True,
            day="received_on",
        )  # fmt: skip
        holds.append(owing)
        for path in (Path(__file__).parent / "imports").glob("*.json"):
            PRESETS[path.stem] = json.loads(path.read_text("utf-8"))
        nav.add("orders", _("Orders"), "file-invoice", "sales/10", slug="orders", keys="g o")
        nav.add("deliveries", _("Deliveries"), "truck", "sales/15", slug="deliveries")
        nav.add(
            "delivery-calls", _("Calls before delivery"), "truck", "offers/60", name="delivery-calls", when=may_call
        )
        nav.add("receipts", _("Receipts"), "cash-banknote", "money/10", slug="receipts")
        nav.add("payment-terms", _("Payment terms"), "calendar-dollar", "money/60", slug="payment-terms", when=may_set)
        nav.add("receivables", _("Receivables"), "hourglass-high", "money/40", slug="receivables")
        nav.add("products", _("Products"), "package", "offers/45", slug="products")
