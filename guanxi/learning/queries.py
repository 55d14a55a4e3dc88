"""Whom a text or a course concerns, what there is to read, which questions somebody is asked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, F, Q

from guanxi.kernel import clock
from guanxi.learning.models import Publication, Question, Reading
from guanxi.org.models import Department, Role, User
from guanxi.rulebook.engine.times import Period
from guanxi.rulebook.models import Article, Goal, Regulation
from guanxi.rulebook.queries.goals import measures

OPEN = Q(confirmed_at=None) | Q(asked=True, passed_at=None)  # not read, or not passed


def role_names(user: User) -> list[tuple[str, str]]:
    """The company's roles by name."""
    return [(name, name) for name in Role.objects.filter(company_id=user.company_id).values_list("name", flat=True)]


def concerned(company_id: int, roles: Iterable[str], department: Department | None = None) -> Any:
    """The active people with one of these roles (all, if none is named), in a department or below it."""
    people: Any = User.objects
    rows = people.filter(company_id=company_id, is_active=True)
    if wanted := list(roles):
        rows = rows.filter(roles__name__in=wanted, roles__deleted_at=None)
    if department is not None:
        rows = rows.filter(department__path__startswith=department.path)
    return rows.distinct().order_by("pk")


def wording(publication: Publication) -> list[tuple[str, str]]:
    """What there is to read: (heading, words), the text first, then the article, the regulation or the department's rule."""
    parts = [("", publication.text)] if publication.text else []
    if publication.rule is not None:
        parts.append((str(publication.rule), publication.rule.text))
    if publication.article is not None:
        parts.append((str(publication.article), publication.article.text))
    elif publication.regulation is not None:
        parts += [(str(one), one.text) for one in Article.objects.filter(regulation=publication.regulation)]
    return parts


def questions_for(reading: Reading) -> list[Question]:
    """The questions for everybody and those for one of the person's roles."""
    mine = set(reading.owner.roles.values_list("name", flat=True)) if reading.owner else set()
    rows = Question.objects.filter(publication_id=reading.publication_id)
    return [question for question in rows if not question.roles or mine & set(question.roles)]


def to_read(user: User) -> Any:
    """The person's own readings that are not done, the most urgent first."""
    return Reading.objects.filter(OPEN, owner=user, publication__state="published").order_by("due_on", "pk")


def missing(publication: Publication, user: User) -> Any:
    """Who in the person's reach has not done it; people who have left are not asked any more."""
    rows = Reading.objects.visible_to(user).filter(OPEN, publication=publication, owner__is_active=True)
    return rows.select_related("owner", "department").order_by("department__name", "owner__name")


def figures(publication: Publication, user: User) -> dict[str, int]:
    rows = Reading.objects.visible_to(user).filter(publication=publication, owner__is_active=True)
    return dict(rows.aggregate(
        told=Count("pk"), confirmed=Count("confirmed_at"), passed=Count("passed_at"), open=Count("pk", filter=OPEN)
    ))  # fmt: skip


@measures(Goal.Indicator.READ)
def read_in_time(user: Any, span: Period, regulation: Regulation | None) -> tuple[int, int]:
    """Of what was to be read in a period: how much was confirmed, and passed where it was asked, by its day (TRAIN-04)."""
    rows = Reading.objects.visible_to(user).filter(due_on__gte=span.first, due_on__lte=span.last, owner__is_active=True)
    if regulation is not None:
        of = Q(publication__regulation=regulation) | Q(publication__article__regulation=regulation)
        rows = rows.filter(of)
    late = Q(due_on__lt=clock.today())  # what may still be read counts for nothing
    rows = rows.filter(late | ~OPEN)
    done = Q(confirmed_at__date__lte=F("due_on")) & (Q(asked=False) | Q(passed_at__date__lte=F("due_on")))
    found = rows.order_by().aggregate(good=Count("pk", filter=done), all=Count("pk"))
    return found["good"], found["all"]
