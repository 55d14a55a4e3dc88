"""Training of staff and customers: the work area of one of the customer-relations department's duties."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.org.models.owned import OwnedRecord
from guanxi.org.models.people import User


class Training(OwnedRecord):
    """One session, planned or held; the owner prepares it, the trainer holds it (ORG-01)."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Service skill and communication")
        COMPLAINTS = "complaints", _("Complaint handling")
        TOOLS = "tools", _("Process and tool use")
        PRODUCTS = "products", _("Product knowledge")
        RULES = "rules", _("Rules")

    NAME = "topic"

    topic = models.CharField(_("topic"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SERVICE)
    held_on = models.DateField(_("day"))
    hours = models.DecimalField(_("hours"), max_digits=5, decimal_places=1, null=True, blank=True)
    trainer = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("trainer")
    )
    audience = models.CharField(_("for whom"), max_length=200, blank=True)
    content = models.TextField(_("content"), max_length=4000, blank=True)
    outcome = models.TextField(pgettext_lazy("training", "outcome"), max_length=4000, blank=True)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("training")
        indexes = [models.Index(fields=["company", "-held_on"], name="training_day")]

    def __str__(self) -> str:
        return self.topic
