"""Figures of return visits and the service lines, over HTTP; the figures are worked out by hand."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import ReturnVisit, ServiceLine, Visit
from guanxi.kernel import clock
from guanxi.org.models import User

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 20, 4, tzinfo=UTC)


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def account(owner: User, name: str, grade: str) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, grade=grade))


def asked(card: Account, due: int, done: int | None, **values: Any) -> None:
    day = date(2026, 3, due)
    row = ReturnVisit(company=card.company, account=card, owner=card.owner, due_on=day, **values)
    if done is not None:
        row.state, row.done_at = "done", noon(date(2026, 3, done))
    saved(row)


def lines(page: str) -> dict[str, list[str]]:
    """Name -> the cells behind it, of all tables of the page."""
    found = {}
    for row in re.findall(r"<tr>(.*?)</tr>", page[page.index("<tbody>") :], re.S):
        cells = [re.sub(r"<[^>]+>|\s", "", unescape(cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row, re.S)]
        found[cells[0]] = cells[1:]
    return found


@pytest.mark.req("RV-12")
def test_attainment_punctuality_and_coverage_by_person_and_by_class(
    client: Client, leader: User, seller: User, rival: User
) -> None:
    a, b, c = account(seller, "甲", "A"), account(seller, "乙", "A"), account(rival, "丙", "B")
    asked(a, 5, 5)
    asked(a, 10, 12, reason="purchase")
    asked(b, 15, None)
    asked(c, 18, 17)
    asked(c, 19, None, state="dropped")
    saved(ReturnVisit(company=c.company, account=c, owner=rival, due_on=date(2026, 2, 28), reason="data"))
    for day, done in ((3, 3), (4, 6)):
        saved(
            Visit(
                company=a.company, account=a, owner=seller, day=date(2026, 3, day), state="done",
                done_at=noon(date(2026, 3, done)),
            )
        )  # fmt: skip
    client.force_login(leader)
    with clock.shifted(NOW):
        page = client.get("/return-visits/figures/").content.decode()
        february = client.get("/return-visits/figures/?period=last_month").content.decode()
    found = lines(page)
    # Three due, two done, one of them in time; one of two customers asked back; two visits, one form on its day.
    assert found[seller.name] == ["2/3", "66.7%", "33.3%", "1/2", "50%", "2", "50%"]
    assert found[rival.name] == ["1/1", "100%", "100%", "1/1", "100%", "0", "—"]
    classes = {name[-1]: cells for name, cells in found.items()}
    assert classes["A"][:5] == ["2/3", "66.7%", "33.3%", "1/2", "50%"]
    assert classes["B"][:5] == ["1/1", "100%", "100%", "1/1", "100%"]
    assert lines(february)[rival.name][:2] == ["0/1", "0%"]
    link = unescape(re.findall(r'href="(/return-visits/\?[^"]+)"', page)[0])
    with clock.shifted(NOW):
        assert client.get(link).status_code == 200


@pytest.mark.req("RV-12")
def test_everybody_sees_the_figures_of_their_own_reach(client: Client, seller: User, rival: User) -> None:
    asked(account(rival, "丙", "B"), 18, 17)
    client.force_login(seller)
    with clock.shifted(NOW):
        assert rival.name not in lines(client.get("/return-visits/figures/").content.decode() + "<tbody>")


@pytest.mark.req("COMM-03")
def test_a_service_line_is_at_hand_where_a_problem_is_taken_down(client: Client, leader: User, seller: User) -> None:
    client.force_login(leader)
    sent = {
        "name": "全国服务热线", "number": "400-800-1234", "toll_free": "on", "complaints": "on", "hours": "每天 8:00–20:00",
        "content": "咨询、报修、投诉", "standard": "20 秒内接听", "position": "10",
    }  # fmt: skip
    assert client.post("/service-lines/new/", sent).status_code == 302
    client.force_login(seller)
    page = client.get("/service-requests/new/").content.decode()
    for words in ("400-800-1234", "每天 8:00–20:00", "20 秒内接听"):
        assert words in page
    ServiceLine.objects.visible_to(leader).get()
    assert client.post("/service-lines/new/", {**sent, "number": "1"}).status_code == 403
