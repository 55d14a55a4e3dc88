"""Stories about contracts and deliveries: what both sides owe by a day, contracts that end, goods checked before they leave."""

from __future__ import annotations

from datetime import date, datetime

from guanxi.contracts.models import Contract, Obligation
from guanxi.sales.models import Delivery, Order
from tests.planted.year import DAY, Year, at, fixed_on, later, open_until


def agreements(year: Year, n: int) -> None:
    """Duties done before their week, in it, after their day, never; ends settled in time, too late, never."""
    for i, day in enumerate(year.days(n)):
        account = year.customer()
        owner, ends = account.owner_id, later(day, (20, 60, 90, 200)[i % 4])
        contract = year.add(
            Contract, at(day), account=account, owner=account.owner, number=f"HT{i}", title="供货合同", state="running",
            ends_on=ends,
        )  # fmt: skip
        settled = fixed_on(year, day, (3, None, 12, 45)[(i // 4) % 4])
        if settled:
            year.change(contract, settled, state="ending")
        year.holds("CONTR-05", contract.pk, owner, (60, "days"), open_until(max(day, ends - 60 * DAY), settled))
        due = later(day, 12)
        done = fixed_on(year, day, (1, 8, None, 14)[(i // 2) % 4])
        duty = year.add(
            Obligation,
            at(day),
            contract=contract,
            owner=account.owner,
            side=("ours", "theirs")[i % 2],
            what="付款",
            due_on=due,
        )
        if done:
            year.change(duty, done, done_on=done.date())
        year.holds("CONTR-04", duty.pk, owner, (7, "days"), open_until(max(day, due - 7 * DAY), done))


def deliveries(year: Year, n: int) -> None:
    """Goods checked long before they leave, on the last day, too late, never; deliveries called off before and after that."""
    for i, day in enumerate(year.days(n)):
        account = year.customer()
        planned = later(day, 6)
        order = year.add(
            Order, at(day), account=account, owner=account.owner, number=f"SD{i}", state="draft", ordered_on=day
        )
        row = year.add(Delivery, at(day), order=order, owner=account.owner, number=f"FH{i}", planned_on=planned)
        checked = off = None
        if i % 3 == 2:
            off = fixed_on(year, day, (1, 8)[i % 2])
        else:
            checked = fixed_on(year, day, (2, 5, None, 9)[i % 4])
        if checked:
            year.change(row, checked, checked_at=checked, result="passed")
        if off:
            year.change(row, off, state="called_off")

        def applies(today: date, off: datetime | None = off) -> bool:
            return off is None or today < off.date()

        broken = open_until(max(day, planned - DAY), checked)
        year.holds("SVC-06", row.pk, account.owner_id, (1, "days"), broken, applies)
