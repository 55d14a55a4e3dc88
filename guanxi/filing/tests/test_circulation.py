"""The month of inspections: circulated with every finding counted, answered by rectification or reward."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from guanxi.conftest import run, saved
from guanxi.filing.models import InspectionPlan, Rectification
from guanxi.filing.services.findings import follow
from guanxi.filing.services.inspection import rounds
from guanxi.filing.tests.conftest import at
from guanxi.filing.tests.files import file
from guanxi.incentives.models import Entry
from guanxi.org.models import Department, Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekly_only")]


@pytest.mark.req("QUAL-13", "FORM-06", "QUAL-11")
def test_the_month_is_circulated_to_all_heads_and_a_large_deviation_proposes_rectification_at_the_branchs_cost(
    client: Client,
    seller: User,
    leader: User,
    accountant: User,
    inspector: User,
    east: Department,
    owner: User,
    headquarters: Department,
    stranger: User,
) -> None:
    east.head, headquarters.head = leader, owner
    saved(east)
    saved(headquarters)
    with at(12, 10):
        for n in range(6):
            file(seller, f"厂{n}号", phone=f"0571-8888111{n}", address="" if n < 2 else "文三路1号")
    with at(16, 6):
        run(rounds)
    plan = Rectification.objects.get()
    assert (plan.department, plan.owner, plan.state) == (east, leader, "proposed")
    client.force_login(leader)
    line = {"line-0-kind": "travel", "line-0-amount": "300", "line-1-kind": "lodging", "line-1-amount": "450.5"}
    held = {"meeting_on": "2026-11-18", "measures": "补齐地址，逐户核对", "due_on": "2026-12-11"}
    form = {
        **held,
        "title": plan.title,
        "state": "running",
        "owner": leader.pk,
        "lines": "3",
        "version": plan.version,
        **line,
    }
    client.post(f"/rectifications/{plan.pk}/edit/", form)
    plan.refresh_from_db()
    assert (plan.state, plan.cost) == ("running", Decimal("750.50"))
    sheet = client.get(f"/rectifications/{plan.pk}/").content.decode()
    assert all(words in sheet for words in (east.name, "补齐地址，逐户核对", "750.5"))
    client.force_login(stranger)
    assert client.get(f"/rectifications/{plan.pk}/").status_code in (403, 404)
    client.force_login(leader)
    Notice.objects.all().delete()
    with at(1, 7, month=12):
        assert run(follow)["circulated"] == 1
        assert run(follow)["circulated"] == 0
    told = Notice.objects.filter(url__contains="/inspection/report/?month=2026-11").values_list(
        "user__username", flat=True
    )
    assert sorted(told) == ["leader", "owner"]
    page = client.get("/inspection/report/?month=2026-11").content.decode()
    assert all(words in page for words in ("LC 16.06.302.07", east.name, "33.3", accountant.name, "11/2026"))
    assert '<td class="num" data-l="Missing">2</td>' in page, "on a phone every figure stands with its name"
    report = client.get("/compliance/report/?month=2026-11").content.decode()
    assert "33.3" in report[report.index("Inspection of files") :]
    book = load_workbook(BytesIO(b"".join(client.get("/inspection/report/?month=2026-11&format=xlsx"))))  # type: ignore[call-overload]
    branch, person = book.active.iter_rows(min_row=2, values_only=True)
    assert branch[:4] == (east.name, 6, 6, 2)
    every_finding = {"Missing": 2, "Not closed": 2}
    for line in (branch, person):
        cells = dict(zip(next(book.active.iter_rows(max_row=1, values_only=True)), line, strict=True))
        assert {head: cells[head] for head in every_finding} == every_finding


@pytest.mark.req("QUAL-11")
def test_a_month_without_defects_earns_a_reward(seller: User, accountant: User, inspector: User) -> None:
    with at(12, 10):
        for n in range(10):
            file(seller, f"厂{n}号", phone=f"0571-8888111{n}")
    with at(16, 6):
        run(rounds)
    with at(1, 7, month=12):
        run(follow)
    entry = Entry.objects.get()
    assert (entry.source, entry.owner, entry.amount, entry.month) == (
        "filing.clean",
        accountant,
        Decimal(20),
        date(2026, 11, 1),
    )


@pytest.mark.req("QUAL-08")
def test_before_the_first_batch_the_list_says_when_files_are_drawn(client: Client, owner: User) -> None:
    client.force_login(owner)
    page = client.get("/inspections/").content.decode()
    plans = list(InspectionPlan.objects.all())
    assert [str(plan) in page for plan in plans] == [plan.is_active for plan in plans]
    assert 'href="/inspection-plans/"' in page
    for plan in plans:
        plan.is_active = False
        saved(plan)
    assert "No plan of inspection is in use" in client.get("/inspections/").content.decode()
