"""A letter of somebody unknown becomes a lead; once that is a customer, the conversation lies with it."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.customers.models import Source
from guanxi.deals.models import Lead
from guanxi.deals.models.leads import Way
from guanxi.kernel import verbs
from guanxi.kernel.actions import MADE, action
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.mail.letters import fresh
from guanxi.mail.models import Thread
from guanxi.mail.services.threads import settle
from guanxi.org.models import User

LEAD = "deals.lead"


def _may_lead(_thread: Thread, actor: User) -> bool:
    return bool(actor.may("add", LEAD))


@action(Thread, label=gettext_lazy("Make a lead of it"), icon="user-plus", bulk=False, permission="assign", mine=_may_lead,
        when=lambda thread: thread.account_id is None, lands=MADE,
        labels={"name": gettext_lazy("Company or person")},
        initial=lambda thread: {"name": thread.name or thread.address})  # fmt: skip
def make_lead(thread: Thread, *, actor: User, name: str) -> Lead:
    """Who wrote is no customer yet: the address, the subject and what the first letter says go into a lead."""
    if thread.account_id is not None:
        raise Refused(_("This conversation lies with a customer already."))
    if Lead.objects.filter(company_id=thread.company_id, email__iexact=thread.address, state=Lead.State.OPEN).exists():
        raise Refused(_("There is an open lead with this address already."))
    if not name.strip():
        raise Refused(_("Write who it is."), field="name")
    first = thread.letters.order_by("at", "pk").first()
    said = f"{thread.subject}\n{fresh(first.text) if first else ''}".strip()
    source = Source.objects.filter(company_id=thread.company_id, code="mail").first()
    values = {
        "name": name.strip()[:120], "person": thread.name[:60], "email": thread.address, "need": said[:2000],
        **({"source": source} if source else {}),
    }  # fmt: skip
    lead: Lead = verbs.add(entity(Lead), values, actor=actor)
    Lead.objects.filter(pk=lead.pk).update_silently(way=Way.MAIL)
    thread.state, thread.why = Thread.State.ASIDE, (_("Became the lead %(name)s.") % {"name": lead.name})[:200]
    thread.save(update_fields=["state", "why"])
    return lead


def lay_letters(lead: Lead) -> None:
    """The conversations of a converted lead's address lie with the customer, its letters among the dealings."""
    if not lead.email or lead.account_id is None:
        return
    rows = Thread.objects.filter(company_id=lead.company_id, address__iexact=lead.email, account=None)
    for thread in rows.order_by("pk")[:20]:
        settle(thread, lead.account_id, lead.contact_id)
