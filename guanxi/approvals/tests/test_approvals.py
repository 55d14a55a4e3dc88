"""Approvals over HTTP: who is asked in which order, yes, no, passing on, withdrawing, reminding, deputies, nobody there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals import subjects
from guanxi.approvals.models import Approval, Flow, FlowStep, Vote
from guanxi.approvals.services import Request, ask, seed_flows
from guanxi.conftest import saved
from guanxi.kernel import clock, jobs
from guanxi.kernel.errors import Refused
from guanxi.org.models import Absence, Department, Notice, Role, User

pytestmark = pytest.mark.django_db
done: list[str] = []


@pytest.fixture(autouse=True)
def trip(monkeypatch: Any) -> Iterator[None]:
    """A kind of request: head of the department, and from 1,000 yuan the finance role."""
    monkeypatch.setattr(subjects, "_subjects", {})
    steps = ({"who": "head"}, {"who": "role", "role": "finance", "from_amount": Decimal(1000)})
    subjects.subject("test.trip", label="出差", steps=steps)(lambda approval: done.append(f"yes {approval.title}"))
    done.clear()
    yield


@pytest.fixture
def boss(owner: User, headquarters: Department) -> User:
    headquarters.head = owner
    saved(headquarters)
    return owner


def trip_of(person: User, amount: int | None = None) -> Approval:
    return ask(Request("test.trip", "去苏州", "看客户", Decimal(amount) if amount else None), actor=fresh(person))


def fresh(person: User) -> User:
    return User.objects.get(pk=person.pk)


def act(client: Client, person: User, approval: Approval, verb: str, **values: Any) -> int:
    client.force_login(person)
    sent = {**values, "key": f"{person.pk}{verb}{approval.pk}"}
    return client.post(f"/approvals/{approval.pk}/do/{verb}/", sent).status_code


def state(approval: Approval) -> str:
    return Approval.objects.get(pk=approval.pk).state


def titles(client: Client, person: User, view: str) -> int:
    client.force_login(person)
    return client.get(f"/approvals/?view={view}").content.decode().count("去苏州</span>")


@pytest.mark.req("ACCT-04")
def test_the_head_decides_and_what_was_asked_happens_once(
    client: Client, seller: User, rival: User, head: User
) -> None:
    approval = trip_of(seller, 900)
    assert Notice.objects.get(user=head).text.endswith("去苏州")
    assert (titles(client, head, "my_turn"), titles(client, seller, "asked"), titles(client, rival, "all")) == (1, 1, 0)
    assert act(client, rival, approval, "agree") == 404
    assert act(client, seller, approval, "agree") == 403
    assert done == []
    assert act(client, head, approval, "agree", opinion="早点回来") == 302
    assert (state(approval), done) == ("agreed", ["yes 去苏州"])
    assert act(client, head, approval, "agree") == 302  # the same form again: answered once
    assert done == ["yes 去苏州"]
    client.force_login(seller)
    page = client.get(f"/approvals/{approval.pk}/").content.decode()
    assert "早点回来" in page and "周屿" in page
    assert titles(client, head, "decided") == 1


def test_a_larger_amount_asks_finance_after_the_head(client: Client, seller: User, head: User, hire: Any) -> None:
    money, second = (hire(f"money{n}", "finance", name=f"财务{n}") for n in (1, 2))
    approval = trip_of(seller, 5000)
    assert act(client, money, approval, "agree") == 404  # not yet their turn
    assert act(client, head, approval, "agree") == 302
    assert state(approval) == "pending"
    assert act(client, second, approval, "agree") == 302
    assert (state(approval), len(done)) == ("agreed", 1)
    assert {v.person.name: v.state for v in Vote.objects.filter(position=2)} == {"财务1": "void", "财务2": "agreed"}


def test_all_of_a_step_must_agree_where_the_flow_says_so(client: Client, seller: User, head: User, hire: Any) -> None:
    people = [hire(f"money{n}", "finance", name=f"财务{n}") for n in (1, 2)]
    seed_flows(seller.company)
    FlowStep.objects.filter(position=2).update_silently(everyone=True)
    approval = trip_of(seller, 5000)
    act(client, head, approval, "agree")
    act(client, people[0], approval, "agree")
    assert state(approval) == "pending"
    act(client, people[1], approval, "agree")
    assert state(approval) == "agreed"


def test_a_no_needs_a_reason_and_ends_it(client: Client, seller: User, head: User, hire: Any) -> None:
    money = hire("money", "finance")
    approval = trip_of(seller, 5000)
    assert act(client, head, approval, "refuse", opinion=" ") == 422
    client.force_login(head)
    assert client.post(f"/approvals/{approval.pk}/do/refuse/", {"opinion": "太贵", "key": "n"}).status_code == 302
    assert (state(approval), done) == ("refused", [])
    assert act(client, money, approval, "agree") == 404
    assert "去苏州" in Notice.objects.filter(user=seller).latest("id").text


def test_withdrawing_passing_on_and_reminding(client: Client, seller: User, rival: User, head: User) -> None:
    first = trip_of(seller)
    assert act(client, seller, first, "remind") == 422  # asked only just now
    with clock.shifted(clock.now() + timedelta(hours=1)):
        client.force_login(seller)
        assert client.post(f"/approvals/{first.pk}/do/remind/", {"key": "later"}).status_code == 302
    assert Notice.objects.filter(user=head).count() == 2
    assert act(client, head, first, "pass_on", to=seller.pk) == 422
    client.force_login(head)
    assert client.post(f"/approvals/{first.pk}/do/pass_on/", {"to": rival.pk, "key": "p"}).status_code == 302
    vote = Vote.objects.get(approval=first, state="open")
    assert (vote.person, vote.stands_for) == (rival, head)
    assert act(client, seller, first, "withdraw") == 302
    assert (state(first), done) == ("withdrawn", [])
    assert act(client, rival, first, "agree") in (403, 422)


def test_who_lets_it_lie_is_reminded_by_itself(seller: User, head: User) -> None:
    trip_of(seller)
    for hours, notices in ((23, 1), (25, 2), (26, 2), (50, 3)):
        with clock.shifted(clock.now() + timedelta(hours=hours)):
            jobs.task("approvals.remind").enqueue()
            jobs.work_off()
        assert Notice.objects.filter(user=head).count() == notices, hours


def test_the_deputy_decides_while_the_head_is_away(client: Client, seller: User, rival: User, head: User) -> None:
    saved(Absence(company=head.company, owner=head, deputy=rival, starts_on=clock.today(), ends_on=clock.today()))
    approval = trip_of(seller)
    vote = Vote.objects.get(approval=approval)
    assert (vote.person, vote.stands_for) == (rival, head)
    assert act(client, rival, approval, "agree") == 302
    assert state(approval) == "agreed"


def test_nobody_decides_for_himself_and_the_top_asks_nobody(seller: User, head: User, boss: User) -> None:
    assert [v.person for v in Vote.objects.filter(approval=trip_of(head))] == [boss]
    assert state(trip_of(boss)) == "agreed"
    assert done == ["yes 去苏州"]


def test_a_step_without_anybody_is_refused_with_what_to_do(seller: User, leader: User) -> None:
    with pytest.raises(Refused, match="name a head"):
        trip_of(seller)
    assert not Approval.objects.exists()


def test_a_flow_without_steps_lets_everything_pass_at_once(seller: User) -> None:
    saved(Flow(company=seller.company, kind="test.trip"))
    assert (state(trip_of(seller)), done) == ("agreed", ["yes 去苏州"])


def test_a_person_asked_in_two_steps_decides_once(
    client: Client, seller: User, head: User, roles: dict[str, Role]
) -> None:
    flow = saved(Flow(company=seller.company, kind="test.trip"))
    for position, values in enumerate(({"who": "head"}, {"who": "person", "person": head}), 1):
        saved(FlowStep(company=seller.company, flow=flow, position=position, **values))
    approval = trip_of(seller)
    act(client, head, approval, "agree")
    assert state(approval) == "agreed"


def test_decisions_are_not_edited(client: Client, seller: User, head: User, owner: User) -> None:
    vote = Vote.objects.get(approval=trip_of(seller))
    client.force_login(owner)
    sent = {"state": "agreed", "person": owner.pk, "opinion": "x", "version": vote.version, "key": "e"}
    assert client.post(f"/votes/{vote.pk}/edit/", sent).status_code in (403, 422)
    assert client.post(f"/approvals/{vote.approval_id}/delete/", {"key": "d"}).status_code in (403, 422)
    vote.refresh_from_db()
    assert (vote.state, vote.person) == ("open", head)


def test_the_pages_of_flows_and_steps_open_and_save(client: Client, seller: User, owner: User) -> None:
    seed_flows(seller.company)
    flow, step = Flow.objects.get(), FlowStep.objects.first()
    client.force_login(owner)
    for address in (
        "approval-flows/",
        f"approval-flows/{flow.pk}/",
        f"approval-flows/{flow.pk}/edit/",
        f"approval-steps/{step.pk}/",
    ):
        assert client.get(f"/{address}").status_code == 200, address
    sent = {"kind": "test.trip", "hours": "8", "version": flow.version, "key": "f", "lines": "1",
            "line-0-id": step.pk, "line-0-position": "1", "line-0-who": "person", "line-0-person": owner.pk}  # fmt: skip
    assert client.post(f"/approval-flows/{flow.pk}/edit/", sent).status_code in (204, 302)
    step.refresh_from_db()
    assert (Flow.objects.get().hours, step.who, step.person) == (8, "person", owner)
