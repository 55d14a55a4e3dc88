"""What money puts on the agenda of a meeting: overdue receivables (MEET-02)."""

from __future__ import annotations

from django.db.models import Count, Min, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guanxi.formats.money import money
from guanxi.kernel.addresses import list_url
from guanxi.meetings.agenda import NAMED, Facts, Period, agenda_item, listed
from guanxi.sales.queries import overdue


@agenda_item(gettext_lazy("Overdue receivables"), position=40)
def overdue_receivables(period: Period) -> Facts | None:
    """How much is overdue, and who owes most of it."""
    if not period.user.may("view", "sales.receivable"):
        return None
    rows = overdue(period.user, period.last).select_related(None).order_by()
    total = rows.aggregate(n=Count("pk"), sum=Sum("open_amount"), customers=Count("account", distinct=True))
    if not total["n"]:
        return None
    owing = rows.values("account__name").annotate(sum=Sum("open_amount"), since=Min("due_on"))
    names = [
        f"{row['account__name']}：{money(row['sum'])}（{row['since']:%Y-%m-%d}）"
        for row in owing.order_by("-sum", "account__name")[:NAMED]
    ]
    words = {"n": total["n"], "sum": money(total["sum"])}
    url = f"{list_url('receivables')}?view=overdue"
    line = _("%(n)d receivables of together %(sum)s are overdue") % words
    return Facts(listed(line, names, total["customers"] - NAMED), url)
