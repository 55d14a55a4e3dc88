"""The verbs of a contract: review, sign, file, renew, let it run out, terminate (CONTR-01..03, CONTR-05)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Vote
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.contracts.models import IN_FORCE, MUST, Contract
from guanxi.kernel import clock
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.errors import Refused
from guanxi.offers.models import Quote
from guanxi.org.models import User
from guanxi.org.numbers import number_rows

SUBJECT = "contracts.contract"
State = Contract.State
DAY = timedelta(days=1)
COPIED = ("quote_id", "opportunity_id", "kind", "currency", "amount", *MUST, "other_terms", "extra")


def number_contracts(contracts: list[Contract]) -> None:
    """Before new contracts are stored: the next number of the year for those without one."""
    number_rows(contracts, "HT", period="year")


def only_drafts(contract: Contract, _actor: User, _verb: str) -> None:
    """A review and a signature hold for the text as it was."""
    if contract.state != State.DRAFT:
        raise Refused(_("Only a draft can be changed: take the contract back to the draft, or renew it."))


def missing_terms(contract: Contract) -> list[str]:
    """The must-have clauses that have no text."""
    fields = Contract._meta
    return [str(fields.get_field(name).verbose_name) for name in MUST if not getattr(contract, name).strip()]  # type: ignore[union-attr]


@action(Quote, label=_("Write the contract"), icon="contract", bulk=False, lands=MADE,
        when=lambda quote: quote.state == Quote.State.ACCEPTED,
        mine=lambda _quote, actor: actor.may("add", SUBJECT))  # fmt: skip
def contract_for(quote: Quote, *, actor: User) -> Contract:
    """A draft over what the customer has accepted; asked again it opens the contract there is."""
    if quote.state != Quote.State.ACCEPTED:
        raise Refused(_("Only an accepted quote becomes a contract."))
    made: Contract | None = Contract.objects.filter(quote=quote).exclude(state=State.TERMINATED).order_by("pk").first()
    if made is not None:
        return made
    contract = Contract(
        company_id=quote.company_id, created_by_id=actor.pk, owner_id=quote.owner_id, department_id=quote.department_id,
        account_id=quote.account_id, quote=quote, opportunity_id=quote.opportunity_id, amount=quote.total,
        currency=quote.currency, title=quote.subject or gettext("Contract on %(number)s") % {"number": quote.number},
        price_terms=quote.payment_terms, delivery_terms=quote.delivery_terms,
    )  # fmt: skip
    number_contracts([contract])
    contract.save()
    return contract


# -- review


@action(Contract, label=_("Submit for review"), icon="send", bulk=False, labels={"note": _("Note for the reviewers")},
        when=lambda one: one.state == State.DRAFT)  # fmt: skip
def submit(contract: Contract, *, actor: User, note: str = "") -> Contract:
    """Somebody checks that it is right and lawful before it is signed; who, depends on the amount (CONTR-01)."""
    _require(contract, State.DRAFT)
    if lacking := missing_terms(contract):
        raise Refused(_("These clauses are missing: %(names)s.") % {"names": "、".join(lacking)}, field=MUST[0])
    _move(contract, State.REVIEW)
    title = gettext("Contract %(number)s “%(title)s”") % {"number": contract.number, "title": contract.title}
    ask(Request(SUBJECT, title, note.strip(), amount=contract.amount, row=contract), actor=actor)
    contract.refresh_from_db()
    return contract


def _facts(approval: Any) -> Iterator[tuple[Any, str]]:
    """What a reviewer reads before deciding."""
    contract = Contract.objects.select_related("account").get(pk=approval.object_id)
    yield _("Customer"), str(contract.account)
    yield _("Kind"), contract.get_kind_display()
    yield _("Amount"), f"{contract.amount:,.2f} {contract.currency}"
    yield _("Term"), f"{contract.starts_on or ''} – {contract.ends_on or ''}"
    for name in (*MUST, "other_terms"):
        yield Contract._meta.get_field(name).verbose_name, getattr(contract, name)  # type: ignore[union-attr]


def _taken_back(approval: Any) -> None:
    """Refused or withdrawn: the contract is a draft again."""
    contract = Contract.objects.get(pk=approval.object_id)
    if contract.state == State.REVIEW:
        _move(contract, State.DRAFT)


@subject(
    SUBJECT, label=_("Review of a contract"), refused=_taken_back, facts=_facts,
    steps=({"who": "head"}, {"who": "role", "role": "business-department", "from_amount": 100000},
           {"who": "role", "role": "finance", "from_amount": 500000}),
)  # fmt: skip
def reviewed(approval: Any) -> str:
    """The contract may be signed as it stands."""
    contract = Contract.objects.get(pk=approval.object_id)
    if contract.state != State.REVIEW:
        return gettext("The contract no longer waits for this.")
    last = Vote.objects.filter(approval=approval, state=Vote.State.AGREED).order_by("decided_at", "position").last()
    _move(contract, State.APPROVED, reviewed_at=clock.now(), reviewed_by=last.person if last else None)
    return gettext("Contract reviewed")


@action(Contract, label=_("Back to the draft"), icon="arrow-back-up", bulk=False, labels={"reason": _("Reason")},
        when=lambda one: one.state == State.APPROVED)  # fmt: skip
def reopen(contract: Contract, *, actor: User, reason: str) -> Contract:
    """To change the text; then it has to be reviewed again."""
    _require(contract, State.APPROVED)
    return _move(contract, State.DRAFT, reviewed_at=None, reviewed_by=None)


# -- sign, file, end


@action(Contract, label=_("Sign contract"), icon="writing-sign", permission="sign", bulk=False,
        labels={"who": _("Signed for the customer by"), "on": _("Signed on (empty: today)")},
        when=lambda one: one.state in (State.DRAFT, State.APPROVED))  # fmt: skip
def sign(contract: Contract, *, actor: User, who: str, on: date | None = None) -> Contract:
    """From now on it is in force; without a review or with a clause missing it is not signed (CONTR-01, CONTR-02)."""
    if contract.reviewed_at is None:
        raise Refused(_("The contract has not been reviewed: submit it for review first."))
    _require(contract, State.APPROVED)
    if lacking := missing_terms(contract):
        raise Refused(_("These clauses are missing: %(names)s.") % {"names": "、".join(lacking)})
    day = on or clock.today()
    if day > clock.today():
        raise Refused(_("The day lies in the future."), field="on")
    if not who.strip():
        raise Refused(_("Say who signed for the customer."), field="who")
    contract.starts_on = contract.starts_on or day
    former = contract.renews
    if former is not None and former.state == State.RUNNING:
        _move(Contract.objects.select_for_update(of=("self",)).get(pk=former.pk), State.ENDING)
    return _move(contract, State.RUNNING, signed_on=day, signed_name=who.strip()[:60], starts_on=contract.starts_on)


@action(Contract, label=_("Register and file"), icon="archive", permission="register", bulk=False,
        labels={"shelf": _("Shelf number"), "on": _("Filed on (empty: today)")},
        when=lambda one: one.signed_on is not None and one.filed_on is None)  # fmt: skip
def register_contract(contract: Contract, *, actor: User, shelf: str, on: date | None = None) -> Contract:
    """The signed copy lies where the shelf number says (CONTR-03)."""
    if contract.signed_on is None:
        raise Refused(_("Only a signed contract is filed."))
    if not shelf.strip():
        raise Refused(_("Say where it lies."), field="shelf")
    day = on or clock.today()
    if not contract.signed_on <= day <= clock.today():
        raise Refused(_("The day lies between signing and today."), field="on")
    contract.filed_on, contract.shelf = day, shelf.strip()[:60]
    contract.save(update_fields=["filed_on", "shelf"])
    return contract


@action(Contract, label=_("Renew"), icon="refresh", bulk=False, lands=MADE,
        when=lambda one: one.state in (*IN_FORCE, State.ENDED))  # fmt: skip
def renew(contract: Contract, *, actor: User) -> Contract:
    """Draft the contract that follows, with the same clauses and as long a term, to be reviewed and signed (CONTR-05)."""
    _require(contract, *IN_FORCE, State.ENDED)
    if Contract.objects.filter(renews=contract).exists():
        raise Refused(_("This contract has been renewed already."))
    starts = contract.ends_on + DAY if contract.ends_on else clock.today()
    span = contract.ends_on - contract.starts_on if contract.ends_on and contract.starts_on else None
    fresh = Contract(
        company_id=contract.company_id, created_by_id=actor.pk, owner_id=contract.owner_id,
        department_id=contract.department_id, account_id=contract.account_id, renews=contract, starts_on=starts,
        title=contract.title, ends_on=starts + span if span is not None else None,
        **{name: getattr(contract, name) for name in COPIED},
    )  # fmt: skip
    number_contracts([fresh])
    fresh.save()
    return fresh


@action(Contract, label=_("Let it run out"), icon="calendar-x", bulk=False, labels={"reason": _("Reason")},
        when=lambda one: one.state == State.RUNNING)  # fmt: skip
def let_run_out(contract: Contract, *, actor: User, reason: str) -> Contract:
    """It has been settled that the contract is not renewed (CONTR-05)."""
    _require(contract, State.RUNNING)
    return _move(contract, State.ENDING, reason=_told(reason))


@action(Contract, label=_("Terminate"), icon="ban", bulk=False, danger=True, permission="sign",
        labels={"reason": _("Reason"), "on": _("On which day (empty: today)")},
        when=lambda one: one.state in IN_FORCE)  # fmt: skip
def terminate(contract: Contract, *, actor: User, reason: str, on: date | None = None) -> Contract:
    """End it before its time."""
    _require(contract, *IN_FORCE)
    day = on or clock.today()
    if day > clock.today() or (contract.signed_on is not None and day < contract.signed_on):
        raise Refused(_("The day lies between signing and today."), field="on")
    return _move(contract, State.TERMINATED, reason=_told(reason), over_on=day)


def _told(reason: str) -> str:
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    return reason.strip()[:200]


def _require(contract: Contract, *states: str) -> None:
    if contract.state not in states:
        told = {"number": contract.number, "state": contract.get_state_display()}
        raise Refused(_("Contract %(number)s is “%(state)s”.") % told)


def _move(contract: Contract, state: str, **values: Any) -> Contract:
    for name, value in {"state": state, **values}.items():
        setattr(contract, name, value)
    contract.save(update_fields=["state", *values])
    return contract
