"""The rulebook's commands as programs use them: books on trial, plain outputs, clear refusals with exit code 2."""

from __future__ import annotations

import copy
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.rulebook.models import Clause, Duty, DutyRun
from guanxi.rulebook.services.bookfile import read_book
from guanxi.rulebook.services.books import load
from guanxi.rulebook.spec import SpecError, read
from guanxi.rulebook.tests.conftest import MONTHLY_TALK, PHONE_KNOWN, VISIT_AFTER_ORDER, Adopt, at, judged, talk
from guanxi.rulebook.tests.test_books import SMALL, edited, rule_of
from guanxi.rulebook.tests.test_engine import ordered

GUARD = {
    "kind": "guard", "about": "sales.order", "verb": "cancel", "deny": {"f": "amount", "op": "gt", "v": 0},
    "message": "先说明原因。",
}  # fmt: skip


def said(*words: str, command: str = "rulebook") -> str:
    out = io.StringIO()
    call_command(command, *words, stdout=out)
    return out.getvalue()


def refused(*words: str, command: str = "rulebook") -> str:
    """What the program says when it ends with 2."""
    with pytest.raises(CommandError) as error:
        said(*words, command=command)
    assert error.value.returncode == 2
    return str(error.value)


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with clock.shifted(at("2026-04-15 10:00")):
        yield


def book_of(path: Path, **rules: dict[str, Any]) -> str:
    """A file with a clause for each rule."""
    raw = copy.deepcopy(SMALL)
    raw["regulation"]["chapters"][0]["articles"][0]["clauses"] = [
        {"code": code, "title": f"条款{code}", "basis": "", "spec": spec} for code, spec in rules.items()
    ]
    file = path / "book.json"
    file.write_text(json.dumps(raw, ensure_ascii=False), "utf-8")
    return str(file)


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models()}


@pytest.fixture
def spring(customer: Account) -> Company:
    """Three orders; the first is talked about in time, the second late, the third never."""
    for day in ("2026-01-05", "2026-02-05", "2026-03-05"):
        ordered(customer, day)
    talk(customer, "2026-01-08")
    talk(customer, "2026-02-20")
    return customer.company


@pytest.mark.req("GOV-02")
def test_a_book_on_trial_tells_each_clause_and_person_and_writes_nothing(spring: Company, tmp_path: Path) -> None:
    file = book_of(
        tmp_path, A=VISIT_AFTER_ORDER, B=MONTHLY_TALK, C=PHONE_KNOWN, D=GUARD, E={**MONTHLY_TALK, "about": "moon.phase"}
    )
    before = counts()
    told = json.loads(said("backtest", file, "--from", "2026-01-01", "--to", "2026-03-31", "--json"))
    assert counts() == before
    assert (told["company"], told["from"], told["to"]) == (spring.code, "2026-01-01", "2026-03-31")
    clauses = {clause["code"]: clause for clause in told["clauses"]}
    first = clauses["A"]
    assert {key: first[key] for key in ("duties", "met", "late", "missed", "open", "rate", "standing")} == {
        "duties": 3, "met": 1, "late": 1, "missed": 1, "open": 0, "rate": 33.3, "standing": "new",
    }  # fmt: skip
    assert first["people"] == [
        {"username": "seller", "name": "林知远", "duties": 3, "met": 1, "late": 1, "missed": 1, "open": 0}
    ]
    assert [one["due_on"] for one in first["examples"]] == ["2026-03-12"]
    assert (clauses["B"]["missed"], clauses["C"]["open"]) == (3, 1)
    assert clauses["C"]["note"] != ""
    assert (clauses["D"]["tried"], clauses["D"]["waits_for"]) == (False, "")
    assert (clauses["E"]["tried"], "moon.phase" in clauses["E"]["waits_for"]) == (False, True)
    assert told["total"] == {"duties": 7, "met": 1, "late": 1, "missed": 4, "open": 1}
    lines = said("backtest", file, "--from", "2026-01-01", "--to", "2026-03-31")
    assert "duties 3: met 1, late 1, missed 1, open 0 (33.3 %)" in lines
    assert "林知远 seller: missed 1, late 1 of 3" in lines
    assert "waits: " in lines


@pytest.mark.req("GOV-02")
def test_a_clause_in_force_is_tried_as_its_next_version(adopt: Adopt, spring: Company, tmp_path: Path) -> None:
    adopt("A", VISIT_AFTER_ORDER, "2026-01-01")
    judged(spring, "2026-04-01")
    held = sorted(Duty.objects.values_list("pk", "state"))
    wider = {**VISIT_AFTER_ORDER, "within": [20, "days"]}
    span = ("--from", "2026-01-01", "--to", "2026-03-31", "--json")
    for rule, standing, met in ((VISIT_AFTER_ORDER, "unchanged", 1), (wider, "changed", 2)):
        (clause,) = json.loads(said("backtest", book_of(tmp_path, A=rule), *span))["clauses"]
        assert (clause["standing"], clause["met"]) == (standing, met)
    assert sorted(Duty.objects.values_list("pk", "state")) == held
    assert Clause.objects.get().versions.count() == 1


def test_a_clause_that_could_not_be_loaded_is_wrong_on_trial_too(
    adopt: Adopt, company: Company, tmp_path: Path
) -> None:
    adopt("A", MONTHLY_TALK, "2026-01-01")
    load(company, read_book(edited(lambda raw: raw.update(book="other"))))
    file = book_of(tmp_path, A=VISIT_AFTER_ORDER, **{"OWN-1": PHONE_KNOWN}, C=PHONE_KNOWN)
    out = io.StringIO()
    with pytest.raises(CommandError, match="2 clauses cannot be carried out") as error:
        call_command("rulebook", "backtest", file, "--json", stdout=out)
    assert error.value.returncode == 2
    told = json.loads(out.getvalue())
    assert [bool(one["wrong"]) for one in told["clauses"]] == [True, True, False]


def test_only_days_that_are_over_are_tried(company: Company, tmp_path: Path) -> None:
    file = book_of(tmp_path, A=MONTHLY_TALK)
    told = json.loads(said("backtest", file, "--json"))
    assert (told["from"], told["to"]) == ("2026-01-15", "2026-04-14")
    assert "only days that are over" in refused("backtest", file, "--to", "2026-04-15")
    assert "lies after" in refused("backtest", file, "--from", "2026-03-02", "--to", "2026-03-01")
    assert "at most" in refused("backtest", file, "--from", "2020-01-01")
    for word in ("2026-02-30", "yesterday", "0001-01-01", "9999-12-31"):
        with pytest.raises(CommandError, match="is no day"):
            said("backtest", file, "--from", word)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"not json", "not JSON"),
        (json.dumps(SMALL, ensure_ascii=False).encode("gbk"), "UTF-8"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b"[" * 5_000 + b"]" * 5_000, "nested too deeply"),
        (b'{"book": NaN}', "not JSON"),
        (edited(lambda raw: rule_of(raw).update(title="\x00")).encode(), "cannot be stored"),
        (edited(lambda raw: rule_of(raw).update(title="\ud800")).encode(), "not JSON"),
        (edited(lambda raw: rule_of(raw)["spec"].update(kind="sometimes")).encode(), "OWN-1"),
        (b"[]", "book"),
    ],
)
def test_a_bad_file_is_refused_by_name_whatever_is_asked(
    company: Company, tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "bad.json"
    file.write_bytes(content)
    for word in ("load", "check", "backtest"):
        told = refused(word, str(file))
        assert (why in told, "bad.json" in told) == (True, True), told
    assert "no file and no ready book" in refused("check", str(tmp_path))


def test_a_broken_file_names_the_place_and_a_number_that_is_none_is_said_in_plain_words(
    company: Company, tmp_path: Path
) -> None:
    file = tmp_path / "bad.json"
    file.write_text('{"book": "own",\n "regulation" {}}', "utf-8")
    assert refused("check", str(file)).endswith("The file is not JSON: line 2, column 15 cannot be read.")
    for word in ("abc", "-1", "1.5", "²"):
        with pytest.raises(CommandError, match="is no number of a duty"):
            said("explain", f" {word}", command="duties")
    assert "There is no duty 12." in refused("explain", "12", command="duties")


def test_a_file_saved_by_a_notepad_is_read(company: Company, tmp_path: Path) -> None:
    file = tmp_path / "bom.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(SMALL).encode())
    assert said("check", str(file)).rstrip().endswith("ok")


def test_unknown_facts_are_named_and_wait(company: Company, tmp_path: Path) -> None:
    file = book_of(tmp_path, A={**MONTHLY_TALK, "about": "moon.phase"}, B={**VISIT_AFTER_ORDER, "from": "colour"})
    lines = said("check", file).splitlines()
    assert ["waits: " in line for line in lines] == [True, True]
    assert ("moon.phase" in lines[0], "colour" in lines[1]) == (True, True)
    assert "new 2, updated 0, kept 0, dormant 2" in said("load", file)
    assert "new 0, updated 0, kept 2, dormant 2" in said("load", file)


@pytest.mark.parametrize("junk", [None, 7, "x", [], ["x"], {"x": 1}, [[]], [None, None], -1.5, True])
def test_no_part_of_a_rule_that_is_nonsense_breaks_the_reader(junk: object) -> None:
    for rule in (VISIT_AFTER_ORDER, MONTHLY_TALK, PHONE_KNOWN, GUARD):
        for key in (*rule, "excuse", "steps", "points", "parts", "alive", "grace"):
            try:
                read({**rule, key: junk})
            except SpecError as error:
                assert str(error)


def test_commands_on_an_empty_database_say_so(db: None) -> None:
    assert not Company.objects.exists()
    assert json.loads(said("run", "--json", command="duties")) == []
    assert "no company yet" in said("run", command="duties")
    assert {row["loaded"] for row in json.loads(said("list", "--json"))} == {False}
    for words in (("load",), ("export", "system-use"), ("backtest", "system-use")):
        assert "no company yet" in refused(*words)
    assert "no duty 1" in refused("explain", "1", command="duties")
    assert "no duty" in refused("explain", str(10**30), command="duties")
    assert "customer-cards" in said("check", "customer-cards")


def test_an_unknown_company_is_refused(company: Company) -> None:
    for words in (("load", "system-use"), ("export", "system-use"), ("backtest", "system-use"), ("list",)):
        assert "no company nowhere" in refused(*words, "--company", "nowhere")
    assert "no company nowhere" in refused("run", "--company", "nowhere", command="duties")


def test_one_of_several_companies_is_named(company: Company) -> None:
    Company.objects.create(code="second", name="第二家")
    assert "--company" in refused("backtest", "system-use")
    assert {row["company"] for row in json.loads(said("run", "--json", command="duties"))} == {company.code, "second"}


@pytest.mark.req("AUTO-02")
def test_a_run_that_looks_back_writes_nothing_unless_it_begins_anew(adopt: Adopt, spring: Company) -> None:
    adopt("A", VISIT_AFTER_ORDER, "2026-01-01")

    def run(*words: str) -> list[tuple[str, str]]:
        (told,) = json.loads(said("run", *words, "--json", command="duties"))
        return [(duty["due_at"][:10], duty["state"]) for duty in told["duties"]]

    late = run("--as-of", "2026-03-31T18:00")
    assert late == [("2026-01-12", "met"), ("2026-02-12", "late"), ("2026-03-12", "missed")]
    assert run("--as-of", "2026-03-31T18:00") == late
    before = sorted(Duty.objects.values_list("pk", "state"))
    assert run("--as-of", "2026-02-13T12:00") == [("2026-01-12", "met"), ("2026-02-12", "missed")]
    assert sorted(Duty.objects.values_list("pk", "state")) == before
    assert run("--as-of", "2026-02-13T12:00", "--replay") == [("2026-01-12", "met"), ("2026-02-12", "missed")]
    assert run("--as-of", "2026-03-31") == late
    assert DutyRun.objects.get().judged_until == at("2026-03-31 23:59:59.999999")
    for word in ("gestern", "2026-02-30", "0001-01-01", "9999-12-31T23:59"):
        with pytest.raises(CommandError, match="is no moment"):
            said("run", "--as-of", word, command="duties")


def test_the_first_run_over_many_days_looks_at_each_proof_once(adopt: Adopt, spring: Company) -> None:
    adopt("A", VISIT_AFTER_ORDER, "2026-01-01")
    (told,) = json.loads(said("run", "--as-of", "2026-03-31T18:00", "--json", command="duties"))
    assert told["as_of"] == "2026-03-31T18:00+08:00"
    assert {name: n for name, n in told["counted"].items() if n} == {"opened": 3, "kept": 2, "missed": 2}


def test_an_export_that_cannot_be_written_says_so(company: Company, tmp_path: Path) -> None:
    said("load", "system-use", "--from", date(2026, 1, 1).isoformat())
    assert "cannot be written" in refused("export", "system-use", "--output", str(tmp_path / "none" / "out.json"))
