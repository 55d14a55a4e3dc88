"""Contracts from the draft to the file: review, signature, filing, what both sides owe, renewal, disputes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import Hire, saved
from guanxi.contracts.models import MUST, Contract, Dispute, Obligation
from guanxi.contracts.services.reminders import morning
from guanxi.customers.models import Account
from guanxi.formats.tests.papers import page_texts
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.offers.models import Quote
from guanxi.org.models import Department, Notice, User
from guanxi.rulebook.services.books import load, ready

Act = Callable[..., Any]
Draw = Callable[..., Contract]
TERMS = dict(zip(MUST, ("水泵十台", "总价十二万元，月结", "送货到厂", "上门安装调试", "一年质保"), strict=True))


def page(row: Any) -> str:
    return f"/{ {'contract': 'contracts', 'obligation': 'obligations', 'dispute': 'disputes'}[row._meta.model_name] }/{row.pk}/"


def fresh(row: Any) -> Any:
    return type(row).objects.get(pk=row.pk)


def made(answer: Any) -> int:
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.url.strip("/").split("/")[-1])


@pytest.fixture
def draw(client: Client, customer: Account, seller: User) -> Draw:
    """`draw(ends_on="2026-08-15")` drafts a contract through the form."""
    number = iter(range(10**6))

    def run(**values: Any) -> Contract:
        client.force_login(User.objects.get(pk=seller.pk))
        sent = {
            "title": "年度供货合同", "account": customer.pk, "kind": "sale", "currency": "CNY", "amount": "120000",
            "starts_on": "2026-07-01", "ends_on": "2027-06-30", **TERMS, "key": f"c{next(number)}", **values,
        }  # fmt: skip
        return Contract.objects.get(pk=made(client.post("/contracts/new/", sent)))

    return run


@pytest.fixture
def running(
    draw: Draw, act: Act, seller: User, leader: User, owner: User, hire: Hire, headquarters: Department
) -> Contract:
    """A contract that was reviewed by the head of the branch and signed."""
    row = draw(amount="80000")
    act(seller, page(row), "submit")
    act(leader, f"/approvals/{Approval.objects.get(object_id=row.pk).pk}/", "agree")
    assert act(leader, page(row), "sign", who="赵总").status_code == 302
    return fresh(row)


@pytest.mark.req("CONTR-01")
def test_what_has_not_been_reviewed_cannot_be_signed_and_the_review_names_the_reviewer(
    draw: Draw,
    act: Act,
    seller: User,
    leader: User,
    hire: Hire,
    headquarters: Department,
) -> None:
    manager = hire("biz", "business-department", headquarters, name="齐业务")
    row = draw()
    assert row.number == "HT-2026-0001"
    assert act(seller, page(row), "sign", who="赵总").status_code == 403
    refused = act(leader, page(row), "sign", who="赵总")
    assert (refused.status_code, "尚未审核" in refused.content.decode()) == (422, True)
    act(seller, page(row), "submit", note="标准文本")
    assert fresh(row).state == "review"
    asked = Approval.objects.get(kind="contracts.contract")
    for person in (leader, manager):  # from 100,000 yuan on the business department has its say
        assert fresh(row).state == "review"
        act(person, f"/approvals/{asked.pk}/", "agree")
    assert (fresh(row).state, fresh(row).reviewed_by) == ("approved", manager)
    act(leader, page(row), "reopen", reason="改价格条款")
    assert (fresh(row).state, fresh(row).reviewed_at) == ("draft", None)
    assert act(leader, page(row), "sign", who="赵总").status_code == 422


@pytest.mark.req("CONTR-02")
@pytest.mark.parametrize("missing", MUST)
def test_a_contract_with_a_clause_missing_goes_nowhere(
    draw: Draw,
    act: Act,
    seller: User,
    leader: User,
    client: Client,
    missing: str,
) -> None:
    row = draw(**{missing: ""})
    name = str(Contract._meta.get_field(missing).verbose_name)
    assert name in client.get(page(row)).content.decode()
    refused = act(seller, page(row), "submit")
    assert (refused.status_code, name in refused.content.decode()) == (422, True)
    Contract.objects.filter(pk=row.pk).update_silently(state="approved", reviewed_at=clock.now())
    refused = act(leader, page(row), "sign", who="赵总")
    assert (refused.status_code, name in refused.content.decode()) == (422, True)


def test_a_signed_contract_is_locked(running: Contract, client: Client, seller: User) -> None:
    client.force_login(User.objects.get(pk=seller.pk))
    assert (
        client.post(f"{page(running)}edit/", {"title": "改", "version": running.version, "key": "e"}).status_code == 409
    )
    assert fresh(running).title == "年度供货合同"


@pytest.mark.req("CONTR-03")
def test_a_signed_contract_is_filed_under_a_shelf_number(
    running: Contract,
    act: Act,
    leader: User,
    hire: Hire,
    east: Department,
    client: Client,
) -> None:
    keeper = hire("keeper", "branch-accountant", east)
    client.force_login(keeper)
    assert running.title in client.get("/contracts/?view=unfiled").content.decode()
    assert act(keeper, page(running), "register_contract", shelf="").status_code == 422
    assert act(keeper, page(running), "register_contract", shelf="A-03-17").status_code == 302
    assert (fresh(running).shelf, fresh(running).filed_on) == ("A-03-17", date(2026, 6, 30))
    client.get(page(running))
    assert running.title not in client.get("/contracts/?view=unfiled").content.decode()


@pytest.mark.req("CONTR-04")
def test_both_sides_are_reminded_of_what_they_owe(
    running: Contract,
    act: Act,
    seller: User,
    client: Client,
    customer: Account,
) -> None:
    client.force_login(User.objects.get(pk=seller.pk))
    rows = {}
    for side, what, due in (
        ("ours", "首批供货", "2026-07-10"),
        ("theirs", "预付三成", "2026-07-05"),
        ("ours", "年检", "2027-01-01"),
    ):
        sent = {"contract": running.pk, "side": side, "what": what, "due_on": due, "remind_days": "7", "key": what}
        rows[what] = Obligation.objects.get(pk=made(client.post("/obligations/new/", sent)))
    text = client.get(f"/customers/{customer.pk}/").content.decode()
    for words in ("年度供货合同", "365", "首批供货", "预付三成"):
        assert words in text
    Notice.objects.all().delete()
    with clock.shifted(datetime(2026, 7, 3, 1, tzinfo=UTC)):
        morning.function(None)
        morning.function(None)
    told = Notice.objects.filter(user=seller).order_by("pk").values_list("text", flat=True)
    assert list(told) == [
        "请催促杭州启明机械有限公司在 2026-07-05 前完成“预付三成”，提醒函已备好。",
        "请在 2026-07-10 前为杭州启明机械有限公司完成我方义务“首批供货”。",
    ]
    letter = client.get(f"{page(rows['预付三成'])}do/remind_customer/").content.decode()
    assert "贵方应于 2026-07-05 前完成“预付三成”" in letter
    assert act(seller, page(rows["预付三成"]), "remind_customer", text="请付款").status_code == 302
    assert fresh(rows["预付三成"]).told_on == date(2026, 6, 30)
    act(seller, page(rows["预付三成"]), "fulfil", note="已到账")
    assert fresh(rows["预付三成"]).done_on == date(2026, 6, 30)
    client.get(page(running))
    assert "预付三成" not in client.get(f"/customers/{customer.pk}/").content.decode()


@pytest.mark.req("CONTR-05")
def test_a_contract_is_renewed_by_one_that_takes_its_place(
    draw: Draw,
    act: Act,
    running: Contract,
    seller: User,
    leader: User,
    client: Client,
) -> None:
    with clock.shifted(datetime(2027, 5, 10, 4, tzinfo=UTC)):
        client.force_login(User.objects.get(pk=seller.pk))
        assert running.title in client.get("/contracts/?view=ending").content.decode()
        after = Contract.objects.get(pk=made(act(seller, page(running), "renew")))
        assert (after.renews, after.starts_on, after.ends_on) == (running, date(2027, 7, 1), date(2028, 6, 29))
        assert (after.state, after.reviewed_at, after.price_terms) == ("draft", None, running.price_terms)
        assert act(seller, page(running), "renew").status_code == 422
        act(seller, page(after), "submit")
        act(leader, f"/approvals/{Approval.objects.get(object_id=after.pk).pk}/", "agree")
        act(leader, page(after), "sign", who="赵总")
        assert (fresh(after).state, fresh(running).state) == ("running", "ending")
    with clock.shifted(datetime(2027, 7, 1, 1, tzinfo=UTC)):
        morning.function(None)
        assert (fresh(after).state, fresh(running).state) == ("running", "ended")


@pytest.mark.req("CONTR-05")
def test_a_contract_ends_with_a_reason_and_disputes_are_settled_in_time(
    running: Contract,
    act: Act,
    seller: User,
    leader: User,
    client: Client,
) -> None:
    client.force_login(User.objects.get(pk=seller.pk))
    sent = {"contract": running.pk, "what": "首批水泵漏水", "since": "2026-06-29", "due_on": "2026-06-30", "key": "d"}
    dispute = Dispute.objects.get(pk=made(client.post("/disputes/new/", sent)))
    assert running.title in client.get("/contracts/?view=disputed").content.decode()
    morning.function(None)
    assert Notice.objects.filter(user=seller, text__contains="首批水泵漏水").count() == 1
    assert act(seller, page(dispute), "settle", result=" ").status_code == 422
    act(seller, page(dispute), "settle", result="换货两台")
    assert (fresh(dispute).state, fresh(dispute).result) == ("settled", "换货两台")
    assert act(leader, page(running), "terminate", reason="").status_code == 422
    act(leader, page(running), "terminate", reason="客户停产")
    assert (fresh(running).state, fresh(running).over_on) == ("terminated", date(2026, 6, 30))


@pytest.mark.req("CONTR-03")
def test_the_document_can_be_printed_without_prices(
    running: Contract, client: Client, seller: User, rival: User
) -> None:
    client.force_login(User.objects.get(pk=seller.pk))
    [whole] = page_texts(client.get(f"{page(running)}pdf/").content)
    [bare] = page_texts(client.get(f"{page(running)}pdf/?prices=no").content)
    assert "捌万元整" in whole and "总价十二万元" in whole
    assert "捌万元整" not in bare and "总价十二万元" not in bare and "上门安装调试" in bare
    client.force_login(User.objects.get(pk=rival.pk))
    assert client.get(f"{page(running)}pdf/").status_code == 404


@pytest.mark.req("CONTR-01", "CONTR-02")
def test_the_ready_rulebook_refuses_the_signature_in_its_own_words(
    draw: Draw, act: Act, leader: User, company: Company
) -> None:
    book = next(one for one in ready() if one.slug == "customer-relations")
    found = load(company, book, effective_on=date(2026, 6, 1))
    assert {"CONTR-01", "CONTR-02", "CONTR-04", "CONTR-05"} & set(found.dormant) == set()
    row = draw(price_terms="")
    assert "合同尚未审核，不能签订。" in act(leader, page(row), "sign", who="赵总").content.decode()
    Contract.objects.filter(pk=row.pk).update_silently(state="approved", reviewed_at=clock.now())
    refused = act(leader, page(row), "sign", who="赵总").content.decode()
    assert "合同缺少产品、价格、交付、服务或维护条款。" in refused


@pytest.mark.req("CONTR-03")
def test_an_accepted_quote_becomes_the_draft_of_a_contract_once(
    act: Act, seller: User, customer: Account, company: Company
) -> None:
    quote = saved(
        Quote(company=company, account=customer, owner=seller, number="QT-1", state="accepted", payment_terms="预付三成",
              total=Decimal(900))
    )  # fmt: skip
    first = act(seller, f"/quotes/{quote.pk}/", "contract_for")
    row = Contract.objects.get(pk=made(first))
    assert (row.quote, row.amount, row.price_terms, row.state) == (quote, Decimal(900), "预付三成", "draft")
    assert act(seller, f"/quotes/{quote.pk}/", "contract_for").url == first.url
