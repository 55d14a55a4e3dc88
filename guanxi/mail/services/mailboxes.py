"""The password of a mailbox, and whether its servers answer."""

from __future__ import annotations

from datetime import timedelta

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.mail.models import Mailbox
from guanxi.mail.wire import Trouble, inbox, outlet
from guanxi.org.models import User
from guanxi.org.services import CONFIGURATION, tell

CONFIGURATION.add("mail.mailbox")  # pages keep which are in use
PAUSE = timedelta(minutes=30)  # after a wrong password: providers lock accounts that keep trying


@action(
    Mailbox, label=_("Set the password"), icon="key", bulk=False, labels={"secret": _("Password or authorisation code")}
)
def connect(mailbox: Mailbox, *, actor: User, secret: str) -> Mailbox:
    """For both servers; it is shown nowhere again.  Afterwards the connection is tried."""
    if not secret.strip():
        raise Refused(_("Type in the password."), field="secret")
    mailbox.keep_secret(secret.strip())
    mailbox.uid_validity = mailbox.last_uid = 0
    mailbox.next_at = None
    mailbox.save(update_fields=["sealed_secret", "uid_validity", "last_uid", "next_at"])
    work.after_commit(lambda: try_out(mailbox))
    return mailbox


@action(
    Mailbox, label=_("Check the connection"), icon="plug", bulk=False, when=lambda mailbox: bool(mailbox.sealed_secret)
)
def check(mailbox: Mailbox, *, actor: User) -> Mailbox:
    """Sign in at both servers; the page of the mailbox says what came of it."""
    work.after_commit(lambda: try_out(mailbox))  # no transaction waits for a server
    return mailbox


def try_out(mailbox: Mailbox) -> None:
    wrong = []
    try:
        with inbox(mailbox.imap):
            pass
    except Trouble as trouble:
        wrong.append(_t("Receiving: %(why)s") % {"why": trouble})
    try:
        with outlet(mailbox.smtp):
            pass
    except Trouble as trouble:
        wrong.append(_t("Sending: %(why)s") % {"why": trouble})
    note(mailbox, " ".join(wrong))


def note(mailbox: Mailbox, wrong: str, *, lasting: bool = False) -> None:
    """What is known of the connection now; whoever answers for the mailbox is told when it stops working."""
    finding = wrong or _t("Receiving and sending work.")
    values = {"finding": finding[:400], "works": not wrong, "next_at": clock.now() + PAUSE if lasting else None}
    Mailbox.objects.filter(pk=mailbox.pk).update_silently(**values)
    if wrong and mailbox.works and mailbox.owner is not None:
        words = _t("The mailbox %(name)s has stopped working. %(why)s") % {"name": mailbox, "why": wrong}
        owner = mailbox.owner
        work.unit_of_work(lambda: tell([owner], words, url=f"/mailboxes/{mailbox.pk}/", icon="mail"))
    mailbox.works = not wrong
