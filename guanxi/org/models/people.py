"""Departments in a tree with heads, teams with their own queues, and the people in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import work
from guanxi.kernel.models import Record, RecordQuerySet
from guanxi.kernel.models.base import TECHNICAL
from guanxi.org.models.access import Role

if TYPE_CHECKING:
    from guanxi.org.access import Access


class Department(Record):
    """A node of the tree.  `path` is the chain of ids from the root, `/1/5/9/`, so that a subtree is one prefix."""

    class Kind(models.TextChoices):
        HEADQUARTERS = "hq", _("Headquarters")
        REGION = "region", _("Region")
        BRANCH = "branch", _("Branch")
        DEPARTMENT = "department", _("Department")

    name = models.CharField(_("name"), max_length=60)
    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.DEPARTMENT)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )
    head = models.ForeignKey(
        "org.User", models.SET_NULL, null=True, blank=True, related_name="heads", verbose_name=_("head")
    )
    duties = models.JSONField(_("duties"), default=list, blank=True)
    path = models.CharField(max_length=400, editable=False)

    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"path"}

    class Meta:
        verbose_name = _("department")
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["company", "code"], name="department_code")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        super().save(*args, **kwargs)

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


class UserQuerySet(RecordQuerySet):
    def active(self) -> UserQuerySet:
        return self.filter(is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> UserQuerySet:
        # The company rides along: every request needs its configuration version.
        return super().get_queryset().filter(deleted_at=None).select_related("company")  # type: ignore[no-any-return]

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=username)  # type: ignore[no-any-return]


class User(AbstractBaseUser, Record):
    """A person with a sign-in.  Rights come from `guanxi.org.access`, computed once per change of configuration."""

    NAME = "name"
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    username = models.CharField(_("sign-in name"), max_length=60, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=60)
    title = models.CharField(_("post"), max_length=60, blank=True)
    phone = models.CharField(_("mobile"), max_length=20, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="people", verbose_name=_("department")
    )
    roles = models.ManyToManyField(Role, blank=True, related_name="users", verbose_name=_("roles"))
    is_active = models.BooleanField(_("may sign in"), default=True)
    must_change_password = models.BooleanField(_("must change the password"), default=False, editable=False)
    preferences = models.JSONField(default=dict, blank=True, editable=False)

    objects: ClassVar[Any] = UserManager()
    untrailed: ClassVar[frozenset[str]] = TECHNICAL | {"password", "last_login", "preferences"}

    class Meta:
        verbose_name = _("person")
        indexes = [models.Index(fields=["company", "name"], name="user_name")]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Any = None) -> None:
        super().clean_fields({*(exclude or ()), "password"})  # an account has none before it is opened

    def save(self, *args: Any, **kwargs: Any) -> None:
        # Sign-in machinery saves users outside our verbs (last sign-in, new hash): it gets a unit of its own.
        work.unit_of_work(lambda: super(User, self).save(*args, **kwargs))

    @property
    def is_anonymous(self) -> bool:  # type: ignore[override]
        return False

    @property
    def is_authenticated(self) -> bool:  # type: ignore[override]
        return True

    def get_full_name(self) -> str:
        return self.name

    # -- what the machinery asks (kernel.people.Person)

    def may(self, verb: str, label: str) -> bool:
        return self.access.may(verb, label)

    def scope(self, label: str, prefix: str = "") -> Q:
        return self.access.scope(label, prefix)

    def closed_fields(self, label: str) -> frozenset[str]:
        return self.access.closed(label)

    def masked_fields(self, label: str) -> frozenset[str]:
        return self.access.masked(label)

    def team_departments(self) -> list[int]:
        return self.access.departments

    @property
    def access(self) -> Access:
        from guanxi.org.access import access_of

        return access_of(self)


class Team(Record):
    """People who share a queue, across or inside departments (sales, customer service, technical support)."""

    name = models.CharField(_("name"), max_length=60)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="teams", verbose_name=_("department")
    )
    lead = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="leads", verbose_name=_("lead"))
    members = models.ManyToManyField(User, blank=True, related_name="teams", verbose_name=_("members"))
    duty = models.CharField(_("duty"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("team")
        constraints = [models.UniqueConstraint(fields=["company", "name"], name="team_name")]

    def __str__(self) -> str:
        return self.name
