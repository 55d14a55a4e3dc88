"""The sums of a quote follow from its lines, whichever way a line came in; lines change only while the quote is a draft."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.formats.money import cents
from guanxi.kernel import work
from guanxi.kernel.errors import Refused
from guanxi.offers.models import Quote, QuoteLine
from guanxi.offers.queries.prices import line_prices

ZERO = Decimal(0)
HEADER = frozenset({"tax_included", "account_id", "currency", "quoted_on"})
SUMS = ("list_amount", "amount", "discount_amount", "tax_amount", "total")


@work.sealer(21, "offers.quoteline", "offers.quote")
def keep_sums(unit: work.Work) -> None:
    """Work out every quote whose lines or terms this unit touched."""
    touched: set[int] = set()
    for change in list(unit.changes.values()):
        if change.label == "offers.quoteline" and change.row is not None:
            touched.add(change.row.quote_id)
        if change.label == "offers.quote" and change.verb == "changed" and HEADER & change.new.keys():
            touched.add(change.object_id)
    for quote in settle(touched):
        held = unit.changes.get(("offers.quote", quote.pk))
        _require_draft(quote, held)
        if held is not None and held.row is not None:
            for name in SUMS:
                setattr(held.row, name, getattr(quote, name))


def _require_draft(quote: Quote, held: work.Change | None) -> None:
    if held is not None and held.verb == "created":
        return
    before = held.old.get("state", quote.state) if held is not None else quote.state
    if before != Quote.State.DRAFT:
        raise Refused(_("This quote is no longer a draft: write a revision."))


def settle(ids: Iterable[int]) -> list[Quote]:
    """Bring amounts, taxes and sums of these quotes in line with their lines; list prices as of the quote's date."""
    rows: Any = Quote.everything.select_for_update(of=("self",)).filter(pk__in=list(ids)).order_by("pk")
    found: list[Quote] = list(rows)
    for quote in found:
        lines = list(QuoteLine.objects.filter(quote=quote).select_related("product"))
        prices = line_prices(quote.account, lines, quote.quoted_on, quote.currency)
        for line, price in zip(lines, prices, strict=True):
            line.list_price = price.price
            line.work_out(quote.tax_included)
            values = {name: getattr(line, name) for name in ("list_price", "amount", "tax_amount")}
            QuoteLine.objects.filter(pk=line.pk).update_silently(**values)
        _add_up(quote, lines)
        Quote.everything.filter(pk=quote.pk).update_silently(**{name: getattr(quote, name) for name in SUMS})
    return found


def _add_up(quote: Quote, lines: list[QuoteLine]) -> None:
    quote.list_amount = sum((cents(line.quantity * (line.list_price or ZERO)) for line in lines), ZERO)
    quote.amount = sum((line.amount for line in lines), ZERO)
    quote.tax_amount = sum((line.tax_amount for line in lines), ZERO)
    quote.discount_amount = max(ZERO, quote.list_amount - quote.amount)
    quote.total = quote.amount if quote.tax_included else quote.amount + quote.tax_amount
