"""Guard clauses refuse what they deny, from the day they hold, in their own words."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.rulebook.tests.conftest import Adopt, at

NO_NAMELESS = {
    "kind": "guard", "about": "customers.account", "verb": "change",
    "deny": {"all": [{"f": "is_key", "op": "is", "v": True}, {"f": "phone", "op": "empty"}]},
    "message": "重点客户必须有电话。",
}  # fmt: skip


@pytest.mark.req("GOV-06")
def test_a_guard_refuses_a_change_with_its_own_words(
    client: Client, adopt: Adopt, customer: Account, seller: User
) -> None:
    adopt("G-1", NO_NAMELESS, "2026-03-10")
    seller.refresh_from_db()
    client.force_login(seller)
    with clock.shifted(at("2026-03-09 10:00")):
        before = client.patch(f"/api/customers/{customer.pk}/", {"remark": "a"}, content_type="application/json")
        assert before.status_code == 200
    with clock.shifted(at("2026-03-10 10:00")):
        refused = client.patch(f"/api/customers/{customer.pk}/", {"remark": "b"}, content_type="application/json")
        assert refused.status_code == 409
        assert "重点客户必须有电话" in refused.json()["error"]
        good = client.patch(
            f"/api/customers/{customer.pk}/", {"phone": "0571-88887777"}, content_type="application/json"
        )
        assert good.status_code == 200
    customer.refresh_from_db()
    assert (customer.remark, bool(customer.phone)) == ("a", True)
