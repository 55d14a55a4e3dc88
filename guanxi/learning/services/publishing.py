"""Publishing a text to those it concerns, newcomers included; withdrawing it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import list_url
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.learning.models import Publication, Reading
from guanxi.learning.queries import concerned, questions_for, wording
from guanxi.org.models import User
from guanxi.org.services import tell

State = Publication.State


def only_drafts(row: Any, _actor: Any, _verb: str) -> None:
    """Guard: what people have confirmed stays as they read it."""
    publication = row if isinstance(row, Publication) else row.publication
    if publication.state != State.DRAFT:
        raise Forbidden(_("What is published is not changed: withdraw it and publish a new text."))


def still_draft(row: Any) -> None:
    """Questions join a draft only."""
    if row.publication.state != State.DRAFT:
        raise Invalid({"publication": [_("What is published is not changed: withdraw it and publish a new text.")]})


@action(Publication, label=_("Publish"), icon="send", permission="publish", bulk=False,
        when=lambda row: row.state == State.DRAFT)  # fmt: skip
def publish(publication: Publication, *, actor: User) -> Publication:
    """From now on everybody concerned has to confirm it (TRAIN-04)."""
    if publication.state != State.DRAFT:
        raise Refused(_("Only a draft is published."))
    if not any(words.strip() for _heading, words in wording(publication)):
        raise Refused(_("There is nothing to read yet."), field="text")
    put_out(publication)
    return publication


def put_out(publication: Publication) -> None:
    publication.state, publication.published_on = State.PUBLISHED, clock.today()
    publication.save(update_fields=["state", "published_on"])
    distribute(publication)


@action(Publication, label=_("Withdraw"), icon="archive", permission="publish", bulk=False, danger=True,
        when=lambda row: row.state == State.PUBLISHED)  # fmt: skip
def withdraw(publication: Publication, *, actor: User) -> Publication:
    """Nobody is asked for it any more; who has confirmed it stays on record."""
    publication.state = State.WITHDRAWN
    publication.save(update_fields=["state"])
    return publication


def distribute(publication: Publication) -> int:
    """A reading for everybody concerned who has none; the same call again adds nobody twice."""
    known = Reading.objects.filter(publication=publication).values("owner")
    people = list(concerned(publication.company_id, publication.roles, publication.department).exclude(pk__in=known))
    today = clock.today()
    made = []
    for person in people:
        reading = Reading(
            company_id=publication.company_id, publication=publication, owner=person, department_id=person.department_id,
            title=publication.title, published_on=today, due_on=today + timedelta(days=publication.days),
            allowed=publication.attempts,
        )  # fmt: skip
        reading.asked = bool(questions_for(reading))
        made.append(reading)
    Reading.objects.bulk_create(made)
    text = gettext("Please read and confirm by %(day)s: %(what)s")
    values = {"what": publication.title, "day": today + timedelta(days=publication.days)}
    tell(people, text % values, url=f"{list_url('readings')}?view=mine", icon="book-2")
    return len(made)


@jobs.job("learning.distribute", at_hour=6)
def distribute_all(run: jobs.Run) -> dict[str, int]:
    """Every morning: newcomers, and people with a new role, get what concerns them (TRAIN-01)."""
    total = 0
    for publication in Publication.objects.filter(state=State.PUBLISHED).select_related("department").order_by("pk"):

        def one(publication: Publication = publication) -> int:
            run.fence()
            return distribute(publication)

        total += work.unit_of_work(one)
    return {"told": total}
