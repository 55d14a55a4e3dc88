"""Recording reviews and talks, chasing missing ones, drafting collections and the plan of the year (CARD-01, 06, 08, 10)."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.custody.models import CardReview, Collection, DayTalk, SalesPlan
from guanxi.custody.queries.reviews import led_by, not_reviewed, owing, sold_by_quarter
from guanxi.customers.models import Account
from guanxi.formats.dates import monday
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import Company
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import User
from guanxi.org.queries import heads_above
from guanxi.org.services import tell
from guanxi.worktime.queries import calendar_of

ESCALATE = 2  # Wednesday


def _require_lead(person: User, actor: User) -> None:
    if not led_by(actor).filter(pk=person.pk).exists():
        raise Forbidden(_("Only who leads a person reviews that person's cards."))


@in_unit_of_work
def record_review(person: User, *, looked: int, score: int, remark: str, actor: User) -> CardReview:
    """The cards of this week; once a week."""
    _require_lead(person, actor)
    if looked < 1:
        raise Refused(_("Look at one card at least."), field="looked")
    if not 0 <= score <= 100:
        raise Refused(_("The score lies between 0 and 100."), field="score")
    week = monday(clock.today())
    if CardReview.objects.filter(owner=person, week=week).exists():
        raise Refused(_("The cards of %(name)s have been reviewed this week.") % {"name": person})
    review = CardReview(
        company_id=person.company_id, created_by_id=actor.pk, owner=person, department_id=person.department_id,
        week=week, reviewer=actor, looked=looked, score=score, remark=remark.strip()[:1000],
    )  # fmt: skip
    review.save()
    text = _("Your cards were reviewed: %(score)d of 100. %(remark)s") % {"score": score, "remark": review.remark}
    tell([person], text, url=record_url("card-reviews", review.pk), icon="clipboard-check")
    return review


@in_unit_of_work
def record_talk(person: User, day: date, *, note: str, dealt: tuple[Decimal, Decimal], actor: User) -> DayTalk:
    """What was said about a day; `dealt` are the orders and receipts that were looked at."""
    _require_lead(person, actor)
    if not note.strip():
        raise Refused(_("Write what you talked about."), field="note")
    if day >= clock.today():
        raise Refused(_("Talk about a day that is over."))
    if DayTalk.objects.filter(owner=person, day=day).exists():
        raise Refused(_("This day has been discussed with %(name)s.") % {"name": person})
    talk = DayTalk(
        company_id=person.company_id, created_by_id=actor.pk, owner=person, department_id=person.department_id,
        day=day, held_by=actor, ordered=dealt[0], received=dealt[1], note=note.strip()[:2000],
    )  # fmt: skip
    talk.save()
    return talk


@job("custody.reviews", at_hour=9)
def chase_reviews(run: Run) -> dict[str, Any]:
    """On Monday the head hears whose cards nobody reviewed last week; on Wednesday the one above, if it was not made good."""
    today = clock.today()
    if today.weekday() not in (0, ESCALATE):
        return {}
    week, told = monday(today) - timedelta(days=7), 0
    for company in Company.objects.all():
        told += work.unit_of_work(lambda company=company: _chase(company, week, today.weekday()))  # type: ignore[misc]
    return {"told": told}


def _chase(company: Company, week: date, weekday: int) -> int:
    missing: Counter[User] = Counter()
    this_week = {person.pk for person in not_reviewed(company.pk, week + timedelta(days=7))}
    for person in not_reviewed(company.pk, week):
        heads = heads_above(person)
        if weekday == ESCALATE:
            heads = heads[1:] if person.pk in this_week else []  # made good this week: nobody above needs to hear
        for head in heads[:1]:
            missing[head] += 1
    for head, n in missing.items():
        text = _("Cards not reviewed in the week from %(week)s: %(n)d people") % {"week": week.isoformat(), "n": n}
        tell([head], text, url=reverse("card-review-week"), icon="clipboard-check")
    return len(missing)


# -- collections (CARD-10)


@in_unit_of_work
def draft_collections(actor: User) -> int:
    """One line for each customer with overdue money and no open line: the largest sums first, five a working day."""
    known, calendar = set(_open_lines().values_list("account_id", flat=True)), calendar_of(actor.company_id)
    late = [(balance, due) for balance, due in owing(actor) if balance.overdue > 0 and due is not None]
    fresh = [(balance, due) for balance, due in late if balance.account_id not in known]
    accounts = Account.objects.in_bulk([balance.account_id for balance, _due in fresh])
    for number, (balance, due) in enumerate(fresh):
        account = accounts[balance.account_id]
        Collection(
            company_id=actor.company_id, created_by_id=actor.pk, account=account, owner_id=account.owner_id or actor.pk,
            department_id=account.department_id, position=number + 1, overdue=balance.overdue, oldest_due_on=due,
            planned_on=calendar.add_workdays(clock.today(), number // 5),
        ).save()  # fmt: skip
    return len(fresh)


def _open_lines() -> QuerySet[Collection]:
    """Still to collect, disputed, or promised for a day that is not over: none of these is asked for a second time."""
    broken = Q(state=Collection.State.PROMISED, promised_on__lt=clock.today())
    return Collection.objects.exclude(broken).exclude(state=Collection.State.DONE)  # type: ignore[no-any-return]


def _collects(row: Collection, actor: User) -> bool:
    return row.owner_id == actor.pk or (row.owner is not None and actor in heads_above(row.owner))


@action(Collection, label=_("Write the result"), icon="cash-banknote", permission="view", bulk=False, mine=_collects,
        when=lambda row: row.state != Collection.State.DONE,
        labels={"state": _("Outcome"), "result": _("Result"), "promised_on": _("promised for")},
        choices={"state": lambda _user: Collection.State.choices[1:]})  # fmt: skip
def settle(row: Collection, *, actor: User, state: str, result: str, promised_on: date | None = None) -> Collection:
    """What came of asking: settled, promised for a day, or disputed."""
    if state not in (Collection.State.DONE, Collection.State.PROMISED, Collection.State.DISPUTED):
        raise Refused(_("Choose an outcome."), field="state")
    if not result.strip():
        raise Refused(_("Write what came of it."), field="result")
    if state == Collection.State.PROMISED and (promised_on is None or promised_on < clock.today()):
        raise Refused(_("Say for which day it is promised."), field="promised_on")
    row.state, row.result, row.promised_on = state, result.strip()[:400], promised_on
    row.save()
    return row


# -- the plan of the year (CARD-06)


@in_unit_of_work
def draft_plan(year: int, *, actor: User) -> int:
    """A line per person and quarter, begun from the actual results of the year before; existing lines stay."""
    sold = sold_by_quarter(actor, year - 1)
    people = {person.pk: person for person in [*led_by(actor), actor]}
    known = set(SalesPlan.objects.filter(owner__in=people, year=year).values_list("owner_id", "quarter"))
    made = 0
    for (pk, quarter), amount in sorted(sold.items()):
        if pk in people and (pk, quarter) not in known:
            SalesPlan(
                company_id=actor.company_id, created_by_id=actor.pk, owner_id=pk, year=year, quarter=quarter,
                department_id=people[pk].department_id, before=amount, target=max(amount, Decimal(0)),
            ).save()  # fmt: skip
            made += 1
    return made
