"""Data scopes: who sees which rows, by every level, over links, with several roles, from the next request on."""

from __future__ import annotations

from typing import Any

import pytest

from guanxi.conftest import Hire, saved
from guanxi.customers.models import Account, Contact
from guanxi.kernel import work
from guanxi.kernel.models import Company
from guanxi.org.access import merge
from guanxi.org.models import Department, Role, Team, User
from guanxi.org.services import bump, give_roles

pytestmark = pytest.mark.django_db


@pytest.fixture
def accounts(seller: User, rival: User, leader: User, stranger: User, headquarters: Department, outsider: User) -> None:
    for who in (seller, rival, leader, stranger, outsider):
        saved(Account(company=who.company, name=who.username, owner=who, department=who.department))
    saved(Account(company=seller.company, name="east pool", department=seller.department))
    saved(Account(company=seller.company, name="nobody"))


def give(user: User, *grants: dict[str, Any]) -> User:
    def body() -> None:
        roles = [
            Role(
                company=user.company,
                name=f"r{n} of {len(grants)}",
                code=f"r{n}-{user.username}-{len(grants)}",
                grants=one,
            )
            for n, one in enumerate(grants)
        ]
        for role in roles:
            role.save()
        give_roles(user, roles)

    work.unit_of_work(body)
    return User.objects.get(pk=user.pk)


def scope(level: Any, *verbs: str) -> dict[str, Any]:
    return {"customers.account": {"verbs": list(verbs or ["view"]), "scope": level}}


def seen(user: User) -> set[str]:
    return set(Account.objects.visible_to(user).values_list("name", flat=True))


EAST = {"seller", "rival", "leader", "east pool"}


@pytest.mark.req("ORG-10", "SEC-05")
@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("none", set()),
        ("own", {"seller"}),
        ("team", {"seller", "stranger"}),
        ("department", EAST),
        ("tree", EAST),
        ("all", {*EAST, "stranger", "nobody"}),
        ({"f": "name", "op": "starts", "v": "r"}, {"rival"}),
        ({"f": "owner", "op": "is", "v": "@me"}, {"seller"}),
        ({"has": "contacts"}, {"stranger"}),
    ],
)
def test_each_level_reaches_so_far(
    accounts: None, seller: User, stranger: User, level: Any, expected: set[str]
) -> None:
    team = saved(Team(company=seller.company, name="team"))
    team.members.set([seller, stranger])
    bump(seller.company_id)
    saved(Contact(company=seller.company, account=Account.objects.get(name="stranger"), name="c"))
    person = give(seller, scope(level))
    assert seen(person) == expected
    under = set(Contact.objects.visible_to(person).values_list("account__name", flat=True))
    assert under == expected & {"stranger"}


@pytest.mark.req("ORG-10")
def test_a_tree_holds_what_hangs_below_and_what_a_person_heads(
    accounts: None, seller: User, headquarters: Department, west: Department
) -> None:
    top = give(User.objects.get(pk=seller.pk), scope("tree"))
    saved_west = Department.objects.get(pk=west.pk)
    saved_west.head = top
    saved(saved_west)
    assert seen(User.objects.get(pk=seller.pk)) == {*EAST, "stranger"}


def test_who_has_no_department_does_not_see_the_rows_of_none(accounts: None, hire: Hire) -> None:
    person = give(hire("floating", "representative"), scope("department"))
    assert seen(person) == set()


@pytest.mark.req("SEC-05")
def test_another_company_is_never_seen(accounts: None, outsider: User, company: Company) -> None:
    assert seen(outsider) == {"outsider"}


def test_roles_add_up_and_take_effect_at_the_next_request(accounts: None, seller: User) -> None:
    first = give(seller, scope("own"))
    assert (seen(first), first.may("change", "customers.account")) == ({"seller"}, False)
    both = give(seller, scope("own"), scope("department", "change"))
    assert (seen(both), both.may("change", "customers.account")) == (EAST, True)
    role = Role.objects.get(code="r1-seller-2")
    role.grants = scope("all")
    saved(role)
    assert seen(User.objects.get(pk=seller.pk)) == {*EAST, "stranger", "nobody"}
    frozen = User.objects.get(pk=seller.pk)
    frozen.is_active = False
    saved(frozen)
    assert seen(User.objects.get(pk=seller.pk)) == set()


def test_a_field_stays_closed_only_while_every_role_that_sees_it_closes_it() -> None:
    one = {"x": {"verbs": ["view"], "scope": "own", "hidden": ["a", "b"], "masked": ["c"]}}
    two = {"x": {"verbs": ["view"], "scope": "all", "hidden": ["b"], "masked": ["a", "c"]}}
    grant = merge([one, two])["x"]
    assert (grant.hidden, grant.masked - grant.hidden) == ({"b"}, {"a", "c"})


@pytest.mark.req("SEC-05")
def test_what_hangs_on_a_record_keeps_its_masks(accounts: None, seller: User) -> None:
    person = give(
        seller, {"customers.account": {"verbs": ["view"], "scope": "all", "masked": ["phone"], "hidden": ["email"]}}
    )
    assert person.masked_fields("customers.contact") == {"phone"}
    assert person.closed_fields("customers.contact") == {"email"}
