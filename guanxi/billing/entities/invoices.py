"""How invoices show up, and what orders say of their invoicing."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.billing.models import Invoice, InvoiceLine, OrderInvoicing
from guanxi.billing.services import invoices as services
from guanxi.customers.entities.rights import FILES
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, add_view, extend, register
from guanxi.org.presets import READ, USE, WORK, grant

MONEY = {"kind": "money"}
TONES = {"draft": "gray", "issued": "green", "voided": "red", "reversed": "amber"}
HOW = {"none": "gray", "partly": "amber", "full": "green"}
TO_INVOICE: dict[str, Any] = {
    "all": [
        {"f": "kind", "op": "is", "v": "sale"},
        {"f": "state", "op": "in", "v": ["confirmed", "partly", "delivered", "completed"]},
        {"f": "amount", "op": "gt", "v": 0},
        {"not": {"f": "invoiced_how", "op": "is", "v": "full"}},
    ]
}

register(
    Entity(
        model=Invoice,
        title=pgettext_lazy("billing", "Invoices"),
        icon="file-dollar",
        name_field="number",
        columns=("number", "account", "kind", "state", "amount", "tax", "issued_on", "owner"),
        sort="-issued_on",
        lines="lines",
        scope_via="account",
        sections=(
            Section(
                _("Invoice"), ("account", "header", "kind", "tax_rate", "number", "owner", "state", "amount", "tax")
            ),
            Section(_("As issued"), ("issued_on", "as_issued")),
            Section(_("More"), ("reverses", "reason", "remark")),
        ),
        overrides={"amount": MONEY, "tax": MONEY, "tax_rate": {"kind": "percent"}, "state": {"tones": TONES}},
        search={"codes": ("number",), "names": ("account.name",)},
        subtitle=("account", "issued_on", "amount"),
        finished={"f": "state", "op": "is_not", "v": "draft"},
        importable=False,
        clean=services.check_invoice,
        guard=services.guard_invoice,
        prepare_many=services.complete_invoices,
        relations=(
            Relation("lines", "billing.invoiceline", "invoice", _("Lines")),
            Relation("reversed_by", "billing.invoice", "reverses", _("Red invoices")),
        ),
        views=(
            View("all", _("All invoices")),
            View("drafts", _("Drafts"), {"f": "state", "op": "is", "v": "draft"}, icon="pencil"),
            View(
                "month", _("Issued this month"), {"f": "issued_on", "op": "period", "v": "this_month"}, icon="calendar"
            ),
            View("red", _("Red invoices"), {"f": "amount", "op": "lt", "v": 0}, icon="receipt-refund"),
        ),
    )
)
register(
    Entity(
        model=InvoiceLine,
        title=_("Invoice lines"),
        slug="invoice-lines",
        icon="list",
        name_field="order",
        columns=("order", "description", "amount"),
        scope_via="invoice",
        overrides={"amount": MONEY},
        sections=(Section(_("Line"), ("order", "description", "amount")),),
        custom=False,
        importable=False,
        clean=services.check_line,
        guard=services.guard_line,
    )
)
extend(
    "sales.order",
    relation="invoicing",
    model=OrderInvoicing,
    fields={"invoiced": MONEY, "invoiced_how": {"tones": HOW}},
)
add_view("sales.order", View("to-invoice", _("Not fully invoiced"), TO_INVOICE, sort="ordered_on", icon="file-dollar"))
add_relation(
    "sales.order", Relation("invoice_lines", "billing.invoiceline", "order", pgettext_lazy("billing", "Invoices"))
)
add_relation(
    "customers.account", Relation("invoices", "billing.invoice", "account", pgettext_lazy("billing", "Invoices"))
)

for role in FILES:
    grant(
        "billing.invoice", USE if role in ("representative", "direct-sales", "store-manager") else READ, "", to=(role,)
    )
for role in ("finance", "branch-accountant"):
    grant("billing.invoice", [*WORK, "issue"], "", to=(role,))
