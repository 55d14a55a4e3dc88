"""Borrowing a card, lending it on the keeper's word, handing it back; it ends by itself (CARD-11)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.audit.sightings import Look, watchers
from guanxi.custody.models import CardLoan
from guanxi.custody.queries.loans import ACCOUNT, kept, lent_to, veiled
from guanxi.custody.queries.watch import safeguard_of
from guanxi.customers.models import Account
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import NotVisible, Refused
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.work import in_unit_of_work
from guanxi.org import access
from guanxi.org.models import User
from guanxi.org.queries import leaders
from guanxi.org.services import tell

SUBJECT = "custody.loan"
State = CardLoan.State


@in_unit_of_work
def borrow(account_id: int, *, purpose: str, until: date, actor: User) -> CardLoan:
    """Ask the head of the department that keeps the card; the name stays veiled until somebody has said yes."""
    account = Account.objects.filter(pk=account_id, company_id=actor.company_id).select_related("department").first()
    if account is None:
        raise NotVisible
    _check(account, purpose, until, actor)
    loan = CardLoan(
        company_id=actor.company_id, created_by_id=actor.pk, owner=actor, department_id=account.department_id,
        account=account, purpose=purpose.strip()[:400], until=until,
    )  # fmt: skip
    loan.save()
    title = _("Loan of the card %(name)s until %(day)s") % {"name": veiled(account.name), "day": until.isoformat()}
    request = Request(SUBJECT, title, loan.purpose, payload={"loan": loan.pk}, row=account, keeper=account.department)
    loan.approval = ask(request, actor=actor)
    loan.refresh_from_db(fields=["state", "starts_on", "version"])  # whoever leads the company is granted it at once
    loan.save(update_fields=["approval"])
    return loan


def _check(account: Account, purpose: str, until: date, actor: User) -> None:
    longest = clock.today() + timedelta(days=safeguard_of(actor).loan_days)
    if not purpose.strip():
        raise Refused(_("Say what you need the card for."), field="purpose")
    if not clock.today() <= until <= longest:
        text = _("A loan ends between today and %(day)s.")
        raise Refused(text % {"day": longest.isoformat()}, field="until")
    if Account.objects.visible_to(actor).filter(pk=account.pk).exists():
        raise Refused(_("This card is in your reach already."))
    if not kept(account):
        raise Refused(_("Nobody keeps this card, so nobody lends it: the customer lies in the pool."))
    open_states = [State.ASKED, State.LENT]
    known = CardLoan.objects.filter(owner=actor, account=account, state__in=open_states, until__gte=clock.today())
    if known.exists():
        raise Refused(_("You have asked for this card already."))


def _loan(approval: Approval) -> CardLoan:
    return CardLoan.objects.select_related("account", "owner").get(pk=approval.payload["loan"])  # type: ignore[no-any-return]


def _facts(approval: Approval) -> list[tuple[Any, str]]:
    loan = _loan(approval)
    keeper = loan.account.owner.name if loan.account.owner else ""
    return [(_("Borrower"), str(loan.owner)), (_("Kept by"), keeper), (_("Until"), loan.until.isoformat())]


def _not_lent(approval: Approval) -> None:
    loan = _loan(approval)
    loan.state = State.REFUSED
    loan.save()


@subject(SUBJECT, label=_("Loan of a card"), facts=_facts, refused=_not_lent)
def lend(approval: Approval) -> str:
    """From now to the last day the borrower may read the card."""
    loan = _loan(approval)
    if loan.until < clock.today():
        loan.state = State.REFUSED
        loan.save()
        return str(_("The last day had passed."))
    loan.state, loan.starts_on = State.LENT, clock.today()
    loan.save()
    if loan.owner is not None:
        text = _("On loan until %(day)s: %(name)s") % {"day": loan.until.isoformat(), "name": loan.account}
        tell([loan.owner], text, url=record_url("customers", loan.account_id), icon="book-upload")
    return str(_("Lent until %(day)s.") % {"day": loan.until.isoformat()})


def _is_out(loan: CardLoan) -> bool:
    return loan.state in (State.LENT, State.EXPIRED)


def _borrowed(loan: CardLoan, actor: User) -> bool:
    return bool(loan.owner_id == actor.pk)


def _keeps(loan: CardLoan, actor: User) -> bool:
    return actor in leaders(loan.account.department) or loan.account.owner_id == actor.pk


@action(CardLoan, label=_("Hand back"), icon="book-download", permission="view", when=_is_out, mine=_borrowed,
        labels={"result": _("what it was used for")})  # fmt: skip
def give_back(loan: CardLoan, *, actor: User, result: str) -> CardLoan:
    """The borrower is done with the card and says what came of it."""
    if not result.strip():
        raise Refused(_("Say what the card was used for."), field="result")
    return _closed(loan, result)


@action(CardLoan, label=_("Call back"), icon="lock", permission="view", danger=True, when=lambda loan: loan.state == State.LENT,
        mine=_keeps, labels={"reason": _("Reason")})  # fmt: skip
def call_back(loan: CardLoan, *, actor: User, reason: str) -> CardLoan:
    """Whoever keeps the card takes it back before its time."""
    if not reason.strip():
        raise Refused(_("Say why the card is called back."), field="reason")
    if loan.owner is not None:
        url = record_url("loans", loan.pk)
        tell([loan.owner], str(_("Called back: %(name)s") % {"name": loan.account}), url=url, icon="lock")
    return _closed(loan, reason)


def _closed(loan: CardLoan, words: str) -> CardLoan:
    loan.state, loan.returned_on, loan.result = State.RETURNED, clock.today(), words.strip()[:400]
    loan.save()
    return loan


@job("custody.loans", at_hour=1)
def close_ended(run: Run) -> dict[str, Any]:
    """Loans past their last day open nothing any more; write that down and remind the borrower to hand back."""
    ended = CardLoan.objects.filter(state=State.LENT, until__lt=clock.today()).select_related("account", "owner")[:2000]

    def body() -> None:
        for loan in ended:
            loan.state = State.EXPIRED
            loan.save(update_fields=["state"])
            text = _("The loan has ended; say what it was used for: %(name)s") % {"name": loan.account}
            tell([loan.owner], text, url=record_url("loans", loan.pk), icon="book-download")

    work.unit_of_work(body)
    return {"ended": len(ended)}


def note_reading(look: Look) -> None:
    """Count how often a borrowed card was opened."""
    if look.label == ACCOUNT and look.pk and look.user.access.reads_loans:
        rows = CardLoan.objects.filter(CardLoan.on(clock.today()), owner=look.user.pk, account=look.pk)
        rows.update_silently(opened=F("opened") + 1, opened_at=clock.now())


access.lenders.append(lent_to)
watchers.append(note_reading)
