"""The start page over HTTP: what waits for whom, and the way to the pages of administration."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.catalog.models import Product
from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction, ReturnVisit, ServiceRequest, Visit
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.rulebook.services import books
from guanxi.sales import services
from guanxi.sales.models import Order

pytestmark = pytest.mark.django_db


def late_order(seller: User) -> Order:
    account = saved(Account(company=seller.company, owner=seller, department=seller.department, name="苏州云岭机械"))
    pump: Any = saved(Product(company=seller.company, code="P-1", name="水泵", spec="DN80", price=Decimal(100)))
    day = clock.today() - timedelta(days=40)
    values = {"account": account, "ordered_on": day, "due_on": day + timedelta(days=30)}
    order = services.place(values, [{"product": pump, "quantity": Decimal(3)}], actor=seller)
    services.confirm(order, actor=seller)
    return order


def test_who_answers_for_others_sees_the_late_payments_of_the_branch(
    client: Client, seller: User, leader: User, stranger: User
) -> None:
    order = late_order(seller)
    for person, seen in ((leader, True), (stranger, False)):
        client.force_login(person)
        page = client.get("/").content.decode()
        assert (f'href="/orders/{order.pk}/"' in page, "Nothing waits" in page) == (seen, not seen)


def test_a_new_company_shows_five_next_steps_until_it_has_customers_and_a_rulebook(
    client: Client, owner: User, seller: User
) -> None:
    client.force_login(owner)

    def steps() -> list[tuple[str, str, str]]:
        page = client.get("/").content.decode()
        return re.findall(
            r'<li( class="t3")?><svg class="ic[^>]*>.*?</svg><div class="r-m"><b><a class="lnk" href="([^"]*)">([^<]*)<',
            page,
        )

    people, rulebook = ("/people/", "Add people"), ("/rulebooks/", "Put a ready rulebook into use")
    assert [(url, word) for _done, url, word in steps()][1:3] == [people, rulebook]
    assert [bool(done) for done, _url, _word in steps()] == [True, True, False, False, False]
    saved(Product(company=owner.company, code="P-1", name="水泵"))
    saved(Account(company=owner.company, owner=seller, department=seller.department, name="甲"))
    assert [bool(done) for done, _url, _word in steps()] == [True, True, False, True, True]
    books.load(owner.company, books.ready()[0], actor=owner)
    assert steps() == []


@pytest.mark.req("USE-04")
def test_of_each_kind_of_work_three_are_shown_with_the_way_to_all(client: Client, seller: User) -> None:
    today = clock.today()
    for n in range(5):
        card = saved(Account(company=seller.company, owner=seller, department=seller.department, name=f"客户{n}"))
        saved(Visit(company=card.company, owner=seller, department=card.department, account=card, day=today))
    client.force_login(seller)
    page = client.get("/").content.decode()
    shown = re.search(r'<h2 class="card-title">Visits</h2>.*?</section>', page, re.DOTALL)
    assert shown is not None
    assert (shown[0].count('href="/visits/'), len(set(re.findall(r'href="/visits/\d+/', shown[0])))) == (4, 3)
    assert ">5<" in shown[0]


def test_every_number_on_the_start_page_opens_the_rows_it_counts(client: Client, seller: User, rival: User) -> None:
    late_order(seller)
    today = clock.today()
    for who in (seller, rival):
        own = {"company": who.company, "owner": who, "department": who.department}
        for n in range(2):
            card = saved(Account(**own, name=f"{who}客户{n}", next_contact_on=today - timedelta(days=n)))
            saved(ReturnVisit(**own, account=card, due_on=today + timedelta(days=9 * n)))
            asked = {"account": card, "direction": "in", "content": "询价", "next_contact_on": today}
            saved(Interaction(**own, **asked))
            saved(Interaction(**own, **asked, answered_at=clock.now()))
            saved(ServiceRequest(**own, account=card, problem="漏油", number=f"FW-{who.pk}-{n}"))
            saved(Visit(**own, account=card, day=today))
        saved(Account(**own, name=f"{who}旧客户", retired_on=today, next_contact_on=today))
    client.force_login(seller)
    page = client.get("/").content.decode()
    groups = re.findall(
        r'card-title">([^<]+)</h2><span class="card-sub">([^<]+)</span><a class="card-link[^"]*" href="([^"]+)"', page
    )
    counts = {label: (shown, _listed(client, html.unescape(url))) for label, shown, url in groups if "pack" not in url}
    assert {"Return visits due", "Messages not answered", "Contact due", "Service requests to solve"} <= counts.keys()
    assert {label: pair for label, pair in counts.items() if pair[0] != pair[1]} == {}
    assert counts["Return visits due"] == ("1", "1"), "the one that is due in nine days waits"
    (customers,) = re.findall(r'class="kpi" href="(/customers/[^"]+)">.*?kpi-v num">([^<]+)<', page)
    assert _listed(client, html.unescape(customers[0])) == customers[1]


def _listed(client: Client, url: str) -> str:
    path, _mark, query = url.partition("?")
    return re.sub(r"<[^>]+>", "", client.get(f"{path}count/?{query}").content.decode()).strip()


def test_an_administrator_without_customers_starts_with_the_pages_of_administration(client: Client, hire: Hire) -> None:
    client.force_login(hire("admin", "system-administrator"))
    page = client.get("/").content.decode()
    assert ('class="lnk" href="/people/"' in page, "Nothing waits" in page) == (True, False)


def test_the_settings_stand_by_subject_and_show_no_parts(client: Client, hire: Hire) -> None:
    client.force_login(hire("boss", "owner"))
    page = client.get("/me/").content.decode()
    menu = page[page.index('class="set-nav"') : page.index("</nav>", page.index('class="set-nav"'))]
    subjects = re.findall(r"<h2>([^<]+)</h2>", menu)
    assert (subjects[:2], len(subjects)) == (["Account", "Organisation"], len(set(subjects)))
    of_filing = menu[menu.index("<h2>Filing</h2>") :]
    assert re.findall(r'<a href="([^"]+)"', of_filing)[:2] == ["/inspection-plans/", "/filing-rules/"]
    assert [part for part in ("/holdings/", "/successors/", "/flow-steps/") if part in menu] == []


def test_the_page_of_an_order_shows_what_was_ordered(client: Client, seller: User) -> None:
    order = late_order(seller)
    client.force_login(seller)
    for place in ("", "print/"):
        page = client.get(f"/orders/{order.pk}/{place}").content.decode()
        assert "水泵 DN80" in page
        assert "¥300" in page


def test_the_entry_of_a_view_is_marked_in_the_navigation(client: Client, seller: User) -> None:
    client.force_login(seller)
    marked = {view: client.get(f"/customers/?view={view}").content.decode() for view in ("groups", "mine")}
    entry = 'class="nav-i on" href="/customers/?view=groups"'
    assert {view: entry in page for view, page in marked.items()} == {"groups": True, "mine": False}


def test_receivables_open_with_what_is_still_owed(client: Client, seller: User) -> None:
    order = late_order(seller)
    client.force_login(seller)
    page = client.get("/receivables/").content.decode()
    assert page.index("?view=open") < page.index("?view=all")
    assert order.number in page
