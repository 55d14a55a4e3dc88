"""A clause is changed as a sentence in the browser: tried, kept, published, and holds from its day."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock
from guanxi.org.models import User
from guanxi.rulebook.models import ClauseVersion, Duty
from guanxi.rulebook.services.clauses import publish
from guanxi.rulebook.tests.conftest import VISIT_AFTER_ORDER, Adopt, at, judged
from guanxi.rulebook.tests.test_engine import ordered


@pytest.mark.req("GOV-02")
def test_seven_days_become_three_and_the_overdue_list_follows(
    client: Client, adopt: Adopt, customer: Account, owner: User
) -> None:
    head_of_all = owner.department
    assert head_of_all is not None
    head_of_all.head = owner
    saved(head_of_all)
    clause = adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01").clause
    ordered(customer, "2026-03-02")
    page = f"/clauses/{clause.pk}/rule/"
    with clock.shifted(at("2026-03-09 10:00")):
        client.force_login(owner)
        html = client.get(page).content.decode()
        assert 'name="slot-within.0" value="7"' in html
        slots = {"slot-within.0": "3", "slot-within.1": "days"}
        tried = client.post(page, {**slots, "try": "1", "first": "2026-03-01", "last": "2026-03-08"})
        assert "林知远" in tried.content.decode()
        assert (ClauseVersion.objects.count(), Duty.everything.count()) == (1, 0)
        kept = client.post(page, {**slots, "note": "三天内回访", "effective_on": "2026-03-10", "key": "k1"})
        assert kept.status_code in (204, 302)
        version = ClauseVersion.objects.get(number=2)
        assert (version.state, version.spec["within"]) == ("draft", [3, "days"])
        judged(customer.company, "2026-03-09 10:00")
        publish(version, actor=owner)
        ordered(customer, "2026-03-10")
    judged(customer.company, "2026-03-14")
    assert list(Duty.objects.order_by("due_at").values_list("overdue_on", "state")) == [
        (date(2026, 3, 9), "missed"),
        (date(2026, 3, 13), "missed"),
    ]
    shown = client.get(f"/clauses/{clause.pk}/").content.decode()
    assert "三天内回访" in shown
    assert "V2" in shown


def test_a_wrong_value_is_said_and_nothing_is_kept(client: Client, adopt: Adopt, owner: User, seller: User) -> None:
    clause = adopt("RV-05", VISIT_AFTER_ORDER, "2026-03-01").clause
    page = f"/clauses/{clause.pk}/rule/"
    client.force_login(owner)
    assert client.post(page, {"slot-within.0": "soon", "note": "x"}).status_code == 422
    assert client.post(page, {"slot-about": "org.user", "note": "x"}).status_code == 422
    assert client.post(page, {"slot-within.0": "3", "note": ""}).status_code == 422
    assert ClauseVersion.objects.count() == 1
    client.force_login(seller)
    assert client.get(page).status_code == 403
    assert client.get(f"/clauses/{clause.pk}/").status_code == 200
