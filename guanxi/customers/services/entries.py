"""Whose entry it is: nobody tampers with what another person entered (QUAL-16); and answering a need."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account, Need
from guanxi.kernel import context, work
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.org.models import User

CHANGE_OTHERS = "change_others"


def author_only(row: Any, actor: User, verb: str) -> None:
    """Guard of dated entries: the author, or who holds `change_others` and says why."""
    if row.created_by_id not in (None, actor.pk):
        _as_other(row, actor)


def author_or_keeper(row: Any, actor: User, verb: str) -> None:
    """Guard of what describes a customer: also the person who looks after the account."""
    account = row if isinstance(row, Account) else row.account
    # Who only assists is never the keeper, even of rows without an author (ORG-08).
    assists = account.pk in actor.access.joined.get(Account._meta.label_lower, ())
    if actor.pk not in (row.created_by_id, account.owner_id) and (assists or row.created_by_id is not None):
        _as_other(row, actor)


def _as_other(row: Any, actor: User) -> None:
    unit, may = work.current(), actor.may(CHANGE_OTHERS, row._meta.label_lower)
    if may and unit is None:
        return  # a page asks whether to offer it
    author = row.created_by or getattr(row, "owner", None) or "—"
    if not may:
        raise Forbidden(_("%(name)s entered this; your role may not change it.") % {"name": author})
    # The reason of an import is the import itself; everybody else gives one, and the trail keeps it.
    if unit is not None and not unit.reason.strip() and context.origin().channel != "import":
        raise Refused(_("Say why you change what %(name)s entered.") % {"name": author}, field="reason")


@action(Need, label=_("Answer"), icon="message-reply", bulk=False, labels={"answer": _("Answer")},
        when=lambda need: need.status == Need.Status.OPEN)  # fmt: skip
def answer_need(need: Need, *, actor: User, answer: str) -> Need:
    """Write down what was done about a need; anybody who may change needs can answer one."""
    if not answer.strip():
        raise Refused(_("Write down the answer."), field="answer")
    need.status, need.answer, need.answered_by = Need.Status.ANSWERED, answer.strip(), actor
    need.save(update_fields=["status", "answer", "answered_by"])
    return need
