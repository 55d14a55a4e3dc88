"""A customer file: what it holds, where it came from, and how it stays alive."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guanxi.customers.models import (
    Account,
    Channel,
    Contact,
    ImportantDate,
    InvoiceTitle,
    Need,
    PurchaserChange,
    Source,
)
from guanxi.customers.queries.accounts import group_ids, group_root, group_totals, occasions
from guanxi.customers.services.accounts import (
    add_tags,
    confirm_file,
    hand_over,
    mark_key,
    remove_tags,
    retire,
    revive,
)
from guanxi.customers.services.contacts import leave, make_primary, name_purchaser
from guanxi.customers.services.seed import seed
from guanxi.customers.tests.cast import contact, file
from guanxi.kernel import actions, clock, search, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, NotVisible, Refused
from guanxi.kernel.filters import Env, parse, to_q
from guanxi.kernel.models import Company
from guanxi.org.models import User

USCC = "91330100799655058B"


def found(user: User, *conditions: dict[str, object]) -> list[str]:
    node = parse({"all": list(conditions)}, entity(Account), user.company)
    rows = Account.objects.visible_to(user).filter(to_q(node, Env(user=user)))
    return sorted(rows.values_list("name", flat=True))


@pytest.mark.req("INFO-01")
def test_a_company_file_and_a_person_file_hold_the_minimum_in_normal_form(seller: User) -> None:
    firm = file(
        seller, phone="０５７１ 8888 6666", address="文三路 1 号", region_code="330106", industry="C",
        business_needs="数控机床", credit_code=USCC.lower(), email="Info@HZ.com",
    )  # fmt: skip
    assert (firm.phone, firm.credit_code, firm.email) == ("0571-88886666", USCC, "Info@hz.com")
    assert (firm.code, firm.owner, firm.department) == ("KH-000001", seller, seller.department)
    somebody = file(
        seller,
        "王小明",
        kind="person",
        employer="华东机械",
        post="采购经理",
        address="杭州",
        phone="+86 138-1234-5678",
    )
    assert (somebody.phone, somebody.code, somebody.stage) == ("13812345678", "KH-000002", "potential")


@pytest.mark.req("INFO-01")
@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "88886666"),
        ("credit_code", "911100006000373417"),
        ("email", "x@"),
        ("region_code", "999999"),
        ("lunar_month", 13),
    ],
)
def test_a_wrong_format_names_its_field(seller: User, field: str, value: object) -> None:
    with pytest.raises(Invalid) as no:
        file(seller, **{field: value})
    assert list(no.value.errors) == ["lunar_day" if field == "lunar_month" else field]


def test_a_credit_code_is_taken_once_per_company(seller: User) -> None:
    file(seller, credit_code=USCC)
    with pytest.raises(Refused):
        file(seller, "另一家公司", credit_code=USCC)
    file(seller, "没有代码一"), file(seller, "没有代码二")
    assert Account.objects.count() == 3


@pytest.mark.req("INFO-02")
def test_a_new_purchaser_replaces_the_old_one_and_the_change_is_kept(seller: User) -> None:
    account = file(seller)
    old = contact(seller, account, "李雷", role="purchaser", is_primary=True, mobile="13800000001")
    new = contact(seller, account, "韩梅梅", role="influencer", post="采购主管")
    name_purchaser(new, actor=seller, reason="李雷调岗")
    rows = list(PurchaserChange.objects.order_by("id").values_list("before__name", "after__name", "reason"))
    assert rows == [("李雷", "韩梅梅", "李雷调岗")]
    assert Contact.objects.get(pk=old.pk).role == ""
    make_primary(new, actor=seller)
    assert list(account.contacts.filter(is_primary=True)) == [new]
    leave(new, actor=seller, on=date(2026, 11, 1), reason="离职")
    contact(seller, account, "新人", role="purchaser")
    rows = list(PurchaserChange.objects.order_by("id").values_list("before__name", "after__name"))
    assert rows == [("李雷", "韩梅梅"), ("韩梅梅", None), (None, "新人")]
    with pytest.raises(Refused):
        name_purchaser(new, actor=seller)


@pytest.mark.req("INFO-04")
def test_needs_are_dated_entries_and_the_next_one_does_not_overwrite_the_last(seller: User) -> None:
    account = file(seller)
    giver = contact(seller, account, "李雷")
    for day, kind, text in ((1, "need", "要两台"), (2, "opinion", "交货慢"), (3, "suggestion", "加夜班")):
        values = {
            "account": account,
            "contact": giver,
            "kind": kind,
            "text": text,
            "on": date(2026, 11, day),
            "method": "interview",
        }
        verbs.add(entity(Need), values, actor=seller)
    assert list(account.needs.values_list("text", "created_by__name", "status")) == [
        ("加夜班", "seller", "open"), ("交货慢", "seller", "open"), ("要两台", "seller", "open"),
    ]  # fmt: skip
    stranger = contact(seller, file(seller, "别家公司"), "别人")
    with pytest.raises(Invalid):
        verbs.add(entity(Need), {"account": account, "contact": stranger, "text": "x"}, actor=seller)


@pytest.mark.req("INFO-06")
def test_birthdays_and_other_days_are_found_solar_and_lunar(seller: User, outsider: User) -> None:
    account = file(seller, "王小明", kind="person", birth_date=date(1990, 11, 25))
    leap = file(seller, "闰年生", kind="person", birth_date=date(1992, 2, 29))
    friend = contact(seller, account, "农历生", lunar_month=8, lunar_day=15)
    gone = contact(seller, account, "离职者", birth_date=date(1980, 11, 25))
    leave(gone, actor=seller)
    day = {"account": account, "kind": "founding", "title": "公司周年", "on": date(2001, 11, 30)}
    verbs.add(entity(ImportantDate), day, actor=seller)
    autumn = [(o.on, str(o.row), o.lunar) for o in occasions(seller, date(2026, 11, 20), 14)]
    assert autumn == [(date(2026, 11, 25), "王小明", False), (date(2026, 11, 30), "公司周年", False)]
    assert [(o.on, o.row, o.lunar) for o in occasions(seller, date(2026, 9, 20), 10)] == [
        (date(2026, 9, 25), friend, True)
    ]
    assert [(o.on, o.row) for o in occasions(seller, date(2027, 2, 25), 5)] == [(date(2027, 2, 28), leap)]
    assert occasions(outsider, date(2026, 11, 20), 14) == []


@pytest.mark.req("INFO-07")
def test_preferences_and_buying_habits_can_be_filtered_by(seller: User) -> None:
    file(
        seller,
        "甲厂",
        preferences="喜欢绿茶",
        buying_behaviour="月底集中采购",
        development_trend="扩产",
        industry_traits="季节性强",
    )
    file(seller, "乙厂", preferences="咖啡", business_needs="节能改造")
    assert found(seller, {"f": "preferences", "op": "contains", "v": "绿茶"}) == ["甲厂"]
    assert found(
        seller,
        {"f": "buying_behaviour", "op": "not_empty"},
        {"f": "development_trend", "op": "contains", "v": "扩"},
    ) == ["甲厂"]
    assert found(seller, {"f": "business_needs", "op": "contains", "v": "节能"}) == ["乙厂"]


@pytest.mark.req("INFO-08", "INFO-09", "INFO-10")
def test_source_method_and_channel_are_kept_and_the_lists_can_grow(company: Company, seller: User) -> None:
    assert [source.name for source in Source.objects.filter(company=company)] == [
        "上门客户", "电话订购", "陌生拜访", "网络", "直接销售", "展会",
    ]  # fmt: skip
    assert [channel.name for channel in Channel.objects.filter(company=company)] == [
        "门店",
        "电子商务",
        "直销",
        "国际贸易",
    ]
    assert all(channel.strategy for channel in Channel.objects.all())
    live = verbs.add(entity(Source), {"name": "直播", "code": "live"}, actor=seller)
    shop = Channel.objects.get(code="e-commerce")
    file(seller, "直播客户", source=live, source_detail="双十一专场", method="questionnaire", channel=shop)
    file(seller, "别的客户")
    assert found(
        seller, {"f": "source", "op": "is", "v": live.pk}, {"f": "method", "op": "in", "v": ["questionnaire"]}
    ) == ["直播客户"]
    assert found(seller, {"f": "channel.name", "op": "is", "v": "电子商务"}) == ["直播客户"]


def test_seeding_twice_adds_nothing(company: Company) -> None:
    assert seed(company) == 0


@pytest.mark.req("INFO-11")
def test_key_and_potential_customers_stand_out(seller: User) -> None:
    future = file(seller, "未来重点")
    file(seller, "普通")
    mark_key(future, actor=seller)
    views = {view.key: view.where for view in entity(Account).views}
    assert found(seller, views["key"]) == ["未来重点"]
    assert found(seller, views["potential"]) == ["普通", "未来重点"]
    assert Account.objects.get(pk=future.pk).is_potential


@pytest.mark.req("INFO-15")
def test_an_outdated_file_is_retired_with_a_reason_and_can_come_back(seller: User) -> None:
    account = file(seller)
    with pytest.raises(Refused):
        retire(account, actor=seller, reason=" ")
    retire(account, actor=seller, reason="公司注销")
    views = {view.key: view.where for view in entity(Account).views}
    assert (found(seller, views["all"]), found(seller, views["retired"])) == ([], [account.name])
    revive(account, actor=seller)
    assert found(seller, views["all"]) == [account.name]


@pytest.mark.req("INFO-14")
def test_a_confirmed_file_shows_when_and_by_whom(seller: User) -> None:
    account = confirm_file(file(seller), actor=seller)
    assert (account.confirmed_on, account.confirmed_by) == (clock.today(), seller)


@pytest.mark.req("INFO-15")
def test_each_state_of_an_invoice_header_stays_on_file(seller: User) -> None:
    account = file(seller)
    values = {"account": account, "title": "华东机械有限公司", "tax_id": USCC}
    header = verbs.add(entity(InvoiceTitle), values, actor=seller)
    verbs.change(entity(InvoiceTitle), header.pk, {"bank": "工商银行"}, actor=seller)
    verbs.change(entity(InvoiceTitle), header.pk, {"is_default": True}, actor=seller)
    assert list(header.versions.values_list("number", "content__bank")) == [(2, "工商银行"), (1, "")]
    with pytest.raises(Invalid) as no:
        verbs.change(entity(InvoiceTitle), header.pk, {"kind": "special"}, actor=seller)
    assert sorted(no.value.errors) == ["address", "bank_account", "phone"]


def test_handing_over_moves_the_department_and_needs_a_reason(seller: User, outsider: User) -> None:
    account = file(seller)
    with pytest.raises(Refused):
        hand_over(account, actor=seller, to=outsider, reason="")
    hand_over(account, actor=seller, to=outsider, reason="调岗")
    assert Account.objects.values_list("owner__name", "department__name").get() == ("outsider", "西部区")
    with pytest.raises(NotVisible):
        mark_key(account, actor=seller)


def test_tags_are_added_and_removed_in_bulk(seller: User) -> None:
    ids = [file(seller, name, tags=["老客户"]).pk for name in ("甲厂", "乙厂")]
    add, remove = actions.verbs_of(Account)["add_tags"], actions.verbs_of(Account)["remove_tags"]
    assert actions.perform_many(add, ids, actor=seller, params={"tags": ["展会", "老客户"]}) == (2, [])
    assert actions.perform_many(remove, ids, actor=seller, params={"tags": ["老客户"]}) == (2, [])
    assert [account.tags for account in Account.objects.all()] == [["展会"], ["展会"]]
    assert found(seller, {"f": "tags", "op": "has_any", "v": ["展会"]}) == ["乙厂", "甲厂"]
    assert (add_tags.__name__, remove_tags.__name__) == ("add_tags", "remove_tags")


@pytest.mark.req("GROUP-01")
def test_a_group_rolls_up_accounts_contacts_and_credit(seller: User, outsider: User) -> None:
    top = file(seller, "集团公司", credit_limit=Decimal(100))
    middle = file(seller, "东部子公司", parent=top, credit_limit=Decimal(20))
    leaf = file(seller, "杭州孙公司", parent=middle)
    contact(seller, top, "甲"), contact(seller, leaf, "乙")
    assert (group_root(leaf), group_ids(top)) == (top, [top.pk, middle.pk, leaf.pk])
    totals = group_totals(top, seller)
    assert (totals["accounts"], totals["contacts"], totals["credit_limit"]) == (3, 2, Decimal(120))
    assert group_totals(top, outsider)["accounts"] == 0
    with pytest.raises(Invalid) as no:
        verbs.change(entity(Account), top.pk, {"parent": leaf}, actor=seller)
    assert list(no.value.errors) == ["parent"]


def test_accounts_and_contacts_are_found_by_name_initials_and_phone(seller: User) -> None:
    account = file(seller, phone="0571-88886666")
    somebody = contact(seller, account, "欧阳锋", mobile="13812345678")
    assert list(search.search(entity(Account), "hdjx", seller)) == [account]
    assert list(search.search(entity(Account), "88886666", seller)) == [account]
    assert list(search.search(entity(Contact), "oyf", seller)) == [somebody]
    assert list(search.search(entity(Contact), "5678", seller)) == [somebody]


def test_nobody_writes_into_a_file_out_of_sight(seller: User, outsider: User) -> None:
    account = file(seller)
    with pytest.raises(Invalid) as no:
        contact(outsider, account, "李雷")
    assert (list(no.value.errors), Contact.objects.count()) == (["account"], 0)
