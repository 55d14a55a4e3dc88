"""Taking in a customer another branch keeps: its head decides, then the customer moves and the registration joins its file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval, Vote
from guanxi.approvals.queries import pending
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.customers.models import Account
from guanxi.duplicates.queries.check import Hit
from guanxi.filing.models import Registration
from guanxi.filing.queries.known import TAKING
from guanxi.filing.services.filing import add_to_file
from guanxi.filing.services.waiting import go_on, hold, not_taken, spare
from guanxi.kernel import verbs, work
from guanxi.kernel.actions import locked, verbs_of
from guanxi.kernel.doubts import veto
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.holdings import Passing, hand_on
from guanxi.org.models import User
from guanxi.pool.models import Stay


@in_unit_of_work
def ask_for(row: Registration, hit: Hit, typed: dict[str, Any], *, reason: str, actor: User) -> Approval:
    """Ask whoever leads the keeping branch; `typed` is what the form holds beyond the registration, kept with it.

    A customer nobody keeps is asked for at home: the head of the branch that wants it decides.
    """
    fresh: Registration = locked(Registration, row.pk, actor)
    if not fresh.is_open:
        raise Refused(_("Somebody has filed this registration already."))
    if not reason.strip():
        raise Refused(_("Say why the customer should come to your branch."), field="reason")
    if any(one.payload.get("registration") == row.pk for one in pending(hit.label, hit.pk, TAKING)):
        raise Refused(_("You have asked for this customer already."))
    changes = {name: value for name, value in typed.items() if value not in (None, "", getattr(fresh, name))}
    if changes and actor.may("change", "filing.registration"):
        fresh = verbs.change(entity(Registration), fresh.pk, changes, actor=actor)
    account = Account.objects.select_related("department").get(pk=hit.pk, company_id=actor.company_id)
    title = _("Taking in the customer %(name)s") % {"name": hit.name}
    payload = {"registration": fresh.pk, "to": _taker(fresh, actor).pk, "due": hold(fresh)}
    request = Request(TAKING, title, reason.strip()[:400], row=account, keeper=account.department, payload=payload)
    made = ask(request, actor=actor)
    spare(Q(pk=fresh.pk))
    return made


def _taker(row: Registration, actor: User) -> User:
    """Who would own the file if it were a new one."""
    wanted = row.collected_by or row.owner
    return wanted if wanted is not None and wanted.is_active else actor


def _parts(approval: Approval) -> tuple[Registration, User]:
    rows: Any = Registration.everything.filter(company_id=approval.company_id)  # also one thrown away meanwhile
    said = approval.payload
    return rows.get(pk=said["registration"]), User.objects.get(pk=said["to"], company_id=approval.company_id)


def _facts(approval: Approval) -> Iterable[tuple[Any, str]]:
    row, to = _parts(approval)
    yield _("registration number"), row.number
    yield _("registered on"), row.registered_on.isoformat()
    yield _("Need"), row.need
    yield _("Wanted by"), f"{approval.owner} · {approval.department or ''}"
    yield _("New owner"), str(to)


@subject(TAKING, label=_("Customer of another branch"), facts=_facts, refused=not_taken)
def take_in(approval: Approval) -> str:
    """The customer changes hands, and what was registered joins its file."""
    row, to = _parts(approval)
    account = Account.objects.select_for_update(of=("self",)).filter(pk=approval.object_id).first()
    if account is None or not row.is_open or approval.owner is None:
        return str(_("The registration or the customer is gone; nothing was moved."))
    asker = approval.owner
    go_on(row, approval)
    if not Account.objects.visible_to(asker).filter(pk=account.pk).exists():
        unit = work.require()
        unit.reason = unit.reason or approval.reason
        _move(account, Passing(account.owner or asker, to, _decider(approval, asker), approval.reason))
    if not Account.objects.visible_to(asker).filter(pk=account.pk).exists():
        return str(_("%(name)s looks after the customer now; the registration can be added there.") % {"name": to})
    add_to_file(row, account, None, actor=asker)
    return str(_("%(name)s looks after the customer now; the registration was added to the file.") % {"name": to})


def _decider(approval: Approval, asker: User) -> User:
    """Whose word it was; where nobody had to be asked, that of who asked."""
    last = Vote.objects.filter(approval=approval, state=Vote.State.AGREED).order_by("-decided_at").first()
    return last.person if last is not None else asker


def _move(account: Account, passing: Passing) -> None:
    """By the verb there is for it: out of a pool it is assigned, from a colleague it is handed over."""
    stay = Stay.objects.filter(account=account.pk).first()
    if stay is not None:
        veto(stay, passing.actor, "assign")
        verbs_of(Stay)["assign"].body(stay, actor=passing.actor, to=passing.to, reason=passing.reason)
        return
    veto(account, passing.actor, "hand_over")
    hand_on(account, passing)
