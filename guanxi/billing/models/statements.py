"""What a customer said to our statement of account (ORDER-04)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.org.models.amounts import money_field


class Confirmation(Record):
    """A balance confirmed, or contradicted, by the customer: who, when, and the difference."""

    NAME = "last"

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="confirmations", db_index=False, verbose_name=_("customer")
    )
    first = models.DateField(_("from"))
    last = models.DateField(_("to"))
    balance = money_field(_("our balance"), editable=False)
    theirs = models.DecimalField(_("the customer's balance"), max_digits=18, decimal_places=2)
    difference = money_field(_("difference"), editable=False)
    person = models.CharField(_("confirmed by (at the customer)"), max_length=60)
    confirmed_on = models.DateField(_("confirmed on"), default=clock.today)
    remark = models.TextField(_("remark"), blank=True)

    class Meta:
        verbose_name = _("balance confirmation")
        indexes = [models.Index(F("account"), F("last").desc(), name="confirmation_of_account")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lte=F("last")),
                name="confirmation_period",
                violation_error_message=_("The period ends before it begins."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.last}"
