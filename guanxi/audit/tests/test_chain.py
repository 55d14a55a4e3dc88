"""The trail records every change with its unit, and every kind of tampering is found."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from guanxi.audit import anchor, chain, jobs, keys
from guanxi.audit.models import Entry, LaneHead, Verification
from guanxi.audit.services import check_trail, witness
from guanxi.audit.tests.conftest import save_field
from guanxi.kernel import context, work
from guanxi.kernel.models import Company, ExtraField
from guanxi.kernel.work import unit_of_work

pytestmark = pytest.mark.django_db
Attack = Callable[..., None]


def kinds() -> set[str]:
    return {problem.kind for problem in chain.verify().problems}


@pytest.mark.req("QUAL-16", "SEC-09")
def test_a_change_is_kept_with_old_value_person_place_and_reason(company: Company) -> None:
    row = save_field(company, "industry")

    def rename() -> None:
        row.title = "细分行业"
        row.save()

    who = {
        "actor_id": 7,
        "actor_name": "王芳",
        "channel": "web",
        "ip": "10.0.0.8",
        "agent": "Firefox",
        "session": "s1",
        "request": "r1",
    }
    with context.acting(**who):
        unit_of_work(rename, verb="kernel.extrafield.changed", reason="客户来函更正")
    entry = Entry.objects.latest("id")
    assert json.loads(entry.old) == {"title": "行业"}
    assert json.loads(entry.new) == {"title": "细分行业"}
    assert {name: getattr(entry, name) for name in who} == who
    assert (entry.verb, entry.reason) == ("kernel.extrafield.changed", "客户来函更正")
    assert (entry.company_id, entry.label, entry.object_id, entry.title) == (
        company.pk,
        "kernel.extrafield",
        row.pk,
        "细分行业",
    )


def test_a_save_without_a_difference_writes_no_entry(company: Company) -> None:
    row = save_field(company, "industry")
    unit_of_work(row.save)
    assert Entry.objects.count() == 1


def test_changing_there_and_back_in_one_unit_writes_no_entry(company: Company) -> None:
    row = save_field(company, "industry")

    def body() -> None:
        for title in ("别的", "行业"):
            row.title = title
            row.save()

    unit_of_work(body)
    assert Entry.objects.count() == 1


def test_a_row_made_and_changed_in_one_unit_is_one_entry_without_old_values(company: Company) -> None:
    def body() -> None:
        row = save_field(company, "industry")
        row.title = "细分行业"
        row.save()

    unit_of_work(body)
    entry = Entry.objects.get()
    assert (entry.verb, entry.old) == ("kernel.extrafield.created", "{}")
    assert json.loads(entry.new)["title"] == "细分行业"


def test_a_row_changed_and_erased_in_one_unit_is_erased_with_its_first_values(company: Company) -> None:
    row = save_field(company, "industry")

    def body() -> None:
        row.title = "别的"
        row.save()
        row.delete()

    unit_of_work(body)
    entry = Entry.objects.latest("id")
    assert (entry.verb, entry.new, json.loads(entry.old)["title"]) == (
        "kernel.extrafield.erased",
        "{}",
        "行业",
    )


@pytest.mark.req("SEC-09")
def test_an_act_without_a_change_is_witnessed_with_its_details(company: Company) -> None:
    witness("export", "customers.account", company_id=company.pk, rows=120, filter={"level": "A"})
    entry = Entry.objects.get()
    assert (entry.verb, entry.label, entry.object_id, entry.old) == ("export", "customers.account", 0, "")
    assert json.loads(entry.new) == {"rows": 120, "filter": {"level": "A"}}


@pytest.mark.req("QUAL-16")
def test_if_the_trail_cannot_be_written_the_act_fails_too(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    save_field(company, "first")
    keys._read.cache_clear()
    (keys.home() / "audit.key").unlink()
    with pytest.raises(ImproperlyConfigured):
        save_field(company, "second")
    assert list(ExtraField.objects.values_list("name", flat=True)) == ["first"]


def test_a_unit_that_fails_leaves_no_entry(company: Company) -> None:
    def body() -> None:
        save_field(company, "industry")
        raise ValueError

    with pytest.raises(ValueError):
        unit_of_work(body)
    assert (ExtraField.objects.count(), Entry.objects.count()) == (0, 0)


def test_hundreds_of_rows_in_one_unit_cost_three_statements(company: Company, django_assert_num_queries: Any) -> None:
    save_field(company, "first")
    changes = [
        work.Change(company.pk, "customers.account", n, f"客户{n}", "created", {}, {"name": f"客户{n}"})
        for n in range(500)
    ]
    with django_assert_num_queries(3):
        chain.seal(work.Work(verb="import", extra=[], changes={(c.label, c.object_id): c for c in changes}))
    report = chain.verify()
    assert (report.rows, report.intact) == (501, True)


@pytest.mark.parametrize("sql", ["UPDATE audit_entry SET title = 'x'", "DELETE FROM audit_entry"])
@pytest.mark.req("QUAL-16", "SEC-09")
def test_the_database_refuses_to_change_or_delete_an_entry(trail: list[ExtraField], sql: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)
    assert Entry.objects.count() == 9


def test_an_untouched_trail_is_intact_and_counted(trail: list[ExtraField]) -> None:
    anchor.write()
    report = chain.verify()
    assert (report.rows, report.gaps, report.intact, report.anchors) == (
        9,
        0,
        True,
        LaneHead.objects.filter(seq__gt=0).count(),
    )


TAMPERINGS = {
    "a changed value": ('UPDATE audit_entry SET new = \'{"title":"x"}\' WHERE seq = 4', "altered"),
    "a changed person": ("UPDATE audit_entry SET actor_id = 1, actor_name = '李四' WHERE seq = 4", "altered"),
    "a changed time": ("UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE seq = 4", "altered"),
    "a deleted row": ("DELETE FROM audit_entry WHERE seq = 4", "gap"),
    "a deleted tail": ("DELETE FROM audit_entry WHERE seq > 6", "head"),
    "two rows swapped": (
        "UPDATE audit_entry SET seq = -4 WHERE seq = 4; UPDATE audit_entry SET seq = 4 WHERE seq = 5; "
        "UPDATE audit_entry SET seq = 5 WHERE seq = -4",
        "altered",
    ),
    "a row put in twice": (
        "INSERT INTO audit_entry ({columns}) SELECT lane, 10, 98, {rest} FROM audit_entry WHERE seq = 4",
        "altered",
    ),
    "a forged row": (
        "INSERT INTO audit_entry ({columns}) SELECT lane, 10, 99, company_id, at, actor_id, '李四', {tail} FROM audit_entry WHERE seq = 9",
        "head",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
@pytest.mark.req("QUAL-16", "SEC-09")
def test_tampering_is_found(attack: Attack, name: str) -> None:
    sql, kind = TAMPERINGS[name]
    parts = {
        "columns": ", ".join(chain.COLUMNS),
        "rest": ", ".join(chain.COLUMNS[3:]),
        "tail": ", ".join(chain.COLUMNS[7:]),
    }
    assert kinds() == set()
    for statement in sql.split("; "):
        attack(
            statement.replace("{columns}", parts["columns"])
            .replace("{rest}", parts["rest"])
            .replace("{tail}", parts["tail"])
        )
    assert kind in kinds()


@pytest.mark.req("QUAL-16")
def test_a_tail_cut_off_together_with_its_head_is_found_by_the_anchor(attack: Attack) -> None:
    anchor.write()
    attack("DELETE FROM audit_entry WHERE seq > 6")
    end = Entry.objects.get(seq=6)
    LaneHead.objects.filter(pk=end.lane).update(seq=6, mac=end.mac)
    assert kinds() == {"cut"}


def rehash(change: dict[int, dict[str, Any]]) -> None:
    """What somebody with the key does: change rows and link everything after them anew."""
    mac = ""
    for row in Entry.objects.order_by("seq"):
        values = {name: getattr(row, name) for name in chain.COLUMNS[:-1]} | change.get(row.seq, {})
        body = {**values, "at": values["at"].isoformat()}
        mac = chain.mac_of(keys.audit_key(), mac, [*body.values()])
        Entry.objects.filter(pk=row.pk).update(**values, mac=mac)
    LaneHead.objects.filter(seq__gt=0).update(mac=mac)


@pytest.mark.req("QUAL-16")
def test_a_chain_written_anew_with_the_stolen_key_is_found_by_the_anchor(attack: Attack) -> None:
    anchor.write()
    rehash({4: {"actor_name": "李四"}})
    assert kinds() == {"rehashed"}


def test_everything_deleted_is_found_by_the_anchor(attack: Attack) -> None:
    anchor.write()
    attack("DELETE FROM audit_entry")
    attack("DELETE FROM audit_lanehead")
    assert kinds() == {"cut"}


def test_an_unreadable_anchor_is_a_finding(trail: list[ExtraField]) -> None:
    anchor.write()
    anchor.path().write_text("not a line of ours\n", encoding="utf-8")
    assert kinds() == {"anchor"}


def test_one_altered_row_is_reported_once_and_the_rest_still_checked(attack: Attack) -> None:
    attack("UPDATE audit_entry SET title = 'x' WHERE seq IN (3, 7)")
    assert [(problem.seq, problem.kind) for problem in chain.verify().problems] == [
        (3, "altered"),
        (7, "altered"),
    ]


def test_the_anchor_grows_only_when_something_happened(company: Company) -> None:
    assert anchor.write() is False
    save_field(company, "one")
    assert [anchor.write(), anchor.write()] == [True, False]
    save_field(company, "two")
    assert anchor.write() is True
    assert len(anchor.path().read_text(encoding="utf-8").splitlines()) == 2


def test_the_command_says_so_and_ends_with_one_when_the_trail_is_broken(attack: Attack) -> None:
    out, err = StringIO(), StringIO()
    call_command("audit_verify", stdout=out, stderr=err)
    assert "The audit trail is intact." in out.getvalue()
    attack("DELETE FROM audit_entry WHERE seq = 4")
    with pytest.raises(SystemExit) as end:
        call_command("audit_verify", stdout=out, stderr=err)
    assert end.value.code == 1
    assert "lane 0, entry 5: entries before this one are missing" in err.getvalue()
    assert "BROKEN" in err.getvalue()


def test_the_nightly_verification_keeps_its_report(trail: list[ExtraField]) -> None:
    assert jobs.nightly_verification.function(None) == {"intact": True, "rows": 9}
    kept = Verification.objects.get()
    assert (kept.intact, kept.rows, kept.report["gaps"]) == (True, 9, 0)
    assert check_trail().pk > kept.pk


def test_the_key_is_made_once_and_readable_by_its_owner_only(trail: list[ExtraField]) -> None:
    file = keys.home() / "audit.key"
    assert (oct(file.stat().st_mode & 0o777), len(file.read_text())) == ("0o600", 64)


def test_flush_is_refused_outside_tests(trail: list[ExtraField], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.core import mail

    monkeypatch.delattr(mail, "outbox")
    with pytest.raises(CommandError):
        call_command("flush", interactive=False)
