"""A finding's way: mended, objected to, inspected again, sent back or closed (QUAL-17); and facts found untrue by people."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models import Account
from guanxi.filing.models import Defect, Finding
from guanxi.filing.queries.checks import Checker, Fault
from guanxi.filing.queries.responsible import Court, people
from guanxi.filing.services.incentives import charge_overdue, reward, untrue
from guanxi.formats.dates import month_said
from guanxi.incentives.queries.ledger import month_after
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import action
from guanxi.kernel.addresses import record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Refused
from guanxi.kernel.models import Company
from guanxi.org.models import Department, User
from guanxi.org.services import tell
from guanxi.worktime.queries import calendar_of

State = Finding.State
SENT_BACK_DAYS = 3
UNTRUE_FIELDS = ("name", "phone", "address", "email", "employer", "credit_code")


def untrue_choices() -> list[tuple[str, Any]]:
    """The facts a person can find untrue."""
    fields = entity(Account).fields_for(None)
    return [(name, fields[name].label) for name in UNTRUE_FIELDS]


@action(Finding, label=_("Mended"), permission="view", icon="tool", labels={"note": _("What was done")},
        when=lambda finding: finding.state == State.OPEN,
        mine=lambda finding, actor: actor.pk == finding.owner_id or actor.may("change", "filing.finding"))  # fmt: skip
def mended(finding: Finding, *, actor: User, note: str = "") -> Finding:
    """The person responsible says it is in order now; an inspection again decides."""
    if finding.state != State.OPEN:
        raise Refused(_("This finding is not open."))
    finding.state, finding.note = State.FIXED, note.strip()[:400]
    finding.save(update_fields=["state", "note"])
    return finding


@action(Finding, label=_("Object"), permission="view", icon="hand-stop", bulk=False, labels={"reason": _("Reason")},
        when=lambda finding: finding.state == State.OPEN, mine=lambda finding, actor: actor.pk == finding.owner_id)  # fmt: skip
def object_to(finding: Finding, *, actor: User, reason: str) -> Finding:
    """The person responsible does not agree; the inspector decides."""
    if not reason.strip():
        raise Refused(_("Say why you object."), field="reason")
    finding.state, finding.note = State.OBJECTED, reason.strip()[:400]
    finding.save(update_fields=["state", "note"])
    if finding.inspection is not None and finding.inspection.owner is not None:
        _tell(
            finding,
            finding.inspection.owner,
            gettext("%(who)s objects: %(text)s") % {"who": actor, "text": finding.text},
        )
    return finding


@action(
    Finding,
    label=_("Inspect again"),
    permission="inspect",
    icon="refresh",
    when=lambda finding: finding.state != State.CLOSED,
)
def inspect_again(finding: Finding, *, actor: User) -> Finding:
    """The check runs anew: the finding is closed, or goes back to the person with a new day."""
    if finding.kind == Defect.UNTRUE:
        raise Refused(_("Only a person can tell whether this fact is true now: accept or send it back."))
    _recheck(finding)
    return finding


@action(Finding, label=pgettext_lazy("finding", "Accept"), permission="inspect", icon="circle-check", labels={"note": _("Note")},
        when=lambda finding: finding.state != State.CLOSED)  # fmt: skip
def accept(finding: Finding, *, actor: User, note: str = "") -> Finding:
    """Closed by the inspector: mended, or the objection is right."""
    _close(finding, note)
    return finding


@action(Finding, label=_("Send back"), permission="inspect", icon="arrow-back-up", labels={"note": _("Note")},
        when=lambda finding: finding.state in (State.FIXED, State.OBJECTED))  # fmt: skip
def send_back(finding: Finding, *, actor: User, note: str) -> Finding:
    """Not yet in order, or the objection is not right."""
    if not note.strip():
        raise Refused(_("Say what is still wrong."), field="note")
    _back(finding, note)
    return finding


@action(Account, label=_("Report an untrue fact"), icon="flag", bulk=False,
        labels={"fields": _("Fields"), "what": _("What is wrong")},
        choices={"fields": lambda _user: untrue_choices()})  # fmt: skip
def report_untrue(account: Account, *, actor: User, fields: list[str], what: str) -> Account:
    """Somebody asked, and the phone, address or name is not true (QUAL-10): whoever supplied it answers for it."""
    untrue_facts(account, fields, what, actor=actor)
    return account


def untrue_facts(account: Account, fields: list[str], what: str, *, actor: User) -> None:
    """A finding for each of these fields, and a proposed incentive for whoever supplied it."""
    if not what.strip():
        raise Refused(_("Say what is wrong."), field="what")
    court = Court(account.company_id)
    court.hear([account.pk])
    for name in fields:
        fault = Fault(Defect.UNTRUE, name, f"{entity(Account).fields_for(None)[name].label}: {what.strip()}"[:300])
        if Finding.objects.filter(account=account, kind=fault.kind, field=name).exclude(state=State.CLOSED).exists():
            continue
        blame = court.judge(account, fault)
        person = people([blame.person_id]).get(blame.person_id or 0)
        finding = Finding(
            company_id=account.company_id, created_by=actor, account=account, kind=fault.kind, field=name, text=fault.text,
            origin=blame.origin, owner=person, department_id=account.department_id,
            due_on=calendar_of(account.company_id).add_workdays(clock.today(), SENT_BACK_DAYS),
        )  # fmt: skip
        finding.save()
        untrue(finding)
        if person is not None:
            _tell(finding, person, gettext("Found untrue: %(name)s, %(text)s") % {"name": account, "text": fault.text})


def _recheck(finding: Finding) -> None:
    plan = finding.inspection.plan if finding.inspection else None
    span = (finding.inspection.first, finding.inspection.last) if finding.inspection else (None, None)
    checker = Checker(finding.company_id, [finding.kind], *span)
    still = [
        fault for fault in checker.check([finding.account]).get(finding.account_id, []) if fault.field == finding.field
    ]
    if still:
        _back(finding, still[0].text, plan.fix_days if plan else SENT_BACK_DAYS)
    else:
        _close(finding, finding.note)


def _close(finding: Finding, note: str) -> None:
    finding.state, finding.rechecked_on, finding.note = State.CLOSED, clock.today(), note.strip()[:400]
    finding.save(update_fields=["state", "rechecked_on", "note"])


def _back(finding: Finding, note: str, days: int = SENT_BACK_DAYS) -> None:
    finding.state, finding.rechecked_on, finding.note = State.OPEN, clock.today(), note.strip()[:400]
    finding.sent_back, finding.due_on, finding.overdue_on = (
        finding.sent_back + 1,
        calendar_of(finding.company_id).add_workdays(clock.today(), days),
        None,
    )
    finding.save(update_fields=["state", "rechecked_on", "note", "sent_back", "due_on", "overdue_on"])
    if finding.owner is not None:
        _tell(finding, finding.owner, gettext("Sent back: %(text)s") % {"text": finding.text})


def _tell(finding: Finding, person: User, text: str) -> None:
    tell([person], text, url=record_url("findings", finding.pk), icon="clipboard-x")


@jobs.job("filing.follow", at_hour=7)
def follow(run: jobs.Run) -> dict[str, int]:
    """Every morning: mended findings are inspected again, overdue ones noted; after a month its results are circulated."""
    fixed = list(Finding.objects.filter(state=State.FIXED).exclude(kind=Defect.UNTRUE).values_list("pk", flat=True))
    for pk in fixed:
        work.unit_of_work(partial(_again, run, pk))

    def overdue() -> int:
        run.fence()
        return charge_overdue(clock.today())

    late = work.unit_of_work(overdue)
    today = clock.today()
    months = 0
    for company in Company.objects.order_by("pk"):
        if today >= calendar_of(company.pk, company.config_version).add_workdays(today.replace(day=1), 0):
            months += work.unit_of_work(partial(_circulate, run, company.pk))
    return {"inspected again": len(fixed), "overdue": late, "circulated": months}


def _again(run: jobs.Run, pk: int) -> None:
    run.fence()
    finding = Finding.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.FIXED).first()
    if finding is not None:
        _recheck(finding)


def _circulate(run: jobs.Run, company_id: int) -> int:
    """Once a month: rewards of last month, and the report to all heads (QUAL-11, QUAL-13)."""
    run.fence()
    company = Company.objects.select_for_update().get(pk=company_id)
    first = (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    month = f"{first:%Y-%m}"
    if company.settings.get("filing_circulated") == month:
        return 0
    company.settings = {**company.settings, "filing_circulated": month}
    company.save(update_fields=["settings"])
    reward(company_id, first, month_after(first))
    heads: Any = Department.objects.filter(company_id=company_id, head__is_active=True).select_related("head__company")
    told = list(dict.fromkeys(department.head for department in heads))
    text = gettext("Results of the file inspection of %(month)s") % {"month": month_said(first)}
    tell(told, text, url=f"{reverse('inspection-report')}?month={month}", icon="report")
    return 1
