"""Opportunities with their lines, and every move between stages with its day (SALE-02, SALE-03)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import Product
from guanxi.customers.models import Account, Contact, Source
from guanxi.deals.models.pipelines import LIVE, LossReason, Pipeline, Stage
from guanxi.formats.money import cents
from guanxi.interactions.models import Competitor
from guanxi.interactions.models.contacts import of_this_customer
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field

ZERO = Decimal(0)
OPEN = "open"


class Importance(models.TextChoices):
    """Stored so that sorting puts the most important first."""

    HIGH = "1", _("High")
    MEDIUM = "2", _("Medium")
    LOW = "3", _("Low")


class Priority(models.TextChoices):
    FIRST = "1", _("First")
    NORMAL = "2", _("Normal")
    LATER = "3", _("Later")


class State(models.TextChoices):
    OPEN = "open", pgettext_lazy("opportunity", "Open")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")


class Forecast(models.TextChoices):
    COMMIT = "commit", _("Commit")
    BEST = "best", _("Best case")
    PIPELINE = "pipeline", _("In the pipeline")
    OMITTED = "omitted", _("Left out")


class Opportunity(OwnedRecord):  # type: ignore[django-manager-missing]
    """A possible sale.  It moves through the stages of its pipeline in order; only verbs move, win, lose and reopen it.

    With lines, `amount` is their sum.  `probability` is that of the stage unless `own_probability` says otherwise;
    `stalled_on` is the day from which it counts as stalled.
    """

    NAME = "name"

    number = models.CharField(
        _("opportunity number"), max_length=40, blank=True, help_text=_("Given automatically if left empty.")
    )
    name = models.CharField(_("name"), max_length=120)
    account = models.ForeignKey(Account, models.PROTECT, related_name="opportunities", verbose_name=_("customer"))
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("contact")
    )
    pipeline = models.ForeignKey(
        Pipeline, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pipeline"),
        help_text=_("Empty: the first one in use."),
    )  # fmt: skip
    stage = models.ForeignKey(
        Stage,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="opportunities",
        editable=False,
        verbose_name=pgettext_lazy("opportunity", "stage"),
    )
    entered_on = models.DateField(_("in the stage since"), default=clock.today, editable=False)
    stalled_on = models.DateField(_("stalled from"), null=True, blank=True, editable=False)
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OPEN, editable=False)

    amount = money_field(_("amount"))
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    begun_on = models.DateField(_("begun on"), default=clock.today)
    expected_on = models.DateField(_("expected close"), null=True, blank=True)
    own_probability = models.PositiveSmallIntegerField(
        _("own estimate (%)"), null=True, blank=True, help_text=_("Takes the place of the stage’s probability.")
    )
    probability = models.PositiveSmallIntegerField(_("probability (%)"), default=0, editable=False)
    forecast = models.CharField(_("forecast"), max_length=8, choices=Forecast, default=Forecast.PIPELINE)
    importance = models.CharField(_("importance"), max_length=1, choices=Importance, default=Importance.MEDIUM)
    priority = models.CharField(_("priority"), max_length=1, choices=Priority, default=Priority.NORMAL)
    competitor = models.ForeignKey(
        Competitor,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("competitor"),
    )
    source = models.ForeignKey(
        Source, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("source")
    )
    campaign = models.CharField(_("campaign"), max_length=80, blank=True)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    need = models.TextField(_("need"), max_length=2000, blank=True)
    remark = models.TextField(_("remark"), max_length=4000, blank=True)

    loss_reason = models.ForeignKey(
        LossReason,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("loss reason"),
    )
    loss_text = models.CharField(_("how it was lost"), max_length=400, blank=True, editable=False)
    won_on = models.DateField(_("won on"), null=True, blank=True, editable=False)
    lost_on = models.DateField(_("lost on"), null=True, blank=True, editable=False)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("opportunity")
        indexes = [
            models.Index(
                fields=["company", "expected_on"], condition=LIVE & Q(state=OPEN), name="opportunity_expected"
            ),
            models.Index(fields=["company", "stage"], condition=LIVE & Q(state=OPEN), name="opportunity_by_stage"),
            models.Index(fields=["company", "closed_at"], condition=LIVE & ~Q(state=OPEN), name="opportunity_closed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["company", "number"], condition=LIVE, name="opportunity_number"),
            models.CheckConstraint(
                condition=Q(amount__gte=0),
                name="opportunity_amount",
                violation_error_message=_("An amount cannot be negative."),
            ),
            models.CheckConstraint(
                condition=Q(own_probability=None) | Q(own_probability__lte=100),
                name="opportunity_probability",
                violation_error_message=_("A probability lies between 0 and 100 %."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        of_this_customer(self.contact, self.account_id)
        if self.stage is not None and self.pipeline_id != self.stage.pipeline_id:
            raise ValidationError({"pipeline": _("The pipeline stays as it is: the stages belong to it.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._derive()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "probability", "stalled_on"}
        super().save(*args, **kwargs)

    def _derive(self) -> None:
        """Probability and the day of stalling follow from state and stage."""
        stage, days = self.stage, None
        if self.state == State.OPEN and stage is not None:
            self.probability = stage.probability if self.own_probability is None else self.own_probability
            days = stage.stalled_after_days
        else:
            self.probability = 100 if self.state == State.WON else 0
        self.stalled_on = None if days is None else self.entered_on + timedelta(days=days)

    @property
    def is_open(self) -> bool:
        return self.state == State.OPEN and self.deleted_at is None

    @property
    def weighted(self) -> Decimal:
        """The amount times its probability."""
        return cents(self.amount * self.probability / 100)

    @property
    def days_in_stage(self) -> int:
        until = timezone.localtime(self.closed_at).date() if self.closed_at else clock.today()
        return max((until - self.entered_on).days, 0)


class OpportunityLine(Record):
    """A product, or a described item, that the customer may buy."""

    NAME = "description"

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="lines", editable=False, verbose_name=_("opportunity")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("product")
    )
    description = models.CharField(_("description"), max_length=200, blank=True)
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=4, default=Decimal(1))
    price = models.DecimalField(_("unit price"), max_digits=18, decimal_places=6, null=True, blank=True)
    amount = money_field(_("amount"), editable=False)

    class Meta:
        verbose_name = _("opportunity line")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & (Q(price=None) | Q(price__gte=0)),
                name="opportunityline_positive",
                violation_error_message=_("Quantity and price cannot be negative."),
            ),
        ]

    def __str__(self) -> str:
        return self.description

    def complete(self) -> None:
        """Fill in what the product says and work out the amount; bulk writers call it themselves."""
        if self.product is not None:
            self.description = self.description or self.product.name
            self.price = self.product.price if self.price is None else self.price
        self.price = ZERO if self.price is None else self.price
        self.amount = cents(self.quantity * self.price)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.complete()
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "description", "price", "amount"}
        super().save(*args, **kwargs)


class Move(models.TextChoices):
    BEGUN = "begun", _("Begun")
    ADVANCED = "advanced", _("Advanced")
    BACK = "back", _("Set back")
    WON = "won", _("Won")
    LOST = "lost", _("Lost")
    REOPENED = "reopened", _("Reopened")


MOVE_TONES = {"begun": "gray", "advanced": "blue", "back": "amber", "won": "green", "lost": "red", "reopened": "amber"}


class StageMove(Record):
    """One step of an opportunity: from where to where, when, by whom, after how many days, worth how much then."""

    NAME = "kind"

    opportunity = models.ForeignKey(
        Opportunity, models.CASCADE, related_name="moves", db_index=False, editable=False, verbose_name=_("opportunity")
    )
    kind = models.CharField(_("step"), max_length=8, choices=Move, editable=False)
    before = models.ForeignKey(
        Stage, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("from stage")
    )
    after = models.ForeignKey(
        Stage, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("to stage")
    )
    on = models.DateField(_("day"), default=clock.today, editable=False)
    moved_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("moved by")
    )
    days = models.PositiveIntegerField(_("days in the stage before"), default=0, editable=False)
    amount = money_field(_("amount then"), editable=False)
    reason = models.CharField(_("reason"), max_length=400, blank=True, editable=False)

    class Meta:
        verbose_name = _("stage move")
        indexes = [
            models.Index(F("opportunity"), F("id").desc(), name="move_of_opportunity"),
            models.Index(fields=["company", "on"], name="move_by_day"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
