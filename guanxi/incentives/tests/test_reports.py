"""Reports about colleagues: peers and supervisors make them, nobody decides on their own, each is decided once (PERF-05)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client

from guanxi.incentives.models import Entry, Report
from guanxi.incentives.tests.conftest import Do, on
from guanxi.org.models import Notice, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("heads")]


@pytest.mark.req("PERF-05")
def test_a_head_who_reports_does_not_decide_and_what_is_decided_stays(
    client: Client, do: Do, leader: User, owner: User, seller: User, specialist: User
) -> None:
    with on("2026-11-20"):
        client.force_login(leader)
        form = {"person": seller.pk, "text": "资料卡补写", "evidence": "修改记录", "seen_on": "2026-11-19", "key": "r"}
        assert client.post("/colleague-reports/new/", form).status_code == 302
        report = Report.objects.get()
        assert do(leader, report, "accept", amount="-10", note="属实") in (403, 422), "one's own report"
        assert (report.state, Entry.objects.count()) == ("open", 0)
        assert do(seller, report, "dismiss", note="不属实") in (403, 404)
        assert do(specialist, report, "accept", amount="-10", note=" ") == 422
        assert do(specialist, report, "accept", amount="-10", note="核对无误") in (204, 302)
        assert (report.state, report.decided_by, Entry.objects.get().amount) == ("accepted", specialist, Decimal(-10))
        assert do(owner, report, "dismiss", note="改判") in (409, 422)
        assert (Report.objects.get().state, Entry.objects.count()) == ("accepted", 1)
        assert Notice.objects.filter(user=leader, url=f"/colleague-reports/{report.pk}/").count() == 1


@pytest.mark.req("PERF-05")
def test_a_report_that_is_dismissed_books_nothing_and_its_author_hears_of_it(
    client: Client, do: Do, leader: User, seller: User, rival: User
) -> None:
    with on("2026-11-20"):
        client.force_login(rival)
        form = {"person": seller.pk, "text": "未打卡拜访", "evidence": "当日在店", "seen_on": "2026-11-19", "key": "r"}
        assert client.post("/colleague-reports/new/", form).status_code == 302
        report = Report.objects.get()
        assert do(rival, report, "dismiss", note="x") == 403
        assert do(leader, report, "dismiss", note="已核对，系补录") in (204, 302)
        assert (report.state, Entry.objects.count()) == ("dismissed", 0)
        client.force_login(rival)
        assert "已核对，系补录" in client.get(f"/colleague-reports/{report.pk}/").content.decode()
    assert Notice.objects.filter(user=rival, url=f"/colleague-reports/{report.pk}/").count() == 1
