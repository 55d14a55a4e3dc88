"""The company calendar: published years, its own days, the pasted notice, opening hours, and who counts by it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from guanxi.conftest import Hire, saved
from guanxi.formats.values import BadValue
from guanxi.formats.workdays import Day
from guanxi.kernel import clock, jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.models import Company
from guanxi.org.models import Department, Notice, Training, User
from guanxi.worktime.models import CalendarDay, OpeningHours
from guanxi.worktime.notices import read_notice
from guanxi.worktime.queries import calendar_of

NOTICE = """国务院办公厅关于2026年部分节假日安排的通知
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫、疫情防控等工作。"""
NEXT_YEAR = """一、元旦：2027年1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（周五）至13日（周六）放假调休，共9天。1月31日（周日）、2月14日（周日）上班。"""
EXPECTED = "only expected"
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def keeper(hire: Hire, headquarters: Department) -> User:
    return hire("keeper", "system-administrator", headquarters)


def year(number: int) -> list[date]:
    return [date(number, 1, 1) + timedelta(days=n) for n in range(365)]


def enter(keeper: User, day: date, kind: str, name: str = "") -> Any:
    return verbs.add(entity(CalendarDay), {"date": day, "kind": kind, "name": name}, actor=keeper)


@pytest.mark.parametrize("number", [2025, 2026])
def test_each_day_of_a_published_year_is_as_published(company: Company, number: int) -> None:
    calendar = calendar_of(company.pk)
    assert not calendar.is_expected(number)
    assert [calendar.is_workday(day) for day in year(number)] == [
        chinese_calendar.is_workday(day) for day in year(number)
    ]


def test_the_pasted_notice_gives_the_same_days_as_the_library() -> None:
    days = {day.date: day for day in read_notice(NOTICE, 2026)}
    assert len(days) == 33 + 6
    for day in year(2026):
        working = days[day].kind == "workday" if day in days else day.weekday() < 5
        assert working == chinese_calendar.is_workday(day), day
    assert days[date(2026, 2, 20)] == Day(date(2026, 2, 20), "legal_holiday", "春节")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (NOTICE, "does not fit"),  # the notice of another year
        ("一、元旦：13月1日放假。", "no such day"),
        ("一、元旦：1月1日至9月3日放假。", "span"),
        ("大家节日快乐", "No line"),
    ],
)
def test_a_text_that_cannot_be_right_is_refused(text: str, says: str) -> None:
    with translation.override("en"), pytest.raises(BadValue, match=says):
        read_notice(text, 2027)


def test_a_year_nobody_has_published_is_expected_until_its_notice_is_pasted(client: Client, keeper: User) -> None:
    client.force_login(keeper)
    page = reverse("working-days", args=[2027])
    assert EXPECTED in client.get(page).content.decode()
    calendar = calendar_of(keeper.company_id)
    assert calendar.is_expected(2027)
    assert not calendar.is_workday(date(2027, 5, 3))  # given back for a statutory day on a weekend
    enter(keeper, date(2027, 2, 8), "workday", "春节值班")
    answer = client.post(page, {"text": NEXT_YEAR, "key": "k1"}, follow=True)
    assert "Entered 14 days of the notice" in answer.content.decode() and EXPECTED not in answer.content.decode()
    calendar = calendar_of(keeper.company_id)
    assert not calendar.is_expected(2027)
    assert [calendar.is_workday(date(2027, 1, 31)), calendar.is_workday(date(2027, 2, 12))] == [True, False]
    assert calendar.is_workday(date(2027, 5, 3))  # the notice does not name it
    assert calendar.is_workday(date(2027, 2, 8))  # the company's own day wins
    client.post(page, {"text": NEXT_YEAR.splitlines()[0], "key": "k2"})
    assert CalendarDay.objects.filter(notice_year=2027).count() == 3  # a corrected notice replaces the first
    refused = client.post(page, {"text": NOTICE, "key": "k3"})
    assert refused.status_code == 422 and "does not fit the year" in refused.content.decode()


def test_a_day_of_the_company_counts_everywhere_at_once(company: Company, keeper: User, seller: User) -> None:
    friday, monday = date(2026, 11, 20), date(2026, 11, 23)
    before = calendar_of(company.pk)
    assert before.add_workdays(friday, 1) == monday
    enter(keeper, monday, "restday", "公司年会")
    calendar = calendar_of(company.pk)
    assert calendar.add_workdays(friday, 1) == date(2026, 11, 24) == calendar.add_workdays(monday, 0)
    assert calendar.add_workdays(date(2026, 11, 24), -1) == friday
    assert calendar.workdays_between(friday, date(2026, 11, 25)) == 2
    saved(Training(company=company, owner=seller, topic="产品", held_on=date(2026, 11, 19)))
    node = parse({"f": "held_on", "op": "last_workdays", "v": 2}, entity(Training), company)
    moment = datetime(2026, 11, 24, 10, tzinfo=SHANGHAI)
    with clock.shifted(moment):
        fresh = User.objects.get(pk=seller.pk)
        assert Training.objects.filter(to_q(node, Env(user=fresh))).count() == 1
        assert Training.objects.filter(to_q(node, Env())).count() == 0  # for nobody the packaged calendar holds


def test_the_calendar_is_loaded_once(company: Company, keeper: User, django_assert_num_queries: Any) -> None:
    calendar_of(company.pk)
    with django_assert_num_queries(1):
        calendar_of(company.pk)
    company.refresh_from_db()
    with django_assert_num_queries(0):
        calendar_of(company.pk, company.config_version).workdays_between(date(2025, 1, 1), date(2026, 12, 31))


def test_companies_keep_calendars_of_their_own(company: Company, keeper: User, other_company: Company) -> None:
    enter(keeper, date(2026, 11, 23), "restday")
    assert calendar_of(other_company.pk).is_workday(date(2026, 11, 23))


def test_departments_inherit_opening_hours(company: Company, keeper: User, headquarters: Department, east: Department,
                                           west: Department) -> None:  # fmt: skip
    day, sunday = date(2026, 11, 20), date(2026, 11, 22)
    assert calendar_of(company.pk).opening(day, east.pk) == datetime(2026, 11, 20, 9, tzinfo=SHANGHAI)
    assert calendar_of(company.pk).closing(day) == datetime(2026, 11, 20, 18, tzinfo=SHANGHAI)
    hours = entity(OpeningHours)
    verbs.add(hours, {"opens_at": "08:30", "closes_at": "17:30", "department": headquarters}, actor=keeper)
    verbs.add(hours, {"opens_at": "10:00", "closes_at": "21:00", "department": west}, actor=keeper)
    calendar = calendar_of(company.pk)
    assert calendar.opening(day, east.pk) == datetime(2026, 11, 20, 8, 30, tzinfo=SHANGHAI)
    assert calendar.closing(sunday, west.pk) == datetime(2026, 11, 22, 21, tzinfo=SHANGHAI)
    assert calendar.opening(sunday, west.pk) is None
    assert timezone.is_aware(calendar.closing(day))
    assert calendar.closing(day) == datetime(
        2026, 11, 20, 18, tzinfo=SHANGHAI
    )  # the company as a whole has said nothing


def test_everybody_reads_the_year_and_only_its_keepers_enter_days(client: Client, seller: User) -> None:
    cache.clear()
    client.force_login(seller)
    page = reverse("working-days", args=[2026])
    shown = client.get(page).content.decode()
    assert "春节" in shown and 'name="text"' not in shown
    assert client.post(page, {"text": NOTICE, "key": "k"}).status_code == 403
    assert CalendarDay.objects.count() == 0
    assert client.get(reverse("working-days", args=[1850])).status_code == 404


def test_administrators_are_warned_from_december_on(keeper: User, seller: User) -> None:
    def morning(day: int, month: int = 12) -> None:
        with clock.shifted(datetime(2026, month, day, 9, tzinfo=SHANGHAI)):
            jobs.task("worktime.next-year").enqueue()
            jobs.work_off()

    morning(30, 11)
    assert not Notice.objects.exists()
    morning(1)
    morning(2)
    told = Notice.objects.get()
    assert told.user == keeper and "2027" in told.text and told.url == reverse("working-days", args=[2027])
