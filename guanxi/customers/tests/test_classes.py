"""Classes by decision and by rule, their history, stages of the life cycle, and segments."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from guanxi.customers.models import Account, ClassAssignment, ClassScheme, Segment, StageChange, StagePlaybook
from guanxi.customers.queries.classes import (
    class_history,
    class_on,
    classes_now,
    computed_by_rules,
    members,
    policy_of,
    stage_conversions,
    stage_counts,
)
from guanxi.customers.services.accounts import mark_key
from guanxi.customers.services.classes import (
    apply_classes,
    apply_stages,
    assign_class,
    classify,
    recount,
)
from guanxi.customers.services.standards import make_policy, publish
from guanxi.customers.tests.cast import file
from guanxi.kernel import clock, jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Invalid, Refused
from guanxi.kernel.filters import FilterError
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import User


def scheme(code: str) -> ClassScheme:
    return ClassScheme.objects.get(code=code)


def classed(code: str) -> dict[str, str]:
    rows = ClassAssignment.objects.filter(scheme__code=code, until=None)
    return dict(rows.values_list("account__name", "class_code"))


def on(day: int) -> clock.shifted:  # type: ignore[valid-type]
    return clock.shifted(datetime(2026, 11, day, 12, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.mark.req("CLASS-01", "CLASS-03")
def test_the_ready_made_schemes_sort_the_customers(seller: User) -> None:
    key, loyal, plain = (
        file(seller, "重点"),
        file(seller, "忠诚", attitude="loyal"),
        file(seller, "普通", attitude="none"),
    )
    strategic = file(seller, "战略", is_strategic=True, attitude="switcher", early_adopter=True)
    mark_key(key, actor=seller)
    apply_stages(seller.company_id, {loyal.pk: "loyal", plain.pk: "lost", key.pk: "first"})
    for code in ("key_potential", "life", "key_ordinary", "attitude"):
        classify(scheme(code))
    assert classed("key_potential") == {
        "重点": "key",
        "忠诚": "ordinary",
        "普通": "ordinary",
        "战略": "potential",
    }
    assert classed("life") == {"重点": "key", "忠诚": "existing", "普通": "lost", "战略": "potential"}
    assert classed("key_ordinary") == {
        "重点": "ordinary",
        "忠诚": "ordinary",
        "普通": "ordinary",
        "战略": "key",
    }
    assert classed("attitude") == {"忠诚": "loyal", "普通": "none", "战略": "switcher"}
    assert strategic.early_adopter


@pytest.mark.req("CLASS-01", "CLASS-02")
def test_amount_classes_come_from_above_and_other_rules_may_use_them(seller: User) -> None:
    large, small = file(seller, "大户"), file(seller, "散户")
    assert scheme("abc_amount").params == {"cuts": [0.8, 0.95], "months": 12}
    assert apply_classes(scheme("abc_amount"), {large.pk: "A", small.pk: "C"}, cause="年度计算") == 2
    assert dict(Account.objects.values_list("name", "grade")) == {"大户": "A", "散户": "C"}
    classify(scheme("key_ordinary"))
    assert classed("key_ordinary") == {"大户": "key", "散户": "ordinary"}


@pytest.mark.req("CLASS-04")
def test_criteria_can_be_combined(company: Company, seller: User, leader: User) -> None:
    where = {
        "all": [
            {"f": "purchasing_power", "op": "is", "v": "high"},
            {"f": "industry", "op": "in", "v": ["C", "F"]},
            {"f": "scale", "op": "in", "v": ["large", "giant"]},
            {
                "any": [
                    {"f": "attitude", "op": "is", "v": "loyal"},
                    {"f": "potential", "op": "is", "v": "high"},
                ]
            },
            {"has": "needs", "where": {"f": "kind", "op": "is", "v": "need"}, "count": {"lt": 1}},
        ]
    }
    values = {"name": "综合", "code": "mixed", "classes": [{"code": "top", "name": "优选", "where": where}]}
    mixed = verbs.add(entity(ClassScheme), values, actor=leader)
    file(seller, "全合", purchasing_power="high", industry="C", scale="large", attitude="loyal")
    file(seller, "差一", purchasing_power="high", industry="C", scale="small", attitude="loyal")
    assert sorted(computed_by_rules(mixed).values()) == ["", "top"]
    assert classed("mixed") == {}
    publish(mixed, actor=leader)
    jobs.work_off()
    assert classed("mixed") == {"全合": "top"}


@pytest.mark.req("CLASS-05", "CLASS-09")
def test_schemes_stand_side_by_side_and_one_drives_policy(company: Company, seller: User, leader: User) -> None:
    account = file(seller)
    mark_key(account, actor=seller)
    classify(scheme("key_potential"))
    apply_classes(scheme("abc_amount"), {account.pk: "B"}, cause="年度计算")
    assert [(row.scheme.code, row.class_code) for row in classes_now(account)] == [
        ("abc_amount", "B"),
        ("key_potential", "key"),
    ]
    assert policy_of(account)["policy"].startswith("定期电话回访")
    make_policy(scheme("key_potential"), actor=leader)
    jobs.work_off()
    assert list(ClassScheme.objects.filter(is_policy=True).values_list("code", flat=True)) == ["key_potential"]
    assert Account.objects.get().grade == "A"
    assert policy_of(account)["policy"].startswith("专属客户经理")
    with pytest.raises(IntegrityError):
        unit_of_work(lambda: ClassScheme(company=company, code="x", name="x", is_policy=True).save())


@pytest.mark.req("CLASS-09")
def test_each_class_of_the_policy_scheme_says_how_it_is_served(company: Company) -> None:
    assert all(each["policy"] and each["playbook"] for each in scheme("abc_amount").classes)
    assert [each["policy"][:6] for each in scheme("abc_amount").classes] == [
        "专属客户经理",
        "定期电话回访",
        "自动化产品与",
    ]


@pytest.mark.req("CLASS-13")
def test_a_change_of_class_keeps_date_cause_old_new_and_who_decided(seller: User, leader: User) -> None:
    account = file(seller)
    with on(1):
        apply_classes(scheme("abc_amount"), {account.pk: "C"}, cause="年度计算")
    with on(10):
        changed = assign_class(account, actor=leader, scheme=scheme("abc_amount"), code="A", cause="分类检查会议")
    with on(20):
        apply_classes(scheme("abc_amount"), {account.pk: "B"}, cause="年度计算")
    assert changed.grade == "A"
    rows = [
        (r.since.day, r.until and r.until.day, r.previous, r.class_code, r.cause, r.decided_by)
        for r in class_history(account)
    ]
    assert rows == [
        (20, None, "A", "B", "年度计算", None), (10, 20, "C", "A", "分类检查会议", leader), (1, 10, "", "C", "年度计算", None),
    ]  # fmt: skip
    then = {day: [r.class_code for r in class_on(scheme("abc_amount"), date(2026, 11, day))] for day in (9, 10, 19, 20)}
    assert then == {9: ["C"], 10: ["A"], 19: ["A"], 20: ["B"]}
    assert list(class_on(scheme("abc_amount"), date(2026, 10, 31))) == []


@pytest.mark.req("CLASS-13")
def test_a_decision_needs_a_cause_a_known_class_and_the_right(seller: User, leader: User) -> None:
    account = file(seller)
    for cause, code in ((" ", "A"), ("会议", "Z")):
        with pytest.raises(Refused):
            assign_class(account, actor=leader, scheme=scheme("abc_amount"), code=code, cause=cause)
    with pytest.raises(Forbidden):
        assign_class(account, actor=seller, scheme=scheme("abc_amount"), code="A", cause="会议")


def test_classing_again_writes_nothing_and_asks_a_fixed_number_of_questions(seller: User) -> None:
    ids = [file(seller, f"客户{n}").pk for n in range(6)]
    assert apply_classes(scheme("attitude"), dict.fromkeys(ids, "loyal"), cause="x") == 6
    assert apply_classes(scheme("attitude"), dict.fromkeys(ids, "loyal"), cause="x") == 0
    with CaptureQueriesContext(connection) as few:
        classify(scheme("key_potential"))
    file(seller, "多一个"), file(seller, "再一个")
    with CaptureQueriesContext(connection) as more:
        classify(scheme("key_potential"))
    assert len(more) <= len(few)
    assert set(classed("key_potential").values()) == {"potential"}
    assert len(classed("key_potential")) == 8


@pytest.mark.parametrize(
    "classes",
    [
        [],
        [{"code": "a"}],
        [{"code": "a", "name": "A"}] * 2,
        [{"code": "a", "name": "A", "where": {"f": "shoe", "op": "is", "v": 1}}],
        "x",
    ],
)
def test_a_scheme_with_unusable_classes_is_refused(leader: User, classes: object) -> None:
    with pytest.raises(Invalid) as no:
        verbs.add(entity(ClassScheme), {"name": "坏", "code": "bad", "classes": classes}, actor=leader)
    assert list(no.value.errors) == ["classes"]


@pytest.mark.req("LIFE-01")
def test_stages_follow_from_facts_are_counted_and_have_a_playbook(seller: User) -> None:
    ids = [file(seller, f"客户{n}").pk for n in range(3)]
    assert apply_stages(seller.company_id, {ids[0]: "first", ids[1]: "first", ids[2]: "potential"}) == 2
    assert stage_counts(seller) == {"potential": 1, "first": 2}
    assert sorted(StagePlaybook.objects.values_list("stage", flat=True)) == sorted(
        ["potential", "first", "repeat", "loyal", "dormant", "lost"]
    )
    assert "七日内回访" in StagePlaybook.objects.get(stage="first").measures


@pytest.mark.req("LIFE-05")
def test_moves_between_stages_are_counted_within_days(seller: User, outsider: User) -> None:
    ids = [file(seller, f"客户{n}").pk for n in range(3)]
    apply_stages(seller.company_id, dict.fromkeys(ids, "first"), on=date(2026, 1, 5))
    apply_stages(seller.company_id, {ids[0]: "repeat", ids[1]: "first"}, on=date(2026, 2, 5))
    assert stage_conversions(seller, date(2026, 1, 1), date(2026, 2, 5)) == {
        ("potential", "first"): 3,
        ("first", "repeat"): 1,
    }
    assert stage_conversions(seller, date(2026, 2, 1), date(2026, 2, 28)) == {("first", "repeat"): 1}
    assert stage_conversions(outsider, date(2026, 1, 1), date(2026, 12, 31)) == {}
    assert StageChange.objects.count() == 4


def segment(actor: User, name: str, *conditions: dict[str, object]) -> Segment:
    return verbs.add(entity(Segment), {"name": name, "where": {"all": list(conditions)}}, actor=actor)


@pytest.mark.req("SEG-01")
def test_segments_speak_of_people_places_behaviour_and_mind(seller: User) -> None:
    file(
        seller, "年轻白领", kind="person", birth_date=date(1998, 5, 1), gender="female", income_band="to20k", occupation="设计师",
        education="bachelor", region_code="330106", buying_behaviour="网购为主", lifestyle="追求新潮",
    )  # fmt: skip
    file(seller, "年长者", kind="person", birth_date=date(1950, 5, 1), gender="male", region_code="110101")
    file(seller, "海外客户", country="US")
    people = segment(
        seller, "人口",
        {"f": "birth_date", "op": "after", "v": "1990-01-01"}, {"f": "gender", "op": "is", "v": "female"},
        {"f": "income_band", "op": "in", "v": ["to20k", "to50k"]}, {"f": "occupation", "op": "contains", "v": "设计"},
        {"f": "education", "op": "is", "v": "bachelor"},
    )  # fmt: skip
    place = segment(
        seller,
        "浙江",
        {"f": "country", "op": "is", "v": "CN"},
        {"f": "region_code", "op": "starts", "v": "33"},
    )
    mind = segment(
        seller,
        "行为",
        {"f": "buying_behaviour", "op": "contains", "v": "网购"},
        {"f": "lifestyle", "op": "contains", "v": "新潮"},
    )
    abroad = segment(seller, "海外", {"f": "country", "op": "is_not", "v": "CN"})
    names = [[a.name for a in members(each, seller)] for each in (people, place, mind, abroad)]
    assert names == [["年轻白领"], ["年轻白领"], ["年轻白领"], ["海外客户"]]


@pytest.mark.req("SEG-02")
def test_a_saved_segment_gives_each_person_the_members_they_may_see(seller: User, outsider: User, leader: User) -> None:
    saved = segment(leader, "重点制造", {"f": "industry", "op": "is", "v": "C"})
    (
        file(seller, "甲厂", industry="C"),
        file(outsider, "乙厂", industry="C"),
        file(seller, "丙店", industry="F"),
    )
    assert [a.name for a in members(saved, seller)] == ["甲厂"]
    assert [a.name for a in members(saved, outsider)] == ["乙厂"]
    assert recount(saved, actor=leader).size == 2
    with pytest.raises(Invalid):
        segment(leader, "坏", {"f": "shoe", "op": "is", "v": 1})


@pytest.mark.req("SEG-02")
def test_a_segment_over_a_closed_field_is_not_answered(company: Company, seller: User, leader: User) -> None:
    saved = segment(leader, "高收入", {"f": "income_band", "op": "is", "v": "over50k"})
    role = seller.roles.get()
    role.grants["customers.account"]["hidden"] = ["income_band"]
    unit_of_work(role.save)
    fresh = User.objects.get(pk=seller.pk)
    with pytest.raises(FilterError):
        members(saved, fresh)
