"""Long pages are short on a phone and whole on paper: processes, the dashboard with its charts, sheets, cards of a list."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.incentives.tests.conftest import proposal
from guanxi.insight.services import refresh
from guanxi.kernel import clock, jobs, work
from guanxi.learning.models import Course, Publication, Question, Reading
from guanxi.learning.services.publishing import put_out
from guanxi.meetings.models import AgendaPoint, Meeting
from guanxi.org.models import User
from guanxi.org.services import furnish
from guanxi.sales.models import Order
from tests.browser.conftest import Visitor

COLOURS = (
    """() => [...new Set([...document.querySelectorAll('c-chart svg text')].map(one => one.getAttribute('fill')))]"""
)


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> None:
    """A folder of its own for the columnar files, before anything is written."""
    settings.HOME = tmp_path


@pytest.fixture
def figures(home: None, site: str, seller: User, owner: User) -> User:
    """A dashboard with something to draw: six customers, each with an order."""
    for n in range(6):
        card = saved(Account(company=seller.company, owner=seller, department=seller.department, name=f"客户{n}"))
        row = saved(Order(company=card.company, owner=seller, account=card, number=f"T{n}", ordered_on=clock.today()))
        Order.objects.filter(pk=row.pk).update_silently(state="delivered", amount=1000 + n)
    refresh.recompute(owner)
    jobs.work_off()
    return owner


@pytest.mark.req("ORG-13")
def test_processes_are_folded_on_a_phone_and_whole_on_paper(visit: Visitor, owner: User) -> None:
    tab = visit.tab
    furnish(owner.company)
    visit.enter(owner).go("/processes/")
    steps, shown = tab.locator("main tbody tr"), tab.locator("main tbody tr").filter(visible=True)
    assert steps.count() > 20 and shown.count() == (0 if visit.narrow else steps.count())
    if visit.narrow:
        assert tab.evaluate("document.documentElement.scrollHeight") < 2600
        tab.get_by_label("展开步骤：客户建档").check()
        visit.sees("登记到访客户" if tab.get_by_text("登记到访客户").count() else "登记", within="main tbody")
        assert 0 < shown.count() < steps.count()
        visit.fits()
    assert visit.audit() == []
    tab.emulate_media(media="print")
    assert shown.count() == steps.count()


def test_the_dashboard_shows_six_cards_on_a_phone_and_the_rest_on_a_tick(visit: Visitor, figures: User) -> None:
    tab = visit.tab
    visit.enter(figures).go("/insight/")
    cards = tab.locator(".grid-d > section.card")
    shown = cards.filter(visible=True)
    assert cards.count() > 10 and shown.count() == (6 if visit.narrow else cards.count())
    if visit.narrow:
        tab.get_by_label(f"显示全部 {cards.count()} 项").check()
        assert shown.count() == cards.count()
        drawn = tab.locator(".grid-d > section.card:nth-child(n + 7) c-chart svg").first
        drawn.wait_for()
        assert drawn.bounding_box()["width"] > 200, "what was hidden is drawn at its full width"
        visit.fits()
    tab.emulate_media(media="print")
    assert shown.count() == cards.count()


def test_charts_are_printed_in_the_colours_of_paper(visit: Visitor, figures: User) -> None:
    tab = visit.tab
    visit.enter(figures).go("/insight/")
    tab.locator("c-chart svg text").first.wait_for()
    light = tab.evaluate(COLOURS)
    figures.preferences["theme"] = "dark"
    saved(figures)
    visit.go("/insight/")
    tab.locator("c-chart svg text").first.wait_for()
    dark = tab.evaluate(COLOURS)
    assert len(set(light) ^ set(dark)) >= 6, "the texts of axes, names and numbers differ"
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(COLOURS) == light
    assert tab.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    tab.wait_for_function(f"dark => JSON.stringify(({COLOURS})()) === JSON.stringify(dark)", arg=dark)


@pytest.mark.req("PERF-03")
def test_a_sheet_shows_ten_lines_on_a_phone_and_an_entry_its_verb_below_its_facts(
    visit: Visitor, owner: User, seller: User
) -> None:
    tab = visit.tab
    for n in range(12):
        proposal(seller, -5 - n, title=f"事由{n:02}")
    visit.enter(owner).go(f"/incentives/month/?month={clock.today():%Y-%m}")
    lines = tab.locator(".paper table").last.locator("tbody tr")
    shown = lines.filter(visible=True)
    assert lines.count() == 12 and shown.count() == (10 if visit.narrow else 12)
    tab.emulate_media(media="print")
    assert shown.count() == 12
    tab.emulate_media(media="screen")
    if visit.narrow:
        assert lines.first.locator("td").nth(1).bounding_box()["width"] > 150, "the words have room"
        visit.go("/incentives/")
        row = tab.locator("main tbody tr").first
        verb = row.get_by_role("link", name="确认").or_(row.get_by_role("button", name="确认")).first.bounding_box()
        facts = [one.bounding_box() for one in row.locator("td[data-l]:not([data-m])").all() if one.is_visible()]
        assert verb["y"] >= max(one["y"] + one["height"] for one in facts) - 1


@pytest.mark.req("TRAIN-04")
def test_questions_and_the_fields_of_a_verb_stand_apart(visit: Visitor, seller: User) -> None:
    tab = visit.tab
    card = saved(Account(company=seller.company, owner=seller, department=seller.department, name="甲公司"))
    visit.enter(seller).go(f"/customers/{card.pk}/do/plan_visit/")
    fields = [one.bounding_box() for one in tab.locator("main form > .fld").all()]
    assert len(fields) > 1
    assert all(after["y"] - (one["y"] + one["height"]) >= 10 for one, after in pairwise(fields))
    text = saved(Publication(company=seller.company, title="设备安全", text="安装杀毒软件。", attempts=2))
    for n in range(2):
        saved(Question(company=seller.company, publication=text, text=f"问题{n}", a="甲", b="乙", right="a", roles=[]))
    work.unit_of_work(lambda: put_out(text))
    reading = Reading.objects.get(owner=seller)
    visit.go(f"/readings/{reading.pk}/")
    visit.press("我已阅读并理解", within="main .card")
    visit.go(f"/readings/{reading.pk}/questions/")
    frame, asked = (tab.locator(at).first.bounding_box() for at in ("main section.card", "main legend"))
    assert asked["y"] - frame["y"] >= 8, "the question stands inside its frame"
    tall = [one.bounding_box()["height"] for one in tab.locator("main fieldset label").all()]
    assert len(tall) == 4 and min(tall) >= 40, "an answer is hit by a thumb"
    for n in range(2):
        tab.locator("main fieldset").nth(n).get_by_text("甲").click()
    assert visit.audit() == []
    visit.press("交卷", within="main")
    visit.sees("以 100% 通过")
    assert Reading.objects.get(pk=reading.pk).passed_at is not None


@pytest.mark.req("MEET-02")
def test_the_lines_of_an_agenda_are_read_to_their_end_on_a_phone(visit: Visitor, owner: User) -> None:
    tab = visit.tab
    meeting = saved(Meeting(company=owner.company, owner=owner, department=owner.department, name="月会"))
    facts = "\n".join(
        f"· 天津达卓装饰工程有限公司第{n}分公司：逾期 ¥405,737.56（2026-10-0{n}）请区域主管跟进" for n in range(1, 4)
    )
    saved(AgendaPoint(company=owner.company, meeting=meeting, title="逾期应收", facts=facts))
    visit.enter(owner).go(f"/meetings/{meeting.pk}/")
    cut = tab.locator("main ol.rows small").first.evaluate("e => e.scrollWidth > e.clientWidth")
    assert not cut
    visit.fits()


@pytest.mark.req("TRAIN-01")
def test_many_labels_of_a_row_stay_on_the_phones_screen(visit: Visitor, owner: User) -> None:
    tab = visit.tab
    roles = ["业务代表", "客服专员", "直销专员", "呼叫中心专员", "技术部", "客户关系专员"]
    saved(Course(company=owner.company, title="产品知识", roles=roles))
    visit.enter(owner).go("/courses/")
    tags = tab.locator("main tbody .tag")
    assert tags.count() == len(roles)
    boxes = [one.bounding_box() for one in tags.all()]
    rows = [(one, after) for one, after in pairwise(boxes) if abs(one["y"] - after["y"]) < 2]
    assert rows and all(after["x"] - (one["x"] + one["width"]) >= 3 for one, after in rows), "they do not touch"
    if visit.narrow:
        assert max(one.bounding_box()["x"] + one.bounding_box()["width"] for one in tags.all()) <= 390
