"""Accounts of people over time: who comes, moves or leaves, the request that follows, rights by post, signs of sharing."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel.models import Record, TagsField
from guanxi.org.models import Department, OwnedRecord, User
from guanxi.worktime.queries import calendar_of

WORKDAYS = 1  # between the day of the change and the request (ACCT-03)


class Concerning(OwnedRecord):
    """Speaks of a person; the department is that of the person, not that of whoever looks after the row."""

    class Meta(OwnedRecord.Meta):
        abstract = True

    def clean(self) -> None:
        row: Any = self
        if row.person is not None:
            self.department_id = row.person.department_id

    def hand_to(self, owner: User | None) -> None:
        self.owner = owner


class Named(Concerning):
    """The person may be new: then name and sign-in name are written, and the department is the one to come."""

    NEWCOMERS: ClassVar[tuple[str, ...]] = ()  # kinds whose person may have no account yet

    class Meta(OwnedRecord.Meta):
        abstract = True

    def clean(self) -> None:
        row: Any = self
        if row.person is None and row.username:
            row.person = User.objects.filter(company_id=self.company_id, username=row.username).first()
        super().clean()
        if row.person is not None:
            row.name, row.username = row.person.name, row.person.username
        elif row.kind not in self.NEWCOMERS:
            raise ValidationError({"person": _("Choose the person.")})
        elif not row.name.strip() or not row.username.strip():
            raise ValidationError({"name": _("Write the name and the sign-in name of the new person.")})
        if row.kind in self.NEWCOMERS:
            self.department_id = row.to_department_id or self.department_id


class Post(Record):
    """A post and the roles it brings (ACCT-01): what a request offers when nobody names roles."""

    name = models.CharField(_("post"), max_length=60)
    roles = TagsField(_("roles"))
    remark = models.CharField(_("remark"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("roles of a post")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["company", "name"], condition=Q(deleted_at=None), name="one_row_a_post")
        ]

    def __str__(self) -> str:
        return self.name


class PersonnelChange(Named):  # type: ignore[django-manager-missing]
    """Somebody starts, changes post or leaves on a day; from it follows the duty to request the account change."""

    NAME, NEWCOMERS = "name", ("entry",)

    class Kind(models.TextChoices):
        ENTRY = "entry", _("Entry")
        MOVE = "move", _("Change of post")
        LEAVING = "leaving", _("Leaving")

    class State(models.TextChoices):
        OPEN = "open", _("Request missing")
        FILED = "filed", _("Requested")
        DONE = "done", pgettext_lazy("personnel change", "Carried out")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"),
        help_text=_("Of somebody who has an account already."),
    )  # fmt: skip
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    username = models.CharField(_("sign-in name"), max_length=60, blank=True)
    post = models.CharField(_("post from then on"), max_length=60, blank=True)
    to_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department from then on")
    )
    day = models.DateField(_("day"))
    remark = models.CharField(_("remark"), max_length=200, blank=True)
    due_on = models.DateField(_("request due on"), blank=True, editable=False)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN, editable=False)
    filed_on = models.DateField(_("requested on"), null=True, editable=False)
    late = models.BooleanField(_("late"), default=False, editable=False)
    access_ended_at = models.DateTimeField(_("access ended at"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("personnel change")
        indexes = [models.Index(fields=["company", "state", "due_on"], name="personnelchange_due")]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_kind_display()} {self.day}"

    def clean(self) -> None:
        super().clean()
        if self.kind == self.Kind.MOVE and not (self.to_department_id or self.post):
            raise ValidationError({"to_department": _("Say which department or post comes next.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.due_on = calendar_of(self.company_id).add_workdays(self.day, WORKDAYS)
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "due_on"}
        super().save(*args, **kwargs)


class AccountRequest(Named):
    """信息系统用户管理及权限变更审批表: open, change or close an account, and why (FORM-03, ACCT-04)."""

    NAME, NEWCOMERS = "number", ("open",)

    class Kind(models.TextChoices):
        OPEN = "open", _("Open an account")
        CHANGE = "change", _("Change rights")
        CLOSE = "close", _("Close an account")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PENDING = "pending", _("Waiting for approval")
        AGREED = "agreed", pgettext_lazy("account request", "Approved, to carry out")
        DONE = "done", pgettext_lazy("personnel change", "Carried out")
        REFUSED = "refused", _("Refused")

    number = models.CharField(_("request number"), max_length=40, blank=True, editable=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person"),
        help_text=_("Of somebody who has an account already."),
    )  # fmt: skip
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60, blank=True)
    username = models.CharField(_("sign-in name"), max_length=60, blank=True)
    post = models.CharField(_("post"), max_length=60, blank=True)
    to_department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department from then on")
    )
    roles = TagsField(_("wanted roles"), help_text=_("Left empty, the roles of the post."))
    scope = models.CharField(_("wanted data scope"), max_length=200, blank=True)
    day = models.DateField(_("effective on"))
    reason = models.TextField(_("reason"), max_length=2000)
    wanted = models.TextField(_("wanted handling"), max_length=2000, blank=True)
    change = models.ForeignKey(
        PersonnelChange, models.PROTECT, null=True, blank=True, related_name="requests", editable=False,
        verbose_name=_("personnel change"),
    )  # fmt: skip
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    filed_on = models.DateField(_("requested on"), null=True, editable=False)
    done_at = models.DateTimeField(_("carried out at"), null=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("account request")
        constraints = [models.UniqueConstraint(fields=["company", "number"], name="accountrequest_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.get_kind_display()} · {self.name}"


class AccountRules(Record):
    """What the company has decided about accounts: one row, the thresholds as data."""

    close_on_leaving = models.BooleanField(_("close the account at the end of the day of leaving"), default=True)
    end_roles_on_move = models.BooleanField(
        _("old rights end with the change of post"), default=True,
        help_text=_("At the end of the day the request is due, unless new rights have been given by then."),
    )  # fmt: skip
    minutes = models.PositiveSmallIntegerField(_("“at the same time” means within (minutes)"), default=30)
    networks = models.PositiveSmallIntegerField(_("networks at the same time, from"), default=2)
    devices = models.PositiveSmallIntegerField(_("devices within a week, from"), default=5)
    night_from = models.PositiveSmallIntegerField(_("unusual from (hour)"), default=0)
    night_to = models.PositiveSmallIntegerField(_("unusual until (hour)"), default=5)

    class Meta:
        verbose_name = _("rules for accounts")

    def __str__(self) -> str:
        return str(_("Rules for accounts"))

    def clean(self) -> None:
        super().clean()
        if not (0 <= self.night_from <= 24 and 0 <= self.night_to <= 24):
            raise ValidationError({"night_to": _("Hours lie between 0 and 24.")})


class SharingSign(Record):
    """A sign that somebody else uses an account too (ACCT-02): what was seen, and what came of it."""

    class Kind(models.TextChoices):
        NETWORKS = "networks", _("Several networks at the same time")
        DEVICES = "devices", _("Many devices")
        NIGHT = "night", _("Unusual hours")

    class State(models.TextChoices):
        OPEN = "open", _("To look at")
        EXPLAINED = "explained", _("Explained")
        CONFIRMED = "confirmed", _("Shared indeed")

    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))
    kind = models.CharField(_("sign"), max_length=10, choices=Kind)
    day = models.DateField(_("day"))
    evidence = models.TextField(_("evidence"))
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    note = models.CharField(_("outcome"), max_length=400, blank=True)
    reviewed_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("looked at by")
    )

    class Meta:
        verbose_name = _("sign of a shared account")
        constraints = [models.UniqueConstraint(fields=["company", "person", "kind", "day"], name="sharingsign_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()} {self.day}"
