"""Calls that come in on a published service line: who called, about what, what was said, and what is left to do (COMM-03)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.interactions.models import Interaction, ServiceLine
from guanxi.interactions.models.contacts import Channel
from guanxi.interactions.services.contacts import INTERACTION, begin
from guanxi.interactions.services.returns import Problem, open_request
from guanxi.kernel import clock
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Refused
from guanxi.org.models import User

LINE = "interactions.serviceline"
REQUEST = "interactions.servicerequest"
NOTHING = Text("")


def may_take(_line: ServiceLine, actor: User) -> bool:
    return bool(actor.may("add", INTERACTION))


@action(ServiceLine, label=_("Log a call"), icon="phone-call", bulk=False, permission="view", mine=may_take,
        labels={"account": _("Customer"), "content": _("What the caller wants"),
                "told": _("Answered at once with"), "request": _("Open a service request")})  # fmt: skip
def take_call(
    line: ServiceLine, *, actor: User, account: Account, content: Text, told: Text = NOTHING,
    request: bool = False,
) -> ServiceLine:  # fmt: skip
    """The call stands among the customer's dealings and with its line; without an answer it waits for one (COMM-02)."""
    if not content.strip():
        raise Refused(_("Write what was said or done."), field="content")
    row = call_on(line, account, actor=actor, content=content.strip()[:2000])
    if told.strip():
        row.answer, row.answered_at, row.answered_by = told.strip()[:2000], row.at, actor
    if request:
        if not actor.may("add", REQUEST):
            raise Refused(_("You may not open service requests."), field="request")
        made = open_request(Problem(account, content.strip()[:2000]), solver=account.owner or actor, actor=actor)
        row.result = str(_("Service request %(n)s") % {"n": made})
    row.save()
    return line


def call_on(line: ServiceLine, account: Account, *, actor: User, **values: Any) -> Interaction:
    """A call of this moment unless another is said, not yet stored."""
    kind = Interaction.Kind.SERVICE if line.complaints else Interaction.Kind.INQUIRY
    said = {"kind": kind, "channel": Channel.PHONE, "direction": Interaction.Direction.IN, "at": clock.now(), **values}
    return begin(account, actor=actor, about=line, **said)
