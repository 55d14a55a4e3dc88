"""A rule as a sentence with slots: people read it, change what stands in a slot, and the rule follows.

`parts(spec)` gives texts and slots in order; `fill(raw, values)` puts new values into the rule; `in_words(spec)` is the
sentence to read.  The words come from the catalogue, so the sentence is in the reader's language.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guanxi.kernel.actions import verbs_of
from guanxi.kernel.entities import Entity
from guanxi.kernel.filters import FilterError, parse
from guanxi.kernel.filters import sentence as condition
from guanxi.org.presets import presets
from guanxi.rulebook.spec import LATER, Evidence, Missing, Span, Spec, SpecError, Who, read, the_entity, the_field

UNIT_WORDS: dict[str, Any] = {
    "minutes": pgettext_lazy("span", "minutes"),
    "hours": pgettext_lazy("span", "hours"),
    "days": pgettext_lazy("span", "days"),
    "workdays": pgettext_lazy("span", "working days"),
    "weeks": pgettext_lazy("span", "weeks"),
    "months": pgettext_lazy("span", "months"),
    "closing": pgettext_lazy("span", "working days later, before closing"),
}
WITHIN_WORDS: dict[str, Any] = {
    "minutes": pgettext_lazy("within", "minutes"),
    "hours": pgettext_lazy("within", "hours"),
    "days": pgettext_lazy("within", "days"),
    "workdays": pgettext_lazy("within", "working days"),
    "weeks": pgettext_lazy("within", "weeks"),
    "months": pgettext_lazy("within", "months"),
    "closing": pgettext_lazy("within", "working days later, before closing"),
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
    "breach": gettext_lazy("For each {about}, as soon as {breach}: {who} mends it within {within}."),
    "share": gettext_lazy("For each {about}, “{measure}” of {done} is divided every {every}: {parts}; {tolerance} points off at most."),
    "guard": gettext_lazy("“{verb}” of {about} is refused where {deny}: “{message}”."),
}  # fmt: skip
REMINDER = gettext_lazy("{when} before, {to} is reminded.")
ESCALATION = gettext_lazy("{when} after, {to} is told.")
AT_ONCE = gettext_lazy("As soon as it is overdue, {to} is told.")
GRACE = gettext_lazy("{grace} of grace.")
POINTS = gettext_lazy("Missed {after} times in a row: {amount} {unit}.")
LATER_FIELDS: dict[str, Any] = {"owner": gettext_lazy("owner"), "closed_at": gettext_lazy("closed on")}
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


def parts(spec: Spec, company: Any, *, plain: bool = False) -> list[Part]:
    """The rule in words; slots where people may change it.  `plain` is for reading alone: "at once" instead of 0 hours."""
    words = _Words(spec, company, plain)
    breach = spec.kind == "holds" and words.breach is not None
    found = list(words.sentence(TEMPLATES["breach" if breach else spec.kind], words.holes()))
    if spec.grace[0]:
        found += [" ", *words.sentence(GRACE, {"grace": _span("grace", spec.grace)})]
    for n, step in enumerate(spec.steps):
        when, ahead = step.when, step.when[0] < 0
        shown = (abs(when[0]), when[1])
        holes: dict[str, list[Part]] = {"when": _span(f"steps.{n}.when", shown), "to": [words.whom(step.to)]}
        told = REMINDER if ahead else AT_ONCE if plain and not when[0] else ESCALATION
        found += [" ", *words.sentence(told, holes)]
    if spec.points:
        more: dict[str, list[Part]] = {
            "after": [Slot("points.after", spec.points.after)], "amount": [Slot("points.amount", spec.points.amount)],
            "unit": [Slot("points.unit", spec.points.unit, tuple(MONEY_WORDS.items()), number=False)],
        }  # fmt: skip
        found += [" ", *words.sentence(POINTS, more)]
    return found


def in_words(spec: Spec, company: Any) -> str:
    """The sentence to read."""
    return "".join(map(str, parts(spec, company, plain=True)))


def said(version: Any) -> str:
    """The rule of a stored version in words, or why there are none."""
    try:
        return in_words(read(version.spec), version.company)
    except SpecError as error:
        return str(error)


def _span(path: str, span: Span, words: Mapping[str, Any] = UNIT_WORDS) -> list[Part]:
    return [Slot(f"{path}.0", span[0]), " ", Slot(f"{path}.1", span[1], tuple(words.items()), number=False)]


class _Words:
    """Names of entities, fields, people and conditions as the reader knows them; what is missing goes by its label."""

    def __init__(self, spec: Spec, company: Any, plain: bool) -> None:
        self.spec, self.company, self.plain = spec, company, plain
        self.roles = {preset["code"]: _(preset["name"]) for preset in presets()}

    @property
    def breach(self) -> Mapping[str, Any] | None:
        """What must not be, where the rule is written as "must hold: not …"."""
        inner = self.spec.holds.get("not") if len(self.spec.holds) == 1 else None
        return inner if isinstance(inner, Mapping) else None

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
            "within": self.within(),
            "every": [Slot("every", spec.every, tuple(PERIOD_WORDS.items()), number=False)],
            "times": [Slot("times", spec.times)],
            "done": [self.done(spec.done)],
            "holds": [self.where(spec.about, spec.holds)],
            "breach": [self.where(spec.about, self.breach or {})],
            "measure": [self.field(spec.done.by, spec.measure)] if spec.done and spec.measure else [],
            "parts": list(self.shares()),
            "tolerance": [Slot("tolerance", spec.tolerance)],
            "verb": [self.verb()],
            "deny": [self.where(spec.about, spec.deny)],
            "message": [Slot("message", spec.message, number=False)],
        }

    def within(self) -> list[Part]:
        n, unit = self.spec.within
        if self.plain and not n:
            return [_("the same day before closing") if unit == "closing" else pgettext("within", "at once")]
        return _span("within", self.spec.within, WITHIN_WORDS)

    def verb(self) -> str:
        try:
            known = verbs_of(the_entity(self.spec.about).model).get(self.spec.verb)
        except Missing:
            known = None
        return str(known.label) if known else self.spec.verb

    def shares(self) -> Iterator[Part]:
        for n, part in enumerate(self.spec.parts):
            yield f"{'、' if n else ''}{part.name} "
            yield Slot(f"parts.{n}.percent", part.percent)
            yield "%"

    def title(self, label: str) -> str:
        try:
            return str(the_entity(label).singular)
        except Missing:
            return str(LATER.get(label, label))

    def rows(self, label: str, where: Mapping[str, Any]) -> str:
        text = self.where(label, where) if where else ""
        return f"{self.title(label)}（{text}）" if text else self.title(label)

    def where(self, label: str, raw: Mapping[str, Any]) -> str:
        try:
            declared = the_entity(label)
            return condition(parse(_by_name(raw, declared, self.company), declared, self.company))
        except (Missing, FilterError):
            return _("a condition that waits for data")

    def field(self, label: str, name: str) -> str:
        try:
            return str(the_field(the_entity(label), name, self.company).label)
        except (Missing, SpecError):
            return str(LATER_FIELDS.get(name, name))

    def done(self, done: Evidence | None) -> str:
        if done is None:
            return ""
        if done.by != self.spec.about:
            return self.rows(done.by, done.where)
        # A row that is its own evidence says by which of its days it is kept.
        rows, dated = self.rows(done.by, done.where), self.field(done.by, done.at)
        return _("%(rows)s, by its “%(field)s”") % {"rows": rows, "field": dated}

    def who(self, who: Who) -> str:
        if who.role:
            return str(self.roles.get(who.role, who.role))
        person = _("the person") if who.path in ("", "self") else self.field(self.spec.about, who.path)
        return _("the head of %(who)s") % {"who": person} if who.head else person

    def whom(self, who: Who | None) -> str:
        if who is None:
            return _("whoever owes it")
        return _("the head of the department") if who.head and not who.path else self.who(who)


def _by_name(raw: Any, declared: Entity, company: Any) -> Any:
    """The condition with codes of linked rows turned into the rows, which are read by their names."""
    if isinstance(raw, list | tuple):
        return [_by_name(part, declared, company) for part in raw]
    if not isinstance(raw, Mapping):
        return raw
    link, _dot, last = str(raw.get("f", "")).rpartition(".")
    if link and last == "code" and raw.get("op") in ("is", "is_not"):
        target: Any = the_entity(the_field(declared, link, company, ("ref",)).target).model
        found = target.everything.filter(company=company, code=raw.get("v")).values_list("pk", flat=True).first()
        return {**raw, "f": link, "v": found} if found else raw
    return {
        key: _by_name(part, declared, company) if key in ("all", "any", "not") else part for key, part in raw.items()
    }


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
