"""Stories about contracts: what both sides owe by a day, and contracts that come to their end."""

from __future__ import annotations

from guanxi.contracts.models import Contract, Obligation
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
