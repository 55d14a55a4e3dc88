"""Cards and registrations that are no customers yet become leads (FORM-04, SALE-04)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.customers.models import Source
from guanxi.deals.models import Lead
from guanxi.deals.models.leads import Way
from guanxi.filing.models import Exhibition, Origin, Registration
from guanxi.kernel import verbs, work
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Invalid, Refused
from guanxi.org.models import User

LEAD = "deals.lead"
WAYS: dict[str, Way] = {Origin.ONLINE: Way.WEB, Origin.EXHIBITION: Way.CARD}


def _values(said: Mapping[str, Any]) -> dict[str, Any]:
    """A card as a lead: the company it names, else the person."""
    company, name = str(said.get("organisation") or ""), str(said.get("name") or "")
    shared = {key: said[key] for key in ("post", "email", "address", "need") if said.get(key)}
    values = {"kind": "company" if company else "person", "name": (company or name)[:120], **shared}
    if company:
        values["person"] = name[:60]
    if said.get("phone"):
        values["mobile"] = said["phone"]
    return values


def lead_cards(
    rows: Iterable[Mapping[str, Any]], exhibition: Exhibition | None, *, actor: User
) -> tuple[list[Lead], dict[int, dict[str, list[Any]]]]:
    """Many cards as leads with the exhibition as their source, all or none; what is wrong by the number of the row."""
    declared = entity(Lead)
    source = Source.objects.filter(company_id=actor.company_id, code="exhibition").first() if exhibition else None
    common = {"source": source, "source_detail": exhibition.name[:120]} if exhibition and source else {}
    made: list[Lead] = []
    wrong: dict[int, dict[str, list[Any]]] = {}

    def body() -> list[Lead]:
        made.clear()
        for number, row in enumerate(rows):
            try:
                lead = work.part(partial(verbs.add, declared, {**common, **_values(row)}, actor=actor))
            except Invalid as invalid:
                wrong[number] = {("phone" if name == "mobile" else name): t for name, t in invalid.errors.items()}
            except Refused as refused:  # on file already
                wrong[number] = {"name": [str(refused)]}
            else:
                made.append(lead)
        if wrong:
            raise Refused(_("Some cards need a change; nothing was saved."))
        Lead.objects.filter(pk__in=[lead.pk for lead in made]).update_silently(way=Way.CARD)
        return made

    try:
        work.unit_of_work(body, verb="filing.registration.cards")
    except Refused:
        if not wrong:
            raise
        return [], wrong
    return made, {}


def _may_lead(_row: Registration, actor: User) -> bool:
    return bool(actor.may("add", LEAD))


@action(Registration, label=gettext_lazy("Make a lead of it"), icon="user-plus", bulk=False, lands=MADE,
        when=lambda row: row.is_open, mine=_may_lead)  # fmt: skip
def make_lead(registration: Registration, *, actor: User) -> Lead:
    """Somebody who asked and is no customer yet: a lead, followed up in sales; the registration stays with the reason."""
    if not registration.is_open:
        raise Refused(_("This registration is not open."))
    said = {
        name: getattr(registration, name)
        for name in ("name", "phone", "need", "organisation", "post", "email", "address")
    }
    values = _values(said)
    if registration.source_id:
        values |= {"source": registration.source, "source_detail": registration.source_detail}
    lead: Lead = verbs.add(entity(Lead), values, actor=actor)
    Lead.objects.filter(pk=lead.pk).update_silently(way=WAYS.get(registration.origin, Way.FORM))
    registration.state = Registration.State.VOID
    registration.remark = (_("Became the lead %(name)s.") % {"name": lead.name})[:400]
    registration.save(update_fields=["state", "remark"])
    return lead
