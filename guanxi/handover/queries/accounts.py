"""Rights by post, the company's rules for accounts, and who is to be told about a department's people."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.custody.queries.watch import tells_who_leaves
from guanxi.handover.models import AccountRequest, AccountRules, Concerning, Handover, PersonnelChange, Post
from guanxi.kernel import context
from guanxi.kernel.errors import Refused
from guanxi.org.models import Department, Role, User
from guanxi.org.queries import leaders
from guanxi.org.services.accounts import powerful


def rules_of(company_id: int) -> AccountRules:
    """The company's own rules, else the defaults."""
    found: AccountRules | None = AccountRules.objects.filter(company_id=company_id).first()
    return found or AccountRules(company_id=company_id)


def role_names(actor: User) -> list[tuple[str, str]]:
    """The roles this person may ask for, by name: nobody asks for more power than they hold."""
    may_all = powerful(actor.roles.all())
    roles = Role.objects.filter(company_id=actor.company_id)
    return [(role.name, role.name) for role in roles if may_all or not powerful([role])]


def roles_named(company_id: int, names: list[str]) -> list[Role]:
    """These roles; Refused where a name is unknown or stands for several."""
    found: dict[str, list[Role]] = {}
    for role in Role.objects.filter(company_id=company_id, name__in=names):
        found.setdefault(role.name, []).append(role)
    if wrong := [name for name in names if len(found.get(name, ())) != 1]:
        raise Refused(_("There is no role called %(names)s.") % {"names": "、".join(wrong)}, field="roles")
    return [found[name][0] for name in names]


def roles_of_post(company_id: int, post: str) -> list[str]:
    """What the post brings; nothing for a post nobody has described."""
    row = Post.objects.filter(company_id=company_id, name=post.strip()).first()
    return list(row.roles) if row else []


@tells_who_leaves
def is_leaving(person: User) -> bool:
    """A leaving, the closing of the account or a handover for good has been entered for this person (SEC-07)."""
    entered = PersonnelChange.objects.filter(person=person, kind=PersonnelChange.Kind.LEAVING, access_ended_at=None)
    over = (Handover.State.SEALED, Handover.State.CANCELLED)
    handed = Handover.objects.filter(person=person, kind=Handover.Kind.LEAVING).exclude(state__in=over)
    ended = (AccountRequest.State.DONE, AccountRequest.State.REFUSED)
    asked = AccountRequest.objects.filter(person=person, kind=AccountRequest.Kind.CLOSE).exclude(state__in=ended)
    return any(rows.exists() for rows in (entered, handed, asked))


def acting_person() -> User | None:
    """Who is at work; nobody in jobs and in the shell."""
    actor_id = context.origin().actor_id
    return User.objects.filter(pk=actor_id).first() if actor_id else None


def to_tell(row: Concerning) -> list[User]:
    """Whoever looks after the row, and the block administrators of the person's department."""
    people = [row.owner] if row.owner is not None and row.owner.is_active else []
    return list(dict.fromkeys([*people, *clerks(row.department)]))


def clerks(department: Department | None) -> list[User]:
    """Block administrators at or above a department."""
    if department is None:
        return []
    above = [int(part) for part in department.path.strip("/").split("/")]
    people = User.objects.filter(is_active=True, department__in=above, roles__code="block-administrator")
    return list(people.distinct().order_by("pk"))


def heads_for(row: Concerning) -> list[User]:
    """Who leads the department the row speaks of, the nearest first; never the person it is about."""
    person: Any = row
    return leaders(row.department, without=person.person_id)
