"""Amounts of money: read from text, shown in full, shortly, and in formal characters."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from guanxi.formats.values import BadValue, clean

Number = int | float | Decimal
CENT = Decimal("0.01")
WAN, YI = Decimal(10_000), Decimal(100_000_000)

_HEADLINE: dict[str, tuple[tuple[int, str, int], ...]] = {
    "zh": ((10**8, "亿", 2), (10**4, "万", 1)),
    "en": ((10**6, "M", 2), (10**3, "K", 1)),
}
_UNITS: dict[str, Decimal | int] = {"": 1, "百": 100, "千": 1000, "k": 1000, "w": WAN, "万": WAN, "十万": 100_000, "百万": 1_000_000,
          "千万": 10_000_000, "亿": YI, "十亿": 10 * YI, "百亿": 100 * YI, "万亿": WAN * YI}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<sign>[-+]?)(?:¥|rmb|cny|人民币)?(?P<sign2>-?)(?P<number>[\d,]+(?:\.\d+)?)"
    r"(?P<unit>[十百千]?[万亿]|万亿|[百千kw]?)(?:元整|元|圆|rmb|cny|人民币)?"
)
_PLAIN = re.compile(r"\d+(?:\.\d+)?|\d{1,3}(?:,\d{3})+(?:\.\d+)?")


def parse_amount(value: str | int | float | Decimal) -> Decimal:
    """An amount in yuan; accepts `¥1,234.50`, `1.2万`, `3亿元`, `（1,200）` for minus, full-width digits."""
    if isinstance(value, bool):
        raise BadValue(_("This is not an amount."))
    if isinstance(value, int | float | Decimal):
        amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
        if not amount.is_finite():
            raise BadValue(_("This is not an amount."))
        return amount
    text = re.sub(r"\s", "", clean(value)).replace("−", "-").replace("，", ",").lower()
    negative = bool(re.fullmatch(r"\(.+\)", text))
    found = _AMOUNT.fullmatch(text.strip("()") if negative else text)
    if not found or (found["sign"] and (found["sign2"] or negative)):
        raise BadValue(_("“%(text)s” is not an amount; write 1234.50, 1,234.50 or 1.2万."), text=value)
    if not _PLAIN.fullmatch(number := found["number"]):
        raise BadValue(
            _("The comma in “%(text)s” is ambiguous; write decimals with a point and thousands as 1,234."),
            text=value,
        )
    amount = Decimal(number.replace(",", "")) * _UNITS[found["unit"]]
    return -amount if negative or "-" in (found["sign"], found["sign2"]) else amount


def cents(amount: Decimal) -> Decimal:
    """Rounded to two decimals, half up, as invoices are."""
    return amount.quantize(CENT, ROUND_HALF_UP)


def plain(number: Decimal) -> str:
    """Without grouping and without the zeros behind the point."""
    return f"{number.normalize():f}"


def money(value: Number | None, currency: str = "¥") -> str:
    """`¥1,286,400`, with cents only when there are any."""
    if value is None:
        return "—"
    amount = cents(Decimal(str(value)))
    return f"{'−' if amount < 0 else ''}{currency}{abs(amount):,.2f}".removesuffix(".00")


def exact(value: Number | None) -> str:
    """`1,286,400.00`, as ledgers and sheets show it: always with cents, the unit stands beside it."""
    if value is None:
        return "—"
    amount = cents(Decimal(str(value)))
    return f"{'−' if amount < 0 else ''}{abs(amount):,.2f}"


def number(value: Number | str | None) -> str:
    """`12,345`: how many there are; what is words already stays."""
    return "—" if value is None else value if isinstance(value, str) else f"{value:,}"


def wan(value: Number | None, currency: str = "¥") -> str:
    """Headline amount: `¥128.6万`, `¥1.27亿` (K and M in English)."""
    if value is None:
        return "—"
    amount = float(value)
    for size, unit, places in _HEADLINE["zh" if (get_language() or "zh").startswith("zh") else "en"]:
        if abs(amount) >= size:
            return f"{'−' if amount < 0 else ''}{currency}{abs(amount) / size:,.{places}f}{unit}"
    return money(round(amount), currency)


def in_words(amount: Decimal) -> str:
    """The amount in the formal characters of contracts and receipts: 壹佰贰拾捌万陆仟肆佰元整."""
    if abs(amount) >= Decimal(10) ** 16:
        raise BadValue(_("Amounts of 10,000 trillion and more cannot be written in words."))
    rounded = cents(amount)
    import cn2an  # reading it takes longer than all we use of it

    return str(cn2an.an2cn(f"{rounded + 0:f}".removesuffix(".00"), "rmb"))  # a text: floats lose cents
