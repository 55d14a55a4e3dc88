"""The team board over HTTP: each person's duties, review, silent customers and overdue money, and the lists behind."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.custody.models import CardReview
from guanxi.custody.tests.test_supervising import account, owed
from guanxi.deals.models import Opportunity, Pipeline, Stage
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, VISIT_AFTER_ORDER, adopt, at
from guanxi.rulebook.tests.figures import duty
from guanxi.sales.models import Order

__all__ = ["adopt"]
pytestmark = pytest.mark.django_db
TUESDAY = at("2026-11-24 09:00")


def line(page: str, name: str) -> dict[str, str]:
    """The figures of a person by their column."""
    row = next(part for part in page.split("<tr>") if f">{name}</a>" in part)
    cells = re.findall(r'data-l="([^"]+)">(.*?)</td>', row, re.S)
    return {head: re.sub(r"<[^>]+>", "", cell).strip() for head, cell in cells}


@pytest.mark.req("CARD-01")
@pytest.mark.req("CARD-09")
def test_the_board_shows_each_persons_duties_review_silence_and_overdue_money_with_their_lists(
    client: Client, leader: User, seller: User, rival: User, stranger: User, adopt: Any
) -> None:
    for person in (seller, rival, stranger):
        account(person, f"{person.name}的客户")
    with clock.shifted(TUESDAY):
        card = account(seller, "欠款客户", last_contact_on=date(2026, 11, 20))
        owed(card, 1200, 10)
        owed(card, 800, -10)
        pipeline = saved(Pipeline(company=seller.company, name="销售"))
        stage = saved(Stage(company=seller.company, pipeline=pipeline, name="洽谈", position=1))
        for name, on in (("久未联系", date(2026, 10, 1)), ("刚联系过", date(2026, 11, 20))):
            saved(Opportunity(company=seller.company, owner=seller, department=seller.department, account=card, name=name, number=name,
                              pipeline=pipeline, stage=stage, last_contact_on=on))  # fmt: skip
        for number, day in (("O1", date(2026, 11, 23)), ("O2", date(2026, 11, 20))):
            saved(Order(company=seller.company, owner=seller, department=seller.department, account=card, number=number,
                        ordered_on=day, state="confirmed", amount=300))  # fmt: skip
        Order.objects.filter(number__in=["O1", "O2"]).update_silently(amount=300)  # else the sum of lines
        visit, share = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01"), adopt("CLASS-06", MONTHLY_TALK, "2026-01-01")
        duty(visit, seller, "2026-11-24", "open")
        duty(visit, seller, "2026-11-30", "open")
        duty(visit, seller, "2026-11-10", "missed")
        duty(visit, seller, "2026-11-11", "met")
        duty(visit, seller, "2026-11-12", "late")
        duty(
            share,
            rival,
            "2026-10-31",
            "missed",
            figures={"shares": {"a": 58.4, "b": 41.6}, "wanted": {"a": 60, "b": 40}},
        )
        share.clause.kind = "share"
        saved(share.clause)
        saved(CardReview(company=rival.company, owner=rival, department=rival.department, week=date(2026, 11, 23),
                         reviewer=leader, looked=3, score=88))  # fmt: skip
        client.force_login(leader)
        page = client.get("/team-board/").content.decode()
        mine, others = line(page, "林知远"), line(page, "陈书意")
        assert mine == {
            "Card review": "not reviewed", "Open": "3", "Due today": "1", "Overdue": "1", "Rate this month": "33.3%",
            "Shares of effort": "—", "Silent customers": "1", "Silent opportunities": "1", "Sold on 11-23": "¥300",
            "Overdue receivables": "¥1,200",
        }  # fmt: skip
        assert (others["Card review"], others["Shares of effort"], others["Open"]) == (
            "88", "58/42 of 60/40", "0",
        )  # fmt: skip
        assert "Shares of effort 2026-10-31 – 2026-10-31" in page, "the shares say what days they were measured over"
        assert "许嘉禾" not in page
        tiles = re.findall(
            r'<a class="kpi" href="(/(?:duties|customers|receivables)/\?[^"]+)">.*?kpi-v[^>]*>([^<]+)<', page
        )
        listed = [client.get(html.unescape(href)).content.decode().count('<th scope="row"') for href, _n in tiles]
        assert [figure for _href, figure in tiles] == ["1", "33.3%", "2", "¥1.2K"]
        assert listed == [1, 3, 2, 1], "overdue, decided of which a third in time, silent, overdue receivables"
        tile = re.search(r'<a class="kpi" href="(/card-reviews/week/[^"]*)">.*?kpi-v[^>]*>([^<]+)<', page)
        assert tile
        named = re.findall(r'card-title">([^<]+)<', client.get(html.unescape(tile[1])).content.decode())
        assert (tile[2], named) == ("1", ["林知远"]), "the tile opens those it counts"
        row = next(part for part in page.split("<tr>") if ">林知远</a>" in part)
        counts = []
        for href in re.findall(r'href="(/(?:duties|customers|opportunities|orders|receivables)/\?[^"]+)"', row):
            text = client.get(html.unescape(href)).content.decode()
            counts.append(len(re.findall(r'<th scope="row"', text)))
        assert counts == [3, 1, 1, 3, 1, 1, 1, 1], (
            "open, today, overdue, decided this month, silent customers and opportunities, sold, overdue receivables"
        )


def test_only_who_leads_people_opens_the_board(client: Client, seller: User, leader: User) -> None:
    for who, status in ((seller, 403), (leader, 200)):
        client.force_login(who)
        assert client.get("/team-board/").status_code == status
        assert ('href="/team-board/"' in client.get("/").content.decode()) == (status == 200)


def test_shares_of_nothing_recorded_say_so_and_the_days_measured_stand_once(
    client: Client, leader: User, seller: User, rival: User, adopt: Any
) -> None:
    with clock.shifted(TUESDAY):
        share = adopt("CLASS-06", MONTHLY_TALK, "2026-01-01")
        for person, actual in ((seller, {"a": 0, "b": 0}), (rival, {"a": 58.4, "b": 41.6})):
            account(person, f"{person.name}的客户")
            duty(share, person, "2026-10-31", "missed", figures={"shares": actual, "wanted": {"a": 60, "b": 40}})
        share.clause.kind = "share"
        saved(share.clause)
        client.force_login(leader)
        page = client.get("/team-board/").content.decode()
    shares = [line(page, name)["Shares of effort"] for name in ("林知远", "陈书意")]
    assert shares == ["nothing recorded", "58/42 of 60/40"]
    assert page.count("2026-10-31 – 2026-10-31") == 1, "above the table"


@pytest.mark.req("CARD-01")
def test_the_start_page_names_those_whose_cards_are_still_to_be_reviewed(
    client: Client, leader: User, seller: User, rival: User
) -> None:
    for person in (seller, rival):
        account(person, f"{person.name}的客户")
    with clock.shifted(TUESDAY):
        client.force_login(leader)
        page = client.get("/").content.decode()
        card = page[page.index("Cards to review this week") :].split("</section>")[0]
        assert ("林知远" in card, "陈书意" in card, f"/card-reviews/week/?person={seller.pk}" in card) == (
            True,
            True,
            True,
        )
        for person in (seller, rival):
            saved(CardReview(company=person.company, owner=person, department=person.department, week=date(2026, 11, 23),
                             reviewer=leader, looked=3, score=88))  # fmt: skip
        assert "Cards to review this week" not in client.get("/").content.decode()
        client.force_login(seller)
        assert "Cards to review this week" not in client.get("/").content.decode()


@pytest.mark.req("CARD-08")
def test_after_a_holiday_the_last_working_day_is_talked_about(client: Client, leader: User, seller: User) -> None:
    account(seller, "甲公司")
    client.force_login(leader)
    with clock.shifted(at("2026-10-08 09:00")):  # 1 to 7 October are holidays
        assert 'value="2026-09-30"' in client.get("/card-reviews/week/").content.decode()
