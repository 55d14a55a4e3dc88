"""Incentives of the demonstration with clause and evidence, a closed month, an open objection; measures and assessments."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Branch, Organisation
from guanxi.filing.models import Registration
from guanxi.incentives.models import Entry, Measure, MonthClose, Report
from guanxi.incentives.services.entries import OBJECTION_WORKDAYS
from guanxi.incentives.services.months import close
from guanxi.interactions.models import Interaction, ReturnVisit, Visit
from guanxi.org.models import Department, User
from guanxi.rulebook.models import Assessment, Clause, Goal, Regulation
from guanxi.worktime.queries import calendar_of

State = Entry.State
# what it is for, amount, unit, clause, evidence in words, and the records that prove it
GROUNDS: tuple[tuple[str, int, str, str, str, type[Any]], ...] = (
    ("到访登记当日建档，无一逾期", 50, "yuan", "QUAL-01", "抽查登记单与档案建立时间相符。", Registration),
    ("登记后未当日建档", -20, "yuan", "QUAL-01", "登记单次日上午才建档，已核对建档时间。", Registration),
    ("拜访结果当日写清，内容具体", 3, "points", "CARD-04", "资料卡上需求、意见、下次约定齐全。", Visit),
    ("拜访结果未写下次约定", -2, "points", "CARD-04", "资料卡结果栏缺下次约定，主管周检发现。", Visit),
    ("回访发现问题并当日转办", 30, "yuan", "RV-05", "客户反映泵体渗漏，当日转技术部处理。", ReturnVisit),
    ("客户来信当日答复，客户致谢", 20, "yuan", "COMM-02-a", "往来记录中有答复时间和客户回复。", Interaction),
    ("客户来电咨询未按时答复", -20, "yuan", "COMM-02-a", "来电记录次日仍无答复，客户再次来电。", Interaction),
    ("回访记录不完整", -2, "points", "RV-05", "回访表缺使用情况一栏。", ReturnVisit),
)
OBJECTION = "客户当天要求补充资料，次日上午送到后才具备建档条件。"
ASSESSMENTS = (
    ("QUAL-01", "月末登记集中，次日建档增多", "月末两天由客服专员协助分店会计建档。", -4, 15, ""),
    ("CARD-04", "拜访结果有隔日补写的情况", "返回门店先写结果再下班，主管每周抽查五份。", -9, 10, ""),
    ("RV-05", "部分门店购买后回访晚于七天", "每日晨会核对到期回访名单，店长签字确认。", -20, 12, "全部按期"),
)


# indicator, from how much on, regulation, responsible department, plan
GOALS = (
    ("observed", 90, "", "客户关系部", "每月通报履行率，最差三条逐条定措施；每季度复盘一次，调整期限和责任岗位。"),
    ("satisfied", 85, "", "客户关系部", "回访不满意的两天内由店长回电；每季度汇总意见交业务部改进。"),
    ("solved", 95, "", "技术部", "重大问题当天指定工程师，备件不足的先借调；每周例会清逾期。"),
    ("read", 95, "", "业务部", "新制度发布七天内确认并答题，未完成的由部门负责人督促。"),
    (
        "observed",
        95,
        "customer-relations",
        "连锁运营部",
        "门店当日建档，分店会计十八点前核对；每周抽查，问题次周复查。",
    ),
    ("observed", 95, "system-use", "客户关系部", "账号开通当日培训登录和日常工作，两周未登录的通报并面谈。"),
    ("observed", 85, "customer-resources", "业务部", "购后一周内回访，到期名单每天晨会核对。"),
)


def build_ledger(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work, once dealings and rulebooks are there."""
    dice, clauses = Dice("ledger"), {c.code: c for c in Clause.objects.filter(company=staff.company)}
    this = today.replace(day=1)
    last = (this - timedelta(days=1)).replace(day=1)
    before = (last - timedelta(days=1)).replace(day=1)
    rows = [
        entry
        for branch in staff.branches
        for month in (before, last, this)
        for entry in _entries(dice, branch, month, clauses, today)
    ]
    pour(rows)
    closed = MonthClose(company=staff.company, month=before, note="已与工资核对，封存。", created_by=_finance(staff))
    close(closed)
    closed.save()
    _dispute(staff, last, clauses["QUAL-01"], today)
    _measures(staff, today)
    _assessments(staff, clauses, today)
    _goals(staff, today.year)


def _finance(staff: Organisation) -> User | None:
    found: User | None = User.objects.filter(company=staff.company, roles__code="finance").order_by("pk").first()
    return found


def _entries(dice: Dice, branch: Branch, month: date, clauses: dict[str, Clause], today: date) -> list[Entry]:
    """What a branch's head confirmed in a month; of the current one some still wait for a word."""
    head, found = branch.department.head_id, []
    following = (month + timedelta(days=31)).replace(day=1)
    for title, amount, unit, code, text, model in GROUNDS:
        written = min(following - timedelta(days=dice.randrange(3, 9)), today)
        proofs = model.objects.filter(department=branch.department, created_at__lt=_at(written), owner__isnull=False)
        if model is Interaction:
            proofs = proofs.filter(direction=Interaction.Direction.IN)
        proof = proofs.exclude(owner=head).order_by("-created_at", "pk")[dice.randrange(8) : 8].first()
        if proof is None or dice.random() < 0.4:
            continue
        entry = Entry(
            company=branch.department.company, owner_id=proof.owner_id, department=branch.department, created_by_id=head,
            created_at=_at(written), title=title, amount=Decimal(amount), unit=unit, month=month, text=text,
            clause=clauses[code], evidence_label=proof._meta.label_lower, evidence_id=proof.pk,
            account_id=proof.account_id,
        )  # fmt: skip
        if following <= today or dice.random() < 0.5:
            _booked(entry, written, head)
        found.append(entry)
    return found


def _booked(entry: Entry, day: date, head: int | None) -> None:
    entry.state, entry.booked_on, entry.confirmed_by_id = State.CONFIRMED, day, head
    entry.object_until = calendar_of(entry.company_id).add_workdays(day, OBJECTION_WORKDAYS)


def _at(day: date, hour: int = 17) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, 20)))


def _dispute(staff: Organisation, month: date, clause: Clause, today: date) -> None:
    """One objection waits for a decision; another was right, so a second entry takes the first one back."""
    branch = staff.branches[0]
    seller, colleague = branch.sellers[0], branch.sellers[4]
    head = branch.department.head_id
    day = calendar_of(staff.company.pk).add_workdays(today, -2)
    judge = User.objects.filter(company=staff.company, roles__code="business-department").order_by("pk").first()

    def entry(person: User, title: str, amount: int, on: date, **more: Any) -> Entry:
        return Entry(
            company=staff.company, owner=person, department=branch.department, created_by_id=head, created_at=_at(on),
            month=on.replace(day=1) if on > month else month, title=title, amount=Decimal(amount), clause=clause, **more,
        )  # fmt: skip

    disputed = entry(seller, "电话登记未次日建档", -20, day, text="登记与建档相隔两天。")
    _booked(disputed, day, head)
    disputed.state, disputed.objected_on, disputed.objection = State.OBJECTED, today, OBJECTION
    upheld = entry(colleague, "登记单漏填需求", -10, day, text="登记单需求栏为空。")
    _booked(upheld, day, head)
    upheld.objected_on, upheld.objection = day, "需求写在备注栏，复印件可查。"
    upheld.state, upheld.note, upheld.decided_by = State.REVERSED, "备注栏确有需求，异议成立。", judge
    counter = entry(
        colleague, "冲回：登记单漏填需求", 10, today, text=upheld.note, evidence_label=upheld._meta.label_lower,
        evidence_id=upheld.pk, source="reversal", reverses=upheld, state=State.CONFIRMED, booked_on=today, confirmed_by=judge,
    )  # fmt: skip
    pour([disputed, upheld])
    pour([counter])


def _measures(staff: Organisation, today: date) -> None:
    branch = staff.branches[0]
    head = User.objects.get(pk=branch.department.head_id)
    common: dict[str, Any] = {
        "company": staff.company,
        "department": branch.department,
        "created_by": head,
        "owner": head,
    }
    pour([
        Measure(
            **common, person=branch.sellers[1], kind=Measure.Kind.PRAISE, state=Measure.State.APPROVED,
            effective_on=today - timedelta(days=11), reason="连续三个月拜访结果当日写清，客户来信表扬。",
        ),
        Measure(
            **common, person=branch.sellers[5], kind=Measure.Kind.WARNING, effective_on=today + timedelta(days=3),
            reason="本月三次未按约定时间拜访，客户已来电反映。",
        ),
    ])  # fmt: skip
    seller = branch.sellers[0]
    pour([
        Report(
            company=staff.company, department=branch.department, created_by=seller, owner=seller, person=branch.sellers[5],
            text="拜访记录与实际不符", seen_on=today - timedelta(days=3),
            evidence="当天下午客户来电询问为何没有到访，而资料卡上写的是已拜访。",
        )
    ])  # fmt: skip


def _assessments(staff: Organisation, clauses: dict[str, Clause], today: date) -> None:
    rows = []
    for (code, finding, measure, found, due, result), branch in zip(ASSESSMENTS, staff.branches, strict=False):
        head = User.objects.get(pk=branch.department.head_id)
        row = Assessment(
            company=staff.company, owner=head, department=branch.department, created_by=_finance(staff), clause=clauses[code],
            finding=finding, measure=measure, found_on=today + timedelta(days=found), due_on=today + timedelta(days=found + due),
        )  # fmt: skip
        if result:
            row.state, row.closed_on, row.result = Assessment.State.CLOSED, row.due_on, result
        rows.append(row)
    pour(rows)


def _goals(staff: Organisation, year: int) -> None:
    departments = {row.name: row for row in Department.objects.filter(company=staff.company)}
    regulations = {row.code: row for row in Regulation.objects.filter(company=staff.company)}
    pour([
        Goal(company=staff.company, created_by=_finance(staff), year=year, indicator=indicator, at_least=Decimal(at_least),
             regulation=regulations.get(regulation), department=departments[department], plan=plan)
        for indicator, at_least, regulation, department, plan in GOALS
    ])  # fmt: skip
