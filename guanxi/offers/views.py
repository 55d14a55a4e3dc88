"""A quote as the document that goes to the customer: on paper and as PDF, both from the same sheet."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from guanxi.audit.services import witness
from guanxi.exchange.paper import document
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden
from guanxi.offers.models import Quote
from guanxi.offers.services.papers import may_print, quote_paper
from guanxi.web.pages import fetch, person


def _quote(request: HttpRequest, pk: int) -> Quote:
    user, declared = person(request), entity(Quote)
    verbs.require_right(user, "view", declared)
    row: Quote = fetch(declared, user, pk)
    if not may_print(user):
        raise Forbidden(_("You may not print this."))
    return row


@login_required
def quote_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    row = _quote(request, pk)
    return document(quote_paper(row, person(request)), row, f"{row.number}.pdf")


@login_required
def quote_print(request: HttpRequest, pk: int) -> HttpResponse:
    """In place of the card other records print: what is internal stays in the house (SALE-07)."""
    row = _quote(request, pk)
    witness("print", "offers.quote", row.pk, str(row), company_id=row.company_id)
    paper = quote_paper(row, person(request))
    table = [
        [{"text": text, "right": column.right} for text, column in zip(line, paper.columns, strict=True)]
        for line in paper.rows
    ]
    context = {"row": row, "title": paper.title, "paper": paper, "table": table, "printed_at": clock.now()}
    return render(request, "offers/quote_paper.html", context)
