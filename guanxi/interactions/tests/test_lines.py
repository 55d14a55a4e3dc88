"""Calls on a published service line over HTTP: logged with the line and the customer, answered or waiting (COMM-03)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction, ServiceLine, ServiceRequest
from guanxi.org.models import User

pytestmark = pytest.mark.django_db


def line(owner: User, **values: Any) -> ServiceLine:
    said = {
        "name": "客户服务热线",
        "number": "400-000-6618",
        "hours": "每天 8:00–20:00",
        "content": "咨询",
        "standard": "20 秒内接听",
    }
    return saved(ServiceLine(company=owner.company, **{**said, **values}))


def call(client: Client, on: ServiceLine, card: Account, **values: Any) -> int:
    sent = {"account": card.pk, "content": "问到货时间", **values}
    return client.post(f"/service-lines/{on.pk}/do/take_call/", {**sent, "key": str(sorted(sent.items()))}).status_code


@pytest.mark.req("COMM-03", "COMM-02")
def test_a_call_is_logged_where_it_comes_in_and_stands_with_the_line_and_with_the_customer(
    client: Client, leader: User, seller: User, rival: User
) -> None:
    hot, complaints = line(leader), line(leader, name="投诉电话", number="800-000-6619", complaints=True)
    card = saved(Account(company=seller.company, owner=seller, department=seller.department, name="甲公司"))
    client.force_login(seller)
    assert "Nobody has called on this line yet" in client.get(f"/service-lines/{hot.pk}/").content.decode()
    assert call(client, hot, card, told="查得明天到") == 302
    assert call(client, complaints, card, content="新泵有异响", request="on") == 302
    assert (call(client, hot, card, content=" "), Interaction.objects.count()) == (422, 2)
    asked, complained = Interaction.objects.order_by("pk")
    assert [(row.channel, row.direction, row.kind, row.answered_at is None) for row in (asked, complained)] == [
        ("phone", "in", "inquiry", False), ("phone", "in", "service", True),
    ]  # fmt: skip
    request = ServiceRequest.objects.get()
    assert (request.problem, request.owner, request.account, complained.result) == (
        "新泵有异响", seller, card, f"Service request {request.number}",
    )  # fmt: skip
    page = client.get(f"/service-lines/{complaints.pk}/").content.decode()
    assert "新泵有异响" in page and "1 caller waits" in page and "问到货时间" not in page
    assert "客户服务热线 400-000-6618" in client.get(f"/interactions/{asked.pk}/").content.decode()
    assert "问到货时间" in client.get(f"/customers/{card.pk}/").content.decode()
    client.force_login(rival)  # sees neither the customer nor what was said
    assert "新泵有异响" not in client.get(f"/service-lines/{complaints.pk}/").content.decode()
    assert call(client, hot, card, content="别人的客户") != 302 and Interaction.objects.count() == 2


@pytest.mark.req("COMM-03")
def test_what_was_written_down_of_a_call_is_corrected_by_whoever_took_it(
    client: Client, leader: User, seller: User
) -> None:
    card = saved(Account(company=seller.company, owner=seller, department=seller.department, name="甲公司"))
    client.force_login(seller)
    call(client, line(leader), card, content="问到货时闭")
    row = Interaction.objects.get()
    page = client.get(f"/interactions/{row.pk}/edit/")
    assert page.status_code == 200 and "问到货时闭" in page.content.decode()
