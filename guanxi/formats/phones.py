"""Reading telephone numbers the way people write them in China."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from django.utils.translation import gettext_lazy as _

from guanxi.formats.values import BadValue, clean, clean_digits

Kind = Literal["mobile", "landline", "service", "foreign"]

_EXTENSION = re.compile(r"(?:转|轉|分机|分機|extension|ext\.?|x|#|,)[:.\s]*(\d{1,6})\)?$", re.IGNORECASE)
_DASH_EXTENSION = re.compile(r"(?<=\d{7})\s*-\s*(\d{1,6})$")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0(?:10|2\d)\d{8}|0[3-9]\d{2}\d{7,8}")
# 400/800 lines, 95xxx banks and carriers, 96xxx cities, 100xx/101xx carriers.  110, 12345 and the like are nobody's own.
_SERVICE = re.compile(r"[48]00\d{7}|9[56]\d{3,4}|10[01]\d{2,3}")
_PUBLIC = re.compile(r"12\d{3}|1[12]\d")


@dataclass(frozen=True, slots=True)
class Phone:
    """`digits` is what one dials inside China: `057188886666`; foreign numbers begin with 00."""

    raw: str
    digits: str
    ext: str
    kind: Kind

    @property
    def last4(self) -> str:
        return self.digits[-4:]

    @property
    def e164(self) -> str:
        """`+86…`, or an empty text for service numbers, which nobody abroad can dial."""
        if self.kind == "service":
            return ""
        return "+" + self.digits[2:] if self.kind == "foreign" else "+86" + self.digits.removeprefix("0")

    def __str__(self) -> str:
        tail = f"-{self.ext}" if self.ext else ""
        if self.kind == "landline":
            area = 3 if self.digits[1] in "12" else 4
            return f"{self.digits[:area]}-{self.digits[area:]}{tail}"
        return (self.e164 if self.kind == "foreign" else self.digits) + tail


def parse_phone(text: str) -> Phone:
    """One telephone number out of tolerant writing, or `BadValue` saying what is missing."""
    if text.isascii() and _MOBILE.fullmatch(text):  # most are written just so
        return Phone(text, text, "", "mobile")
    body, ext = _split_extension(clean_digits(text))
    international = body.startswith(("+", "00"))
    digits = re.sub(r"[^0-9]", "", body.replace("(0)", "") if international else body)
    if re.search(r"[^\d\s+()\-.]", body.removeprefix("tel:")) or not digits:
        raise BadValue(_("Write one phone number with digits only, for example 13812345678 or 0571-88886666."))
    if international:
        digits = digits.removeprefix("00") if body.startswith("00") else digits
        if not digits.startswith("86"):
            return _foreign(text, digits, ext)
    national = digits[2:] if international or _has_country_code(digits) else digits
    return _domestic(text, national, ext, abroad=national != digits)


def phone_in(text: str) -> Phone | None:
    """The number in a text, or nothing where there is none to dial."""
    try:
        return parse_phone(text) if text else None
    except BadValue:
        return None


def _split_extension(body: str) -> tuple[str, str]:
    found = _EXTENSION.search(body) or _DASH_EXTENSION.search(body)
    if found and not re.fullmatch(r"\d{3,4}-\d{3,4}-\d{4}", body):
        return body[: found.start()].strip(" -("), found[1]
    return body, ""


def _has_country_code(digits: str) -> bool:
    return digits.startswith("86") and len(digits) >= 12 and not _LANDLINE.fullmatch("0" + digits)


def _domestic(raw: str, digits: str, ext: str, *, abroad: bool) -> Phone:
    if _MOBILE.fullmatch(mobile := digits.removeprefix("0")):  # switchboards put a 0 before mobiles
        return Phone(raw, mobile, ext, "mobile")
    for candidate in (digits, *(["0" + digits] if abroad else [])):
        if _LANDLINE.fullmatch(candidate):
            return Phone(raw, candidate, ext, "landline")
    if _SERVICE.fullmatch(digits):
        return Phone(raw, digits, ext, "service")
    if len(digits) in (7, 8) and digits[0] in "2345678":
        raise BadValue(_("Add the area code, for example 0571-%(digits)s."), digits=digits)
    if _PUBLIC.fullmatch(digits) or len(digits) < 7:
        raise BadValue(
            _(
                "Write a mobile number (13812345678), a landline with its area code (0571-88886666) or a 400 or 95 service number."
            )
        )
    if digits[0] == "1":
        raise BadValue(_("A mobile number has 11 digits and begins with 13 to 19; this one has %(n)d."), n=len(digits))
    raise BadValue(_("A phone number of %(n)d digits is unknown; foreign numbers begin with +."), n=len(digits))


def _foreign(raw: str, digits: str, ext: str) -> Phone:
    try:
        number = phonenumbers.parse("+" + digits)
    except phonenumbers.NumberParseException as refusal:
        raise BadValue(_("There is no country with this dialling code.")) from refusal
    if not phonenumbers.is_possible_number(number):
        raise BadValue(_("This number is too short or too long for its country."))
    return Phone(raw, f"00{number.country_code}{phonenumbers.national_significant_number(number)}", ext, "foreign")


def mask_phone(text: str) -> str:
    """`138****6621`; any other writing keeps at most its beginning and its last four digits."""
    digits = re.sub(r"\D", "", clean(text))
    if len(digits) < 7:
        return "*" * len(digits)
    head = 0 if len(digits) < 11 else 4 if re.match(r"0[3-9]", digits) else 3
    return f"{digits[:head]}****{digits[-4:]}"
