"""Prepared questions: the answer is that of the plain query, for each person, each id, and after each change of rights."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.kernel import prepared, verbs
from guanxi.kernel.entities import entity
from guanxi.kernel.prepared import ask, once
from guanxi.org.models import Department, User

pytestmark = pytest.mark.django_db


def people(user: Any, account_id: int) -> QuerySet[Any]:
    return Contact.objects.visible_to(user).filter(account=account_id).order_by("pk")  # type: ignore[no-any-return]


def named(user: Any, account_id: int, name: str) -> QuerySet[Any]:
    return people(user, account_id).filter(name=name).values_list("name", flat=True)


def careless(_user: Any, _account_id: int) -> QuerySet[Any]:
    return Contact.objects.all()  # type: ignore[no-any-return]


def file(person: User, *names: str) -> Account:
    post = {"company": person.company, "owner": person, "department": person.department}
    account: Account = saved(Account(name=f"{person.name}的客户", **post))
    for name in names:
        saved(Contact(company=person.company, account=account, name=name))
    return account


def test_the_second_question_is_answered_for_its_own_id_and_person(seller: User, rival: User, stranger: User) -> None:
    one, other = file(seller, "甲", "乙"), file(rival, "丙")
    for person in (seller, rival, stranger):
        for account in (one, other):
            assert ask(people, person, account.pk) == list(people(person, account.pk))
    assert [row.name for row in ask(people, seller, one.pk)] == ["甲", "乙"]
    assert ask(people, stranger, one.pk) == []
    assert (ask(named, seller, one.pk, name="乙"), ask(named, seller, one.pk, name="丙")) == (["乙"], [])
    assert ask(people, seller, None) == []


def test_a_change_of_post_is_effective_at_the_next_question(
    seller: User, hire: Any, owner: User, east: Department, west: Department
) -> None:
    account, manager = file(seller, "甲"), hire("manager", "store-manager", west)
    assert ask(people, manager, account.pk) == []
    for there, seen in ((east, ["甲"]), (west, [])):
        verbs.change(entity(User), manager.pk, {"department": there}, actor=owner, reason="调动")
        manager = User.objects.get(pk=manager.pk)
        assert [row.name for row in ask(people, manager, account.pk)] == seen


def test_a_question_that_ignores_its_id_is_refused(seller: User) -> None:
    with pytest.raises(RuntimeError, match="does not use its ids"):
        ask(careless, seller, 7)


def test_one_row_is_asked_once_and_memory_is_bounded(seller: User, monkeypatch: pytest.MonkeyPatch) -> None:
    account = file(seller, "甲")
    prepared.kept.clear()
    monkeypatch.setattr(prepared.kept, "most", 3)
    ask(people, seller, account.pk)  # computes the rights
    with CaptureQueriesContext(connection) as asked:
        assert [row.name for row in once(account, people, seller)] == ["甲"]
        assert [row.name for row in once(account, people, seller)] == ["甲"]
    assert len(asked) == 1
    for n in range(9):
        ask(named, seller, account.pk, name=str(n))
        assert len(prepared.kept) <= 3
        assert f"('name', '{n}')" in str(list(prepared.kept)), "the newest stays"
