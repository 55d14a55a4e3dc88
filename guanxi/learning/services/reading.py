"""Confirming and answering: both with the moment, both by the person alone (TRAIN-04)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock
from guanxi.kernel.actions import action, locked
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.work import in_unit_of_work
from guanxi.learning.models import Attempt, Reading
from guanxi.learning.queries import questions_for
from guanxi.learning.services.training import proven_by_reading
from guanxi.org.models import User


def never_by_hand(_row: Any, _actor: Any, _verb: str) -> None:
    """Guard: proof is made by reading and answering."""
    raise Forbidden(_("Proof is not typed: it follows from reading and answering."))


@action(Reading, label=_("I have read and understood it"), permission="view", icon="checkbox", bulk=False,
        when=lambda reading: reading.confirmed_at is None, mine=lambda reading, actor: reading.owner_id == actor.pk)  # fmt: skip
def confirm(reading: Reading, *, actor: User) -> Reading:
    """The person confirms; where nothing is asked that is the end of it."""
    if reading.confirmed_at is not None:
        raise Refused(_("You have confirmed this already."))
    reading.confirmed_at = clock.now()
    reading.save(update_fields=["confirmed_at"])
    if reading.done:
        proven_by_reading(reading)
    return reading


def may_try(reading: Reading) -> bool:
    return (
        reading.asked
        and reading.confirmed_at is not None
        and reading.passed_at is None
        and reading.tried < reading.allowed
    )


@in_unit_of_work
def answer(pk: int, given: Mapping[int, str], *, actor: User) -> Attempt:
    """One go at the questions: every one must be answered; enough right ones pass."""
    reading: Reading = locked(Reading, pk, actor)
    if reading.owner_id != actor.pk:
        raise Forbidden(_("Everybody answers for themselves."))
    if reading.confirmed_at is None:
        raise Refused(_("Read and confirm it first."))
    if not may_try(reading):
        raise Refused(_("There is no attempt left; your head can allow another."))
    questions = questions_for(reading)
    if any(given.get(question.pk) not in dict(question.answers) for question in questions):
        raise Refused(_("Answer every question."))
    right = sum(given[question.pk] == question.right for question in questions)
    score = right * 100 // len(questions)
    passed = right * 100 >= reading.publication.pass_mark * len(questions)
    attempt = Attempt(
        company_id=reading.company_id, created_by=actor, reading=reading, number=reading.tried + 1, score=score,
        passed=passed, answers={str(question.pk): given[question.pk] for question in questions},
    )  # fmt: skip
    attempt.save()
    reading.tried, reading.score = attempt.number, max(score, reading.score or 0)
    reading.passed_at = attempt.at if passed else None
    reading.save(update_fields=["tried", "score", "passed_at"])
    if passed:
        proven_by_reading(reading)
    return attempt


@action(Reading, label=_("Allow another attempt"), permission="train", icon="rotate",
        when=lambda reading: reading.asked and reading.passed_at is None and reading.tried >= reading.allowed,
        mine=lambda reading, actor: reading.owner_id != actor.pk)  # fmt: skip
def allow_again(reading: Reading, *, actor: User) -> Reading:
    """After all attempts are used up the head talks it through and lets the person try again."""
    if reading.tried < reading.allowed:
        raise Refused(_("There are attempts left."))
    reading.allowed = reading.tried + 1
    reading.save(update_fields=["allowed"])
    return reading
