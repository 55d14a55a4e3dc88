"""When the demonstration's branches are open, its service lines with the calls on them, and its mailbox with conversations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

from guanxi.customers.models import Account, Contact
from guanxi.desk.demo.dice import Dice
from guanxi.desk.demo.pour import pour
from guanxi.desk.demo.staff import Organisation
from guanxi.interactions.models import Interaction, ServiceLine
from guanxi.interactions.services.lines import call_on
from guanxi.kernel.models import Company
from guanxi.mail.models import Mail, Mailbox, Thread
from guanxi.mail.queries import signature_of
from guanxi.mail.services.threads import dealing_of
from guanxi.org.models import Department, User
from guanxi.worktime.models import OpeningHours
from guanxi.worktime.queries import calendar_of

DATA = Path(__file__).parent / "service.json"  # hours, lines, what callers and writers say
ADDRESS = "service@yuanhang.example"  # never anybody's: .example belongs to documentation


@cache
def _said() -> Any:
    return json.loads(DATA.read_text(encoding="utf-8"))


def build_hours(company: Company) -> None:
    """Opening hours of the company, and of departments that keep others."""
    departments = {row.name: row for row in Department.objects.filter(company=company)}
    for name, (opens, closes) in _said()["hours"].items():
        OpeningHours(
            company=company, department=departments[name] if name else None, opens_at=opens, closes_at=closes
        ).save()


def build_service(staff: Organisation, today: date) -> None:
    """Run it inside a unit of work, once customers and their contacts are there."""
    people = {
        code: list(User.objects.filter(company=staff.company, roles__code=code).order_by("pk"))
        for code in ("call-centre", "relations-specialist")
    }
    days = _days(staff.company, today)
    dice = Dice("service")
    lines = [ServiceLine(company=staff.company, position=10 * n, **one) for n, one in enumerate(_said()["lines"], 1)]
    pour(lines)
    pour(list(_calls(dice, lines, people["call-centre"], days)))
    _letters(dice, staff, people["relations-specialist"][0], days)


def _days(company: Company, today: date) -> list[date]:
    """The last working days before today, the newest first."""
    calendar = calendar_of(company.pk)
    return [calendar.add_workdays(today, -n) for n in range(1, 25)]


def _at(day: date, hour: int, minute: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _calls(dice: Dice, lines: list[ServiceLine], agents: list[User], days: list[date]) -> Iterator[Interaction]:
    """Calls of four weeks; nearly all are answered on the spot, some of yesterday wait."""
    callers = list(
        Account.objects.filter(company=lines[0].company, owner__isnull=False).order_by("-last_order_on", "pk")[:60]
    )
    for turn, account in enumerate(callers):
        line = lines[1] if dice.random() < 0.25 else lines[0]
        wish, told = dice.pick(_said()["complaints" if line.complaints else "calls"])
        at = _at(days[turn * len(days) // len(callers)], dice.randrange(9, 18), dice.randrange(60))
        agent = dice.pick(agents)
        row = call_on(
            line, account, actor=agent, at=at, content=wish, minutes=dice.pick((2, 3, 4, 6, 9)), created_at=at
        )
        if turn not in (1, 2):
            row.answer, row.answered_at, row.answered_by = told, at, agent
        yield row


@dataclass
class _Post:
    """Unsaved rows in the order in which they depend on each other."""

    threads: list[Thread] = field(default_factory=list)
    letters: list[Mail] = field(default_factory=list)
    dealings: list[Interaction] = field(default_factory=list)


def _letters(dice: Dice, staff: Organisation, owner: User, days: list[date]) -> None:
    """A mailbox without a password, which therefore asks no server, and what it would have brought."""
    box = Mailbox(
        company=staff.company, owner=owner, department=owner.department, name="远航设备客户服务", address=ADDRESS,
        imap_host="imap.yuanhang.example", smtp_host="smtp.yuanhang.example", since=days[-1],
        signature=_said()["signature"], finding="演示邮箱：没有密码，不连接任何服务器。", uid_validity=0,
    )  # fmt: skip
    box.save()
    known = Account.objects.filter(company=staff.company, owner__isnull=False).exclude(email="")
    first = list(known.filter(owner=staff.branches[0].sellers[0]).order_by("pk")[:3])  # who may sign in sees some
    others = known.exclude(pk__in=[row.pk for row in first]).order_by("-last_order_on", "pk")
    writers = [*first, *others.select_related("owner")[: len(_said()["letters"])]]
    names = dict(Contact.objects.filter(account__in=writers, is_primary=True).values_list("account_id", "name"))
    post = _Post()
    for turn, (script, account) in enumerate(zip(_said()["letters"], writers, strict=False)):
        start = len(days) * turn // len(_said()["letters"])
        _conversation(
            post, box, {**script, "name": names.get(account.pk, account.name)}, account, days[: start + 1][::-1]
        )
    for turn, script in enumerate(_said()["strangers"]):
        _conversation(post, box, script, None, [days[turn]])
    for rows in (post.threads, post.letters, post.dealings):
        pour(rows)  # type: ignore[arg-type]


def _conversation(post: _Post, box: Mailbox, script: Any, account: Account | None, days: list[date]) -> None:
    """The letters of a conversation on successive working days, theirs and ours in turn; the last of theirs waits."""
    number = len(post.threads)
    address = account.email.lower() if account else script["address"]
    thread = Thread(
        company_id=box.company_id, mailbox=box, account=account, subject=script["subject"], address=address, name=script["name"][:100],
        state=Thread.State.ASSIGNED if account else script.get("state", Thread.State.UNASSIGNED), why=script.get("why", ""),
    )  # fmt: skip
    post.threads.append(thread)
    earlier: list[str] = []
    waiting: Interaction | None = None
    for turn, text in enumerate(script["texts"][: len(days)]):
        at, inward = _at(days[turn], 9 + (number + 3 * turn) % 8, 7 * (number + turn) % 60), turn % 2 == 0
        writer = None if inward or account is None else account.owner
        mail = Mail(
            company_id=box.company_id, thread=thread, mailbox=box, message_id=f"<{number}.{turn}@yuanhang.example>", at=at,
            created_at=at, references=" ".join(earlier), subject=script["subject"] if not turn else f"Re: {script['subject']}",
            text=text, **_ways(box, address, script["name"], writer),
        )  # fmt: skip
        post.letters.append(mail)
        earlier.append(mail.message_id)
        thread.last_at = at
        if account is None:
            continue
        row = dealing_of(mail)
        row.created_at = at
        post.dealings.append(row)
        if waiting is not None and not inward:
            waiting.answer, waiting.answered_at, waiting.answered_by = text, at, writer
        waiting = row if inward else None


def _ways(box: Mailbox, address: str, name: str, writer: User | None) -> dict[str, Any]:
    """Who wrote to whom: the customer to us, or one of us to the customer."""
    if writer is None:
        return {"sender": address, "sender_name": name[:100], "recipients": box.address}
    return {
        "direction": Mail.Direction.OUT, "state": Mail.State.SENT, "sender": box.address, "sender_name": writer.name,
        "recipients": address, "created_by": writer, "signature": signature_of(writer, box),
    }  # fmt: skip
