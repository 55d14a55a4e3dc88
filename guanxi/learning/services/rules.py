"""Departments' own rules: in force only once they are filed with the customer-relations department (ORG-14)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.kernel import clock
from guanxi.kernel.actions import action
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.learning.models import DetailedRule, Publication
from guanxi.learning.services.publishing import put_out
from guanxi.org.models import User

SUBJECT = "learning.detailedrule"
State = DetailedRule.State
OPEN = (State.DRAFT, State.RETURNED)


def only_open(rule: DetailedRule, _actor: Any, _verb: str) -> None:
    """Guard: what is filed, or asked about, stays as it is."""
    if rule.state not in OPEN:
        raise Forbidden(_("A rule that is filed or waits for it is not changed: write a new one."))


@action(DetailedRule, label=_("Send for filing"), icon="send", bulk=False, when=lambda rule: rule.state in OPEN)
def send_for_filing(rule: DetailedRule, *, actor: User) -> DetailedRule:
    """The department's head agrees, then the customer-relations department files it."""
    if rule.state not in OPEN:
        raise Refused(_("This rule is on its way already."))
    if rule.department is None:
        raise Refused(_("Say for which department it is."), field="department")
    rule.state = State.ASKED
    rule.save(update_fields=["state"])
    title = gettext("File the detailed rule “%(name)s”") % {"name": rule.title}
    ask(Request(SUBJECT, title, row=rule, reason=rule.text[:400]), actor=actor)
    rule.refresh_from_db()
    return rule


def _returned(approval: Any) -> None:
    rule = DetailedRule.objects.get(pk=approval.object_id)
    rule.state = State.RETURNED
    rule.save(update_fields=["state"])


@subject(
    SUBJECT, label=_("Filing of a detailed rule"), refused=_returned,
    steps=({"who": "head"}, {"who": "role", "role": "relations-specialist"}),
)  # fmt: skip
def _filed(approval: Any) -> str:
    """It holds from its day on, at the earliest from today, and its people have to read it."""
    rule = DetailedRule.objects.select_related("department").get(pk=approval.object_id)
    rule.state, rule.filed_on = State.FILED, clock.today()
    rule.effective_on = max(rule.effective_on, rule.filed_on)
    rule.save(update_fields=["state", "filed_on", "effective_on"])
    publication = Publication(
        company_id=rule.company_id, created_by_id=rule.created_by_id, title=rule.title, rule=rule,
        department=rule.department,
    )  # fmt: skip
    publication.save()
    put_out(publication)
    return gettext("Effective from %(day)s") % {"day": rule.effective_on}


@action(DetailedRule, label=_("Repeal"), icon="archive", permission="publish", bulk=False, danger=True,
        when=lambda rule: rule.state == State.FILED)  # fmt: skip
def repeal(rule: DetailedRule, *, actor: User) -> DetailedRule:
    """It no longer holds; nobody is asked to read it any more."""
    rule.state = State.REPEALED
    rule.save(update_fields=["state"])
    for publication in Publication.objects.filter(rule=rule, state=Publication.State.PUBLISHED):
        publication.state = Publication.State.WITHDRAWN
        publication.save(update_fields=["state"])
    return rule
