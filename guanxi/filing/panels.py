"""What filing puts on the pages of registrations, customers, orders and receipts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.models import Account
from guanxi.customers.queries.filing import file_check
from guanxi.filing.forms import gaps_form
from guanxi.filing.models import (
    Defect,
    Exhibition,
    FactSource,
    FileTask,
    Finding,
    Inspection,
    InspectionPlan,
    JoinLink,
    Origin,
    Registration,
)
from guanxi.filing.queries.drawn import drawn_context, files_of
from guanxi.filing.queries.known import asked_for, last_contact, last_need_of, last_remark_of
from guanxi.filing.queries.report import month_of
from guanxi.incentives.queries.ledger import entries_about
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.prepared import once
from guanxi.org.models import User
from guanxi.sales.models import Order, Receipt
from guanxi.web.panels import panel

REGISTRATION, EXHIBITION, LINK, ACCOUNT = (
    "filing.registration",
    "filing.exhibition",
    "filing.joinlink",
    "customers.account",
)
INSPECTION = "filing.inspection"
SHOWN = 12


@panel(REGISTRATION, "filing/registration_panel.html", order=10)
def steps(row: Registration, user: Any) -> dict[str, Any]:
    """What can be done with the form: print it, make a file of it, let the customer correct it; and who supplied what."""
    people = dict(
        cast(Any, User.everything)
        .filter(pk__in={said["by"] for said in row.suppliers.values()})
        .values_list("pk", "name")
    )
    fields = entity(Registration).fields_for(user.company)
    said = [
        (fields[name].label, f"{people.get(one['by'], _('Customer'))} · {Origin(one['origin']).label} · {one['on']}")
        for name, one in row.suppliers.items()
        if name in fields
    ]
    return {
        "form_url": reverse("registration-form", args=[row.pk]),
        "file_url": reverse("filing-make", args=[row.pk]) if row.is_open and user.may("file", REGISTRATION) else "",
        "own_url": reverse("registration-own-link", args=[row.pk])
        if user.may("change", REGISTRATION) and row.state != "void"
        else "",
        "suppliers": said,
        "asked": asked_for([row], user.company_id).get(row.pk) if row.is_open else None,
        "row": row,
    }


@panel(EXHIBITION, "filing/exhibition_panel.html", order=10)
def kit(row: Exhibition, user: Any) -> dict[str, Any]:
    """The exhibition kit: cards, questionnaire, link."""
    return {
        "cards": f"{reverse('registration-cards')}?exhibition={row.pk}" if user.may("add", REGISTRATION) else "",
        "questionnaire": reverse("exhibition-questionnaire", args=[row.pk]),
        "link": f"{list_url('join-links')}new/?exhibition={row.pk}&name={row.name}" if user.may("add", LINK) else "",
    }


@panel(LINK, "filing/link_panel.html", order=10)
def code(row: JoinLink, _user: Any) -> dict[str, Any]:
    """The way to the QR code and what arrives through the link."""
    return {"poster": reverse("joinlink-poster", args=[row.pk]), "public": reverse("join", args=[row.token])}


# -- a customer's page


@panel(ACCOUNT, "filing/colleague.html", order=5, asks=(last_need_of, last_remark_of))
def colleague(account: Account, user: Any) -> dict[str, Any] | None:
    """Somebody else works with this customer already: who, and when the last contact was (INFO-17)."""
    if account.owner is None or account.owner_id == user.pk or "owner" in user.closed_fields(ACCOUNT):
        return None
    return {"owner": account.owner, "contact": last_contact(account, user)}


@panel(ACCOUNT, "filing/channel.html", place="rail", order=45)
@panel(ACCOUNT, "filing/channel.html", place="card", order=45)
def channel(account: Account, _user: Any) -> dict[str, Any] | None:
    """How customers of this channel are addressed and served (INFO-10)."""
    return {"channel": account.channel} if account.channel is not None and account.channel.strategy else None


def _facts_of(user: Any, account_id: int) -> QuerySet[Any]:
    rows = FactSource.objects.visible_to(user).filter(account=account_id).select_related("supplied_by")
    return rows.only("field", "origin", "on", "supplied_by__name")[: SHOWN * 3]  # type: ignore[no-any-return]


def with_recheck(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.select_related("recheck")


@panel(ACCOUNT, "filing/facts.html", place="rail", order=70, along=with_recheck, asks=(_facts_of,))
def facts(account: Account, user: Any) -> dict[str, Any] | None:
    """Who supplied which fact (QUAL-04), the re-verification due, and the relationship card."""
    rows = once(account, _facts_of, user)
    fields = entity(Account).fields_for(user.company)
    newest: dict[str, Any] = {}
    for row in rows:
        newest.setdefault(row.field, row)
    shown = [
        {"label": fields[name].label if name in fields else _("Contacts"), "row": row}
        for name, row in newest.items()
        if name not in user.closed_fields(ACCOUNT)
    ]
    due = getattr(getattr(account, "recheck", None), "next_check_on", None)
    return {"facts": shown[:SHOWN], "due": due, "card": reverse("relationship-card", args=[account.pk])}


# -- settlement and verification: what the file lacks, to be asked for now


def gaps(account: Account, user: Any, origin: str, back: str) -> dict[str, Any] | None:
    """The missing particulars as a form, for whoever may change the file."""
    form = gaps_form(account, user)
    if form is None:
        return None
    found = file_check(account)
    others = [gap.label for gap in found.missing if gap.field not in form.fields]
    url = reverse("filing-complete", args=[account.pk])
    return {
        "form": form,
        "check": found,
        "others": others,
        "origin": origin,
        "back": back,
        "url": url,
        "account": account,
    }


def _returning(account_id: int, order: int = 0, receipt: int = 0) -> bool:
    others: bool = Order.objects.filter(account=account_id).exclude(state="cancelled").exclude(pk=order).exists()
    return others or bool(Receipt.objects.filter(account=account_id).exclude(pk=receipt).exists())


@panel("sales.receipt", "filing/gaps.html", order=5)
def gaps_at_receipt(row: Receipt, user: Any) -> dict[str, Any] | None:
    """At settlement the accountant asks a returning customer for what the file lacks (QUAL-02)."""
    here = record_url("receipts", row.pk)
    return gaps(row.account, user, Origin.SETTLEMENT, here) if _returning(row.account_id, receipt=row.pk) else None


@panel("sales.order", "filing/gaps.html", order=5)
def gaps_at_order(row: Order, user: Any) -> dict[str, Any] | None:
    """The same on the order that is being paid."""
    here = record_url("orders", row.pk)
    return gaps(row.account, user, Origin.SETTLEMENT, here) if _returning(row.account_id, order=row.pk) else None


@panel("filing.filetask", "filing/gaps.html", order=5)
def gaps_in_talk(row: FileTask, user: Any) -> dict[str, Any] | None:
    """During a verification the same questions (QUAL-05)."""
    here = record_url("file-tasks", row.pk)
    return gaps(row.account, user, Origin.VERIFICATION, here) if row.state == FileTask.State.OPEN else None


@panel("filing.finding", "filing/mend.html", order=5)
def mend(row: Finding, user: Any) -> dict[str, Any] | None:
    """Where a defect is put right: what is missing is asked for here, everything else in the customer's own form."""
    if row.state != Finding.State.OPEN:
        return None
    here = record_url("findings", row.pk)
    asked = gaps(row.account, user, Origin.VERIFICATION, here) if row.kind == Defect.MISSING else None
    if asked is not None:
        return asked
    reach = set(
        Account.objects.visible_to(user).filter(pk__in=[row.account_id, row.other_id or 0]).values_list("pk", flat=True)
    )
    if not user.may("change", ACCOUNT) or row.account_id not in reach:
        return None
    shown = {"customer": row.account, "edit": reverse("record-edit", args=["customers", row.account_id])}
    if row.kind != Defect.DUPLICATE or row.other_id not in reach:
        return shown
    pair = f"?id={row.account_id}&id={row.other_id}"
    merge = f"{reverse('duplicates-merge')}{pair}" if user.may("merge", ACCOUNT) else ""
    return {**shown, "other": record_url("customers", row.other_id), "merge": merge}


@panel("filing.filetask", "filing/task_panel.html", order=20)
def record_of_talk(_row: FileTask, _user: Any) -> dict[str, Any]:
    """The way to the numbered form of the verification (FORM-06)."""
    return {}


@panel(INSPECTION, "filing/not_drawn.html", place="list", order=10)
def not_drawn(_listing: Any, user: Any) -> dict[str, Any] | None:
    """Before the first batch: when the plans draw one, and where they are set."""
    if Inspection.objects.filter(company_id=user.company_id).exists():
        return None
    plans = [str(plan) for plan in InspectionPlan.objects.filter(company_id=user.company_id, is_active=True)]
    return {"plans": plans, "may": user.may("view", "filing.inspectionplan")}


@panel(INSPECTION, "filing/drawn.html", order=10)
def drawn(row: Inspection, user: Any) -> dict[str, Any]:
    """The files of the batch with their result and defects, the first page of them."""
    return drawn_context(row, files_of(row, user))


@panel(INSPECTION, "incentives/about.html", needs="incentives.entry")
def incentives_of_inspection(row: Inspection, user: Any) -> dict[str, Any] | None:
    """What the batch and its findings have brought (QUAL-11)."""
    findings = Finding.objects.filter(inspection=row).values("pk")
    found = list(entries_about([("filing.inspection", [row.pk]), ("filing.finding", findings)], user)[: SHOWN * 5])
    return {"entries": found} if found else None


@panel("filing.finding", "incentives/about.html", needs="incentives.entry")
def incentives_of_finding(row: Finding, user: Any) -> dict[str, Any] | None:
    """What the finding has brought."""
    found = list(entries_about([("filing.finding", [row.pk])], user)[:SHOWN])
    return {"entries": found} if found else None


@panel("rulebook.report", "filing/report_part.html", order=10, needs="filing.inspection")
def inspections(span: Any, user: Any) -> dict[str, Any] | None:
    """On the month-end report on the rules: what the inspections of the month have found (QUAL-11)."""
    found = month_of(user, span.first, span.last + timedelta(days=1))
    return {"branches": found.branches} if found.branches else None
