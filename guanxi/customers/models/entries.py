"""What is written into a customer file over time: addresses, invoice headers, dates, needs, integrity."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models.accounts import Account, check_lunar, check_region
from guanxi.customers.models.choices import Method
from guanxi.customers.models.contacts import Contact
from guanxi.customers.models.fields import MonthDay, normalise
from guanxi.customers.models.lists import LIVE
from guanxi.formats.codes import (
    check_email,
    check_postcode,
    check_tax_id,
    invoice_header_problems,
    parse_phone,
)
from guanxi.formats.workdays import LunarBirthday
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import User
from guanxi.org.models.amounts import money_field


class Address(Record):
    class Kind(models.TextChoices):
        DELIVERY = "delivery", pgettext_lazy("address", "Delivery")
        OFFICE = "office", _("Office")
        INVOICE = "invoice", pgettext_lazy("address", "Invoices")
        INSTALLATION = "site", _("Installation site")

    account = models.ForeignKey(Account, models.PROTECT, related_name="addresses", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind, default=Kind.DELIVERY)
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200)
    postcode = models.CharField(_("postcode"), max_length=6, blank=True)
    receiver = models.CharField(_("receiver"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("address")

    def __str__(self) -> str:
        return self.address

    def clean(self) -> None:
        normalise(self, {"region_code": check_region, "postcode": check_postcode, "phone": parse_phone})


class InvoiceTitle(Record):
    """开票信息.  Each state it ever had is kept as a version, which issued invoices point to."""

    class Kind(models.TextChoices):
        SPECIAL = "special", _("Fully digital special invoice")
        ORDINARY = "ordinary", _("Fully digital ordinary invoice")
        PAPER = "paper", _("Paper invoice")

    NAME = "title"
    CONTENT = (
        "title",
        "kind",
        "tax_id",
        "address",
        "phone",
        "bank",
        "bank_account",
        "email",
        "mobile",
        "remark",
    )

    account = models.ForeignKey(Account, models.PROTECT, related_name="invoice_titles", verbose_name=_("account"))
    title = models.CharField(_("invoice title"), max_length=120)
    kind = models.CharField(_("kind of invoice"), max_length=8, choices=Kind, default=Kind.ORDINARY)
    tax_id = models.CharField(_("tax number"), max_length=20, blank=True)
    address = models.CharField(_("registered address"), max_length=200, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    bank = models.CharField(_("bank of deposit"), max_length=120, blank=True)
    bank_account = models.CharField(_("account number"), max_length=40, blank=True)
    email = models.CharField(_("e-mail for invoices"), max_length=254, blank=True)
    mobile = models.CharField(_("mobile for invoices"), max_length=40, blank=True)
    remark = models.CharField(_("default remark"), max_length=200, blank=True)
    is_default = models.BooleanField(_("default"), default=False)

    class Meta:
        verbose_name = _("invoice header")

    def __str__(self) -> str:
        return self.title

    @property
    def content(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in self.CONTENT}

    def clean(self) -> None:
        normalise(self, {"tax_id": check_tax_id, "phone": parse_phone, "mobile": parse_phone, "email": check_email})
        problems = invoice_header_problems(self.content, special=self.kind == self.Kind.SPECIAL)
        if self.account.kind == "person":
            problems.pop("tax_id", None)  # a private person has no taxpayer number
        if problems:
            raise ValidationError({name: [str(problem)] for name, problem in problems.items()})  # type: ignore[arg-type]


class InvoiceTitleVersion(Record):
    """An invoice header as it was from one day on; never changed."""

    NAME = "title"

    header = models.ForeignKey(
        InvoiceTitle,
        models.PROTECT,
        related_name="versions",
        db_index=False,
        verbose_name=_("invoice header"),
    )
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("invoice title"), max_length=120)
    content = models.JSONField(_("content"))

    class Meta:
        verbose_name = _("version of an invoice header")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["company", "header", "number"], name="invoicetitleversion_number")
        ]

    def __str__(self) -> str:
        return f"{self.title} V{self.number}"


class ImportantDate(Record):
    """INFO-06: a birthday, anniversary or event of an account or of one of its contacts, solar or lunar."""

    class Kind(models.TextChoices):
        BIRTHDAY = "birthday", _("Birthday")
        ANNIVERSARY = "anniversary", _("Anniversary")
        FOUNDING = "founding", _("Founding day")
        EVENT = "event", _("Major event")
        OTHER = "other", _("Other")

    account = models.ForeignKey(Account, models.PROTECT, related_name="dates", verbose_name=_("account"))
    contact = models.ForeignKey(
        Contact, models.PROTECT, null=True, blank=True, related_name="dates", verbose_name=_("contact")
    )
    kind = models.CharField(_("kind"), max_length=11, choices=Kind)
    title = models.CharField(_("title"), max_length=80)
    on = models.DateField(_("date"), null=True, blank=True)
    on_md = MonthDay(source="on")
    lunar_month = models.PositiveSmallIntegerField(_("lunar month"), null=True, blank=True)
    lunar_day = models.PositiveSmallIntegerField(_("lunar day"), null=True, blank=True)
    lunar_leap = models.BooleanField(_("leap month"), default=False)
    yearly = models.BooleanField(_("every year"), default=True)
    method = models.CharField(_("collected by"), max_length=14, choices=Method, blank=True)
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("important date")
        ordering = ["on_md", "id"]
        indexes = [
            models.Index(
                fields=["company", "on_md"], condition=LIVE & Q(on_md__isnull=False), name="importantdate_day"
            ),
            models.Index(
                fields=["company", "lunar_month", "lunar_day"],
                condition=LIVE & Q(lunar_month__isnull=False),
                name="importantdate_lunar",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def lunar(self) -> LunarBirthday | None:
        if self.lunar_month is None or self.lunar_day is None:
            return None
        return LunarBirthday(self.lunar_month, self.lunar_day, self.lunar_leap)

    def clean(self) -> None:
        check_lunar(self)
        if (self.on is None) == (self.lunar_month is None):
            raise ValidationError({"on": _("Give either a solar or a lunar date.")})
        if self.on is None and not self.yearly:
            raise ValidationError({"yearly": _("A lunar date without a year comes back every year.")})
        check_contact(self)


def check_contact(row: Any) -> None:
    """The contact named in an entry belongs to its account."""
    if row.contact_id and row.contact.account_id != row.account_id:
        raise ValidationError({"contact": _("This contact belongs to another account.")})


class Need(Record):
    """INFO-04: one dated need, opinion or suggestion, with who said it to whom and how."""

    NAME = "text"

    class Kind(models.TextChoices):
        NEED = "need", _("Need")
        OPINION = "opinion", _("Opinion")
        SUGGESTION = "suggestion", _("Suggestion")

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("need", "Open")
        ANSWERED = "answered", _("Answered")

    account = models.ForeignKey(Account, models.PROTECT, related_name="needs", verbose_name=_("account"))
    contact = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("given by"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.NEED)
    text = models.TextField(_("text"), max_length=4000)
    on = models.DateField(_("date"), default=clock.today)
    method = models.CharField(_("collected by"), max_length=14, choices=Method, blank=True)
    source_detail = models.CharField(_("details of the source"), max_length=120, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.OPEN, editable=False)
    answer = models.TextField(_("answer"), max_length=2000, blank=True, editable=False)
    answered_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("answered by"),
    )

    class Meta:
        verbose_name = _("need")
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.text[:40]

    def clean(self) -> None:
        check_contact(self)


class IntegrityEntry(Record):
    """INFO-05: an agreement kept or broken, a dispute, a way of paying."""

    class Kind(models.TextChoices):
        KEPT = "kept", _("Kept an agreement")
        BROKEN = "broken", _("Broke an agreement")
        DISPUTE = "dispute", _("Dispute")
        PAID_WELL = "paid_well", _("Paid on time")
        PAID_LATE = "paid_late", _("Paid late")

    account = models.ForeignKey(Account, models.PROTECT, related_name="integrity", verbose_name=_("account"))
    kind = models.CharField(_("kind"), max_length=9, choices=Kind)
    on = models.DateField(_("date"), default=clock.today)
    amount = money_field(_("amount"), null=True, blank=True)
    text = models.TextField(_("text"), max_length=4000)

    class Meta:
        verbose_name = _("integrity entry")
        ordering = ["-on", "-id"]

    def __str__(self) -> str:
        return self.text[:40]
