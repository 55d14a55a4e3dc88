"""Who supplied which fact of a customer's file (QUAL-04): the ground of responsibility by origin."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models import User


class Origin(models.TextChoices):
    """How a fact reached us."""

    WALK_IN = "walk_in", _("Walk-in")
    FIELD = "field", pgettext_lazy("origin", "Field")
    PHONE = "phone", _("By phone")
    EXHIBITION = "exhibition", _("Exhibition")
    ONLINE = "online", _("Online self-registration")
    SETTLEMENT = "settlement", _("Settlement")
    VERIFICATION = "verification", _("Verification")
    FILING = "filing", _("Filing")


class FactSource(Record):
    """Somebody supplied a field of a file that another person typed in; without a person, the customer did."""

    NAME = "field"

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="facts", db_index=False, editable=False, verbose_name=_("customer")
    )
    field = models.CharField(_("field"), max_length=40, editable=False)
    supplied_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("supplied by")
    )
    origin = models.CharField(_("origin"), max_length=12, choices=Origin, editable=False)
    on = models.DateField(_("date"), default=clock.today, editable=False)
    registration = models.ForeignKey(
        "filing.Registration", models.PROTECT, null=True, related_name="facts", db_index=False, editable=False,
        verbose_name=_("registration"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("source of a fact")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["account", "field", "-id"], name="factsource_of"),
            models.Index(fields=["company", "origin", "on"], name="factsource_origin"),
        ]

    def __str__(self) -> str:
        return self.field
