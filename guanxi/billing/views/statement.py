"""The statement of account of a customer: on the screen a page at a time, on paper, as a spreadsheet and as PDF (ORDER-04)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.audit.services import witness
from guanxi.audit.sightings import look
from guanxi.billing.models import Confirmation
from guanxi.billing.queries.statements import Entry, Statement, entries, statement_of
from guanxi.customers.models import Account
from guanxi.exchange.paper import xlsx
from guanxi.formats.money import in_words, money
from guanxi.formats.pdf import Column, Paper, pdf
from guanxi.kernel import clock, verbs
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User
from guanxi.sales.models import Order, Receipt, Receivable
from guanxi.sales.queries import BUCKETS, ageing
from guanxi.web.pages import fetch, person, whole

LABEL = "customers.account"
LINES = 100  # on one page of the screen
ON_PAPER = 3_000
WORDS = {
    **{("orders", kind): label for kind, label in Order.Kind.choices},
    **{("receipts", kind): label for kind, label in Receipt.Kind.choices},
}


@login_required
def statement(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Opening balance, dealings with the balance after each, closing balance, and how old it is."""
    user = person(request)
    for label in (LABEL, "sales.order", "sales.receipt"):
        verbs.require_right(user, "view", entity(label))
    if {"amount"} & (user.closed_fields("sales.order") | user.masked_fields("sales.order")):
        raise Forbidden(_("The amounts of orders are closed to you."))
    account = fetch(entity(LABEL), user, pk)
    first, last = _period(request)
    look(user, LABEL, pk=account.pk)
    told = statement_of(account, user, first, last)
    wanted = request.GET.get("format", "")
    if wanted in ("xlsx", "pdf"):
        if not user.may("export", "sales.receipt"):
            raise Forbidden(_("You may not export this."))
        witness("export", LABEL, account.pk, str(account), company_id=user.company_id, format=wanted, what="statement")
        return _sheet(told, user) if wanted == "xlsx" else _pdf(told, user)
    return _page(request, told, user, paper=wanted == "print")


def _period(request: HttpRequest) -> tuple[date, date]:
    """From the address, else this year until today; Refused if it ends before it begins."""
    today = clock.today()
    first = _day(request.GET.get("first", ""), today.replace(month=1, day=1))
    last = _day(request.GET.get("last", ""), today)
    if first > last:
        raise Refused(_("The period ends before it begins."))
    return first, last


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


def _page(request: HttpRequest, told: Statement, user: User, *, paper: bool) -> HttpResponse:
    pages = max(1, -(-told.lines // LINES))
    number = min(max(whole(request.GET, "page") or 1, 1), pages)
    start = 0 if paper else (number - 1) * LINES
    rows = islice(entries(told, user), start, start + (ON_PAPER if paper else LINES))
    owed = ageing(Receivable.objects.visible_to(user).filter(account=told.account))
    query = urlencode({"first": told.first.isoformat(), "last": told.last.isoformat()})
    confirmations = Confirmation.objects.visible_to(user).filter(account=told.account).order_by("-last", "-pk")[:5]
    context: dict[str, Any] = {
        "told": told, "account": told.account, "query": query, "title": _("Statement of account"),
        "rows": [{"one": row, "what": WORDS.get((row.slug, row.kind), row.kind)} for row in rows],
        "ages": [(words, owed.buckets[key]) for key, words, *_rest in BUCKETS], "owed": owed,
        "page": number, "pages": pages, "before": number - 1, "after": number + 1 if number < pages else 0,
        "confirmations": confirmations if user.may("view", "billing.confirmation") else [],
        "confirm": _confirm_url(told, user), "may_export": user.may("export", "sales.receipt"),
        "printed_at": clock.now(), "in_words": in_words(abs(told.closing)), "cut": paper and told.lines > ON_PAPER,
    }  # fmt: skip
    return render(request, "billing/statement_paper.html" if paper else "billing/statement.html", context)


def _confirm_url(told: Statement, user: User) -> str:
    if not user.may("add", "billing.confirmation"):
        return ""
    given = {"account": told.account.pk, "first": told.first.isoformat(), "last": told.last.isoformat()}
    return f"{list_url('confirmed-balances')}new/?{urlencode(given)}"


def _name(account: Account) -> str:
    return _("Statement of account %(name)s") % {"name": account.name}


def _sheet(told: Statement, user: User) -> HttpResponseBase:
    headers = [_("Day"), _("What"), _("Document number"), _("Remark"), _("Charged"), _("Received"), _("Balance")]
    return xlsx(_name(told.account), headers, _cells(told, user))


def _cells(told: Statement, user: User) -> Iterator[list[Any]]:
    yield [told.first, _("Opening balance"), "", "", "", "", float(told.opening)]
    for row in entries(told, user):
        yield [
            row.on,
            str(WORDS.get((row.slug, row.kind), row.kind)),
            row.number,
            row.remark,
            *_sides(row),
            float(row.balance),
        ]
    yield [told.last, _("Closing balance"), "", "", float(told.charged), float(told.paid), float(told.closing)]


def _sides(row: Entry) -> tuple[Any, Any]:
    """The amount as a charge or as a receipt."""
    return (float(row.amount), "") if row.slug == "orders" else ("", float(-row.amount))


def _pdf(told: Statement, user: User) -> HttpResponse:
    if told.lines > ON_PAPER:
        raise Refused(_("More than %(n)s lines: take the spreadsheet, or a shorter period.") % {"n": f"{ON_PAPER:,}"})
    rows = [
        [row.on.isoformat(), str(WORDS.get((row.slug, row.kind), row.kind)), row.number,
         money(row.amount) if row.slug == "orders" else "", money(-row.amount) if row.slug == "receipts" else "",
         money(row.balance)]
        for row in entries(told, user)
    ]  # fmt: skip
    columns = [
        Column(_("Day"), 1.2), Column(_("What"), 1), Column(_("Document number"), 2.2), Column(_("Charged"), 1.4, True),
        Column(_("Received"), 1.4, True), Column(_("Balance"), 1.5, True),
    ]  # fmt: skip
    paper = Paper(
        title=_("Statement of account"), subtitle=f"{told.first} – {told.last}",
        heads=[(_("Customer"), told.account.name), (_("From"), user.company.name), (_("Opening balance"), money(told.opening)),
               (_("Closing balance"), money(told.closing))],
        columns=columns, rows=rows,
        sums=[(_("Charged"), money(told.charged)), (_("Received"), money(told.paid)),
              (_("Closing balance"), f"{money(told.closing)} {in_words(abs(told.closing))}")],
        texts=[(_("Confirmation"), _("Please compare with your books and confirm, or tell us the difference."))],
        signs=[_("Confirmed by (signature and seal)"), _("Day")], foot=user.company.name,
    )  # fmt: skip
    response = HttpResponse(pdf(paper), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="statement.pdf"'
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
