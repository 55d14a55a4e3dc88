"""The rows of a customer file, segments, and the lists a company keeps itself."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers import services  # noqa: F401 -- registers the verbs
from guanxi.customers.models import (
    Address,
    Channel,
    FilingStandard,
    ImportantDate,
    IntegrityEntry,
    InvoiceTitle,
    InvoiceTitleVersion,
    Need,
    PurchaserChange,
    Segment,
    Source,
    StageChange,
    StagePlaybook,
)
from guanxi.customers.services.entries import author_only, author_or_keeper
from guanxi.kernel.entities import Entity, Relation, Section, View, register

PHONE, EMAIL, MONEY = {"kind": "phone"}, {"kind": "email"}, {"kind": "money"}

register(
    Entity(
        model=Need,
        title=_("Needs and opinions"),
        icon="message-circle",
        name_field="text",
        columns=("on", "kind", "text", "account", "contact", "method", "status", "created_by"),
        sections=(Section(_("Need"), ("account", "contact", "kind", "text", "on", "method", "source_detail")),),
        overrides={"status": {"tones": {"open": "amber", "answered": "green"}, "style": "badge"}},
        scope_via="account",
        guard=author_only,
        views=(
            View("all", _("All")),
            View("open", pgettext_lazy("need", "Open"), {"f": "status", "op": "is", "v": "open"}, icon="inbox"),
        ),
    )
)
register(
    Entity(
        model=IntegrityEntry,
        title=_("Integrity file"),
        slug="integrity",
        icon="shield-check",
        name_field="text",
        columns=("on", "kind", "amount", "text", "account", "created_by"),
        sections=(Section(_("Integrity entry"), ("account", "kind", "on", "amount", "text")),),
        overrides={
            "amount": MONEY,
            "kind": {
                "tones": {
                    "kept": "green",
                    "paid_well": "green",
                    "broken": "red",
                    "dispute": "amber",
                    "paid_late": "red",
                },
                "style": "badge",
            },
        },
        scope_via="account",
        guard=author_only,
    )
)
register(
    Entity(
        model=ImportantDate,
        title=_("Important dates"),
        slug="important-dates",
        icon="calendar",
        name_field="title",
        columns=("title", "kind", "on", "lunar_month", "lunar_day", "account", "contact"),
        sections=(
            Section(
                _("Important date"),
                ("account", "contact", "kind", "title", "on", "yearly", "method", "remark"),
            ),
            Section(_("Lunar calendar"), ("lunar_month", "lunar_day", "lunar_leap")),
        ),
        hidden=("on_md",),
        scope_via="account",
        guard=author_or_keeper,
    )
)
register(
    Entity(
        model=Address,
        title=_("Addresses"),
        slug="addresses",
        icon="map-pin",
        name_field="address",
        columns=("address", "kind", "region_code", "receiver", "phone", "account", "is_default"),
        sections=(
            Section(
                _("Address"),
                ("account", "kind", "region_code", "address", "postcode", "receiver", "phone", "is_default"),
            ),
        ),
        overrides={"phone": {**PHONE, "sensitive": True}, "region_code": {"kind": "region"}},
        scope_via="account",
        guard=author_or_keeper,
    )
)
register(
    Entity(
        model=InvoiceTitle,
        title=_("Invoice headers"),
        slug="invoice-headers",
        icon="receipt",
        name_field="title",
        columns=("title", "kind", "tax_id", "bank", "bank_account", "account", "is_default"),
        sections=(
            Section(_("Invoice header"), ("account", "title", "kind", "tax_id", "is_default")),
            Section(_("For special invoices"), ("address", "phone", "bank", "bank_account")),
            Section(_("Delivery of invoices"), ("email", "mobile", "remark")),
        ),
        overrides={"tax_id": {"kind": "code"}, "phone": PHONE, "mobile": {**PHONE, "sensitive": True}, "email": EMAIL},
        search={"names": ("title",), "codes": ("tax_id",)},
        subtitle=("account",),
        scope_via="account",
        guard=author_or_keeper,
        relations=(Relation("versions", "customers.invoicetitleversion", "header", _("Versions")),),
    )
)
register(
    Entity(
        model=InvoiceTitleVersion,
        title=_("Versions of invoice headers"),
        slug="invoice-header-versions",
        name_field="title",
        columns=("title", "number", "created_at"),
        scope_via="header",
        creatable=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=PurchaserChange,
        title=_("Changes of purchaser"),
        slug="purchaser-changes",
        name_field="on",
        columns=("on", "account", "before", "after", "reason"),
        scope_via="account",
        creatable=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=StageChange,
        title=_("Stage history"),
        slug="stage-history",
        name_field="new",
        columns=("account", "old", "new", "on"),
        scope_via="account",
        creatable=False,
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=Segment,
        title=_("Segments"),
        icon="users-group",
        columns=("name", "description", "size", "counted_at", "owner"),
        sections=(
            Section(_("Segment"), ("name", "description", "where", "owner")),
            Section(
                _("Why this target"),
                ("market_potential", "competition", "resources", "positioning", "marketing_mix"),
            ),
        ),
        overrides={"where": {"style": "filter:customers.account"}},
        search={"names": ("name",)},
        importable=False,
        custom=False,
    )
)
register(
    Entity(
        model=StagePlaybook,
        setting=True,
        title=_("Playbooks"),
        slug="playbooks",
        icon="book-2",
        name_field="title",
        columns=("stage", "title", "measures"),
        sort="id",
        sections=(Section(_("Playbook"), ("stage", "title", "measures")),),
        import_key=("stage",),
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=FilingStandard,
        setting=True,
        title=_("Filing standards"),
        slug="filing-standards",
        icon="clipboard-check",
        columns=("name", "channel", "kind"),
        sections=(Section(_("Filing standard"), ("name", "channel", "kind", "fields")),),
        overrides={
            "fields": {
                "style": "table",
                "choices": (
                    ("field:of customers.account", _("Field")),
                    ("weight:int", _("Weight")),
                    ("required:bool", _("Required")),
                ),
            },
        },
        importable=False,
        scoped=False,
        custom=False,
    )
)
for model, title, slug, more in (
    (Source, _("Sources"), "sources", ()),
    (Channel, _("Sales channels"), "channels", ("strategy",)),
):
    register(
        Entity(
            model=model,
            setting=True,
            title=title,
            slug=slug,
            icon="route",
            columns=("name", "code", "position", *more),
            sort="position",
            sections=(Section(model._meta.verbose_name, ("name", "code", "position", *more)),),
            search={"names": ("name",)},
            import_key=("code", "name"),
            scoped=False,
            custom=False,
        )
    )
