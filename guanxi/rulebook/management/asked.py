"""What the rulebook's commands are asked for: a company, a day, a moment; whatever is wrong with it ends with exit code 2."""

from __future__ import annotations

import argparse
import json
from datetime import date, datetime
from typing import Any

from django.core.management.base import CommandError
from django.utils import timezone

from guanxi.kernel.models import Company
from guanxi.rulebook.engine.times import end_of

YEARS = range(1990, 2101)


def wrong(message: Any) -> CommandError:
    """What was asked cannot be done; the program ends with 2, as it does for a word it does not know."""
    return CommandError(str(message), returncode=2)


def day(text: str) -> date:
    """A day of an option."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-03-31.")
    return found


def number(text: str) -> int:
    """The number of a record."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text} is no number of a duty; it is made of digits only.")
    return int(text)


def moment(text: str) -> datetime:
    """A moment of an option, in company time unless it names another; a day alone stands for its end."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.year not in YEARS:
        raise argparse.ArgumentTypeError(f"{text} is no moment; write it as 2026-03-31T18:00.")
    if len(text) <= len("2026-03-31"):
        return end_of(found.date())
    return found if found.tzinfo else timezone.make_aware(found)


def companies(code: str | None) -> list[Company]:
    """The one that is named, or all there are: none on an empty database."""
    found = list(Company.objects.filter(code=code) if code else Company.objects.order_by("pk"))
    if code and not found:
        raise wrong(f"There is no company {code}.")
    return found


def company(code: str | None) -> Company:
    """The one that is named, or the only one there is."""
    found = companies(code)
    if not found:
        raise wrong("There is no company yet: guanxi init makes one, guanxi demo loads the demonstration.")
    if len(found) > 1:
        raise wrong(f"Name the company: --company {' | '.join(one.code for one in found)}.")
    return found[0]


def as_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
