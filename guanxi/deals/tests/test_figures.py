"""Figures of opportunities, the rulebook's eye on them, and the ways in: letters, cards, registrations."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from guanxi.conftest import Hire, saved, signed_in
from guanxi.customers.models import Account
from guanxi.deals.models import Lead, LossReason, Opportunity
from guanxi.deals.queries import figures
from guanxi.deals.tests.conftest import Make, do, said
from guanxi.deals.tests.test_opportunities import talked, to_the_end
from guanxi.filing.models import Exhibition, Registration
from guanxi.interactions.models import Interaction, Visit
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.org.models import Department, User
from guanxi.rulebook import engine
from guanxi.rulebook.models import Clause, Duty
from guanxi.rulebook.services.books import load, ready


@pytest.mark.req("SALE-10")
def test_the_page_of_figures_tells_win_rate_cycle_funnel_and_losses_and_opens_to_the_rows(
    deal: Make, seller: User, rival: User
) -> None:
    won = to_the_end(seller, deal("赢的", begun_on=date(2026, 5, 16)))
    do(seller, won, "win", on="2026-06-15")
    for name in ("输一", "输二", "输三"):
        do(seller, deal(name), "lose", reason=LossReason.objects.get(name="价格过高").pk)
    client = signed_in(seller)
    page = said(client.get("/opportunities/figures/?period=this_quarter"))
    assert "25%" in page, "one of four"
    assert "30" in page and "价格过高" in page and seller.name in page
    (whole,) = figures.by("person", seller, date(2026, 4, 1), date(2026, 6, 30))
    assert (whole.won, whole.lost, whole.rate, whole.cycle, whole.amount) == (1, 3, 25.0, 30.0, Decimal(80000))
    rungs = figures.funnel(seller, won.pipeline, date(2026, 4, 1), date(2026, 6, 30))
    assert [rung.number for rung in rungs] == [4, 1, 1, 1, 1]
    assert [rung.share for rung in rungs][1] == 25.0
    assert "因此两处数字不同" in page, "the funnel counts what began in the period, the strip what was decided"
    links = [html.unescape(found) for found in re.findall(r'class="lnk" href="(/opportunities/\?[^"]+)"', page)]
    opened = [said(client.get(url)) for url in links]
    assert links and sum("赢的" in one for one in opened) >= 3
    sources = said(client.get("/opportunities/figures/?by=source&period=this_quarter"))
    assert 'href="?by=source&amp;period=this_quarter" class="on" aria-current="page"' in sources
    assert "未填来源" in sources and "未填来源" not in page, "one way of grouping at a time"
    assert '<input type="hidden" name="by" value="source">' in sources, "another period keeps it"
    assert "赢的" not in said(signed_in(rival).get("/opportunities/figures/"))


@pytest.mark.req("SALE-10")
def test_of_many_people_the_first_ten_are_shown_and_the_rest_unfolds(
    deal: Make, hire: Hire, east: Department, leader: User
) -> None:
    reason = LossReason.objects.get(name="价格过高").pk
    people = [hire(f"rep{n}", "representative", east, name=f"业务{n:02}") for n in range(12)]
    for person in people:
        card = verbs.add(entity(Account), {"name": f"{person.name}的客户"}, actor=person)
        do(person, deal(f"{person.name}的商机", actor=person, account=card), "lose", reason=reason)
    page = said(signed_in(leader).get("/opportunities/figures/?period=this_quarter"))
    first, _, rest = page.partition('<details class="fold"><summary>')
    names = [person.name for person in people]
    assert "还有 2 项" in rest[:400] and "<details open" not in page
    assert sum(f'scope="row">{name}' in first for name in names) == 10
    assert sorted(name for name in names if f'scope="row">{name}' in first + rest) == names, (
        "nobody is lost in the fold"
    )


@pytest.mark.req("FUP-01", "SALE-08")
def test_the_rulebook_watches_open_leads_and_opportunities(
    deal: Make, lead: Make, seller: User, lists: Company
) -> None:
    day = clock.today()
    load(lists, next(book for book in ready() if any(one.code == "FUP-01-a" for one in book.clauses)), effective_on=day)
    row, one = deal(), lead(seller, "嘉善华鼎机电有限公司")
    clauses = {
        clause.code: clause
        for clause in Clause.objects.filter(company=lists, code__in=["FUP-01-a", "FUP-01-b", "SALE-08"])
    }
    assert len(clauses) == 3
    with clock.shifted(clock.now() + timedelta(days=17)):  # the first whole month has begun
        engine.judge(lists, clock.now())
    owed = set(Duty.objects.filter(company=lists).values_list("clause__code", "subject_id"))
    assert ("FUP-01-a", one.pk) in owed and ("FUP-01-b", row.pk) in owed and ("SALE-08", row.pk) in owed
    with clock.shifted(clock.now() + timedelta(days=17, hours=2)):
        talked(seller, row)
        do(seller, one, "log_contact", channel="phone", content="回电")
        engine.judge(lists, clock.now())
    states = dict(
        Duty.objects.filter(company=lists, clause__code__startswith="FUP-01-").values_list("clause__code", "state")
    )
    assert states == {"FUP-01-a": "met", "FUP-01-b": "met"}


@pytest.mark.req("FUP-01", "FORM-02")
@pytest.mark.parametrize("how", ["visit", "dealing", "afterwards"])
def test_a_visit_or_a_dealing_that_names_the_opportunity_is_its_follow_up(
    how: str, deal: Make, seller: User, lists: Company
) -> None:
    day = clock.today()
    load(lists, next(book for book in ready() if any(one.code == "FUP-01-b" for one in book.clauses)), effective_on=day)
    row, client = deal(), signed_in(seller)
    other = verbs.add(entity(Opportunity), {"account": saved_account(seller), "name": "别家商机"}, actor=seller)
    with clock.shifted(clock.now() + timedelta(days=17)):
        engine.judge(lists, clock.now())
        duty = Duty.objects.get(company=lists, clause__code="FUP-01-b", subject_id=row.pk)
        assert duty.state == "open"
        if how == "dealing":
            sent = {"account": row.account_id, "kind": "general", "channel": "phone", "direction": "out",
                    "at": timezone.localtime(clock.now()).strftime("%Y-%m-%dT%H:%M"), "content": "谈了参数"}  # fmt: skip
            page = said(client.get("/interactions/new/"))
            assert 'data-of="account"' in page, "the picker asks for those of the chosen customer"
            found = client.get("/interactions/choices/opportunity/", {"account": row.account_id}).json()["results"]
            assert [one["id"] for one in found] == [str(row.pk)]
            wrong = client.post("/interactions/new/", {**sent, "opportunity": other.pk, "key": "x"})
            assert wrong.status_code == 422 and "这个商机属于另一个客户" in said(wrong)
            assert client.post("/interactions/new/", {**sent, "opportunity": row.pk, "key": "y"}).status_code == 302
        else:
            visit = Visit(company=lists, owner=seller, department=seller.department, account=row.account,
                          day=clock.today(), read_at=clock.now())  # fmt: skip
            saved(visit)
            assert client.post(f"/visits/{visit.pk}/do/start/", {"key": "s"}).status_code == 302
            page = said(client.get(f"/visits/{visit.pk}/report/"))
            assert "二期泵站" in page and "别家商机" not in page
            form = {"outcome": "reached", "need": "扩产", "approach": "寄样品", "stop_reason": "已定", "key": "w"}
            wanted = {"opportunity": row.pk} if how == "visit" else {}
            assert client.post(f"/visits/{visit.pk}/report/", {**form, **wanted}).status_code == 302
            if how == "afterwards":
                visit.refresh_from_db()
                named = {"version": visit.version, "opportunity": row.pk, "key": "e"}
                assert client.post(f"/visits/{visit.pk}/edit/", named).status_code == 302
        engine.judge(lists, clock.now() + timedelta(hours=1))
        duty.refresh_from_db()
        assert duty.state == "met"
        row.refresh_from_db()
        assert row.last_contact_on == clock.today()
        asked = said(client.get(f"/customers/{row.account_id}/do/log_contact/"))
        assert f"/opportunities/{row.pk}/do/log_contact/" in asked


def saved_account(person: User) -> Account:
    return verbs.add(entity(Account), {"name": "湖州另一家机械有限公司"}, actor=person)  # type: ignore[no-any-return]


@pytest.mark.req("SALE-04")
def test_a_letter_of_somebody_unknown_becomes_a_lead_and_follows_it_to_the_customer(
    lists: Company, owner: User, seller: User
) -> None:
    box = saved(Mailbox(company=lists, name="客服", address="service@example.com", owner=owner))
    thread = saved(Thread(company=lists, mailbox=box, subject="询价：离心泵", address="wu@example.org", name="吴工"))
    saved(
        Mail(
            company=lists, thread=thread, mailbox=box, message_id="<1@example.org>", subject="询价：离心泵",
            sender="wu@example.org", text="请报两台离心泵的价格。",
        )
    )  # fmt: skip
    assert do(owner, thread, "make_lead", name="湖州利达泵阀有限公司").status_code == 302
    row = Lead.objects.get()
    assert (row.name, row.person, row.email, row.way) == ("湖州利达泵阀有限公司", "吴工", "wu@example.org", "mail")
    assert "请报两台离心泵" in row.need
    thread.refresh_from_db()
    assert thread.state == "aside" and row.name in thread.why
    assert do(owner, thread, "make_lead", name="再来一次").status_code == 422
    assert do(owner, row, "convert", title="").status_code == 302
    row.refresh_from_db()
    thread.refresh_from_db()
    assert (thread.account, thread.contact, thread.state) == (row.account, row.contact, "assigned")
    assert Interaction.objects.filter(account=row.account, label="mail.thread").count() == 1


@pytest.mark.req("FORM-04")
def test_cards_of_an_exhibition_become_leads_if_the_user_says_so(lists: Company, owner: User, east: Department) -> None:
    fair = saved(Exhibition(company=lists, name="工博会", owner=owner))
    sent = {
        "exhibition": fair.pk, "rows": "2", "save": "1", "as": "leads", "card-0-name": "苏婷", "card-0-phone": "13800001111",
        "card-0-organisation": "金华明泰五金有限公司", "card-1-name": "高翔", "card-1-phone": "13800002222", "card-1-need": "阀门",
    }  # fmt: skip
    answer = signed_in(owner).post("/counter/cards/", sent)
    assert answer.status_code == 302, said(answer)
    found = {row.name: row for row in Lead.objects.all()}
    assert sorted(found) == ["金华明泰五金有限公司", "高翔"]
    firm = found["金华明泰五金有限公司"]
    assert (firm.person, firm.source.code, firm.source_detail, firm.way) == ("苏婷", "exhibition", "工博会", "card")
    assert Registration.objects.count() == 0


@pytest.mark.req("SALE-04")
def test_a_registration_of_somebody_who_only_asked_becomes_a_lead(lists: Company, owner: User) -> None:
    row = saved(
        Registration(company=lists, name="丁一", phone="13800003333", need="想代理", organisation="衢州联诚贸易有限公司",
                     origin="online", owner=owner, number="DJ-1", due_at=clock.now())
    )  # fmt: skip
    assert do(owner, row, "make_lead").status_code == 302
    made = Lead.objects.get()
    assert (made.name, made.person, made.need, made.way) == ("衢州联诚贸易有限公司", "丁一", "想代理", "web")
    row.refresh_from_db()
    assert row.state == "void" and made.name in row.remark
