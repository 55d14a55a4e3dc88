"""Stories about customers: orders and visits after them, classes, files, needs, letters, requests, registrations."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from guanxi.customers.models import AccountPlan, Need, PurchaserChange, StageChange
from guanxi.deals.models import Lead, LeadNote, Opportunity
from guanxi.filing.models import FileTask, Finding, Recheck, Registration
from guanxi.insight.models import Profile
from guanxi.interactions.models import Interaction, ReturnVisit, ServiceRequest, Visit, VisitPlan
from guanxi.sales.models import Order
from tests.planted.year import DAY, FIRST, Year, at, end, fixed_on, later, open_until, periods

OLD = date(2024, 6, 3)


def returned(year: Year, account: Any, moment: datetime | None, **more: Any) -> None:
    """A return visit that has been made."""
    if moment is not None:
        year.add(
            ReturnVisit, moment, account=account, owner=account.owner, due_on=moment.date(), state="done",
            done_at=moment, **more,
        )  # fmt: skip


def talked(year: Year, account: Any, moment: datetime | None, **more: Any) -> None:
    if moment is not None:
        values = {"kind": "general", "channel": "phone", "direction": "out", **more}
        year.add(Interaction, moment, account=account, owner=account.owner, at=moment, content="联系", **values)


def orders(year: Year, n: int) -> None:
    """Entered within a working day, customer called within three, return visit within seven days."""
    for i, day in enumerate(year.days(n)):
        account = year.customer(channel=year.channels["e-commerce"] if i % 6 == 5 else None)
        state = ("confirmed", "draft")[i % 7 == 6]
        entered = at(later(day, (0, 1, 2)[i % 3], "workdays"), 16)
        if entered > year.horizon:
            continue
        row = year.add(
            Order, entered, account=account, owner=account.owner, number=f"P{i}", ordered_on=day, state=state
        )
        called = (end(later(day, 3, "workdays")), at(later(day, 4, "workdays"), 8), None)[i % 3]
        seen = (None, end(later(day, 7)), at(later(day, 8), 8))[(i // 2) % 3]
        talked(year, account, called)
        returned(year, account, seen)
        if state == "draft":
            continue
        pk, owner = row.pk, account.owner_id
        year.within("SALE-09", pk, owner, end(later(day, 1, "workdays")), entered)
        if account.channel is None:
            year.within("FUP-03", pk, owner, end(later(day, 3, "workdays")), called)
        year.within("RV-05", pk, owner, end(later(day, 7)), seen)


def selling(year: Year, n: int) -> None:
    """Leads and opportunities: something said in each month, a look at each opportunity every week."""
    for i in range(n):
        account = year.customer()
        owner = account.owner
        lead = year.add(
            Lead, at(FIRST, 8), name=f"线索{i}", name_key=f"线索{i}", owner=owner, state=("open", "invalid")[i % 5 == 4]
        )
        deal = year.add(
            Opportunity, at(FIRST, 8), account=account, owner=owner, name=f"商机{i}", number=f"SJ{i}",
            state=("open", "won")[i % 6 == 5],
        )  # fmt: skip
        notes, talks = [], []
        for k, (first, last) in enumerate(periods("month", FIRST, year.last)):
            moment = (end(last), None, at(first + DAY, 9), at(last + DAY, 0))[(i + k) % 4]
            if moment is None or moment > year.horizon:
                continue
            year.add(LeadNote, moment, lead=lead, owner=owner, at=moment, content="跟进")
            talked(year, account, moment, opportunity=deal)
            notes.append(moment)
            talks.append(moment)
        if lead.state == "open":
            year.every("FUP-01-a", lead.pk, owner.pk, "month", notes)
        if deal.state == "open":
            year.every("FUP-01-b", deal.pk, owner.pk, "month", talks)
            _kept_current(year, deal, i)


def _kept_current(year: Year, deal: Any, i: int) -> None:
    """What was changed seven days ago is current; eight days are one too many."""
    touched, k = [FIRST], 0
    while touched[-1] < year.last:
        day = touched[-1] + (7 + (0, 1, -3, 4, 12)[(i + k) % 5]) * DAY
        k += 1
        touched.append(day)
        if day <= year.last:
            year.change(deal, at(day, 12), next_step=f"第{k}步")

    def broken(today: date) -> bool:
        return max(one for one in touched if one <= today) < today - 7 * DAY

    year.holds("SALE-08", deal.pk, deal.owner_id, (1, "workdays"), broken)


def moments_of_change(year: Year, n: int) -> None:
    """New purchasers, sleeping and lost customers: each with its own time."""
    kinds: list[tuple[str, Any, dict[str, Any], int]] = [
        ("RV-03-a", PurchaserChange, {}, 5),
        ("CHURN-05-a", StageChange, {"old": "repeat", "new": "dormant"}, 7),
        ("CHURN-05-b", StageChange, {"old": "dormant", "new": "lost"}, 15),
    ]
    for i, day in enumerate(year.days(n)):
        code, model, values, span = kinds[i % 3]
        account = year.customer()
        row = year.add(model, at(day), account=account, on=day, **values)
        done = (end(later(day, span)), at(later(day, span + 1), 9), None, at(day, 18))[(i // 3) % 4]
        if code == "CHURN-05-b" and done is not None:
            year.add(AccountPlan, done, account=account, owner=account.owner, title="挽回", goal="挽回")
        elif code != "CHURN-05-b":
            returned(year, account, done)
        year.within(code, row.pk, account.owner_id, end(later(day, span)), done)


def classes(year: Year, n: int) -> None:
    """A and B customers: return visits in each quarter and year, useful information, contact at the pace of the class."""
    for i in range(n):
        grade, stage = "AB"[i % 2], ("repeat", "dormant")[i % 5 == 4]
        account = year.customer(grade=grade, stage=stage, first_order_on=OLD, last_contact_on=FIRST - 5 * DAY)
        owner, visits, uses, annual, news = account.owner_id, [], [], [], []
        for q, (first, last) in enumerate(periods("quarter", FIRST, year.last)):
            # The last moment, inside the grace, after the grace, not at all, early.
            over = later(last, 3, "workdays")
            moment = (end(last), end(over), at(over + DAY, 9), None, at(first + 3 * DAY))[(i // 2 + q) % 5]
            if moment is not None and moment <= end(year.last):
                used, yearly = (i + q) % 3 == 0, (i + q) % 4 == 0
                more = {"usage": "正常"} if used else {}
                returned(year, account, moment, reason="annual" if yearly else "periodic", **more)
                visits.append(moment)
                uses += [moment] if used else []
                annual += [moment] if yearly else []
            told = (at(first, 9), None, end(last), at(last + DAY, 0))[(i // 2 + q) % 4]
            if told is not None and told <= end(year.last):
                talked(year, account, told, kind=("general", "visit")[(i + q) % 7 == 6])
                news += [told] if (i + q) % 7 != 6 else []
        if grade == "A":
            year.every("RV-01", account.pk, owner, "quarter", visits, grace=(3, "workdays"))
            year.every("COMM-05", account.pk, owner, "quarter", news)
        if stage == "repeat":
            year.every("LIFE-03", account.pk, owner, "half", uses)
        year.every("RV-04", account.pk, owner, "year", annual)
        _pace(year, account, i, *((30, 5, "CLASS-09-a") if grade == "A" else (90, 10, "CLASS-09-b")))


def _pace(year: Year, account: Any, i: int, gap: int, mend: int, code: str) -> None:
    """The last contact may be `gap` days ago and no more; some wait one day too long, some much too long."""
    contacts, day, k = [account.last_contact_on], account.last_contact_on, 0
    while day < year.last:
        day += (gap + (0, 0, 1, -3, gap + 20)[(i + k) % 5]) * DAY
        k += 1
        if day <= year.last:
            contacts.append(day)
            year.change(account, at(day, 12), last_contact_on=day)

    def broken(today: date) -> bool:
        return max(one for one in contacts if one <= today) < today - gap * DAY

    year.holds(code, account.pk, account.owner_id, (mend, "workdays"), broken)


def files(year: Year, n: int) -> None:
    """What must be in a file: mended in time, too late, never; and files just good enough."""
    for i, day in enumerate(year.days(n)):
        fixed = fixed_on(year, day, (1, 3, None, 12)[i % 4])
        match i % 6:
            case 0:  # a new file without name of a need
                row = year.add(type(year.base[0]), at(day), **{**_new(year, i), "business_needs": ""})
                if fixed:
                    year.change(row, fixed, business_needs="设备")
                _holds(year, "INFO-20", row, (1, "workdays"), day, fixed, until=day + 14 * DAY)
            case 1:  # a returning customer with an incomplete file
                row, low, times = year.customer(), 79 + (i // 6) % 2, 2 - (i // 12) % 2
                year.change(row, at(day), last_order_on=day, completeness=low)
                year.add(Profile, at(FIRST, 0), account=row, orders=times)
                if fixed:
                    year.change(row, fixed, completeness=80)
                if low < 80 and times > 1:
                    who = year.accountants[row.department_id].pk
                    year.holds("QUAL-02", row.pk, who, (1, "workdays"), open_until(day, fixed),
                               lambda today, day=day: day <= today <= day + 7 * DAY)  # fmt: skip
            case 2:  # a direct customer, verified half a year ago to the day, or a day longer
                row = year.customer(channel=year.channels["direct-sales"], confirmed_on=day - 183 * DAY)
                if fixed:
                    year.change(row, fixed, confirmed_on=fixed.date())
                _confirmed(year, row, fixed)
            case 3:  # a new file of a direct customer, hardly filled
                low = 79 + (i // 6) % 2
                row = year.add(type(year.base[0]), at(day), **{**_new(year, i), "completeness": low},
                               channel=year.channels["direct-sales"])  # fmt: skip
                if fixed:
                    year.change(row, fixed, completeness=80)
                if low < 80:
                    _holds(year, "QUAL-06-b", row, (3, "workdays"), day, fixed, until=day + 30 * DAY)
                _unverified(year, row, day)
            case 4:  # the next verification was planned for the day
                row = year.customer()
                planned = year.add(Recheck, at(FIRST, 0), account=row, next_check_on=day)
                if fixed:
                    year.change(planned, fixed, next_check_on=day + 400 * DAY)
                _holds(year, "INFO-14", row, (5, "workdays"), day + DAY, fixed)
            case 5:  # a customer of the first class without anybody
                row = year.customer(grade="", last_contact_on=year.last)
                year.change(row, at(day), owner=None, grade="A")
                if fixed:
                    year.change(row, fixed, owner=row.owner, grade="")
                _orphan(year, row, day, fixed)


def _new(year: Year, i: int) -> dict[str, Any]:
    person = year.people[i % len(year.people)]
    name = f"新客户{i}-{len(year.facts)}-{year.used}"
    return {"name": name, "name_key": name, "owner": person, "phone": f"138{i:08d}", "completeness": 90,
            "business_needs": "设备", "stage": "potential"}  # fmt: skip


def _holds(
    year: Year, code: str, row: Any, span: tuple[int, str], day: date, fixed: datetime | None, until: date | None = None
) -> None:
    def applies(today: date) -> bool:
        return until is None or today <= until

    year.holds(code, row.pk, row.owner_id, span, open_until(day, fixed), applies)


def _confirmed(year: Year, row: Any, fixed: datetime | None) -> None:
    first = row.confirmed_on

    def broken(today: date) -> bool:
        known = fixed.date() if fixed is not None and today >= fixed.date() else first
        return bool(known < today - 183 * DAY)

    year.holds("QUAL-06-a", row.pk, row.owner_id, (10, "workdays"), broken)


def _unverified(year: Year, row: Any, born: date) -> None:
    """A direct customer of half a year whom nobody has verified."""
    year.holds("QUAL-06-a", row.pk, row.owner_id, (10, "workdays"), lambda today: today >= born,
               lambda today: born < today - 183 * DAY)  # fmt: skip


def _orphan(year: Year, row: Any, day: date, fixed: datetime | None) -> None:
    gone = open_until(day, fixed)
    who = year.office["business-department"].pk
    # With its class the customer leaves the clause: what is open then is no longer owed.
    year.holds("ORG-08", row.pk, who, (3, "workdays"), gone, gone)


def needs_and_letters(year: Year, n: int) -> None:
    """Letters answered within a working day, opinions within five."""
    for i, day in enumerate(year.days(n)):
        account = year.customer()
        if i % 2:
            row = year.add(
                Need, at(day), account=account, kind=("opinion", "suggestion", "need")[i % 3], text="建议", on=day
            )
            fixed = fixed_on(year, day, (1, 5, None, 6)[(i // 2) % 4])
            if fixed:
                year.change(row, fixed, status="answered")
            if i % 3 != 2:
                year.holds("COMM-02-b", row.pk, account.owner_id, (5, "workdays"), open_until(day, fixed),
                           lambda today, day=day: today <= day + 30 * DAY)  # fmt: skip
            continue
        channel = ("letter", "email", "phone")[(i // 2) % 3]
        answered = (end(later(day, 1, "workdays")), at(later(day, 2, "workdays"), 8), None)[(i // 6) % 3]
        letter = year.add(
            Interaction, at(day), account=account, owner=account.owner, at=at(day), content="来信", channel=channel,
            direction="in",
        )  # fmt: skip
        if answered is not None and answered <= year.horizon:
            year.change(letter, answered, answer="已复", answered_at=answered)
        if channel != "phone":
            year.within("COMM-02-a", letter.pk, account.owner_id, end(later(day, 1, "workdays")), answered)


def requests(year: Year, n: int) -> None:
    """Problems of customers: promised, solved, asked about afterwards."""
    for i, day in enumerate(year.days(n)):
        account = year.customer()
        owner = account.owner_id
        urgent = i % 3 == 0
        promised = None if i % 8 == 7 else later(day, (1, 4, 6)[i % 3])
        solved = (later(day, 1, "workdays"), later(day, 2, "workdays"), None, later(day, 9))[(i // 2) % 4]
        done = at(solved, 11) if solved is not None and solved <= year.last else None
        row = year.add(
            ServiceRequest, at(day), number=f"R{i}", account=account, owner=account.owner, created_by=account.owner,
            problem="故障", severity="urgent" if urgent else "normal", due_at=at(promised, 18) if promised else None,
        )  # fmt: skip
        if promised is None:
            promised = later(day, 3)
            year.change(row, at(promised, 9), due_at=at(promised, 18))
            given = promised
        else:
            given = day
        if done is not None:
            year.change(row, done, state="solved", solved_at=done)
        year.holds("CTI-03-a", row.pk, owner, (1, "hours"), lambda today, g=given, d=day: d <= today < g,
                   lambda today, d=day: d <= today <= d + 7 * DAY)  # fmt: skip
        if urgent:
            year.within("CTI-03-b", row.pk, owner, end(later(day, 1, "workdays")), done)
        for code, ahead, span in (("CASE-06-a", 1, (1, "days")), ("CASE-10-a", -1, (0, "hours"))):

            def late(today: date, ahead: int = ahead, p: date = promised, g: date = given, done: Any = done) -> bool:
                return today >= g and p <= today + ahead * DAY and (done is None or today < done.date())

            year.holds(code, row.pk, owner, span, late)
        if done is not None:
            asked = (end(later(done.date(), 2)), at(later(done.date(), 3), 8), None)[i % 3]
            returned(year, account, asked)
            year.within("RV-02", row.pk, owner, end(later(done.date(), 2)), asked)


def registrations(year: Year, n: int) -> None:
    """Filed the same day, the next working day or within seven, by those who file; poor files are asked about."""
    relations = year.office["relations-specialist"].pk
    for i, day in enumerate(year.days(n)):
        origin = ("walk_in", "field", "exhibition", "phone")[i % 4]
        void = i % 9 == 8
        account = year.customer(completeness=(59, 60)[(i // 4) % 2])
        due = {"walk_in": at(day, 18), "exhibition": end(later(day, 7, "workdays"))}.get(
            origin, end(later(day, 1, "workdays"))
        )
        filed = (due.replace(second=0, microsecond=0) if origin == "walk_in" else due,
                 at(due.date() + DAY, 8), None)[(i // 4) % 3]  # fmt: skip
        row = year.add(
            Registration, at(day), number=f"G{i}", name=f"访客{i}", phone=f"137{i:08d}", need="看货", origin=origin,
            registered_on=day, owner=account.owner, account=account, state="void" if void else "open",
        )  # fmt: skip
        if void:
            continue
        if filed is not None and filed <= year.horizon:
            year.change(row, filed, state="filed", filed_at=filed)
        code = {"walk_in": "QUAL-01", "exhibition": "QUAL-07"}.get(origin, "QUAL-04-a")
        who = relations if origin == "exhibition" else year.accountants[account.department_id].pk
        year.within(code, row.pk, who, due, filed)
        if filed is not None and filed <= year.horizon and account.completeness < 60:
            asked = (end(later(filed.date(), 5)), at(later(filed.date(), 6), 8), None)[i % 3]
            returned(year, account, asked)
            year.within("RV-03-b", row.pk, account.owner_id, end(later(filed.date(), 5)), asked)


def visits(year: Year, n: int) -> None:
    """Visits planned with a plan, reported the same day, and followed where they failed."""
    for i, day in enumerate(year.days(n)):
        account = year.customer()
        owner = account.owner_id
        announced = max(FIRST, later(day, -8))
        planned = later(day, (-9, -4, 0)[i % 3]) if i % 2 else announced
        plan = year.add(
            VisitPlan, at(announced, 9), owner=account.owner, kind="care", starts_on=day, ends_on=day, focus="走访",
            state="draft",
        )  # fmt: skip
        visit = year.add(
            Visit, at(announced, 9), account=account, owner=account.owner, day=day, state="planned",
            plan=plan if planned <= announced else None,
        )  # fmt: skip
        if planned > announced:
            year.change(visit, at(planned, 9), plan=plan)
        started = at(day, 14)
        year.change(visit, started, state="started", started_at=started)
        reported = (at(day, 18), at(day, 19), None, at(later(day, 2), 9))[(i // 2) % 4]
        failed = i % 3 == 0
        if reported is not None and reported <= year.horizon:
            year.change(visit, reported, state="done", done_at=reported, outcome="failed" if failed else "reached")
        year.holds("RV-06", visit.pk, owner, (1, "workdays"), lambda today, p=planned: today < p,
                   lambda today, d=day: later(d, -5) <= today < d)  # fmt: skip
        year.within("CARD-04", visit.pk, owner, at(day, 18), reported)
        if failed and reported is not None and reported <= year.horizon:
            booked = fixed_on(year, reported.date(), (0, 1, 2, None)[(i // 3) % 4])
            booked = booked.replace(hour=19, minute=30) if booked else None
            if booked is not None:
                year.change(visit, booked, next_visit_on=day + 30 * DAY)
            told = reported.date()
            year.holds("LIFE-02", visit.pk, owner, (1, "workdays"), open_until(told, booked),
                       lambda today, t=told: t <= today <= t + 30 * DAY)  # fmt: skip


def tasks_and_findings(year: Year, n: int) -> None:
    """Tasks and findings of the files: done before their day, on it, after it, never."""
    kinds: tuple[tuple[str, Any, dict[str, Any], int], ...] = (
        ("QUAL-04-b", FileTask, {"kind": "return_visit"}, 3),
        ("QUAL-05-b", FileTask, {"kind": "e_commerce"}, 5),
        ("QUAL-08-b", Finding, {"kind": "duplicate", "field": "name", "text": "重复"}, 3),
    )
    for i, day in enumerate(year.days(n)):
        account = year.customer()
        due = later(day, 12)
        done = fixed_on(year, day, (1, 8, None, 14)[i % 4])
        if i % 5 < 3:
            code, model, values, ahead = kinds[i % 5]
            more = {"found_on": day} if model is Finding else {}
            row = year.add(model, at(day), account=account, owner=account.owner, due_on=due, **values, **more)
            if done:
                year.change(row, done, state="closed" if model is Finding else "done")
            begin = max(day, due - ahead * DAY)
            year.holds(code, row.pk, account.owner_id, (ahead, "days"), open_until(begin, done))
            continue
        untrue = i % 5 == 4
        row = year.add(
            Finding, at(day), account=account, owner=account.owner, kind="untrue" if untrue else "missing", field="phone",
            text="电话", found_on=day, due_on=due,
        )  # fmt: skip
        if done:
            year.change(row, done, state="closed")
        who = account.owner_id if untrue else year.accountants[account.department_id].pk
        year.holds("QUAL-10" if untrue else "QUAL-09", row.pk, who, (3, "workdays"), open_until(day, done),
                   lambda today, d=day: d <= today <= d + 60 * DAY)  # fmt: skip
