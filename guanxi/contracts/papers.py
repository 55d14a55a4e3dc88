"""The contract as a document, with its prices or, for those who only deliver, without them."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.contracts.models import MUST, Contract
from guanxi.formats.money import in_words, plain
from guanxi.formats.pdf import Column, Paper
from guanxi.offers.models import QuoteLine


def contract_paper(contract: Contract, *, prices: bool) -> Paper:
    """Parties, what is delivered, the clauses, the sum in words, and who signs."""
    lines = (
        list(QuoteLine.objects.filter(quote=contract.quote_id).select_related("product")) if contract.quote_id else []
    )
    return Paper(
        title=contract.title, subtitle=contract.number, heads=_heads(contract), columns=_columns(prices) if lines else (),
        rows=list(_rows(lines, prices)), sums=_sums(contract) if prices else (), texts=_texts(contract, prices),
        signs=[_("Supplier (seal):"), _("Customer (seal):")], foot=contract.company.name,
    )  # fmt: skip


def _heads(contract: Contract) -> list[tuple[str, str]]:
    heads = [
        (_("Supplier"), contract.company.name),
        (_("Customer"), str(contract.account)),
        (_("Kind"), str(contract.get_kind_display())),
        (_("Quote"), str(contract.quote or "")),
        (_("Signed on"), str(contract.signed_on or "")),
        (_("Term"), f"{contract.starts_on or ''} – {contract.ends_on or ''}" if contract.ends_on else ""),
    ]
    return [(label, value) for label, value in heads if value]


def _columns(prices: bool) -> list[Column]:
    columns = [Column(_("No."), 0.5), Column(_("Product"), 4), Column(_("Unit"), 0.7), Column(_("Quantity"), 1, True)]
    return [*columns, Column(_("Unit price"), 1.3, True), Column(_("Amount"), 1.4, True)] if prices else columns


def _rows(lines: Iterable[QuoteLine], prices: bool) -> Iterable[list[str]]:
    for n, line in enumerate(lines, 1):
        spec, unit = (line.product.spec, line.product.unit) if line.product else ("", "")
        row = [str(n), f"{line.description} {spec}".strip(), unit, plain(line.quantity)]
        yield [*row, f"{line.unit_price:,.2f}", f"{line.amount:,.2f}"] if prices else row


def _sums(contract: Contract) -> list[tuple[str, str]]:
    if not contract.amount:
        return []
    sums = [(_("Amount"), f"{contract.amount:,.2f} {contract.currency}")]
    return [*sums, (pgettext("money", "In words"), in_words(contract.amount))] if contract.currency == "CNY" else sums


def _texts(contract: Contract, prices: bool) -> list[tuple[str, str]]:
    names = [name for name in (*MUST, "other_terms") if prices or name != "price_terms"]
    told = [(str(Contract._meta.get_field(name).verbose_name), getattr(contract, name)) for name in names]  # type: ignore[union-attr]
    kept = [(label, text) for label, text in told if text.strip()]
    return [(f"{n}. {label}", text) for n, (label, text) in enumerate(kept, 1)]
