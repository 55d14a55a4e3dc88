"""The counters of the demonstration: four weeks of registrations, an exhibition with its cards, a public link."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from guanxi.customers.models import Account, Channel, Source
from guanxi.desk.demo import words
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Branch, Organisation
from guanxi.filing.models import Exhibition, FactSource, JoinLink, Origin, Registration
from guanxi.filing.services.registration import prepare
from guanxi.org.models import User
from guanxi.worktime.queries import calendar_of

DAYS = 28
QUESTIONS = [
    {"question": "采购计划", "answers": "三个月内、半年内、一年内"},
    {"question": "最关注的产品", "answers": "水泵、阀门、仪表、成套设备"},
    {"question": "目前的供应商有哪些不足", "answers": ""},
]


def build_counters(staff: Organisation, today: date) -> None:
    """Registrations of each branch's counter; those of past days are files, today's wait; run it inside a unit of work."""
    dice, calendar = Dice("counter"), calendar_of(staff.company.pk)
    sources = list(Source.objects.filter(company=staff.company))
    for branch in staff.branches:
        clerks = _people(branch, "service-specialist")
        accountant = next(iter(_people(branch, "branch-accountant")), None)
        rows = [
            _registration(dice, branch, day, clerk, sources)
            for day in (today - timedelta(days=n) for n in range(DAYS, -1, -1))
            if calendar.is_workday(day) or day == today
            for clerk in clerks
            if dice.random() < 0.35 or day == today
        ]
        prepare(rows)
        _file(rows, branch, accountant, today)
        pour(rows)
        pour([fact for row in rows if row.account is not None for fact in _facts(row)])
    _exhibition(dice, staff, today)


def _people(branch: Branch, role: str) -> list[User]:
    return list(User.objects.filter(department=branch.department, roles__code=role).order_by("pk"))


def _registration(dice: Dice, branch: Branch, day: date, clerk: User, sources: list[Source]) -> Registration:
    name, _gender = dice.person()
    moment = datetime.combine(day, time(dice.randrange(1, 7), dice.randrange(60)), UTC)  # from nine to three in China
    need = dice.pick(words.ENQUIRIES)
    by_phone = dice.random() < 0.3
    return Registration(
        company=branch.department.company, name=name, phone=dice.mobile(), need=need, created_at=moment, created_by=clerk,
        owner=clerk, department=branch.department, collected_by=clerk, registered_on=day, source=dice.pick(sources),
        origin=Origin.PHONE if by_phone else Origin.WALK_IN, method="service",
        address=dice.address(dice.pick(branch.districts)) if dice.random() < 0.6 else "",
    )  # fmt: skip


def _file(rows: list[Registration], branch: Branch, accountant: User | None, today: date) -> None:
    """What was registered before today has become one of the branch's newest private customers; one slipped through."""
    earlier = [row for row in rows if row.registered_on < today][:-1]
    newest = Account.objects.filter(department=branch.department, kind="person").order_by("-created_at")[: len(earlier)]
    for row, account in zip(earlier, newest, strict=False):
        row.name, row.phone, row.state, row.account = (
            account.name,
            account.phone or row.phone,
            Registration.State.FILED,
            account,
        )
        row.filed_by, row.filed_at = accountant, row.created_at + timedelta(hours=2)


def _facts(row: Registration) -> list[FactSource]:
    common = {
        "company_id": row.company_id,
        "account": row.account,
        "registration": row,
        "created_by_id": row.filed_by_id,
    }
    return [
        FactSource(field=name, supplied_by_id=row.collected_by_id, origin=row.origin, on=row.registered_on, **common)
        for name in ("name", "phone", "address")
        if getattr(row, name)
    ]


def _exhibition(dice: Dice, staff: Organisation, today: date) -> None:
    service = User.objects.filter(company=staff.company, roles__code="relations-specialist").order_by("pk").first()
    caller = User.objects.filter(company=staff.company, roles__code="call-centre").order_by("pk").first()
    if service is None or caller is None:
        return
    starts_on = calendar_of(staff.company.pk).add_workdays(today, -4)
    fair = Exhibition(
        company=staff.company, owner=service, department=service.department, name="华东泵阀与流体设备展", place="上海",
        starts_on=starts_on, ends_on=starts_on + timedelta(days=2), questions=QUESTIONS,
    )  # fmt: skip
    fair.save()
    _cards(dice, fair, service)
    shop = Channel.objects.filter(company=staff.company, code="e-commerce").first()
    pour(
        [
            JoinLink(
                company=staff.company, owner=caller, department=caller.department, name="网上商城客户登记", channel=shop
            )
        ]
    )
    pour(
        [
            JoinLink(
                company=staff.company, owner=service, department=service.department, name="展台登记", exhibition=fair
            )
        ]
    )


def _cards(dice: Dice, fair: Exhibition, service: User) -> None:
    """The cards of the exhibition, waiting to be filed."""
    rows = []
    for _n in range(9):
        name, _gender = dice.person()
        answer = dice.pick(("三个月内", "半年内", "一年内"))
        rows.append(
            Registration(
                company=fair.company,
                name=name,
                phone=dice.mobile(),
                need=dice.pick(words.WANTED),
                organisation=dice.company("上海")[0],
                post=dice.pick(words.POSTS)[0],
                origin=Origin.EXHIBITION,
                exhibition=fair,
                source_detail=fair.name,
                owner=service,
                department=service.department,
                created_by=service,
                answers=[{"question": "采购计划", "answer": answer}],
            )
        )
    prepare(rows)
    pour(rows)
