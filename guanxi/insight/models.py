"""What analysis found: one row of scores per account, and the figures of a day for one reach of sight."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.ids import new_id
from guanxi.kernel.models import Company
from guanxi.kernel.models.base import IdField
from guanxi.org.models.amounts import money_field

LETTERS = (("A", "A"), ("B", "B"), ("C", "C"))
SCORED = ("orders", "last_on", "amount_12m", "amount_total", "profit_12m", "profit_total", "rfm")


def _score(label: Any) -> models.PositiveSmallIntegerField:  # type: ignore[type-arg]
    return models.PositiveSmallIntegerField(label, null=True)


def _class(label: Any) -> models.CharField:  # type: ignore[type-arg]
    return models.CharField(label, max_length=1, choices=LETTERS, blank=True)


class Profile(models.Model):
    """Scores of one account as of the last refresh; derived, so it leaves no trail and dies with its account.

    Amounts are net of returns.  How long ago somebody bought follows from `last_on` and needs no column of its own;
    the stage stands on the account.  `rfm` is r, f and m as three digits, 555 being best.
    """

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="profile")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    orders = models.PositiveIntegerField(_("number of orders"), default=0)
    first_on = models.DateField(_("first purchase on"), null=True)
    last_on = models.DateField(_("last purchase on"), null=True)
    interval_days = models.FloatField(_("days between purchases"), null=True)
    amount_12m = money_field(_("revenue of 12 months"))
    amount_total = money_field(_("revenue since the first deal"))
    profit_12m = money_field(_("profit of 12 months"))
    profit_total = money_field(_("profit since the first deal"))
    r = _score(_("recency score"))
    f = _score(_("frequency score"))
    m = _score(_("monetary score"))
    rfm = _score(_("RFM score"))
    abc_amount = _class(_("ABC by amount"))
    abc_profit = _class(_("ABC by profit"))
    promising = models.BooleanField(_("promising"), default=False)
    computed_on = models.DateField(_("computed on"), default=clock.today)

    class Meta:
        verbose_name = _("customer profile")
        # A list joins the profile to accounts of one company, so the sort column leads and the account settles ties.
        indexes = [
            *(models.Index(F(name).desc(), F("account").desc(), name=f"profile_{name}") for name in SCORED),
            models.Index(fields=["company", "abc_amount", "account"], name="profile_abc_by_amount"),
            models.Index(fields=["company", "abc_profit", "account"], name="profile_abc_by_profit"),
            models.Index(fields=["company", "r", "m", "account"], name="profile_cell"),
            models.Index(fields=["company", "account"], condition=models.Q(promising=True), name="profile_promising"),
        ]

    def __str__(self) -> str:
        return f"{self.rfm or '—'}"


class Snapshot(models.Model):
    """The figures of one day for one reach: "all", or a key of one person's rights (see queries.board.reach_key).

    `path` is the Parquet file of that day's profiles, the same for every reach; `summary` is what the dashboard shows.
    """

    id = IdField(primary_key=True, default=new_id, editable=False)
    company = models.ForeignKey(Company, models.CASCADE, related_name="+", db_index=False)
    as_of = models.DateField()
    reach = models.CharField(max_length=80)
    path = models.CharField(max_length=400)
    summary = models.JSONField(default=dict)
    computed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("snapshot")
        constraints = [models.UniqueConstraint(fields=["company", "reach", "as_of"], name="snapshot_of")]

    def __str__(self) -> str:
        return f"{self.as_of} {self.reach}"
