"""Ids have 18 digits until the summer of 2027 and 19 from then on; forms take both, and what is no id is no row."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, ClassScheme
from guanxi.customers.services.classes import apply_classes
from guanxi.customers.services.seed import seed
from guanxi.interactions.models import ReturnVisit
from guanxi.kernel import clock
from guanxi.org.models import User

pytestmark = pytest.mark.django_db
LATER = 1_080_517_328_719_990_784  # made on the last of February 2028
LAST = 2**63 - 1


def account(owner: User, pk: int, name: str, **values: Any) -> Account:
    given = {"company": owner.company, "owner": owner, "department": owner.department, "name": name, "pk": pk}
    return saved(Account(**given, **values))


@pytest.mark.parametrize("nothing", ["9223372036854775808", "9999999999999999999", "1" * 5000, "²", "-1", ""])
def test_rows_of_later_years_are_chosen_merged_and_hung_on_and_no_other_number_is_a_row(
    client: Client, leader: User, nothing: str
) -> None:
    first, last = (
        account(leader, LATER, "甲厂", phone="0571-88881111"),
        account(leader, LAST, "乙厂", phone="0571-88882222"),
    )
    client.force_login(leader)
    sent = {"reason": "periodic", "due_on": "2099-01-01", "way": "mail", "key": "b"}
    chosen = f"id={first.pk}&id={last.pk}&id={nothing}"
    assert client.post("/customers/bulk/plan_return/", {**sent, "selection": chosen}).status_code == 302
    assert set(ReturnVisit.objects.values_list("account", flat=True)) == {LATER, LAST}
    page = client.get(f"/duplicates/merge/customers/?id={first.pk}&id={last.pk}&id={nothing}")
    assert (page.status_code, "甲厂" in page.content.decode()) == (200, True)
    assert client.get(f"/duplicates/merge/customers/?id={first.pk}&id={nothing}").status_code == 422
    with clock.shifted(clock.now() - timedelta(days=9)):
        seed(leader.company)
    scheme = ClassScheme.objects.get(company=leader.company, code="abc_amount")
    apply_classes(scheme, {last.pk: "A"}, cause="年度计算")
    assert "优先保障供货" in client.get(f"/orders/new/?account={last.pk}").content.decode(), (
        "the form knows the customer"
    )
    assert client.get("/orders/new/", {"account": nothing}).status_code == 200


@pytest.mark.parametrize("odd", ["²", "9" * 25, "-1"])
def test_the_trail_of_a_person_who_is_no_number_is_everybodys(client: Client, owner: User, odd: str) -> None:
    client.force_login(owner)
    assert client.get("/audit/", {"actor": odd}).status_code == 200
