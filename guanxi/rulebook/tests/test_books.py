"""The ready rulebooks and their files: complete, checked, loaded and upgraded without touching what a company has changed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from guanxi.kernel import work
from guanxi.kernel.models import Company
from guanxi.rulebook.models import Article, Clause, ClauseVersion, Regulation
from guanxi.rulebook.services.bookfile import read_book
from guanxi.rulebook.services.books import export, load, ready, written
from guanxi.rulebook.services.clauses import new_version, put_into_force
from guanxi.rulebook.spec import LATER as WORDS
from guanxi.rulebook.spec import Missing, SpecError, check, read

pytestmark = pytest.mark.django_db
# Every duty with a deadline or a period in the catalogue of requirements.
DUTIES = """
ORG-14 INFO-14 INFO-20 CARD-01 CARD-04 CARD-05 CARD-08 QUAL-01 QUAL-04 QUAL-05 QUAL-06 QUAL-07 QUAL-08 QUAL-11 QUAL-12
CLASS-07 CLASS-12 LIFE-03 SALE-08 SALE-09 FUP-01 FUP-03 RV-01 RV-02 RV-03 RV-04 RV-05 RV-10 COMM-02 COMM-05 CTI-03 CASE-06
CASE-10 SVC-05 SVC-06 CARE-03 CHURN-05 SAT-01 CONTR-04 CONTR-05 ANLY-05 ANLY-06 MKTI-02 TRAIN-01 TRAIN-03 MEET-01 USE-01
USE-02 USE-03 ACCT-03 ACCT-05 GOV-04
""".split()
# What clauses may wait for, entities of domains that come later, and the clauses that do.  Whatever else does not exist
# is a slip of the pen.  Once an entity is there its clauses are checked to the last field.
LATER = {
    "deals.lead": "FUP-01-a",
    "deals.opportunity": "FUP-01-b SALE-08",
    "sales.delivery": "SVC-06",
    "support.case": "CASE-06-b CASE-10-b CASE-11 CASE-13",
    "support.promise": "SVC-05",
    "feedback.survey": "SAT-01",
    "marketing.careaction": "CARE-03",
    "marketing.message": "COMM-07",
    "interactions.interaction": "COMM-02-a COMM-05 FUP-03 CLASS-06",
    "interactions.visit": "CARD-02 CARD-04 LIFE-02 RV-06",
    "interactions.visitplan": "CARD-05-a RV-10-a RV-10-b",
    "interactions.returnvisit": "LIFE-03 RV-01 RV-03-a RV-03-b RV-04 RV-05 CHURN-05-a",
    "interactions.servicerequest": "CASE-06-a CASE-10-a CTI-03-a CTI-03-b RV-02",
    "interactions.competitornote": "MKTI-02-b",
    "meetings.meeting": "ANLY-05 ANLY-06-b CARD-05-b GOV-04-a MEET-01",
    "meetings.actionitem": "MEET-02",
    "meetings.bulletin": "MKTI-02-a",
}
SMALL: dict[str, Any] = {
    "book": "own-rules", "title": "自订细则", "edition": "1", "source": "", "regulation": {
        "title": "自订细则", "purpose": "试行。", "scope": "全员。", "interpreter": "", "chapters": [{
            "title": "第一章 建档", "articles": [{
                "number": "第一条", "title": "电话", "text": "客户要有电话。", "carried_out_by": "负责人", "supervised_by": "店长",
                "clauses": [{"code": "OWN-1", "title": "客户要有电话", "basis": "自订", "spec": {
                    "kind": "holds", "about": "customers.account", "customer": "self", "who": "owner",
                    "holds": {"f": "phone", "op": "not_empty"}, "within": [2, "workdays"]}}]}]}]}}  # fmt: skip


def edited(change: Callable[[dict[str, Any]], None]) -> str:
    raw = json.loads(json.dumps(SMALL))
    change(raw)
    return json.dumps(raw)


def rule_of(raw: dict[str, Any]) -> dict[str, Any]:
    clause: dict[str, Any] = raw["regulation"]["chapters"][0]["articles"][0]["clauses"][0]
    return clause


def rows() -> tuple[Any, ...]:
    models: tuple[Any, ...] = (Regulation, Article, Clause, ClauseVersion)
    return tuple(list(model.objects.order_by("pk").values()) for model in models)


def run(*words: str) -> str:
    out = StringIO()
    call_command("rulebook", *words, stdout=out)
    return out.getvalue()


@pytest.mark.req("GOV-06")
def test_every_duty_of_the_regulations_is_a_clause_of_a_ready_book() -> None:
    codes = [clause.code for book in ready() for clause in book.clauses]
    assert len(codes) == len(set(codes))
    assert len(DUTIES) == 52
    assert set(DUTIES) - {re.sub(r"-[a-z]$", "", code) for code in codes} == set()


@pytest.mark.req("GOV-06")
def test_a_clause_of_a_ready_book_can_be_carried_out_or_waits_for_a_later_domain(company: Company) -> None:
    with translation.override("en"):
        for book in ready():
            for clause in book.clauses:
                try:
                    check(read(clause.spec), company)
                except Missing as missing:
                    waiting = [
                        code
                        for label, codes in LATER.items()
                        if f"“{WORDS.get(label, label)}”" in str(missing)
                        for code in codes.split()
                    ]
                    assert clause.code in waiting, f"{clause.code}: {missing}"


@pytest.mark.req("GOV-06", "AUTO-02")
def test_every_ready_duty_reminds_who_owes_it_and_tells_somebody_above_when_it_is_not_kept() -> None:
    for clause in (one for book in ready() for one in book.clauses if one.spec["kind"] != "guard"):
        steps = clause.spec["steps"]
        own, above = ([step for step in steps if ("to" in step) is told] for told in (False, True))
        assert above and all(step["when"][0] >= 0 for step in above), clause.code
        if clause.spec.get("within", [1, "days"])[0]:  # there is time to remind of it
            assert own or clause.spec["within"][1] == "hours", clause.code


@pytest.mark.req("GOV-01")
def test_a_loaded_book_is_a_regulation_with_chapters_articles_and_clauses_in_force(company: Company) -> None:
    book = next(book for book in ready() if book.slug == "customer-relations")
    found = load(company, book, effective_on=date(2026, 9, 1))
    assert (len(found.new), found.updated, found.kept) == (len(list(book.clauses)), [], [])
    regulation = Regulation.objects.get(code="customer-relations")
    assert (regulation.title, regulation.effective_on) == (book.title, date(2026, 9, 1))
    clause = Clause.objects.get(code="QUAL-01")
    assert (clause.article.chapter, clause.article.number, clause.kind) == ("第一章 建档", "第一条", "within")
    assert (clause.article.carried_out_by, clause.article.supervised_by) == ("分店会计", "连锁运营专员")
    version = clause.versions.get()
    assert (version.state, version.effective_on, version.shipped) == (
        "published", date(2026, 9, 1), "customer-relations 2026.1",
    )  # fmt: skip
    assert version.spec["within"] == [0, "closing"]
    assert "CASE-06-b" in found.dormant and "CONTR-01" not in found.dormant
    assert Clause.objects.get(code="CASE-06-b").waits_for != ""


@pytest.mark.req("GOV-01")
def test_loading_twice_changes_nothing(company: Company) -> None:
    for book in ready():
        load(company, book)
    before = rows()
    for book in ready():
        found = load(company, book)
        assert (found.new, found.updated) == ([], [])
    assert rows() == before


@pytest.mark.req("GOV-02")
def test_an_upgrade_brings_what_has_changed_and_keeps_what_the_company_has_edited(company: Company) -> None:
    two = edited(lambda raw: raw["regulation"]["chapters"][0]["articles"][0]["clauses"].append(
        {**rule_of(SMALL), "code": "OWN-2"}))  # fmt: skip
    load(company, read_book(two), effective_on=date(2026, 1, 1))
    mine = {**rule_of(SMALL)["spec"], "within": [9, "workdays"]}
    clause = Clause.objects.get(code="OWN-2")
    work.unit_of_work(lambda: put_into_force(new_version(clause, mine, date(2026, 2, 1), note="放宽"), None))

    def change(raw: dict[str, Any]) -> None:
        raw["edition"] = "2"
        for one in raw["regulation"]["chapters"][0]["articles"][0]["clauses"]:
            one["spec"]["within"] = [3, "workdays"]

    second = json.loads(two)
    change(second)
    found = load(company, read_book(json.dumps(second)), effective_on=date(2026, 3, 1))
    assert (found.new, found.updated, found.kept) == ([], ["OWN-1"], ["OWN-2"])
    versions = Clause.objects.get(code="OWN-1").versions.order_by("number")
    assert [(v.number, v.effective_on, v.spec["within"], v.shipped) for v in versions] == [
        (1, date(2026, 1, 1), [2, "workdays"], "own-rules 1"), (2, date(2026, 3, 1), [3, "workdays"], "own-rules 2"),
    ]  # fmt: skip
    assert versions.last().note != ""
    assert [v.spec["within"] for v in clause.versions.order_by("number")] == [[2, "workdays"], [9, "workdays"]]


@pytest.mark.req("GOV-01")
def test_what_is_written_can_be_loaded_again_and_changes_nothing(company: Company, chinese: None) -> None:
    for book in ready():
        load(company, book)
    before = rows()
    for regulation in Regulation.objects.order_by("code"):
        text = written(export(company, regulation))
        found = load(company, read_book(text))
        assert (found.new, found.updated) == ([], [])
    assert rows() == before
    shipped = next(book for book in ready() if book.slug == "system-use")
    again = read_book(written(export(company, Regulation.objects.get(code="system-use"))))
    assert (again.articles, again.edition) == (shipped.articles, shipped.edition)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "not JSON"),
        ("[]", "“book”"),
        (edited(lambda raw: raw.pop("regulation")), "“regulation”"),
        (edited(lambda raw: raw.update(book="Own rules!")), "“book”"),
        (edited(lambda raw: rule_of(raw)["spec"].update(kind="sometimes")), "OWN-1.*“sometimes” is no kind of rule"),
        (edited(lambda raw: rule_of(raw)["spec"].pop("holds")), "OWN-1.*“holds” is missing"),
        (edited(lambda raw: rule_of(raw)["spec"].update(within=[2, "moons"])), "OWN-1.*“within”"),
        (edited(lambda raw: rule_of(raw).pop("spec")), "第一条.*OWN-1.*“spec”"),
        (edited(lambda raw: rule_of(raw).pop("code")), "第一条.*“code”"),
        (
            edited(lambda raw: raw["regulation"]["chapters"].append(raw["regulation"]["chapters"][0])),
            "“第一条” stands in",
        ),
    ],
)
def test_a_broken_book_is_refused_with_the_place_where_it_is_wrong(text: str, why: str) -> None:
    with translation.override("en"), pytest.raises(SpecError) as refused:
        read_book(text)
    assert re.search(why, str(refused.value)), str(refused.value)


def test_a_clause_that_cannot_be_meant_so_is_refused_and_nothing_is_loaded(company: Company) -> None:
    text = edited(lambda raw: rule_of(raw)["spec"].update(holds={"f": "phone", "op": "older_than", "v": 3}))
    with pytest.raises(SpecError, match="OWN-1"):
        load(company, read_book(text))
    assert rows() == ([], [], [], [])


def test_a_code_belongs_to_one_book(company: Company) -> None:
    load(company, read_book(json.dumps(SMALL)))
    with pytest.raises(SpecError, match="OWN-1"):
        load(company, read_book(edited(lambda raw: raw.update(book="other-rules"))))


@pytest.mark.req("GOV-01")
def test_books_go_in_and_out_by_command(company: Company, tmp_path: Path) -> None:
    file = tmp_path / "own.json"
    file.write_text(json.dumps(SMALL), "utf-8")
    assert "OWN-1" in run("check", str(file))
    assert "new 1, updated 0, kept 0" in run("load", str(file), "--from", "2026-01-01")
    run("load", "system-use", "--company", company.code)
    listing = {row["book"]: row for row in json.loads(run("list", "--json"))}
    assert set(listing) == {"own-rules", *(book.slug for book in ready())}
    assert (listing["own-rules"]["loaded"], listing["customer-cards"]["loaded"]) == (True, False)
    assert listing["own-rules"]["clauses"] == [{
        "code": "OWN-1", "title": "客户要有电话", "kind": "holds", "version": 1, "effective_on": "2026-01-01",
        "waits_for": "", "spec": rule_of(SMALL)["spec"],
    }]  # fmt: skip
    out = tmp_path / "out.json"
    run("export", "own-rules", "--output", str(out))
    assert json.loads(out.read_text("utf-8")) == SMALL
    assert "自订细则" in run("list")


def test_commands_say_what_is_wrong(company: Company, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text(edited(lambda raw: rule_of(raw)["spec"].update(where={"f": "phone", "op": "gt", "v": 1})), "utf-8")
    for words, why in (
        (("load", "nowhere"), "no file and no ready book nowhere"),
        (("check", str(wrong)), "1 clause cannot be carried out"),
        (("export", "nothing"), "no regulation nothing"),
        (("load", "system-use", "--company", "none"), "no company none"),
    ):
        with pytest.raises(CommandError, match=why):
            run(*words)


def test_the_program_lists_the_word(capsys: pytest.CaptureFixture[str]) -> None:
    from guanxi.cli import main

    assert main([]) == 0
    assert "guanxi rulebook load" in capsys.readouterr().out
