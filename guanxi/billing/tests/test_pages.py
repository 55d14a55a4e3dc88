"""The pages of money: the statement adds up to the cent, ageing leads to its lists, receipts are matched in parts."""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from openpyxl import load_workbook

from guanxi.billing.models import Confirmation
from guanxi.billing.queries.statements import entries, statement_of
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.formats.money import money
from guanxi.formats.tests.papers import page_texts
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order, Receipt, ReceiptShare

Sell, Pay = Callable[..., Order], Callable[..., Receipt]


@pytest.fixture
def dealt(sell: Sell, pay: Pay, boss: User) -> None:
    """Opening 100; in June 300 sold, 100 returned, 250 received and 50 of it given back."""
    sell(1, on=date(2026, 5, 1))
    sell(3, on=date(2026, 6, 2))
    sell(1, on=date(2026, 6, 10), kind="return")
    pay(250, on=date(2026, 6, 20))
    pay(-50, on=date(2026, 6, 21), kind="refund")


@pytest.mark.req("ORDER-04")
def test_the_statement_adds_up_on_the_page_on_paper_and_in_files(
    dealt: None, boss: User, customer: Account, client: Client
) -> None:
    client.force_login(boss)
    url = f"/customers/{customer.pk}/statement/?first=2026-06-01&last=2026-06-30"
    page = html.unescape(client.get(url).content.decode())
    assert re.findall(r'kpi-v num">([^<]+)<', page) == ["¥100", "¥200", "¥200", "¥100"]
    assert re.findall(r'data-l="Balance">([^<]+)<', page) == ["¥400", "¥300", "¥50", "¥100"]
    assert "壹佰元整" in client.get(f"{url}&format=print").content.decode()
    sheet = load_workbook(BytesIO(b"".join(client.get(f"{url}&format=xlsx")))).active  # type: ignore[arg-type]
    rows = list(sheet.iter_rows(values_only=True))  # type: ignore[union-attr]
    assert (len(rows), rows[-1][-1], rows[1][-1]) == (7, 100, 100)
    texts = "".join(page_texts(client.get(f"{url}&format=pdf").content))
    assert "壹佰元整" in texts and customer.name in texts
    assert client.get(f"/customers/{customer.pk}/statement/?first=2026-06-02&last=2026-06-01").status_code in (409, 422)


@pytest.mark.req("ORDER-04")
def test_the_statement_is_read_a_page_at_a_time(
    sell: Sell, pay: Pay, boss: User, customer: Account, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from guanxi.billing.views import statement as view

    monkeypatch.setattr(view, "LINES", 2)
    for _n in range(3):
        sell(1)
    client.force_login(boss)
    url = f"/customers/{customer.pk}/statement/"
    first, second = (client.get(f"{url}?page={n}").content.decode() for n in (1, 2))
    assert (first.count('data-l="Balance"'), second.count('data-l="Balance"')) == (2, 1)
    assert "¥300" in second and "page=2" in first


@pytest.mark.req("ORDER-04")
def test_the_customers_word_is_kept_with_the_difference(
    dealt: None, boss: User, customer: Account, client: Client
) -> None:
    client.force_login(boss)
    form = {
        "account": customer.pk, "first": "2026-06-01", "last": "2026-06-30", "theirs": "90", "person": "财务李姐",
        "confirmed_on": "2026-06-30",
    }  # fmt: skip
    assert client.post("/confirmed-balances/new/", form).status_code == 302
    row = Confirmation.objects.get()
    assert (row.balance, row.difference) == (Decimal(100), Decimal(-10))
    page = client.get(f"/customers/{customer.pk}/statement/").content.decode()
    assert "财务李姐" in page
    assert re.findall(r'class="t-red">difference ([^<]+)<', page) == [str(money(Decimal(-10)))]


def test_opening_and_closing_meet_at_every_day(dealt: None, boss: User, customer: Account) -> None:
    days = [date(2026, 5, 1), date(2026, 6, 2), date(2026, 6, 15), date(2026, 6, 30)]
    for first, last in itertools.pairwise(days):
        told, after = statement_of(customer, boss, days[0], first), statement_of(customer, boss, first, last)
        within = [row for row in entries(after, boss) if row.on == first]
        assert told.closing == after.opening + sum(row.amount for row in within)
        assert (list(entries(after, boss)) or [None])[-1] is None or list(entries(after, boss))[
            -1
        ].balance == after.closing


@pytest.mark.req("CARD-09")
@pytest.mark.req("CARD-10")
def test_ageing_by_customer_leads_to_the_lists_and_to_the_collections(
    sell: Sell, boss: User, customer: Account, client: Client
) -> None:
    sell(1, on=date(2026, 3, 1), due_on=date(2026, 6, 29))
    sell(2, on=date(2026, 3, 1), due_on=date(2026, 3, 1))
    sell(4, on=date(2026, 3, 1), due_on=date(2026, 6, 30))
    client.force_login(boss)
    for by in ("owner", "department", "customer", "grade", "nonsense"):
        page = html.unescape(client.get(f"/receivables/ageing/?by={by}").content.decode())
        total = re.findall(r'data-l="[^"]+"><a href="([^"]+)">([^<]+)</a>', page.rpartition('<th scope="row">')[2])
        assert [amount for _url, amount in total] == ["¥400", "¥100", "¥0", "¥0", "¥200"], by
        assert page.rpartition('<th scope="row">')[2].count("¥700") == 1
        counts = []
        for url, _amount in total[:5]:
            found = client.get(url).content.decode()
            counts.append(len(set(re.findall(r'href="/receivables/(\d+)/"', found))))
        assert counts == [1, 1, 0, 0, 1], by
    assert "/collections/balances/" in page


@pytest.mark.req("ORDER-02")
def test_a_receipt_is_matched_in_parts_over_several_orders(sell: Sell, pay: Pay, boss: User, client: Client) -> None:
    late, early = sell(2, on=date(2026, 6, 1)), sell(3, on=date(2026, 5, 1))
    receipt = pay(350)
    client.force_login(boss)
    assert receipt.number in client.get("/receipts/?view=unmatched").content.decode()
    url = f"/receipts/{receipt.pk}/match/"
    page = client.get(url).content.decode()
    assert re.findall(r'name="amount-(\d+)" value="([^"]*)"', page) == [
        (str(early.pk), "300.00"),
        (str(late.pk), "50.00"),
    ]
    assert url in client.get(f"/receipts/{receipt.pk}/").content.decode()
    for bad in ("400", "abc", "-5", "1e99", "0.001"):
        refused = client.post(url, {f"amount-{early.pk}": bad, "key": f"k{bad}"})
        assert refused.status_code == 422 and not ReceiptShare.objects.exists(), bad
    assert client.post(url, {f"amount-{early.pk}": "100", f"amount-{late.pk}": "200", "key": "k"}).status_code == 302
    assert [Order.objects.get(pk=one.pk).received for one in (early, late)] == [Decimal(100), Decimal(200)]
    assert Receipt.objects.get(pk=receipt.pk).unmatched == Decimal(50)
    form = {"order": late.pk, "reason": "应付另一单"}
    assert client.post(f"/receipts/{receipt.pk}/do/deallocate/", form).status_code == 302
    assert Receipt.objects.get(pk=receipt.pk).unmatched == Decimal(250)


@pytest.mark.req("ORDER-04")
def test_the_menu_of_a_customer_leads_to_its_statement_from_every_part_and_only_whom_it_is_open_to(
    boss: User, customer: Account, client: Client
) -> None:
    way = f'<li><a class="dropdown-item" href="/customers/{customer.pk}/statement/">'
    client.force_login(boss)
    for part in ("", "tab/contacts/", "history/"):
        assert way in client.get(f"/customers/{customer.pk}/{part}").content.decode(), part
    role = boss.roles.get()
    role.grants = dict.fromkeys(("customers.account", "sales.order", "sales.receipt"), role.grants["*"])
    role.grants["sales.order"] = {**role.grants["sales.order"], "hidden": ["amount"]}
    saved(role)
    assert way not in client.get(f"/customers/{customer.pk}/").content.decode()


@pytest.mark.req("ORDER-01")
def test_one_page_tells_where_an_order_stands(sell: Sell, pay: Pay, boss: User, client: Client) -> None:
    order = sell(3)
    services.deliver(order, actor=boss, waybill="SF9")
    services.auto_allocate(pay(120), actor=boss)
    client.force_login(boss)
    page = client.get(f"/orders/{order.pk}/").content.decode()
    glance = page[page.index("Where the order stands") :]
    assert "SF9" in glance and "¥120 of ¥300" in glance and "¥0 of ¥300" in glance and "Not invoiced" in glance
    card = client.get(f"/customers/{order.account_id}/").content.decode()
    assert f"/customers/{order.account_id}/statement/" in card
