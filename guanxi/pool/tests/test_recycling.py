"""Rules that send customers back: when, whom, who is told, who is exempt; seen ahead, run twice, run late."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from guanxi.conftest import signed_in
from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.models import Company, Job
from guanxi.org.models import Notice, User
from guanxi.pool.models import Pool, RecycleRule, Stay, Tenure, Watch
from guanxi.pool.services.moves import claim, holds
from guanxi.pool.services.recycling import recycle
from guanxi.pool.tests.conftest import File, at


def rule(company: Company, **values: Any) -> RecycleRule:
    """The first ready-made rule, switched on."""
    found = RecycleRule.objects.get(company=company, name="潜在客户30天无跟进")
    for name, value in {"is_active": True, **values}.items():
        setattr(found, name, value)
    work.unit_of_work(found.save)
    return found


def silent(account: Account, days: int) -> Account:
    """Entered and last contacted so many days ago."""
    then = clock.now() - timedelta(days=days)
    Account.objects.filter(pk=account.pk).update_silently(created_at=then, last_contact_on=then.date())
    return account


def run(days: int = 0) -> dict[str, int]:
    """The nightly job, so many days from now."""
    with clock.shifted(clock.now() + timedelta(days=days)):
        row = recycle.enqueue()
        jobs.work_off()
    row.refresh_from_db()
    assert row.state == Job.State.DONE, row.message
    return dict(row.result)


def taken(account: Account) -> bool:
    return Stay.objects.filter(account=account).exists()


def expected(account: Account) -> date | None:
    watch = Watch.objects.filter(account=account).first()
    return watch.recycle_on if watch else None


@pytest.mark.req("BEYOND-02")
def test_a_silent_customer_is_announced_then_recycled_and_the_owner_told(
    company: Company, file: File, seller: User, pool: Pool
) -> None:
    rule(company)
    account = silent(file(seller), 20)
    assert run() == {"gathered": 0, "expected": 1, "warned": 0, "recycled": 0}
    assert expected(account) == clock.today() + timedelta(days=10)
    assert run(3)["warned"] == 1
    notice = Notice.objects.get(user=seller)
    assert "有 1 个客户即将回收到公海" in notice.text
    assert run(9) == {"gathered": 0, "expected": 1, "warned": 0, "recycled": 0}
    assert not taken(account)
    assert run(10)["recycled"] == 1
    stay = Stay.objects.get(account=account)
    assert (stay.pool, stay.cause, stay.reason, stay.former_owner) == (pool, "recycled", "潜在客户30天无跟进", seller)
    assert Notice.objects.filter(user=seller).count() == 2
    assert Tenure.objects.get(account=account).ended == "recycled"
    assert expected(account) is None
    assert run(11) == {"gathered": 0, "expected": 0, "warned": 0, "recycled": 0}


@pytest.mark.req("BEYOND-02")
def test_running_the_job_twice_changes_nothing(company: Company, file: File, seller: User) -> None:
    rule(company)
    silent(file(seller), 25)
    run(), run()
    assert Notice.objects.filter(user=seller).count() == 1
    before = list(Watch.objects.values())
    run()
    assert list(Watch.objects.values()) == before


@pytest.mark.req("BEYOND-02")
def test_switching_a_rule_on_takes_nobody_without_the_promised_warning(
    company: Company, file: File, seller: User
) -> None:
    account = silent(file(seller), 400)
    assert run()["recycled"] == 0  # no rule is switched on when a company starts
    rule(company)
    assert run() == {"gathered": 0, "expected": 1, "warned": 1, "recycled": 0}
    assert expected(account) == clock.today() + timedelta(days=7)
    assert run(6)["recycled"] == 0
    assert run(7)["recycled"] == 1


@pytest.mark.req("BEYOND-02")
def test_a_follow_up_keeps_the_customer_and_the_warning_comes_anew(company: Company, file: File, seller: User) -> None:
    rule(company)
    account = silent(file(seller), 28)
    run()
    assert Notice.objects.count() == 1
    Account.objects.filter(pk=account.pk).update_silently(last_contact_on=clock.today() + timedelta(days=3))
    assert run(9) == {"gathered": 0, "expected": 1, "warned": 0, "recycled": 0}
    assert expected(account) == clock.today() + timedelta(days=33)
    assert run(26)["warned"] == 1
    assert run(33)["recycled"] == 1


@pytest.mark.req("BEYOND-02")
def test_a_new_owner_gets_the_full_time(company: Company, lost: File, seller: User) -> None:
    rule(company, warn_days=0)
    account = silent(lost(), 300)
    claim(at(account), actor=seller)
    assert run(29)["recycled"] == 0
    assert run(30)["recycled"] == 1


@pytest.mark.req("BEYOND-02")
def test_protected_and_key_customers_stay_and_only_leaders_protect(
    company: Company, file: File, seller: User, leader: User
) -> None:
    rule(company, warn_days=0)
    safe, key, plain = (silent(file(seller, name), 100) for name in ("受保护公司", "重点公司", "普通公司"))
    address = f"/customers/{safe.pk}/do/protect/"
    assert signed_in(seller).post(address, {"reason": "战略合作"}).status_code == 403
    assert signed_in(leader).post(address, {"reason": "战略合作"}).status_code == 302
    signed_in(seller).post(f"/customers/{key.pk}/do/mark_key/")
    assert run()["recycled"] == 1
    assert [taken(row) for row in (safe, key, plain)] == [False, False, True]
    assert "已保护" in signed_in(seller).get(f"/customers/{safe.pk}/").content.decode()
    assert "受保护" in signed_in(leader).get(f"/customers/{safe.pk}/history/").content.decode()
    assert signed_in(leader).post(f"/customers/{safe.pk}/do/unprotect/").status_code == 302
    assert run(1)["recycled"] == 1


@pytest.mark.req("BEYOND-02")
def test_rules_tell_customers_by_class_stage_department_and_any_day(
    company: Company, file: File, seller: User, stranger: User, pool: Pool
) -> None:
    assert stranger.department is not None
    where = {
        "all": [{"f": "department", "op": "is", "v": stranger.department_id}, {"f": "grade", "op": "is", "v": "C"}]
    }
    rule(company, where=where, count_from="last_order_on", days=180, warn_days=0)
    mine, theirs, good = file(seller, "东部公司"), file(stranger, "西部公司"), file(stranger, "西部大客户")
    for row in (mine, theirs, good):
        silent(row, 500)
    Account.objects.filter(pk__in=[mine.pk, theirs.pk]).update_silently(grade="C")
    Account.objects.filter(pk__in=[mine.pk, theirs.pk, good.pk]).update_silently(
        last_order_on=clock.today() - timedelta(days=179)
    )
    assert run()["recycled"] == 0
    assert run(1)["recycled"] == 1
    assert [taken(row) for row in (mine, theirs, good)] == [False, True, False]


@pytest.mark.req("BEYOND-02")
def test_of_two_rules_the_earlier_day_counts_and_each_has_its_pool(
    company: Company, file: File, seller: User, owner: User
) -> None:
    signed_in(owner).post("/pools/new/", {"name": "老客户公海", "is_active": "on", "is_active-shown": "1"})
    rule(company, days=90, warn_days=0)
    second = RecycleRule.objects.get(company=company, name="未成交180天")
    second.is_active, second.days, second.warn_days = True, 60, 0
    second.pool = Pool.objects.get(name="老客户公海")
    work.unit_of_work(second.save)
    account = silent(file(seller), 50)
    run()
    assert expected(account) == clock.today() + timedelta(days=10)
    run(10)
    assert Stay.objects.get(account=account).pool == second.pool


@pytest.mark.req("BEYOND-02")
def test_a_late_run_for_a_given_day_does_what_that_day_would_have(company: Company, file: File, seller: User) -> None:
    rule(company, warn_days=0)
    account = silent(file(seller), 20)
    day = clock.today() + timedelta(days=10)
    recycle.enqueue(as_of=(day - timedelta(days=1)).isoformat())
    jobs.work_off()
    assert not taken(account)
    recycle.enqueue(as_of=day.isoformat())
    jobs.work_off()
    assert taken(account)


@pytest.mark.req("BEYOND-02")
def test_who_is_about_to_go_is_a_view_and_a_filter_and_the_rule_shows_whom_it_would_take(
    company: Company, file: File, seller: User, owner: User
) -> None:
    found = rule(company, is_active=False)
    account, fresh = silent(file(seller, "快要回收公司"), 25), file(seller, "刚刚联系公司")
    page = signed_in(owner).get(f"/recycle-rules/{found.pk}/").content.decode()
    assert account.name in page and "规则未启用" in page and (clock.today() + timedelta(days=5)).isoformat() in page
    sent = {"name": found.name, "is_active": "on", "is_active-shown": "1", "version": found.version}
    assert signed_in(owner).post(f"/recycle-rules/{found.pk}/edit/", sent).status_code == 302
    jobs.work_off()  # the days are those of the new rules at once
    for user in (seller, owner):
        view = signed_in(user).get("/customers/", {"view": "recycling"}).content.decode()
        assert account.name in view and fresh.name not in view
    where = '{"f": "recycle_on", "op": "next_days", "v": 10}'
    rows = signed_in(seller).get("/api/customers/", {"where": where}).json()["results"]
    assert [(row["id"], row["recycle_on"]) for row in rows] == [
        (str(account.pk), (clock.today() + timedelta(days=7)).isoformat())
    ]
    assert "回收到公海" in signed_in(seller).get(f"/customers/{account.pk}/").content.decode()


@pytest.mark.req("BEYOND-02")
def test_what_holds_a_customer_back_keeps_it_from_rules_and_from_being_given_back(
    company: Company, file: File, seller: User, reason: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule(company, warn_days=0)
    account = silent(file(seller), 100)
    monkeypatch.setattr("guanxi.pool.services.moves.holds", [*holds, lambda ids: dict.fromkeys(ids, "还有欠款")])
    assert run()["recycled"] == 0
    refused = signed_in(seller).post(f"/customers/{account.pk}/do/release/", {"reason": reason.pk})
    assert refused.status_code == 422 and "还有欠款" in refused.content.decode()


@pytest.mark.req("BEYOND-01")
def test_the_job_gathers_customers_from_before_there_were_pools(company: Company, file: File, seller: User) -> None:
    account = file(seller)
    Account.objects.filter(pk=account.pk).update_silently(owner=None)
    assert run()["gathered"] == 1
    stay = Stay.objects.get(account=account)
    assert (stay.cause, stay.former_department) == ("unowned", seller.department)
    assert run()["gathered"] == 0


@pytest.mark.req("BEYOND-02")
def test_a_rule_on_a_field_that_is_gone_is_passed_over_and_says_so(
    company: Company, file: File, seller: User, owner: User
) -> None:
    gone = rule(company)
    sound = work.unit_of_work(lambda: RecycleRule.objects.create(
        company=company, name="另一条", where={}, count_from=gone.count_from, days=30, warn_days=0, is_active=True, position=9
    ))  # fmt: skip
    RecycleRule.objects.filter(pk=gone.pk).update_silently(where={"f": "x_gone", "op": "is", "v": "a"})
    account = silent(file(seller), 20)
    assert run()["expected"] == 1
    assert Watch.objects.get(account=account).rule == sound
    page = signed_in(owner).get(f"/recycle-rules/{gone.pk}/")
    assert (page.status_code, "此规则无法执行" in page.content.decode(), "x_gone" in page.content.decode()) == (
        200,
        True,
        True,
    )
