"""When a file is checked with the customer again (INFO-14), and the tasks to do so (QUAL-05, QUAL-06)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.customers.models.lists import LIVE
from guanxi.kernel.models import Company
from guanxi.org.models import OwnedRecord


class Recheck(models.Model):
    """The day by which a file is verified again; derived from its last confirmation and its class, so it leaves no trail."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="recheck")
    company = models.ForeignKey(Company, models.PROTECT, related_name="+", db_index=False)
    next_check_on = models.DateField(_("next verification"), null=True)

    class Meta:
        verbose_name = _("re-verification")
        indexes = [models.Index(fields=["next_check_on", "account"], name="recheck_by_day")]

    def __str__(self) -> str:
        return f"{self.next_check_on}"


class FileTask(OwnedRecord):
    """A file is verified with the customer by its owner until a day; the talk is kept in text."""

    NAME = "account"

    class Kind(models.TextChoices):
        E_COMMERCE = "e_commerce", _("E-commerce file")
        RETURN_VISIT = "return_visit", _("Return visit")

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("task", "Open")
        DONE = "done", _("Done")

    class Result(models.TextChoices):
        CONFIRMED = "confirmed", _("Confirmed")
        CORRECTED = "corrected", _("Corrected")
        UNTRUE = "untrue", _("Particulars untrue")
        UNREACHABLE = "unreachable", _("Not reached")

    account = models.ForeignKey(Account, models.PROTECT, related_name="file_tasks", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.RETURN_VISIT)
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=4, choices=State, default=State.OPEN, editable=False)
    result = models.CharField(_("result"), max_length=11, choices=Result, blank=True, editable=False)
    talk = models.TextField(_("talk with the customer"), max_length=4000, blank=True, editable=False)
    done_on = models.DateField(_("done on"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("file verification")
        indexes = [
            models.Index(fields=["company", "due_on"], condition=Q(state="open", deleted_at=None), name="filetask_open")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind"], condition=LIVE & Q(state="open"), name="filetask_one_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"
