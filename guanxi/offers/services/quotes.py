"""The verbs of a quote: submit, send, accept, decline, revise; its lines, and when it has run out (SALE-07, SALE-15)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.deals.models import Opportunity
from guanxi.formats.pdf import pdf
from guanxi.kernel import clock, work
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Invalid, Refused
from guanxi.kernel.jobs import Run, job
from guanxi.offers.models import Quote, QuoteLine
from guanxi.offers.models.quotes import VALID
from guanxi.offers.queries.prices import price_for, price_objections
from guanxi.offers.services.papers import quote_paper
from guanxi.org.files import attach
from guanxi.org.models import User
from guanxi.org.numbers import number_rows
from guanxi.org.services import tell

SUBJECT = "offers.quote"
State = Quote.State
OVER = (State.RELEASED, State.SENT, State.DECLINED, State.EXPIRED)  # what a revision may follow
COPIED = (
    "product_id", "description", "quantity", "list_price", "price", "discount", "tax_rate", "need_id", "solution", "amount",
    "tax_amount",
)  # fmt: skip


def number_quotes(quotes: list[Quote]) -> None:
    """Before new quotes are stored: the next number for those without one."""
    number_rows(quotes, "QT")


def only_drafts(quote: Quote, _actor: User, _verb: str) -> None:
    """What has been submitted stays as it was offered."""
    if quote.state != State.DRAFT:
        raise Refused(_("This quote is no longer a draft: write a revision."))


def prepare_line(line: QuoteLine) -> None:
    """A line sells a product or says what it sells; a price left empty comes from the lists, the tax from the product."""
    if line.product is None and not line.description.strip():
        raise Refused(_("Choose a product or describe what is offered."), field="product")
    quote = line.quote
    if line.need is not None and line.need.account_id != quote.account_id:
        raise Invalid({"need": [_("This need belongs to another customer.")]})
    if line.product is not None:
        line.description = line.description or line.product.name
        line.tax_rate = line.product.tax_rate if line.tax_rate is None else line.tax_rate
        if line.price is None:
            held = price_for(quote.account, line.product, line.quantity, quote.quoted_on, quote.currency)
            line.price = held.price
    if line.price is None:
        raise Refused(_("Say what it costs."), field="price")


def lines_of(quote: Quote) -> list[QuoteLine]:
    return list(QuoteLine.objects.filter(quote=quote).select_related("product", "need"))


@action(Opportunity, label=_("Write a quote"), icon="file-dollar", bulk=False, lands=MADE,
        when=lambda row: row.state == "open", mine=lambda _row, actor: actor.may("add", SUBJECT))  # fmt: skip
def quote_for(opportunity: Opportunity, *, actor: User) -> Quote:
    """A draft with what the opportunity is about, at the prices of the lists."""
    quote = Quote(
        company_id=opportunity.company_id, created_by_id=actor.pk, owner_id=opportunity.owner_id or actor.pk,
        department_id=opportunity.department_id, account_id=opportunity.account_id, contact_id=opportunity.contact_id,
        opportunity=opportunity, subject=opportunity.name, currency=opportunity.currency,
    )  # fmt: skip
    number_quotes([quote])
    quote.save()
    for one in opportunity.lines.filter(deleted_at=None).select_related("product"):
        price = None if one.product is not None else one.price
        line = QuoteLine(
            company_id=quote.company_id, created_by_id=actor.pk, quote=quote, product=one.product,
            description=one.description, quantity=one.quantity, price=price,
        )  # fmt: skip
        prepare_line(line)
        line.save()
    return quote


# -- submit and release


@action(Quote, label=_("Submit quote"), icon="send", bulk=False, labels={"reason": _("Reason for the exception")},
        when=lambda quote: quote.state == State.DRAFT)  # fmt: skip
def submit(quote: Quote, *, actor: User, reason: str = "") -> Quote:
    """Within prices and authority it is released at once; what lies beyond is asked for, with a reason."""
    _require(quote, State.DRAFT)
    lines = lines_of(quote)
    if not lines:
        raise Refused(_("A quote needs at least one line."))
    against = price_objections(quote, lines, actor, quote.quoted_on)
    if not against:
        return _release(quote)
    if not reason.strip():
        raise Refused(" ".join([*against, str(_("Say why this exception should be made."))]), field="reason")
    _move(quote, State.ASKED, reason=reason.strip()[:200])
    title = gettext("Quote %(number)s for %(name)s") % {"number": quote.number, "name": quote.account}
    told = "\n".join([reason.strip(), *against])
    ask(Request(SUBJECT, title, told, amount=quote.discount_amount, row=quote), actor=actor)
    quote.refresh_from_db()
    return quote


def _release(quote: Quote) -> Quote:
    return _move(quote, State.RELEASED, released_on=clock.today())


def _facts(approval: Any) -> Iterator[tuple[Any, str]]:
    """What an approver reads before deciding."""
    quote = Quote.objects.select_related("account").get(pk=approval.object_id)
    yield _("Customer"), str(quote.account)
    yield _("List amount"), f"{quote.list_amount:,.2f}"
    yield _("Amount"), f"{quote.amount:,.2f}"
    yield _("Discount"), f"{quote.discount_amount:,.2f}"
    yield _("Valid until"), str(quote.valid_until)


def _taken_back(approval: Any) -> None:
    """Refused or withdrawn: the quote is a draft again."""
    quote = Quote.objects.get(pk=approval.object_id)
    if quote.state == State.ASKED:
        _move(quote, State.DRAFT)


@subject(
    SUBJECT, label=_("Exception from prices and discounts"), refused=_taken_back, facts=_facts,
    steps=({"who": "head"}, {"who": "role", "role": "business-department", "from_amount": 5000},
           {"who": "role", "role": "finance", "from_amount": 50000}),
)  # fmt: skip
def released(approval: Any) -> str:
    """The quote may go out as it stands."""
    quote = Quote.objects.get(pk=approval.object_id)
    if quote.state != State.ASKED:
        return gettext("The quote no longer waits for this.")
    _release(quote)
    return gettext("Quote released")


# -- to the customer and back


@action(Quote, label=_("Mark as sent"), icon="mail-forward", bulk=False, labels={"note": _("How and to whom")},
        when=lambda quote: quote.state == State.RELEASED)  # fmt: skip
def send(quote: Quote, *, actor: User, note: str = "") -> Quote:
    """It went to the customer today by whatever way; the document as sent is kept among its files."""
    require_unexpired(quote, State.RELEASED)
    return go_out(quote, actor, note.strip())


def go_out(quote: Quote, actor: User, how: str) -> Quote:
    """With the customer from today on; the document as it went stays with the quote."""
    _move(quote, State.SENT, sent_on=clock.today(), reason=how[:200])
    attach(quote, document_of(quote, actor), actor=actor)
    return quote


def document_of(quote: Quote, reader: User) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{quote.number}.pdf", pdf(quote_paper(quote, reader)))


def require_unexpired(quote: Quote, *states: str) -> None:
    _require(quote, *states)
    _require_valid(quote)


@action(Quote, label=_("Accepted by the customer"), icon="circle-check", bulk=False,
        labels={"who": _("Who accepted"), "on": _("On which day (empty: today)")},
        when=lambda quote: quote.state == State.SENT,
        initial=lambda quote: {"who": str(quote.contact or "")})  # fmt: skip
def accept(quote: Quote, *, actor: User, who: str, on: date | None = None) -> Quote:
    """The customer said yes; the signed copy belongs to the files of the quote."""
    _require(quote, State.SENT)
    day = on or clock.today()
    if not who.strip():
        raise Refused(_("Say who accepted it."), field="who")
    if (quote.sent_on is not None and day < quote.sent_on) or day > clock.today():
        raise Refused(_("The day lies between sending and today."), field="on")
    if day > quote.valid_until:
        _require_valid(quote)
    return _move(quote, State.ACCEPTED, accepted_name=who.strip()[:60], accepted_on=day, reason="")


@action(Quote, label=_("Declined by the customer"), icon="circle-x", bulk=False, danger=True,
        labels={"reason": _("Reason")}, when=lambda quote: quote.state == State.SENT)  # fmt: skip
def decline(quote: Quote, *, actor: User, reason: str) -> Quote:
    """The customer said no, and why."""
    _require(quote, State.SENT)
    if not reason.strip():
        raise Refused(_("Say why the customer declined."), field="reason")
    return _move(quote, State.DECLINED, reason=reason.strip()[:200])


@action(Quote, label=_("Revise"), icon="copy", bulk=False, lands=MADE, when=lambda quote: quote.state in OVER)
def revise(quote: Quote, *, actor: User) -> Quote:
    """Write the next revision from this one, which is locked and stays readable."""
    _require(quote, *OVER)
    number = quote.number.removesuffix(f"-V{quote.revision}")
    span = max(quote.valid_until - quote.quoted_on, timedelta(1)) if quote.valid_until else VALID
    fresh = Quote(
        company_id=quote.company_id, created_by_id=actor.pk, owner_id=quote.owner_id, department_id=quote.department_id,
        number=f"{number}-V{quote.revision + 1}"[:40], revision=quote.revision + 1, replaces=quote,
        account_id=quote.account_id, contact_id=quote.contact_id, opportunity_id=quote.opportunity_id, subject=quote.subject, currency=quote.currency,
        valid_until=clock.today() + span, tax_included=quote.tax_included, payment_terms=quote.payment_terms,
        delivery_terms=quote.delivery_terms, remark=quote.remark, extra=quote.extra,
    )  # fmt: skip
    fresh.save()
    for line in lines_of(quote):
        copied = {name: getattr(line, name) for name in COPIED}
        QuoteLine(company_id=quote.company_id, created_by_id=actor.pk, quote=fresh, **copied).save()
    _move(quote, State.REPLACED)
    return fresh


@job("offers.expire", at_hour=1)
def expire(run: Run) -> dict[str, int]:
    """Quotes nobody answered in time have run out; whoever wrote them hears of it."""
    due = list(Quote.objects.filter(state=State.SENT, valid_until__lt=clock.today()).select_related("owner")[:1000])
    for quote in due:
        work.unit_of_work(lambda quote=quote: _run_out(quote), verb="offers.quote.expire")  # type: ignore[misc]
    return {"quotes": len(due)}


def _run_out(quote: Quote) -> None:
    fresh: Quote = Quote.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if fresh.state != State.SENT or not fresh.expired:
        return
    _move(fresh, State.EXPIRED)
    if fresh.owner is not None:
        text = gettext("Quote %(number)s has run out without an answer.") % {"number": fresh.number}
        tell([fresh.owner], text, url=record_url("quotes", fresh.pk), icon="clock-x")


def _require(quote: Quote, *states: str) -> None:
    if quote.state not in states:
        told = {"number": quote.number, "state": quote.get_state_display()}
        raise Refused(_("Quote %(number)s is “%(state)s”.") % told)


def _require_valid(quote: Quote) -> None:
    if quote.expired:
        raise Refused(_("The quote has run out: write a revision."))


def _move(quote: Quote, state: str, **values: Any) -> Quote:
    for name, value in {"state": state, **values}.items():
        setattr(quote, name, value)
    quote.save(update_fields=["state", *values])
    return quote
