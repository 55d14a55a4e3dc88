"""A quote as a letter: sent from a mailbox of the company with its document, and noted as sent (SALE-07, COMM-01)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Contact
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Forbidden
from guanxi.mail.services import sending
from guanxi.offers.models import Quote
from guanxi.offers.services.papers import may_print
from guanxi.offers.services.quotes import State, document_of, go_out, require_unexpired
from guanxi.org.files import attach
from guanxi.org.models import User

LEAVING = (State.RELEASED, State.SENT)


def _begun(quote: Quote) -> dict[str, Any]:
    """To the person the quote names, else the customer's main contact; the words are there to be changed."""
    named = quote.contact_id if quote.contact is not None and quote.contact.email else None
    about = {"number": quote.number, "subject": quote.subject, "day": quote.valid_until, "name": quote.company.name}
    return {
        "contact": named or sending.main_contact(quote.account)["contact"],
        "subject": (gettext("Quotation %(number)s %(subject)s") % about).strip(),
        "text": gettext("Please find our quotation %(number)s enclosed. It is valid until %(day)s. We look forward to your answer.") % about,
    }  # fmt: skip


@action(Quote, label=_("Send by e-mail"), icon="mail", bulk=False, mine=sending.may_write,
        labels={"contact": _("To (empty: the customer’s own address)"), "subject": _("Subject"), "text": pgettext_lazy("mail", "Text"),
                "copies": _("Copies to (Cc)")},
        when=lambda quote: quote.state in LEAVING, initial=_begun)  # fmt: skip
def send_by_mail(
    quote: Quote, *, actor: User, contact: Contact | None = None, subject: str, text: Text, copies: str = ""
) -> Quote:
    """The document leaves with the letter and is kept with the quote; a second letter changes nothing of when it was sent."""
    if not may_print(actor):
        raise Forbidden(_("You may not print this."))
    require_unexpired(quote, *LEAVING)
    mail = sending.begin(quote.account, contact, sending.Typed(subject, text, copies), actor=actor)
    attach(mail, document_of(quote, actor), actor=actor)
    if quote.state == State.RELEASED:
        go_out(quote, actor, gettext("E-mail to %(name)s") % {"name": contact or quote.account})
    return quote
