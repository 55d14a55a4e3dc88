"""Invoices over the pages: headers, parts of several orders, issue, void, red, and what is not invoiced yet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.billing.models import Invoice
from guanxi.billing.tests.conftest import save, uscc
from guanxi.customers.models import InvoiceTitle
from guanxi.org.models import User
from guanxi.sales.models import Order

Sell = Callable[..., Order]
NUMBER = "24332000000123456789"


def made(client: Client, order: Order, **form: Any) -> Invoice:
    assert client.post(f"/orders/{order.pk}/do/make_invoice/", form).status_code == 302
    return Invoice.objects.latest("pk")


@pytest.mark.req("ORDER-04")
def test_an_invoice_over_parts_of_several_orders(sell: Sell, boss: User, header: InvoiceTitle, client: Client) -> None:
    client.force_login(boss)
    first, second = sell(3), sell(2)
    invoice = made(client, first, amount="100")
    form = {
        "account": invoice.account_id, "header": header.pk, "tax_rate": "13", "version": invoice.version, "lines": "2",
        "line-0-id": invoice.lines.get().pk, "line-0-order": first.pk, "line-0-amount": "100",
        "line-1-order": second.pk, "line-1-amount": "200", "kind": "special",
    }  # fmt: skip
    assert client.post(f"/invoices/{invoice.pk}/edit/", form).status_code == 302
    invoice = Invoice.objects.get()
    assert (invoice.amount, invoice.tax) == (Decimal(300), Decimal("34.51"))
    assert client.post(f"/invoices/{invoice.pk}/do/issue/", {"number": NUMBER}).status_code == 302
    invoice = Invoice.objects.get()
    assert invoice.as_issued is not None
    assert (invoice.state, invoice.as_issued.content["tax_id"]) == ("issued", uscc())
    header.title = "启明智能装备有限公司"
    save(header)
    assert Invoice.objects.get().as_issued.title == "杭州启明机械有限公司"
    page = client.get("/orders/?view=to-invoice").content.decode()
    assert first.number in page and second.number not in page
    over = client.post(f"/orders/{first.pk}/do/make_invoice/", {"amount": "200.01"})
    assert over.status_code == 422 and "200.00" in over.content.decode()


@pytest.mark.req("ORDER-04")
def test_an_issued_invoice_is_voided_or_reversed_in_red_and_never_changed(
    sell: Sell, boss: User, header: InvoiceTitle, client: Client
) -> None:
    client.force_login(boss)
    order = sell(3)
    invoice = made(client, order)
    client.post(f"/invoices/{invoice.pk}/do/issue/", {"number": NUMBER})
    invoice = Invoice.objects.get()
    form = {"tax_rate": "6", "account": invoice.account_id, "version": invoice.version}
    assert client.post(f"/invoices/{invoice.pk}/edit/", form).status_code == 409
    assert client.post(f"/invoices/{invoice.pk}/do/reverse/", {"reason": "退一台", "amount": "100"}).status_code == 302
    red = Invoice.objects.latest("pk")
    assert (red.amount, red.tax, red.reverses_id, red.state) == (Decimal(-100), Decimal("-11.50"), invoice.pk, "issued")
    assert Order.objects.get(pk=order.pk).invoicing.invoiced == Decimal(200)
    assert client.post(f"/invoices/{invoice.pk}/do/void_invoice/", {"reason": "错"}).status_code == 422
    assert client.post(f"/invoices/{invoice.pk}/do/reverse/", {"reason": "其余", "amount": "200.01"}).status_code == 422
    assert client.post(f"/invoices/{invoice.pk}/do/reverse/", {"reason": "其余"}).status_code == 302
    assert Invoice.objects.get(pk=invoice.pk).state == "reversed"
    assert Order.objects.get(pk=order.pk).invoicing.invoiced_how == "none"
    again = made(client, order)
    assert client.post(f"/invoices/{again.pk}/do/void_invoice/", {"reason": "抬头错"}).status_code == 302
    assert Order.objects.get(pk=order.pk).invoicing.invoiced == 0


def test_without_a_header_nothing_is_issued(sell: Sell, boss: User, client: Client) -> None:
    client.force_login(boss)
    invoice = made(client, sell(1))
    refused = client.post(f"/invoices/{invoice.pk}/do/issue/", {})
    assert refused.status_code == 422 and "no invoice header" in refused.content.decode()
