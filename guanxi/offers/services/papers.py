"""The quote as it goes to the customer: a sheet for guanxi.formats.pdf."""

from __future__ import annotations

from decimal import Decimal

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.formats.money import in_words, plain
from guanxi.formats.pdf import Column, Paper
from guanxi.kernel.entities import entity
from guanxi.offers.models import Quote, QuoteLine
from guanxi.org.models import User

SHOWN = {"account", "amount", "total"}


def may_print(reader: User) -> bool:
    """Only for who may read what stands on it."""
    return not SHOWN & (reader.closed_fields("offers.quote") | reader.masked_fields("offers.quote"))


def quote_paper(quote: Quote, reader: User) -> Paper:
    """Head, lines, sums with the total in words, custom solutions, and who signs: what the customer may know and no more."""
    lines = list(QuoteLine.objects.filter(quote=quote).select_related("product"))
    return Paper(
        title=_("Quotation"), subtitle=_numbered(quote), heads=_heads(quote, reader), columns=_columns(), rows=_rows(lines),
        sums=_sums(quote), texts=[*_solutions(lines), *_terms(quote)],
        signs=[_("Supplier (seal):"), _("Customer (seal):")], foot=quote.company.name,
    )  # fmt: skip


def _numbered(quote: Quote) -> str:
    """What nobody has released yet says so on the sheet."""
    if quote.state in (Quote.State.DRAFT, Quote.State.ASKED):
        return _("%(number)s · draft, not yet a binding offer") % {"number": quote.number}
    return quote.number


def _heads(quote: Quote, reader: User) -> list[tuple[str, str]]:
    phone_open = quote.owner_id == reader.pk or "phone" not in reader.masked_fields("org.user")
    heads = [
        (_("Customer"), str(quote.account)),
        (_("Contact"), str(quote.contact or "")),
        (_("Quote date"), str(quote.quoted_on)),
        (_("Valid until"), str(quote.valid_until)),
        (capfirst(_("subject")), quote.subject),
        (_("Supplier"), quote.company.name),
        (_("Contact person"), _who(quote.owner, phone_open)),
        (_("Currency"), _currency(quote)),
    ]
    return [(label, value) for label, value in heads if value]


def _currency(quote: Quote) -> str:
    return str(entity(Quote).field("currency", None).label_of(quote.currency))


def _who(owner: User | None, phone_open: bool) -> str:
    if owner is None:
        return ""
    return " ".join(filter(None, [owner.name, owner.phone if phone_open else ""]))


def _columns() -> list[Column]:
    return [
        Column(_("No."), 0.5),
        Column(_("Product"), 3.2),
        Column(_("Unit"), 0.6),
        Column(_("Quantity"), 0.9, True),
        Column(_("Unit price"), 1.2, True),
        Column(_("Discount"), 0.8, True),
        Column(_("Tax rate"), 0.8, True),
        Column(_("Amount"), 1.3, True),
    ]


def _rows(lines: list[QuoteLine]) -> list[list[str]]:
    return [
        [
            str(n), f"{line.description} {line.product.spec if line.product else ''}".strip(),
            line.product.unit if line.product else "", plain(line.quantity), _price(line.price),
            f"{plain(line.discount)}%" if line.discount else "", f"{plain(line.tax_rate)}%" if line.tax_rate else "",
            f"{line.amount:,.2f}",
        ]
        for n, line in enumerate(lines, 1)
    ]  # fmt: skip


def _price(price: Decimal | None) -> str:
    """Two decimals, or as many as the price has."""
    if price is None:
        return ""
    exact = price.normalize()
    exponent = exact.as_tuple().exponent
    return f"{price:,.2f}" if isinstance(exponent, int) and exponent >= -2 else f"{exact:,f}"


def _sums(quote: Quote) -> list[tuple[str, str]]:
    sums = [(_("Amount"), f"{quote.amount:,.2f}")]
    tax = _("Tax included") if quote.tax_included else _("Tax")
    sums.append((tax, f"{quote.tax_amount:,.2f}"))
    sums.append((_("Total with tax"), f"{quote.total:,.2f}"))
    if quote.currency == "CNY":
        sums.append((pgettext("money", "In words"), in_words(quote.total)))
    return sums


def _solutions(lines: list[QuoteLine]) -> list[tuple[str, str]]:
    told = [f"{n}. {line.description}：{line.solution}" for n, line in enumerate(lines, 1) if line.solution]
    return [(_("Custom solutions"), "\n".join(told))] if told else []


def _terms(quote: Quote) -> list[tuple[str, str]]:
    terms = [
        (_("Payment terms"), quote.payment_terms),
        (_("Delivery terms"), quote.delivery_terms),
        (_("Remark"), quote.remark),
    ]
    return [(label, value) for label, value in terms if value]
