"""Notices on their way: planned when they are born, bundled by person and channel, tried again when something fails."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from guanxi.channels.models import Choice, Delivery, Robot
from guanxi.channels.robots import Target, Trouble, send
from guanxi.channels.times import leaves_at
from guanxi.kernel import clock, jobs
from guanxi.kernel.sealed import Unreadable
from guanxi.org.models import Notice, User
from guanxi.worktime.queries import calendar_of

Channel, State = Delivery.Channel, Delivery.State
RETRY_AFTER = (1, 5, 30, 120)  # minutes after each failed attempt; then it is given up
PAUSE = timedelta(minutes=10)  # for a robot that has had too many
LEASE = timedelta(minutes=10)  # somebody is sending it; later it counts as not sent
A_MINUTE = 15  # messages to one robot
NAMED, MOST = 10, 500


def plan(notices: list[Notice]) -> None:
    """Write down what leaves when; people who have chosen nothing cost one question."""
    choices = {c.user_id: c for c in Choice.objects.filter(user__in=[notice.user_id for notice in notices])}
    rows = []
    for notice in notices:
        choice = choices.get(notice.user_id)
        if choice is None:
            continue
        due = leaves_at(clock.now(), choice, calendar_of(notice.company_id))
        for channel in _channels(choice):
            rows.append(
                Delivery(
                    company_id=notice.company_id, user_id=notice.user_id, notice=notice, channel=channel, due_at=due
                )
            )
    Delivery.objects.bulk_create(rows)


def _channels(choice: Choice) -> list[str]:
    return [*([Channel.MAIL] if choice.mail else []), *([Channel.ROBOT] if choice.robot_id else [])]


@jobs.job("channels.send", every=timedelta(minutes=1))
def send_due(run: jobs.Run) -> dict[str, int]:
    """What is due now, one message a person and channel."""
    groups: dict[tuple[int, str], list[Delivery]] = defaultdict(list)
    due = Delivery.objects.filter(state=State.WAITING, due_at__lte=clock.now()).select_related(
        "notice", "user__company"
    )
    for row in due.order_by("due_at", "pk")[:MOST]:
        groups[row.user_id, row.channel].append(row)
    done: Counter[str] = Counter()
    busy: Counter[int] = Counter()
    for (_user, channel), rows in groups.items():
        run.fence()
        done[_send(channel, rows, busy)] += 1
    return dict(done)


def _send(channel: str, rows: list[Delivery], busy: Counter[int]) -> str:
    user = rows[0].user
    fresh = [row for row in rows if row.notice.read_at is None]
    Delivery.objects.filter(pk__in={row.pk for row in rows} - {row.pk for row in fresh}).update(state=State.DROPPED)
    choice = Choice.objects.select_related("robot").filter(user=user).first()
    if not fresh or not user.is_active or choice is None or channel not in _channels(choice):
        Delivery.objects.filter(pk__in=[row.pk for row in fresh]).update(state=State.DROPPED)
        return "dropped"
    mine = Delivery.objects.filter(pk__in=[row.pk for row in fresh], state=State.WAITING, due_at__lte=clock.now())
    if mine.update(due_at=clock.now() + LEASE) != len(fresh):
        return "taken"  # by another worker
    try:
        with override(user.preferences.get("language") or "zh-hans"):
            _by_mail(user, fresh) if channel == Channel.MAIL else _by_robot(user, choice.robot, fresh, busy)
    except Trouble as trouble:
        _again(fresh, trouble)
        return "failed"
    Delivery.objects.filter(pk__in=[row.pk for row in fresh]).update(state=State.SENT, sent_at=clock.now(), problem="")
    return "sent"


def _again(rows: list[Delivery], trouble: Trouble) -> None:
    for row in rows:
        values: dict[str, Any] = {"problem": str(trouble)}
        if trouble.busy:
            values["due_at"] = clock.now() + PAUSE
        elif row.attempts >= len(RETRY_AFTER):
            values["state"] = State.FAILED
        else:
            values |= {
                "attempts": row.attempts + 1,
                "due_at": clock.now() + timedelta(minutes=RETRY_AFTER[row.attempts]),
            }
        Delivery.objects.filter(pk=row.pk).update(**values)


def link(path: str) -> str:
    """The address as people open it from outside; empty where the installation does not know its own."""
    return f"{settings.PUBLIC_URL.rstrip('/')}{path}" if settings.PUBLIC_URL and path else ""


def _lines(rows: list[Delivery], *, links: bool) -> list[str]:
    lines = []
    for row in rows[:NAMED]:
        url = link(row.notice.url) if links else ""
        lines.append(f"· {row.notice.text}" + (f"\n  {url}" if url else ""))
    return [*lines, _("… and %(n)d more") % {"n": len(rows) - NAMED}] if len(rows) > NAMED else lines


def _by_mail(user: User, rows: list[Delivery]) -> None:
    if not user.email:
        raise Trouble("No mail address.")
    words = {"company": user.company.short_name or user.company.name, "n": len(rows)}
    subject = (
        f"【{words['company']}】{rows[0].notice.text[:60]}"
        if len(rows) == 1
        else _("[%(company)s] %(n)d notices") % words
    )
    body = "\n".join(
        [_("%(name)s:") % {"name": user.name}, "", *_lines(rows, links=True), "", link("/notifications/")]
    ).strip()
    try:
        EmailMessage(subject.replace("\n", " "), f"{body}\n", to=[user.email]).send()
    except OSError as error:
        raise Trouble(type(error).__name__) from error


def _by_robot(user: User, robot: Robot | None, rows: list[Delivery], busy: Counter[int]) -> None:
    if robot is None or not robot.is_active or robot.deleted_at or not robot.sealed_address:
        raise Trouble("No robot.")
    if busy[robot.pk] >= A_MINUTE or (robot.blocked_until and robot.blocked_until > clock.now()):
        raise Trouble("Too many.", busy=True)
    busy[robot.pk] += 1
    lines = [_("%(name)s has %(n)d new notices.") % {"name": user.name, "n": len(rows)}]
    lines += _lines(rows, links=False) if robot.shows_text else []
    text = "\n".join(filter(None, [*lines, link("/notifications/")]))
    try:
        deliver(robot, text, [user.phone])
    except Trouble as trouble:
        pause = {"blocked_until": clock.now() + PAUSE} if trouble.busy else {}
        Robot.objects.filter(pk=robot.pk).update_silently(problem=str(trouble), **pause)
        raise


def deliver(robot: Robot, text: str, mobiles: list[str]) -> None:
    try:
        target = Target(robot.kind, robot.address, robot.secret)
    except Unreadable as error:
        raise Trouble(_("Address and secret can no longer be read: connect the robot again.")) from error
    send(target, text, mobiles, clock.now().timestamp())
