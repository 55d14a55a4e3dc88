"""A text reaches those it concerns, each confirms and answers alone, and who has not is named; clauses can judge it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.utils import timezone

from guanxi.conftest import Hire, saved
from guanxi.kernel import jobs, work
from guanxi.learning.models import Attempt, Publication, Question, Reading
from guanxi.learning.services.publishing import distribute_all
from guanxi.learning.services.seed import seed
from guanxi.learning.tests.conftest import answers, on, published
from guanxi.org.models import Department, Notice, User
from guanxi.rulebook.models import Article, Duty
from guanxi.rulebook.tests.conftest import Adopt, judged

pytestmark = pytest.mark.django_db


def readings(publication: Publication) -> dict[str, Reading]:
    return {r.owner.username: r for r in Reading.objects.filter(publication=publication).select_related("owner")}


@pytest.mark.req("TRAIN-04")
def test_only_those_concerned_have_to_read_it_and_newcomers_get_it_too(
    client: Client, draft: Publication, specialist: User, seller: User, stranger: User, leader: User, east: Department,
    hire: Hire,
) -> None:  # fmt: skip
    draft.roles, draft.department = ["业务代表", "店长"], east
    saved(draft)
    client.force_login(leader)
    assert client.post(f"/publications/{draft.pk}/do/publish/").status_code == 403
    with on("2026-11-20"):
        published(client, draft, specialist)
    assert sorted(readings(draft)) == ["leader", "seller"]
    told = Notice.objects.filter(url__contains="/readings/").values_list("user__username", flat=True)
    assert sorted(told) == ["leader", "seller"]
    hire("novice", "representative", east, name="新人")
    with on("2026-11-21"):
        for _again in range(2):
            work.unit_of_work(lambda: distribute_all.enqueue())
            jobs.work_off()
    found = readings(draft)
    assert sorted(found) == ["leader", "novice", "seller"]
    assert (str(found["novice"].published_on), str(found["novice"].due_on)) == ("2026-11-21", "2026-11-28")
    assert client.post(f"/publications/{draft.pk}/edit/", {"title": "x", "version": draft.version}).status_code == 403


@pytest.mark.req("TRAIN-04")
def test_the_person_confirms_on_the_page_and_the_moment_is_kept(
    client: Client, draft: Publication, specialist: User, seller: User, rival: User, article: Article
) -> None:
    Question.objects.all().delete()
    with on("2026-11-20"):
        published(client, draft, specialist)
        reading = readings(draft)["seller"]
        client.force_login(seller)
        page = client.get(f"/readings/{reading.pk}/").content.decode()
        assert "购买后七日内回访一次。" in page
        assert f"/readings/{reading.pk}/" in client.get(f"/articles/{article.pk}/").content.decode(), "the hint"
        client.force_login(rival)
        assert client.post(f"/readings/{reading.pk}/do/confirm/").status_code == 404
        client.force_login(specialist)
        assert client.post(f"/readings/{reading.pk}/do/confirm/").status_code == 403, "nobody confirms for another"
        client.force_login(seller)
        assert client.post(f"/readings/{reading.pk}/do/confirm/").status_code in (302, 204)
        reading.refresh_from_db()
        assert reading.confirmed_at is not None and timezone.localtime(reading.confirmed_at).hour == 10
        assert f"/readings/{reading.pk}/" not in client.get(f"/articles/{article.pk}/").content.decode()
        assert reading.title not in client.get("/readings/?view=mine").content.decode()


@pytest.mark.req("TRAIN-02", "TRAIN-04")
def test_questions_by_post_are_passed_within_the_attempts_and_each_go_is_kept(
    client: Client, draft: Publication, specialist: User, seller: User, leader: User
) -> None:
    published(client, draft, specialist)
    mine, heads = readings(draft)["seller"], readings(draft)["leader"]
    client.force_login(leader)
    client.post(f"/readings/{heads.pk}/do/confirm/")
    assert "由谁回访" not in client.get(f"/readings/{heads.pk}/questions/").content.decode(), "not for this post"
    assert answers(client, heads, "b", "a").status_code == 302
    client.force_login(seller)
    assert answers(client, mine, "b", "a", "b").status_code == 422, "read it first"
    client.post(f"/readings/{mine.pk}/do/confirm/")
    page = client.get(f"/readings/{mine.pk}/questions/").content.decode()
    assert "由谁回访" in page
    assert client.post(f"/readings/{mine.pk}/questions/", {}).status_code == 422, "answer every one"
    for letters in (("b", "a", "a"), ("a", "a", "b")):
        assert answers(client, mine, *letters).status_code == 302
    assert answers(client, mine, "b", "a", "b").status_code == 422, "no attempt left"
    client.force_login(leader)
    assert client.post(f"/readings/{mine.pk}/do/allow_again/").status_code in (302, 204)
    client.force_login(seller)
    assert answers(client, mine, "b", "a", "b").status_code == 302
    mine.refresh_from_db()
    tries = list(Attempt.objects.filter(reading=mine).order_by("number").values_list("score", "passed"))
    assert (mine.passed_at is not None, mine.score, tries) == (True, 100, [(66, False), (66, False), (100, True)])
    assert readings(draft)["leader"].passed_at is not None
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE learning_attempt SET score = 100")


@pytest.mark.req("TRAIN-04")
def test_the_right_answers_are_not_shown_to_those_who_are_asked(
    client: Client, draft: Publication, specialist: User, seller: User
) -> None:
    published(client, draft, specialist)
    client.force_login(seller)
    assert client.get("/questions/").status_code == 403
    question = Question.objects.filter(publication=draft).first()
    assert question is not None and question.text not in client.get(f"/publications/{draft.pk}/").content.decode()
    assert client.get(f"/api/questions/{question.pk}/").status_code in (403, 404)


@pytest.mark.req("TRAIN-04")
def test_who_is_missing_is_named_to_the_head_by_reach(
    client: Client, draft: Publication, specialist: User, seller: User, rival: User, stranger: User, leader: User
) -> None:
    published(client, draft, specialist)
    mine = readings(draft)["rival"]
    client.force_login(rival)
    client.post(f"/readings/{mine.pk}/do/confirm/")
    answers(client, mine, "b", "a", "b")
    client.force_login(leader)
    page = client.get(f"/publications/{draft.pk}/").content.decode()
    assert (seller.name in page, f"/readings/{mine.pk}/" in page, stranger.name in page) == (True, False, False)
    listed = client.get("/readings/?view=missing").content.decode()
    assert (seller.name in listed, stranger.name in listed) == (True, False)
    client.force_login(specialist)
    assert stranger.name in client.get("/readings/?view=missing").content.decode()


@pytest.mark.req("TRAIN-04", "GOV-03")
def test_a_clause_judges_who_has_not_confirmed_in_time(
    adopt: Adopt,
    client: Client,
    draft: Publication,
    specialist: User,
    seller: User,
    rival: User,
) -> None:
    adopt("TRAIN-04", {
        "kind": "within", "about": "learning.reading", "who": "owner", "from": "published_on", "within": [7, "days"],
        "done": {"by": "learning.reading", "at": "confirmed_at", "match": [["id", "id"]]},
    }, "2026-03-01")  # fmt: skip
    adopt("TRAIN-03", {
        "kind": "holds", "about": "learning.reading", "who": "owner", "within": [7, "days"],
        "holds": {"f": "passed_at", "op": "not_empty"},
    }, "2026-03-01")  # fmt: skip
    with on("2026-03-02"):
        published(client, draft, specialist)
    judged(seller.company, "2026-03-02 23:00")
    with on("2026-03-05"):
        client.force_login(seller)
        client.post(f"/readings/{readings(draft)['seller'].pk}/do/confirm/")
        answers(client, readings(draft)["seller"], "b", "a", "b")
    judged(seller.company, "2026-03-06")
    judged(seller.company, "2026-03-10")

    def states(person: User) -> list[Any]:
        return sorted(Duty.objects.filter(owner=person).values_list("clause__code", "state"))

    assert states(seller) == [("TRAIN-03", "met"), ("TRAIN-04", "met")]
    assert states(rival) == [("TRAIN-03", "missed"), ("TRAIN-04", "missed")]


@pytest.mark.req("SEC-08")
def test_the_rule_on_devices_comes_as_a_draft_and_is_acknowledged_by_everybody(
    client: Client, company: Any, specialist: User, seller: User, leader: User
) -> None:
    assert work.unit_of_work(lambda: seed(company)) > 0
    assert work.unit_of_work(lambda: seed(company)) == 0
    rule = Publication.objects.get(title="终端设备安全须知")
    assert (rule.state, Reading.objects.count()) == ("draft", 0)
    published(client, rule, specialist)
    assert sorted(readings(rule)) == ["leader", "seller", "specialist"]
    mine = readings(rule)["seller"]
    client.force_login(seller)
    assert "杀毒软件" in client.get(f"/readings/{mine.pk}/").content.decode()
    client.post(f"/readings/{mine.pk}/do/confirm/")
    assert answers(client, mine, "b", "a", "c").status_code == 302
    mine.refresh_from_db()
    assert mine.done


@pytest.mark.req("COMM-06")
def test_the_norms_of_dealing_with_customers_are_published_read_and_asked_about(
    client: Client, company: Any, specialist: User, seller: User, leader: User
) -> None:
    work.unit_of_work(lambda: seed(company))
    norms = Publication.objects.get(title="客户交往行为规范")
    assert (norms.state, Reading.objects.count()) == ("draft", 0)
    published(client, norms, specialist)
    assert sorted(readings(norms)) == ["leader", "seller", "specialist"]
    mine = readings(norms)["seller"]
    client.force_login(seller)
    page = client.get(f"/readings/{mine.pk}/").content.decode()
    six = ("礼貌待人", "如实介绍", "保守秘密", "积极主动", "信守承诺", "耐心倾听")
    assert [norm for norm in six if norm not in page] == []
    assert f"/readings/{mine.pk}/" in client.get("/").content.decode()
    client.post(f"/readings/{mine.pk}/do/confirm/")
    assert answers(client, mine, "c", "a", "a").status_code == 302  # one wrong
    mine.refresh_from_db()
    assert not mine.done
    assert answers(client, mine, "c", "a", "b").status_code == 302
    mine.refresh_from_db()
    assert mine.done
    client.force_login(leader)
    missing = client.get("/readings/?view=missing").content.decode()
    assert (seller.name in missing, leader.name in missing) == (False, True)


@pytest.mark.req("TRAIN-04")
def test_the_start_page_says_what_there_is_to_read(
    client: Client, draft: Publication, specialist: User, seller: User
) -> None:
    published(client, draft, specialist)
    client.force_login(seller)
    assert f"/readings/{readings(draft)['seller'].pk}/" in client.get("/").content.decode()


@pytest.mark.req("TRAIN-04")
def test_a_withdrawn_text_waits_for_nobody(
    client: Client, draft: Publication, specialist: User, seller: User, leader: User
) -> None:
    published(client, draft, specialist)
    address = f"/readings/{readings(draft)['seller'].pk}/"
    pages = ((seller, "/"), (seller, "/readings/?view=mine"), (leader, "/readings/?view=missing"))

    def shown() -> list[bool]:
        found = []
        for person, page in pages:
            client.force_login(person)
            found.append(address in client.get(page).content.decode())
        return found

    assert shown() == [True, True, True]
    client.force_login(specialist)
    client.post(f"/publications/{draft.pk}/do/withdraw/", {"key": "w"})
    assert shown() == [False, False, False]
