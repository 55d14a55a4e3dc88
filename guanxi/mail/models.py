"""Company mailboxes, conversations by e-mail, and the letters of each (COMM-01, COMM-02)."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Contact
from guanxi.customers.models.fields import normalise
from guanxi.formats.codes import check_email
from guanxi.interactions.models.contacts import of_this_customer
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.kernel.models.base import TECHNICAL
from guanxi.kernel.sealed import Unreadable, seal, unseal
from guanxi.mail.wire import Server, Trouble
from guanxi.org.models import OwnedRecord

_PURPOSE = b"guanxi mailbox v1"
_PORT = [MinValueValidator(1), MaxValueValidator(65535)]


class Mailbox(OwnedRecord):
    """An address of the company with the servers behind it; the owner answers for it.  The password is shown to nobody."""

    class Security(models.TextChoices):
        SSL = "ssl", "SSL/TLS"
        STARTTLS = "starttls", "STARTTLS"
        NONE = "none", _("None")

    name = models.CharField(_("name"), max_length=60, help_text=_("Recipients read it as the sender."))
    address = models.CharField(_("e-mail"), max_length=254)
    is_active = models.BooleanField(_("in use"), default=True)
    imap_host = models.CharField(_("IMAP server"), max_length=200)
    imap_port = models.PositiveIntegerField(_("IMAP port"), default=993, validators=_PORT)
    imap_security = models.CharField(_("IMAP encryption"), max_length=8, choices=Security, default=Security.SSL)
    user = models.CharField(_("sign-in name"), max_length=254, blank=True, help_text=_("Empty: the e-mail address."))
    smtp_host = models.CharField(_("SMTP server"), max_length=200)
    smtp_port = models.PositiveIntegerField(_("SMTP port"), default=465, validators=_PORT)
    smtp_security = models.CharField(_("SMTP encryption"), max_length=8, choices=Security, default=Security.SSL)
    smtp_user = models.CharField(
        _("SMTP sign-in name"), max_length=254, blank=True, help_text=_("Empty: the same as for IMAP.")
    )
    since = models.DateField(
        _("e-mails from"), default=clock.today, help_text=_("Older e-mails are left where they are.")
    )
    signature = models.TextField(
        _("signature"), max_length=600, blank=True,
        help_text=_("Stands below the writer’s name and post in every letter: company, address, hotline. Empty: the company’s name."),
    )  # fmt: skip
    sealed_secret = models.TextField(blank=True, editable=False)
    uid_validity = models.BigIntegerField(default=0, editable=False)
    last_uid = models.BigIntegerField(default=0, editable=False)
    next_at = models.DateTimeField(null=True, editable=False)
    fetched_at = models.DateTimeField(_("last fetched"), null=True, editable=False)
    finding = models.CharField(_("connection"), max_length=400, blank=True, editable=False)
    works = models.BooleanField(_("works"), default=False, editable=False)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {
        "sealed_secret", "uid_validity", "last_uid", "next_at", "fetched_at", "finding", "works",
    }  # fmt: skip

    class Meta(OwnedRecord.Meta):
        verbose_name = _("mailbox")
        constraints = [
            models.UniqueConstraint(fields=["company", "address"], condition=Q(deleted_at=None), name="mailbox_address")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        normalise(self, {"address": check_email})
        self.address = self.address.lower()
        if self.owner_id is None:
            raise ValidationError({"owner": _("Say who answers for this mailbox.")})

    def keep_secret(self, secret: str) -> None:
        self.sealed_secret = seal(secret, _PURPOSE)

    @property
    def _secret(self) -> str:
        try:
            return unseal(self.sealed_secret, _PURPOSE) if self.sealed_secret else ""
        except Unreadable as error:
            raise Trouble(gettext("The password can no longer be read: set it again."), lasting=True) from error

    @property
    def imap(self) -> Server:
        return Server(self.imap_host, self.imap_port, self.imap_security, self.user or self.address, self._secret)

    @property
    def smtp(self) -> Server:
        user = self.smtp_user or self.user or self.address
        return Server(self.smtp_host, self.smtp_port, self.smtp_security, user, self._secret)


class Thread(Record):
    """A conversation by e-mail; without a customer it waits for somebody who knows whose it is."""

    class State(models.TextChoices):
        UNASSIGNED = "waiting", _("Unassigned")
        ASSIGNED = "assigned", pgettext_lazy("mail", "Assigned")
        ASIDE = "aside", _("Set aside")

    NAME = "subject"

    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+", verbose_name=_("mailbox"))
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="mail_threads", db_index=False,
        verbose_name=_("customer"),
    )  # fmt: skip
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    subject = models.CharField(pgettext_lazy("mail", "subject"), max_length=200)
    address = models.CharField(pgettext_lazy("mail", "address"), max_length=254)
    name = models.CharField(_("sender’s name"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.UNASSIGNED)
    last_at = models.DateTimeField(_("last e-mail"), default=clock.now)
    why = models.CharField(_("reason"), max_length=200, blank=True)

    class Meta:
        verbose_name = pgettext_lazy("mail", "conversation")
        indexes = [
            models.Index(fields=["account", "last_at"], name="thread_of_account"),
            models.Index(fields=["company", "address", "last_at"], name="thread_by_address"),
            models.Index(fields=["company", "last_at", "id"], condition=Q(deleted_at=None), name="thread_by_time"),
        ]

    def __str__(self) -> str:
        return self.subject

    def clean(self) -> None:
        super().clean()
        of_this_customer(self.contact, self.account_id)


class Mail(Record):
    """One letter, received or written."""

    class Direction(models.TextChoices):
        OUT = "out", _("From us")
        IN = "in", _("From the customer")

    class State(models.TextChoices):
        RECEIVED = "received", pgettext_lazy("mail", "Received")
        WAITING = "waiting", _("Waiting to be sent")
        LEAVING = "leaving", _("Being sent")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Not sent")

    NAME = "subject"

    thread = models.ForeignKey(
        Thread, models.PROTECT, related_name="letters", verbose_name=pgettext_lazy("mail", "conversation")
    )
    mailbox = models.ForeignKey(Mailbox, models.PROTECT, related_name="+", db_index=False, verbose_name=_("mailbox"))
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.IN)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.RECEIVED)
    message_id = models.CharField(max_length=255)
    references = models.TextField(blank=True)
    subject = models.CharField(pgettext_lazy("mail", "subject"), max_length=200)
    sender = models.CharField(max_length=254)
    sender_name = models.CharField(_("sender’s name"), max_length=100, blank=True)
    recipients = models.CharField(max_length=1000, blank=True)
    copies = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField(pgettext_lazy("moment", "at"), default=clock.now)
    text = models.TextField(_("text"), blank=True)
    signature = models.TextField(_("signature"), blank=True, editable=False)
    automatic = models.BooleanField(_("sent automatically"), default=False)
    remark = models.CharField(_("remark"), max_length=400, blank=True)
    problem = models.CharField(_("last problem"), max_length=400, blank=True)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"references", "text", "signature"}  # long, and never changed

    class Meta:
        verbose_name = pgettext_lazy("mail", "e-mail")
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["mailbox", "message_id"], name="mail_once")]

    def __str__(self) -> str:
        return self.subject
