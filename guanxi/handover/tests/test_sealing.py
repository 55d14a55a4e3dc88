"""The seal: everything open moves once and unchanged, whatever it is and whatever comes between; nothing is left."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guanxi.approvals.models import Approval, Vote
from guanxi.approvals.services import Request, ask
from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.custody.models import ExportLog, Flag, SalesPlan
from guanxi.customers.models import Account
from guanxi.handover.models import Handover, Holding, Rule
from guanxi.handover.services import sealing
from guanxi.handover.tests.course import begin, divided, here, signed, state
from guanxi.handover.tests.world import customer, load, open_things, order, states, work_off
from guanxi.incentives.models import Entry as Incentive
from guanxi.kernel import clock, jobs
from guanxi.kernel.entities import entities
from guanxi.kernel.models import Job
from guanxi.org import holdings
from guanxi.org.holdings import all_holds, is_declared
from guanxi.org.models import Absence, Department, Notice, User
from guanxi.sales.models import Order
from guanxi.targets.models import Target
from guanxi.targets.models.targets import after

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]


def test_votes_and_own_requests_go_along(
    fill: Any, act: Any, leader: User, seller: User, rival: User, owner: User, stranger: User
) -> None:
    from guanxi.approvals import subjects

    subjects.subject("test.leave", label="请假", steps=({"who": "head"},))(lambda _approval: None)
    try:
        asked = ask(Request("test.leave", "请假"), actor=User.objects.get(pk=rival.pk))  # the leader decides
        own = ask(Request("test.leave", "出差"), actor=User.objects.get(pk=leader.pk))  # the head of all decides
        row = begin(fill, owner, leader, seller)
        signed(act, row, owner, leader, seller)
        act(owner, here(row), "seal")
        assert work_off(row).state == "sealed"
        vote = Vote.objects.get(approval=asked)
        assert (vote.person, vote.stands_for, Approval.objects.get(pk=own.pk).owner) == (seller, leader, seller)
        assert Department.objects.get(code="east-1").head == seller
        assert open_things(leader) == {}
    finally:
        subjects._subjects.pop("test.leave")


def test_what_is_refused_leaves_the_handover_open_and_named(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 2)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    rival.is_active = False
    saved(rival)
    act(leader, here(row), "seal")
    row = work_off(row)
    seller.refresh_from_db()
    assert (row.state, seller.is_active, row.problem != "") == ("signed", True, True)
    assert Account.objects.filter(owner=seller).count() == 2
    rival.is_active = True
    saved(rival)
    assert act(leader, here(row), "seal").status_code == 302
    assert (work_off(row).state, open_things(seller)) == ("sealed", {})


def next_months(person: User, months: int = 1) -> Target:
    first = after(clock.today().replace(day=1), "month", months)
    return saved(
        Target(company=person.company, owner=person, department=person.department, starts_on=first, amount=5000)
    )


@pytest.mark.req("ACCT-05", "SALE-11")
def test_a_target_to_come_ends_with_its_person_and_leaves_the_successors_own_alone(
    client: Client, fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    with clock.shifted(clock.now().replace(day=15)):  # in the middle of a month
        load(seller, 1)
        past, coming, own = next_months(seller, 0), next_months(seller), next_months(rival)
        row = begin(fill, leader, seller, rival)
        assert divided(client.get(here(row)).content.decode())["业绩目标"] == ["1", "0", "1"], (
            "together, the successor, what ends"
        )
        signed(act, row, leader, seller, rival)
        act(leader, here(row), "seal")
        assert (work_off(row).state, open_things(seller)) == ("sealed", {})
        told = Notice.objects.get(user=leader, url="/targets/table/")
        assert told.text == f"{seller.name}尚未开始的业绩目标已终止，需要时请分给他人：订单额 5,000"
    left = {one.pk: (one.owner, one.deleted_at is None) for one in Target.everything.all()}
    assert left == {past.pk: (seller, True), coming.pk: (seller, False), own.pk: (rival, True)}


def test_what_a_successor_may_have_once_only_is_named_and_the_rest_moves(
    fill: Any, act: Any, leader: User, seller: User, rival: User, monkeypatch: Any
) -> None:
    monkeypatch.delitem(holdings._declared, ("targets.target", "owner"))  # an app that has not thought of it
    load(seller, 2)
    next_months(seller)
    next_months(rival)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    row = work_off(row)
    assert (row.state, open_things(seller)) == ("signed", {"targets.target.owner": 1})
    assert Holding.objects.get(handover=row, label="targets.target").problem == f"{rival.name}已有相同的一项。"


def test_a_mover_keeps_the_account_and_what_is_personal(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 2)
    row = begin(fill, leader, seller, rival, kind="move")
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    assert work_off(row).state == "sealed"
    seller.refresh_from_db()
    assert seller.is_active and not Account.objects.filter(owner=seller).exists()
    assert Notice.objects.get(text="请回访").user == seller and seller.teams.exists()


def test_what_comes_after_the_signatures_moves_as_well(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    load(seller, 1)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    late = customer(seller, 77)
    act(leader, here(row), "seal")
    assert (work_off(row).state, Account.objects.get(pk=late.pk).owner) == ("sealed", rival)


class Killed(BaseException):
    """As sudden as a power cut, as far as Python can tell."""


@pytest.mark.req("ACCT-05")
def test_a_killed_sealing_goes_on_and_moves_everything_once(
    fill: Any, act: Any, leader: User, seller: User, rival: User, monkeypatch: Any
) -> None:
    rows = load(seller, 5)
    row, before = begin(fill, leader, seller, rival), states(rows)
    signed(act, row, leader, seller, rival)
    monkeypatch.setattr(sealing, "BATCH", 4)
    act(leader, here(row), "seal")
    plain, calls = sealing._hand_on, []

    def dies(*args: Any) -> None:
        calls.append(args)
        if len(calls) == 3:
            raise Killed
        plain(*args)

    monkeypatch.setattr(sealing, "_hand_on", dies)
    with pytest.raises(Killed):
        jobs.work_off()
    moved = Holding.objects.filter(handover=row, moved_at__isnull=False).count()
    assert 0 < moved < Holding.objects.filter(handover=row).count()
    assert state(row) == "sealing" and Account.objects.filter(owner=seller).exists()
    seller.refresh_from_db()
    assert seller.is_active
    monkeypatch.setattr(sealing, "_hand_on", plain)
    job = Job.objects.get(name="handover.seal")
    Job.objects.filter(pk=job.pk).update(leased_until=job.created_at)  # the lease runs out
    assert (work_off(row).state, open_things(seller), states(rows)) == ("sealed", {}, before)
    changes = Entry.objects.filter(label="customers.account", object_id=rows[0].pk, verb="customers.account.changed")
    assert changes.count() <= 1


GRAPH = st.lists(
    st.tuples(
        st.integers(0, 3),  # orders
        st.sampled_from(["confirmed", "completed", "draft", "cancelled"]),
        st.booleans(),  # retired
        st.integers(0, 2),  # whose customer: the leaver's, the rival's, nobody's
    ),
    max_size=6,
)


@pytest.mark.req("ACCT-05")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(graph=GRAPH, turns=st.booleans(), votes=st.integers(0, 2))
def test_whatever_a_person_holds_nothing_open_is_left_after_the_seal(
    graph: list[Any], turns: bool, votes: int, leader: User, seller: User, rival: User, hire: Any, east: Department
) -> None:
    from django.db import transaction

    from guanxi.handover.services import handovers

    with transaction.atomic():
        people = [seller, rival, None]
        for n, (orders, order_state, retired, whose) in enumerate(graph):
            row = customer(people[whose] or seller, 1000 + n, retired_on=clock.today() if retired else None)
            for k in range(orders):
                made = order(row, k, order_state)
                made.owner = seller  # also of customers that belong to others
                saved(made)
            if whose == 2:
                row.owner = None
                saved(row)
        for n in range(votes):
            saved(Absence(company=seller.company, owner=[leader, seller][n], deputy=[seller, leader][n],
                          starts_on=clock.today(), ends_on=clock.today()))  # fmt: skip
        row = saved(Handover(company=seller.company, owner=leader, department=east, person=seller, day=clock.today(),
                             rest_to=rival, reason="x"))  # fmt: skip
        if turns:
            saved(Rule(company=seller.company, handover=row))
        for verb, actor in (
            (handovers.propose, leader),
            (handovers.sign, seller),
            (handovers.sign, rival),
            (handovers.seal, leader),
        ):
            verb(row, actor=User.objects.get(pk=actor.pk))
        row = work_off(row)
        assert (row.state, open_things(seller)) == ("sealed", {})
        assert not Account.objects.filter(owner=seller).exists()
        assert not Order.objects.filter(owner=seller).exclude(state__in=["completed", "cancelled"]).exists()
        transaction.set_rollback(True)
    for person in (seller, rival):
        person.refresh_from_db()


def test_every_link_to_a_person_is_declared_as_work_or_as_history() -> None:
    """A new column that names a person has to say whether a leaver's successor needs it."""
    owned = {one.label for one in entities() if one.owned}
    unknown = []
    for model in apps.get_models():
        if not model.__module__.startswith("guanxi."):
            continue
        columns = [*model._meta.concrete_fields, *model._meta.many_to_many]
        for column in columns:
            links = isinstance(column, models.ForeignKey | models.ManyToManyField) and column.related_model is User
            label = model._meta.label_lower
            if links and not (column.name == "owner" and label in owned) and not is_declared(label, column.name):
                unknown.append(f"{label}.{column.name}")
    assert unknown == []


def test_a_unit_that_changes_more_than_the_owner_is_taken_back(
    fill: Any, act: Any, leader: User, seller: User, rival: User, monkeypatch: Any
) -> None:
    rows = load(seller, 1)
    row = begin(fill, leader, seller, rival)
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    plain = sealing._give

    def spoils(hold: Any, thing: Any, holding: Any, passing: Any) -> None:
        plain(hold, thing, holding, passing)
        if isinstance(thing, Account):
            thing.name = "改名"
            thing.save()

    monkeypatch.setattr(sealing, "_give", spoils)
    jobs.work_off()
    assert (Account.objects.get(pk=rows[0].pk).owner, Account.objects.get(pk=rows[0].pk).name) == (seller, "客户0")
    assert state(row) == "sealing"
    seller.refresh_from_db()
    assert seller.is_active


@pytest.mark.req("ACCT-05", "SEC-07")
def test_what_tells_of_a_person_stays_with_that_person(
    fill: Any, act: Any, leader: User, seller: User, rival: User
) -> None:
    customer(seller, 1)
    kept = {"company": seller.company, "owner": seller, "department": seller.department}
    today = clock.today()
    rows = [
        saved(Flag(**kept, kind="exported", level="stopped", day=today, number=300)),
        saved(ExportLog(**kept, number="EX-1", what="客户", kind="csv")),
        saved(Incentive(**kept, title="资料失实", amount=-20, month=today.replace(day=1))),
        saved(SalesPlan(**kept, year=2026, quarter=1, target=100)),
    ]
    row = begin(fill, leader, seller, rival)
    assert set(Holding.objects.filter(handover=row).values_list("label", flat=True)) == {"customers.account"}
    signed(act, row, leader, seller, rival)
    act(leader, here(row), "seal")
    work_off(row)
    assert {type(one).objects.get(pk=one.pk).owner for one in rows} == {seller}


def test_the_handover_names_no_other_apps_links_each_app_declares_its_own() -> None:
    """A new app says itself what its people hold; taking the handover away leaves every declaration where it is."""
    names = {config.label for config in apps.get_app_configs()} - {"handover"}
    folder = Path(sealing.__file__).parents[1]
    texts = [p.read_text(encoding="utf-8") for p in folder.rglob("*.py") if "tests" not in p.parts]
    said = re.findall(r'\b(?:holds|history)\(\s*f?"(\w+)\.', "\n".join(texts))
    assert (set(said) & names, "handover" in said) == (set(), True)
    for hold in all_holds():
        if hold.give.__module__ != "guanxi.org.holdings":
            owner = hold.label.split(".")[0]
            assert hold.give.__module__.startswith(f"guanxi.{owner}.") or owner == "kernel", hold.key
