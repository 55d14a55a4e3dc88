"""How deliveries, their lines and what other units supply for them show up (ORDER-01, SVC-06, SVC-07)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.entities.rights import FILES
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.presets import READ, USE, WORK, WORKING, grant
from guanxi.sales import services
from guanxi.sales.entities.orders import READERS
from guanxi.sales.models import Delivery, DeliveryLine, DeliveryNeed

TONES = {"planned": "blue", "dispatched": "amber", "received": "green", "called_off": "gray"}
RESULTS = {"passed": "green", "failed": "red"}
PLANNED: dict[str, Any] = {"f": "state", "op": "is", "v": "planned"}
DONE: dict[str, Any] = {"f": "state", "op": "in", "v": ["dispatched", "received", "called_off"]}

register(
    Entity(
        model=Delivery,
        title=_("Deliveries"),
        slug="deliveries",
        icon="truck",
        name_field="number",
        columns=("number", "order", "planned_on", "state", "result", "dispatched_on", "waybill", "received_on", "owner"),
        sort="-planned_on",
        sorts=("number",),
        lines="lines",
        scope_via="order",
        sections=(
            Section(_("Delivery"), ("order", "planned_on", "number", "owner", "state", "remark")),
            Section(_("Quality check"), ("checked_at", "checked_by", "result", "findings")),
            Section(_("On the way"), ("dispatched_on", "carrier", "waybill", "received_on")),
        ),
        overrides={"state": {"tones": TONES}, "result": {"tones": RESULTS}},
        search={"codes": ("number", "waybill"), "names": ("order.account.name",)},
        subtitle=("order", "planned_on"),
        finished=DONE,
        importable=False,
        clean=services.check_delivery,
        guard=services.guard_delivery,
        prepare_many=services.number_deliveries,
        relations=(
            Relation("lines", "sales.deliveryline", "delivery", _("Lines"), tab=False),
            Relation("needs", "sales.deliveryneed", "delivery", _("Needed from other units")),
        ),
        views=(
            View("open", _("Planned"), PLANNED, sort="planned_on", icon="calendar"),
            View(
                "unchecked",
                _("Not checked yet"),
                {"all": [PLANNED, {"f": "checked_at", "op": "empty"}]},
                sort="planned_on",
                icon="clipboard-check",
            ),
            View("failed", _("Check failed"), {"all": [PLANNED, {"f": "result", "op": "is", "v": "failed"}]},
                 icon="alert-triangle"),
            View("late", pgettext_lazy("delivery", "Late"), {"all": [PLANNED, {"f": "planned_on", "op": "before", "v": "@today"}]},
                 sort="planned_on", icon="clock"),
            View("away", _("On the way"), {"f": "state", "op": "is", "v": "dispatched"}, icon="truck"),
            View("all", _("All deliveries")),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=DeliveryLine,
        title=_("Delivery lines"),
        slug="delivery-lines",
        icon="list",
        name_field="order_line",
        columns=("order_line", "quantity"),
        scope_via="delivery",
        sections=(Section(_("Line"), ("order_line", "quantity")),),
        custom=False,
        importable=False,
        clean=services.check_line,
        guard=services.guard_line,
    )
)
register(
    Entity(
        model=DeliveryNeed,
        title=_("Needs of deliveries"),
        slug="delivery-needs",
        icon="arrows-exchange",
        name_field="what",
        columns=("what", "department", "needed_on", "confirmed_on", "answer", "delivery"),
        sort="needed_on",
        scope_via="delivery",
        sections=(
            Section(_("Need"), ("delivery", "department", "what", "needed_on")),
            Section(_("Answer"), ("confirmed_on", "confirmed_by", "answer")),
        ),
        custom=False,
        importable=False,
        views=(
            View("open", _("Not confirmed"), {"f": "confirmed_on", "op": "empty"}, icon="clock"),
            View("all", _("All")),
        ),
        row_verbs=("confirm_need",),
    )
)
add_relation("sales.order", Relation("deliveries", "sales.delivery", "order", _("Deliveries")))

for role, (_scope, verbs, _masked) in FILES.items():
    may = READ if role in READERS else WORK if role == "finance" else verbs
    grant("sales.delivery", may, "", to=(role,))
grant("sales.deliveryneed", USE, "", to=WORKING)
