"""Every change of booked data is written down as it happens, and refused where a yes is needed that nobody gave (SALE-06)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.approvals.models import Approval
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.corrections.models import Correction, CorrectionRule
from guanxi.corrections.protections import Protection, due_process, is_closed, protection_of
from guanxi.corrections.queries import needs_yes, rules_of
from guanxi.exchange.importing.convert import Links, converter
from guanxi.kernel import clock, context, doubts, verbs, work
from guanxi.kernel.actions import action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.fields import NUMBERS
from guanxi.kernel.models.pour import insert
from guanxi.org.models import User

KIND = "corrections.correction"
GRANTED = "corrections.correction.granted"


@dataclass
class Slip:
    """One field of one booked row that differs from what it was."""

    protection: Protection
    change: work.Change
    name: str
    old: Any
    new: Any

    def was(self, column: str) -> Any:
        return self.change.old.get(column, getattr(self.change.row, column))

    @property
    def day(self) -> Any:
        return self.was(self.protection.day)

    @property
    def days(self) -> int:
        return max(0, (clock.today() - self.day).days) if self.day else 0

    @property
    def amount(self) -> Decimal:
        return Decimal(self.was(self.protection.amount) or 0)


def slips_of(change: work.Change) -> list[Slip]:
    """The protected fields a change touches, if the row was booked before it."""
    protection = protection_of(change.label)
    if protection is None or change.verb != "changed" or change.row is None:
        return []
    found = []
    for name in protection.fields:
        column = protection.column(name).attname
        if column not in change.new or column not in change.old:
            continue
        slip = Slip(protection, change, name, change.old[column], change.new[column])
        if slip.old != slip.new and not protection.usual(name, slip.old, slip.new):
            found.append(slip)
    return found if found and protection.booked(found[0].was) else []


@work.sealer(95)
def trace(unit: work.Work) -> None:
    """Write every correction of this unit down beside what it changed, whichever way it came in."""
    found = [slip for change in list(unit.changes.values()) for slip in slips_of(change)]
    if not found:
        return
    hold_back(found, unit)
    origin = context.origin()
    people = {person.pk: person for person in User.objects.filter(pk__in=_askers(unit) | {origin.actor_id or 0})}
    insert([_written(slip, unit, people) for slip in found])


def _grant(slip: Slip, unit: work.Work) -> dict[str, Any]:
    """The yes somebody gave to changes of this row in this unit."""
    about = (slip.change.label, slip.change.object_id)
    given = (act.new for act in unit.extra if act.verb == GRANTED and (act.label, act.object_id) == about)
    return next(given, {})


def _askers(unit: work.Work) -> set[int]:
    return {act.new["asked_by"] for act in unit.extra if act.verb == GRANTED}


def _written(slip: Slip, unit: work.Work, people: dict[int, User]) -> Correction:
    grant, origin, row = _grant(slip, unit), context.origin(), slip.change.row
    person = people.get(grant.get("asked_by") or origin.actor_id or 0)
    customer = slip.protection.customer(row)
    figure = isinstance(slip.new, Decimal) and isinstance(slip.old, Decimal)
    return Correction(
        company_id=row.company_id, created_by_id=origin.actor_id, owner=person,
        department_id=person.department_id if person else None, label=slip.change.label, object_id=slip.change.object_id,
        title=slip.change.title[:200], customer=str(customer or "")[:200], field=slip.name,
        before=in_words(slip, slip.old), after=in_words(slip, slip.new),
        difference=slip.new - slip.old if figure else None, dated_on=slip.day, days=slip.days,
        in_closed=bool(slip.day) and is_closed(row.company_id, slip.day), channel=origin.channel[:10],
        reason=(grant.get("reason") or unit.reason)[:400], approval_id=grant.get("approval"),
        approved_by_id=origin.actor_id if grant else None,
    )  # fmt: skip


def in_words(slip: Slip, value: Any) -> str:
    """A stored value as a person reads it."""
    column = slip.protection.column(slip.name)
    if value in (None, ""):
        return ""
    if column.is_relation:
        return str(column.related_model._base_manager.filter(pk=value).first() or value)[:200]
    words = dict(column.flatchoices).get(value, f"{value:,.2f}" if isinstance(value, Decimal) else value)
    return str(words)[:200]


def hold_back(found: list[Slip], unit: work.Work) -> None:
    """Refuse what needs a yes; the machine's own derivations and what was agreed to elsewhere pass."""
    if unit.verb in due_process or context.origin().actor_id is None:
        return
    rules: dict[str, list[CorrectionRule]] = {}
    for slip in found:
        label = slip.change.label
        known = rules.setdefault(label, rules_of(slip.change.row.company_id, label))
        needed = slip.name in slip.protection.asked and needs_yes(known, slip.name, slip.days, slip.amount)
        if needed and not _grant(slip, unit):
            raise Refused(
                _("“%(field)s” of %(what)s is booked. Use “Ask for a correction” on its page: the change is made once "
                  "it is agreed to.") % {"field": slip.protection.named(slip.name), "what": slip.change.title}
            )  # fmt: skip


def _veto(row: Any, _actor: Any, verb: str) -> None:
    """A form, the interface and a bulk edit hear it row by row; the sealer sees to every other way."""
    before = getattr(row, "_loaded", None)
    if verb == "change" and before and not row._state.adding and protection_of(row._meta.label_lower):
        hold_back(slips_of(row.change_since(before, "changed")), work.require())


doubts.vetoes.append(_veto)


def offer(protection: Protection) -> None:
    """The verb that asks for a correction of a booked record of this kind."""

    def ask_correction(row: Any, *, actor: User, field: str, value: str, reason: str) -> Any:
        return ask_for(protection, row, {"field": field, "value": value}, reason, actor)

    def fields(_actor: Any) -> list[tuple[str, Any]]:
        return [(name, protection.named(name)) for name in protection.asked]

    action(
        protection.model, label=gettext_lazy("Ask for a correction"), icon="pencil", bulk=False,
        labels={"field": gettext_lazy("What is to be corrected"), "value": gettext_lazy("Right value"),
                "reason": gettext_lazy("Reason")},
        choices={"field": fields}, when=protection.is_booked,
    )(ask_correction)  # fmt: skip


def ask_for(protection: Protection, row: Any, wish: dict[str, str], reason: str, actor: User) -> Any:
    """Send the wish on its way; a yes lays it down."""
    name = wish["field"]
    if name not in protection.asked:
        raise Refused(_("This cannot be corrected here."), field="field")
    if not protection.is_booked(row):
        raise Refused(_("This is not booked yet: simply change it."))
    if not reason.strip():
        raise Refused(_("Say why."), field="reason")
    value = read_value(protection, name, wish["value"], actor)
    protection.check(row, name, value)
    column = protection.column(name)
    new = getattr(value, "pk", value)
    if new == getattr(row, column.attname):
        raise Refused(_("That is what stands there."), field="value")
    known = Approval.objects.filter(kind=KIND, label=protection.label, object_id=row.pk, state=Approval.State.PENDING)
    if known.filter(payload__field=name).exists():
        raise Refused(_("A correction of this is asked for already."), field="field")
    slip = Slip(protection, row.change_since({}, ""), name, getattr(row, column.attname), new)
    title = _("%(what)s: %(field)s from %(old)s to %(new)s") % {
        "what": row, "field": protection.named(name), "old": in_words(slip, slip.old) or "—", "new": in_words(slip, new) or "—",
    }  # fmt: skip
    request = Request(
        KIND, title, reason=reason.strip()[:2000], amount=abs(slip.amount), row=row, payload=wish,
        keeper=row.department if getattr(row, "department_id", None) else None,
    )  # fmt: skip
    ask(request, actor=actor)
    return row


def read_value(protection: Protection, name: str, text: str, actor: User) -> Any:
    """What somebody typed, as the field's value."""
    found = entity(protection.label).field(name, actor.company)
    if not text.strip():
        raise Refused(_("Say what is right."), field="value")
    try:
        if found.kind == "ref":
            links = Links(found, actor)
            links.prepare([text.strip()])
            value = links(text.strip())
        else:
            value = converter(found)(text.strip())
        protection.column(name).clean(getattr(value, "pk", value), None)
    except Refused:
        raise
    except Exception as error:
        raise Refused(_reason_of(error), field="value") from error
    if found.kind in NUMBERS and abs(value) >= 10**15:
        raise Refused(_("Say what is right."), field="value")
    return value


def _reason_of(error: Exception) -> str:
    return "、".join(map(str, getattr(error, "messages", [error])))


def _facts(approval: Approval) -> list[tuple[Any, str]]:
    """What stands there now, how old it is, and whether its month is closed."""
    row, protection = _subject_of(approval)
    if row is None:
        return []
    day = getattr(row, protection.day)
    name = approval.payload["field"]
    return [
        (capfirst(entity(protection.label).singular), str(row)),
        (protection.named(name), in_words(Slip(protection, row.change_since({}, ""), name, None, None),
                                          getattr(row, protection.column(name).attname)) or "—"),
        (gettext_lazy("Right value"), approval.payload["value"]),
        (protection.named(protection.day), f"{day}" if day else "—"),
        (gettext_lazy("Month closed"), _("Yes") if day and is_closed(row.company_id, day) else _("No")),
    ]  # fmt: skip


def _subject_of(approval: Approval) -> tuple[Any, Any]:
    protection = protection_of(approval.label)
    rows: Any = protection.model.objects if protection else None
    row = rows.select_for_update(of=("self",)).filter(pk=approval.object_id).first() if rows is not None else None
    return row, protection


@subject(KIND, label=gettext_lazy("Correction of booked data"), facts=_facts)
def lay_down(approval: Approval) -> str:
    """The last yes: the value is laid down, and the correction names who asked and who agreed."""
    row, protection = _subject_of(approval)
    asker = approval.owner
    if row is None or protection is None or asker is None:
        raise Refused(_("The record is no longer there."))
    name = approval.payload["field"]
    value = read_value(protection, name, approval.payload["value"], asker)
    protection.check(row, name, value)
    facts = {"approval": approval.pk, "asked_by": asker.pk, "reason": approval.reason, "field": name}
    work.require().witness(work.Change(row.company_id, protection.label, row.pk, str(row), GRANTED, {}, facts))
    work.require().reason = approval.reason or work.require().reason
    if name in protection.lay:
        protection.lay[name](row, value, asker)
    else:
        verbs.change(entity(protection.label), row.pk, {name: value}, actor=asker)
    return approval.title


def check_rule(rule: CorrectionRule) -> None:
    """A rule speaks of a field that this kind of record protects."""
    protection = protection_of(rule.label)
    if protection is None or (rule.field and rule.field not in protection.asked):
        raise Invalid({"field": [_("This kind of record has no such protected field.")]})


def never_changed(_row: Any, _actor: Any, _verb: str) -> None:
    """Guard: what was corrected stays written."""
    raise Forbidden(_("Corrections are only ever added."))
