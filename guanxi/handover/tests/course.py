"""The course of a handover as its people take it: begun, signed by both sides, read from its page."""

from __future__ import annotations

import re
from typing import Any

from guanxi.handover.models import Handover
from guanxi.kernel import clock
from guanxi.org.models import User

PAGE = "/handovers/"


LINES = {"lines": 2, "line-0-id": "", "line-1-id": ""}


def begin(fill: Any, leader: User, leaver: User, rest: User, *others: User, **more: Any) -> Handover:
    """The leader fills in the form with its successors."""
    lines = {f"line-{n}-person": other.pk for n, other in enumerate(others)}
    sent = {"person": leaver.pk, "kind": "leaving", "day": str(clock.today()), "rest_to": rest.pk, "reason": "离职"}
    answer = fill(leader, PAGE, **{**sent, **LINES, **lines, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Handover.objects.latest("id")


def here(row: Handover) -> str:
    return f"{PAGE}{row.pk}/"


def state(row: Handover) -> str:
    return str(Handover.objects.get(pk=row.pk).state)


def signed(act: Any, row: Handover, leader: User, *people: User) -> None:
    assert act(leader, here(row), "propose").status_code == 302
    for person in people:
        assert act(person, here(row), "sign").status_code == 302
    assert state(row) == "signed"


def divided(html: str) -> dict[str, list[str]]:
    """The division as its page shows it: together, to each successor, what ends."""
    table = html.split('aria-label="分配"')[1].split("</table>")[0]
    lines = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', table, re.DOTALL)
    return {re.sub(r"<.*?>", "", name).strip(): re.findall(r"<td[^>]*>(.*?)</td>", cells) for name, cells in lines}
