"""Signs that an account is shared, found every night in sign-ins and sessions; thresholds are data (ACCT-02)."""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from guanxi.handover.models import AccountRules, SharingSign
from guanxi.handover.queries.accounts import rules_of
from guanxi.kernel import clock, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters.env import start_of
from guanxi.kernel.jobs import Run, job
from guanxi.kernel.models import Company
from guanxi.org.models import SignIn, User
from guanxi.org.services import furnishes

Kind = SharingSign.Kind
HANDHELD = ("mobile", "android", "iphone", "ipad", "harmony", "micromessenger")
WEEK, MOST = 7, 12  # days looked at for devices; lines of evidence kept


@dataclass(frozen=True)
class Use:
    """An account in use from one place, from `at` to `until`."""

    at: datetime
    until: datetime
    ip: str
    agent: str

    @property
    def network(self) -> str:
        """The office behind an address: neighbours in one network are one place."""
        try:
            address = ipaddress.ip_address(self.ip)
        except ValueError:
            return self.ip
        return str(ipaddress.ip_network((address, 24 if address.version == 4 else 48), strict=False))

    @property
    def handheld(self) -> bool:
        """A telephone goes along: its network beside that of the desk says nothing."""
        return any(word in self.agent.lower() for word in HANDHELD)

    def __str__(self) -> str:
        return f"{timezone.localtime(self.at):%Y-%m-%d %H:%M} · {self.ip} · {self.agent[:80]}"


@job("handover.sharing", at_hour=2)
def watch(run: Run) -> dict[str, int]:
    """Look at yesterday, company by company."""
    day = clock.today() - timedelta(days=1)
    found = 0
    for company in Company.objects.order_by("pk"):
        found += work.unit_of_work(lambda company=company: look_at(company, day))  # type: ignore[misc]
    return {"signs": found}


def look_at(company: Company, day: date) -> int:
    """Note the signs of one day; a sign noted before is not noted again."""
    rules, new = rules_of(company.pk), 0
    for person, uses in sorted(_uses(company, day).items()):
        for kind, evidence in _signs(rules, uses, day):
            key = {"company": company, "person_id": person, "kind": kind, "day": day}
            if not SharingSign.everything.filter(**key).exists():
                SharingSign(**key, evidence="\n".join(map(str, evidence[:MOST]))).save()
                new += 1
    return new


def _uses(company: Company, day: date) -> dict[int, list[Use]]:
    """Sign-ins and sessions of the week that ends with the day, by person."""
    from allauth.usersessions.models import UserSession

    first, after = start_of(day - timedelta(days=WEEK - 1)), start_of(day + timedelta(days=1))
    found: dict[int, list[Use]] = defaultdict(list)
    signed = SignIn.objects.filter(user__company=company, ok=True, at__gte=first, at__lt=after)
    for user, at, ip, agent in signed.order_by("at").values_list("user", "at", "ip", "agent"):
        found[user].append(Use(at, at, ip, agent))
    sessions = UserSession.objects.filter(user__company=company, last_seen_at__gte=first, created_at__lt=after)
    columns = ("user", "created_at", "last_seen_at", "ip", "user_agent")
    for user, at, until, ip, agent in sessions.order_by("created_at").values_list(*columns):
        found[user].append(Use(at, until, str(ip), agent))
    return found


def _signs(rules: AccountRules, uses: list[Use], day: date) -> Iterator[tuple[str, list[Use]]]:
    today = [use for use in uses if timezone.localtime(use.until).date() >= day]
    together = _at_once([use for use in today if not use.handheld], timedelta(minutes=rules.minutes))
    if len({use.network for use in together}) >= rules.networks:
        yield Kind.NETWORKS, together
    if night := [use for use in today if timezone.localtime(use.at).date() == day and _unusual(rules, use.at)]:
        yield Kind.NIGHT, night
    devices = {use.agent: use for use in uses if use.agent}
    if len(devices) >= rules.devices and {use.agent for use in today}:
        yield Kind.DEVICES, list(devices.values())


def _at_once(uses: list[Use], window: timedelta) -> list[Use]:
    """The largest group from different networks whose times lie in each other's window."""
    best: list[Use] = []
    for one in uses:
        group = {use.network: use for use in uses if use.at <= one.until + window and one.at <= use.until + window}
        if len(group) > len(best):
            best = list(group.values())
    return sorted(best, key=lambda use: use.at)


def _unusual(rules: AccountRules, at: datetime) -> bool:
    hour, first, after = timezone.localtime(at).hour, rules.night_from, rules.night_to
    return first <= hour < after if first <= after else hour >= first or hour < after


def by_review_only(_row: Any, _actor: User, _verb: str) -> None:
    raise Refused(_("A sign stays as it was found; say what came of it."))


def _conclude(sign: SharingSign, actor: User, state: str, note: str) -> SharingSign:
    if not note.strip():
        raise Refused(_("Say what came of it."), field="note")
    if sign.person_id == actor.pk:
        raise Refused(_("Somebody else looks at signs of your account."))
    sign.state, sign.note, sign.reviewed_by = state, note.strip()[:400], actor
    sign.save(update_fields=["state", "note", "reviewed_by"])
    return sign


def _open(sign: SharingSign) -> bool:
    return sign.state == SharingSign.State.OPEN


@action(SharingSign, label=_("Explained"), permission="review", icon="circle-check", when=_open,
        labels={"note": _("Explanation")})  # fmt: skip
def explain(sign: SharingSign, *, actor: User, note: str) -> SharingSign:
    """There is a good reason; it is kept."""
    return _conclude(sign, actor, SharingSign.State.EXPLAINED, note)


@action(SharingSign, label=_("Shared indeed"), permission="review", icon="alert-triangle", danger=True, when=_open,
        labels={"note": _("What follows")})  # fmt: skip
def confirm(sign: SharingSign, *, actor: User, note: str) -> SharingSign:
    """The account is shared: what follows is kept."""
    return _conclude(sign, actor, SharingSign.State.CONFIRMED, note)


@furnishes
def seed_rules(company: Company) -> None:
    """The rules with their defaults, to be changed."""
    if not AccountRules.everything.filter(company=company).exists():
        AccountRules(company=company).save()
