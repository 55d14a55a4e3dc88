"""Letters and labels for a selection of customers."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("INFO-19")]


def test_a_letter_is_filled_in_for_each_chosen_customer(client: Client, leader: User) -> None:
    near = saved(
        Account(
            company=leader.company,
            owner=leader,
            department=leader.department,
            name="云岭精密",
            address="金鸡湖大道 1 号",
            region_code="320500",
        )
    )
    saved(Account(company=leader.company, owner=leader, department=leader.department, name="鼎岳模具"))
    saved(Contact(company=leader.company, account=near, name="王建国", salutation="王总", is_primary=True))
    client.force_login(leader)
    data = {"selection": f"id={near.pk}", "what": "letters", "text": "尊敬的{salutation}：{name}的新品目录随信寄上。"}
    html = client.post("/customers/letters/", data).content.decode()
    assert "尊敬的王总：云岭精密的新品目录随信寄上。" in html
    assert "江苏省苏州市金鸡湖大道 1 号" in html
    assert "鼎岳模具" not in html


def test_an_unknown_blank_is_named(client: Client, leader: User) -> None:
    row = saved(Account(company=leader.company, owner=leader, department=leader.department, name="云岭精密"))
    client.force_login(leader)
    response = client.post("/customers/letters/", {"selection": f"id={row.pk}", "text": "{phone}"})
    assert (response.status_code, "phone" in response.content.decode()) == (422, True)


def test_labels_hold_only_customers_in_reach(client: Client, seller: User, rival: User) -> None:
    theirs = saved(Account(company=rival.company, owner=rival, department=rival.department, name="别人的客户"))
    client.force_login(seller)
    html = client.post("/customers/letters/", {"selection": f"id={theirs.pk}", "what": "labels"}).content.decode()
    assert "别人的客户" not in html
