"""How orders, receipts and receivables show up in lists, forms, search, import and the API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.entities.rights import FILES, POLICY
from guanxi.formats.world import CURRENCIES, read_currency
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.presets import COST, READ, WORK, grant
from guanxi.sales import services
from guanxi.sales.models import Order, OrderLine, Receipt, ReceiptShare, Receivable

MINE: dict[str, Any] = {"f": "owner", "op": "is", "v": "@me"}
UNDELIVERED: dict[str, Any] = {"f": "state", "op": "in", "v": ["confirmed", "partly"]}
OPEN: dict[str, Any] = {"f": "open_amount", "op": "gt", "v": 0}
STATES = {
    "draft": "gray", "confirmed": "blue", "partly": "amber", "delivered": "green", "completed": "green", "cancelled": "gray",
}  # fmt: skip
PAYMENTS = {"none": "gray", "open": "amber", "partly": "blue", "paid": "green"}
GRADES = {"A": "grade-a", "B": "grade-b", "C": "grade-c", "D": "grade-d"}
ASKED: dict[str, Any] = {
    "all": [{"f": "state", "op": "is", "v": "draft"}, {"f": "release", "op": "is", "v": "asked"}],
}
MONEY = {"kind": "money"}
CURRENCY: dict[str, Any] = {"kind": "choice", "choices": CURRENCIES, "other": read_currency}

register(
    Entity(
        model=Order,
        title=_("Orders"),
        icon="file-invoice",
        name_field="number",
        columns=(
            "number",
            "account",
            "ordered_on",
            "state",
            "amount",
            "received",
            "payment",
            "due_on",
            "owner",
        ),
        sort="-ordered_on",
        sorts=("number",),
        lines="lines",
        scope_via="account",
        sections=(
            Section(
                _("Order"),
                (
                    "account",
                    "kind",
                    "returns",
                    "contract",
                    "quote",
                    "ordered_on",
                    "entered_after",
                    "terms",
                    "due_on",
                    "number",
                    "foreign_number",
                    "owner",
                ),
            ),
            Section(_("Delivery"), ("state", "delivered_on", "carrier", "waybill", "contact", "phone", "address")),
            Section(_("Money"), ("amount", "discount_amount", "cost", "profit", "received", "payment", "currency")),
            Section(
                _("Class and release"),
                ("grade", "policy", "release", "release_reason", "released_by", "released_amount"),
            ),
            Section(_("More"), ("channel", "remark", "cancel_reason")),
        ),
        overrides={
            **dict.fromkeys(("amount", "discount_amount", "cost", "profit", "received"), MONEY),
            "currency": CURRENCY,
            "state": {"tones": STATES},
            "payment": {"tones": PAYMENTS},
            "grade": {"tones": GRADES, "style": "grade"},
            "release": {"tones": {"asked": "amber", "given": "green"}},
            "released_amount": MONEY,
            "phone": {"kind": "phone", "sensitive": True},
        },
        search={"codes": ("number", "foreign_number", "waybill"), "names": ("account.name",)},
        subtitle=("account", "ordered_on", "amount"),
        import_key=("number",),
        finished={
            "any": [
                {"f": "state", "op": "is", "v": "cancelled"},
                {
                    "all": [
                        {"f": "state", "op": "is", "v": "completed"},
                        {"f": "payment", "op": "in", "v": ["paid", "none"]},
                    ]
                },
            ]
        },
        clean=services.check_order,
        prepare_many=services.hold_past,
        import_fields=services.PAST,
        imported=services.book_past,
        told=services.move_on,
        unimported=services.unbook_past,
        relations=(
            Relation("lines", "sales.orderline", "order", _("Lines"), tab=False),
            Relation("shares", "sales.receiptshare", "order", _("Allocations")),
            Relation("returned_by", "sales.order", "returns", _("Returns")),
        ),
        views=(
            View("all", _("All orders")),
            View("mine", _("My orders"), MINE, icon="user"),
            View(
                "month",
                _("This month"),
                {"f": "ordered_on", "op": "period", "v": "this_month"},
                icon="calendar",
            ),
            View("undelivered", _("Not delivered"), UNDELIVERED, icon="truck"),
            View(
                "late",
                _("Entered late"),
                {"f": "entered_after", "op": "gt", "v": 1},
                icon="clock",
            ),
            View("release", _("Release asked for"), ASKED, icon="help-circle"),
            View("drafts", _("Drafts"), {"f": "state", "op": "is", "v": "draft"}, icon="pencil"),
            View("returns", _("Returns"), {"f": "kind", "op": "is", "v": "return"}, icon="arrow-back-up"),
        ),
    )
)
register(
    Entity(
        model=OrderLine,
        title=_("Order lines"),
        slug="order-lines",
        icon="list",
        name_field="description",
        columns=("product", "description", "quantity", "price", "discount", "amount"),
        scope_via="order",
        sections=(
            Section(
                _("Line"),
                ("product", "description", "quantity", "price", "discount", "unit_cost", "amount", "cost"),
            ),
        ),
        overrides={
            "price": MONEY,
            "unit_cost": MONEY,
            "amount": MONEY,
            "cost": MONEY,
            "discount": {"kind": "percent"},
        },
        custom=False,
        importable=False,
        clean=services.prepare_line,
        prepare_many=services.complete_lines,
    )
)
register(
    Entity(
        model=Receipt,
        title=_("Receipts"),
        icon="cash-banknote",
        name_field="number",
        columns=(
            "number",
            "account",
            "received_on",
            "kind",
            "amount",
            "allocated",
            "method",
            "payer",
            "owner",
        ),
        sort="-received_on",
        sorts=("number",),
        scope_via="account",
        sections=(
            Section(
                _("Receipt"),
                ("account", "kind", "received_on", "amount", "currency", "method", "payer", "number"),
            ),
            Section(_("More"), ("campaign", "allocated", "unmatched", "reverses", "owner", "remark")),
        ),
        overrides={
            "amount": MONEY,
            "allocated": MONEY,
            "unmatched": MONEY,
            "currency": CURRENCY,
            "kind": {"tones": {"receipt": "green", "refund": "amber", "reversal": "red", "offset": "gray"}},
        },
        search={"codes": ("number",), "names": ("account.name", "payer")},
        subtitle=("account", "received_on", "amount"),
        import_key=("number",),
        finished={"f": "number", "op": "not_empty"},  # what is booked belongs to whoever booked it
        prepare_many=services.number_receipts,
        relations=(Relation("shares", "sales.receiptshare", "receipt", _("Allocations")),),
        views=(
            View("all", _("All receipts")),
            View("mine", _("My receipts"), MINE, icon="user"),
            View(
                "month",
                _("This month"),
                {"f": "received_on", "op": "period", "v": "this_month"},
                icon="calendar",
            ),
            View("unmatched", _("Not matched"), {"f": "unmatched", "op": "is_not", "v": 0}, icon="puzzle"),
            View("refunds", _("Refunds"), {"f": "kind", "op": "is", "v": "refund"}, icon="arrow-back-up"),
        ),
    )
)
register(
    Entity(
        model=ReceiptShare,
        title=_("Allocations"),
        slug="allocations",
        icon="arrows-split",
        name_field="id",
        columns=("receipt", "order", "amount", "created_at"),
        scope_via="receipt",
        overrides={"amount": MONEY},
        custom=False,
        creatable=False,
        importable=False,
    )
)
register(
    Entity(
        model=Receivable,
        title=_("Receivables"),
        icon="report-money",
        name_field="order",
        columns=("order", "account", "due_on", "note", "open_amount", "amount", "settled"),
        sort="due_on",
        scope_via="account",
        sections=(
            Section(
                _("Receivable"), ("order", "account", "due_on", "part", "note", "amount", "settled", "open_amount")
            ),
        ),
        overrides={"amount": MONEY, "settled": MONEY, "open_amount": MONEY},
        custom=False,
        creatable=False,
        importable=False,
        views=(
            View("open", pgettext_lazy("receivable", "Open"), OPEN),
            View(
                "overdue",
                _("Overdue receivables"),
                {"all": [{"f": "due_on", "op": "before", "v": "@today"}, OPEN]},
                icon="alert-triangle",
            ),
            View(
                "soon",
                _("Due within 7 days"),
                {"all": [{"f": "due_on", "op": "next_days", "v": 7}, OPEN]},
                icon="clock",
            ),
            View(
                "mine",
                _("Of my customers"),
                {"all": [{"f": "account.owner", "op": "is", "v": "@me"}, OPEN]},
                icon="user",
            ),
            View("credits", _("Credits"), {"f": "open_amount", "op": "lt", "v": 0}, icon="arrow-back-up"),
        ),
    )
)
add_relation("offers.quote", Relation("orders", "sales.order", "quote", _("Orders")))
add_relation("contracts.contract", Relation("orders", "sales.order", "contract", _("Orders")))
add_relation("customers.account", Relation("orders", "sales.order", "account", _("Orders")))
add_relation("customers.account", Relation("receipts", "sales.receipt", "account", _("Receipts")))
add_relation("customers.account", Relation("receivables", "sales.receivable", "account", _("Receivables")))

# No scope of their own: what hangs on a customer follows the customer.
READERS = (
    "service-specialist", "operations-specialist", "relations-specialist", "call-centre", "marketing", "technology",
    "block-administrator",
)  # fmt: skip
for role, (_scope, verbs, masked) in FILES.items():
    for label in ("sales.order", "sales.receipt", "sales.receivable"):
        may = READ if role in READERS else WORK if role == "finance" else verbs
        grant(label, may, "", to=(role,), masked=masked, hidden=[] if role in POLICY else COST)
grant("sales.receipt", ["*"], to=("finance",))
grant("sales.order", [*WORK, "release_credit"], to=("finance",))
