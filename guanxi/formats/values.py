"""What every reader of typed or imported text shares: cleaning, and a complaint that says how to mend the value."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\x00-\x08\x0e-\x1f]")
_SCIENTIFIC = re.compile(r"([1-9])(?:\.(\d+))?e\+?(\d{1,2})", re.IGNORECASE)


class BadValue(ValueError):
    """A value that cannot be understood; the text is translated when it is shown."""

    def __init__(self, message: str | Promise, **params: Any) -> None:
        super().__init__(message)
        self.message, self.params = message, params

    def __str__(self) -> str:
        return str(self.message) % self.params if self.params else str(self.message)


def clean(text: str) -> str:
    """Full width to half width, without invisible characters and outer blanks."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).strip()


def clean_digits(text: str) -> str:
    """Like `clean`, undoing what a spreadsheet does to long numbers (`138….0`, `1.38…E+10`) while nothing is lost."""
    text = re.sub(r"^(\d{5,})\.0+$", r"\1", clean(text).lstrip("'"))
    if found := _SCIENTIFIC.fullmatch(text):
        lead, fraction, power = found[1], found[2] or "", int(found[3])
        if len(fraction) < power:
            raise BadValue(
                _("The spreadsheet shortened this number to %(text)s; format the column as text and copy it again."),
                text=text,
            )
        return lead + fraction[:power]
    return text


def words(text: str) -> list[str]:
    """A word list written as text, which reads better than a hundred quoted strings."""
    return text.split()
