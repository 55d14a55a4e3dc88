"""A company that was there before an app: its preset roles get rights on what is new, and nothing else moves."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import signed_in
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.kernel.work import unit_of_work
from guanxi.org import services
from guanxi.org.models import Role, User
from guanxi.org.services.upgrades import renew, renew_all

pytestmark = [pytest.mark.django_db, pytest.mark.req("ORG-07")]
NEW, TAKEN = "deals.lead", "catalog.product"


@pytest.fixture
def older(db: None) -> User:
    """A representative of a company from before leads; somebody has taken products from the role since."""
    company = services.start("远航设备", "gx")
    services.furnish(company)

    def body() -> User:
        for role in Role.objects.filter(company=company):
            role.grants = {
                k: v for k, v in role.grants.items() if k != NEW and (role.code, k) != ("representative", TAKEN)
            }
            role.save()
        user = User(company=company, username="li", name="李四")
        user.save()
        user.roles.set([Role.objects.get(company=company, code="representative")])
        return user

    user = unit_of_work(body)
    company.settings = {**company.settings, "offered": [x for x in company.settings["offered"] if x != NEW]}
    company.save(update_fields=["settings"])
    return user


def status(user: User, address: str) -> int:
    client: Client = signed_in(User.objects.get(pk=user.pk))
    return client.get(address).status_code


def test_new_entities_are_open_after_an_update_and_what_was_taken_stays_taken(older: User) -> None:
    assert (status(older, "/leads/"), status(older, "/products/")) == (403, 403)
    (told,) = list(renew_all())
    assert "业务代表" in told
    assert (status(older, "/leads/"), status(older, "/products/")) == (200, 403)
    assert list(renew_all()) == [], "the second time there is nothing new"


def test_a_role_that_is_new_is_there_and_one_that_was_deleted_stays_away(older: User) -> None:
    company = Company.objects.get()
    gone = Role.objects.get(code="marketing")
    unit_of_work(lambda: Role.everything.filter(code="call-centre").delete())
    gone.deleted_at = clock.now()
    unit_of_work(gone.save)
    renew(company)
    codes = set(Role.objects.filter(company=company).values_list("code", flat=True))
    assert "call-centre" in codes and "marketing" not in codes


def test_furniture_is_given_once_and_never_again(older: User, monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Any] = []
    monkeypatch.setitem(services.roles._furniture, "later.seed", given.append)
    company = Company.objects.get()
    assert "later.seed" in renew(company) and given == [company]
    assert renew(company) == [] and given == [company]


def test_a_company_from_before_the_notes_gets_only_what_no_role_knows(older: User) -> None:
    company = Company.objects.get()
    company.settings = {k: v for k, v in company.settings.items() if k not in ("offered", "furniture")}
    company.save(update_fields=["settings"])
    renew(company)
    assert (status(older, "/leads/"), status(older, "/products/")) == (200, 403)
