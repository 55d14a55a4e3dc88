"""Checks of the numbers a Chinese company file holds: credit codes, identity numbers, accounts, invoice headers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from guanxi.formats.phones import Phone, mask_phone, parse_phone
from guanxi.formats.values import BadValue, clean, clean_digits

__all__ = [
    "Phone", "check_bank_account", "check_card", "check_email", "check_invoice_number", "check_postcode",
    "check_resident_id", "check_tax_id", "check_uscc", "invoice_header_problems", "mask_id", "mask_phone",
    "mask_tail", "parse_phone", "resident_birthday",
]  # fmt: skip

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = [pow(3, i, 31) for i in range(17)]
_LOOKALIKES = str.maketrans("OISZ", "0152")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\-_.·]", "", clean(text)).upper()


def _uscc_check(body: str) -> str:
    return _USCC[-sum(_USCC.index(c) * w for c, w in zip(body, _USCC_WEIGHTS, strict=True)) % 31]


def check_uscc(text: str) -> str:
    """The unified social credit code (GB 32100-2015) in its normal form, or `BadValue`."""
    code = _squeeze(clean_digits(text))
    if len(code) != 18:
        raise BadValue(_("A credit code has 18 characters, this one has %(n)d."), n=len(code))
    if strange := [c for c in code if c not in _USCC]:
        guess = code.translate(_LOOKALIKES)
        if all(c in _USCC for c in guess) and _uscc_check(guess[:17]) == guess[17]:
            raise BadValue(
                _("“%(character)s” does not occur in credit codes; did you mean %(guess)s?"),
                character=strange[0], guess=guess,
            )  # fmt: skip
        raise BadValue(_("“%(character)s” does not occur in credit codes."), character=strange[0])
    if (expected := _uscc_check(code[:17])) != code[17]:
        raise BadValue(
            _("The code contradicts itself: its first 17 characters call for “%(expected)s” at the end, not "
              "“%(found)s”. Compare it with the licence."),
            expected=expected, found=code[17],
        )  # fmt: skip
    return code


def check_resident_id(text: str, *, allow_old: bool = False) -> str:
    """A resident identity number (GB 11643).  Regions are not checked: abolished and brand-new codes occur.

    `allow_old` lets the 15-digit numbers issued before 1999 pass.
    """
    code = _squeeze(clean_digits(text))
    if allow_old and re.fullmatch(r"\d{15}", code):
        _birthday("19" + code[6:12])
        return code
    if len(code) != 18:
        raise BadValue(_("An identity number has 18 characters, this one has %(n)d."), n=len(code))
    if not re.fullmatch(r"\d{17}[\dX]", code):
        raise BadValue(_("An identity number consists of 17 digits and a digit or X."))
    _birthday(code[6:14])
    expected = _ID_CHECKS[sum(int(c) * w for c, w in zip(code[:17], _ID_WEIGHTS, strict=True)) % 11]
    if expected != code[17]:
        raise BadValue(_("The last character does not fit the others; check for a mistyped digit."))
    return code


def _birthday(digits: str) -> date:
    try:
        day = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        day = date.min
    if day.year < 1850:
        raise BadValue(_("The birth date %(digits)s in this number does not exist."), digits=digits)
    return day


def resident_birthday(code: str) -> date:
    """The birth date inside a checked identity number of 15 or 18 characters."""
    return _birthday("19" + code[6:12] if len(code) == 15 else code[6:14])


def mask_id(code: str) -> str:
    """`330***********0011`: the province and the last four characters stay."""
    return code[:3] + "*" * (len(code) - 7) + code[-4:] if len(code) > 7 else "*" * len(code)


def mask_tail(text: str) -> str:
    """`**** 1234` for accounts and cards."""
    return f"**** {text[-4:]}" if len(text) > 4 else "****"


def check_email(text: str) -> str:
    """An e-mail address with the usual slips of a Chinese keyboard mended; the domain in lower case."""
    mended = re.sub(r"\s", "", clean(text)).translate({ord("。"): ".", ord(","): "."})
    name, _at, domain = mended.removeprefix("mailto:").rpartition("@")
    address = f"{name}@{domain.lower()}"
    try:
        validate_email(address)
    except ValidationError as refusal:
        raise BadValue(_("An e-mail address looks like name@company.com.")) from refusal
    return address


def check_postcode(text: str) -> str:
    code = _squeeze(clean_digits(text))
    if not re.fullmatch(r"\d{6}", code):
        raise BadValue(_("A postcode has 6 digits."))
    return code


def check_bank_account(text: str) -> str:
    """A company's account number: banks differ in length and there is no public check digit."""
    code = _squeeze(clean_digits(text))
    if not re.fullmatch(r"\d{6,32}", code):
        raise BadValue(_("A bank account number has 6 to 32 digits."))
    return code


def check_card(text: str) -> str:
    """A person's bank card: 12 to 19 digits with a Luhn check digit."""
    code = _squeeze(clean_digits(text))
    if not re.fullmatch(r"\d{12,19}", code):
        raise BadValue(_("A bank card number has 12 to 19 digits."))
    doubled = [int(c) * 2 for c in code[-2::-2]]
    if (sum(map(int, code[-1::-2])) + sum(d - 9 if d > 9 else d for d in doubled)) % 10:
        raise BadValue(_("The card number contradicts itself; check for a mistyped digit."))
    return code


def check_tax_id(text: str) -> str:
    """A taxpayer number: the credit code, an identity number, or one of the 15- and 20-character old forms."""
    code = _squeeze(clean_digits(text))
    if len(code) in (15, 20) and re.fullmatch(r"[0-9A-Z]+", code):
        return code
    if len(code) != 18:
        raise BadValue(_("A tax number has 18 characters (older ones 15 or 20), this one has %(n)d."), n=len(code))
    try:
        return check_uscc(code)
    except BadValue:
        if re.fullmatch(r"[1-8]\d{5}(19|20)\d{9}[\dX]", code):
            return check_resident_id(code)
        raise


def check_invoice_number(text: str) -> str:
    """20 digits of a fully digital invoice, or 8 digits after a code of 10 or 12 for older ones."""
    code = _squeeze(clean_digits(text))
    if not re.fullmatch(r"\d{8}|\d{18}|\d{20}", code):
        raise BadValue(_("An invoice number has 20 digits; older ones have 8 digits, or 18 with their code."))
    return code


_HEADER_CHECKS = {"tax_id": check_tax_id, "phone": lambda text: parse_phone(text).digits,
                  "bank_account": check_bank_account, "email": check_email}  # fmt: skip


def invoice_header_problems(header: Mapping[str, str], *, special: bool = False) -> dict[str, BadValue]:
    """What is wrong with an invoice header, by field; empty when it can be used.

    Fields: `title, tax_id, address, phone, bank, bank_account, email`.  A special VAT invoice needs the first six,
    an ordinary one `title` and `tax_id`.
    """
    needed = ["title", "tax_id", *(["address", "phone", "bank", "bank_account"] if special else [])]
    problems = {field: BadValue(_("This invoice needs it.")) for field in needed if not header.get(field, "").strip()}
    for field, check in _HEADER_CHECKS.items():
        if text := header.get(field, "").strip():
            try:
                check(text)
            except BadValue as problem:
                problems[field] = problem
    return problems
