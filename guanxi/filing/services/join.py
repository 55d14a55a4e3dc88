"""Customers register themselves and keep their own particulars (INFO-21): limits, consent, signed links."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from guanxi.customers.models import Source
from guanxi.filing.models import JoinAttempt, JoinLink, Origin, Registration
from guanxi.filing.models.registration import new_token
from guanxi.filing.queries.rules import rules_of
from guanxi.filing.services.registration import filled, prepare
from guanxi.kernel import clock, context, events, work

SALT = "guanxi.join"
CREATED = "filing.registration.created"
OWN = ("name", "phone", "need", "organisation", "email", "address")  # what customers write themselves
events.declare(CREATED)


def link_of(token: str) -> JoinLink | None:
    """The open link of an address."""
    link = JoinLink.objects.filter(token=token).select_related("company", "exhibition", "owner").first()
    return link if link is not None and link.alive else None


def admit(link: JoinLink, address: str) -> bool:
    """Count one more use of the link from an address; false beyond the limits of an hour."""
    rules, since = rules_of(link.company_id), clock.now() - timedelta(hours=1)
    hashed = salted_hmac(SALT, address).hexdigest()[:32]
    uses = JoinAttempt.objects.filter(link=link, at__gt=since)
    if uses.filter(address=hashed).count() >= rules.join_hourly or uses.count() >= rules.join_hourly_link:
        return False
    JoinAttempt.objects.create(link=link, address=hashed)
    return True


def forget_attempts() -> int:
    return JoinAttempt.objects.filter(at__lt=clock.now() - timedelta(days=1)).delete()[0]


def join(link: JoinLink, values: Mapping[str, Any], answers: list[dict[str, str]]) -> str:
    """Keep what a customer sent; returns the signed text with which they come back to it."""
    department = link.owner.department_id if link.owner else link.department_id
    row = Registration(
        company_id=link.company_id, owner=link.owner, department_id=department, origin=Origin.ONLINE,
        channel=link.channel, exhibition=link.exhibition, answers=answers, method="web",
        source=Source.objects.filter(company_id=link.company_id, code="exhibition" if link.exhibition else "online").first(),
        source_detail=str(link.exhibition or link.name)[:120], consented_at=clock.now(), consent=link.consent_text,
        edit_key=new_token(), **{name: values.get(name, "") for name in OWN},
    )  # fmt: skip
    return _store(row)


def _store(row: Registration) -> str:
    def body() -> None:
        row.clean_fields(exclude=["company", "created_by"])
        row.clean()
        prepare([row])
        row.save()
        events.publish(CREATED, row.company_id, id=row.pk, actor=None)

    with context.acting(actor_id=None, actor_name=_("Customer")):
        work.unit_of_work(body, verb="filing.registration.join")
    return signed(row)


def signed(row: Registration) -> str:
    return signing.dumps([row.pk, row.edit_key], salt=SALT)


def nobody() -> str:
    """What a machine gets that filled in the field people do not see: it looks the same and opens nothing."""
    return signing.dumps([secrets.randbelow(2**62), new_token()], salt=SALT)


def renew_own_link(row: Registration) -> str:
    """A fresh link for the customer; older ones no longer open."""

    def body() -> None:
        row.edit_key = new_token()
        row.save(update_fields=["edit_key"])

    work.unit_of_work(body, verb="filing.registration.own_link")
    return signed(row)


def open_own(text: str) -> Registration | None:
    """The registration behind a signed link that is neither too old, replaced, nor void."""
    try:
        pk, key = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    row: Registration | None = Registration.objects.filter(pk=pk).select_related("company").first()
    if row is None or not key or row.edit_key != key or row.state == Registration.State.VOID:
        return None
    try:
        signing.loads(text, salt=SALT, max_age=timedelta(days=rules_of(row.company_id).edit_days))
    except signing.SignatureExpired:
        return None
    return row


def amend(row: Registration, values: Mapping[str, Any]) -> None:
    """The customer corrects the particulars: at once while nothing was filed, else as a new form for the accountant."""
    changed = {name: values[name] for name in OWN if name in values and values[name] != getattr(row, name)}
    if not changed:
        return
    if row.is_open:
        _correct(row, changed)
        return
    kept = {name: getattr(row, name) for name in OWN}
    again = Registration(
        company_id=row.company_id, owner_id=row.owner_id, department_id=row.department_id, origin=Origin.ONLINE,
        account_id=row.account_id, channel_id=row.channel_id, source_id=row.source_id, method="web",
        source_detail=_("Corrected by the customer"), consented_at=row.consented_at, consent=row.consent,
        edit_key=new_token(), **{**kept, **changed},
    )  # fmt: skip
    _store(again)


def _correct(row: Registration, changed: Mapping[str, Any]) -> None:
    def body() -> None:
        for name, value in changed.items():
            setattr(row, name, value)
        row.clean_fields(exclude=["company", "created_by"])
        row.clean()
        said = {"by": None, "origin": Origin.ONLINE, "on": clock.today().isoformat()}
        row.suppliers = {**row.suppliers, **{name: said for name in changed if name in filled(row)}}
        row.save()

    with context.acting(actor_id=None, actor_name=_("Customer")):
        work.unit_of_work(body, verb="filing.registration.amend")
