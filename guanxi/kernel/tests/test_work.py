"""The unit of work: retried without a trace, announced only after COMMIT, parts that fail alone, once per key."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection

from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.kernel import verbs, work
from guanxi.kernel.actions import action, perform_many, verbs_of
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, NotVisible, Refused, Stale
from guanxi.kernel.idempotency import once
from guanxi.kernel.models import Company, ExtraField, IdempotencyKey
from guanxi.kernel.numbering import next_number
from guanxi.org.models import Department, User


def field(company: Company, name: str, **values: Any) -> ExtraField:
    return ExtraField(**{"company": company, "label": "customers.account", "name": name, "title": name, **values})


class Failing:
    """Fails the first `times` attempts of each unit the way a database does."""

    def __init__(self, times: int) -> None:
        self.times, self.seen = times, 0

    def __call__(self, attempt: int) -> None:
        self.seen += 1
        if attempt < self.times:
            raise OperationalError("database is locked")


@pytest.mark.django_db
def test_a_sealer_bound_to_an_entity_runs_when_its_rows_change_even_by_another_sealer(
    company: Company, monkeypatch: Any
) -> None:
    heard: list[str] = []

    def add_field(unit: work.Work) -> None:
        if any(change.label == "org.department" for change in unit.changes.values()):
            field(company, "made").save()

    monkeypatch.setattr(work, "sealers", list(work.sealers))
    work.sealer(90, "kernel.extrafield")(lambda _unit: heard.append("fields"))
    work.sealer(90, "org.team")(lambda _unit: heard.append("teams"))
    work.sealer(80)(add_field)
    work.unit_of_work(lambda: None)
    assert heard == []
    work.unit_of_work(Department(company=company, name="一部", code="d1").save)
    assert heard == ["fields"]


@pytest.mark.django_db
@pytest.mark.req("QUAL-16")
@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_unit_that_has_to_be_repeated_leaves_what_one_attempt_leaves(
    company: Company, monkeypatch: Any, times: int
) -> None:
    monkeypatch.setattr(work, "inject_fault", Failing(times))
    row, heard = field(company, "a"), []

    def body() -> str:
        row.save()
        row.title = "Title"
        row.save()
        work.after_commit(lambda: heard.append(row.version))
        return row.title

    assert work.unit_of_work(body) == "Title"
    stored = ExtraField.objects.get(pk=row.pk)
    assert (stored.version, row.version, heard) == (2, 2, [2])
    entries = Entry.objects.filter(label="kernel.extrafield", object_id=row.pk)
    assert [(e.verb, json.loads(e.new)["title"]) for e in entries] == [("kernel.extrafield.created", "Title")]


@pytest.mark.django_db
def test_a_failed_unit_announces_nothing_and_leaves_objects_unsaved(company: Company) -> None:
    row, heard = field(company, "a"), []

    def body() -> None:
        row.save()
        work.unit_of_work(lambda: work.after_commit(lambda: heard.append(1)))
        raise Refused("no")

    with pytest.raises(Refused):
        work.unit_of_work(body)
    assert (heard, row._state.adding, row.version, ExtraField.objects.count()) == ([], True, 1, 0)
    saved(row)
    assert Entry.objects.filter(object_id=row.pk).count() == 1


@pytest.mark.django_db
def test_other_errors_are_not_repeated(company: Company) -> None:
    tries: list[int] = []

    def body() -> None:
        tries.append(1)
        raise OperationalError("disk is full")

    with pytest.raises(OperationalError):
        work.unit_of_work(body)
    assert tries == [1]


@pytest.mark.django_db
def test_a_part_that_fails_takes_its_trail_with_it(company: Company, owner: User) -> None:
    heard: list[str] = []

    def fail() -> None:
        field(company, "bad").save()
        work.after_commit(lambda: heard.append("bad"))
        raise Refused("no")

    def body() -> None:
        work.part(lambda: (field(company, "good").save(), work.after_commit(lambda: heard.append("good"))))
        with pytest.raises(Refused):
            work.part(fail)

    work.unit_of_work(body)
    assert list(ExtraField.objects.values_list("name", flat=True)) == ["good"]
    assert [json.loads(e.new)["name"] for e in Entry.objects.filter(label="kernel.extrafield")] == ["good"]
    assert heard == ["good"]


@pytest.mark.django_db
def test_a_bulk_verb_keeps_nothing_of_the_rows_that_refuse(company: Company, owner: User, monkeypatch: Any) -> None:
    rows = [saved(field(company, name)) for name in ("a", "b", "c")]
    from guanxi.kernel import actions

    monkeypatch.setattr(actions, "_verbs", {**actions._verbs})

    @action(ExtraField, label="Rename")
    def rename_for_test(row: ExtraField, *, actor: User) -> None:
        row.title = "renamed"
        row.save()
        if row.name == "b":
            raise Refused("not b")

    monkeypatch.setitem(actions._verbs, ExtraField, {"rename_for_test": verbs_of(ExtraField)["rename_for_test"]})
    chosen = verbs_of(ExtraField).pop("rename_for_test")
    done, refusals = perform_many(chosen, [r.pk for r in rows] + [7], actor=owner, params={})
    assert (done, refusals[0], len(refusals)) == (2, (rows[1].pk, "not b"), 2)
    assert list(ExtraField.objects.order_by("name").values_list("title", flat=True)) == ["renamed", "b", "renamed"]
    assert sorted(Entry.objects.filter(verb=chosen.name).values_list("object_id", flat=True)) == sorted(
        [rows[0].pk, rows[2].pk]
    )


@pytest.mark.django_db
def test_stale_writes_are_refused_with_both_versions_at_hand(company: Company, owner: User) -> None:
    row = saved(field(company, "a"))
    verbs.change(entity(ExtraField), row.pk, {"title": "first"}, actor=owner, version=1)
    with pytest.raises(Stale) as stale:
        verbs.change(entity(ExtraField), row.pk, {"title": "second"}, actor=owner, version=1)
    assert (stale.value.row.title, stale.value.row.version) == ("first", 2)


@pytest.mark.django_db
def test_the_bin_gives_back_and_refuses_what_would_stand_twice(company: Company, owner: User, outsider: User) -> None:
    declared = entity(Department)
    one = verbs.add(declared, {"name": "A", "code": "a"}, actor=owner)
    verbs.delete(declared, one.pk, actor=owner, reason="old")
    assert not Department.objects.filter(pk=one.pk).exists()
    with pytest.raises(NotVisible):
        verbs.restore(declared, one.pk, actor=outsider)
    verbs.restore(declared, one.pk, actor=owner)
    assert Department.objects.get(pk=one.pk).name == "A"
    assert Entry.objects.filter(object_id=one.pk).count() == 3


@pytest.mark.django_db
def test_the_same_key_is_carried_out_once(company: Company, owner: User) -> None:
    def body() -> dict[str, Any]:
        return {"n": next_number(company.pk, "SO")}

    first, again = once(owner, "k", body), once(owner, "k", body)
    assert (first[1], again) == (False, (first[0], True))
    with pytest.raises(Refused):
        once(owner, "other", lambda: (_ for _ in ()).throw(Refused("no")))
    assert not IdempotencyKey.objects.filter(key="other").exists()


def at_once(count: int, body: Callable[[int], Any]) -> list[Any]:
    """Run `body(n)` in threads that start together; results or exceptions, in order."""
    gate, results = threading.Barrier(count), [None] * count

    def run(n: int) -> None:
        try:
            gate.wait(10)
            results[n] = body(n)
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_double_click_a_scarce_row_and_numbers_meet_in_threads(company: Company, owner: User) -> None:
    answers = at_once(6, lambda _n: once(owner, "double", lambda: {"n": next_number(company.pk, "DBL")}))
    assert sorted(again for _answer, again in answers) == [False, True, True, True, True, True]
    assert {str(answer) for answer, _again in answers} == {str(answers[0][0])}

    scarce = saved(field(company, "scarce", title="free"))

    def grab(n: int) -> bool:
        return work.unit_of_work(lambda: ExtraField.objects.take(scarce.pk, {"title": "free"}, {"title": str(n)}))

    assert sorted(at_once(6, grab)) == [False] * 5 + [True]
    assert ExtraField.objects.get(pk=scarce.pk).version == 2

    numbers = at_once(6, lambda _n: [work.unit_of_work(lambda: next_number(company.pk, "SO")) for _ in range(3)])
    flat = sorted(number[-4:] for some in numbers for number in some)
    assert flat == [f"{n:04d}" for n in range(1, 19)]

    added = at_once(
        4,
        lambda _n: verbs.add(entity(Department), {"name": "Twin", "code": "twin"}, actor=User.objects.get(pk=owner.pk)),
    )
    assert sorted(type(one).__name__ for one in added) == ["Department", "Invalid", "Invalid", "Invalid"]
    assert isinstance(next(one for one in added if isinstance(one, Exception)), Invalid)


@pytest.mark.django_db
def test_a_twin_that_was_faster_is_told_in_words(company: Company) -> None:
    saved(field(company, "a"))
    tries: list[int] = []

    def body() -> None:
        tries.append(1)
        field(company, "a").save()

    with pytest.raises(IntegrityError):
        work.unit_of_work(body)
    assert len(tries) == 2
