"""Contracts with their clauses, what both sides owe by when, and disputes about them (CONTR-01..05)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.deals.models import Opportunity
from guanxi.kernel import clock
from guanxi.offers.models import Quote
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field

LIVE = Q(deleted_at=None)
MUST = ("product_terms", "price_terms", "delivery_terms", "service_terms", "maintenance_terms")


def terms(label: Any) -> models.TextField[Any, Any]:
    return models.TextField(label, max_length=8000, blank=True)


class Contract(OwnedRecord):  # type: ignore[django-manager-missing]
    """An agreement with a customer.  `renews` names the one it follows; a review holds for the text as it was reviewed."""

    NAME = "title"

    class Kind(models.TextChoices):
        SALE = "sale", _("Sale")
        FRAMEWORK = "framework", _("Framework agreement")
        SERVICE = "service", pgettext_lazy("contract", "Service")
        LEASE = "lease", _("Lease")
        OTHER = "other", _("Other")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        APPROVED = "approved", _("Reviewed")
        RUNNING = "running", pgettext_lazy("contract", "Running")
        ENDING = "ending", _("Settled, runs out")
        ENDED = "ended", _("Ended")
        TERMINATED = "terminated", _("Terminated")

    number = models.CharField(
        _("contract number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    title = models.CharField(_("title"), max_length=120)
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="contracts", db_index=False, verbose_name=_("customer")
    )
    quote = models.ForeignKey(
        Quote, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("quote")
    )
    opportunity = models.ForeignKey(
        Opportunity, models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name=_("opportunity")
    )
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.SALE)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    amount = money_field(_("amount"))
    starts_on = models.DateField(_("starts on"), null=True, blank=True)
    ends_on = models.DateField(_("ends on"), null=True, blank=True)
    product_terms = terms(_("products"))
    price_terms = terms(_("price and payment"))
    delivery_terms = terms(_("way of delivery"))
    service_terms = terms(_("content of the service"))
    maintenance_terms = terms(_("responsibility for maintenance"))
    other_terms = terms(_("other clauses"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    reviewed_at = models.DateTimeField(_("reviewed at"), null=True, blank=True, editable=False)
    reviewed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=pgettext_lazy("contract", "reviewed by"),
    )  # fmt: skip
    signed_on = models.DateField(_("signed on"), null=True, editable=False)
    signed_name = models.CharField(_("signed for the customer by"), max_length=60, blank=True, editable=False)
    filed_on = models.DateField(_("filed on"), null=True, editable=False)
    shelf = models.CharField(_("shelf number"), max_length=60, blank=True, editable=False)
    renews = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="renewed_by",
        verbose_name=_("follows"),
    )  # fmt: skip
    over_on = models.DateField(_("terminated on"), null=True, editable=False)
    reason = models.CharField(_("reason"), max_length=200, blank=True, editable=False)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("contract")
        indexes = [
            models.Index(F("account"), F("ends_on").desc(), name="contract_of_account"),
            models.Index(fields=["company", "state", "ends_on"], condition=LIVE, name="contract_by_end"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], name="contract_number"),
            models.CheckConstraint(
                condition=Q(amount__gte=0), name="contract_amount",
                violation_error_message=_("An amount cannot be negative."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.starts_on is not None and self.ends_on is not None and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": _("The end lies before the beginning.")})
        if self.quote is not None and self.quote.account_id != self.account_id:
            raise ValidationError({"quote": _("This quote belongs to another customer.")})
        if self.opportunity is not None and self.opportunity.account_id != self.account_id:
            raise ValidationError({"opportunity": _("This opportunity belongs to another customer.")})

    @property
    def in_force(self) -> bool:
        return self.state in IN_FORCE

    @property
    def days_left(self) -> int | None:
        """Until the end; negative when it is over."""
        return (self.ends_on - clock.today()).days if self.ends_on is not None else None


IN_FORCE = (Contract.State.RUNNING, Contract.State.ENDING)


class Obligation(OwnedRecord):
    """What one side has to do by a day; our owner looks after both sides (CONTR-04)."""

    NAME = "what"

    class Side(models.TextChoices):
        OURS = "ours", _("Ours")
        THEIRS = "theirs", _("The customer’s")

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="obligations", verbose_name=_("contract"))
    side = models.CharField(_("side"), max_length=6, choices=Side, default=Side.OURS)
    what = models.CharField(_("what has to be done"), max_length=200)
    due_on = models.DateField(_("due on"))
    remind_days = models.PositiveSmallIntegerField(_("remind before (days)"), default=7)
    done_on = models.DateField(_("done on"), null=True, editable=False)
    reminded_on = models.DateField(_("reminded on"), null=True, editable=False)
    told_on = models.DateField(_("customer reminded on"), null=True, editable=False)
    note = models.TextField(_("note"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("obligation")
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["company", "due_on"], condition=LIVE & Q(done_on=None), name="obligation_open"),
        ]

    def __str__(self) -> str:
        return self.what


class Dispute(OwnedRecord):
    """A problem with a contract, by when it should be settled, and what came of it (CONTR-05)."""

    NAME = "what"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("dispute", "Open")
        SETTLED = "settled", _("Settled")

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="disputes", verbose_name=_("contract"))
    what = models.CharField(_("what it is about"), max_length=200)
    since = models.DateField(_("since"), default=clock.today)
    due_on = models.DateField(_("to be settled by"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.OPEN, editable=False)
    measures = models.TextField(_("measures"), max_length=4000, blank=True)
    result = models.TextField(_("result"), max_length=4000, blank=True, editable=False)
    settled_on = models.DateField(_("settled on"), null=True, editable=False)
    reminded_on = models.DateField(_("reminded on"), null=True, editable=False)

    class Meta:
        verbose_name = _("dispute")
        ordering = ["-since", "-id"]

    def __str__(self) -> str:
        return self.what
