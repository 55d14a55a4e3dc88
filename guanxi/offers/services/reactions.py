"""What customers said to something offered: whoever looks after the customer hears of it (SALE-12)."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guanxi.kernel import events, work
from guanxi.kernel.addresses import record_url
from guanxi.offers.models import Reaction
from guanxi.org.models import Department, User
from guanxi.org.queries import leaders
from guanxi.org.services import tell

REPRESENTATIVE = "representative"


@events.listen("offers.reaction.created")
def pass_on(event: events.Event) -> None:
    """The owner of the customer, or else the representatives of its area, unless they heard it themselves."""
    rows = Reaction.objects.select_related("account__owner", "account__department", "product")
    row = rows.filter(pk=event.payload["id"]).first()
    if row is not None:
        work.unit_of_work(lambda: _pass_on(row), verb="offers.reaction.pass_on")


def _pass_on(row: Reaction) -> None:
    people = [person for person in to_tell(row) if person.pk != row.created_by_id]
    words = {"name": row.account, "what": row.product or "—", "answer": row.get_answer_display()}
    url = record_url("reactions", row.pk)
    tell(people, _("%(name)s · %(what)s: %(answer)s") % words, url=url, icon="message-report")


def to_tell(row: Reaction) -> list[User]:
    """Who looks after the customer: the owner, the representatives of its department, or their leader."""
    account = row.account
    if account.owner is not None and account.owner.is_active:
        return [account.owner]
    home: Department | None = account.department
    if home is None:
        return []
    there = User.objects.filter(department=home, is_active=True, roles__code=REPRESENTATIVE).distinct()
    return list(there) or leaders(home)[:1]
