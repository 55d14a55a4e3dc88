"""The registration form of a new customer, exhibitions, and the public links through which customers register themselves."""

from __future__ import annotations

import secrets

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account, Channel, Method, Source
from guanxi.customers.models.fields import normalise
from guanxi.customers.models.lists import LIVE
from guanxi.filing.models.facts import Origin
from guanxi.formats.codes import check_email, parse_phone
from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import IdField
from guanxi.org.models import OwnedRecord, User


class Exhibition(OwnedRecord):  # type: ignore[django-manager-missing]
    """An exhibition: where contacts come from, and the questions asked there (FORM-04).

    `questions` is a list of {"question", "answers"}; `answers` are offered choices with 、 between them, empty for free text.
    """

    NAME = "name"

    name = models.CharField(_("name"), max_length=80)
    place = models.CharField(_("place"), max_length=120, blank=True)
    starts_on = models.DateField(_("first day"), default=clock.today)
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    questions = models.JSONField(_("questionnaire"), default=list, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("exhibition")

    def __str__(self) -> str:
        return self.name


def new_token() -> str:
    return secrets.token_urlsafe(16)


CONSENT = _(
    "I agree that my name, contact details and need are kept in order to answer my enquiry and to serve me as a customer. "
    "I can see and correct them at any time and withdraw this consent."
)


class JoinLink(OwnedRecord):
    """A public address at which customers register themselves (INFO-21), of a channel, a person or an exhibition.

    The owner and the department of the link get what is registered through it.
    """

    NAME = "name"

    name = models.CharField(_("name"), max_length=60)
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("sales channel"),
    )
    exhibition = models.ForeignKey(
        Exhibition, models.PROTECT, null=True, blank=True, related_name="links", verbose_name=_("exhibition")
    )
    token = models.CharField(max_length=40, unique=True, default=new_token, editable=False)
    consent = models.TextField(
        _("consent and its purpose"), max_length=1000, blank=True, help_text=_("Empty: the standard text.")
    )
    ends_on = models.DateField(_("open until"), null=True, blank=True)
    is_open = models.BooleanField(_("open"), default=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("self-registration link")

    def __str__(self) -> str:
        return self.name

    @property
    def alive(self) -> bool:
        return self.is_open and (self.ends_on is None or self.ends_on >= clock.today())

    @property
    def consent_text(self) -> str:
        return self.consent or str(CONSENT)


class JoinAttempt(models.Model):
    """One use of a public link, counted against its limits; the address is kept only as a keyed hash, for a day."""

    id = IdField(primary_key=True, default=new_id)
    link = models.ForeignKey(JoinLink, models.CASCADE, related_name="+", db_index=False)
    address = models.CharField(max_length=32)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [
            models.Index(fields=["link", "address", "at"], name="joinattempt_address"),
            models.Index(fields=["at"], name="joinattempt_at"),
        ]


class Registration(OwnedRecord):
    """新顾客登记表 (FORM-01): name, contact details and need are enough; the rest may follow.

    `suppliers` maps a field to {"by": id or null, "origin", "on"}: who supplied what stands there.
    """

    NAME = "name"
    MANDATORY = ("name", "phone", "need")
    FACTS = (
        "name", "phone", "need", "organisation", "post", "email", "wechat", "address", "source", "source_detail", "channel",
        "interest",
    )  # fmt: skip

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("registration", "Registered")
        FILED = "filed", _("Filed")
        VOID = "void", pgettext_lazy("registration", "Void")

    number = models.CharField(_("registration number"), max_length=30, blank=True, editable=False)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    phone = models.CharField(_("phone"), max_length=40)
    need = models.TextField(_("need"), max_length=1000)
    organisation = models.CharField(pgettext_lazy("registration", "company"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("how they heard of us"),
    )
    source_detail = models.CharField(_("details of the source"), max_length=120, blank=True)
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("sales channel"),
    )
    interest = models.CharField(_("interested in"), max_length=200, blank=True)
    method = models.CharField(_("collected by"), max_length=14, choices=Method, blank=True)
    collected_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("registered by")
    )
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, default=Origin.WALK_IN)
    exhibition = models.ForeignKey(
        Exhibition, models.PROTECT, null=True, blank=True, related_name="registrations", verbose_name=_("exhibition")
    )
    answers = models.JSONField(_("answers"), default=list, blank=True)
    remark = models.CharField(_("remark"), max_length=400, blank=True)

    registered_on = models.DateField(_("registered on"), default=clock.today, editable=False)
    due_at = models.DateTimeField(_("file by"), null=True, editable=False)
    late_at = models.DateTimeField(_("noted as late"), null=True, editable=False)
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.OPEN, editable=False)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        editable=False,
        related_name="registrations",
        verbose_name=_("customer file"),
    )
    filed_at = models.DateTimeField(_("filed at"), null=True, editable=False)
    filed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("filed by")
    )
    suppliers = models.JSONField(default=dict, editable=False)
    consented_at = models.DateTimeField(_("consented at"), null=True, editable=False)
    consent = models.TextField(_("consent and its purpose"), blank=True, editable=False)
    edit_key = models.CharField(max_length=40, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("registration")
        indexes = [
            models.Index(fields=["company", "department", "registered_on"], condition=LIVE, name="registration_by_day"),
            models.Index(
                fields=["company", "due_at"], condition=Q(state="open", deleted_at=None), name="registration_open"
            ),
            models.Index(fields=["company", "phone"], condition=LIVE, name="registration_phone"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=~Q(number=""), name="registration_number")
        ]

    def __str__(self) -> str:
        return f"{self.organisation}（{self.name}）" if self.organisation else self.name

    @property
    def is_open(self) -> bool:
        return self.state == Registration.State.OPEN

    def clean(self) -> None:
        super().clean()
        normalise(self, {"phone": parse_phone, "email": check_email})
        if self.origin == Origin.EXHIBITION and self.exhibition is None:
            raise ValidationError({"exhibition": _("Say at which exhibition.")})
