"""Reporting a verification: what the customer said, in words, and what it means for the file."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account
from guanxi.filing.models import FileTask
from guanxi.filing.services.duties import FIELDS, plan_rechecks
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import NotVisible, Refused
from guanxi.org.models import User

Result = FileTask.Result


@action(FileTask, label=pgettext_lazy("verification", "Report"), icon="phone-check", bulk=False, when=lambda task: task.state == "open",
        labels={"result": _("Result"), "talk": _("What was said")}, choices={"result": lambda _user: Result.choices})  # fmt: skip
def report(task: FileTask, *, actor: User, result: list[str], talk: str) -> FileTask:
    """The talk is written down; a file the customer confirmed or corrected counts as verified today."""
    outcome = result[0] if len(result) == 1 else ""
    if outcome not in Result.values:
        raise Refused(_("Choose one result."), field="result")
    if not talk.strip():
        raise Refused(_("Write down what was said."), field="talk")
    task.result, task.talk, task.state, task.done_on = outcome, talk.strip()[:4000], FileTask.State.DONE, clock.today()
    task.save(update_fields=["result", "talk", "state", "done_on"])
    if outcome in (Result.CONFIRMED, Result.CORRECTED):
        confirm(task.account_id, actor)
    return task


def confirm(account_id: int, actor: User) -> None:
    """The file counts as confirmed today by this person."""
    account: Any = Account.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=account_id).first()
    if account is None:
        raise NotVisible
    account.confirmed_on, account.confirmed_by = clock.today(), actor
    account.save(update_fields=["confirmed_on", "confirmed_by"])

    plan_rechecks(list(Account.objects.filter(pk=account_id).values_list(*FIELDS)), account.company_id)
