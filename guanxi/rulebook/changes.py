"""What a change changes: old and new words side by side, with what differs marked, and what both would have done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.rulebook.sentences import Slot, parts
from guanxi.rulebook.spec import SpecError, read

Marked = list[tuple[str, bool]]  # pieces of a text, each with whether it differs
PIECES = re.compile(r"[0-9A-Za-z_.-]+|\s+|.")  # words of letters; Chinese sign by sign


def side_by_side(old: Iterable[str], new: Iterable[str]) -> tuple[Marked, Marked]:
    """Both texts in pieces; marked is what the other one does not say at that place."""
    before, after = list(old), list(new)
    was, now = [], []
    for word, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        was.append(("".join(before[a:b]), word != "equal"))
        now.append(("".join(after[c:d]), word != "equal"))
    return [one for one in was if one[0]], [one for one in now if one[0]]


def pieces(text: str) -> list[str]:
    return PIECES.findall(text)


def rule_pieces(raw: Mapping[str, Any], company: Any) -> list[str]:
    """The sentence of a rule, its slots each a piece of their own."""
    try:
        found = parts(read(raw), company, plain=True)
    except SpecError as error:
        return [str(error)]
    return [piece for part in found for piece in ([str(part)] if isinstance(part, Slot) else pieces(part))]


def trial_lines(trial: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Figure by figure what the rule of today and the new one would have done; None where there is no rule of today."""
    before, after = trial.get("before"), trial.get("after") or {}
    words = {
        "met": pgettext("duty", "On time"),
        "late": pgettext("duty", "Late"),
        "missed": _("Missed"),
        "open": pgettext("duty", "Open"),
    }
    lines: list[tuple[str, Any, Any]] = [
        (pgettext("owed", "Duties"), None if before is None else sum(before.values()), sum(after.values()))
    ]
    lines += [
        (str(word), None if before is None else before.get(name, 0), after.get(name, 0)) for name, word in words.items()
    ]
    return [*lines, (_("Rate in time"), _rate(before), _rate(after))]


def _rate(states: Mapping[str, int] | None) -> str | None:
    judged = sum((states or {}).get(name, 0) for name in ("met", "late", "missed"))
    return f"{100 * (states or {}).get('met', 0) / judged:.1f}%" if judged else None


def compared(edition: Any, company: Any) -> dict[str, Any]:
    """What a ready book would bring, for the page: new rules as sentences, changed ones beside what they replace."""

    def said(part: Any) -> dict[str, Any]:
        return {"clause": part, "words": "".join(rule_pieces(part.spec, company))}

    def pair(part: Any, spec: Mapping[str, Any]) -> dict[str, Any]:
        was, now = side_by_side(rule_pieces(spec, company), rule_pieces(part.spec, company))
        return {"clause": part, "was": was, "now": now}

    return {
        "new": [said(part) for part in edition.new],
        "woken": [said(part) for part in edition.woken],
        "changed": [pair(*one) for one in edition.changed],
        "kept": [pair(*one) for one in edition.kept],
    }
