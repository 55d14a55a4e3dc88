"""A rule as a sentence with slots: people read it, change what stands in a slot, and the rule follows.

`parts(spec)` gives texts and slots in order; `fill(raw, values)` puts new values into the rule; `reword(raw, text)` reads a
changed sentence back.  The words come from the catalogue, so the sentence is in the reader's language.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from guanxi.kernel.filters import FilterError, parse
from guanxi.kernel.filters import sentence as condition
from guanxi.org.presets import presets
from guanxi.rulebook.spec import Evidence, Missing, Span, Spec, SpecError, Who, read, the_entity, the_field

UNIT_WORDS: dict[str, Any] = {
    "minutes": pgettext_lazy("span", "minutes"),
    "hours": pgettext_lazy("span", "hours"),
    "days": pgettext_lazy("span", "days"),
    "workdays": pgettext_lazy("span", "working days"),
    "weeks": pgettext_lazy("span", "weeks"),
    "months": pgettext_lazy("span", "months"),
    "closing": pgettext_lazy("span", "working days later, before closing"),
}
PERIOD_WORDS: dict[str, Any] = {
    "day": pgettext_lazy("period", "day"),
    "workday": pgettext_lazy("period", "working day"),
    "week": pgettext_lazy("period", "week"),
    "month": pgettext_lazy("period", "month"),
    "quarter": pgettext_lazy("period", "quarter"),
    "half": pgettext_lazy("period", "half-year"),
    "year": pgettext_lazy("period", "year"),
}
MONEY_WORDS: dict[str, Any] = {"points": gettext_lazy("points"), "yuan": gettext_lazy("yuan")}
TEMPLATES: dict[str, Any] = {
    "within": gettext_lazy("Each {about}: {who} owes within {within} after “{from}”: {done}."),
    "every": gettext_lazy("For each {about}, {who} owes at least {times} times every {every}: {done}."),
    "holds": gettext_lazy("For each {about} must hold: {holds}; otherwise {who} mends it within {within}."),
    "share": gettext_lazy("For each {about}, “{measure}” of {done} is divided every {every}: {parts}; {tolerance} points off at most."),
    "guard": gettext_lazy("“{verb}” of {about} is refused where {deny}: “{message}”."),
}  # fmt: skip
REMINDER = gettext_lazy("{when} before, {to} is reminded.")
ESCALATION = gettext_lazy("{when} after, {to} is told.")
GRACE = gettext_lazy("{grace} of grace.")
POINTS = gettext_lazy("Missed {after} times in a row: {amount} {unit}.")
HOLE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Slot:
    """What can be changed: `path` leads into the JSON ("within.0"); with `choices` it is one of them, else a number or text."""

    path: str
    value: Any
    choices: tuple[tuple[str, Any], ...] = ()
    number: bool = True

    def __str__(self) -> str:
        return str(dict(self.choices).get(self.value, self.value))


Part = str | Slot


def parts(spec: Spec, company: Any) -> list[Part]:
    """The rule in words; slots where people may change it."""
    words = _Words(spec, company)
    found = list(words.sentence(TEMPLATES[spec.kind], words.holes()))
    if spec.grace[0]:
        found += [" ", *words.sentence(GRACE, {"grace": _span("grace", spec.grace)})]
    for n, step in enumerate(spec.steps):
        when, ahead = step.when, step.when[0] < 0
        shown = (abs(when[0]), when[1])
        holes: dict[str, list[Part]] = {"when": _span(f"steps.{n}.when", shown), "to": [words.whom(step.to)]}
        found += [" ", *words.sentence(REMINDER if ahead else ESCALATION, holes)]
    if spec.points:
        more: dict[str, list[Part]] = {
            "after": [Slot("points.after", spec.points.after)], "amount": [Slot("points.amount", spec.points.amount)],
            "unit": [Slot("points.unit", spec.points.unit, tuple(MONEY_WORDS.items()), number=False)],
        }  # fmt: skip
        found += [" ", *words.sentence(POINTS, more)]
    return found


def in_words(spec: Spec, company: Any) -> str:
    return "".join(map(str, parts(spec, company)))


def said(version: Any) -> str:
    """The rule of a stored version in words, or why there are none."""
    try:
        return in_words(read(version.spec), version.company)
    except SpecError as error:
        return str(error)


def _span(path: str, span: Span) -> list[Part]:
    return [Slot(f"{path}.0", span[0]), " ", Slot(f"{path}.1", span[1], tuple(UNIT_WORDS.items()), number=False)]


class _Words:
    """Names of entities, fields, people and conditions as the reader knows them; what is missing goes by its label."""

    def __init__(self, spec: Spec, company: Any) -> None:
        self.spec, self.company = spec, company
        self.roles = {preset["code"]: _(preset["name"]) for preset in presets()}

    def sentence(self, template: Any, holes: Mapping[str, list[Part]]) -> Iterator[Part]:
        pieces = HOLE.split(str(template))
        for n, piece in enumerate(pieces):
            if n % 2:
                yield from holes[piece]
            elif piece:
                yield piece

    def holes(self) -> dict[str, list[Part]]:
        spec = self.spec
        return {
            "about": [self.rows(spec.about, spec.where)],
            "who": [self.who(spec.who)],
            "from": [self.field(spec.about, spec.since)],
            "within": _span("within", spec.within),
            "every": [Slot("every", spec.every, tuple(PERIOD_WORDS.items()), number=False)],
            "times": [Slot("times", spec.times)],
            "done": [self.done(spec.done)],
            "holds": [self.where(spec.about, spec.holds)],
            "measure": [self.field(spec.done.by, spec.measure)] if spec.done and spec.measure else [],
            "parts": list(self.shares()),
            "tolerance": [Slot("tolerance", spec.tolerance)],
            "verb": [spec.verb],
            "deny": [self.where(spec.about, spec.deny)],
            "message": [Slot("message", spec.message, number=False)],
        }

    def shares(self) -> Iterator[Part]:
        for n, part in enumerate(self.spec.parts):
            yield f"{'、' if n else ''}{part.name} "
            yield Slot(f"parts.{n}.percent", part.percent)
            yield "%"

    def title(self, label: str) -> str:
        try:
            return str(the_entity(label).singular)
        except Missing:
            return label

    def rows(self, label: str, where: Mapping[str, Any]) -> str:
        text = self.where(label, where) if where else ""
        return f"{self.title(label)}（{text}）" if text else self.title(label)

    def where(self, label: str, raw: Mapping[str, Any]) -> str:
        try:
            return condition(parse(raw, the_entity(label), self.company))
        except (Missing, FilterError):
            return _("a condition that waits for data")

    def field(self, label: str, name: str) -> str:
        try:
            return str(the_field(the_entity(label), name, self.company).label)
        except (Missing, SpecError):
            return name

    def done(self, done: Evidence | None) -> str:
        return self.rows(done.by, done.where) if done else ""

    def who(self, who: Who) -> str:
        if who.role:
            return str(self.roles.get(who.role, who.role))
        person = _("the person") if who.path in ("", "self") else self.field(self.spec.about, who.path)
        return _("the head of %(who)s") % {"who": person} if who.head else person

    def whom(self, who: Who | None) -> str:
        if who is None:
            return _("whoever owes it")
        return _("the head of the department") if who.head and not who.path else self.who(who)


# -- changing


def fill(raw: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """The rule with new values in its slots; SpecError where one does not fit."""
    changed = copy.deepcopy(dict(raw))
    signs = {slot.path: slot for slot in _slots(parts(read(raw), None))}
    for path, value in values.items():
        if path not in signs:
            raise SpecError(_("There is no slot “%(name)s” in this sentence.") % {"name": path})
        _put(changed, path.split("."), _typed(signs[path], value))
    read(changed)
    return changed


def _slots(found: Iterable[Part]) -> list[Slot]:
    return [part for part in found if isinstance(part, Slot)]


def _typed(slot: Slot, value: Any) -> Any:
    if slot.choices:
        if value not in dict(slot.choices):
            raise SpecError(_("Choose one from the list."))
        return value
    if not slot.number:
        return str(value).strip()
    try:
        return int(str(value).strip())
    except ValueError:
        raise SpecError(_("“%(value)s” is no whole number.") % {"value": str(value)[:40]}) from None


def _put(raw: Any, path: list[str], value: Any) -> None:
    """Set a place in the JSON; reminders keep their sign, a default that stood nowhere is written down."""
    step: Any = int(path[0]) if path[0].isdigit() else path[0]
    if len(path) == 1:
        before = raw[step] if isinstance(raw, list) or step in raw else None
        raw[step] = -abs(value) if isinstance(before, int) and before < 0 and isinstance(value, int) else value
        return
    if isinstance(raw, dict) and step not in raw:
        raw[step] = [0, "days"]
    _put(raw[step], path[1:], value)


def _shape(slot: Slot) -> str:
    if slot.choices:
        return "|".join(re.escape(str(label)) for _key, label in slot.choices)
    return r"-?\d+" if slot.number else ".+?"


def _loose(text: str) -> str:
    """Words as they stand; blanks may be more or fewer."""
    return r"\s*".join(map(re.escape, text.split(" ")))


def reword(raw: Mapping[str, Any], text: str, company: Any) -> dict[str, Any]:
    """The rule of a sentence in which only slots were changed; SpecError where other words were."""
    found = parts(read(raw), company)
    pattern = "".join(
        f"(?P<s{n}>{_shape(part)})" if isinstance(part, Slot) else _loose(part) for n, part in enumerate(found)
    )
    match = re.fullmatch(pattern, text.strip(), re.S)
    if match is None:
        raise SpecError(_("Only what stands in the slots may be changed; the other words stay as they are."))
    values = {}
    for n, part in enumerate(found):
        if isinstance(part, Slot):
            said = match[f"s{n}"].strip()
            values[part.path] = next((key for key, label in part.choices if str(label) == said), said)
    return fill(raw, values)
