"""A dealing with a customer, whatever its channel; and the standard phrases that help to write one (COMM-01, COMM-04, FUP-02)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account, Contact
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord


class Channel(models.TextChoices):
    PHONE = "phone", _("Phone")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    SMS = "sms", _("Text message")
    SOCIAL = "social", _("Social media")
    CHAT = "chat", _("Online chat")
    FAX = "fax", _("Fax")
    LETTER = "letter", _("Letter")
    VISIT = "visit", _("Visit")
    MEETING = "meeting", _("Meeting")
    OTHER = "other", pgettext_lazy("channel", "Other")


def of_this_customer(contact: Any, account_id: int | None, opportunity: Any = None) -> None:
    """Contact person and opportunity belong to the customer the row is about."""
    if contact is not None and contact.account_id != account_id:
        raise ValidationError({"contact": _("This person belongs to another customer.")})
    if opportunity is not None and opportunity.account_id != account_id:
        raise ValidationError({"opportunity": _("This opportunity belongs to another customer.")})


class Interaction(OwnedRecord):
    """A general action: what was said or done with a customer, when, by whom (the owner), and when it goes on.

    `label` and `object_id` name the record of any app it was written from: a visit, an opportunity.  `opportunity` is
    what it helps along, named by its label: what opportunities are is said above.
    """

    class Kind(models.TextChoices):
        GENERAL = "general", _("General action")
        INQUIRY = "inquiry", _("Inquiry")
        OFFER = "offer", _("Offer and negotiation")
        DELIVERY = "delivery", _("Delivery and installation")
        CARE = "care", _("Care")
        SERVICE = "service", _("Service")
        PAYMENT = "payment", _("Payment")
        VISIT = "visit", _("Visit")
        RETURN = "return", _("Return visit")

    class Direction(models.TextChoices):
        OUT = "out", _("From us")
        IN = "in", _("From the customer")

    NAME = "content"

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="interactions", db_index=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        "deals.Opportunity", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False,
        verbose_name=_("opportunity"),
    )  # fmt: skip
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.GENERAL)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.PHONE)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction, default=Direction.OUT)
    at = models.DateTimeField(pgettext_lazy("moment", "at"), default=clock.now)
    content = models.TextField(_("content"), max_length=2000)
    result = models.CharField(_("result"), max_length=400, blank=True)
    approach = models.CharField(_("service approach next time"), max_length=400, blank=True)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(_("minutes spent"), null=True, blank=True)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, editable=False)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True, editable=False)
    answered_by = models.ForeignKey(
        "org.User", models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("answered by"),
    )  # fmt: skip
    label = models.CharField(_("kind of record"), max_length=60, blank=True, editable=False)
    object_id = models.BigIntegerField(_("record"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("interaction")
        indexes = [
            models.Index(fields=["company", "at", "id"], condition=Q(deleted_at=None), name="interaction_by_time"),
            models.Index(fields=["account", "at"], name="interaction_of_account"),
            models.Index(fields=["owner", "at"], name="interaction_of_owner"),
            models.Index(
                fields=["label", "object_id", "at"], condition=Q(object_id__isnull=False), name="interaction_of_object"
            ),
            models.Index(
                fields=["opportunity", "at"], condition=Q(opportunity__isnull=False), name="interaction_of_opportunity"
            ),
            models.Index(
                fields=["company", "at"], condition=Q(direction="in", answered_at=None), name="interaction_unanswered"
            ),
        ]

    def __str__(self) -> str:
        return self.content[:40]

    def clean(self) -> None:
        super().clean()
        of_this_customer(self.contact, self.account_id, self.opportunity)
        if self.at is not None and self.at > clock.now():
            raise ValidationError({"at": _("What lies ahead is planned as a visit or as the next contact.")})


class Phrase(Record):
    """A standard service phrase, offered where staff write (COMM-04)."""

    NAME = "situation"

    situation = models.CharField(_("situation"), max_length=60)
    text = models.CharField(_("text"), max_length=400)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("service phrase")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.situation}: {self.text[:30]}"


class ServiceLine(Record):
    """A hotline or complaint line as published: number, hours, what it is for and what callers may expect (COMM-03)."""

    name = models.CharField(_("name"), max_length=60)
    number = models.CharField(_("phone number"), max_length=40)
    toll_free = models.BooleanField(_("toll-free"), default=False)
    complaints = models.BooleanField(_("takes complaints"), default=False)
    hours = models.CharField(pgettext_lazy("service line", "hours"), max_length=100)
    content = models.CharField(_("what it is for"), max_length=400)
    standard = models.CharField(
        _("service standard"), max_length=400, help_text=_("E.g. answered within 20 seconds, back within a day.")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("service line")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.name} {self.number}"
