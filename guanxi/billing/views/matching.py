"""Matching a receipt with open orders: the oldest first is suggested, amounts can be edited (ORDER-02)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from guanxi.billing.queries.matching import offers
from guanxi.formats.money import parse_amount
from guanxi.formats.values import BadValue
from guanxi.kernel import verbs, work
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.idempotency import once
from guanxi.org.models import User
from guanxi.sales.models import Order, Receipt
from guanxi.sales.services import allocate
from guanxi.web.pages import done, fetch, form_key, person


@login_required
def match(request: HttpRequest, pk: int) -> HttpResponseBase:
    """GET: open orders of the customer with the suggested amounts.  POST: what the form says is given to them."""
    user = person(request)
    for verb in ("view", "change"):
        verbs.require_right(user, verb, entity(Receipt))
    verbs.require_right(user, "view", entity(Order))
    receipt: Receipt = fetch(entity(Receipt), user, pk)
    found = offers(receipt, user)
    typed: dict[int, str] = {}
    problem = ""
    if request.method == "POST":
        typed = {one.order.pk: request.POST.get(f"amount-{one.order.pk}", "") for one in found}
        try:
            n = _save(receipt, typed, user, request.POST.get("key", ""))
            return done(request, record_url("receipts", pk), _("Matched with %(n)d orders.") % {"n": n})
        except Refused as refused:
            problem = str(refused)
    rows = [{"one": one, "typed": typed.get(one.order.pk, one.amount if one.amount else "")} for one in found]
    context = {
        "receipt": receipt, "rows": rows, "problem": problem, "key": form_key(),
        "left": receipt.free - sum((one.amount for one in found), Decimal(0)),
    }  # fmt: skip
    return render(request, "billing/match.html", context, status=422 if problem else 200)


def _save(receipt: Receipt, typed: dict[int, str], user: User, key: str) -> int:
    """All of it or nothing."""
    amounts = {pk: amount for pk, text in typed.items() if (amount := _amount(text))}
    if not amounts:
        raise Refused(_("Say how much goes to which order."))

    def body() -> dict[str, Any]:
        for pk, amount in sorted(amounts.items()):
            allocate(receipt, actor=user, order=Order(pk=pk), amount=amount)
        return {"n": len(amounts)}

    answer, _again = once(user, key, lambda: work.unit_of_work(body))
    return int(answer["n"])


def _amount(text: str) -> Decimal:
    if not text.strip():
        return Decimal(0)
    try:
        amount = parse_amount(text)
    except BadValue as bad:
        raise Refused(str(bad)) from bad
    if abs(amount) >= 10**15 or amount != amount.quantize(Decimal("0.01")):
        raise Refused(_("“%(text)s” is no amount.") % {"text": text[:20]})
    return amount
