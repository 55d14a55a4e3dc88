"""How return requests show up, and who may do which step (ORDER-05)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.billing.models import ReturnLine, ReturnRequest
from guanxi.billing.services import returns as services
from guanxi.customers.entities.rights import FILES
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.presets import READ, USE, WORK, grant

TONES = {
    "draft": "gray", "asked": "blue", "agreed": "blue", "received": "amber", "credited": "amber", "done": "green",
    "refused": "red", "withdrawn": "gray",
}  # fmt: skip
LOOKERS = ("technology", "supervision", "block-administrator", "marketing")

register(
    Entity(
        model=ReturnRequest,
        title=_("Return requests"),
        slug="return-requests",
        icon="truck-return",
        name_field="number",
        columns=("number", "order", "wanted", "state", "received_on", "credited_on", "refunded", "owner"),
        lines="lines",
        scope_via="order",
        sections=(
            Section(_("Request"), ("order", "wanted", "reason", "number", "owner", "state", "approval")),
            Section(_("Goods"), ("received_on", "received_by", "findings")),
            Section(_("Money"), ("credit_note", "credited_on", "credited_by", "refunded", "exchange")),
            Section(_("End"), ("closed_on", "closed_by")),
        ),
        overrides={"state": {"tones": TONES}, "refunded": {"kind": "money"}},
        search={"codes": ("number",), "names": ("order.account.name",)},
        subtitle=("order", "wanted"),
        finished={"f": "state", "op": "in", "v": ["done", "refused", "withdrawn"]},
        importable=False,
        clean=services.check_request,
        guard=services.guard_request,
        prepare_many=services.number_requests,
        relations=(Relation("lines", "billing.returnline", "request", _("Lines"), tab=False),),
        views=(
            View("open", _("Under way"), {"f": "state", "op": "in", "v": ["draft", "asked", "agreed", "received", "credited"]},
                 icon="clock"),
            View("goods", _("Goods expected"), {"f": "state", "op": "is", "v": "agreed"}, icon="package-import"),
            View("money", _("To be credited or paid"), {"f": "state", "op": "in", "v": ["received", "credited"]},
                 icon="cash-banknote"),
            View("all", _("All")),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=ReturnLine,
        title=_("Return lines"),
        slug="return-lines",
        icon="list",
        name_field="order_line",
        columns=("order_line", "quantity", "accepted"),
        scope_via="request",
        sections=(Section(_("Line"), ("order_line", "quantity", "accepted")),),
        custom=False,
        importable=False,
        clean=services.check_line,
        guard=services.guard_line,
    )
)
add_relation("sales.order", Relation("return_requests", "billing.returnrequest", "order", _("Return requests")))

for role in FILES:
    grant("billing.returnrequest", READ if role in LOOKERS else USE, "", to=(role,))
grant("billing.returnrequest", [*WORK, "credit", "refund"], "", to=("finance",))
