"""The filing standard gives every file a score, and what somebody entered is theirs."""

from __future__ import annotations

import pytest

from guanxi.customers.models import Account, Channel, FilingStandard, IntegrityEntry, Need
from guanxi.customers.queries.filing import completeness_by, file_check
from guanxi.customers.services.entries import answer_need
from guanxi.customers.tests.cast import contact, file
from guanxi.kernel import jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.org.models import User

FIELDS = [
    {"field": "name", "weight": 1, "required": True},
    {"field": "phone", "weight": 1, "required": True, "format": "mobile"},
    {"field": "contacts", "weight": 2, "required": True},
]


def score(account: Account) -> int:
    return Account.objects.get(pk=account.pk).completeness


@pytest.fixture
def shop(leader: User) -> Channel:
    channel = verbs.add(entity(Channel), {"name": "商城", "code": "mall"}, actor=leader)
    values = {"name": "商城建档", "channel": channel, "kind": "company", "fields": FIELDS}
    verbs.add(entity(FilingStandard), values, actor=leader)
    return channel


@pytest.mark.req("QUAL-14")
def test_the_score_follows_the_file_its_contacts_and_the_standard_of_its_channel(
    seller: User, leader: User, shop: Channel
) -> None:
    account = file(seller, channel=shop, phone="0571-88886666")
    assert score(account) == 25
    gaps = [(gap.field, gap.required, gap.wrong) for gap in file_check(account).missing]
    assert gaps == [("phone", True, True), ("contacts", True, False)]
    somebody = contact(seller, account, "李雷")
    assert score(account) == 75
    verbs.change(entity(Account), account.pk, {"phone": "13812345678"}, actor=seller)
    assert score(account) == 100
    verbs.delete(type(somebody) and entity(type(somebody)), somebody.pk, actor=seller)
    assert score(account) == 50
    standard = FilingStandard.objects.get(name="商城建档")
    verbs.change(entity(FilingStandard), standard.pk, {"fields": FIELDS[:2]}, actor=leader, reason="简化")
    jobs.work_off()
    assert score(account) == 100


@pytest.mark.req("QUAL-14")
@pytest.mark.usefixtures("forced_first_failure")
def test_a_new_standard_measures_all_files_even_if_the_database_is_locked_in_between(
    seller: User, leader: User, shop: Channel
) -> None:
    account = file(seller, channel=shop, phone="13812345678")
    assert score(account) == 50
    standard = FilingStandard.objects.get(name="商城建档")
    verbs.change(entity(FilingStandard), standard.pk, {"fields": FIELDS[:2]}, actor=leader, reason="简化")
    jobs.work_off()
    assert score(account) == 100


@pytest.mark.req("QUAL-14")
def test_people_and_departments_are_compared_by_their_files(
    seller: User, rival: User, leader: User, shop: Channel
) -> None:
    file(seller, "甲厂", channel=shop, phone="13812345678")
    file(rival, "乙厂", channel=shop)
    assert list(completeness_by(leader).values_list("owner__name", "average", "files", "poor")) == [
        ("rival", 25.0, 1, 1), ("seller", 50.0, 1, 1),
    ]  # fmt: skip
    assert list(completeness_by(leader, "department").values_list("department__name", "average")) == [("华东区", 37.5)]


@pytest.mark.req("QUAL-14")
@pytest.mark.parametrize(
    "line", [{"field": "shoe_size"}, {"field": "name", "weight": 0}, {"field": "name", "format": "x"}, "name"]
)
def test_a_standard_must_speak_of_known_fields_and_formats(leader: User, line: object) -> None:
    with pytest.raises(Invalid) as no:
        verbs.add(entity(FilingStandard), {"name": "坏", "fields": [line]}, actor=leader)
    assert list(no.value.errors) == ["fields"]


@pytest.mark.req("QUAL-16")
def test_nobody_tampers_with_an_entry_of_somebody_else(seller: User, rival: User, leader: User) -> None:
    account = file(seller)
    values = {"account": account, "kind": "broken", "text": "货到未付", "amount": 100}
    entry = verbs.add(entity(IntegrityEntry), values, actor=seller)
    with pytest.raises(Forbidden):
        verbs.change(entity(IntegrityEntry), entry.pk, {"text": "没事"}, actor=rival)
    with pytest.raises(Forbidden):
        verbs.delete(entity(IntegrityEntry), entry.pk, actor=rival)
    with pytest.raises(Refused) as no:
        verbs.change(entity(IntegrityEntry), entry.pk, {"text": "已补付"}, actor=leader)
    assert (no.value.field, no.value.status) == ("reason", 409)
    verbs.change(entity(IntegrityEntry), entry.pk, {"text": "已补付"}, actor=leader, reason="核对银行回单")
    verbs.change(entity(IntegrityEntry), entry.pk, {"amount": 90}, actor=seller)
    assert IntegrityEntry.objects.values_list("text", "amount").get() == ("已补付", 90)


@pytest.mark.req("QUAL-16")
def test_the_account_and_its_contacts_belong_to_author_and_keeper(seller: User, rival: User) -> None:
    account = file(seller)
    somebody = contact(seller, account, "李雷")
    with pytest.raises(Forbidden):
        verbs.change(entity(Account), account.pk, {"name": "改名"}, actor=rival)
    verbs.change(entity(Account), account.pk, {"owner": rival}, actor=seller)
    verbs.change(entity(type(somebody)), somebody.pk, {"post": "厂长"}, actor=rival)
    assert account.contacts.get().post == "厂长"


def test_a_colleague_may_answer_a_need_without_changing_it(seller: User, rival: User) -> None:
    need = verbs.add(entity(Need), {"account": file(seller), "text": "要说明书"}, actor=seller)
    answer_need(need, actor=rival, answer="已寄出")
    assert Need.objects.values_list("status", "answer", "answered_by__name").get() == (
        "answered",
        "已寄出",
        "rival",
    )
