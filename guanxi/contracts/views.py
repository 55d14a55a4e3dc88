"""A contract as a document, with or without its prices."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from guanxi.contracts.models import MUST, Contract
from guanxi.contracts.papers import contract_paper
from guanxi.exchange.paper import document
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden
from guanxi.web.pages import fetch, person

PRICES = {"amount", "price_terms"}
SHOWN = {"account", "title", *MUST, "other_terms"} - PRICES


@login_required
def contract_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """`?prices=no` leaves out whatever says what it costs; who may not read prices gets only that."""
    user, declared = person(request), entity(Contract)
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk)
    barred = user.closed_fields(declared.label) | user.masked_fields(declared.label)
    prices = request.GET.get("prices") != "no"
    if barred & SHOWN or (prices and barred & PRICES):
        raise Forbidden(_("You may not print this."))
    return document(contract_paper(row, prices=prices), row, f"{row.number}.pdf")
