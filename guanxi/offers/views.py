"""A quote as the document that goes to the customer."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from guanxi.exchange.paper import document
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden
from guanxi.offers.models import Quote
from guanxi.offers.services.papers import quote_paper
from guanxi.web.pages import fetch, person

SHOWN = {"account", "amount", "total"}


@login_required
def quote_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Only for who may read what stands on it."""
    user, declared = person(request), entity(Quote)
    verbs.require_right(user, "view", declared)
    row = fetch(declared, user, pk)
    if SHOWN & (user.closed_fields(declared.label) | user.masked_fields(declared.label)):
        raise Forbidden(_("You may not print this."))
    return document(quote_paper(row, user), row, f"{row.number}.pdf")
