"""From a registration to a file (QUAL-01, QUAL-04): a new customer, or facts for one we have; every fact keeps its supplier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Contact, Kind, Need
from guanxi.filing.models import FactSource, Origin, Registration
from guanxi.filing.queries.today import account_values, new_values
from guanxi.formats.phones import parse_phone
from guanxi.kernel import clock, verbs, work
from guanxi.kernel.actions import action, locked
from guanxi.kernel.doubts import Doubt, asking
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

State = Registration.State


def make_file(row: Registration, values: Mapping[str, Any], *, actor: User) -> Account:
    """A new customer from the form, completed with `values` by whoever files it."""

    def body() -> Account:
        fresh = _open(row, actor)
        given = new_values(fresh)
        wanted = {**given, **values}
        if "owner" not in wanted:
            wanted["owner"] = None
        account: Account = verbs.add(entity(Account), wanted, actor=actor)
        if account.owner is None and account.department_id != fresh.department_id:
            account.department_id = fresh.department_id
            account.save(update_fields=["department"])
        kept = [name for name in given if name not in values or values[name] == _plain(given[name])]
        _note(account, fresh, [*kept, *(["contacts"] if account.kind == Kind.COMPANY else [])])
        _entries(account, fresh, actor)
        return _close(fresh, account, actor)

    return work.unit_of_work(body, verb="filing.registration.file")


def add_to_file(row: Registration, account: Account, fields: Iterable[str] | None, *, actor: User) -> Account:
    """Update a customer we have from the form: the named fields, or those the file lacks; old values stay in the trail."""

    def body() -> Account:
        fresh = _open(row, actor)
        target: Account = locked(Account, account.pk, actor)
        given = {
            k: v
            for k, v in account_values(fresh).items()
            if k not in ("kind", "owner", "source", "source_detail", "method")
        }
        wanted = set(fields) if fields is not None else {name for name in given if getattr(target, name) in (None, "")}
        changes = {k: v for k, v in given.items() if k in wanted and _plain(getattr(target, k)) != _plain(v)}
        if changes:
            reason = _("Registration %(number)s") % {"number": fresh.number}
            work.require().reason = work.require().reason or str(reason)
            target = verbs.change(entity(Account), target.pk, changes, actor=actor, reason=str(reason))
        _note(target, fresh, changes)
        _entries(target, fresh, actor)
        return _close(fresh, target, actor)

    return work.unit_of_work(body, verb="filing.registration.attach")


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


def _open(row: Registration, actor: User) -> Registration:
    fresh: Registration = locked(Registration, row.pk, actor)
    if not fresh.is_open:
        raise Refused(_("Somebody has filed this registration already."))
    return fresh


def _note(account: Account, row: Registration, fields: Iterable[str]) -> None:
    """Write down who supplied each of these fields, by what the registration says of its own."""
    own = {"business_needs": "need", "preferences": "interest", "contacts": "name"}
    own |= {"name": "organisation"} if row.organisation else {}
    today = clock.today()
    rows = []
    for name in fields:
        said = row.suppliers.get(own.get(name, name)) or {"by": row.collected_by_id, "origin": row.origin}
        rows.append(
            FactSource(
                company_id=account.company_id,
                account=account,
                field=name,
                supplied_by_id=said["by"],
                origin=said["origin"],
                on=said.get("on", today),
                registration=row,
            )
        )
    FactSource.objects.bulk_create(rows)


def _entries(account: Account, row: Registration, actor: User) -> None:
    """The person as a contact of a company, and the need as a dated entry."""
    contact = None
    if account.kind == Kind.COMPANY:
        contact = account.contacts.filter(name=row.name, left_on=None).first() or _contact(account, row, actor)
    need = {"account": account, "contact": contact, "text": row.need, "on": row.registered_on, "method": row.method}
    verbs.add(entity(Need), {name: value for name, value in need.items() if value not in (None, "")}, actor=actor)


def _contact(account: Account, row: Registration, actor: User) -> Contact:
    mobile = parse_phone(row.phone).kind == "mobile"
    values = {
        "account": account, "name": row.name, "post": row.post, "email": row.email, "wechat": row.wechat, "method": row.method,
        "mobile" if mobile else "phone": row.phone, "is_primary": not account.contacts.filter(left_on=None).exists(),
        "legal_basis": "consent" if row.consented_at else "",
    }  # fmt: skip
    made: Contact = verbs.add(entity(Contact), {k: v for k, v in values.items() if v not in (None, "")}, actor=actor)
    return made


def _close(row: Registration, account: Account, actor: User) -> Account:
    row.state, row.account, row.filed_at, row.filed_by = State.FILED, account, clock.now(), actor
    row.save(update_fields=["state", "account", "filed_at", "filed_by"])
    return account


@action(Registration, label=_("File as it is"), permission="file", icon="folder-plus", when=lambda row: row.is_open)
def file(registration: Registration, *, actor: User) -> Registration:
    """Make a file of what the form says, without completing it; one that corrects a file goes into that file."""
    if registration.account is not None:
        add_to_file(registration, registration.account, account_values(registration), actor=actor)
    else:
        _file_unseen(registration, actor)
    return registration


def _file_unseen(row: Registration, actor: User) -> None:
    """Nobody has looked at the form: what may be on file already is left to the page on which both stand side by side."""
    try:
        with asking(False):
            make_file(row, {}, actor=actor)
    except Doubt as doubt:
        raise Refused(_("%(doubt)s. Compare both under “Make a file”.") % {"doubt": doubt}) from doubt


@action(Registration, label=_("Add to an existing file"), permission="file", icon="folder-symlink", bulk=False,
        when=lambda row: row.is_open, labels={"account": _("Customer")})  # fmt: skip
def attach(registration: Registration, *, actor: User, account: Account) -> Registration:
    """The customer has a file already: it gets what it lacks."""
    add_to_file(registration, account, None, actor=actor)
    return registration


# -- completing what a file lacks, at settlement or while verifying (QUAL-02, QUAL-05)


def complete(account: Account, values: Mapping[str, Any], origin: str, *, actor: User) -> list[str]:
    """Fill in missing fields as the customer told them; returns which were completed."""

    def body() -> list[str]:
        target = locked(Account, account.pk, actor)
        filled = {
            k: v for k, v in values.items() if v not in (None, "", []) and _plain(getattr(target, k)) != _plain(v)
        }
        if not filled:
            return []
        reason = str(Origin(origin).label)
        work.require().reason = work.require().reason or reason
        changed = verbs.change(entity(Account), target.pk, filled, actor=actor, reason=reason)
        FactSource.objects.bulk_create(
            FactSource(
                company_id=changed.company_id,
                account=changed,
                field=name,
                supplied_by=None,
                origin=origin,
                created_by=actor,
            )
            for name in filled
        )
        return list(filled)

    return work.unit_of_work(body, verb="filing.complete")
