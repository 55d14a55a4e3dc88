"""Stories about people, branches and headquarters: signing in, looking after cards, meetings, plans, inspections, hand-overs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guanxi.custody.models import CardReview, Collection, DayTalk, SalesPlan
from guanxi.customers.models import AccountPlan, ClassReview, ClassScheme, PlanAction
from guanxi.filing.models import FileTask, Inspection, InspectionPlan, Rectification
from guanxi.handover.models import Handover, PersonnelChange
from guanxi.incentives.models import Entry
from guanxi.interactions.models import Competitor, CompetitorNote, Interaction, VisitPlan
from guanxi.kernel import work
from guanxi.learning.models import Course, Proof
from guanxi.meetings.models import ActionItem, Bulletin, Meeting
from guanxi.org.models import Absence, SignIn, Training, User
from guanxi.rulebook.models import Regulation
from tests.planted.year import DAY, EVENING, FIRST, Year, at, end, fixed_on, later, open_until, periods


def signing_in(year: Year) -> None:
    """Everybody signs in on every working day; some forget one, some are away, some travel, some are not seen for weeks."""
    workdays = [day for day, _l in periods("workday", FIRST, year.last)]
    trips = _absences(year)
    for n, person in enumerate(year.staff):
        seen: list[datetime] = []
        first, last, road = trips.get(person.pk, (FIRST, FIRST - DAY, []))
        start = (40 + n) % (len(workdays) - 17)
        gone = (workdays[start], workdays[start + 16]) if n % 9 == 4 else (FIRST, FIRST - DAY)
        for k, day in enumerate(workdays):
            if first <= day <= last or gone[0] <= day <= gone[1] or (k * 7 + n * 3) % 43 == 0:
                continue
            seen.append(end(day) if (k + n) % 31 == 0 else at(day, 9))
        for moment in [*seen, *road]:
            year.add(SignIn, moment, user=person, username=person.username, at=moment, ok=True, method="password")
        born = year.born.get(person.pk, date.min)
        spans = [(day, day) for day in workdays if born <= day and not first <= day <= last]
        year.every("USE-01", person.pk, person.pk, "workday", [*seen, *road], spans=spans)
        year.holds("USE-03", person.pk, person.pk, (0, "days"), _unseen([*seen, *road]),
                   lambda today, b=born: b == date.min or today > b + 14 * DAY)  # fmt: skip


def newcomers(year: Year) -> None:
    """Some accounts are new in the year: proven in time, late, by another course, never."""
    course = Course(company=year.company, title="系统操作", kind="tools")
    other = Course(company=year.company, title="产品知识", kind="products")
    work.unit_of_work(lambda: (course.save(), other.save()))
    fresh = [one for n, one in enumerate(year.staff) if n % 3 == 1 and n % 9 != 4]  # those who are never long unseen
    for n, person in enumerate(fresh):
        born = at(FIRST.replace(day=2 + 5 * n % 27, month=1 + n % 3), 10)
        if born > year.horizon:
            continue
        User.everything.filter(pk=person.pk).update_silently(created_at=born)
        year.born[person.pk] = born.date()
        following = (born.date().replace(day=1) + 31 * DAY).replace(day=1)
        due = end(following.replace(day=min(born.day, 28)))  # none is born later in a month
        proof = (due, due + DAY, None, born + 3 * DAY)[n % 4]
        if proof is not None:
            year.add(Proof, proof - timedelta(hours=6), owner=person, course=course, title="系统操作", occasion="first", how="shown",
                     opened_on=born.date(), due_on=due.date(), proven_on=timezone.localtime(proof).date())  # fmt: skip
        elif n % 8 == 2:
            year.add(Proof, born + DAY, owner=person, course=other, title="产品知识", occasion="first", how="shown",
                     opened_on=born.date(), due_on=due.date(), proven_on=(born + DAY).date())  # fmt: skip
        year.within("TRAIN-03-b", person.pk, person.pk, due, proof)


def _unseen(moments: list[datetime]) -> Callable[[date], bool]:
    """Nobody signed in for a fortnight; a sign-in after eight in the evening is known the next evening."""
    known = {moment.date() + DAY * (moment.hour >= EVENING): moment.date() for moment in moments}

    def broken(today: date) -> bool:
        return not any(known.get(today - n * DAY, date.min) >= today - 14 * DAY for n in range(16))

    return broken


def _absences(year: Year) -> dict[int, tuple[date, date, list[datetime]]]:
    """Leave and travel, from a Monday to the Friday after the next; who travels signs in twice a week, or does not."""
    found = {}
    mondays = [first for first, _l in periods("week", FIRST, year.last)]
    for n, person in enumerate(year.people):
        if n % 4 > 1:
            continue
        first = mondays[(n * 3 + 5) % (len(mondays) - 4)]
        last, road = first + 11 * DAY, []
        trip = year.add(
            Absence, at(first - DAY, 12), owner=person, kind=("travel", "leave")[n % 4], starts_on=first, ends_on=last
        )
        if n % 4 == 0:
            second = (end(first + 6 * DAY), None, at(first + 7 * DAY, 0), at(first + 3 * DAY))[n // 4 % 4]
            road = [at(first + DAY, 8), *([second] if second else [])]
            year.every("USE-02", trip.pk, person.pk, "week", road, times=2, spans=[(first, first + 6 * DAY)])
            # The second week is not travelled to its end: what nobody has done is no longer owed then.
            year.owes("USE-02", trip.pk, person.pk, first + 13 * DAY, "void")
        found[person.pk] = (first, last, road)
    return found


def supervision(year: Year) -> None:
    """Heads look at the cards of each seller once a week, and talk every day; three days without a talk are a breach."""
    weeks = periods("week", FIRST, year.last)
    workdays = [day for day, _l in periods("workday", FIRST, year.last)]
    for n, person in enumerate(year.people):
        head = year.head_of(person)
        looks = []
        for k, (first, last) in enumerate(weeks):
            moment = (at(first, 9), end(last), None, at(first + 2 * DAY))[(k + n) % 4]
            if moment is not None and moment <= year.horizon:
                year.add(CardReview, moment, owner=person, week=first, reviewer_id=head, looked=5, score=80)
                looks.append(moment)
        year.every("CARD-01", person.pk, head, "week", looks)
        talks = []
        for k, day in enumerate(workdays):
            if (k + n) % 17 not in (3, 4, 5):
                year.add(DayTalk, at(day, 17), owner=person, day=day, held_by_id=head, note="谈")
                talks.append(at(day, 17))
        year.every("CARD-08", person.pk, head, "workday", talks, grace=(2, "workdays"))


def shares(year: Year) -> None:
    """60/30/10 of the time to key, ordinary and potential customers: exactly, at the edge, beyond it, none at all."""
    for n, person in enumerate(year.people):
        three = [year.customer(owner=person, department_id=person.department_id, **values)
                 for values in ({"is_key": True}, {"stage": "dormant"}, {})]  # fmt: skip
        for k, (first, last) in enumerate(periods("month", FIRST, year.last)):
            minutes = ((600, 300, 100), (700, 200, 100), (710, 190, 100), ())[(k + n) % 4]
            day = max(first, min(last, year.last) - 2 * DAY)
            for account, spent in zip(three, minutes, strict=False):
                year.add(
                    Interaction, at(day, 11), account=account, owner=person, at=at(day, 11), content="谈", minutes=spent,
                    kind="general", channel="phone", direction="out",
                )  # fmt: skip
            state = "open" if end(last) >= year.horizon else "met" if (k + n) % 4 < 2 else "missed"
            year.owes("CLASS-06", person.pk, person.pk, last, state)


def meetings(year: Year) -> None:
    """Meetings of branches and headquarters, each of which may prove several things at once."""
    months = periods("month", FIRST, year.last)
    hosts = [*year.heads, year.office["relations-specialist"]]
    for n, host in enumerate(hosts):
        for k, (first, last) in enumerate(months):
            day = (last, later(last, 4, "workdays"), first, later(last, 6, "workdays"))[(k + n) % 4]
            if (k + n) % 5 == 4 or day > year.last:
                continue
            year.add(
                Meeting, at(day), owner=host, held_on=day, kind=("monthly", "other")[(k + n) % 3 == 2], name="例会",
                state="closed" if (k + n) % 7 else "planned", decisions="定" if k % 2 else "", feedback="满意" if k % 3 else "",
                progress="进" if k % 4 == 1 else "",
            )  # fmt: skip
    held = [one for one in year.rows(Meeting) if one.state == "closed"]
    root, office = year.root.pk, {code: person.pk for code, person in year.office.items()}

    def of(*words: str, **wanted: Any) -> list[datetime]:
        found = [one for one in held if all(getattr(one, word) for word in words)]
        return [at(one.held_on) for one in found if all(getattr(one, n) == v for n, v in wanted.items())]

    week = (5, "workdays")
    year.every("ANLY-05", root, office["relations-specialist"], "quarter", of("feedback", "decisions"), grace=week)
    year.every("ANLY-06-b", root, office["business-department"], "quarter", of("progress"), grace=week)
    year.every("GOV-04-a", root, office["supervision"], "quarter", of("decisions"), grace=week)
    year.every("MEET-01", root, office["business-department"], "month", of(kind="monthly"))
    for branch, head in zip(year.departments, year.heads, strict=True):
        year.every("CARD-05-b", branch.pk, head.pk, "quarter", of("decisions", department_id=branch.pk), grace=week)


def branches(year: Year) -> None:
    """Every month a round of visits, every year a plan of sales."""
    for n, (branch, head) in enumerate(zip(year.departments, year.heads, strict=True)):
        rounds, plans = [], []
        for k, (first, last) in enumerate(periods("month", FIRST, year.last)):
            moment = (at(first), end(later(last, 3, "workdays")), None, at(later(last, 4, "workdays"), 9))[(k + n) % 4]
            if moment is not None and moment <= year.horizon:
                year.add(VisitPlan, moment, owner=head, kind="round", starts_on=first, ends_on=last, focus="月度")
                rounds.append(moment)
        year.every("CARD-05-a", branch.pk, head.pk, "month", rounds, grace=(3, "workdays"))
        if n % 3 < 2:
            target = Decimal(n % 3)  # nothing is no target
            year.add(SalesPlan, at(FIRST + 20 * DAY), owner=head, year=2025, quarter=1, target=target)
            plans += [at(FIRST + 20 * DAY)] if target else []
        year.every("ANLY-06-a", branch.pk, head.pk, "year", plans)


def headquarters(year: Year) -> None:
    """What headquarters owe by week, month, quarter and half."""
    root, office = year.root.pk, {code: person.pk for code, person in year.office.items()}
    relations = year.office["relations-specialist"]
    rival = year.add(Competitor, at(FIRST, 0), name="对手")
    plans = [year.add(InspectionPlan, at(FIRST, 0), name=period, period=period, checks=checks)
             for period, checks in (("weekly", ["missing"]), ("monthly", ["duplicate"]), ("monthly", ["missing"]))]  # fmt: skip
    for k, (first, last) in enumerate(periods("week", FIRST, year.last)):
        day = (last, later(last, 1, "workdays"), later(last, 2, "workdays"), None)[k % 4]
        if day is not None and day <= year.last:
            _inspection(year, plans[0], day, "done" if k % 5 else "running")
        if k % 4 == 1:
            year.add(CompetitorNote, at(first), account=year.customer(), competitor=rival, on=first, strengths="价低")
    for k, (_first, last) in enumerate(periods("month", FIRST, year.last)):
        day = (last, later(last, 3, "workdays"), later(last, 4, "workdays"), None)[k % 4]
        if day is None or day > year.last:
            continue
        _inspection(year, plans[1 + k % 3 // 2], day, "done")
        year.add(Bulletin, at(day), title="行情", kind=("market", "finance")[k % 3 == 2], text="价", state="published",
                 published_at=at(later(day, -1)), owner=relations)  # fmt: skip
        year.add(Training, at(day), topic="课", kind=("tools", "rules")[k % 2], held_on=day, outcome="会" if k % 4 else "",
                 owner=relations)  # fmt: skip
    done = year.rows(Inspection, state="done")
    weekly, sought = ([at(one.done_on) for one in done if one.plan is plan] for plan in plans[:2])
    market = [one.published_at for one in year.rows(Bulletin, kind="market")]
    trained = year.rows(Training)
    tools = [at(one.held_on) for one in trained if one.kind == "tools" and one.outcome]
    plans_made = [one.created_at for one in year.rows(VisitPlan) if one.kind in ("research", "return", "care")]
    e_commerce = [one.created_at for one in year.rows(FileTask, kind="e_commerce")]
    operations, three = office["operations-specialist"], (3, "workdays")
    year.every("QUAL-08-a", root, operations, "week", weekly, grace=(1, "workdays"))
    year.every("QUAL-11-a", root, operations, "month", [at(one.done_on) for one in done], grace=three)
    year.every("QUAL-12", root, operations, "month", sought, grace=three)
    year.every("QUAL-05-a", root, relations.pk, "month", e_commerce, grace=(1, "workdays"))
    year.every("MKTI-02-a", root, office["business-department"], "month", market, grace=(2, "workdays"))
    notes = [at(one.on) for one in year.rows(CompetitorNote)]
    year.every("MKTI-02-b", root, office["business-department"], "quarter", notes, times=3)
    year.every("RV-10-a", root, office["business-department"], "quarter", plans_made)
    year.every("TRAIN-01", root, relations.pk, "quarter", [at(one.held_on) for one in trained])
    year.every("TRAIN-03-a", root, office["marketing"], "half", tools)


def _inspection(year: Year, plan: Any, day: date, state: str) -> None:
    year.add(
        Inspection, at(day), number=f"I{len(year.rows(Inspection))}", plan=plan, first=day, last=day, state=state,
        done_on=day if state == "done" else None, owner=year.office["operations-specialist"],
    )  # fmt: skip


def schemes(year: Year) -> None:
    """The policy is reviewed every quarter and says when it is taken up again."""
    marketing = year.office["marketing"].pk
    scheme = year.add(
        ClassScheme,
        at(FIRST, 0),
        code="planted",
        name="方案",
        kind="manual",
        is_policy=True,
        reassess_on=FIRST + 40 * DAY,
    )
    fixed = FIRST + 52 * DAY
    year.change(scheme, at(fixed), reassess_on=year.last)
    year.holds("CLASS-12", scheme.pk, marketing, (10, "workdays"), lambda today: FIRST + 40 * DAY < today < fixed)
    days = [
        last for k, (_f, last) in enumerate(periods("quarter", FIRST, year.last)) if k % 2 == 0 and last <= year.last
    ]
    for day in days:
        year.add(
            ClassReview,
            at(day),
            scheme=scheme,
            held_on=day,
            state="closed",
            name="评审",
            owner=year.office["marketing"],
        )
    year.every("CLASS-07", scheme.pk, marketing, "quarter", [at(day) for day in days], grace=(5, "workdays"))


def errands(year: Year, n: int) -> None:
    """Things with a day of their own: looked at some days before, done in time, late, never."""
    for i, day in enumerate(year.days(n)):
        person = year.people[i % len(year.people)]
        done, due = fixed_on(year, day, (2, 8, None, 13)[i // 7 % 4]), later(day, 12)
        who: int = person.pk
        match i % 7:
            case 0:
                row = year.add(ActionItem, at(day), owner=person, what="办", due_on=due)
                code, ahead, span, values = "MEET-02", 3, (3, "days"), {"state": "done"}
            case 1:
                plan = year.add(AccountPlan, at(day), account=year.customer(), owner=person, title="计划", goal="增")
                row = year.add(PlanAction, at(day), plan=plan, what="办", person=person, due_on=due)
                code, ahead, span, values = "GROUP-02", 3, (3, "days"), {"done_on": done.date() if done else None}
            case 2:
                row = year.add(PersonnelChange, at(day), owner=person, person=person, kind="move", day=due, due_on=due)
                code, ahead, span, values = "ACCT-03", 1, (1, "days"), {"state": "filed"}
                who = year.office["block-administrator"].pk
            case 3:
                if year.rows(Handover, owner=person):
                    continue  # one hand-over of a person at a time
                row = year.add(
                    Handover, at(day), owner=person, person=person, kind="move", day=due, rest_to=person, reason="调"
                )
                code, ahead, span, values = "ACCT-05-a", 3, (3, "days"), {"state": "cancelled"}
                who = year.head_of(person)
            case 4:
                row = year.add(
                    Collection,
                    at(day),
                    account=year.customer(),
                    owner=person,
                    planned_on=due,
                    oldest_due_on=day,
                    overdue=Decimal(100),
                )
                code, ahead, span, values = "CARD-10", 2, (2, "days"), {"state": "done"}
            case 5:
                _researched(year, person, day, done)
                continue
            case _:
                row = year.add(Rectification, at(day), owner=person, title="改", due_on=due, state="running")
                code, ahead, span, values = "GOV-04-b", 7, (7, "days"), {"state": "done"}
                met = (later(day, 10, "workdays"), None, later(day, 11, "workdays"))[i // 7 % 3]
                if met is not None and met <= year.last:
                    year.change(row, at(met, 9), meeting_on=met)
                year.within("QUAL-13", row.pk, who, end(later(day, 10, "workdays")), at(met, 9) if met else None)
        if done:
            year.change(row, done, **values)
        year.holds(code, row.pk, who, span, open_until(max(day, due - ahead * DAY), done))


def _researched(year: Year, person: Any, day: date, done: datetime | None) -> None:
    """Plans of research that are over want their findings; round visits want none."""
    kind = ("research", "return", "care")[day.day % 3]
    row = year.add(
        VisitPlan, at(day), owner=person, kind=kind, starts_on=day, ends_on=day, focus="调研", state="agreed"
    )
    if done:
        year.change(row, done, findings="所见")
    if kind != "care":
        year.holds("RV-10-b", row.pk, person.pk, (5, "workdays"), open_until(day + DAY, done),
                   lambda today, d=day: d < today <= d + 60 * DAY)  # fmt: skip


def leavers(year: Year) -> None:
    """Who has left and still has customers; the head has three working days."""
    for n, person in enumerate(year.left):
        if n % 3 == 2:
            continue
        account = year.customer(owner=person, department_id=person.department_id)
        fixed = later(FIRST, 3 if n % 3 else 9, "workdays")
        year.change(account, at(fixed), owner=year.people[0])
        year.holds("ACCT-05-b", person.pk, year.head_of(person), (3, "workdays"), lambda today, f=fixed: today < f)


def rules_and_money(year: Year, n: int) -> None:
    """Incentives wait for the word of the head, rules of departments for being filed."""
    for i, day in enumerate(year.days(n)):
        person = year.people[i % len(year.people)]
        if i % 4 == 3:
            own = i % 8 == 3
            row = year.add(
                Regulation, at(day), code=f"own-{i}", title="细则", created_by=person, source="" if own else "总部"
            )
            if own:
                year.holds("ORG-14", row.pk, person.pk, (5, "workdays"), lambda today, d=day: today >= d)
            continue
        entry = year.add(Entry, at(day), owner=person, title="激励", amount=Decimal(20), unit="yuan", duty_key=f"k{i}")
        done = fixed_on(year, day, (2, 5, 6, None)[i // 4 % 4])
        if done:
            year.change(entry, done, state="cancelled")
        year.holds("QUAL-11-b", entry.pk, year.head_of(person), (5, "workdays"), open_until(day, done),
                   lambda today, d=day: d <= today <= d + 60 * DAY)  # fmt: skip
