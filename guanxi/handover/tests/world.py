"""A leaver with much to hand over: customers of all sizes, orders, needs, a deputyship, votes, a led team."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact, Need, Segment
from guanxi.handover.models import Handover
from guanxi.kernel import clock, jobs
from guanxi.org.holdings import all_holds
from guanxi.org.models import Absence, Notice, Team, User
from guanxi.sales.models import Order, OrderLine

REGIONS = ("310000", "320500", "330100")


def customer(owner: User, n: int, **values: Any) -> Account:
    row = Account(
        company=owner.company, owner=owner, department=owner.department, name=f"客户{n}", code=f"C{n}",
        **{"region_code": REGIONS[n % 3], "extra": {"quelle": f"x{n}"}, **values},
    )  # fmt: skip
    return saved(row)


def order(account: Account, n: int, state: str = "confirmed", amount: int = 100) -> Order:
    """An order of one line; one that is over comes without, so that nothing of it is due."""
    row = Order(
        company=account.company, account=account, owner=account.owner, department=account.department, state=state,
        number=f"SO-{account.code}-{n}", ordered_on=clock.today() - timedelta(days=10), due_on=clock.today(),
    )  # fmt: skip
    saved(row)
    if state in ("draft", "confirmed"):
        saved(OrderLine(company=account.company, order=row, description="水泵", price=Decimal(amount)))
    return Order.objects.get(pk=row.pk)


def load(leaver: User, customers: int = 6, *, colleague: User | None = None) -> list[Account]:
    """Customers (the n-th with n orders of 100), each with a contact and an open need; and the rest of a desk."""
    rows = []
    for n in range(customers):
        row = customer(leaver, n)
        saved(Contact(company=row.company, account=row, name=f"联系人{n}", mobile=f"1390000{n:04d}", is_primary=True))
        saved(Need(company=row.company, account=row, text=f"要报价{n}", on=clock.today()))
        for k in range(n):
            order(row, k)
        rows.append(row)
    order(rows[0], 99, "completed")
    saved(Segment(company=leaver.company, name="我的客群", owner=leaver, department=leaver.department))
    team = saved(Team(company=leaver.company, name="一组", lead=leaver))
    team.members.add(leaver)
    Notice.objects.create(company=leaver.company, user=leaver, text="请回访")
    if colleague is not None:
        day = clock.today() + timedelta(days=3)
        saved(Absence(company=leaver.company, owner=colleague, deputy=leaver, starts_on=day, ends_on=day))
    return rows


def open_things(person: User) -> dict[str, int]:
    """What is open with a person, by kind: empty when nothing is left."""
    found = {f"{hold.label}.{hold.link}": hold.open(person).order_by().count() for hold in all_holds()}
    return {key: n for key, n in found.items() if n}


def states(rows: list[Account]) -> dict[int, Any]:
    """Everything a customer's row says but who looks after it."""
    but = ("owner_id", "department_id", "version", "updated_at")
    return {
        row["id"]: {key: value for key, value in row.items() if key not in but}
        for row in Account.objects.filter(pk__in=[row.pk for row in rows]).values()
    }


def work_off(handover: Handover) -> Handover:
    jobs.work_off()
    return Handover.objects.get(pk=handover.pk)
