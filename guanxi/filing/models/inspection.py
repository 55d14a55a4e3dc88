"""Inspection of files: plans, batches, findings with a person responsible, incentives, rectification (QUAL-08 to 13, 17)."""

from __future__ import annotations

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.customers.models.lists import LIVE
from guanxi.filing.models.facts import Origin
from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import IdField, Record, TagsField
from guanxi.org.models import OwnedRecord, User
from guanxi.sales.models import Order


class Defect(models.TextChoices):
    """What can be wrong with a file."""

    MISSING = "missing", _("Missing")
    IMPOSSIBLE = "impossible", _("Impossible")
    DUPLICATE = "duplicate", _("Duplicate")
    FICTITIOUS = "fictitious", _("Fictitious")
    MISBOOKED = "misbooked", _("Misbooked sale")
    UNTRUE = "untrue", _("Untrue")


CHECKED = [kind.value for kind in Defect if kind != Defect.UNTRUE]  # the last one only a person can know


class InspectionPlan(Record):
    """Which files are inspected how often, by which checks, and how long the branch has to mend them."""

    NAME = "name"

    class Period(models.TextChoices):
        WEEKLY = "weekly", _("Every week")
        MONTHLY = "monthly", _("Every month")

    class Files(models.TextChoices):
        NEW = "new", _("New files of the period")
        ALL = "all", _("All files")

    name = models.CharField(_("name"), max_length=60)
    period = models.CharField(_("period"), max_length=7, choices=Period, default=Period.WEEKLY)
    files = models.CharField(_("files"), max_length=3, choices=Files, default=Files.NEW)
    share = models.PositiveSmallIntegerField(
        _("share inspected (%)"), default=100, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    checks = TagsField(_("checks"))
    fix_days = models.PositiveSmallIntegerField(_("working days to mend"), default=3)
    is_active = models.BooleanField(_("in force"), default=True)

    class Meta:
        verbose_name = _("inspection plan")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        if strange := set(self.checks) - set(CHECKED):
            raise ValidationError({"checks": _("There is no check “%(name)s”.") % {"name": "、".join(sorted(strange))}})


class Inspection(OwnedRecord):  # type: ignore[django-manager-missing]
    """One batch: the files of one branch and one period under one plan; the owner is the inspector."""

    NAME = "number"

    class State(models.TextChoices):
        RUNNING = "running", pgettext_lazy("inspection", "Running")
        DONE = "done", pgettext_lazy("inspection", "Done")

    number = models.CharField(_("number"), max_length=30, editable=False)
    plan = models.ForeignKey(
        InspectionPlan,
        models.PROTECT,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("inspection plan"),
    )
    first = models.DateField(_("from"), editable=False)
    last = models.DateField(_("until"), editable=False)
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.RUNNING, editable=False)
    files = models.PositiveIntegerField(_("files"), default=0, editable=False)
    inspected = models.PositiveIntegerField(_("inspected"), default=0, editable=False)
    defective = models.PositiveIntegerField(_("defective"), default=0, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("inspection")
        indexes = [models.Index(fields=["company", "plan", "first"], name="inspection_of_plan")]

    def __str__(self) -> str:
        return f"{self.number} {self.department or ''}".strip()

    @property
    def rate(self) -> Decimal | None:
        """Percent of the inspected files that are defective."""
        return (Decimal(self.defective) * 100 / self.inspected).quantize(Decimal("0.1")) if self.inspected else None


class InspectedFile(models.Model):
    """A file drawn for a batch and how it came out, in the order of the drawing; `accountant` answers for its filing."""

    id = IdField(primary_key=True, default=new_id, editable=False)
    inspection = models.ForeignKey(Inspection, models.CASCADE, related_name="drawn")
    account = models.ForeignKey(Account, models.CASCADE, related_name="+")
    accountant = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    conforming = models.BooleanField(null=True)

    class Meta:
        verbose_name = _("inspected file")
        indexes = [models.Index(fields=["accountant", "id"], name="inspectedfile_of")]


class Finding(OwnedRecord):  # type: ignore[django-manager-missing]
    """A defect of one file; the owner is the person responsible by the origin of the fact (QUAL-17)."""

    NAME = "text"

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("finding", "Open")
        FIXED = "fixed", _("Mended")
        OBJECTED = "objected", _("Objected")
        CLOSED = "closed", pgettext_lazy("finding", "Closed")

    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, related_name="findings", editable=False, verbose_name=_("inspection")
    )
    account = models.ForeignKey(
        Account, models.PROTECT, related_name="findings", editable=False, verbose_name=_("customer")
    )
    kind = models.CharField(_("defect"), max_length=10, choices=Defect, editable=False)
    field = models.CharField(_("field"), max_length=40, editable=False)
    text = models.CharField(_("what is wrong"), max_length=300, editable=False)
    other = models.ForeignKey(
        Account,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("other file"),
    )
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("order")
    )
    origin = models.CharField(
        _("origin of the fact"), max_length=12, choices=Origin, default=Origin.FILING, editable=False
    )
    found_on = models.DateField(_("found on"), default=clock.today, editable=False)
    due_on = models.DateField(_("mend by"), editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN, editable=False)
    note = models.CharField(_("note"), max_length=400, blank=True, editable=False)
    sent_back = models.PositiveSmallIntegerField(_("sent back"), default=0, editable=False)
    rechecked_on = models.DateField(_("re-inspected on"), null=True, editable=False)
    overdue_on = models.DateField(_("noted as overdue"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("finding")
        indexes = [
            models.Index(fields=["company", "state", "due_on"], condition=LIVE, name="finding_by_state"),
            models.Index(fields=["company", "found_on"], condition=LIVE, name="finding_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "field"], condition=LIVE & ~Q(state="closed"), name="finding_one_open"
            )
        ]

    def __str__(self) -> str:
        return self.text


class Incentive(models.TextChoices):
    """What an inspection brings a person into the incentive ledger for (QUAL-09 to 11)."""

    STREAK = "filing.streak", _("Consecutive non-conforming files")
    UNTRUE = "filing.untrue", _("Untrue facts")
    NOT_DONE = "filing.not_done", _("Results not carried out")
    CLEAN = "filing.clean", _("A month without defects")


class Rectification(OwnedRecord):
    """A meeting and project after a large deviation; its costs are charged to the responsible branch (QUAL-13)."""

    NAME = "title"

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("rectification", "Proposed")
        RUNNING = "running", pgettext_lazy("rectification", "Running")
        DONE = "done", pgettext_lazy("rectification", "Done")
        DROPPED = "dropped", pgettext_lazy("rectification", "Dropped")

    title = models.CharField(_("title"), max_length=120)
    inspection = models.ForeignKey(
        Inspection, models.PROTECT, null=True, blank=True, related_name="rectifications", verbose_name=_("inspection")
    )
    reason = models.TextField(_("reason"), max_length=1000, blank=True)
    meeting_on = models.DateField(_("meeting on"), null=True, blank=True)
    measures = models.TextField(_("measures"), max_length=4000, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PROPOSED)
    cost = models.DecimalField(_("costs"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("rectification")

    def __str__(self) -> str:
        return self.title


class RectificationCost(Record):
    """A cost of a rectification: travel, lodging and the like."""

    NAME = "text"

    class Kind(models.TextChoices):
        TRAVEL = "travel", pgettext_lazy("cost", "Travel")
        LODGING = "lodging", _("Lodging")
        MEALS = "meals", _("Meals")
        OTHER = "other", _("Other")

    rectification = models.ForeignKey(
        Rectification, models.CASCADE, related_name="costs", editable=False, verbose_name=_("rectification")
    )
    kind = models.CharField(_("kind"), max_length=7, choices=Kind, default=Kind.TRAVEL)
    text = models.CharField(_("description"), max_length=120, blank=True)
    amount = models.DecimalField(
        _("amount"), max_digits=14, decimal_places=2, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        verbose_name = _("rectification cost")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
