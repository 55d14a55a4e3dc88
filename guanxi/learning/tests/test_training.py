"""The training plan by post, proof of competence, and detailed rules that hold only once filed."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.kernel import jobs, work
from guanxi.kernel.models import Company
from guanxi.learning.models import Course, DetailedRule, Proof, Publication, Reading
from guanxi.learning.services.training import plan_all
from guanxi.learning.tests.conftest import answers, on, published
from guanxi.org.models import Department, Training, User

pytestmark = pytest.mark.django_db


def planned(day: str) -> None:
    with on(day):
        work.unit_of_work(lambda: plan_all.enqueue())
        jobs.work_off()


def proofs(person: User) -> list[tuple[str, str, str, bool]]:
    rows = Proof.objects.filter(owner=person).order_by("title", "due_on")
    return [(p.title, p.occasion, p.due_on.isoformat(), p.proven_on is not None) for p in rows]


@pytest.mark.req("TRAIN-01", "TRAIN-02")
def test_each_post_is_trained_at_introduction_and_again_after_months(
    company: Company, seller: User, leader: User, client: Client
) -> None:
    saved(Course(company=company, title="系统操作", kind="tools", first_days=14, every_months=12))
    saved(Course(company=company, title="投诉处理", kind="complaints", roles=["店长"], first_days=30))
    planned("2026-01-05")
    planned("2026-01-06")
    assert proofs(seller) == [("系统操作", "first", "2026-01-19", False)]
    assert proofs(leader) == [("投诉处理", "first", "2026-02-04", False), ("系统操作", "first", "2026-01-19", False)]
    session = saved(Training(company=company, owner=leader, topic="系统操作", kind="tools", held_on=date(2026, 1, 10)))
    mine = Proof.objects.get(owner=seller)
    with on("2026-01-12"):
        client.force_login(seller)
        assert client.post(f"/proofs/{mine.pk}/do/prove/", {"how": "shown", "note": "会"}).status_code == 403
        client.force_login(leader)
        empty = client.get(f"/proofs/{mine.pk}/").content.decode()
        assert client.post(f"/proofs/{mine.pk}/do/prove/", {"how": "session"}).status_code == 422
        client.post(f"/proofs/{mine.pk}/do/prove/", {"how": "session", "training": session.pk})
        assert ">Proof<" not in empty, "nobody fills that in, and nothing has happened yet"
        assert ">Proof<" in client.get(f"/proofs/{mine.pk}/").content.decode()
    mine.refresh_from_db()
    assert (mine.proven_on, mine.training, mine.proven_by) == (date(2026, 1, 12), session, leader)
    planned("2026-12-19")
    assert len(proofs(seller)) == 1, "not yet"
    planned("2026-12-20")  # thirty days before twelve months after the first was due
    assert proofs(seller)[1:] == [("系统操作", "again", "2027-01-19", False)]


@pytest.mark.req("TRAIN-03")
def test_passing_the_questions_proves_competence_in_the_system(
    client: Client, company: Company, draft: Publication, specialist: User, seller: User, leader: User
) -> None:
    saved(Course(company=company, title="系统操作", kind="tools", first_days=14, publication=draft))
    planned("2026-01-05")
    with on("2026-01-06"):
        published(client, draft, specialist)
        reading = Reading.objects.get(owner=seller)
        client.force_login(seller)
        client.post(f"/readings/{reading.pk}/do/confirm/")
        assert proofs(seller)[0][3] is False, "reading alone is no proof where questions are asked"
        answers(client, reading, "b", "a", "b")
    proof = Proof.objects.get(owner=seller)
    assert (proof.proven_on, proof.how) == (date(2026, 1, 6), "quiz")
    client.force_login(leader)
    page = client.get("/proofs/?view=missing").content.decode()
    assert (leader.name in page, seller.name in page) == (True, False)


@pytest.mark.req("ORG-14")
def test_a_departments_own_rule_holds_only_once_the_customer_relations_department_has_filed_it(
    client: Client, east: Department, headquarters: Department, leader: User, owner: User, seller: User, stranger: User,
    specialist: User,
) -> None:  # fmt: skip
    east.head, headquarters.head = leader, owner
    saved(east)
    saved(headquarters)
    client.force_login(seller)
    form = {"title": "华东一店回访细则", "text": "每周五复核。", "effective_on": "2026-11-10", "owner": leader.pk}
    assert client.post("/detailed-rules/new/", form).status_code == 403
    client.force_login(leader)
    with on("2026-11-20"):
        client.post("/detailed-rules/new/", form)
        rule = DetailedRule.objects.get()
        client.post(f"/detailed-rules/{rule.pk}/do/send_for_filing/")
        approval = Approval.objects.get()
        client.force_login(owner)
        client.post(f"/approvals/{approval.pk}/do/agree/", {"opinion": "同意"})
        rule.refresh_from_db()
        client.get("/")  # the messages of what was done are shown here
        client.force_login(seller)
        in_force = "/detailed-rules/?view=force"
        assert (rule.state, rule.title in client.get(in_force).content.decode()) == ("asked", False)
        client.force_login(specialist)
        client.post(f"/approvals/{approval.pk}/do/agree/", {"opinion": "备案"})
    rule.refresh_from_db()
    assert (rule.state, rule.filed_on, rule.effective_on) == ("filed", date(2026, 11, 20), date(2026, 11, 20))
    client.force_login(seller)
    with on("2026-11-20"):
        assert rule.title in client.get(in_force).content.decode()
    told = Reading.objects.filter(publication__rule=rule).values_list("owner__username", flat=True)
    assert sorted(told) == ["leader", "seller"]
    client.force_login(leader)
    assert client.post(f"/detailed-rules/{rule.pk}/edit/", {**form, "version": rule.version}).status_code == 403
