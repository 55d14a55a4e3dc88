"""What the custodian adds to pages: the hours behind what stood out, the way to an approved file."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.custody.models import CardLoan, ExportLog, Flag
from guanxi.custody.models.watch import WHOLE_DAY
from guanxi.custody.queries.loans import running_on
from guanxi.custody.queries.watch import hours_of
from guanxi.customers.models import Account
from guanxi.web.panels import panel


@panel("custody.flag", "custody/hours.html", order=10)
def hours(flag: Flag, _user: Any) -> dict[str, Any]:
    """What the person read that day, hour by hour."""
    rows = [
        {"label": _("Whole day") if one.hour == WHOLE_DAY else f"{one.hour:02d}:00", "tally": one}
        for one in hours_of(flag.owner_id or 0, flag.day)
    ]
    return {"rows": rows}


@panel("approvals.approval", "custody/file.html", order=15)
def file(approval: Any, user: Any) -> dict[str, Any] | None:
    """Where the file of an approved export is, for the person who asked."""
    log = ExportLog.objects.filter(approval=approval, owner=user).exclude(job_id=None).first()
    return {"log": log, "url": reverse("job", args=[log.job_id])} if log else None


@panel("customers.account", "custody/lent.html", order=1)
def lent(account: Any, user: Any) -> dict[str, Any] | None:
    """Whoever reads a borrowed card is told so, and until when."""
    if not user.access.reads_loans:
        return None
    loan = running_on(account.pk, user)
    return {"loan": loan} if loan else None


@panel("custody.cardloan", "custody/borrowed.html", order=10)
def borrowed(loan: CardLoan, user: Any) -> dict[str, Any] | None:
    """Which card it is: for who keeps it, and for the borrower while it is lent."""
    account = Account.objects.visible_to(user).filter(pk=loan.account_id).first()
    if account is None and loan.owner_id == user.pk and running_on(loan.account_id, user):
        account = loan.account
    return {"account": account} if account else None
