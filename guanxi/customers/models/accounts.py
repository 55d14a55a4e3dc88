"""Accounts: the companies and persons we sell to and look after, existing and potential."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import choices
from guanxi.customers.models.fields import MonthDay, NameKey, OptionalCode, normalise
from guanxi.customers.models.lists import LIVE, Channel, Source
from guanxi.formats.codes import check_email, check_uscc, parse_phone
from guanxi.formats.regions import region
from guanxi.formats.workdays import LunarBirthday
from guanxi.kernel import clock
from guanxi.kernel.models import TagsField
from guanxi.org.models import OwnedRecord, User
from guanxi.org.models.amounts import money_field

DEEPEST = 20  # levels of a group of companies


class Born(models.Model):
    """Who has a birthday: solar, lunar, or both."""

    gender = models.CharField(_("gender"), max_length=6, choices=choices.Gender, blank=True)
    birth_date = models.DateField(_("birth date"), null=True, blank=True)
    birth_md = MonthDay(source="birth_date")
    lunar_month = models.PositiveSmallIntegerField(_("lunar month"), null=True, blank=True)
    lunar_day = models.PositiveSmallIntegerField(_("lunar day"), null=True, blank=True)
    lunar_leap = models.BooleanField(_("leap month"), default=False)

    class Meta:
        abstract = True

    @property
    def lunar_birthday(self) -> LunarBirthday | None:
        if self.lunar_month is None or self.lunar_day is None:
            return None
        return LunarBirthday(self.lunar_month, self.lunar_day, self.lunar_leap)


def check_birth(row: Any) -> None:
    """Nobody is born in the future."""
    if row.birth_date is not None and row.birth_date > clock.today():
        raise ValidationError({"birth_date": _("This day is still to come.")})
    check_lunar(row)


def check_lunar(row: Any) -> None:
    """Month and day come together and exist in the lunar calendar."""
    if (row.lunar_month is None) != (row.lunar_day is None):
        raise ValidationError({"lunar_day": _("A lunar birthday needs month and day.")})
    if row.lunar_month is not None and not (1 <= row.lunar_month <= 12 and 1 <= row.lunar_day <= 30):
        raise ValidationError({"lunar_day": _("A lunar date has a month from 1 to 12 and a day from 1 to 30.")})


def check_region(code: str) -> str:
    """A six-digit region code, retired ones included (`region_code` is dated by the address it was typed with)."""
    try:
        return region(code).code
    except LookupError:
        from guanxi.formats.values import BadValue

        raise BadValue(_("There is no region with the code %(code)s."), code=code) from None


class Account(OwnedRecord, Born):  # type: ignore[django-manager-missing]
    """A customer.  Grade, stage, completeness and the dates of facts are derived; nobody types them in."""

    NAME = "name"

    kind = models.CharField(_("kind"), max_length=8, choices=choices.Kind, default=choices.Kind.COMPANY)
    name = models.CharField(_("name"), max_length=120)
    name_key = NameKey()
    code = OptionalCode(_("code"), max_length=40)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    former_names = models.CharField(_("former names"), max_length=400, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="subsidiaries",
        db_index=False,
        verbose_name=_("parent company"),
    )
    industry = models.CharField(_("industry"), max_length=1, choices=choices.Industry, blank=True)
    scale = models.CharField(_("scale"), max_length=8, choices=choices.Scale, blank=True)

    source = models.ForeignKey(
        Source,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("source"),
    )
    source_detail = models.CharField(_("details of the source"), max_length=120, blank=True)
    method = models.CharField(_("collected by"), max_length=14, choices=choices.Method, blank=True)
    channel = models.ForeignKey(
        Channel,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("sales channel"),
    )

    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    website = models.CharField(_("website"), max_length=200, blank=True)
    country = models.CharField(_("country"), max_length=2, default="CN")
    region_code = models.CharField(_("region"), max_length=6, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)

    credit_code = OptionalCode(_("credit code"), max_length=18)
    legal_form = models.CharField(_("legal form"), max_length=60, blank=True)
    representative = models.CharField(_("legal representative"), max_length=60, blank=True)
    registered_capital = money_field(_("registered capital"), null=True, blank=True)
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    business_scope = models.TextField(_("business scope"), max_length=4000, blank=True)

    employer = models.CharField(_("employer"), max_length=120, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    occupation = models.CharField(_("occupation"), max_length=60, blank=True)
    education = models.CharField(_("education"), max_length=8, choices=choices.Education, blank=True)
    income_band = models.CharField(_("monthly income"), max_length=8, choices=choices.Income, blank=True)

    preferences = models.TextField(_("preferences"), max_length=2000, blank=True)
    lifestyle = models.TextField(_("lifestyle and values"), max_length=2000, blank=True)
    buying_behaviour = models.TextField(_("buying behaviour"), max_length=2000, blank=True)
    industry_traits = models.TextField(_("industry traits"), max_length=2000, blank=True)
    business_needs = models.TextField(_("business needs"), max_length=2000, blank=True)
    development_trend = models.TextField(_("development trend"), max_length=2000, blank=True)

    is_key = models.BooleanField(_("key customer"), default=False)
    is_strategic = models.BooleanField(_("strategic"), default=False)
    potential = models.CharField(_("development potential"), max_length=6, choices=choices.Level, blank=True)
    purchasing_power = models.CharField(_("purchasing power"), max_length=6, choices=choices.Level, blank=True)
    attitude = models.CharField(_("attitude"), max_length=8, choices=choices.Attitude, blank=True)
    early_adopter = models.BooleanField(_("first adopter"), default=False)
    grade = models.CharField(_("grade"), max_length=1, choices=choices.Grade, blank=True, editable=False)
    stage = models.CharField(
        _("stage"), max_length=9, choices=choices.Stage, default=choices.Stage.POTENTIAL, editable=False
    )

    credit_standing = models.CharField(_("credit rating"), max_length=3, choices=choices.Credit, blank=True)
    credit_limit = money_field(_("credit limit"), null=True, blank=True)
    payment_terms_days = models.PositiveSmallIntegerField(_("payment terms (days)"), null=True, blank=True)

    tags = TagsField(_("tags"))
    remark = models.TextField(_("remark"), max_length=4000, blank=True)
    completeness = models.PositiveSmallIntegerField(_("completeness (%)"), default=0, editable=False)
    confirmed_on = models.DateField(_("last confirmed"), null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        editable=False,
        verbose_name=_("confirmed by"),
    )
    first_order_on = models.DateField(_("first order"), null=True, blank=True, editable=False)
    last_order_on = models.DateField(_("last order"), null=True, blank=True, editable=False)
    last_contact_on = models.DateField(_("last contact"), null=True, blank=True, editable=False)
    next_contact_on = models.DateField(_("next contact"), null=True, blank=True)
    contact_every = models.PositiveSmallIntegerField(
        _("return visit at least every (days)"), null=True, blank=True, validators=[MinValueValidator(1)],
        help_text=_("As this customer needs it. Empty: as its class says."),
    )  # fmt: skip
    retired_on = models.DateField(_("retired on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("account")
        # One index for each thing that is sorted or looked up among a million rows, over live rows only.
        indexes = [
            models.Index(fields=["company", "name", "id"], condition=LIVE, name="account_by_name"),
            models.Index(fields=["company", "last_contact_on", "id"], condition=LIVE, name="account_by_contact"),
            models.Index(
                fields=["company", "next_contact_on", "id"],
                condition=LIVE & Q(next_contact_on__isnull=False),
                name="account_by_next",
            ),
            models.Index(
                fields=["company", "contact_every"],
                condition=LIVE & Q(contact_every__isnull=False),
                name="account_by_every",
            ),
            models.Index(fields=["company", "grade", "id"], condition=LIVE, name="account_by_grade"),
            models.Index(fields=["company", "stage", "id"], condition=LIVE, name="account_by_stage"),
            models.Index(fields=["company", "department", "id"], condition=LIVE, name="account_by_department"),
            models.Index(fields=["company", "id"], condition=LIVE & Q(owner=None), name="account_pool"),
            models.Index(fields=["company", "name_key"], condition=LIVE, name="account_name_key"),
            models.Index(fields=["company", "phone"], condition=LIVE, name="account_phone"),
            models.Index(Lower("email"), condition=LIVE & ~Q(email=""), name="account_email"),
            models.Index(
                fields=["company", "birth_md"],
                condition=LIVE & Q(birth_md__isnull=False),
                name="account_birthday",
            ),
            models.Index(
                fields=["company", "lunar_month", "lunar_day"],
                condition=LIVE & Q(lunar_month__isnull=False),
                name="account_lunar",
            ),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="account_parent"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["company", "code"], condition=LIVE & Q(code__isnull=False), name="account_code"
            ),
            models.UniqueConstraint(
                fields=["company", "credit_code"],
                condition=LIVE & Q(credit_code__isnull=False),
                name="account_credit_code",
            ),
            models.CheckConstraint(condition=Q(completeness__lte=100), name="account_completeness"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_potential(self) -> bool:
        """INFO-11: has never bought."""
        return self.stage == choices.Stage.POTENTIAL

    def clean(self) -> None:
        super().clean()
        normalise(
            self,
            {
                "phone": parse_phone,
                "email": check_email,
                "credit_code": check_uscc,
                "region_code": check_region,
            },
        )
        check_birth(self)
        if self.founded_on is not None and self.founded_on > clock.today():
            raise ValidationError({"founded_on": _("This day is still to come.")})
        self._refuse_circle()

    def _refuse_circle(self) -> None:
        above, depth = self.parent, 0
        while above is not None:
            depth += 1
            if above.pk == self.pk or depth > DEEPEST:
                raise ValidationError({"parent": _("A company cannot belong to itself or to its own subsidiary.")})
            above = above.parent
