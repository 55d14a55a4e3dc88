"""Account requests: filed, approved, carried out (ACCT-01, ACCT-04, FORM-03); and the duty a personnel change makes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.models import Approval, Vote
from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.handover.models import AccountRequest, PersonnelChange, Post
from guanxi.handover.queries.accounts import (
    acting_person,
    clerks,
    role_names,
    roles_named,
    roles_of_post,
)
from guanxi.kernel import clock
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.kernel.events import Event, listen
from guanxi.kernel.models import Company
from guanxi.org.models import Role, User
from guanxi.org.numbers import number_rows
from guanxi.org.services import close_account, enter, furnishes, give_roles, protect, tell

KIND = "handover.account"
ASKS = {"entry": "open", "move": "change", "leaving": "close"}
State = AccountRequest.State


# -- before rows are stored --------------------------------------------------------------------------------------------


def check_concerning(row: Any) -> None:
    """Only people in one's reach, and heads and administrators only by their like."""
    actor, person = acting_person(), row.person
    if actor is None or person is None:
        return
    if not User.objects.visible_to(actor).filter(pk=person.pk).exists():
        raise Refused(_("This person is out of your reach."), field="person")
    protect(person, actor)


def check_request(row: AccountRequest) -> None:
    """Roles that exist and may be asked for; a sign-in name that is free."""
    check_concerning(row)
    if row.state != State.DRAFT:
        raise Refused(_("What has been submitted is not changed: withdraw the approval first."))
    actor = acting_person()
    if actor is not None and set(row.roles) - dict(role_names(actor)).keys():
        raise Forbidden(_("You may not give this role."))
    roles_named(row.company_id, row.roles)
    if row.kind == AccountRequest.Kind.OPEN and row.person is not None and row.person.has_usable_password():
        raise Refused(_("This account has been opened already."), field="person")


def check_post(row: Post) -> None:
    """A post brings known roles, never those of heads and administrators."""
    actor = acting_person()
    if actor is not None and set(row.roles) - dict(role_names(actor)).keys():
        raise Forbidden(_("You may not give this role."))
    roles_named(row.company_id, row.roles)


def number_requests(rows: list[AccountRequest]) -> None:
    number_rows(rows, "ZHSP", period="year")


def only_open(row: Any, _actor: User, _verb: str) -> None:
    """What has been requested or carried out stays as it was written."""
    if row.state not in (State.DRAFT, PersonnelChange.State.OPEN):
        raise Forbidden(_("This has been submitted and can no longer be changed."))


# -- asking ------------------------------------------------------------------------------------------------------------


@action(AccountRequest, label=_("Submit for approval"), icon="send", when=lambda row: row.state == State.DRAFT)
def submit(row: AccountRequest, *, actor: User) -> AccountRequest:
    """Send the form on its way; without roles it asks for those of the post."""
    if row.state != State.DRAFT:
        raise Refused(_("This has been submitted already."))
    row.roles = row.roles or ([] if row.kind == AccountRequest.Kind.CLOSE else roles_of_post(row.company_id, row.post))
    check_request(row)
    if row.kind == AccountRequest.Kind.OPEN and not row.roles:
        raise Refused(_("Name the roles, or describe which roles the post brings."), field="roles")
    row.state, row.filed_on = State.PENDING, clock.today()
    row.save()
    if row.change is not None:
        _mark(row.change, PersonnelChange.State.FILED, filed_on=clock.today())
    ask(Request(KIND, str(row), row.reason, row=row), actor=actor)
    return row


@action(PersonnelChange, label=_("Request the account change"), icon="file-check", bulk=False, lands=MADE,
        when=lambda row: row.state == PersonnelChange.State.OPEN,
        labels={"reason": _("Reason"), "roles": _("wanted roles"), "wanted": _("wanted handling")},
        choices={"roles": role_names},
        initial=lambda row: {"roles": roles_of_post(row.company_id, row.post), "reason": str(row)})  # fmt: skip
def request_for(
    change: PersonnelChange, *, actor: User, reason: str, roles: list[str] | None = None, wanted: str = ""
) -> AccountRequest:
    """Fill in the form from the personnel change and submit it at once (ACCT-03)."""
    wished: Any = roles or []
    row = AccountRequest(
        company_id=change.company_id, created_by_id=actor.pk, owner=actor, department_id=change.department_id,
        kind=ASKS[change.kind], person=change.person, name=change.name, username=change.username, post=change.post,
        to_department=change.to_department, roles=wished, day=change.day, reason=reason, wanted=wanted,
        change=change,
    )  # fmt: skip
    number_requests([row])
    row.save()
    submit(row, actor=actor)
    return row


def _mark(change: PersonnelChange, state: str, **values: Any) -> None:
    fresh = PersonnelChange.objects.select_for_update().get(pk=change.pk)
    for name, value in {"state": state, **values}.items():
        setattr(fresh, name, value)
    fresh.late = fresh.late or (fresh.filed_on is not None and fresh.filed_on > fresh.due_on)
    fresh.save()


# -- deciding ----------------------------------------------------------------------------------------------------------


def _facts(approval: Approval) -> Iterator[tuple[Any, str]]:
    """What an approver reads before deciding."""
    row = AccountRequest.objects.select_related("to_department").get(pk=approval.object_id)
    yield _("Kind"), row.get_kind_display()
    yield _("Person"), f"{row.name} · {row.username}"
    yield _("Post"), row.post
    yield _("Department"), str(row.to_department or row.department or "")
    yield _("Roles now"), "、".join(row.person.roles.values_list("name", flat=True)) if row.person else ""
    yield _("Wanted roles"), "、".join(row.roles)
    yield _("Wanted data scope"), row.scope
    yield _("Effective on"), str(row.day)
    yield _("Wanted handling"), row.wanted


def _taken_back(approval: Approval) -> None:
    """Refused or withdrawn: the form may be filed anew, and the duty is open again."""
    row = _row(approval)
    withdrawn = approval.state == Approval.State.WITHDRAWN
    row.state = State.DRAFT if withdrawn else State.REFUSED
    row.save(update_fields=["state"])
    if row.change is not None:
        _mark(row.change, PersonnelChange.State.OPEN, filed_on=None)


@subject(
    KIND, label=_("Account request"), refused=_taken_back, facts=_facts,
    steps=({"who": "head"}, {"who": "role", "role": "marketing"}),
)  # fmt: skip
def approved(approval: Approval) -> str:
    """Carry out what is due today; the rest waits for its day (ACCT-04)."""
    row = _row(approval)
    if row.person_id and Vote.objects.filter(approval=approval, state="agreed", person=row.person_id).exists():
        raise Refused(_("Nobody decides on their own account: pass it on to a colleague."))
    row.state = State.AGREED
    row.save(update_fields=["state"])
    if row.kind == AccountRequest.Kind.OPEN:
        return _prepare(row, approval)
    return carry_out(row) or str(_("It takes effect on %(day)s.") % {"day": row.day})


def _row(approval: Approval) -> AccountRequest:
    found: AccountRequest = AccountRequest.objects.select_for_update(of=("self",)).get(pk=approval.object_id)
    return found


def _prepare(row: AccountRequest, approval: Approval) -> str:
    """The person with department and roles; whoever decided last opens the account and sees the initial password."""
    person = row.person
    if person is None:
        if User.everything.filter(username=row.username).exists():
            raise Refused(_("The sign-in name %(name)s is taken.") % {"name": row.username})
        person = User(company_id=row.company_id, created_by_id=approval.owner_id, name=row.name, username=row.username)
        enter([person])
    person.title, person.department = row.post or person.title, row.to_department or row.department
    person.save()
    give_roles(person, _granted(row))
    row.person = person
    row.save(update_fields=["person"])
    votes = Vote.objects.filter(approval=approval, state=Vote.State.AGREED).select_related("person__company")
    text = _("Open the account of %(name)s: the initial password is shown once.") % {"name": person.name}
    openers = [v.person for v in votes if v.person.may("open_account", "org.user")] or clerks(person.department)
    tell(openers, text, url=reverse("initial-password", args=[person.pk]), icon="user-plus")
    return str(_("The account waits to be opened."))


def _granted(row: AccountRequest) -> list[Role]:
    return roles_named(row.company_id, row.roles)


def carry_out(row: AccountRequest) -> str:
    """Change or close the account if its day has come; empty if not yet."""
    person, today = row.person, clock.today()
    last = row.day if row.kind == AccountRequest.Kind.CHANGE else None
    if person is None or (row.day > today if last else row.day >= today):
        return ""
    if row.kind == AccountRequest.Kind.CHANGE:
        person.title, person.department = row.post or person.title, row.to_department or person.department
        person.save()
        if row.roles:
            give_roles(person, _granted(row))
    elif person.is_active:
        close_account(person)
    finish(row)
    return str(_("Carried out."))


def finish(row: AccountRequest) -> None:
    """The form is done, and with it the duty; those who wait for it are told."""
    row.state, row.done_at = State.DONE, clock.now()
    row.save(update_fields=["state", "done_at"])
    if row.change is not None:
        _mark(row.change, PersonnelChange.State.DONE)
    if row.owner is not None:
        text = _("Carried out: %(what)s") % {"what": row}
        tell([row.owner], text, url=record_url("account-requests", row.pk), icon="circle-check")


@listen("org.user.open_for")
def opened(event: Event) -> None:
    """Once the account is open, the request is carried out."""
    for row in AccountRequest.objects.filter(person=event.payload["id"], kind="open", state=State.AGREED):
        finish(row)


@furnishes
def seed_posts(company: Company) -> None:
    """Posts called like the ready-made roles bring these roles; heads and administrators are named case by case."""
    posts: Any = Post.everything.filter(company=company)
    known = set(posts.values_list("name", flat=True))
    for role in Role.objects.filter(company=company, is_preset=True, exclusive=""):
        if role.name not in known and "*" not in role.grants:
            brought: Any = [role.name]
            Post(company=company, name=role.name, roles=brought).save()
