"""Learning of the demonstration: texts read and still to be read, questions answered, competence proven, own rules filed."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Organisation
from guanxi.kernel.models import Company
from guanxi.learning.models import Attempt, Course, DetailedRule, Proof, Publication, Question, Reading
from guanxi.learning.queries import concerned
from guanxi.learning.services.training import plan
from guanxi.org.models import Role, Training, User
from guanxi.rulebook.models import Clause

READ, PASSED_AT_ONCE, PROVEN = 0.86, 0.78, 0.9
SINCE = 75  # days the training plan has been carried out
# clause whose article is made known, roles it concerns, days ago, a word in front of it
ARTICLES = (
    (
        "QUAL-01",
        ("branch-accountant", "service-specialist", "store-manager"),
        4,
        "月末登记较多，请各分店重温当日建档的规定。",
    ),
    ("CARD-04", ("representative", "direct-sales", "store-manager"), 3, "拜访结果一律当日写清，资料卡当日交回。"),
)
OUTCOMES = ("现场提问回答良好，两人补看录像。", "案例演练分组完成，评分均在良好以上。", "操作演示逐人过关。")
RULES = (
    ("杭州分公司客户接待细则", "一、来访客户由客服专员先行接待，五分钟内请到负责人。\n二、登记姓名、电话、需求三项，征得同意后留存。\n"
     "三、接待结束当日写下客户意见。", "filed"),
    ("杭州分公司收款与对账细则", "一、到账次日完成认领。\n二、每月五日前与往来客户核对余额。\n三、逾期三十天以上的，店长亲自联系。", "draft"),
)  # fmt: skip


def build_learning(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work, once the rulebooks are there."""
    dice, company = Dice("learning"), staff.company
    names = dict(Role.objects.filter(company=company).values_list("code", "name"))
    ready = list(Publication.objects.filter(company=company).order_by("pk"))
    texts = [(text, today - timedelta(days=34 - 9 * n)) for n, text in enumerate(ready)]
    for code, roles, days, word in ARTICLES:
        article = Clause.objects.get(company=company, code=code).article
        named: Any = [names[role] for role in roles]
        text = Publication(
            company=company, title=f"重温：{article.title}", article=article, regulation=article.regulation, text=word,
            roles=named,
        )  # fmt: skip
        text.save()
        texts.append((text, today - timedelta(days=days)))
    for text, day in texts:
        _distribute(dice, text, day, today)
    _train(dice, company, today)
    _rules(staff, today)


def _moment(day: date, dice: Dice) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(dice.randrange(9, 18), dice.randrange(60))))


def _distribute(dice: Dice, text: Publication, day: date, today: date) -> None:
    """Most have confirmed it in time; some lack the questions, some everything."""
    text.state, text.published_on = Publication.State.PUBLISHED, day
    text.save(update_fields=["state", "published_on"])
    questions = list(Question.objects.filter(publication=text).order_by("position"))
    readings, attempts = [], []
    for person in concerned(text.company_id, text.roles, text.department):
        reading = Reading(
            company_id=text.company_id, publication=text, owner=person, department_id=person.department_id, title=text.title,
            published_on=day, due_on=day + timedelta(days=text.days), allowed=text.attempts, asked=bool(questions),
            created_at=_moment(day, dice),
        )  # fmt: skip
        readings.append(reading)
        waits = (
            day > today - timedelta(days=text.days) and person.has_usable_password()
        )  # whoever signs in has something to do
        if dice.random() < READ and not waits:
            reading.confirmed_at = _moment(
                min(day + timedelta(days=dice.randrange(text.days)), today - timedelta(days=1)), dice
            )
            if questions:
                attempts += _tries(dice, reading, questions)
    pour(readings)
    pour(attempts)


def _tries(dice: Dice, reading: Reading, questions: list[Question]) -> list[Attempt]:
    """The first go mostly passes; who fails tries again some minutes later, a few leave it at that."""
    made: list[Attempt] = []
    at = reading.confirmed_at or timezone.now()
    for number in range(1, 3):
        passed = dice.random() < PASSED_AT_ONCE
        given = {str(one.pk): one.right for one in questions}
        if not passed:
            slip = dice.pick(questions)
            given[str(slip.pk)] = next(letter for letter, _text in slip.answers if letter != slip.right)
        score = 100 if passed else 100 * (len(questions) - 1) // len(questions)
        at += timedelta(minutes=dice.randrange(3, 12))
        made.append(Attempt(
            company_id=reading.company_id, created_by_id=reading.owner_id, created_at=at, reading=reading, number=number, at=at,
            score=score, passed=passed, answers=given,
        ))  # fmt: skip
        reading.tried, reading.score = number, max(score, reading.score or 0)
        if passed:
            reading.passed_at = at
            break
    return made


def _train(dice: Dice, company: Company, today: date) -> None:
    """The plan of training as it opened some weeks ago, and the sessions that proved most of it."""
    opened = today - timedelta(days=SINCE)
    trainer = User.objects.filter(company=company, roles__code="relations-specialist").order_by("pk")[1]
    passed = {
        (row.publication_id, row.owner_id): row.passed_at for row in Reading.objects.filter(company=company, passed_at__isnull=False)
    }  # fmt: skip
    for number, course in enumerate(Course.objects.filter(company=company).order_by("pk")):
        proofs = plan(course, opened)
        session = _session(course, trainer, opened + timedelta(days=6 + 3 * number), OUTCOMES[number % len(OUTCOMES)])
        for proof in proofs:
            proof.created_at = _moment(opened, dice)
            _prove(dice, proof, session, passed.get((course.publication_id, proof.owner_id)))
        pour(proofs)
    course = Course.objects.filter(company=company).order_by("pk")[2]
    _session(course, trainer, today + timedelta(days=8), "")


def _session(course: Course, trainer: User, day: date, outcome: str) -> Training:
    row = Training(
        company_id=course.company_id, owner=trainer, department=trainer.department, created_by=trainer, topic=course.title,
        kind=course.kind, held_on=day, hours=Decimal("2.5"), trainer=trainer, audience="、".join(course.roles) or "全体人员",
        content=course.content, outcome=outcome,
    )  # fmt: skip
    row.save()
    return row


def _prove(dice: Dice, proof: Proof, session: Training, passed_at: datetime | None) -> None:
    if proof.course.publication_id and passed_at is not None:
        proof.proven_on, proof.how = timezone.localtime(passed_at).date(), Proof.How.QUIZ
    elif not proof.course.publication_id and dice.random() < PROVEN:
        proof.proven_on, proof.how, proof.training = session.held_on, Proof.How.SESSION, session
        proof.proven_by = session.trainer


def _rules(staff: Organisation, today: date) -> None:
    department = staff.branches[0].department
    common: dict[str, Any] = {"company": staff.company, "department": department, "owner_id": department.head_id,
                              "created_by_id": department.head_id}  # fmt: skip
    rows = []
    for number, (title, text, state) in enumerate(RULES):
        filed = today - timedelta(days=40) if state == "filed" else None
        day = filed or today + timedelta(days=14 + number)
        rows.append(DetailedRule(**common, title=title, text=text, state=state, filed_on=filed, effective_on=day))
    pour(rows)
