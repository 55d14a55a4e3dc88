"""Class standards in the browser: tried without a trace, published from a day on, and every past day told again."""

from __future__ import annotations

import io
import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.test import Client
from openpyxl import load_workbook

from guanxi.conftest import Hire, saved
from guanxi.custody.models import ExportLog, Safeguard
from guanxi.customers.models import Account, ClassAssignment, ClassScheme, ClassStandard
from guanxi.customers.services.classes import assign_class, run_all_classifications
from guanxi.customers.services.seed import seed
from guanxi.customers.services.standards import enforce_due
from guanxi.insight.services.refresh import recompute
from guanxi.kernel import clock, jobs
from guanxi.kernel.work import unit_of_work
from guanxi.org.models import Department, User
from guanxi.sales import services as sales

pytestmark = pytest.mark.django_db
DAY = date(2026, 10, 12)
POWER = {"f": "purchasing_power", "op": "is", "v": "high"}
LOYAL = {"f": "attitude", "op": "is", "v": "loyal"}


def at(day: date) -> Any:
    return clock.shifted(datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo("Asia/Shanghai")))


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def marketing(hire: Hire, headquarters: Department) -> User:
    found = hire("marketing", "marketing", headquarters, name="严策")
    seed(found.company)
    return found


@pytest.fixture
def scheme(marketing: User) -> ClassScheme:
    classes = [
        {"code": "top", "name": "重要", "grade": "A", "policy": "专人", "where": POWER},
        {"code": "rest", "name": "其余", "grade": "C", "policy": "热线", "where": {}},
    ]
    return saved(ClassScheme(company=marketing.company, code="own", name="自定分级", kind="rules", classes=classes))


@pytest.fixture
def customers(seller: User, stranger: User, marketing: User) -> dict[str, Account]:
    made = {
        "强": {"purchasing_power": "high"},
        "忠": {"attitude": "loyal"},
        "强忠": {"purchasing_power": "high", "attitude": "loyal"},
    }
    rows = {
        name: saved(Account(company=seller.company, owner=seller, department=seller.department, name=name, **values))
        for name, values in made.items()
    }
    values = {"owner": stranger, "department": stranger.department, "purchasing_power": "high"}
    rows["西"] = saved(Account(company=seller.company, name="西", **values))
    return rows


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models() if model._meta.managed}


def now_in(scheme: ClassScheme) -> dict[str, str]:
    rows = ClassAssignment.objects.filter(scheme=scheme, until=None)
    return dict(rows.values_list("account__name", "class_code"))


def nightly() -> None:
    unit_of_work(enforce_due.enqueue)
    unit_of_work(run_all_classifications.enqueue)
    jobs.work_off()


def publish_now(client: Client, scheme: ClassScheme, user: User) -> None:
    client.force_login(user)
    answer = client.post(f"/class-schemes/{scheme.pk}/do/publish/", {"version": scheme.version})
    assert answer.status_code == 302
    jobs.work_off()
    scheme.refresh_from_db()


@pytest.mark.req("CLASS-12", "CLASS-02")
def test_a_what_if_shows_sizes_and_movers_and_leaves_no_trace(
    client: Client, marketing: User, scheme: ClassScheme, customers: dict[str, Account], east: Department
) -> None:
    publish_now(client, scheme, marketing)
    assert now_in(scheme) == {"强": "top", "强忠": "top", "西": "top", "忠": "rest"}
    before = counts()
    query = f"where-top={quote(json.dumps(LOYAL))}&where-rest=%7B%7D"
    answer = client.get(f"/class-schemes/{scheme.pk}/what-if/?{query}")
    page = answer.context["page"]
    assert [(line.code, line.now, line.then) for line in page.trial.lines] == [("top", 3, 2), ("rest", 1, 2)]
    assert sorted((row["name"], row["old"], row["new"]) for row in answer.context["rows"]) == [
        ("强", "重要", "其余"), ("忠", "其余", "重要"), ("西", "重要", "其余"),
    ]  # fmt: skip
    narrowed = client.get(f"/class-schemes/{scheme.pk}/what-if/?{query}&department={east.pk}&move=top>rest")
    assert [row["name"] for row in narrowed.context["rows"]] == ["强"]
    assert counts() == before
    assert now_in(scheme) == {"强": "top", "强忠": "top", "西": "top", "忠": "rest"}
    file = client.post(f"/class-schemes/{scheme.pk}/what-if/?{query}", {"do": "export"})
    sheet = load_workbook(io.BytesIO(b"".join(file.streaming_content))).active
    assert sorted(row[0] for row in sheet.iter_rows(min_row=2, values_only=True)) == ["强", "忠", "西"]
    log = ExportLog.objects.get()
    assert (log.owner, log.rows, bool(log.sha256)) == (marketing, 3, True)
    saved(Safeguard(company=marketing.company, export_rows=2))
    refused = client.post(f"/class-schemes/{scheme.pk}/what-if/?{query}", {"do": "export"})
    assert (refused.status_code, ExportLog.objects.count()) == (409, 1)


@pytest.mark.req("CLASS-12", "CLASS-13")
def test_a_tried_standard_is_published_for_a_later_day_and_past_days_keep_their_classes(
    client: Client, marketing: User, scheme: ClassScheme, customers: dict[str, Account]
) -> None:
    with at(DAY):
        publish_now(client, scheme, marketing)
        url = f"/class-schemes/{scheme.pk}/what-if/?where-top={quote(json.dumps(LOYAL))}&where-rest=%7B%7D"
        sent = {"do": "adopt", "version": scheme.version, "note": "以忠诚为准"}
        late = client.post(url, {**sent, "effective_on": DAY - timedelta(days=1)})
        assert (late.status_code, ClassStandard.objects.filter(scheme=scheme).count()) == (422, 1)
        assert client.post(url, {**sent, "effective_on": DAY + timedelta(days=3)}).status_code == 302
    with at(DAY + timedelta(days=2)):
        nightly()
        assert now_in(scheme)["强"] == "top"
        coming = client.get("/class-standards/?view=coming").content.decode()
        assert "以忠诚为准" in coming
    with at(DAY + timedelta(days=3)):
        nightly()
        assert now_in(scheme) == {"强": "rest", "强忠": "top", "西": "rest", "忠": "top"}
    with at(DAY + timedelta(days=9)):
        told = {}
        for day in (DAY, DAY + timedelta(days=2), DAY + timedelta(days=3)):
            shown = client.get(f"/class-schemes/{scheme.pk}/day/?day={day}")
            told[day] = [line["n"] for line in shown.context["lines"]], shown.context["standard"].effective_on
        assert list(told.values()) == [([3, 1], DAY), ([3, 1], DAY), ([2, 2], DAY + timedelta(days=3))]
        shown = client.get(f"/class-schemes/{scheme.pk}/day/?day={DAY}")
        listed = client.get(shown.context["lines"][1]["url"]).content.decode()
        assert ("忠" in listed, "西" in listed) == (True, False)
        state = shown.context["all_url"].partition("?")[2]
        file = client.post("/class-history/export/", {"state": f"?{state}", "format": "csv"})
        text = b"".join(file.streaming_content).decode("utf-8-sig")
        lines = [line for line in text.splitlines() if not line.startswith("#")]
        assert sorted(line.split(",")[0] for line in lines[1:]) == ["强", "强忠", "忠", "西"]


@pytest.mark.req("QUAL-15", "CLASS-12")
def test_a_classification_is_undone_by_putting_the_earlier_standard_into_force_again(
    client: Client, marketing: User, seller: User, scheme: ClassScheme, customers: dict[str, Account]
) -> None:
    publish_now(client, scheme, marketing)
    before = now_in(scheme)
    url = f"/class-schemes/{scheme.pk}/what-if/?where-top={quote(json.dumps(LOYAL))}&where-rest=%7B%7D"
    sent = {"do": "adopt", "version": scheme.version, "note": "以忠诚为准", "effective_on": clock.today()}
    assert client.post(url, sent).status_code == 302
    jobs.work_off()
    assert now_in(scheme)["强"] == "rest"
    first = ClassStandard.objects.filter(scheme=scheme).order_by("pk").first()
    client.force_login(seller)
    again = f"/class-standards/{first.pk}/do/restore/"
    assert client.post(again, {"version": first.version}).status_code == 403
    client.force_login(marketing)
    assert client.post(again, {"version": first.version}).status_code == 302
    jobs.work_off()
    assert now_in(scheme) == before
    assert ClassStandard.objects.filter(scheme=scheme).count() == 3


@pytest.mark.req("CLASS-13")
def test_a_hand_made_history_gives_the_classes_of_any_day(
    client: Client, marketing: User, scheme: ClassScheme, customers: dict[str, Account]
) -> None:
    rows = (("强", "rest", 1, 10), ("强", "top", 10, 20), ("强", "rest", 20, None), ("忠", "top", 5, None))
    for name, code, since, until in rows:
        saved(ClassAssignment(
            company=scheme.company, account=customers[name], scheme=scheme, class_code=code, since=date(2026, 9, since),
            until=until and date(2026, 9, until),
        ))  # fmt: skip
    client.force_login(marketing)
    with at(DAY):
        found = {}
        for day in (1, 4, 5, 9, 10, 19, 20, 30):
            lines = client.get(f"/class-schemes/{scheme.pk}/day/?day=2026-09-{day:02}").context["lines"]
            found[day] = [line["n"] for line in lines]
    assert found == {1: [0, 1], 4: [0, 1], 5: [1, 1], 9: [1, 1], 10: [2, 0], 19: [2, 0], 20: [1, 1], 30: [1, 1]}


@pytest.mark.req("CLASS-02", "CLASS-10", "CLASS-12")
def test_cut_offs_by_last_years_profit_are_tried_on_the_orders(
    client: Client, marketing: User, owner: User, customers: dict[str, Account]
) -> None:
    # Profit 500, 300, 200 of 1,000; amounts 600, 1,000, 400.
    deals = (("强", 600, 100), ("忠", 1000, 700), ("强忠", 400, 200))
    for name, price, cost in deals:
        line = {"description": "设备", "quantity": Decimal(1), "price": Decimal(price), "unit_cost": Decimal(cost)}
        header = {"account": customers[name], "ordered_on": clock.today(), "owner": owner}
        sales.confirm(sales.place(header, [line], actor=owner), actor=owner)
    unit_of_work(lambda: recompute(owner))
    jobs.work_off()
    by_profit = ClassScheme.objects.get(company=owner.company, code="abc_profit")
    client.force_login(owner)
    page = client.get(f"/class-schemes/{by_profit.pk}/what-if/?params=50,80&months=12").context["page"]
    # Before 强 0 %, before 忠 50 %, before 强忠 80 %.
    lines = [(line.code, line.then, line.amount_then) for line in page.trial.lines if line.code]
    assert lines == [("A", 1, Decimal(600)), ("B", 1, Decimal(1000)), ("C", 1, Decimal(400))]
    sent = {"do": "adopt", "version": by_profit.version, "effective_on": clock.today(), "note": "收紧"}
    assert client.post(f"/class-schemes/{by_profit.pk}/what-if/?params=50,80&months=12", sent).status_code == 302
    jobs.work_off()
    assert now_in(by_profit) == {"强": "A", "忠": "B", "强忠": "C"}
    assert [row.params["cuts"] for row in ClassStandard.objects.filter(scheme=by_profit)] == [[0.5, 0.8], [0.8, 0.95]]


@pytest.mark.req("CLASS-07")
def test_a_class_decided_by_people_stays_until_they_let_the_figures_decide(
    client: Client, marketing: User, owner: User, scheme: ClassScheme, customers: dict[str, Account]
) -> None:
    publish_now(client, scheme, marketing)
    assign_class(customers["强"], actor=owner, scheme=scheme, code="rest", cause="回款困难")
    nightly()
    assert now_in(scheme)["强"] == "rest"
    row = ClassAssignment.objects.get(scheme=scheme, account=customers["强"], until=None)
    client.force_login(owner)
    assert client.post(f"/class-history/{row.pk}/do/free_class/", {"version": row.version}).status_code == 302
    nightly()
    assert now_in(scheme)["强"] == "top"


@pytest.mark.req("ORG-09")
def test_only_marketing_publishes_a_scheme_and_sales_reads_it(
    client: Client, marketing: User, seller: User, leader: User, scheme: ClassScheme, customers: dict[str, Account]
) -> None:
    for person in (seller, leader):
        client.force_login(person)
        assert client.get(f"/class-schemes/{scheme.pk}/").status_code == 200
        assert client.get(f"/class-schemes/{scheme.pk}/edit/").status_code == 403
        for verb in ("publish", "make_policy"):
            answer = client.post(f"/class-schemes/{scheme.pk}/do/{verb}/", {"version": scheme.version})
            assert answer.status_code == 403
        assert client.get(f"/class-schemes/{scheme.pk}/what-if/").status_code == 403
    scheme.refresh_from_db()
    assert (scheme.published_at, ClassStandard.objects.filter(scheme=scheme).exists()) == (None, False)
    publish_now(client, scheme, marketing)
    assert scheme.published_by == marketing
