"""The instalments of an order: from payment terms or told by hand, always together the amount of the order (ORDER-03)."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.formats.money import cents
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.org.models.amounts import money_sum
from guanxi.org.services import furnishes
from guanxi.sales.models import COUNTED, After, Instalment, Order, PaymentTerms, TermsPart

ZERO = Decimal(0)
MOST = 60
READY: dict[str, tuple[tuple[int, str, int, int, str], ...]] = {  # percent, after, months, days, note
    "款到发货": ((100, After.ORDER, 0, 0, "全款"),),
    "货到 30 天": ((100, After.DELIVERY, 0, 30, "全款"),),
    "预付 30%，发货后 70%": ((30, After.ORDER, 0, 0, "预付款"), (70, After.DELIVERY, 0, 0, "货款")),
    "3-6-1（质保金 12 个月）": (
        (30, After.ORDER, 0, 0, "预付款"), (60, After.DELIVERY, 0, 0, "货款"), (10, After.DELIVERY, 12, 0, "质保金"),
    ),
}  # fmt: skip
EMPTY = Text("")


@dataclass(frozen=True)
class Part:
    """One instalment before it is written."""

    amount: Decimal
    due_on: date | None
    percent: Decimal | None = None
    after: str = ""
    months: int = 0
    days: int = 0
    note: str = ""


def due_from(day: date, months: int, days: int) -> date:
    """So many months and days later; the last day of a month stays within its month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    try:
        last = calendar.monthrange(year, month + 1)[1]
        return date(year, month + 1, min(day.day, last)) + timedelta(days=days)
    except (ValueError, OverflowError) as error:
        raise Refused(_("This day does not exist.")) from error


@furnishes
def seed_terms(company: Company) -> None:
    """The usual payment terms for a company that has never had any; none is the standard until somebody says so."""
    if PaymentTerms.everything.filter(company=company).exists():
        return
    for name, parts in READY.items():
        terms = PaymentTerms(company=company, name=name)
        terms.save()
        for percent, after, months, days, note in parts:
            TermsPart(
                company=company, terms=terms, percent=percent, after=after, months=months, days=days, note=note
            ).save()


def standard_terms(order: Order) -> PaymentTerms | None:
    """The terms of an order: its own, else the company's standard where the customer has no days of its own."""
    if order.terms is not None or order.account.payment_terms_days is not None:
        return order.terms
    if order.policy is not None and order.policy.payment_days is not None:
        return None
    return PaymentTerms.objects.filter(company=order.company_id, standard=True).order_by("pk").first()  # type: ignore[no-any-return]


def parts_of(terms: PaymentTerms, order: Order, amount: Decimal) -> list[Part]:
    """The terms applied to an amount; the last part takes what rounding leaves."""
    rows = list(terms.parts.filter(deleted_at=None))
    if sum((row.percent for row in rows), ZERO) != 100:
        raise Refused(_("The parts of “%(name)s” do not make 100 %%.") % {"name": terms}, field="terms")
    amounts = split(amount, [row.percent for row in rows])
    delivered = order.delivered_on if order.state in (Order.State.DELIVERED, Order.State.COMPLETED) else None
    return [
        Part(share, due_from(start, row.months, row.days) if start else None, row.percent, row.after, row.months, row.days,
             row.note)
        for row, share in zip(rows, amounts, strict=True)
        for start in [delivered if row.after == After.DELIVERY else order.ordered_on]
    ]  # fmt: skip


def split(amount: Decimal, percents: Sequence[Decimal]) -> list[Decimal]:
    """An amount by percents in whole cents that add up to it."""
    shares = [cents(amount * percent / 100) for percent in percents[:-1]]
    shares.append(amount - sum(shares, ZERO))
    if any(share <= 0 for share in shares):
        raise Refused(_("The amount is too small for so many instalments."))
    return shares


def write_plan(order: Order, parts: Sequence[Part], *, actor: User) -> None:
    """These instalments instead of the earlier ones."""
    for old in order.instalments.all():
        old.delete()
    for part in parts:
        Instalment(
            company_id=order.company_id, created_by_id=actor.pk, order=order, amount=part.amount, due_on=part.due_on,
            percent=part.percent, after=part.after, months=part.months, days=part.days, note=part.note[:60],
        ).save()  # fmt: skip
    days = [part.due_on for part in parts if part.due_on]
    if days and order.due_on != min(days):
        order.due_on = min(days)
        order.save(update_fields=["due_on"])


def plan_by_terms(order: Order, actor: User) -> None:
    """When an order is confirmed: its instalments from its terms."""
    terms = standard_terms(order)
    if terms is None or order.kind != Order.Kind.SALE:
        return
    amount = order.lines.filter(deleted_at=None).aggregate(total=money_sum("amount"))["total"] or ZERO
    amount = cents(amount)
    if amount:
        write_plan(order, parts_of(terms, order, amount), actor=actor)


def _counts(order: Order) -> bool:
    return bool(order.kind == Order.Kind.SALE and order.state in COUNTED and order.amount)


def _told(order: Order) -> dict[str, Any]:
    """The present plan as lines of text."""
    rows = order.instalments.all()
    lines = [f"{row.due_on or _('on delivery')} {row.amount} {row.note}".strip() for row in rows]
    return {"parts": "\n".join(map(str, lines)), "terms": order.terms_id}


@action(Order, label=_("Plan the instalments"), icon="calendar-dollar", bulk=False, when=_counts, initial=_told,
        labels={"terms": _("Payment terms"), "parts": _("Instalments, one per line: day, amount or percent, note")})  # fmt: skip
def plan_instalments(order: Order, *, actor: User, terms: PaymentTerms | None = None, parts: Text = EMPTY) -> Order:
    """Several due days with amounts that make the order's amount; lines of text go before terms, neither means one."""
    if not _counts(order):
        raise Refused(_("Only a confirmed sale has instalments."))
    if parts.strip():
        wanted = read_parts(parts, order)
    elif terms is not None:
        wanted = parts_of(terms, order, order.amount)
    else:
        wanted = []
    total = sum((part.amount for part in wanted), ZERO)
    if wanted and total != order.amount:
        words = {"total": f"{total:,.2f}", "amount": f"{order.amount:,.2f}"}
        raise Refused(_("The instalments come to %(total)s, the order to %(amount)s.") % words, field="parts")
    if order.terms_id != (terms and terms.pk):
        order.terms = terms
        order.save(update_fields=["terms"])
    write_plan(order, wanted, actor=actor)
    return order


def read_parts(text: str, order: Order) -> list[Part]:
    """`2026-07-01 3000 deposit`, `60% on delivery`: a day or none, an amount or percents, and a note."""
    lines = [line.split() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST:
        raise Refused(_("At most %(n)d instalments.") % {"n": MOST}, field="parts")
    parts = []
    for words in lines:
        due, after = _day(words)
        percent, amount = _size(words, order)
        parts.append(Part(amount, due, percent, after, note=" ".join(words)))
    if parts and all(part.percent for part in parts) and sum((part.percent or ZERO for part in parts), ZERO) == 100:
        shares = split(order.amount, [part.percent or ZERO for part in parts])
        parts = [Part(share, p.due_on, p.percent, p.after, note=p.note) for p, share in zip(parts, shares, strict=True)]
    return parts


def _day(words: list[str]) -> tuple[date | None, str]:
    """The due day at the beginning of a line, taken off it; without one it waits for the delivery."""
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", words[0]):
        try:
            year, month, day = map(int, words.pop(0).split("-"))
            return date(year, month, day), ""
        except ValueError as error:
            raise Refused(_("This day does not exist."), field="parts") from error
    delivery = str(_("on delivery")).split()
    if words[: len(delivery)] == delivery:
        del words[: len(delivery)]
    return None, After.DELIVERY


def _size(words: list[str], order: Order) -> tuple[Decimal | None, Decimal]:
    """Percent and amount that stand next in a line, taken off it."""
    told = words.pop(0).replace(",", "") if words else ""
    try:
        number = Decimal(told.rstrip("%％"))
        size = cents(number)
    except InvalidOperation as error:
        raise Refused(_("“%(text)s” is no amount.") % {"text": told[:20]}, field="parts") from error
    if not number.is_finite() or not 0 < number < 10**12:
        raise Refused(_("“%(text)s” is no amount.") % {"text": told[:20]}, field="parts")
    if told.endswith(("%", "％")):
        return number, cents(order.amount * number / 100)
    return None, size


def refit(order: Order, rows: list[Instalment]) -> None:
    """The amount of an order changed: percents are applied anew, else the last instalment takes the difference."""
    total = sum((row.amount for row in rows), ZERO)
    if not rows or total == order.amount or order.amount <= 0:
        return
    if all(row.percent for row in rows) and sum((row.percent or ZERO for row in rows), ZERO) == 100:
        shares = split(order.amount, [row.percent or ZERO for row in rows])
    else:
        shares = [row.amount for row in rows]
        shares[-1] += order.amount - total
    if shares[-1] <= 0:
        words = {"number": order.number}
        raise Refused(_("Order %(number)s becomes smaller than its instalments: plan them anew first.") % words)
    for row, share in zip(rows, shares, strict=True):
        if row.amount != share:
            row.amount = share
            row.save(update_fields=["amount"])


def guard_instalment(_row: Instalment, _actor: Any, _verb: str) -> None:
    """One alone cannot change: together they are the amount of the order."""
    raise Refused(_("Instalments are planned together, on the page of their order."))
