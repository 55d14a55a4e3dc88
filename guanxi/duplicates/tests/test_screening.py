"""Screening the base over HTTP: the queue, its decisions, a killed run that goes on, the monthly round."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from guanxi.audit.models import Entry
from guanxi.duplicates.models import DupKey, Pair
from guanxi.duplicates.services import screen
from guanxi.duplicates.tests.conftest import NAME, filed
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Job
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("QUAL-12")]


def base(keeper: User) -> list[Any]:
    """Three customers, one of them written three times."""
    names = (
        NAME,
        "云岭精密机械（苏州）公司",
        "苏州云领精密机械有限公司",
        "北京银行",
        "上海银行",
        "成都泰和阀门有限公司",
    )
    return [filed(keeper, name) for name in names]


def screened(user: User) -> Job:
    job = screen.start(user)
    jobs.work_off()
    job.refresh_from_db()
    return job


def test_running_it_fills_the_queue_with_progress_and_figures(client: Client, leader: User) -> None:
    rows = base(leader)
    client.force_login(leader)
    response = client.post("/duplicates/screen/")
    job = Job.objects.get(name="duplicates.screen")
    assert (response.status_code, response.url) == (302, f"/jobs/{job.pk}/")
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, job.done_steps, job.all_steps) == ("done", screen.SLICES, screen.SLICES)
    assert (job.result["pairs"], job.result["skipped"]) == (3, 0)
    found = set(Pair.objects.values_list("a", "b"))
    assert found == {(rows[a].pk, rows[b].pk) for a, b in ((0, 1), (0, 2), (1, 2))}
    html = client.get("/duplicate-pairs/").content.decode()
    for words in (NAME, "云岭精密机械（苏州）公司", "待处理", "名称主体相同"):
        assert words in html
    assert "筛查" in client.get(f"/jobs/{job.pk}/").content.decode()
    html = client.get("/duplicates/").content.decode()
    assert 'data-count="waiting">3<' in html
    assert Entry.objects.filter(verb="screen").count() == 1


def test_screening_again_finds_nothing_new_and_leaves_decisions_alone(leader: User) -> None:
    base(leader)
    screened(leader)
    pair = Pair.objects.first()
    Pair.everything.filter(pk=pair.pk).update_silently(state="different", score=1)
    DupKey.objects.all().delete()  # files without keys get them first
    assert screened(leader).result["pairs"] == 0
    pair.refresh_from_db()
    assert (Pair.objects.count(), pair.state, pair.score) == (3, "different", 1)


def test_a_reviewer_compares_and_decides(client: Client, leader: User) -> None:
    base(leader)
    screened(leader)
    client.force_login(leader)
    first, second, third = Pair.objects.order_by("pk")
    html = client.get(f"/duplicate-pairs/{first.pk}/").content.decode()
    for words in (str(first.a), str(first.b), "并排对照", f"/duplicates/merge/?id={first.a_id}&amp;id={first.b_id}"):
        assert words in html
    assert client.post(f"/duplicate-pairs/{first.pk}/do/not_same/", {"note": "两家公司"}).status_code == 302
    assert client.post(f"/duplicate-pairs/{second.pk}/do/postpone/", {}).status_code == 302
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.decided_by, first.note, second.state) == ("different", leader, "两家公司", "postponed")
    data = {"id": [third.a_id, third.b_id], "keep": third.a_id}
    assert client.post("/duplicates/merge/", data).status_code == 302
    third.refresh_from_db()
    assert third.state == "merged"
    assert "data-l=" not in client.get("/duplicate-pairs/?view=open").content.decode()


def test_a_pair_is_seen_by_whoever_sees_both_files_and_decided_by_right(
    client: Client, seller: User, leader: User, stranger: User
) -> None:
    filed(seller), filed(stranger, "云岭精密机械（苏州）公司"), filed(seller, "苏州云岭精密机械公司")
    screened(leader)
    client.force_login(seller)
    mine = Pair.objects.visible_to(seller)
    assert (Pair.objects.count(), mine.count()) == (3, 1)
    for pair in Pair.objects.all():
        assert client.get(f"/duplicate-pairs/{pair.pk}/").status_code == (200 if pair in mine else 404)
    assert client.post(f"/duplicate-pairs/{mine.get().pk}/do/not_same/", {}).status_code == 403
    assert client.post("/duplicates/screen/").status_code == 403
    assert "立即筛查" not in client.get("/duplicates/").content.decode()


class Killed(BaseException):
    """The process dies."""


@pytest.mark.parametrize("at", ["a slice", "the keys"])
def test_a_killed_screening_goes_on_where_it_stood(leader: User, monkeypatch: Any, at: str) -> None:
    base(leader)
    whole = {(p.a_id, p.b_id) for p in Pair.objects.all()} or None
    DupKey.objects.filter(object_id__in=DupKey.objects.values_list("object_id", flat=True)[:1]).delete()
    seen: list[int] = []
    real, fill = screen._slice, screen.fill_all

    def dying(company_id: int, number: int, known: Any) -> Any:
        seen.append(number)
        if at == "a slice" and len(seen) == 200:
            raise Killed
        return real(company_id, number, known)

    def dying_fill(*args: Any, **kwargs: Any) -> int:
        fill(*args, **kwargs)
        if at == "the keys" and not Job.objects.filter(attempt__gt=1).exists():
            raise Killed
        return 0

    monkeypatch.setattr(screen, "_slice", dying)
    monkeypatch.setattr(screen, "fill_all", dying_fill)
    job = screen.start(leader)
    with pytest.raises(Killed):
        jobs.execute(jobs.claim())
    found = Pair.objects.count()
    Job.objects.filter(pk=job.pk).update(leased_until=clock.now() - timedelta(seconds=1))
    jobs.work_off()
    job.refresh_from_db()
    assert (job.state, job.attempt, job.result["pairs"], Pair.objects.count()) == ("done", 2, 3, 3)
    repeated = 1 if at == "a slice" else 0
    assert (len(seen), whole, found <= 3) == (screen.SLICES + repeated, None, True)


def test_keys_that_too_many_share_are_counted_and_passed_over(leader: User, monkeypatch: Any) -> None:
    monkeypatch.setattr(screen, "MOST_IN_BLOCK", 2)
    base(leader)
    job = screened(leader)
    assert job.result["skipped"] > 0


def test_the_round_comes_once_a_month(leader: User) -> None:
    base(leader)

    def rounds() -> int:
        screen.monthly.enqueue()
        jobs.work_off()
        return Job.objects.filter(name="duplicates.screen").count()

    assert rounds() == 1
    assert rounds() == 1
    Job.objects.filter(name="duplicates.screen").update(created_at=clock.now() - timedelta(days=31))
    assert rounds() == 2
    assert Pair.objects.count() == 3


@pytest.mark.req("INFO-17")
def test_keys_are_made_anew_the_day_after_they_have_come_to_be_made_in_another_way(leader: User) -> None:
    rows = base(leader)
    first = screened(leader)
    sound = set(DupKey.objects.values_list("object_id", "key"))
    Job.objects.filter(pk=first.pk).update(result={**first.result, "keys": 1})
    DupKey.objects.filter(object_id=rows[0].pk, kind__in="bp").delete()  # as if the older way had made fewer
    screen.monthly.enqueue()
    jobs.work_off()
    assert set(DupKey.objects.values_list("object_id", "key")) == sound
    assert Job.objects.filter(name=screen.screen.name).count() == 2
    screen.monthly.enqueue()
    jobs.work_off()
    assert Job.objects.filter(name=screen.screen.name).count() == 2


def test_anybody_looks_a_customer_up_before_the_first_contact(client: Client, seller: User, stranger: User) -> None:
    filed(seller, phone="13812346621")
    client.force_login(stranger)
    html = client.get("/duplicates/", {"phone": "138 1234 6621"}).content.decode()
    assert "云岭**公司" in html
    assert NAME not in html
    assert "没有找到" in client.get("/duplicates/", {"name": "北京银行"}).content.decode()
    assert 'href="/duplicates/"' in html


def test_who_is_not_on_file_can_be_put_there_with_what_was_typed(client: Client, seller: User, hire: Any) -> None:
    filed(seller, phone="13812346621")
    client.force_login(seller)
    html = client.get("/duplicates/", {"name": "北京银行", "phone": "010-66668888"}).content.decode()
    found = re.search(r'href="(/customers/new/[^"]+)"[^>]*>.*?新建客户', html)
    assert found is not None
    form = client.get(unescape(found[1])).content.decode()
    assert ('value="北京银行"' in form, 'value="010-66668888"' in form) == (True, True)
    known = client.get("/duplicates/", {"phone": "13812346621"}).content.decode()
    assert "/customers/new/?" not in known
    client.force_login(hire("treasurer", "finance"))
    only_look = client.get("/duplicates/", {"name": "北京银行"})
    assert (only_look.status_code, "/customers/new/?" in only_look.content.decode()) == (200, False)


def test_a_pair_of_which_one_is_gone_leaves_the_queue(leader: User) -> None:
    rows = base(leader)
    screened(leader)
    rows[1].refresh_from_db()
    rows[1].deleted_at = clock.now()
    work.unit_of_work(rows[1].save)
    assert Pair.objects.visible_to(leader).count() == 1
