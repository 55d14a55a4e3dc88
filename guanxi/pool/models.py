"""The public pool: pools with their rules, who lies in them, who had whom, when a customer goes back, what was used up."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.customers.models.lists import LIVE
from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company, IdField, Record, TagsField
from guanxi.org.models import Department, User

CLOSED_BY_DEFAULT = ("phone", "email", "address", "contacts")


def _closed() -> list[str]:
    return list(CLOSED_BY_DEFAULT)


def _limit(label: Any, default: int, **more: Any) -> models.PositiveIntegerField:  # type: ignore[type-arg]
    return models.PositiveIntegerField(label, null=True, blank=True, default=default, **more)


class Content(models.TextChoices):
    """What lies in a pool; apps above fill those for leads."""

    CUSTOMERS = "customers", _("Customers")
    LEADS = "leads", _("Leads")


class Pool(Record):
    """A place for customers or leads nobody looks after.  Without departments it serves the whole company; an empty
    limit is none."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=40)
    content = models.CharField(_("holds"), max_length=9, choices=Content, default=Content.CUSTOMERS)
    departments = models.ManyToManyField(Department, blank=True, related_name="+", verbose_name=_("departments"))
    administrators = models.ManyToManyField(User, blank=True, related_name="+", verbose_name=_("administrators"))
    hidden = TagsField(_("hidden until claimed"), default=_closed)
    holding_limit = _limit(_("customers a person may hold"), 100)
    claims_per_day = _limit(_("claims a day"), 10)
    views_per_day = _limit(_("views a day"), 100, help_text=_("Opening a customer of the pool counts once a day."))
    cool_down_days = models.PositiveSmallIntegerField(
        _("cool-down (days)"), default=7, help_text=_("So long the former owner may not claim the customer again.")
    )
    is_default = models.BooleanField(_("default pool"), default=False, editable=False)
    is_active = models.BooleanField(_("in use"), default=True)
    remark = models.TextField(_("remark"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("pool")
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="pool_name"),
            models.UniqueConstraint(
                fields=["company", "content"],
                condition=LIVE & Q(is_default=True),
                name="pool_default",
                violation_error_message=_("Another pool is the default already; take it from that one first."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ReturnReason(Record):
    """Why a customer goes back into a pool; a company keeps the list itself."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=40)
    position = models.PositiveSmallIntegerField(_("position"), default=100)

    class Meta:
        verbose_name = _("return reason")
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="return_reason_name")]

    def __str__(self) -> str:
        return self.name


class Cause(models.TextChoices):
    RETURNED = "returned", _("Returned")
    RECYCLED = "recycled", _("Recycled")
    UNOWNED = "unowned", _("Without owner")


class Lying(Record):
    """Something that lies in a pool now; the row is gone the moment somebody gets it."""

    name = models.CharField(_("name"), max_length=120, editable=False)
    pool = models.ForeignKey(
        Pool, models.PROTECT, related_name="%(class)ss", db_index=False, editable=False, verbose_name=_("pool")
    )
    entered_at = models.DateTimeField(_("in the pool since"), default=clock.now, editable=False)
    cause = models.CharField(_("came by"), max_length=8, choices=Cause, editable=False)
    reason = models.CharField(_("return reason"), max_length=80, blank=True, editable=False)
    details = models.CharField(_("remark on the return"), max_length=400, blank=True, editable=False)
    former_owner = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("former owner"),
    )
    former_department = models.ForeignKey(
        Department,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("former department"),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name


class Stay(Lying):
    """A customer that lies in a pool now."""

    account = models.OneToOneField(Account, models.CASCADE, related_name="stay", verbose_name=_("account"))

    class Meta:
        verbose_name = _("pool customer")
        indexes = [
            models.Index(F("company"), F("entered_at").desc(), F("id").desc(), condition=LIVE, name="stay_by_entry"),
            models.Index(F("pool"), F("entered_at").desc(), F("id").desc(), condition=LIVE, name="stay_by_pool"),
        ]


class Way(models.TextChoices):
    """How a person came to a customer, or ceased to have it."""

    OWN = "own", _("Entered the customer")
    CLAIMED = "claimed", _("Claimed")
    ASSIGNED = "assigned", _("Assigned")
    HANDED = "handed", _("Handed over")
    RETURNED = "returned", _("Returned")
    RECYCLED = "recycled", _("Recycled")
    CHANGED = "changed", _("Changed")


class Held(Record):
    """Who looked after something from when to when, how it began and why it ended."""

    holder = models.ForeignKey(
        User, models.PROTECT, related_name="+", db_index=False, editable=False, verbose_name=_("owner")
    )
    since = models.DateField(_("from"), default=clock.today, editable=False)
    until = models.DateField(_("until"), null=True, blank=True, editable=False)
    began = models.CharField(_("came by"), max_length=8, choices=Way, editable=False)
    ended = models.CharField(_("ended by"), max_length=8, choices=Way, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=400, blank=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.holder} {self.since}"


class Tenure(Held):
    """Who looked after a customer."""

    NAME = "account"

    account = models.ForeignKey(
        Account, models.CASCADE, related_name="tenures", db_index=False, editable=False, verbose_name=_("account")
    )

    class Meta:
        verbose_name = _("time of ownership")
        indexes = [models.Index(fields=["account", "-id"], name="tenure_of")]
        constraints = [models.UniqueConstraint(fields=["account"], condition=Q(until=None), name="tenure_open")]


class RecycleRule(Record):
    """Customers of `where` go into a pool `days` after the day in `count_from` or after their owner got them."""

    NAME = "name"

    name = models.CharField(_("name"), max_length=60)
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=100)
    pool = models.ForeignKey(
        Pool, models.PROTECT, null=True, blank=True, related_name="rules", verbose_name=_("into the pool"),
        help_text=_("Empty: the default pool."),
    )  # fmt: skip
    where = models.JSONField(_("which customers"), default=dict, blank=True)
    count_from = models.CharField(
        _("days count from"), max_length=60, default="last_contact_on",
        help_text=_("Never from before the day on which the present owner got the customer."),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(_("days"), default=30)
    warn_days = models.PositiveSmallIntegerField(
        _("warning days"), default=7, help_text=_("So many days before, at the latest, the owner is told.")
    )
    is_active = models.BooleanField(_("switched on"), default=False)

    class Meta:
        verbose_name = _("recycle rule")
        constraints = [models.UniqueConstraint(fields=["company", "name"], condition=LIVE, name="recycle_rule_name")]

    def __str__(self) -> str:
        return self.name


class Watch(models.Model):
    """Whether a customer is kept out of recycling, and when it goes otherwise; derived but for the protection."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="watch")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    protected = models.BooleanField(_("protected from recycling"), default=False)
    recycle_on = models.DateField(_("expected recycling"), null=True)
    rule = models.ForeignKey(RecycleRule, models.SET_NULL, null=True, related_name="+", verbose_name=_("recycle rule"))
    warned_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("recycling of a customer")
        # Lists join this to accounts of one company, so the date leads and the account settles ties.
        indexes = [
            models.Index(F("recycle_on").desc(), F("account").desc(), name="watch_by_day"),
            models.Index(fields=["company", "recycle_on"], condition=Q(recycle_on__isnull=False), name="watch_due"),
        ]


class Quota(models.Model):
    """What one person has used of a pool on one day."""

    id = IdField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    pool = models.ForeignKey(Pool, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    claims = models.PositiveIntegerField(default=0)
    views = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("use of a pool")
        constraints = [models.UniqueConstraint(fields=["user", "pool", "day"], name="quota_of_a_day")]


class Glance(models.Model):
    """That a person has opened a customer of a pool on a day: opening it again is free."""

    id = IdField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="+", db_index=False)
    account = models.ForeignKey(Account, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()

    class Meta:
        verbose_name = _("opened pool customer")
        constraints = [models.UniqueConstraint(fields=["user", "account", "day"], name="glance_of_a_day")]
