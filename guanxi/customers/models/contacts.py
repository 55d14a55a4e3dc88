"""Contacts: the people inside an account, their part in buying, and who was the purchaser when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import choices
from guanxi.customers.models.accounts import Account, Born, check_birth
from guanxi.customers.models.fields import normalise
from guanxi.customers.models.lists import LIVE
from guanxi.formats.codes import check_email, parse_phone
from guanxi.kernel import clock
from guanxi.kernel.models import Record


class Contact(Record, Born):  # type: ignore[django-manager-missing]
    """A person at an account; who left stays on file with the day."""

    NAME = "name"

    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts", verbose_name=_("account"))
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    post = models.CharField(_("post"), max_length=60, blank=True)
    role = models.CharField(_("role in buying"), max_length=10, choices=choices.BuyingRole, blank=True)
    is_primary = models.BooleanField(_("main contact"), default=False)
    salutation = models.CharField(_("salutation"), max_length=30, blank=True)
    mobile = models.CharField(_("mobile"), max_length=40, blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    email = models.CharField(_("e-mail"), max_length=254, blank=True)
    wechat = models.CharField(_("WeChat"), max_length=60, blank=True)
    qq = models.CharField("QQ", max_length=20, blank=True)
    preferences = models.TextField(_("preferences"), max_length=2000, blank=True)
    home_address = models.CharField(_("home address"), max_length=200, blank=True)
    family = models.CharField(_("family"), max_length=400, blank=True)
    method = models.CharField(_("collected by"), max_length=14, choices=choices.Method, blank=True)
    legal_basis = models.CharField(_("legal basis"), max_length=10, choices=choices.LegalBasis, blank=True)
    left_on = models.DateField(_("left on"), null=True, blank=True)
    remark = models.TextField(_("remark"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("contact")
        indexes = [
            models.Index(fields=["company", "mobile"], condition=LIVE, name="contact_mobile"),
            models.Index(Lower("email"), condition=LIVE & ~Q(email=""), name="contact_email"),
            models.Index(
                fields=["company", "birth_md"],
                condition=LIVE & Q(birth_md__isnull=False),
                name="contact_birthday",
            ),
            models.Index(
                fields=["company", "lunar_month", "lunar_day"],
                condition=LIVE & Q(lunar_month__isnull=False),
                name="contact_lunar",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        normalise(self, {"mobile": parse_phone, "phone": parse_phone, "email": check_email})
        check_birth(self)


class PurchaserChange(Record):
    """INFO-02: the purchasing contact of an account became another person."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="purchaser_changes", verbose_name=_("account"))
    before = models.ForeignKey(
        Contact,
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("former purchaser"),
    )
    after = models.ForeignKey(
        Contact, models.PROTECT, null=True, related_name="+", db_index=False, verbose_name=_("new purchaser")
    )
    on = models.DateField(_("date"), default=clock.today)
    reason = models.CharField(_("reason"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("change of purchaser")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.on.isoformat()
