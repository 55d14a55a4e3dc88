"""A rulebook travels: its conditions name linked rows by their keys in the file, and find the other company's rows."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from guanxi.conftest import saved
from guanxi.customers.models import Account, Channel
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.rulebook import engine
from guanxi.rulebook.models import ClauseVersion, Duty, Regulation
from guanxi.rulebook.services.bookfile import read_book
from guanxi.rulebook.services.books import export, load, written
from guanxi.rulebook.services.booktrial import try_book
from guanxi.rulebook.spec import SpecError
from guanxi.rulebook.tests.conftest import at
from guanxi.rulebook.tests.test_books import edited, rule_of

DAY = date(2026, 3, 1)


def link(field: str, op: str, value: Any) -> dict[str, Any]:
    return {"f": field, "op": op, "v": value}


def book_of(spec: dict[str, Any]) -> Any:
    return read_book(edited(lambda raw: rule_of(raw).update(spec=spec)))


def channels(company: Company) -> list[Channel]:
    return [saved(Channel(company=company, code=code, name=name)) for code, name in (("shop", "门店"), ("web", "网店"))]


def rule(company: Company) -> dict[str, Any]:
    """With links at every depth, as the browser writes them: one id as a number, one as a text."""
    shop, web = channels(company)
    head = saved(Department(company=company, code="east", name="东区"))
    return {
        "kind": "holds", "about": "customers.account", "customer": "self", "who": "owner", "within": [2, "workdays"],
        "where": {"all": [link("channel", "in", [shop.pk, str(web.pk)]),
                          {"any": [link("department", "is", head.pk), link("owner", "is_not", "@me")]}]},
        "holds": {"not": {"has": "orders", "where": link("account.channel", "is", str(web.pk))}},
    }  # fmt: skip


NAMED = {
    "where": {"all": [link("channel", "in", [{"code": "shop"}, {"code": "web"}]),
                      {"any": [link("department", "is", {"code": "east"}), link("owner", "is_not", "@me")]}]},
    "holds": {"not": {"has": "orders", "where": link("account.channel", "is", {"code": "web"})}},
}  # fmt: skip


def leave(company: Company) -> str:
    return written(export(company, Regulation.objects.get(company=company, code="own-rules")))


@pytest.mark.req("GOV-01")
def test_a_rulebook_means_the_same_rows_in_another_company(seller: User, outsider: User) -> None:
    spec = rule(seller.company)
    load(seller.company, book_of(spec), effective_on=DAY)
    text = leave(seller.company)
    gone = rule_of(json.loads(text))["spec"]
    assert {name: gone[name] for name in NAMED} == NAMED
    assert str(seller.company.pk) not in text

    found = load(seller.company, read_book(text), effective_on=DAY)
    assert (found.new, found.updated, found.kept) == ([], [], ["OWN-1"]), "at home nothing changes"

    other = outsider.company
    theirs = {row.code: row.pk for row in channels(other)}
    east = saved(Department(company=other, code="east", name="东部大区"))
    assert load(other, read_book(text), effective_on=DAY).new == ["OWN-1"]
    arrived = ClauseVersion.objects.get(company=other).spec
    assert arrived["where"]["all"][0]["v"] == [theirs["shop"], theirs["web"]]
    assert arrived["where"]["all"][1]["any"][0]["v"] == east.pk
    assert arrived["holds"]["not"]["where"]["v"] == theirs["web"]
    assert leave(other) == text


@pytest.mark.req("GOV-01")
def test_a_rule_that_has_travelled_is_carried_out(seller: User, outsider: User) -> None:
    shop, _web = channels(seller.company)
    spec = {
        **rule_of(json.loads(edited(lambda _raw: None)))["spec"],
        "where": link("channel", "is", shop.pk),
    }
    load(seller.company, book_of(spec), effective_on=DAY)
    there, web = channels(outsider.company)
    for n, channel in enumerate((there, web)):
        saved(Account(company=outsider.company, name=f"客户{n}", owner=outsider, channel=channel))
    load(outsider.company, read_book(leave(seller.company)), effective_on=DAY)
    with clock.shifted(at("2026-03-03")):
        engine.judge(outsider.company, at("2026-03-03"))
    assert [duty.title for duty in Duty.objects.all()] == ["客户0"]


@pytest.mark.req("GOV-01")
def test_everything_that_is_missing_is_named_and_nothing_is_loaded(
    seller: User, outsider: User, tmp_path: Path
) -> None:
    load(seller.company, book_of(rule(seller.company)), effective_on=DAY)
    text, other = leave(seller.company), outsider.company
    saved(Channel(company=other, code="shop", name="门店"))
    with pytest.raises(SpecError) as refused:
        load(other, read_book(text), effective_on=DAY)
    why = "Clause OWN-1: There is no sales channel with Code “web” here. There is no department with Code “east” here."
    assert str(refused.value) == why
    assert not Regulation.objects.filter(company=other).exists()
    (tried,) = try_book(other, read_book(text), DAY, DAY)
    assert tried.wrong == why.removeprefix("Clause OWN-1: ")
    file = tmp_path / "own.json"
    file.write_text(text, "utf-8")
    out = StringIO()
    with pytest.raises(CommandError, match="1 clause cannot be carried out"):
        call_command("rulebook", "check", str(file), "--company", other.code, stdout=out)
    assert "web" in out.getvalue() and "east" in out.getvalue()
    out = StringIO()
    call_command("rulebook", "check", str(file), "--company", seller.company.code, stdout=out)
    assert out.getvalue().rstrip().endswith("ok")


def test_a_row_without_a_key_of_its_own_is_named(seller: User) -> None:
    twin, _other = (saved(Account(company=seller.company, name="同名", owner=seller)) for _n in range(2))
    spec = {**rule_of(json.loads(edited(lambda _raw: None)))["spec"], "about": "sales.order", "customer": "account",
            "where": link("account", "is", twin.pk), "holds": {"f": "number", "op": "not_empty"}}  # fmt: skip
    load(seller.company, book_of(spec), effective_on=DAY)
    saved(twin)
    for code in ("", "K-1"):
        twin.code = code
        saved(twin)
        if code:
            assert rule_of(json.loads(leave(seller.company)))["spec"]["where"]["v"] == {"code": "K-1"}
        else:
            with pytest.raises(SpecError, match=r"OWN-1.*同名.*has neither a code nor a name of its own"):
                leave(seller.company)


@pytest.mark.parametrize("key", [{}, {"id": "1"}, {"code": "a", "name": "b"}, {"code": 1}, {"password": "x"}])
def test_a_row_named_in_no_readable_way_is_refused(seller: User, key: dict[str, Any]) -> None:
    spec = {**rule_of(json.loads(edited(lambda _raw: None)))["spec"], "where": link("channel", "is", key)}
    with pytest.raises(SpecError, match=r"OWN-1.*does not name a row in a readable way"):
        load(seller.company, book_of(spec), effective_on=DAY)
