"""A plan tells those who have something to prove, and takes what was passed before for proven (TRAIN-01, TRAIN-03)."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.kernel import jobs, work
from guanxi.kernel.models import Company
from guanxi.learning.models import Course, Proof, Publication, Reading
from guanxi.learning.services.training import plan_all
from guanxi.learning.tests.conftest import answers, on, published
from guanxi.org.models import Notice, User

pytestmark = pytest.mark.django_db


@pytest.mark.req("TRAIN-01", "TRAIN-03")
def test_who_passed_before_the_plan_has_proven_it_and_the_others_are_told_by_when(
    client: Client, company: Company, draft: Publication, specialist: User, seller: User, leader: User
) -> None:
    with on("2026-01-05"):
        published(client, draft, specialist)
        reading = Reading.objects.get(owner=seller)
        client.force_login(seller)
        client.post(f"/readings/{reading.pk}/do/confirm/")
        answers(client, reading, "b", "a", "b")
    Notice.objects.all().delete()
    saved(Course(company=company, title="系统操作", kind="tools", first_days=14, publication=draft))
    with on("2026-01-07"):
        work.unit_of_work(lambda: plan_all.enqueue())
        jobs.work_off()
        mine = Proof.objects.get(owner=seller)
        assert (mine.proven_on, mine.how) == (date(2026, 1, 5), "quiz")
        assert Proof.objects.get(owner=leader).proven_on is None
        told = Notice.objects.filter(icon="school")
        assert sorted(told.values_list("user__username", flat=True)) == ["leader", "specialist"]
        assert "系统操作" in told[0].text and "2026-01-21" in told[0].text
    with on("2026-01-22"):
        client.force_login(leader)
        page = client.get("/proofs/?view=missing").content.decode()
        assert (leader.name in page, seller.name in page, "due-over" in page) == (True, False, True)
