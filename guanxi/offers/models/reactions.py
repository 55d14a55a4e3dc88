"""What a customer said when something more was offered (SALE-12)."""

from __future__ import annotations

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.models import Record
from guanxi.offers.models.prices import LIVE


class Reaction(Record):
    """One product offered on some ground, and the answer."""

    NAME = "product"

    class Ground(models.TextChoices):
        SUBSTITUTE = "substitute", _("Stands in for an item out of stock")
        RELATED = "related", _("Goes with the order")
        BEFORE = "before", _("Bought before")
        SIMILAR = "similar", _("Bought by similar customers")
        ROUTE = "route", _("On the way of a delivery")

    class Answer(models.TextChoices):
        TOOK = "took", _("Took it")
        REFUSED = "refused", pgettext_lazy("customer", "Refused")
        LATER = "later", pgettext_lazy("customer", "Later")

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="reactions", db_index=False, verbose_name=_("customer")
    )
    product = models.ForeignKey(
        Product, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, verbose_name=_("product")
    )
    ground = models.CharField(_("offered because"), max_length=10, choices=Ground, default=Ground.RELATED)
    answer = models.CharField(_("answer"), max_length=7, choices=Answer)
    on = models.DateField(_("date"), default=clock.today)
    note = models.CharField(_("note"), max_length=400, blank=True)

    class Meta:
        verbose_name = _("reaction")
        ordering = ["-on", "-id"]
        indexes = [models.Index(F("account"), F("on").desc(), condition=LIVE, name="reaction_of_account")]

    def __str__(self) -> str:
        return f"{self.product or self.account} · {self.get_answer_display()}"
