"""Dealings of the demonstration: contacts over the last months, visits with their forms, return visits, competitors, a reception."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account
from guanxi.desk.demo import words
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.formats.dates import monday
from guanxi.formats.workdays import PACKAGED
from guanxi.interactions.models import (
    Competitor,
    CompetitorNote,
    Interaction,
    Reception,
    ReturnVisit,
    ServiceRequest,
    Visit,
    VisitPlan,
)
from guanxi.interactions.queries.rules import way_for
from guanxi.interactions.services.returns import CHANNELS, number_requests
from guanxi.kernel.models import Company

MOST = 1500  # customers with a history of dealings, however many there are
DAYS = 180


@dataclass
class Dealings:
    """Unsaved rows in the order in which they depend on each other."""

    plans: list[VisitPlan] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    notes: list[CompetitorNote] = field(default_factory=list)
    requests: list[ServiceRequest] = field(default_factory=list)
    returns: list[ReturnVisit] = field(default_factory=list)
    contacts: list[Interaction] = field(default_factory=list)

    def save(self) -> None:
        number_requests(self.requests)
        for rows in (self.plans, self.visits, self.notes, self.requests, self.returns, self.contacts):
            pour(rows)  # type: ignore[arg-type]


def build_contacts(company: Company, today: date) -> None:
    """Run it inside a unit of work, once customers and orders are there."""
    dice, made = Dice("contacts"), Dealings()
    rivals = [Competitor(company=company, name=name, products=products) for name, products in words.COMPETITORS]
    pour(rivals)
    rows = Account.objects.filter(
        company=company, owner__isnull=False, last_contact_on__gte=today - timedelta(days=DAYS)
    )
    seen: dict[int, int] = {}
    plans: dict[int, VisitPlan] = {}
    for account in rows.select_related("owner").order_by("pk")[:MOST]:
        _contacts(dice, account, made)
        if account.kind == "company" and dice.random() < 0.3:
            last = min(account.last_contact_on or today, today - timedelta(days=1))  # those of today are planned below
            _visit(dice, account, _workday(last), made, rivals)
        if account.last_order_on and account.last_order_on > today - timedelta(days=60):
            _return(dice, account, today, made)
        turn = seen.setdefault(account.owner_id or 0, 0)
        if turn < 3:  # the first customers of each person are visited today
            seen[account.owner_id or 0] += 1
            if turn == 0:
                plans[account.owner_id or 0] = _plan(dice, account, today)
            visit = _planned(account, today, words.PURPOSES[turn])
            visit.plan = plans[account.owner_id or 0]
            made.visits.append(visit)
    made.plans += plans.values()
    made.save()
    key = rows.filter(is_key=True).order_by("pk").first()
    if key is not None:
        _common: dict[str, Any] = _by(key, today - timedelta(days=2))
        Reception(
            **_common, title="总经理一行来访", day=today + timedelta(days=9), guests="王总等四人", hosts="沈总、技术部陈工",
            programme="上午参观装配车间，下午交流循环水节能方案。", care="来宾中有两位素食", place="总部二号会议室",
        ).save()  # fmt: skip


def _by(account: Account, day: date) -> dict[str, Any]:
    """Who did it, with whom, and when it was written down."""
    return {
        "company_id": account.company_id, "account": account, "owner_id": account.owner_id,
        "department_id": account.department_id, "created_by_id": account.owner_id, "created_at": _at(day, 18),
    }  # fmt: skip


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _workday(day: date) -> date:
    while not PACKAGED.is_workday(day):
        day -= timedelta(days=1)
    return day


def _contacts(dice: Dice, account: Account, made: Dealings) -> None:
    """A few contacts up to the last one the customer's file knows of."""
    last = account.last_contact_on
    day = last - timedelta(days=1) if last else None  # the last one may be this morning
    for number in range(dice.randrange(1, 5)):
        channel, kind, direction, content, result = dice.pick(words.CONTACTS)
        if day is None:
            return
        on = _workday(day)
        incoming = direction == "in"
        answered = incoming and dice.random() < 0.85
        made.contacts.append(
            Interaction(
                **_by(account, on), channel=channel, kind=kind, direction=direction, content=content, result=result,
                at=_at(on, dice.randrange(9, 17), dice.randrange(60)), minutes=dice.pick((5, 10, 15, 20, 30)),
                next_contact_on=account.next_contact_on if number == 0 else None,
                answer="已电话答复客户" if answered else "", answered_at=_at(on, 17, 40) if answered else None,
                answered_by_id=account.owner_id if answered else None,
            )
        )  # fmt: skip
        day -= timedelta(days=dice.randrange(12, 40))


def _planned(account: Account, day: date, purpose: str) -> Visit:
    return Visit(**_by(account, day - timedelta(days=1)), day=day, purpose=purpose)


def _visit(dice: Dice, account: Account, day: date, made: Dealings, rivals: list[Competitor]) -> None:
    """A visit that was made and written up; one in eight failed."""
    begun, minutes = _at(day, dice.randrange(9, 16), dice.randrange(60)), dice.randrange(20, 90)
    need, feedback, improvement, approach = dice.pick(words.VISITS)
    failed = dice.random() < 0.12
    visit = Visit(
        **_by(account, day), day=day, purpose=dice.pick(words.PURPOSES), state="done", read_at=begun - timedelta(hours=1),
        started_at=begun, done_at=begun + timedelta(minutes=minutes), minutes=minutes,
        outcome="failed" if failed else dice.pick(("reached", "partly")), need="" if failed else need,
        feedback="负责人临时外出，未能见面。" if failed else feedback, improvement="" if failed else improvement,
        approach="" if failed else approach, understood="" if failed else dice.pick(("confirmed", "partly")),
        stop_reason="客户暂无采购计划，半年后再联系" if failed else "", next_contact_on=account.next_contact_on,
    )  # fmt: skip
    made.visits.append(visit)
    made.contacts.append(
        Interaction(
            **_by(account, day), kind="visit", channel="visit", content="\n".join(filter(None, (visit.need, visit.feedback))),
            result=str(visit.get_outcome_display()), approach=visit.approach, at=begun, minutes=minutes, next_contact_on=visit.next_contact_on,
            label="interactions.visit", object_id=visit.pk,
        )
    )  # fmt: skip
    if not failed and dice.random() < 0.35:
        strengths, differences = dice.pick(words.RIVALRY)
        made.notes.append(
            CompetitorNote(
                company_id=account.company_id, created_by_id=account.owner_id, account=account, visit=visit, on=day,
                competitor=dice.pick(rivals), strengths=strengths, differences=differences, created_at=_at(day, 18),
            )
        )  # fmt: skip


def _plan(dice: Dice, account: Account, today: date) -> VisitPlan:
    by = _by(account, today - timedelta(days=3))
    del by["account"]
    return VisitPlan(
        **by, starts_on=monday(today), ends_on=monday(today) + timedelta(days=6),
        region_code=account.region_code, number=dice.randrange(6, 15), focus=dice.pick(words.PURPOSES), state="agreed",
    )  # fmt: skip


def _return(dice: Dice, account: Account, today: date, made: Dealings) -> None:
    """A week after the purchase: done, or still open if it was lately."""
    bought = account.last_order_on or today
    due, way = bought + timedelta(days=7), way_for(account)
    row = ReturnVisit(**_by(account, bought), reason="purchase", way=way, due_on=due)
    if due < today - timedelta(days=1) and dice.random() < 0.93:
        on = _workday(due)
        row.done_by_id = account.owner_id
        row.state, row.done_at, row.satisfaction = "done", _at(on, 15), dice.often(((5, 5), (4, 6), (3, 2), (2, 1)))
        row.usage, row.needs, row.opinion = dice.pick(words.RETURNS)
        if row.satisfaction < 3:
            row.issue = dice.pick(words.PROBLEMS)
            row.request = ServiceRequest(
                **_by(account, on), problem=row.issue, severity="high", due_at=_at(on, 18) + timedelta(days=3)
            )
            made.requests.append(row.request)
        made.contacts.append(
            Interaction(
                **_by(account, on), kind="return", channel=CHANNELS[ReturnVisit.Way(way)], at=_at(on, 15), minutes=8,
                content=f"{row.usage}\n{row.opinion}", label="interactions.returnvisit", object_id=row.pk,
            )
        )  # fmt: skip
    made.returns.append(row)
