"""Countries and currencies a Chinese company meets: their codes (ISO 3166, ISO 4217) and what they are called."""

from __future__ import annotations

import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.formats.values import BadValue, clean

# The home market first, then by region; a code that is not listed is kept as it is.
COUNTRIES: tuple[tuple[str, Any], ...] = (
    ("CN", _("China")), ("HK", _("Hong Kong, China")), ("MO", _("Macao, China")), ("TW", _("Taiwan, China")),
    ("JP", _("Japan")), ("KR", _("South Korea")), ("KP", _("North Korea")), ("MN", _("Mongolia")),
    ("SG", _("Singapore")), ("MY", _("Malaysia")), ("TH", _("Thailand")), ("VN", _("Vietnam")),
    ("ID", _("Indonesia")), ("PH", _("Philippines")), ("KH", _("Cambodia")), ("LA", _("Laos")), ("MM", _("Myanmar")),
    ("IN", _("India")), ("PK", _("Pakistan")), ("BD", _("Bangladesh")), ("LK", _("Sri Lanka")), ("NP", _("Nepal")),
    ("KZ", _("Kazakhstan")), ("UZ", _("Uzbekistan")), ("AE", _("United Arab Emirates")), ("SA", _("Saudi Arabia")),
    ("IR", _("Iran")), ("IL", _("Israel")), ("TR", _("Türkiye")), ("RU", _("Russia")), ("UA", _("Ukraine")),
    ("GB", _("United Kingdom")), ("DE", _("Germany")), ("FR", _("France")), ("IT", _("Italy")), ("ES", _("Spain")),
    ("PT", _("Portugal")), ("NL", _("Netherlands")), ("BE", _("Belgium")), ("CH", _("Switzerland")),
    ("AT", _("Austria")), ("SE", _("Sweden")), ("NO", _("Norway")), ("DK", _("Denmark")), ("FI", _("Finland")),
    ("IE", _("Ireland")), ("PL", _("Poland")), ("CZ", _("Czechia")), ("HU", _("Hungary")), ("GR", _("Greece")),
    ("US", _("United States")), ("CA", _("Canada")), ("MX", _("Mexico")), ("BR", _("Brazil")), ("AR", _("Argentina")),
    ("CL", _("Chile")), ("PE", _("Peru")), ("CO", _("Colombia")), ("AU", _("Australia")), ("NZ", _("New Zealand")),
    ("EG", _("Egypt")), ("ZA", _("South Africa")), ("NG", _("Nigeria")), ("KE", _("Kenya")), ("ET", _("Ethiopia")),
)  # fmt: skip
CURRENCIES: tuple[tuple[str, Any], ...] = (
    ("CNY", _("Renminbi")), ("USD", _("US dollar")), ("EUR", _("Euro")), ("HKD", _("Hong Kong dollar")),
    ("MOP", _("Macao pataca")), ("TWD", _("New Taiwan dollar")), ("JPY", _("Japanese yen")),
    ("GBP", _("Pound sterling")), ("KRW", _("South Korean won")), ("SGD", _("Singapore dollar")),
    ("AUD", _("Australian dollar")), ("CAD", _("Canadian dollar")), ("CHF", _("Swiss franc")),
    ("NZD", _("New Zealand dollar")), ("RUB", pgettext_lazy("currency", "Rouble")), ("INR", _("Indian rupee")),
    ("THB", _("Thai baht")), ("MYR", _("Malaysian ringgit")), ("IDR", _("Indonesian rupiah")),
    ("VND", _("Vietnamese dong")), ("PHP", _("Philippine peso")), ("AED", _("UAE dirham")), ("SAR", _("Saudi riyal")),
)  # fmt: skip
_SPOKEN = {
    "中华人民共和国": "CN", "中国大陆": "CN", "prc": "CN", "chn": "CN", "香港": "HK", "澳门": "MO", "台湾": "TW",
    "usa": "US", "美利坚合众国": "US", "uk": "GB",
}  # fmt: skip
_SPOKEN_MONEY = {"rmb": "CNY", "元": "CNY", "人民币元": "CNY", "¥": "CNY", "$": "USD", "美金": "USD", "€": "EUR"}


def read_country(text: str) -> str:
    """The code of a country that is not called by its listed name: another name people use, or any two letters."""
    return _read(text, _SPOKEN, 2, _("“%(text)s” is not a country; choose one or give its code of two letters."))


def read_currency(text: str) -> str:
    """The code of a currency that is not called by its listed name: another name people use, or any three letters."""
    return _read(
        text, _SPOKEN_MONEY, 3, _("“%(text)s” is not a currency; choose one or give its code of three letters.")
    )


def _read(text: str, spoken: dict[str, str], letters: int, message: Any) -> str:
    word = clean(text)
    code = spoken.get(word.casefold()) or word.upper()
    if not re.fullmatch(f"[A-Z]{{{letters}}}", code):
        raise BadValue(message, text=text)
    return code
