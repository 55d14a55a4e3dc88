"""How payment terms and the instalments of orders show up (ORDER-03)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Relation, Section, add_relation, register
from guanxi.org.presets import READ, WORKING, grant
from guanxi.sales import services
from guanxi.sales.models import Instalment, PaymentTerms, TermsPart

register(
    Entity(
        model=PaymentTerms,
        title=_("Payment terms"),
        slug="payment-terms",
        icon="calendar-dollar",
        columns=("name", "standard", "remark"),
        scoped=False,
        lines="parts",
        sections=(Section(_("Payment terms"), ("name", "standard", "remark")),),
        relations=(Relation("parts", "sales.termspart", "terms", _("Parts")),),
        search={"names": ("name",)},
        import_key=("name",),
        custom=False,
        setting=True,
    )
)
register(
    Entity(
        model=TermsPart,
        title=_("Parts of payment terms"),
        slug="payment-terms-parts",
        icon="list",
        name_field="note",
        columns=("percent", "after", "months", "days", "note"),
        scope_via="terms",
        overrides={"percent": {"kind": "percent"}},
        sections=(Section(_("Part"), ("percent", "after", "months", "days", "note")),),
        custom=False,
        importable=False,
    )
)
register(
    Entity(
        model=Instalment,
        title=_("Instalments"),
        icon="calendar-dollar",
        name_field="note",
        columns=("note", "due_on", "amount", "percent", "after", "order"),
        sort="due_on",
        scope_via="order",
        overrides={"amount": {"kind": "money"}, "percent": {"kind": "percent"}},
        sections=(Section(_("Instalment"), ("order", "due_on", "amount", "percent", "after", "note")),),
        custom=False,
        creatable=False,
        importable=False,
        guard=services.guard_instalment,
    )
)
add_relation("sales.order", Relation("instalments", "sales.instalment", "order", _("Instalments")))

grant("sales.paymentterms", READ, to=WORKING)
grant("sales.paymentterms", ["*"], to=("finance",))
grant("sales.instalment", READ, "", to=WORKING)
