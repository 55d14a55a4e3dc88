"""Files go round between two companies: nothing is doubled, nothing comes back as it came, whatever is run again (ORDER-06)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.erp.models import ErpLink, ErpRun
from guanxi.erp.services import exchange, folder_of
from guanxi.exchange.importing.undo import take_back
from guanxi.kernel import clock, jobs, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Job
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt, Receivable

pytestmark = [pytest.mark.django_db, pytest.mark.req("ORDER-06")]
NOON = datetime(2026, 6, 30, 4, tzinfo=UTC)
OBJECTS = (("customers.account", "customers", "code"), ("sales.order", "orders", ""), ("sales.receipt", "receipts", ""))


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.HOME, settings.EXPORT_ROOT = tmp_path, tmp_path / "exports"
    with clock.shifted(NOON):
        yield


def links_of(person: User, leader: str) -> list[ErpLink]:
    rows = [
        ErpLink(company=person.company, name=folder, what=what, folder=folder, leader=leader, key=key, person=person)
        for what, folder, key in OBJECTS
    ]
    return [saved(row) for row in rows]


def carry(giver: list[ErpLink], taker: list[ErpLink]) -> int:
    """What somebody's file service does: from one `out` to the other `in`."""
    n = 0
    for source, target in zip(giver, taker, strict=True):
        for path in sorted(folder_of(source, "out").iterdir()):
            shutil.move(path, folder_of(target, "in") / path.name)
            n += 1
    return n


def run(links: list[ErpLink]) -> list[ErpRun]:
    return [told for link in links for told in exchange(ErpLink.objects.get(pk=link.pk))]


def books(person: User) -> tuple[Any, ...]:
    """What the books of a company hold."""
    company = person.company_id
    orders = Order.objects.filter(company=company).order_by("number")
    return (
        list(Account.objects.filter(company=company).order_by("code").values_list("code", "name")),
        [(o.number, o.account.code, o.ordered_on, o.amount, o.lines.count()) for o in orders],
        list(
            Receipt.objects.filter(company=company).order_by("number").values_list("number", "account__code", "amount")
        ),
    )


def deal(person: User, code: str) -> Account:
    card = verbs.add(entity(Account), {"name": f"客户{code}有限公司", "code": code}, actor=person)
    lines = [
        {"description": "水泵", "quantity": Decimal(2), "price": Decimal("99.5")}, {"description": "安装", "price": Decimal(30)},
    ]  # fmt: skip
    order = services.place({"account": card}, lines, actor=person)
    services.confirm(order, actor=person)
    verbs.add(entity(Receipt), {"account": card, "amount": Decimal(100)}, actor=person)
    return card


def test_a_round_trip_between_two_companies_makes_no_doubles(owner: User, outsider: User) -> None:
    here, there = links_of(owner, "here"), links_of(outsider, "erp")
    card = deal(owner, "K-1")
    deal(owner, "K-2")
    first = run(here)
    assert [told.written for told in first] == [2, 2, 2]
    assert carry(here, there) == 3
    taken = run(there)
    assert [(told.direction, told.added, told.failed) for told in taken] == [("in", 2, 0)] * 3, [
        t.message for t in taken
    ]
    assert books(outsider) == books(owner)
    assert run(there) == [] and run(here) == []  # what came is not sent back, what was sent is not sent again
    with clock.shifted(NOON + timedelta(hours=1)):
        mirror = Account.objects.get(company=outsider.company, code="K-1")
        verbs.change(entity(Account), mirror.pk, {"name": "客户K-1集团有限公司"}, actor=outsider)
        assert [(told.direction, told.written) for told in run(there)] == [("out", 1)]
        carry(there, here)
        told = run(here)
        assert (told[0].state, told[0].failed) == ("failed", 1)  # this system leads: the file changes nothing
        assert Account.objects.get(pk=card.pk).name == "客户K-1有限公司"
    with clock.shifted(NOON + timedelta(hours=2)):
        ErpLink.objects.filter(pk=here[0].pk).update_silently(leader="erp")
        verbs.change(entity(Account), mirror.pk, {"name": "客户K-1股份有限公司"}, actor=outsider)
        run(there)
        carry(there, here)
        assert [(t.state, t.changed) for t in run(here)] == [("done", 1)]
        assert Account.objects.get(pk=card.pk).name == "客户K-1股份有限公司"
        assert run(here) == [] and run(there) == []
    assert books(outsider) == books(owner)


def test_the_erp_moves_an_order_on_without_anybody_typing_it_again(owner: User) -> None:
    """By a file that says only what became of it, and by one that repeats the lines; never backwards, never by halves."""
    orders = links_of(owner, "erp")[1]
    deal(owner, "K-1")
    first, second = Order.objects.get(), services.place(
        {"account": Account.objects.get()}, [{"description": "阀门", "quantity": Decimal(3), "price": Decimal(10)}], actor=owner
    )  # fmt: skip

    assert [told.written for told in run([orders])] == [2]  # now both sides know them

    def send(name: str, *rows: str) -> ErpRun:
        """What the ERP said is not told back to it: a run that takes this in writes nothing."""
        head = "number,account,ordered_on,state,delivered_on,carrier,lines.description,lines.quantity"
        (folder_of(orders, "in") / name).write_bytes("\n".join([head, *rows]).encode())
        (told,) = run([orders])
        return told

    told = send(
        "a.csv",
        f"{first.number},K-1,2026-06-30,delivered,2026-06-30,顺丰,水泵,2", f"{first.number},K-1,,,,,安装,1",
        f"{second.number},K-1,2026-06-30,confirmed,,,,",
    )  # fmt: skip
    assert (told.state, told.changed, told.failed) == ("done", 2, 0), told.message
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, first.delivered_on, first.carrier) == ("delivered", NOON.date(), "顺丰")
    assert (second.state, first.deliveries.get().state) == ("confirmed", "dispatched")
    assert not Receivable.objects.filter(order=second).exclude(open_amount=30).exists()
    refused = [
        send("b.csv", f"{first.number},K-1,2026-06-30,confirmed,,,,"),
        send("c.csv", f"{first.number},K-1,2026-06-30,completed,,,水泵,3"),
    ]
    assert [(one.state, one.changed, one.failed) for one in refused] == [("failed", 0, 1)] * 2
    take_back.enqueue(user=owner, imported=told.job_id)
    jobs.work_off()
    undone = Job.objects.get(name="exchange.import.undo").result
    assert (undone["undone"], "own verbs" in undone["refused"][0]) == (0, True), "a file does not undo a delivery"
    first.refresh_from_db()
    assert first.state == "delivered"


def test_the_same_content_is_taken_in_once_and_bad_rows_come_back_with_their_reasons(owner: User) -> None:
    link = links_of(owner, "erp")[0]
    content = "编码,客户名称\nK-9,杭州九号有限公司\nK-10,\n".encode()
    for name in ("a.csv", "b.csv"):
        (folder_of(link, "in") / name).write_bytes(content)
    (folder_of(link, "in") / "c.csv.part").write_bytes(content)
    (folder_of(link, "in") / "d.csv").write_bytes("没有用的,表头\n1,2\n".encode())
    told = run([link])
    assert [(t.file, t.state) for t in told][:3] == [("a.csv", "partly"), ("b.csv", "known"), ("d.csv", "failed")], [
        t.message for t in told
    ]
    assert Account.objects.filter(company=owner.company).count() == 1
    assert [path.name for path in folder_of(link, "in").iterdir()] == ["c.csv.part"]
    errors = next(path for path in folder_of(link, "failed").iterdir() if ".errors." in path.name)
    assert "K-10" in errors.read_text("utf-8-sig")


def test_the_shell_runs_it_and_the_log_shows_it(owner: User, client: Client) -> None:
    link = links_of(owner, "erp")[0]
    (folder_of(link, "in") / "new.csv").write_bytes("编码,客户名称\nK-1,杭州一号有限公司\n".encode())
    out = StringIO()
    call_command("erp", "run", stdout=out)
    assert "new.csv" in out.getvalue()
    client.force_login(owner)
    assert "new.csv" in client.get("/erp-files/").content.decode()
    assert "customers" in client.get("/erp-exchanges/").content.decode()


def test_the_interface_tells_what_changed_since(owner: User, client: Client) -> None:
    deal(owner, "K-1")
    client.force_login(owner)
    assert len(client.get("/api/customers/?changed_since=2026-06-30T12:00:00%2B08:00").json()["results"]) == 1
    assert client.get("/api/customers/?changed_since=2026-06-30T12:00:01%2B08:00").json()["results"] == []
    assert client.get("/api/customers/?changed_since=yesterday").status_code == 409


def test_only_who_leads_the_settings_defines_exchanges(seller: User, client: Client) -> None:
    client.force_login(seller)
    assert client.get("/erp-exchanges/").status_code == 403
    form = {"name": "x", "what": "sales.order", "folder": "../x", "direction": "in", "format": "csv", "leader": "erp"}
    assert client.post("/erp-exchanges/new/", form).status_code == 403


def test_who_may_see_the_exchanges_finds_them_in_the_menu(owner: User, seller: User, client: Client) -> None:
    for person, there in ((owner, True), (seller, False)):
        client.force_login(person)
        assert ('class="nav-i" href="/erp-exchanges/"' in client.get("/customers/").content.decode()) is there
