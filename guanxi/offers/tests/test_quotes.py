"""Quotes from the first line to the order: prices, approval, revisions, the document, the customer's yes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.audit.models import Entry
from guanxi.catalog.models import Product
from guanxi.catalog.services import check_product, seed_grades
from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact, Need
from guanxi.deals.models import Opportunity, OpportunityLine
from guanxi.formats.tests.papers import page_texts
from guanxi.kernel import clock
from guanxi.kernel.work import unit_of_work
from guanxi.mail.models import Mail, Mailbox
from guanxi.offers.models import Quote
from guanxi.offers.services.quotes import expire
from guanxi.org.models import Attachment, Notice, Role, User
from guanxi.sales.models import Order

Write = Callable[..., Quote]
Act = Callable[..., Any]


def page(quote: Quote) -> str:
    return f"/quotes/{quote.pk}/"


def fresh(quote: Quote) -> Quote:
    return Quote.objects.get(pk=quote.pk)


@pytest.fixture
def sent(write: Write, act: Act, seller: User, pump: Product) -> Quote:
    """A quote of two pumps at 95 that lies with the customer."""
    quote = write({"product": pump.pk, "quantity": "2", "price": "100", "discount": "5"})
    act(seller, page(quote), "submit")
    act(seller, page(quote), "send", note="微信发给采购")
    return fresh(quote)


@pytest.mark.req("SALE-07")
def test_a_quote_has_a_number_list_prices_tax_and_its_total_in_words(
    write: Write, price_list: Any, pump: Product, client: Client
) -> None:
    price_list("标准价", 90)
    quote = write(
        {"product": pump.pk, "quantity": "3", "price": "", "discount": "5"}, {"description": "运费", "price": "10"}
    )
    assert quote.number == "QT-20260630-0001"
    line = quote.lines.get(product=pump)
    assert (line.list_price, line.price, line.amount) == (Decimal(90), Decimal(90), Decimal("256.50"))
    assert (quote.list_amount, quote.amount, quote.discount_amount) == (
        Decimal("280.00"),
        Decimal("266.50"),
        Decimal("13.50"),
    )
    assert (quote.tax_amount, quote.total) == (Decimal("29.51"), Decimal("266.50"))
    [sheet] = page_texts(client.get(f"{page(quote)}pdf/").content)
    for words in ("报价单", quote.number, "杭州启明机械有限公司", "水泵", "256.50", "贰佰陆拾陆元伍角", "林知远"):
        assert words in sheet


def test_tax_comes_on_top_where_prices_are_without_it(write: Write, pump: Product) -> None:
    quote = write({"product": pump.pk, "quantity": "1", "price": "100"}, tax_included="")
    assert (quote.amount, quote.tax_amount, quote.total) == (Decimal("100.00"), Decimal("13.00"), Decimal("113.00"))


@pytest.mark.req("SALE-07")
def test_within_authority_a_quote_is_released_at_once_beyond_it_has_to_be_approved(
    write: Write, act: Act, seller: User, leader: User, pump: Product, client: Client
) -> None:
    fine = write({"product": pump.pk, "quantity": "1", "price": "95"})
    assert act(seller, page(fine), "submit").status_code == 302
    assert fresh(fine).state == "released"
    bold = write({"product": pump.pk, "quantity": "10", "price": "94"})
    assert "折扣 6% 超出" in client.get(page(bold)).content.decode()
    assert act(seller, page(bold), "submit").status_code == 422
    assert fresh(bold).state == "draft"
    act(seller, page(bold), "submit", reason="老客户年度首单")
    assert fresh(bold).state == "asked"
    asked = Approval.objects.get(kind="offers.quote")
    assert (asked.object_id, asked.amount) == (bold.pk, Decimal("60.00"))
    act(leader, f"/approvals/{asked.pk}/", "agree")
    assert fresh(bold).state == "released"


def test_a_refusal_makes_the_quote_a_draft_again(
    write: Write, act: Act, seller: User, leader: User, pump: Product
) -> None:
    quote = write({"product": pump.pk, "quantity": "1", "price": "50"})
    act(seller, page(quote), "submit", reason="竞争")
    act(leader, f"/approvals/{Approval.objects.get().pk}/", "refuse", opinion="太低")
    assert fresh(quote).state == "draft"


@pytest.mark.req("SALE-07")
def test_nobody_goes_below_the_lowest_price_without_asking(
    write: Write, act: Act, seller: User, leader: User, pump: Product, price_list: Any, client: Client
) -> None:
    price_list("标准价", 100, 96)
    quote = write({"product": pump.pk, "quantity": "1", "price": "95.5"})
    assert "低于最低价 96" in client.get(page(quote)).content.decode()
    assert act(seller, page(quote), "submit").status_code == 422
    assert act(leader, page(quote), "submit").status_code == 422


@pytest.mark.req("PROD-03")
def test_a_restricted_product_needs_a_right_or_an_approval(
    write: Write, act: Act, seller: User, hire: Any, headquarters: Any, company: Any, client: Client
) -> None:
    cheap = Product(company=company, code="P-9", name="低利润泵", price=Decimal(100), cost=Decimal(95))
    unit_of_work(lambda: seed_grades(company))
    check_product(cheap)
    saved(cheap)
    assert cheap.treatment == "restricted"
    quote = write({"product": cheap.pk, "quantity": "1", "price": "100"})
    assert "低利润泵为限制销售产品" in client.get(page(quote)).content.decode()
    assert act(seller, page(quote), "submit").status_code == 422
    manager = hire("biz", "business-department", headquarters)
    assert act(manager, page(quote), "submit").status_code == 302
    assert fresh(quote).state == "released"


@pytest.mark.req("SALE-07")
def test_what_was_submitted_is_locked_and_a_revision_shows_what_changed(
    sent: Quote, act: Act, seller: User, client: Client, pump: Product
) -> None:
    values = {"subject": "改", "version": sent.version, "key": "e"}
    assert client.post(f"{page(sent)}edit/", values).status_code == 409
    line = sent.lines.get()
    assert (
        client.post(f"/quote-lines/{line.pk}/edit/", {"price": "1", "version": line.version, "key": "l"}).status_code
        == 409
    )
    act(seller, page(sent), "revise")
    after = Quote.objects.get(replaces=sent)
    assert (fresh(sent).state, after.state, after.number) == ("replaced", "draft", f"{sent.number}-V2")
    line = after.lines.get()
    saved_line = client.post(
        f"/quote-lines/{line.pk}/edit/",
        {"price": "98", "quantity": "2", "discount": "5", "version": line.version, "key": "m"},
    )
    assert saved_line.status_code == 302, saved_line.content.decode()
    text = client.get(page(after)).content.decode()
    assert "2 × 100 − 5% = ¥190" in text and "2 × 98 − 5% = ¥186.2" in text
    assert client.get(page(sent)).status_code == 200
    assert act(seller, page(sent), "revise").status_code == 422


@pytest.mark.req("SALE-07")
def test_sending_keeps_the_document_and_the_answer_names_who_and_when(sent: Quote, act: Act, seller: User) -> None:
    kept = Attachment.objects.get(label="offers.quote", object_id=sent.pk)
    assert (kept.name, kept.media_type) == (f"{sent.number}.pdf", "application/pdf")
    assert act(seller, page(sent), "accept", who="", on="").status_code == 422
    assert act(seller, page(sent), "accept", who="王采购", on="2026-07-01").status_code == 422
    assert act(seller, page(sent), "accept", who="王采购", on="2026-06-30").status_code == 302
    row = fresh(sent)
    assert (row.state, row.accepted_name, row.accepted_on) == ("accepted", "王采购", date(2026, 6, 30))


def test_declining_needs_a_reason(sent: Quote, act: Act, seller: User) -> None:
    assert act(seller, page(sent), "decline", reason=" ").status_code == 422
    act(seller, page(sent), "decline", reason="交期太长")
    assert (fresh(sent).state, fresh(sent).reason) == ("declined", "交期太长")


@pytest.mark.req("SALE-07")
def test_an_accepted_quote_becomes_an_order_once_at_its_prices(
    sent: Quote, act: Act, seller: User, pump: Product, client: Client
) -> None:
    assert act(seller, page(sent), "make_order").status_code == 422
    act(seller, page(sent), "accept", who="王采购")
    saved(_dearer(pump))
    first = act(seller, page(sent), "make_order")
    order = Order.objects.get(quote=sent)
    assert first.url == f"/orders/{order.pk}/"
    assert (order.amount, order.account_id, order.owner_id) == (sent.total, sent.account_id, seller.pk)
    assert act(seller, page(sent), "make_order").url == first.url
    assert Order.objects.count() == 1
    assert act(seller, first.url, "confirm").status_code == 302  # 52.5 % below the list of today, but promised


def _dearer(pump: Product) -> Product:
    pump.price = Decimal(200)
    return pump


def test_what_has_run_out_can_be_neither_sent_nor_accepted(sent: Quote, act: Act, seller: User) -> None:
    with clock.shifted(datetime(2026, 7, 31, 4, tzinfo=UTC)):
        assert act(seller, page(sent), "accept", who="王").status_code == 422
        expire.function(None)
        assert fresh(sent).state == "expired"
        assert Notice.objects.filter(user=seller, text__contains=sent.number).count() == 1
        act(seller, page(sent), "revise")
    assert Quote.objects.get(replaces=sent).valid_until == date(2026, 8, 30)


@pytest.mark.req("SALE-15")
def test_a_line_carries_the_solution_made_for_a_need_of_this_customer(
    write: Write, customer: Account, seller: User, company: Any, pump: Product, client: Client
) -> None:
    need = saved(Need(company=company, account=customer, kind="need", text="要防爆电机"))
    quote = write(
        {"product": pump.pk, "quantity": "1", "price": "100", "need": need.pk, "solution": "换装防爆电机，接线盒左置"}
    )
    text = client.get(page(quote)).content.decode()
    assert "换装防爆电机" in text and "要防爆电机" in text
    [sheet] = page_texts(client.get(f"{page(quote)}pdf/").content)
    assert "换装防爆电机" in sheet
    assert "换装防爆电机" in client.get("/quote-lines/?view=solutions&columns=solution").content.decode()


def test_quotes_follow_the_customer(sent: Quote, rival: User, outsider: User, client: Client) -> None:
    for person in (rival, outsider):
        client.force_login(User.objects.get(pk=person.pk))
        assert client.get(page(sent)).status_code == 404
        assert client.get(f"{page(sent)}pdf/").status_code == 404


@pytest.mark.req("SALE-07")
def test_an_opportunity_becomes_a_quote_at_the_prices_of_the_lists(
    act: Act, seller: User, customer: Account, company: Any, pump: Product, price_list: Any
) -> None:
    price_list("标准价", 90)
    row = saved(
        Opportunity(company=company, account=customer, owner=seller, name="水泵改造", department=seller.department)
    )
    saved(OpportunityLine(company=company, opportunity=row, product=pump, quantity=Decimal(4), price=Decimal(100)))
    answer = act(seller, f"/opportunities/{row.pk}/", "quote_for")
    quote = Quote.objects.get(opportunity=row)
    assert answer.url == page(quote)
    assert (quote.subject, quote.total, quote.state) == ("水泵改造", Decimal("360.00"), "draft")


@pytest.mark.req("SALE-07")
def test_the_printed_quote_shows_what_the_customer_may_know_and_no_more(
    write: Write, act: Act, seller: User, pump: Product, client: Client, price_list: Any
) -> None:
    price_list("内部渠道价", 90)
    quote = write(
        {"product": pump.pk, "quantity": "3", "discount": "5"}, subject="水泵", remark="含运费", delivery_terms="十日内"
    )
    sheet = client.get(f"{page(quote)}print/").content.decode()
    paper = sheet[sheet.index('<article class="paper"') : sheet.index("</article>")]
    for words in (
        "报价单",
        quote.number,
        "杭州启明机械有限公司",
        "水泵",
        "256.50",
        "大写金额",
        "贰佰伍拾陆元伍角",
        "十日内",
        "含运费",
    ):
        assert words in paper, words
    for words in ("表价", "版次", "状态", "内部渠道价", "折扣额", "CNY"):
        assert words not in paper, words
    assert "草稿，未经放行" in paper
    assert Entry.objects.filter(label="offers.quote", object_id=quote.pk, verb="print").count() == 1
    act(seller, page(quote), "submit")
    assert "草稿，未经放行" not in client.get(f"{page(quote)}print/").content.decode()
    role = Role.objects.get(code="representative")
    role.grants["offers.quote"] = {**role.grants["offers.quote"], "masked": ["total"]}
    saved(role)
    client.force_login(User.objects.get(pk=seller.pk))
    assert client.get(f"{page(quote)}print/").status_code == 403


@pytest.fixture
def mailbox(company: Any, owner: User) -> Mailbox:
    row = Mailbox(
        company=company, name="远航报价", address="sales@yuanhang.example", owner=owner, smtp_host="127.0.0.1"
    )
    return saved(row)


@pytest.mark.req("SALE-07", "COMM-01")
def test_a_quote_leaves_as_a_letter_with_its_document(
    write: Write, act: Act, seller: User, customer: Account, pump: Product, client: Client, mailbox: Mailbox
) -> None:
    quote = write({"product": pump.pk, "quantity": "1", "price": "100"}, subject="水泵")
    letter = {"subject": "报价单", "text": "请查阅。", "contact": ""}
    assert act(seller, page(quote), "send_by_mail", **letter).status_code == 422  # a draft stays in the house
    act(seller, page(quote), "submit")
    assert act(seller, page(quote), "send_by_mail", **letter).status_code == 422  # no address is on file
    buyer = saved(Contact(company=quote.company, account=customer, name="王采购", email="wang@qiming.example"))
    form = client.get(f"{page(quote)}do/send_by_mail/").content.decode()
    assert f"报价单 {quote.number} 水泵" in form and "2026-07-30" in form and f"{quote.number}.pdf" in form
    assert act(seller, page(quote), "send_by_mail", **{**letter, "contact": buyer.pk}).status_code == 302
    mail = Mail.objects.get()
    assert (mail.recipients, mail.thread.account_id, mail.state) == ("wang@qiming.example", customer.pk, "waiting")
    assert Attachment.objects.get(label="mail.mail", object_id=mail.pk).name == f"{quote.number}.pdf"
    assert Attachment.objects.get(label="offers.quote", object_id=quote.pk).name == f"{quote.number}.pdf"
    row = fresh(quote)
    assert (row.state, row.sent_on, row.reason) == ("sent", date(2026, 6, 30), "邮件发送给 王采购")
    with clock.shifted(datetime(2026, 7, 2, 4, tzinfo=UTC)):
        assert act(seller, page(quote), "send_by_mail", **{**letter, "contact": buyer.pk}).status_code == 302
    assert (Mail.objects.count(), fresh(quote).sent_on) == (2, date(2026, 6, 30))


def test_noting_a_quote_as_sent_says_that_no_letter_leaves(
    write: Write, act: Act, seller: User, pump: Product, client: Client, company: Any, owner: User
) -> None:
    quote = write({"product": pump.pk, "quantity": "1", "price": "100"})
    act(seller, page(quote), "submit")
    told = client.get(f"{page(quote)}do/send/").content.decode()
    assert "不会发出邮件" in told and "send_by_mail" not in told  # there is no mailbox
    saved(Mailbox(company=company, name="报价", address="sales@yuanhang.example", owner=owner, smtp_host="127.0.0.1"))
    assert f'href="{page(quote)}do/send_by_mail/"' in client.get(f"{page(quote)}do/send/").content.decode()
