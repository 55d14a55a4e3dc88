"""What is exchanged with an ERP, and every file that was taken in or written (ORDER-06)."""

from __future__ import annotations

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.models import Job, Record
from guanxi.org.models import User


class ErpLink(Record):
    """One kind of object, its folder below the data directory, and which of the two systems leads."""

    NAME = "name"

    class What(models.TextChoices):
        CUSTOMERS = "customers.account", _("Customers")
        PRODUCTS = "catalog.product", _("Products")
        ORDERS = "sales.order", _("Orders")
        RECEIPTS = "sales.receipt", _("Receipts")

    class Direction(models.TextChoices):
        IN = "in", _("From the ERP")
        OUT = "out", _("To the ERP")
        BOTH = "both", _("Both ways")

    class Format(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "XLSX"

    class Leader(models.TextChoices):
        ERP = "erp", _("The ERP")
        HERE = "here", _("This system")

    name = models.CharField(_("name"), max_length=60)
    what = models.CharField(_("objects"), max_length=40, choices=What)
    folder = models.CharField(
        _("folder"), max_length=40, validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]*$", _("Small letters, digits and hyphens."))],
        help_text=_("Below erp/<company> in the data directory; in, out, done and failed are made in it."),
    )  # fmt: skip
    direction = models.CharField(_("direction"), max_length=4, choices=Direction, default=Direction.BOTH)
    format = models.CharField(_("format"), max_length=4, choices=Format, default=Format.CSV)
    leader = models.CharField(
        _("leading system"), max_length=4, choices=Leader, default=Leader.ERP,
        help_text=_("Where this system leads, files bring what is new and change nothing."),
    )  # fmt: skip
    key = models.CharField(
        _("key field"), max_length=60, blank=True,
        help_text=_("By which rows are found again; the number or code if left empty."),
    )  # fmt: skip
    person = models.ForeignKey(
        User, models.PROTECT, related_name="+", verbose_name=_("acts as"),
        help_text=_("Files are taken in and written with this person's rights."),
    )  # fmt: skip
    match = models.BooleanField(
        _("match receipts"), default=False, help_text=_("New receipts pay the open orders that are due first.")
    )
    active = models.BooleanField(_("active"), default=True)
    sent_until = models.DateTimeField(_("written until"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("ERP exchange")
        constraints = [
            models.UniqueConstraint(
                fields=["company", "folder"], condition=Q(deleted_at=None), name="erplink_folder",
                violation_error_message=_("Another exchange uses this folder."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.name


class ErpRun(Record):
    """One file: what it was, by its content, and what became of it."""

    NAME = "file"

    class State(models.TextChoices):
        DONE = "done", _("Done")
        PARTLY = "partly", _("Done in part")
        FAILED = "failed", _("Failed")
        KNOWN = "known", _("Known already")

    link = models.ForeignKey(ErpLink, models.CASCADE, related_name="runs", verbose_name=_("ERP exchange"))
    direction = models.CharField(_("direction"), max_length=4, choices=ErpLink.Direction)
    file = models.CharField(_("file"), max_length=200)
    digest = models.CharField(_("content (SHA-256)"), max_length=64, blank=True)
    state = models.CharField(_("state"), max_length=6, choices=State)
    added = models.PositiveIntegerField(_("new rows"), default=0)
    changed = models.PositiveIntegerField(_("changed rows"), default=0)
    failed = models.PositiveIntegerField(_("rows in error"), default=0)
    written = models.PositiveIntegerField(_("rows written"), default=0)
    message = models.CharField(_("message"), max_length=400, blank=True)
    job = models.ForeignKey(
        Job, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False, editable=False
    )

    class Meta:
        verbose_name = _("ERP file")
        indexes = [models.Index(F("link"), F("created_at").desc(), name="erprun_newest")]

    def __str__(self) -> str:
        return self.file
