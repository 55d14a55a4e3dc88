"""Nobody bends booked figures unseen: every way of changing them leaves a correction, and may need a yes first."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.corrections import protections
from guanxi.corrections.models import Correction, CorrectionRule
from guanxi.customers.models import Account
from guanxi.incentives.models import MonthClose
from guanxi.kernel import context, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.sales import services
from guanxi.sales.models import Order, OrderLine, Receipt

pytestmark = [pytest.mark.django_db, pytest.mark.req("SALE-06")]
Sell = Callable[..., Order]
Rule = Callable[..., CorrectionRule]
SAID = (204, 302)


def told() -> list[tuple[str, str, str]]:
    return list(Correction.objects.order_by("id").values_list("field", "before", "after"))


def form_of(order: Order, **values: Any) -> dict[str, Any]:
    return {
        "account_id": order.account_id, "kind": order.kind, "ordered_on": order.ordered_on.isoformat(),
        "due_on": order.due_on.isoformat() if order.due_on else "", "number": order.number, "currency": order.currency,
        "owner_id": order.owner_id, "version": order.version, **values,
    }  # fmt: skip


def test_a_form_that_moves_a_booked_order_leaves_a_correction_with_who_what_and_how_late(
    client: Client, sell: Sell, seller: User, customer: Account
) -> None:
    order, draft = sell(on=date(2026, 6, 10)), sell(on=date(2026, 6, 10), confirm=False)
    client.force_login(seller)
    for row in (order, draft):
        answer = client.post(f"/orders/{row.pk}/edit/", form_of(row, ordered_on="2026-05-31"))
        assert answer.status_code in SAID, answer.content.decode()
    assert told() == [("ordered_on", "2026-06-10", "2026-05-31")], "the draft was not booked yet"
    row = Correction.objects.get()
    assert (row.object_id, row.title, row.customer) == (order.pk, order.number, customer.name)
    assert (row.owner, row.days, row.dated_on, row.channel) == (seller, 20, date(2026, 6, 10), "web")
    assert (row.approved_by, row.in_closed) == (None, False)
    page = client.get(f"/orders/{order.pk}/").content.decode()
    assert "2026-06-10 → 2026-05-31" in page


def test_a_changed_line_of_a_booked_order_is_a_correction_of_its_amount(sell: Sell, seller: User) -> None:
    order = sell(3)
    line = order.lines.get()
    verbs.change(entity(OrderLine), line.pk, {"quantity": Decimal(2)}, actor=seller)
    assert told() == [("amount", "300.00", "200.00")]
    assert Correction.objects.get().difference == Decimal("-100.00")


def test_the_interface_and_a_verb_leave_corrections_too(client: Client, sell: Sell, seller: User) -> None:
    order = sell(3)
    work.unit_of_work(lambda: _silent_owner(order, seller))
    services.cancel(Order.objects.get(pk=order.pk), actor=seller, reason="客户撤单")
    assert ("state", "已确认", "已取消") in told() or ("state", "Confirmed", "Cancelled") in told()
    assert Correction.objects.get(field="state").reason == "客户撤单"
    services.confirm(sell(1, confirm=False), actor=seller)
    assert Correction.objects.filter(field="state").count() == 1, "the ordinary course is no correction"


def _silent_owner(order: Order, person: User) -> None:
    row = Order.objects.get(pk=order.pk)
    row.hand_to(person)
    row.save()


def test_a_receipt_may_change_hands_only_with_a_trace(
    sell: Sell, seller: User, rival: User, customer: Account, owner: User
) -> None:
    values = {"account": customer, "amount": Decimal(50), "received_on": date(2026, 6, 1)}
    receipt = verbs.add(entity(Receipt), values, actor=owner)
    verbs.change(entity(Receipt), receipt.pk, {"owner": rival}, actor=owner)
    assert told() == [("owner", owner.name, rival.name)]


def test_what_needs_a_yes_is_refused_directly_and_done_once_the_head_agrees(
    client: Client, sell: Sell, rule: Rule, seller: User, head: User
) -> None:
    old, young = sell(on=date(2026, 5, 10)), sell(on=date(2026, 6, 25))
    rule("ordered_on", from_days=30)
    client.force_login(seller)
    answer = client.post(f"/orders/{old.pk}/edit/", form_of(old, ordered_on="2026-06-01"))
    assert answer.status_code in (409, 422) and "Ask for a correction" in answer.content.decode()
    assert client.post(f"/orders/{young.pk}/edit/", form_of(young, ordered_on="2026-06-20")).status_code in SAID
    assert Order.objects.get(pk=old.pk).ordered_on == date(2026, 5, 10)
    ask = f"/orders/{old.pk}/do/ask_correction/"
    assert client.post(ask, {"field": "ordered_on", "value": "2026-06-01", "reason": ""}).status_code in (409, 422)
    assert client.post(ask, {"field": "ordered_on", "value": "gestern", "reason": "x"}).status_code in (409, 422)
    assert client.post(ask, {"field": "state", "value": "draft", "reason": "x"}).status_code in (409, 422)
    said = client.post(ask, {"field": "ordered_on", "value": "2026-06-01", "reason": "录入时看错日期"})
    assert said.status_code in SAID, said.content.decode()
    again = client.post(ask, {"field": "ordered_on", "value": "2026-06-02", "reason": "x"})
    assert again.status_code in (409, 422), "asked already"
    approval = Approval.objects.get()
    client.force_login(head)
    page = client.get(f"/approvals/{approval.pk}/").content.decode()
    assert "2026-05-10" in page and "2026-06-01" in page
    assert client.post(f"/approvals/{approval.pk}/do/agree/", {"opinion": "同意"}).status_code in SAID
    assert Order.objects.get(pk=old.pk).ordered_on == date(2026, 6, 1)
    row = Correction.objects.get(object_id=old.pk)
    assert (row.owner, row.approved_by, row.reason, row.approval) == (seller, head, "录入时看错日期", approval)


def test_an_amount_is_corrected_through_the_lines_to_the_cent(
    client: Client, sell: Sell, rule: Rule, seller: User, head: User
) -> None:
    order = sell(3)
    rule("amount", from_amount=Decimal(200))
    with pytest.raises(Exception, match="3"):
        verbs.change(entity(OrderLine), order.lines.get().pk, {"quantity": Decimal(2)}, actor=seller)
    client.force_login(seller)
    client.post(f"/orders/{order.pk}/do/ask_correction/", {"field": "amount", "value": "299.99", "reason": "合同价"})
    client.force_login(head)
    client.post(f"/approvals/{Approval.objects.get().pk}/do/agree/", {"opinion": ""})
    order.refresh_from_db()
    assert (order.amount, order.lines.get().amount) == (Decimal("299.99"), Decimal("299.99"))
    assert told() == [("amount", "300.00", "299.99")]


def test_a_no_changes_nothing(client: Client, sell: Sell, rule: Rule, seller: User, head: User) -> None:
    order = sell()
    rule()
    client.force_login(seller)
    client.post(f"/orders/{order.pk}/do/ask_correction/", {"field": "ordered_on", "value": "2026-06-01", "reason": "x"})
    client.force_login(head)
    client.post(f"/approvals/{Approval.objects.get().pk}/do/refuse/", {"opinion": "以合同日期为准"})
    assert Order.objects.get(pk=order.pk).ordered_on == date(2026, 6, 30)
    assert told() == []


def test_a_sealed_handover_and_the_machine_are_traced_and_not_refused(
    sell: Sell, rule: Rule, seller: User, rival: User
) -> None:
    first, second = sell(), sell()
    rule()
    with context.acting(actor_id=seller.pk):
        work.unit_of_work(lambda: _silent_owner(first, rival), verb="handover.handover.seal")
    work.unit_of_work(lambda: _silent_owner(second, rival))
    assert told() == [("owner", seller.name, rival.name)] * 2
    with context.acting(actor_id=seller.pk), pytest.raises(Exception, match="SO-"):
        work.unit_of_work(lambda: _silent_owner(first, seller))


def test_changes_of_a_closed_month_are_marked_and_counted_by_person(
    client: Client, company: Company, sell: Sell, owner: User, seller: User, head: User
) -> None:
    order = sell(on=date(2026, 5, 10))
    saved(MonthClose(company=company, month=date(2026, 5, 1)))
    verbs.change(entity(Order), order.pk, {"ordered_on": date(2026, 6, 1)}, actor=seller)
    assert Correction.objects.get().in_closed
    client.force_login(head)
    page = client.get("/corrections/figures/?year=2026").content.decode()
    assert seller.name in page and "t-red" in page
    rows = client.get("/api/corrections/", {"where": json.dumps({"f": "in_closed", "op": "is", "v": True})}).json()
    assert len(rows["rows"] if "rows" in rows else rows["results"]) == 1


def test_corrections_are_only_ever_added_and_seen_by_those_who_lead(
    client: Client, sell: Sell, seller: User, rival: User, finance: User, owner: User
) -> None:
    order = sell()
    verbs.change(entity(Order), order.pk, {"ordered_on": date(2026, 6, 1)}, actor=seller)
    row = Correction.objects.get()
    client.force_login(rival)
    assert client.get(f"/corrections/{row.pk}/").status_code == 404
    client.force_login(finance)
    assert client.get(f"/corrections/{row.pk}/").status_code == 200
    client.force_login(owner)
    assert client.post(f"/corrections/{row.pk}/edit/", {"reason": "x", "version": 1}).status_code == 403
    for statement in ("UPDATE corrections_correction SET reason = 'x'", "DELETE FROM corrections_correction"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert protections.protection_of("sales.order") is not None
