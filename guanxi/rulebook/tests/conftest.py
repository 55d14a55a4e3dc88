"""A company with a rulebook of its own making, and short ways to state facts and to look at duties."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.utils import timezone

from guanxi.conftest import saved
from guanxi.customers.models import Account, Need
from guanxi.kernel import clock, work
from guanxi.kernel.models import Company
from guanxi.org.models import User
from guanxi.rulebook import engine
from guanxi.rulebook.models import Clause, ClauseVersion, Duty
from guanxi.rulebook.services import clauses

VISIT_AFTER_ORDER = {
    "kind": "within", "about": "sales.order", "customer": "account", "who": "account.owner", "from": "ordered_on",
    "within": [7, "days"],
    "done": {"by": "customers.need", "at": "on", "match": [["account", "account"]]},
    "steps": [{"when": [-1, "days"]}, {"when": [1, "workdays"], "to": "head"}],
}  # fmt: skip
MONTHLY_TALK = {
    "kind": "every", "about": "customers.account", "customer": "self", "who": "owner", "every": "month", "times": 2,
    "where": {"f": "is_key", "op": "is", "v": True},
    "done": {"by": "customers.need", "at": "on", "match": [["id", "account"]]},
}  # fmt: skip
PHONE_KNOWN = {
    "kind": "holds", "about": "customers.account", "customer": "self", "who": "owner",
    "holds": {"f": "phone", "op": "not_empty"}, "within": [2, "workdays"],
}  # fmt: skip


def at(text: str) -> datetime:
    """A moment of the company's clock: "2026-03-02 18:00", or the evening of a day."""
    return timezone.make_aware(datetime.fromisoformat(text if " " in text else f"{text} 23:00"))


def on(day: str, body: Callable[[], Any]) -> Any:
    with clock.shifted(at(f"{day} 10:00")):
        return work.unit_of_work(body)


Adopt = Callable[..., ClauseVersion]


@pytest.fixture
def adopt(company: Company) -> Adopt:
    """`adopt("RV-05", spec, "2026-03-01")` puts a clause, or its next version, into force."""

    def one(code: str, spec: dict[str, Any], day: str) -> ClauseVersion:
        def body() -> ClauseVersion:
            clause = Clause.objects.filter(company=company, code=code).first()
            if clause is None:
                clause = Clause(company=company, code=code, title=code, kind=spec["kind"])
                clause.save()
            return clauses.put_into_force(clauses.new_version(clause, spec, date.fromisoformat(day), note="n"), None)

        return work.unit_of_work(body)

    return one


@pytest.fixture
def customer(seller: User) -> Account:
    return saved(
        Account(
            company=seller.company, name="杭州启明机械有限公司", owner=seller, department=seller.department, is_key=True
        )
    )


def talk(account: Account, day: str) -> Need:
    return on(
        day, lambda: saved(Need(company=account.company, account=account, text="需求", on=date.fromisoformat(day)))
    )


def judged(company: Company, moment: str) -> dict[str, int]:
    with clock.shifted(at(moment)):
        return engine.judge(company, at(moment))


def states(company: Company) -> list[tuple[str, str, str]]:
    """(clause, due day, state) of every duty, in order."""
    rows = Duty.objects.filter(company=company).select_related("clause").order_by("due_at", "pk")
    return [(d.clause.code, timezone.localtime(d.due_at).date().isoformat(), d.state) for d in rows]
