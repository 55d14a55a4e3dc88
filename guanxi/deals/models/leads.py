"""Leads: names that may become customers, who got them by which rule, the pool of those nobody has (SALE-04)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account, Contact, Source
from guanxi.customers.models.accounts import check_region
from guanxi.customers.models.choices import Industry, Kind
from guanxi.customers.models.fields import NameKey, normalise
from guanxi.deals.models.opportunities import Importance, Opportunity, Priority
from guanxi.deals.models.pipelines import LIVE
from guanxi.formats.codes import check_email, parse_phone
from guanxi.interactions.models.contacts import Channel
from guanxi.kernel import clock
from guanxi.kernel.models import Record, TagsField
from guanxi.org.models import Department, OwnedRecord, Role, Team, User
from guanxi.pool.models import Held, Lying, Pool

OPEN = "open"


class Way(models.TextChoices):
    """How a lead came to us."""

    FORM = "form", _("Entered by hand")
    IMPORT = "import", pgettext_lazy("way of a lead", "Import")
    MAIL = "mail", _("Letter by e-mail")
    WEB = "web", _("Public form")
    CARD = "card", _("Business card")
    API = "api", _("Interface for programs")


class InvalidReason(Record):
    """Why a lead came to nothing; a company keeps the list itself."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("reason of invalid leads")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="invalid_reason_name")]

    def __str__(self) -> str:
        return self.name


class Lead(OwnedRecord):  # type: ignore[django-manager-missing]
    """A company or person that may buy.  Without owner it lies in the pool; converted it says what it became."""

    NAME = "name"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("lead", "Open")
        CONVERTED = "converted", _("Converted")
        INVALID = "invalid", _("Invalid")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.COMPANY)
    name = models.CharField(_("name"), max_length=120)
    name_key = NameKey()
    person = models.CharField(_("contact person"), max_length=60, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    industry = models.CharField(_("industry"), max_length=1, choices=Industry, blank=True)
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("source")
    )
    source_detail = models.CharField(_("details of the source"), max_length=120, blank=True)
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    way = models.CharField(_("came in by"), max_length=6, choices=Way, default=Way.FORM, editable=False)
    need = models.TextField(_("need"), max_length=2000, blank=True)
    importance = models.CharField(_("importance"), max_length=1, choices=Importance, default=Importance.MEDIUM)
    priority = models.CharField(_("priority"), max_length=1, choices=Priority, default=Priority.NORMAL)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    tags = TagsField(_("tags"))
    remark = models.TextField(_("remark"), max_length=4000, blank=True)

    state = models.CharField(_("state"), max_length=9, choices=State, default=State.OPEN, editable=False)
    invalid_reason = models.ForeignKey(
        InvalidReason, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("reason why invalid"),
    )  # fmt: skip
    invalid_text = models.CharField(_("why it is invalid"), max_length=400, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)
    account = models.ForeignKey(
        Account, models.PROTECT, null=True, blank=True, related_name="leads", editable=False, verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="leads", editable=False, verbose_name=_("contact")
    )
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="leads", editable=False,
        verbose_name=_("opportunity"),
    )  # fmt: skip
    recycle_on = models.DateField(_("expected recycling"), null=True, blank=True, editable=False)
    warned_on = models.DateField(_("warned on"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = pgettext_lazy("sales", "lead")
        indexes = [
            models.Index(fields=["company", "name_key"], condition=LIVE, name="lead_name_key"),
            models.Index(fields=["company", "state", "next_contact_on"], condition=LIVE, name="lead_by_next"),
            models.Index(fields=["company", "recycle_on"], condition=LIVE & Q(state=OPEN), name="lead_recycling"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        checks = {"mobile": parse_phone, "phone": parse_phone, "email": check_email, "region_code": check_region}
        normalise(self, checks)

    @property
    def is_open(self) -> bool:
        return self.state == Lead.State.OPEN and self.deleted_at is None


class LeadNote(OwnedRecord):
    """A follow-up of a lead (the owner is who did it); with the conversion it becomes a dealing with the customer."""

    NAME = "content"

    lead = models.ForeignKey(
        Lead, models.CASCADE, related_name="notes", db_index=False, verbose_name=pgettext_lazy("sales", "lead")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, default=Channel.PHONE)
    at = models.DateTimeField(pgettext_lazy("moment", "at"), default=clock.now)
    content = models.TextField(_("content"), max_length=2000)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("follow-up of a lead")
        indexes = [
            models.Index(F("lead"), F("at").desc(), name="note_of_lead"),
            models.Index(fields=["company", "at"], condition=LIVE, name="note_by_time"),
        ]

    def __str__(self) -> str:
        return self.content[:40]

    @property
    def on(self) -> Any:
        return timezone.localtime(self.at).date()


class AssignmentRule(Record):
    """Leads of `where` that come in without owner go to one of the candidates; the first rule that fits decides.

    Candidates are the named people, the members of the team and the holders of the role, in the department and below.
    """

    NAME = "name"

    class Method(models.TextChoices):
        TURN = "turn", _("In turn")
        LOAD = "load", _("Whoever has the fewest open leads")

    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=100)
    is_active = models.BooleanField(_("switched on"), default=True)
    where = models.JSONField(_("which leads"), default=dict, blank=True)
    method = models.CharField(
        _("who gets it"), max_length=4, choices=Method, default=Method.TURN,
        help_text=_("With one candidate it is always that person."),
    )  # fmt: skip
    people = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("people"))
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("team")
    )
    role = models.ForeignKey(
        Role, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("role")
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("department"),
        help_text=_("Only people of this department and those below it."),
    )  # fmt: skip
    last_given = models.BigIntegerField(null=True, editable=False)  # the id of the person whose turn was last

    class Meta:
        verbose_name = _("assignment rule")
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="assignment_rule_name")]

    def __str__(self) -> str:
        return self.name


class LeadRecycleRule(Record):
    """Open leads of `where` go into a pool `days` after the last follow-up, or after their owner got them."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=100)
    pool = models.ForeignKey(
        Pool, models.PROTECT, null=True, blank=True, related_name="lead_rules", verbose_name=_("into the pool"),
        help_text=_("Empty: the default pool."),
    )  # fmt: skip
    where = models.JSONField(_("which leads"), default=dict, blank=True)
    days = models.PositiveSmallIntegerField(_("days"), default=15)
    warn_days = models.PositiveSmallIntegerField(
        _("warning days"), default=3, help_text=_("So many days before, at the latest, the owner is told.")
    )
    is_active = models.BooleanField(_("switched on"), default=False)

    class Meta:
        verbose_name = _("recycle rule for leads")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="lead_recycle_rule_name")
        ]

    def __str__(self) -> str:
        return self.name


class LeadStay(Lying):
    """A lead that lies in a pool now."""

    lead = models.OneToOneField(Lead, models.CASCADE, related_name="stay", verbose_name=pgettext_lazy("sales", "lead"))

    class Meta:
        verbose_name = _("pool lead")
        indexes = [
            models.Index(
                F("company"), F("entered_at").desc(), F("id").desc(), condition=LIVE, name="leadstay_by_entry"
            ),
        ]


class LeadTenure(Held):
    """Who had a lead; `rule` is the assignment rule that gave it, `given_by` the person who did."""

    NAME = "lead"

    lead = models.ForeignKey(
        Lead,
        models.CASCADE,
        related_name="tenures",
        db_index=False,
        editable=False,
        verbose_name=pgettext_lazy("sales", "lead"),
    )
    rule = models.ForeignKey(
        AssignmentRule, models.SET_NULL, null=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("assignment rule"),
    )  # fmt: skip
    given_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("given by")
    )

    class Meta:
        verbose_name = _("time with a lead")
        indexes = [models.Index(fields=["lead", "-id"], name="leadtenure_of")]
        constraints = [models.UniqueConstraint(fields=["lead"], condition=Q(until=None), name="leadtenure_open")]
