"""A clause is changed as a sentence in the browser: tried, kept, published, and holds from its day."""

from __future__ import annotations

import html
import json
import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, Channel
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.rulebook.models import ClauseVersion, Duty
from guanxi.rulebook.services.clauses import publish
from guanxi.rulebook.tests.conftest import PHONE_KNOWN, VISIT_AFTER_ORDER, Adopt, at, judged
from guanxi.rulebook.tests.test_engine import ordered
from guanxi.sales.models import Order


@pytest.mark.req("GOV-02")
def test_seven_days_become_three_and_the_overdue_list_follows(
    client: Client, adopt: Adopt, customer: Account, owner: User
) -> None:
    head_of_all = owner.department
    assert head_of_all is not None
    head_of_all.head = owner
    saved(head_of_all)
    clause = adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01").clause
    ordered(customer, "2026-03-02")
    page = f"/clauses/{clause.pk}/rule/"
    with clock.shifted(at("2026-03-09 10:00")):
        client.force_login(owner)
        shown = client.get(page).content.decode()
        assert 'name="slot-within.0" value="7"' in shown
        slots = {"slot-within.0": "3", "slot-within.1": "days"}
        tried = client.post(page, {**slots, "try": "1", "first": "2026-03-01", "last": "2026-03-08"})
        assert "林知远" in tried.content.decode()
        order = Order.objects.get()
        assert f'href="/orders/{order.pk}/">{order}</a>' in tried.content.decode(), (
            "what would have been missed can be opened"
        )
        assert (ClauseVersion.objects.count(), Duty.everything.count()) == (1, 0)
        kept = client.post(page, {**slots, "note": "三天内回访", "effective_on": "2026-03-10", "key": "k1"})
        assert kept.status_code in (204, 302)
        version = ClauseVersion.objects.get(number=2)
        assert (version.state, version.spec["within"]) == ("draft", [3, "days"])
        judged(customer.company, "2026-03-09 10:00")
        publish(version, actor=owner)
        ordered(customer, "2026-03-10")
    judged(customer.company, "2026-03-14")
    assert list(Duty.objects.order_by("due_at").values_list("overdue_on", "state")) == [
        (date(2026, 3, 9), "missed"),
        (date(2026, 3, 13), "missed"),
    ]
    shown = client.get(f"/clauses/{clause.pk}/").content.decode()
    assert "三天内回访" in shown
    assert "V2" in shown


def test_a_wrong_value_is_said_and_nothing_is_kept(client: Client, adopt: Adopt, owner: User, seller: User) -> None:
    clause = adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01").clause
    page = f"/clauses/{clause.pk}/rule/"
    client.force_login(owner)
    assert client.post(page, {"slot-within.0": "soon", "note": "x"}).status_code == 422
    assert client.post(page, {"slot-about": "org.user", "note": "x"}).status_code == 422
    assert client.post(page, {"slot-within.0": "3", "note": ""}).status_code == 422
    assert ClauseVersion.objects.count() == 1
    client.force_login(seller)
    assert client.get(page).status_code == 403
    assert client.get(f"/clauses/{clause.pk}/").status_code == 200


def _block(page: str, name: str) -> Any:
    found = re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


@pytest.mark.req("GOV-02")
def test_whom_a_rule_concerns_is_changed_with_the_filter_builder_and_tried_like_the_rest(
    client: Client, adopt: Adopt, customer: Account, owner: User
) -> None:
    other = saved(Account(company=customer.company, name="小店", owner=owner, department=owner.department))
    parts = [{"f": "kind", "op": "is", "v": "sale"}, {"f": "account.channel.code", "op": "is_not", "v": "shop-own"}]
    rule = {**VISIT_AFTER_ORDER, "where": {"all": [{"all": parts[:1]}, parts[1]]}}
    clause = adopt("RV-05", rule, "2026-03-01").clause
    saved(Channel(company=owner.company, code="shop-own", name="门店直营"))
    ordered(customer, "2026-03-02")
    ordered(other, "2026-03-02")
    page = f"/clauses/{clause.pk}/rule/"
    client.force_login(owner)
    with clock.shifted(at("2026-03-12 10:00")):
        shown = client.get(page).content.decode()
        value = re.search(r'name="where" value="([^"]*)"', shown)
        assert value
        assert json.loads(html.unescape(value[1])) == {"all": parts}, "one list without groups inside"
        (linked,) = _block(shown, "where-legend")["fields"]
        assert (linked["choices"], [op for op, _word in linked["ops"]]) == (
            [["shop-own", "门店直营"]],
            ["is", "is_not"],
        )
        assert {"amount", "owner"} <= {field["name"] for field in _block(shown, "where-fields")}
        narrower = json.dumps({"all": [*parts, {"f": "account.is_key", "op": "is", "v": "true"}]})
        span = {"first": "2026-03-01", "last": "2026-03-11"}
        wide = client.post(page, {"try": "1", **span}).content.decode()
        tried = client.post(page, {"try": "1", **span, "where": narrower}).content.decode()
        missed = [[name in page for name in (">T0</a>", ">T1</a>")] for page in (wide, tried)]
        assert missed == [[True, True], [True, False]]
        assert html.escape(narrower, quote=True) in tried, "what was tried stays in the builder"
        assert ClauseVersion.objects.count() == 1
        kept = client.post(page, {"where": narrower, "note": "只管重点客户", "key": "k1"})
        assert kept.status_code in (204, 302)
        version = ClauseVersion.objects.get(number=2)
        assert version.spec["where"] == json.loads(narrower)
        same = json.dumps({"all": [*parts, {"f": "account.is_key", "op": "is", "v": True}]})
        client.post(page, {"where": same, "note": "只管重点客户", "key": "k2"})
        version.refresh_from_db()
        assert version.spec["where"] == json.loads(narrower), "the same condition written otherwise is no change"
        client.post(page, {"where": "", "note": "所有客户", "key": "k3"})
        version.refresh_from_db()
        assert version.spec["where"] == {}


@pytest.mark.req("GOV-02")
@pytest.mark.parametrize(
    ("where", "words"),
    [
        ("{", "The condition is not readable."),
        ('{"all": [{"f": "grade", "op": "is"}]}', "“Grade” needs a value."),
        ('{"f": "no_such", "op": "empty"}', "There is no field “no_such” to filter by."),
        ('{"all": [{"any": [{"f": "owner", "op": "is", "v": "@me"}]}]}', "“me” and “my department” mean nobody in it"),
        ('{"has": "contacts", "where": 5}', "The filter is not readable."),
    ],
)
def test_a_condition_that_cannot_be_meant_is_refused_at_its_place(
    client: Client, adopt: Adopt, owner: User, where: str, words: str
) -> None:
    clause = adopt("COMM-05", PHONE_KNOWN, "2026-03-01").clause
    client.force_login(owner)
    answer = client.post(f"/clauses/{clause.pk}/rule/", {"where": where, "note": "x"})
    page = html.unescape(answer.content.decode())
    found = re.search(r'id="where-error" role="alert">.*?</svg>([^<]*)<', page, re.S)
    assert (answer.status_code, ClauseVersion.objects.count()) == (422, 1)
    assert found and words in found[1]
    assert f'name="where" value="{where}"' in page, "what was typed is still there"


def test_no_condition_may_speak_of_what_its_writer_may_not_see(
    client: Client, adopt: Adopt, owner: User, customer: Account
) -> None:
    clause = adopt("COMM-05", PHONE_KNOWN, "2026-03-01").clause
    (role,) = owner.roles.all()
    role.grants = {
        **role.grants,
        "customers.account": {
            **role.grants.get("customers.account", role.grants.get("*", {})),
            "verbs": ["*"],
            "scope": "all",
            "masked": ["credit_limit"],
        },
    }
    saved(role)
    client.force_login(User.objects.get(pk=owner.pk))
    page = f"/clauses/{clause.pk}/rule/"
    where = json.dumps({"f": "credit_limit", "op": "gt", "v": 1})
    assert client.post(page, {"where": where, "note": "x"}).status_code == 422
    adopt("COMM-05", {**PHONE_KNOWN, "where": {"f": "credit_limit", "op": "gt", "v": 1}}, "2026-03-02")
    assert client.post(page, {"where": where, "note": "x", "key": "k"}).status_code in (204, 302), (
        "it stood there already"
    )


GUARD = {"kind": "guard", "about": "sales.order", "verb": "confirm", "deny": {"f": "number", "op": "empty"},
         "message": "先编号"}  # fmt: skip
OVERDUE = {"kind": "holds", "about": "customers.account", "customer": "self", "who": "owner", "within": [2, "workdays"],
           "holds": {"not": {"all": [{"f": "is_key", "op": "is", "v": True}, {"any": [
               {"f": "next_contact_on", "op": "before", "v": "@today"}, {"f": "phone", "op": "empty"}]}]}}}  # fmt: skip


def _built(page: str, name: str) -> Any:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return json.loads(html.unescape(found[1])) if found else None


@pytest.mark.req("GOV-02")
def test_every_condition_of_a_rule_is_in_the_filter_builder_and_kept_with_its_day(
    client: Client, adopt: Adopt, owner: User
) -> None:
    client.force_login(owner)
    talk = {
        **VISIT_AFTER_ORDER,
        "done": {**VISIT_AFTER_ORDER["done"], "where": {"f": "text", "op": "contains", "v": "谈"}},
    }  # type: ignore[dict-item]
    wanted = {
        "COMM-05": (PHONE_KNOWN, "holds", {"all": [{"f": "email", "op": "not_empty"}]}, ("holds",)),
        "INFO-14": (OVERDUE, "holds", {"all": [{"f": "phone", "op": "empty"}]}, ("holds", "not")),
        "CONTR-02": (GUARD, "deny", {"all": [{"f": "amount", "op": "gt", "v": "100"}]}, ("deny",)),
        "RV-05": (talk, "done", {"all": [{"f": "text", "op": "contains", "v": "回访"}]}, ("done", "where")),
    }
    with clock.shifted(at("2026-03-12 10:00")):
        for code, (rule, name, condition, path) in wanted.items():
            clause = adopt(code, rule, "2026-03-01").clause
            page = f"/clauses/{clause.pk}/rule/"
            shown = client.get(page).content.decode()
            assert _built(shown, name) is not None, code
            assert (_built(shown, "where") is None) == (code == "CONTR-02"), "a guard speaks of one condition alone"
            unchanged = {name: json.dumps(_built(shown, name)), "note": "不变", "key": f"{code}1"}
            assert client.post(page, unchanged).status_code in (204, 302)
            version = ClauseVersion.objects.get(clause=clause, number=2)
            assert version.spec == rule, "what says the same stays as it was written"
            form = {name: json.dumps(condition), "note": "改条件", "effective_on": "2026-03-20", "key": f"{code}2"}
            assert client.post(page, form).status_code in (204, 302)
            version.refresh_from_db()
            inner: Any = version.spec
            for step in path:
                inner = inner[step]
            assert (inner, version.state, version.effective_on) == (condition, "draft", date(2026, 3, 20)), code
    assert "回访" in client.get(page).content.decode()


@pytest.mark.req("GOV-02")
def test_before_today_is_edited_as_longer_ago_than_no_day(client: Client, adopt: Adopt, owner: User) -> None:
    clause = adopt("INFO-14", OVERDUE, "2026-03-01").clause
    client.force_login(owner)
    page = f"/clauses/{clause.pk}/rule/"
    built = _built(client.get(page).content.decode(), "holds")
    assert built["all"][1]["any"][0] == {"f": "next_contact_on", "op": "older_than", "v": 0}
    built["all"][0]["v"] = "false"
    built["all"][1]["any"][0]["v"] = "0"
    client.post(page, {"holds": json.dumps(built), "note": "非重点客户", "key": "k"})
    spec = ClauseVersion.objects.get(clause=clause, number=2).spec
    assert spec["holds"]["not"]["all"][1] == OVERDUE["holds"]["not"]["all"][1]  # type: ignore[index]


@pytest.mark.req("GOV-02")
@pytest.mark.parametrize(
    ("rule", "name", "typed", "words"),
    [
        (PHONE_KNOWN, "holds", "", "Say what must hold."),
        (OVERDUE, "holds", '{"all": []}', "Say what must not be."),
        (GUARD, "deny", "{}", "Say when it is refused."),
        (GUARD, "deny", '{"f": "amount", "op": "gt"}', "needs a value."),
        (VISIT_AFTER_ORDER, "done", '{"f": "on_the_moon", "op": "empty"}', "There is no field “on_the_moon”"),
        (VISIT_AFTER_ORDER, "done", '{"f": "created_by", "op": "is", "v": "@me"}', "“me” and “my department” mean nobody"),
    ],
)  # fmt: skip
def test_what_no_rule_can_mean_is_said_below_its_condition(
    client: Client, adopt: Adopt, owner: User, rule: dict[str, Any], name: str, typed: str, words: str
) -> None:
    clause = adopt("COMM-05", rule, "2026-03-01").clause
    client.force_login(owner)
    answer = client.post(f"/clauses/{clause.pk}/rule/", {name: typed, "where": "{", "note": "x"})
    page = html.unescape(answer.content.decode())
    found = re.search(rf'id="{name}-error" role="alert">.*?</svg>([^<]*)<', page, re.S)
    assert (answer.status_code, ClauseVersion.objects.count()) == (422, 1)
    assert found and words in found[1]
    assert ('id="where-error"' in page) == (rule is not GUARD), "all that is wrong is said at once"


@pytest.mark.req("VALUE-04")
def test_a_guard_may_speak_of_whoever_acts(client: Client, adopt: Adopt, owner: User) -> None:
    clause = adopt("CONTR-02", GUARD, "2026-03-01").clause
    client.force_login(owner)
    page = f"/clauses/{clause.pk}/rule/"
    assert "data-everybody" not in client.get(page).content.decode()
    mine = json.dumps({"f": "owner", "op": "is_not", "v": "@me"})
    assert client.post(page, {"deny": mine, "note": "只能本人确认", "key": "k"}).status_code in (204, 302)
    assert ClauseVersion.objects.get(number=2).spec["deny"] == json.loads(mine)


def test_a_condition_about_what_is_not_there_stays_until_somebody_changes_it(
    client: Client, adopt: Adopt, owner: User
) -> None:
    waiting = {**PHONE_KNOWN, "holds": {"f": "on_the_moon", "op": "empty"}}
    clause = adopt("COMM-05", waiting, "2026-03-01").clause
    client.force_login(owner)
    page = f"/clauses/{clause.pk}/rule/"
    same = {"holds": json.dumps({"all": [waiting["holds"]]}), "note": "不变", "key": "a"}
    assert client.post(page, same).status_code in (204, 302)
    version = ClauseVersion.objects.get(number=2)
    assert version.spec == waiting
    assert client.post(page, {"holds": json.dumps(PHONE_KNOWN["holds"]), "note": "电话", "key": "b"}).status_code in (
        204,
        302,
    )
    version.refresh_from_db()
    assert version.spec == PHONE_KNOWN
