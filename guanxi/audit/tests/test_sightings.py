"""Who looked at which record: written in batches, once each, with the person and the address."""

from __future__ import annotations

import pytest
from django.test import Client

from guanxi.audit import sightings
from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.org.models import User


@pytest.mark.django_db
@pytest.mark.req("SEC-09")
def test_opening_a_customer_leaves_one_entry_with_person_and_address(client: Client, seller: User) -> None:
    account = saved(Account(company=seller.company, owner=seller, department=seller.department, name="云岭精密"))
    client.force_login(seller)
    sightings.flush()
    client.get(f"/customers/{account.pk}/", REMOTE_ADDR="10.1.2.3")
    assert sightings.flush() == 1
    seen = Entry.objects.filter(label="customers.account", object_id=account.pk, verb="viewed")
    assert [(e.actor_name, e.ip, e.title) for e in seen] == [("林知远", "10.1.2.3", "云岭精密")]
