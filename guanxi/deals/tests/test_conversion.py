"""Conversion: one verb, one unit, nothing lost, never twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from guanxi.conftest import saved, signed_in
from guanxi.customers.models import Account, Contact, Source
from guanxi.deals.models import Lead, Opportunity
from guanxi.deals.tests.conftest import Make, do, said
from guanxi.interactions.models import Interaction
from guanxi.kernel import clock, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company, ExtraField
from guanxi.org.models import Attachment, Comment, User
from guanxi.org.services import comment

PHONE = "13812345678"


def extra(company: Company, label: str, name: str, title: str) -> None:
    saved(ExtraField(company=company, label=label, name=name, title=title, kind="text"))


@pytest.fixture
def full(lead: Make, seller: User, company: Company) -> Lead:
    """A lead with every field filled, a follow-up, a comment and a file."""
    extra(company, "deals.lead", "budget", "预算")
    extra(company, "customers.account", "budget", "预算")
    extra(company, "deals.lead", "hobby", "爱好")
    row: Lead = lead(
        seller, "宁波海川机电有限公司", person="钱厂长", post="厂长", mobile=PHONE, phone="0574-87654321", email="qian@example.com",
        wechat="qian-wx", website="www.example.com", region_code="330200", address="望海路8号", industry="C",
        source=Source.objects.get(company=company, code="exhibition"), source_detail="工博会 A12", campaign="春季展",
        need="两台空压机", importance="1", priority="1", next_contact_on=date(2026, 6, 30), tags=["展会", "急"],
        remark="周五前回电", x_budget="20万", x_hobby="钓鱼",
    )  # fmt: skip
    do(seller, row, "log_contact", channel="phone", content="第一次电话")
    comment(row, "老板亲自来的", actor=seller, url=f"/leads/{row.pk}/")
    saved(
        Attachment(
            company=company, created_by=seller, label="deals.lead", object_id=row.pk, name="名片.jpg", size=9,
            media_type="image/jpeg", digest="0" * 64, author=seller,
        )
    )  # fmt: skip
    row.refresh_from_db()
    return row


@pytest.mark.req("SALE-01", "BEYOND-04")
def test_a_converted_lead_loses_nothing(full: Lead, seller: User) -> None:
    later = clock.now() + timedelta(days=2)
    with clock.shifted(later):
        answer = do(seller, full, "convert", title="空压机两台", amount="180000")
    full.refresh_from_db()
    assert (answer.status_code, full.state) == (302, "converted"), said(answer)
    account, contact, row = full.account, full.contact, full.opportunity
    assert account is not None and contact is not None and row is not None
    assert answer["Location"] == f"/customers/{account.pk}/"
    assert (account.name, account.owner, account.email, account.region_code, account.industry, account.tags) == (
        full.name, seller, "qian@example.com", "330200", "C", ["展会", "急"],
    )  # fmt: skip
    assert (account.source, account.source_detail, account.business_needs) == (full.source, "工博会 A12", "两台空压机")
    assert (contact.name, contact.post, contact.mobile, contact.wechat) == ("钱厂长", "厂长", full.mobile, "qian-wx")
    assert (row.name, row.amount, row.campaign, row.importance, row.need, row.contact) == (
        "空压机两台", Decimal(180000), "春季展", "1", "两台空压机", contact,
    )  # fmt: skip
    assert account.extra["budget"] == "20万"
    assert "钓鱼" in account.remark and "周五前回电" in account.remark
    text = f"{vars(account)} {vars(contact)} {vars(row)}"
    kept = [full.phone, full.website, full.address, "2026, 6, 30", "春季展", "qian-wx"]
    assert not [value for value in kept if value not in text]
    spoken = Interaction.objects.get(account=account)
    assert (spoken.content, spoken.owner, spoken.at) == ("第一次电话", seller, full.notes.get().at)
    assert (spoken.label, spoken.object_id) == ("deals.opportunity", row.pk)
    note = Comment.objects.get(label="customers.account", object_id=account.pk)
    assert (note.text, note.author, note.created_at < later) == ("老板亲自来的", seller, True)
    assert Attachment.objects.get(label="customers.account", object_id=account.pk).name == "名片.jpg"
    page = said(signed_in(seller).get(f"/leads/{full.pk}/"))
    assert f"/customers/{account.pk}/" in page and f"/opportunities/{row.pk}/" in page


@pytest.mark.req("SALE-01")
def test_a_lead_is_converted_once(full: Lead, seller: User) -> None:
    assert do(seller, full, "convert", title="").status_code == 302
    assert Opportunity.objects.count() == 0, "without a name there is no opportunity"
    refused = do(seller, full, "convert", title="")
    assert refused.status_code == 422 and "已转化" in said(refused)
    assert Account.objects.count() == 1
    client = signed_in(seller)
    assert client.post(f"/leads/{full.pk}/delete/").status_code >= 400 or Lead.objects.filter(pk=full.pk).exists()


@pytest.mark.req("BEYOND-04")
def test_conversion_finds_the_customer_on_file_and_joins_it(lead: Make, seller: User, stranger: User) -> None:
    known: Account = verbs.add(
        entity(Account), {"name": "宁波海川机电有限公司", "email": "info@example.com"}, actor=seller
    )
    row = lead(
        seller, "宁波海川机电", person="钱厂长", mobile=PHONE, email="qian@example.com", website="www.example.com"
    )
    asked = said(signed_in(seller).get(f"/leads/{row.pk}/do/convert/"))
    assert known.name in asked
    refused = do(seller, row, "convert", title="")
    assert refused.status_code == 422 and known.name in said(refused)
    assert Lead.objects.get(pk=row.pk).state == "open", "nothing happened"
    assert do(seller, row, "convert", account=known.pk, title="").status_code == 302
    known.refresh_from_db()
    row.refresh_from_db()
    assert (row.account, known.email, known.website) == (known, "info@example.com", "www.example.com")
    assert Contact.objects.get(account=known).email == "qian@example.com"
    other = lead(stranger, "宁波海川机电（分公司）", mobile=PHONE)
    assert do(stranger, other, "convert", account=known.pk, title="").status_code == 422, "out of reach"


@pytest.mark.req("BEYOND-04")
def test_a_similar_customer_may_be_made_with_a_reason_and_the_trail_keeps_it(
    lead: Make, seller: User, owner: User
) -> None:
    row = lead(owner, "嘉兴永泰纺织有限公司", owner=owner)
    saved(Account(company=owner.company, name="嘉兴永泰纺织有限公司", owner=seller))
    refused = do(owner, row, "convert", title="")
    assert refused.status_code == 422
    answer: Any = do(owner, row, "convert", title="", anyway="不同的两家厂")
    assert answer.status_code == 302, said(answer)
    assert Account.objects.filter(name="嘉兴永泰纺织有限公司").count() == 2


@pytest.mark.req("SALE-01")
def test_a_person_becomes_a_personal_customer(lead: Make, seller: User) -> None:
    row = lead(seller, "陆小芳", kind="person", mobile=PHONE, wechat="lu-wx")
    assert do(seller, row, "convert", title="").status_code == 302
    row.refresh_from_db()
    account: Any = row.account
    assert (account.kind, account.name, account.phone, row.contact) == ("person", "陆小芳", row.mobile, None)
    assert "lu-wx" in account.remark
