"""Account teams: their reach, joining and leaving; the shared plan; and telling departments of each other's contacts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, AccountMember, Need, PlanAction
from guanxi.customers.queries.accounts import group_ids, group_root
from guanxi.customers.services.entries import CHANGE_OTHERS
from guanxi.formats.dates import monday
from guanxi.kernel import clock, events
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Refused
from guanxi.kernel.filters.env import start_of
from guanxi.org.access import joins
from guanxi.org.models import Notice, User
from guanxi.org.services import tell

ROLES, TOGETHER = AccountMember.Role, "users"


@joins(Account._meta.label_lower, AccountMember._meta.label_lower)
def served(people: list[int], day: date) -> Iterable[int]:
    """Accounts that these people assist with on a day: in their reach like their own."""
    rows = AccountMember.objects.filter(AccountMember.on(day), person__in=people)
    return rows.order_by("account_id").values_list("account_id", flat=True).distinct()  # type: ignore[no-any-return]


def _leads(account: Account, actor: Any) -> bool:
    """Who puts the team together: the account manager, or who may change what others entered."""
    return bool(account.owner_id == actor.pk or actor.may(CHANGE_OTHERS, Account._meta.label_lower))


@action(Account, label=_("Add to the account team"), icon="user-plus", bulk=False, mine=_leads,
        labels={"person": _("team member"), "role": _("role in the team"), "since": _("since"), "until": _("last day")},
        choices={"role": lambda _actor: ROLES.choices})  # fmt: skip
def join_team(
    account: Account, *, actor: User, person: User, role: str, since: date | None = None, until: date | None = None
) -> AccountMember:
    """From now on the person sees the account and what hangs on it, and assists without owning it."""
    if person.company_id != account.company_id or not person.is_active or person.pk == account.owner_id:
        raise Refused(_("Choose a colleague who does not look after this account already."), field="person")
    if AccountMember.objects.filter(AccountMember.on(clock.today()), account=account, person=person).exists():
        raise Refused(_("%(name)s is on the account team already.") % {"name": person}, field="person")
    member = AccountMember(
        company_id=account.company_id, created_by_id=actor.pk, account=account, person=person, until=until,
        role=role if role in ROLES.values else ROLES.ASSISTANT, since=since or clock.today(),
    )  # fmt: skip
    if until is not None and until < member.since:
        raise Refused(_("The last day lies before the first."), field="until")
    member.save()
    text = _t("%(who)s put you on the account team of %(what)s.") % {"who": actor, "what": account}
    tell([person], text, url=record_url("customers", account.pk), icon="users-group")
    return member


@action(AccountMember, label=_("End the membership"), icon="user-minus", bulk=False,
        when=lambda member: member.until is None or member.until >= clock.today(),
        mine=lambda member, actor: member.person_id == actor.pk or _leads(member.account, actor))  # fmt: skip
def leave_team(member: AccountMember, *, actor: User) -> AccountMember:
    """Yesterday was the last day: the reach ends at once, the history stays."""
    member.until = clock.today() - timedelta(days=1)
    member.since = min(member.since, member.until)
    member.save(update_fields=["until", "since"])
    return member


# -- the shared plan


def check_action(row: PlanAction) -> None:
    """Before an action is stored: the person must be able to see the customer."""
    account = row.plan.account_id
    if not Account.objects.visible_to(row.person).filter(pk=account).exists():
        words = _("%(name)s does not see this customer; add %(name)s to the account team first.")
        raise Refused(words % {"name": row.person}, field="person")


@action(PlanAction, label=_("Done"), icon="check", labels={"outcome": _("Outcome")},
        when=lambda row: row.done_on is None,
        mine=lambda row, actor: actor.pk in (row.person_id, row.plan.owner_id) or _leads(row.plan.account, actor))  # fmt: skip
def finish(row: PlanAction, *, actor: User, outcome: str) -> PlanAction:
    """The step is done; the plan says what came of it."""
    if not outcome.strip():
        raise Refused(_("Say what came of it."), field="outcome")
    row.done_on, row.outcome = clock.today(), outcome.strip()[:300]
    row.save(update_fields=["done_on", "outcome"])
    return row


# -- no duplicate contact (GROUP-02)


class Contact(NamedTuple):
    """Who was in touch with which customer, on which day."""

    by: int
    account: int
    on: date


# Contacts with these customers from one day to before another; apps above add what they keep of them.
contacts: list[Callable[[list[int], date, date], Iterable[Contact]]] = []


def noted(accounts: list[int], first: date, after: date) -> list[Contact]:
    """Needs and opinions somebody has heard."""
    rows = Need.objects.filter(account__in=accounts, created_by__isnull=False, on__gte=first, on__lt=after)
    return [Contact(*row) for row in rows.order_by("on", "pk").values_list("created_by", "account", "on")]


contacts.append(noted)


@events.listen("customers.need.created")
def tell_of_need(event: events.Event) -> None:
    need = Need.objects.filter(pk=event.payload["id"]).first()
    if need is not None and need.created_by_id is not None:
        tell_of_contact(Contact(need.created_by_id, need.account_id, need.on))


def tell_of_contact(made: Contact) -> None:
    """Another department was in touch with the same customer or group this week: both sides learn of each other, once."""
    account = Account.objects.select_related("parent").filter(pk=made.account).first()
    if account is None:
        return
    since = monday(made.on)
    ids = group_ids(group_root(account))
    week = [one for source in contacts for one in source(ids, since, since + timedelta(days=7))]
    people = User.objects.select_related("company", "department").in_bulk({made.by, *(one.by for one in week)})
    author = people.get(made.by)
    for pk, contact in {one.by: one for one in sorted(week, key=lambda one: one.on)}.items():
        colleague = people.get(pk)
        if author and colleague and colleague.is_active and colleague.department_id != author.department_id:
            _announce(colleague, author, made, since=since)
            _announce(author, colleague, contact, since=since)


def _announce(reader: User, who: User, contact: Contact, *, since: date) -> None:
    """Customers out of the reader's reach are not named; nobody hears of the same colleague there twice a week."""
    account = Account.objects.visible_to(reader).filter(pk=contact.account).first()
    what = account.name if account else _t("a company of the same group")
    told = Notice.objects.filter(user=reader, icon=TOGETHER, text__contains=what, created_at__gte=start_of(since))
    if told.filter(text__contains=str(who)).exists():
        return
    words = _t("%(who)s (%(department)s) was in touch with %(what)s on %(day)s, in the same week as you.")
    text = words % {"who": who, "department": who.department or "—", "what": what, "day": contact.on}
    tell([reader], text, url=record_url("customers", account.pk) if account else "", icon=TOGETHER)
