"""The training plan carried out: what each person has to prove by when, and how it was proven (TRAIN-01 to 03)."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import list_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.learning.models import Course, Proof, Reading
from guanxi.learning.queries import concerned
from guanxi.org.models import Training, User
from guanxi.org.services import tell
from guanxi.rulebook.engine.times import add
from guanxi.worktime.queries import calendar_of

How = Proof.How
AHEAD = 30  # days before a regular one is due it appears


def plan(course: Course, today: date) -> list[Proof]:
    """What opens today for the people of a course: the first one for newcomers, the next one in time for the others."""
    last: dict[int, Proof] = {}
    for proof in Proof.objects.filter(course=course).order_by("due_on"):
        last[proof.owner_id or 0] = proof
    made = []
    for person in concerned(course.company_id, course.roles):
        due = _next_due(course, last.get(person.pk), today)
        if due is not None:
            made.append(Proof(
                company_id=course.company_id, course=course, owner=person, department_id=person.department_id,
                title=course.title, due_on=due, opened_on=today,
                occasion=Proof.Occasion.AGAIN if person.pk in last or not course.first_days else Proof.Occasion.FIRST,
            ))  # fmt: skip
    return made


def _next_due(course: Course, last: Proof | None, today: date) -> date | None:
    if last is None:
        if course.first_days:
            return today + timedelta(days=course.first_days)
        return _after(course, today) if course.every_months else None
    if last.proven_on is None or not course.every_months:
        return None
    due = _after(course, max(last.proven_on, last.due_on))
    return due if due - timedelta(days=AHEAD) <= today else None


def _after(course: Course, day: date) -> date:
    return add(day, (course.every_months or 0, "months"), calendar_of(course.company_id))


@jobs.job("learning.plan", at_hour=6)
def plan_all(run: jobs.Run) -> dict[str, int]:
    """Every morning, for all courses in use."""
    opened = 0
    for course in Course.objects.filter(is_active=True).order_by("pk"):

        def one(course: Course = course) -> int:
            run.fence()
            made = plan(course, clock.today())
            Proof.objects.bulk_create(made)
            for proof in made:
                _settle(proof)
            _announce(made)
            return len(made)

        opened += work.unit_of_work(one)
    return {"opened": opened}


def _announce(made: list[Proof]) -> None:
    people = [proof.owner for proof in made if proof.owner is not None and proof.proven_on is None]
    if made:
        text = gettext("Training planned: %(what)s, by %(day)s") % {"what": made[0].title, "day": made[0].due_on}
        tell(people, text, url=f"{list_url('proofs')}?view=mine", icon="school")


def _settle(proof: Proof) -> None:
    """Whoever has passed the course's questions before it was planned has proven it."""
    if proof.occasion == Proof.Occasion.FIRST and proof.course.publication_id:
        for reading in Reading.objects.filter(publication_id=proof.course.publication_id, owner_id=proof.owner_id):
            if reading.done:
                proven_by_reading(reading)
        proof.refresh_from_db(fields=["proven_on"])  # or its person is asked for what has been proven


def proven_by_reading(reading: Reading) -> None:
    """What is open of courses that this publication proves is proven."""
    rows = Proof.objects.filter(
        course__publication_id=reading.publication_id, owner_id=reading.owner_id, proven_on=None
    )
    moment = reading.passed_at or reading.confirmed_at or clock.now()
    for proof in rows:
        proof.proven_on, proof.how = timezone.localtime(moment).date(), Proof.How.QUIZ
        proof.save(update_fields=["proven_on", "how"])


@action(Proof, label=_("Record the proof"), permission="train", icon="certificate",
        labels={"how": _("How"), "training": _("Training"), "note": _("Note")},
        choices={"how": lambda _user: [(How.SESSION.value, How.SESSION.label), (How.SHOWN.value, How.SHOWN.label)]},
        when=lambda proof: proof.proven_on is None, mine=lambda proof, actor: proof.owner_id != actor.pk)  # fmt: skip
def prove(proof: Proof, *, actor: User, how: str, training: Training | None = None, note: str = "") -> Proof:
    """The trainer or head records that the person is competent; nobody does so for themselves."""
    if proof.owner_id == actor.pk:
        raise Forbidden(_("Nobody records a proof of their own."))
    if proof.proven_on is not None:
        raise Refused(_("This is proven already."))
    if how == How.SESSION and training is None:
        raise Refused(_("Say which training was attended."), field="training")
    if how == How.SHOWN and not note.strip():
        raise Refused(_("Say what was shown."), field="note")
    proof.proven_on, proof.how, proof.training = clock.today(), how, training
    proof.note, proof.proven_by = note.strip()[:200], actor
    proof.save(update_fields=["proven_on", "how", "training", "note", "proven_by"])
    return proof
