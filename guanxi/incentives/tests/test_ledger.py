"""The ledger: proposed, confirmed, objected, decided; nothing booked changes, closed months least of all."""

from __future__ import annotations

import html
import re
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from openpyxl import load_workbook

from guanxi.conftest import saved
from guanxi.incentives.models import Entry, Measure, MonthClose, Report
from guanxi.incentives.queries.ledger import balance
from guanxi.incentives.tests.conftest import Do, on, proposal
from guanxi.kernel import clock, work
from guanxi.org.models import User

pytestmark = pytest.mark.django_db
YUAN = "yuan"


@pytest.mark.req("PERF-03")
def test_the_head_proposes_by_hand_with_evidence_and_confirms_and_only_then_it_counts(
    client: Client, do: Do, leader: User, seller: User, stranger: User
) -> None:
    client.force_login(leader)
    form = {
        "title": "未交拜访表",
        "owner": seller.pk,
        "amount": "-20",
        "unit": "yuan",
        "month": "2026-11-20",
        "text": "11月18日",
    }
    with on("2026-11-20"):
        assert client.post("/incentives/new/", {**form, "text": ""}).status_code == 422, "evidence or a clause"
        assert client.post("/incentives/new/", {**form, "owner": leader.pk}).status_code == 422, "not for oneself"
        assert client.post("/incentives/new/", {**form, "owner": stranger.pk}).status_code == 422, "not in reach"
        answer = client.post("/incentives/new/", form)
        assert answer.status_code in (302, 204), answer.content.decode()[-6000:]
        entry = Entry.objects.get()
        assert (entry.state, entry.month, balance(seller)[YUAN]) == ("proposed", date(2026, 11, 1), Decimal(0))
        assert do(leader, entry, "confirm") in (302, 204)
    assert (entry.state, entry.booked_on, entry.confirmed_by) == ("confirmed", date(2026, 11, 20), leader)
    assert entry.object_until == date(2026, 11, 27), "five working days"
    assert balance(seller)[YUAN] == Decimal(-20)
    assert balance(seller, date(2026, 11, 19))[YUAN] == Decimal(0)
    client.force_login(seller)
    page = client.get("/incentives/?view=mine").content.decode()
    assert "未交拜访表" in page and "-20" in page


@pytest.mark.req("PERF-03")
def test_an_upheld_objection_takes_back_by_a_new_entry_that_names_the_first(
    do: Do, leader: User, seller: User, rival: User, specialist: User
) -> None:
    with on("2026-11-20"):
        entry = proposal(seller)
        do(leader, entry, "confirm")
        assert do(rival, entry, "object_to", reason="x") == 404
        assert do(seller, entry, "object_to", reason="") == 422
        do(seller, entry, "object_to", reason="当天请假")
        assert (entry.state, entry.objection, balance(seller)[YUAN]) == ("objected", "当天请假", Decimal(-20))
        assert do(leader, entry, "uphold", reason="属实") == 422, "whoever confirmed it does not judge"
    with on("2026-12-02"):
        do(specialist, entry, "uphold", reason="属实")
    counter = Entry.objects.get(reverses=entry)
    assert (entry.state, entry.note, entry.amount, entry.booked_on) == ("reversed", "属实", -20, date(2026, 11, 20))
    assert (counter.amount, counter.owner, counter.month) == (Decimal(20), seller, date(2026, 12, 1))
    assert balance(seller, date(2026, 12, 1))[YUAN] == Decimal(-20)
    assert balance(seller, date(2026, 12, 2))[YUAN] == Decimal(0)


@pytest.mark.req("PERF-03")
def test_who_decides_on_an_objection_reads_it_on_top_and_in_the_dialog_of_the_decision(
    client: Client, do: Do, leader: User, seller: User, specialist: User
) -> None:
    entry = proposal(seller)
    do(leader, entry, "confirm")
    client.force_login(specialist)
    assert " objected on " not in client.get(f"/incentives/{entry.pk}/").content.decode()
    do(seller, entry, "object_to", reason="当天请假")
    client.force_login(specialist)
    for address in ("", "do/uphold/", "do/reject/"):
        page = client.get(f"/incentives/{entry.pk}/{address}").content.decode()
        assert f"{seller.name} objected on " in page and "当天请假" in page
    page = client.get(f"/incentives/{entry.pk}/").content.decode()
    assert page.index("当天请假") < page.index('<section class="card'), "before anything else"


@pytest.mark.req("PERF-03")
def test_each_row_of_the_ledger_offers_only_what_makes_sense_there(
    client: Client, do: Do, leader: User, seller: User
) -> None:
    def offered(user: User) -> set[str]:
        client.force_login(user)
        html = client.get("/incentives/?view=all").content.decode()
        return {verb for verb in ("confirm", "object_to") if f"/do/{verb}/" in html}

    with on("2026-11-20"):
        entry = proposal(seller)
        assert (offered(leader), offered(seller)) == ({"confirm"}, {"object_to"})
        do(leader, entry, "confirm")
        assert (offered(leader), offered(seller)) == (set(), {"object_to"})
    with on("2026-11-28"):
        assert offered(seller) == set(), "the time for an objection is over"


@pytest.mark.req("PERF-03")
def test_a_rejected_objection_stays_with_its_reason_and_a_late_one_is_refused(
    do: Do, leader: User, seller: User, specialist: User
) -> None:
    with on("2026-11-20"):
        kept, late = proposal(seller), proposal(seller)
        do(leader, kept, "confirm")
        do(leader, late, "confirm")
    with on("2026-11-27"):
        do(seller, kept, "object_to", reason="当天请假")
        do(specialist, kept, "reject", reason="无请假记录")
    assert (kept.state, kept.note, kept.decided_by) == ("kept", "无请假记录", specialist)
    with on("2026-11-28"):
        assert do(seller, late, "object_to", reason="太晚") == 422
    assert (late.state, balance(seller)[YUAN]) == ("confirmed", Decimal(-40))


@pytest.mark.req("PERF-03")
def test_nobody_changes_or_deletes_an_entry_not_even_the_database(
    client: Client, do: Do, owner: User, seller: User
) -> None:
    with on("2026-11-20"):
        entry = proposal(seller)
        do(owner, entry, "confirm")
    client.force_login(owner)
    assert client.post(f"/incentives/{entry.pk}/edit/", {"amount": "5", "version": entry.version}).status_code == 403
    assert client.post(f"/incentives/{entry.pk}/delete/", {"version": entry.version}).status_code == 403
    table = "UPDATE incentives_entry SET "
    for statement in (
        f"{table}amount = 5", f"{table}owner_id = {owner.pk}", f"{table}month = '2026-10-01'", f"{table}booked_on = NULL",
        f"{table}deleted_at = '2026-11-20'", "DELETE FROM incentives_entry",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    entry.refresh_from_db()
    assert (entry.amount, entry.owner) == (Decimal(-20), seller)


@pytest.mark.req("PERF-04")
def test_a_closed_month_never_changes_and_what_comes_later_goes_into_the_current_one(
    client: Client, do: Do, leader: User, seller: User, specialist: User
) -> None:
    with on("2026-11-20"):
        booked, open_one = proposal(seller), proposal(seller, -30)
        do(leader, booked, "confirm")
        client.force_login(specialist)
        assert client.post("/incentive-months/new/", {"month": "2026-11-01"}).status_code == 422, "it is not over"
    client.force_login(leader)
    assert client.post("/incentive-months/new/", {"month": "2026-11-01"}).status_code == 403
    with on("2026-12-03"):
        client.force_login(specialist)
        asked = client.get("/incentives/month/?month=2026-11").content.decode()
        assert 'href="/incentive-months/new/?month=2026-11-01"' in asked
        form = client.get("/incentive-months/new/?month=2026-11-01").content.decode()
        row = re.search(r">2026-11</a>.*?</tr>", form, re.DOTALL)
        assert row is not None and re.findall(r'data-l="[^"]+">(?:<a[^>]*>)?([^<]+)<', row[0]) == [
            "1",
            "−20.00",
            "0.00",
            "1",
        ]
        assert 'value="2026-11-01"' in form, "the month is filled in"
        undecided = client.get(html.unescape(re.findall(r'class="t-red" href="([^"]+)"', form)[0])).content.decode()
        assert (f"/incentives/{open_one.pk}/" in undecided, f"/incentives/{booked.pk}/" in undecided) == (True, False)
        client.post("/incentive-months/new/", {"month": "2026-11-15"})
        assert "/incentive-months/new/" not in client.get("/incentives/month/?month=2026-11").content.decode()
        assert "Every month that is over is closed" in client.get("/incentive-months/new/").content.decode()
        closed = MonthClose.objects.get()
        assert (closed.month, closed.entries, closed.yuan) == (date(2026, 11, 1), 1, Decimal(-20))
        assert client.post("/incentive-months/new/", {"month": "2026-11-01"}).status_code == 422
        assert client.post(f"/incentive-months/{closed.pk}/delete/", {"version": 1}).status_code == 403
        before = client.get("/incentives/month/?month=2026-11&format=xlsx")
        do(leader, open_one, "confirm")
        do(specialist, booked, "reverse_entry", reason="重复")
        late = proposal(seller, 10, month="2026-11")
        do(leader, late, "confirm")
        client.force_login(specialist)
        after = client.get("/incentives/month/?month=2026-11&format=xlsx")
    assert rows_of(before) == rows_of(after) == [("华东一店", "林知远", 0, -20, -20, 0, 0, 0)]
    later = Entry.objects.exclude(pk=booked.pk).order_by("amount").values_list("amount", "month")
    assert list(later) == [(amount, date(2026, 12, 1)) for amount in (-30, 10, 20)]
    for statement in (
        "UPDATE incentives_monthclose SET month = '2026-10-01'", "DELETE FROM incentives_monthclose",
        "UPDATE incentives_entry SET month = '2026-11-01' WHERE amount = 10",
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        work.unit_of_work(
            Entry(company=seller.company, owner=seller, title="补", amount=5, month=date(2026, 11, 1),
                  booked_on=date(2026, 12, 3)).save
        )  # fmt: skip


def rows_of(response: Any) -> list[tuple[Any, ...]]:
    book = load_workbook(BytesIO(b"".join(response)))
    return list(book.active.iter_rows(min_row=2, values_only=True))  # type: ignore[union-attr]


@pytest.mark.req("PERF-03", "QUAL-11")
def test_heads_see_their_people_a_person_only_the_own_account(
    client: Client, leader: User, seller: User, rival: User, stranger: User, specialist: User, outsider: User
) -> None:
    with on("2026-11-20"):
        proposal(seller, title="本店一"), proposal(rival, title="本店二"), proposal(stranger, title="外店")
        seen = {
            person: [title for title in ("本店一", "本店二", "外店") if title in _list(client, person)]
            for person in (seller, leader, specialist, outsider)
        }
        assert list(seen.values()) == [["本店一"], ["本店一", "本店二"], ["本店一", "本店二", "外店"], []]
        client.force_login(leader)
        sheet = client.get("/incentives/month/?month=2026-11").content.decode()
        assert ("本店一" in sheet, "外店" in sheet) == (True, False)


def _list(client: Client, person: User) -> str:
    client.force_login(person)
    return client.get("/incentives/?view=all").content.decode()


@pytest.mark.req("PERF-02")
def test_a_measure_holds_once_approved_and_a_fine_is_booked(
    client: Client, do: Do, heads: None, leader: User, owner: User, seller: User
) -> None:
    client.force_login(leader)
    form = {"person": seller.pk, "kind": "fine", "reason": "多次迟交", "amount": "50", "effective_on": "2026-11-20"}
    with on("2026-11-20"):
        assert client.post("/measures/new/", {**form, "kind": "praise"}).status_code == 422, "praise has no amount"
        assert client.post("/measures/new/", {**form, "person": leader.pk}).status_code == 422
        client.post("/measures/new/", form)
        measure = Measure.objects.get()
        do(leader, measure, "propose_measure")
        assert (measure.state, balance(seller)[YUAN]) == ("asked", Decimal(0))
        assert client.post(f"/measures/{measure.pk}/edit/", {**form, "version": measure.version}).status_code == 403
        client.force_login(seller)
        assert client.get(f"/measures/{measure.pk}/").status_code in (403, 404)
        from guanxi.approvals.models import Approval

        client.force_login(owner)
        client.post(f"/approvals/{Approval.objects.get().pk}/do/agree/", {"opinion": "同意"})
        measure.refresh_from_db()
        assert (measure.state, measure.entry and measure.entry.amount) == ("approved", Decimal(-50))
        assert balance(seller)[YUAN] == Decimal(-50)
        client.force_login(seller)
        assert "多次迟交" in client.get("/incentives/?view=mine").content.decode()


@pytest.mark.req("PERF-05")
def test_a_colleague_reports_in_confidence_and_the_head_decides(
    client: Client, do: Do, heads: None, leader: User, seller: User, rival: User, specialist: User
) -> None:
    client.force_login(rival)
    form = {"person": seller.pk, "text": "拜访表补填", "evidence": "与定位不符", "seen_on": "2026-11-19"}
    with on("2026-11-20"):
        assert client.post("/colleague-reports/new/", {**form, "person": rival.pk}).status_code == 422
        client.post("/colleague-reports/new/", form)
        report = Report.objects.get()
        for person, status in ((rival, 200), (leader, 200), (seller, 404)):
            client.force_login(person)
            assert client.get(f"/colleague-reports/{report.pk}/").status_code == status, person
        assert do(rival, report, "accept", amount="-10", note="x") == 403
        do(leader, report, "accept", amount="-10", in_points="on", note="核实属实")
        entry = Entry.objects.get()
        assert (report.state, entry.owner, entry.amount, entry.unit) == ("accepted", seller, Decimal(-10), "points")
        client.force_login(seller)
        assert rival.name not in client.get(f"/incentives/{entry.pk}/").content.decode()
        assert do(seller, entry, "object_to", reason="不属实") in (302, 204)
        client.force_login(rival)
        client.post("/colleague-reports/new/", {**form, "person": leader.pk, "text": "店长包庇"})
        client.post("/colleague-reports/new/", {**form, "person": specialist.pk, "text": "专员迟到"})
    client.get("/")  # the messages of what was saved are shown here
    client.force_login(leader)
    assert "店长包庇" not in client.get("/colleague-reports/?view=all").content.decode()
    client.force_login(specialist)
    page = client.get("/colleague-reports/?view=all").content.decode()
    assert ("店长包庇" in page, "专员迟到" in page) == (True, False)


@pytest.mark.req("ACCT-05")
def test_a_successor_does_not_inherit_the_ledger(seller: User) -> None:
    from guanxi.org.holdings import all_holds

    proposal(seller)
    hold = next(one for one in all_holds() if one.key == ("incentives.entry", "owner"))
    assert (hold.rows(seller).count(), hold.open(seller).count()) == (1, 0)


@pytest.mark.req("PERF-01", "PERF-04")
def test_amounts_stand_with_thousands_and_cents_in_list_sheet_and_appraisal(
    client: Client, seller: User, owner: User, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    saved(
        Entry(
            company=seller.company, owner=seller, department=seller.department, title="全年回访无逾期",
            amount=Decimal("-1234.5"), state=Entry.State.CONFIRMED, booked_on=clock.today(),
        )
    )  # fmt: skip
    client.force_login(owner)
    for address in ("/incentives/?view=all", "/incentives/month/", "/appraisal/", f"/appraisal/?person={seller.pk}"):
        assert "−1,234.50" in client.get(address).content.decode(), address
    assert 'class="paper paper-wide"' in client.get("/appraisal/").content.decode(), "many columns lie across"


@pytest.mark.req("PERF-03")
def test_an_entry_shows_objection_and_decision_once_there_is_one(
    client: Client, do: Do, leader: User, seller: User
) -> None:
    entry = proposal(seller)
    client.force_login(leader)
    assert "Objection and decision" not in client.get(f"/incentives/{entry.pk}/").content.decode()
    do(leader, entry, "confirm")
    assert "Objection and decision" in client.get(f"/incentives/{entry.pk}/").content.decode()
