"""Publications with questions, who has read and passed them, training by post with its proof, departments' own rules."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.kernel import clock
from guanxi.kernel.models import Record, TagsField
from guanxi.org.models import Department, OwnedRecord, Training, User
from guanxi.rulebook.models import Article, Regulation

LIVE = Q(deleted_at=None)
ROLES_HELP = _("Left empty, all roles.")


class DetailedRule(OwnedRecord):
    """A department's own rule; it holds once it is filed with the customer-relations department (ORG-14)."""

    NAME = "title"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ASKED = "asked", _("Waits for approval")
        FILED = "filed", pgettext_lazy("rule", "Filed")
        RETURNED = "returned", pgettext_lazy("rule", "Returned")
        REPEALED = "repealed", _("Repealed")

    title = models.CharField(_("title"), max_length=120)
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("carries out")
    )
    text = models.TextField(_("wording"), max_length=20000)
    effective_on = models.DateField(_("effective from"), default=clock.today, help_text=_("Not before it is filed."))
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.DRAFT, editable=False)
    filed_on = models.DateField(_("filed on"), null=True, blank=True, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("detailed rule")

    def __str__(self) -> str:
        return self.title


class Publication(Record):  # type: ignore[django-manager-missing]
    """A text made known to those it concerns, who confirm it and may be asked about it (TRAIN-04)."""

    NAME = "title"

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    title = models.CharField(_("title"), max_length=120)
    regulation = models.ForeignKey(
        Regulation, models.PROTECT, null=True, blank=True, related_name="publications", verbose_name=_("regulation")
    )
    article = models.ForeignKey(
        Article, models.PROTECT, null=True, blank=True, related_name="publications", verbose_name=_("article")
    )
    rule = models.ForeignKey(
        DetailedRule, models.PROTECT, null=True, blank=True, related_name="publications", editable=False,
        verbose_name=_("detailed rule"),
    )  # fmt: skip
    text = models.TextField(
        _("text"), max_length=20000, blank=True, help_text=_("Of a bulletin, or a word in front of the article.")
    )
    roles = TagsField(_("for roles"), help_text=ROLES_HELP)
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("for the department"),
        help_text=_("With those below it; left empty, the whole company."),
    )  # fmt: skip
    days = models.PositiveSmallIntegerField(_("days to read"), default=7, validators=[MinValueValidator(1)])
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark (%)"), default=80, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=3, validators=[MinValueValidator(1)])
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.DRAFT, editable=False)
    published_on = models.DateField(_("published on"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("publication")
        indexes = [models.Index(fields=["company", "state"], condition=LIVE, name="publication_state")]

    def __str__(self) -> str:
        return self.title


class Question(Record):
    """A question with up to four answers, for everybody or for one role (TRAIN-02)."""

    NAME = "text"

    class Letter(models.TextChoices):
        A = "a", "A"
        B = "b", "B"
        C = "c", "C"
        D = "d", "D"

    publication = models.ForeignKey(
        Publication, models.CASCADE, related_name="questions", verbose_name=_("publication")
    )
    position = models.PositiveSmallIntegerField(pgettext_lazy("sorting", "order"), default=1)
    text = models.CharField(_("question"), max_length=400)
    a = models.CharField("A", max_length=200)
    b = models.CharField("B", max_length=200)
    c = models.CharField("C", max_length=200, blank=True)
    d = models.CharField("D", max_length=200, blank=True)
    right = models.CharField(_("right answer"), max_length=1, choices=Letter)
    roles = TagsField(_("only for roles"), help_text=ROLES_HELP)

    class Meta:
        verbose_name = _("question")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        super().clean()
        if self.right and not getattr(self, self.right):
            raise ValidationError({"right": _("This answer is empty.")})

    @property
    def answers(self) -> list[tuple[str, str]]:
        return [(letter, text) for letter in self.Letter.values if (text := getattr(self, letter))]


class Reading(OwnedRecord):
    """That the owner has to read a publication, when it was confirmed, and when the questions were passed."""

    NAME = "title"

    publication = models.ForeignKey(
        Publication, models.PROTECT, related_name="readings", editable=False, verbose_name=_("publication")
    )
    title = models.CharField(_("title"), max_length=120, editable=False)
    published_on = models.DateField(_("published on"), editable=False)
    due_on = models.DateField(_("read by"), editable=False)
    asked = models.BooleanField(_("with questions"), default=False, editable=False)
    confirmed_at = models.DateTimeField(_("confirmed at"), null=True, blank=True, editable=False)
    passed_at = models.DateTimeField(_("passed at"), null=True, blank=True, editable=False)
    score = models.PositiveSmallIntegerField(_("best result (%)"), null=True, blank=True, editable=False)
    tried = models.PositiveSmallIntegerField(_("attempts made"), default=0, editable=False)
    allowed = models.PositiveSmallIntegerField(_("attempts allowed"), default=3, editable=False)

    class Meta(OwnedRecord.Meta):
        verbose_name = _("reading")
        indexes = [models.Index(fields=["owner", "confirmed_at"], name="reading_of_person")]
        constraints = [
            models.UniqueConstraint(fields=["publication", "owner"], condition=LIVE, name="learning_reading_once")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def done(self) -> bool:
        return self.confirmed_at is not None and (not self.asked or self.passed_at is not None)


class Attempt(Record):
    """One go at the questions: what was answered, and how it came out.  Never changed."""

    NAME = "number"

    reading = models.ForeignKey(
        Reading, models.CASCADE, related_name="tries", editable=False, verbose_name=_("reading")
    )
    number = models.PositiveSmallIntegerField(_("attempt"), editable=False)
    at = models.DateTimeField(_("time"), default=clock.now, editable=False)
    score = models.PositiveSmallIntegerField(_("result (%)"), editable=False)
    passed = models.BooleanField(_("passed"), editable=False)
    answers = models.JSONField(default=dict, editable=False)

    class Meta:
        verbose_name = _("attempt")
        constraints = [models.UniqueConstraint(fields=["reading", "number"], name="attempt_number")]

    def __str__(self) -> str:
        return f"{self.number}: {self.score} %"


class Course(Record):  # type: ignore[django-manager-missing]
    """A line of the training plan: what which post is trained in, at introduction and regularly (TRAIN-01, TRAIN-02)."""

    NAME = "title"

    title = models.CharField(_("title"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Training.Kind, default=Training.Kind.SERVICE)
    content = models.TextField(_("content"), max_length=4000, blank=True)
    roles = TagsField(_("for roles"), help_text=ROLES_HELP)
    first_days = models.PositiveSmallIntegerField(
        _("at introduction, within days"), null=True, blank=True, default=14, validators=[MinValueValidator(1)]
    )
    every_months = models.PositiveSmallIntegerField(
        _("again every (months)"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    publication = models.ForeignKey(
        Publication, models.PROTECT, null=True, blank=True, related_name="courses", verbose_name=_("proven by"),
        help_text=_("Whoever has passed its questions has proven it."),
    )  # fmt: skip
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("training plan")

    def __str__(self) -> str:
        return self.title


class Proof(OwnedRecord):
    """That the owner has to be trained in something by a day, and how competence was proven (TRAIN-03)."""

    NAME = "title"

    class Occasion(models.TextChoices):
        FIRST = "first", _("Introduction")
        AGAIN = "again", _("Regular")

    class How(models.TextChoices):
        QUIZ = "quiz", _("Questions passed")
        SESSION = "session", _("Training attended")
        SHOWN = "shown", _("Shown in practice")

    course = models.ForeignKey(
        Course, models.PROTECT, related_name="proofs", editable=False, verbose_name=_("training plan")
    )
    title = models.CharField(_("title"), max_length=120, editable=False)
    occasion = models.CharField(_("occasion"), max_length=5, choices=Occasion, editable=False)
    opened_on = models.DateField(_("opened on"), default=clock.today, editable=False)
    due_on = models.DateField(_("due on"), editable=False)
    proven_on = models.DateField(_("proven on"), null=True, blank=True, editable=False)
    how = models.CharField(_("proven by"), max_length=7, choices=How, blank=True, editable=False)
    training = models.ForeignKey(
        Training, models.PROTECT, null=True, blank=True, related_name="+", editable=False, verbose_name=_("training")
    )
    note = models.CharField(_("note"), max_length=200, blank=True, editable=False)
    proven_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", db_index=False, editable=False,
        verbose_name=_("recorded by"),
    )  # fmt: skip

    class Meta(OwnedRecord.Meta):
        verbose_name = _("proof of competence")
        constraints = [models.UniqueConstraint(fields=["course", "owner", "due_on"], condition=LIVE, name="proof_once")]

    def __str__(self) -> str:
        return self.title
