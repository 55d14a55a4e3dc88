"""Working with leads: follow-ups, giving them to somebody, back to the pool, closing them; claiming from the pool."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.deals.models import InvalidReason, Lead, LeadNote, LeadRecycleRule, LeadStay, LeadTenure
from guanxi.deals.models.leads import Way
from guanxi.deals.queries.leads import LEAD
from guanxi.deals.services.assignment import check_rule
from guanxi.deals.services.settle import new_stay
from guanxi.interactions.models.contacts import Channel
from guanxi.kernel import clock
from guanxi.kernel.actions import Text, action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.org.models import User
from guanxi.org.services import tell
from guanxi.pool.models import Cause, Content, Pool, ReturnReason
from guanxi.pool.queries import default_pool
from guanxi.pool.services.limits import check_cool_down, check_holding, take_claim
from guanxi.pool.services.moves import check_assignable, check_open

State = Lead.State


def is_open(lead: Any) -> bool:
    return bool(lead.is_open)


def require_open(lead: Lead) -> None:
    if not lead.is_open:
        raise Refused(_("This lead is closed: %(state)s.") % {"state": lead.get_state_display()})


def keep_closed(lead: Lead, actor: Any, verb: str) -> None:
    """Guard: what a lead was when it was closed stays readable as it was."""
    if verb == "change" and lead.state != State.OPEN:
        raise Refused(_("This lead is closed and stays as it is; reopen it first."))
    if verb == "delete" and lead.state == State.CONVERTED:
        raise Refused(_("This lead has become a customer; it stays on file with it."))


# -- follow-ups


@action(Lead, label=_("Log a contact"), icon="message-plus", when=is_open,
        labels={"channel": _("Channel"), "content": _("Content"), "next_contact_on": _("Next contact")},
        choices={"channel": lambda _user: Channel.choices},
        initial=lambda _lead: {"channel": Channel.PHONE})  # fmt: skip
def log_contact(
    lead: Lead, *, actor: User, channel: str, content: Text, next_contact_on: date | None = None
) -> LeadNote:
    """What was said or done just now, in three fields."""
    require_open(lead)
    if channel not in Channel.values:
        raise Refused(_("Choose a channel."), field="channel")
    if not content.strip():
        raise Refused(_("Write what was said or done."), field="content")
    if next_contact_on is not None and next_contact_on < clock.today():
        raise Refused(_("The next contact lies in the past."), field="next_contact_on")
    row = LeadNote(
        company_id=lead.company_id, created_by_id=actor.pk, owner=actor, department_id=actor.department_id, lead=lead,
        channel=channel, content=content.strip()[:2000], next_contact_on=next_contact_on,
    )  # fmt: skip
    row.save()
    return row


def came_by_file(leads: list[Lead], actor: User) -> None:
    """New leads out of a file say so; nobody has to be told by whom they were typed."""
    Lead.objects.filter(pk__in=[lead.pk for lead in leads]).update_silently(way=Way.IMPORT)


def check_recycling(rule: LeadRecycleRule) -> None:
    """The condition must be readable, and the pool one of leads."""
    check_rule(rule)
    if not rule.days:
        raise Invalid({"days": [_("At least one day.")]})
    if rule.pool is not None and rule.pool.content != Content.LEADS:
        raise Invalid({"pool": [_("This pool holds something else.")]})


def check_note(note: LeadNote) -> None:
    if note.at > clock.now():
        raise Invalid({"at": [_("What lies ahead is planned as the next contact.")]})


# -- changing hands


@action(Lead, label=_("Hand over"), permission="hand_over", icon="transfer", labels={"to": _("To"), "reason": _("Reason")},
        when=is_open)  # fmt: skip
def hand_over(lead: Lead, *, actor: User, to: User, reason: str) -> Lead:
    """Give the lead to another person; who had it and why it changed hands is kept."""
    if not reason.strip():
        raise Refused(_("Say why the lead changes hands."), field="reason")
    if to.company_id != lead.company_id or not to.is_active:
        raise Refused(_("This person cannot take over leads."), field="to")
    if lead.owner_id == to.pk:
        raise Refused(_("%(name)s already has this lead.") % {"name": to.name}, field="to")
    lead.hand_to(to)
    lead.save(update_fields=["owner", "department"])
    if to.pk != actor.pk:
        text = _("%(who)s has given you the lead %(name)s.") % {"who": actor, "name": lead.name}
        tell([to], str(text), url=record_url("leads", lead.pk), icon="user-plus")
    return lead


@action(Lead, label=_("Give back to the pool"), permission="release", icon="arrow-back-up",
        when=lambda lead: lead.is_open and lead.owner_id is not None,
        labels={"reason": _("Reason"), "pool": _("Into the pool"), "details": _("Details")},
        initial=lambda lead: {"pool": getattr(default_pool(lead.company_id, Content.LEADS), "pk", None)})  # fmt: skip
def release(lead: Lead, *, actor: User, reason: ReturnReason, pool: Pool | None = None, details: str = "") -> Lead:
    """Nobody's any more: colleagues the pool serves may claim the lead."""
    require_open(lead)
    if lead.owner_id is None:
        raise Refused(_("The lead lies in a pool already."))
    if actor.pk != lead.owner_id and not actor.may("change_others", LEAD):
        raise Forbidden(_("%(name)s has this lead; only they or their leader may give it back.") % {"name": lead.owner})
    target = pool or default_pool(lead.company_id, Content.LEADS)
    if target is None:
        raise Refused(_("The company has no pool for leads yet: set one up under “Pools”."), field="pool")
    check_open(target, lead.company_id, Content.LEADS)
    put_back(lead, target, Cause.RETURNED, reason.name, details)
    return lead


def put_back(lead: Lead, pool: Pool, cause: str, reason: str, details: str = "") -> bool:
    """Into the pool, if the owner is still the one we saw."""
    stay = new_stay(lead, pool, cause, reason=reason[:80], details=details[:400], former_owner_id=lead.owner_id)
    seen = {"owner": lead.owner_id, "state": State.OPEN}
    if not Lead.objects.take(lead.pk, seen, {"owner": None, "department": None}):
        return False
    stay.save()
    return True


@action(LeadStay, label=_("Claim"), permission="claim", icon="hand-grab", lands="lead")
def claim(stay: LeadStay, *, actor: User) -> LeadStay:
    """The lead is mine from now on: at most one of all who ask at the same moment gets it."""
    check_cool_down(stay.pool, LeadTenure.objects.filter(lead=stay.lead_id), actor)
    _give(stay, actor)
    take_claim(stay.pool, actor)
    check_holding(stay.pool, actor)
    return stay


@action(
    LeadStay, label=_("Assign"), permission="assign", icon="user-plus", labels={"to": _("To"), "reason": _("Reason")}
)
def assign(stay: LeadStay, *, actor: User, to: User, reason: str = "") -> LeadStay:
    """Give a lead of the pool to a person the pool serves."""
    check_assignable(stay.pool, actor, to)
    _give(stay, to)
    check_holding(stay.pool, actor, of=to)
    text = _("%(who)s has assigned you the lead %(name)s.") % {"who": actor, "name": stay.name}
    tell([to], str(text), url=record_url("leads", stay.lead_id), icon="user-plus")
    return stay


def _give(stay: LeadStay, to: User) -> None:
    """The conditional UPDATE decides who gets it."""
    values = {"owner": to, "department": to.department}
    if not Lead.objects.take(stay.lead_id, {"owner": None, "state": State.OPEN}, values):
        taken: Any = Lead.everything.select_related("owner").get(pk=stay.lead_id)
        text = _("%(name)s has just been claimed by %(who)s.")
        raise Refused(text % {"name": stay.name, "who": taken.owner or _("somebody")})


def untouchable(_stay: LeadStay, actor: Any, verb: str) -> None:
    """Guard: who lies in a pool follows from claiming, assigning and giving back, and from nothing else."""
    raise Refused(_("A lead leaves the pool by being claimed or assigned."))


def kept_history(_tenure: LeadTenure, actor: Any, verb: str) -> None:
    """Guard: who had a lead is written by the product alone."""
    raise Refused(_("Who had a lead is a record and cannot be changed."))


# -- closing


@action(Lead, label=_("Mark as invalid"), icon="ban", danger=True, when=is_open,
        labels={"reason": _("Reason"), "details": _("Details")})  # fmt: skip
def invalidate(lead: Lead, *, actor: User, reason: InvalidReason, details: str = "") -> Lead:
    """Nothing will come of it; the list of reasons tells later which sources are worth their money."""
    require_open(lead)
    lead.state, lead.invalid_reason, lead.invalid_text = State.INVALID, reason, details.strip()[:400]
    lead.closed_at, lead.next_contact_on = clock.now(), None
    lead.save(update_fields=["state", "invalid_reason", "invalid_text", "closed_at", "next_contact_on"])
    return lead


@action(Lead, label=_("Reopen"), icon="rotate", when=lambda lead: lead.state == State.INVALID,
        labels={"reason": _("Reason")})  # fmt: skip
def reopen(lead: Lead, *, actor: User, reason: str) -> Lead:
    """The lead was not so invalid after all."""
    if lead.state != State.INVALID:
        raise Refused(_("Only an invalid lead is reopened."))
    if not reason.strip():
        raise Refused(_("Say why the lead is reopened."), field="reason")
    lead.state, lead.invalid_reason, lead.invalid_text, lead.closed_at = State.OPEN, None, "", None
    lead.save(update_fields=["state", "invalid_reason", "invalid_text", "closed_at"])
    return lead
