"""Accounts and contacts: columns, sections, filters, search, relations and ready-made views."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.models import Account, Contact
from guanxi.customers.services import accounts as account_services
from guanxi.customers.services.entries import author_or_keeper
from guanxi.formats.world import COUNTRIES, read_country
from guanxi.kernel.entities import Board, Entity, Relation, Section, View, add_relation, register

COMPANY, PERSON = ("kind", ("company",)), ("kind", ("person",))
WORKED: dict[str, Any] = {"f": "retired_on", "op": "empty"}
UNMANAGED: dict[str, Any] = {
    "any": [{"f": "owner", "op": "empty"}, {"f": "owner.is_active", "op": "is", "v": False}],
}
SERVING: tuple[dict[str, Any], ...] = (
    {"not": {"f": "since", "op": "after", "v": "@today"}},
    {"not": {"f": "until", "op": "before", "v": "@today"}},
)
STAGE_TONES = {
    "potential": "gray",
    "first": "blue",
    "repeat": "teal",
    "loyal": "green",
    "dormant": "amber",
    "lost": "red",
}
GRADE_TONES = {"A": "grade-a", "B": "grade-b", "C": "grade-c", "D": "grade-d"}
MONEY, PHONE, EMAIL = {"kind": "money"}, {"kind": "phone"}, {"kind": "email"}


def among(*conditions: dict[str, Any]) -> dict[str, Any]:
    """These conditions, of accounts that are not retired."""
    return {"all": [*conditions, WORKED]}


register(
    Entity(
        model=Account,
        title=_("Accounts"),
        slug="customers",
        quick=True,
        icon="building",
        columns=(
            "name",
            "grade",
            "stage",
            "completeness",
            "next_contact_on",
            "last_contact_on",
            "amount_12m",  # from insight, where it is installed
            "owner",
            "phone",
            "industry",
            "region_code",
        ),
        sort="-id",
        sorts=("name", "grade", "stage", "last_contact_on", "next_contact_on"),
        sections=(
            Section(_("Customer"), ("kind", "name", "short_name", "code", "parent", "owner", "tags", "is_key")),
            Section(_("Contact details"), ("phone", "email", "website", "country", "region_code", "address")),
            Section(_("Origin"), ("source", "source_detail", "method", "channel")),
            Section(
                _("Company"),
                ("industry", "scale", "industry_traits", "business_needs", "development_trend"),
                COMPANY,
            ),
            Section(
                _("Business licence"),
                (
                    "credit_code",
                    "former_names",
                    "legal_form",
                    "representative",
                    "registered_capital",
                    "founded_on",
                    "business_scope",
                ),
                COMPANY,
            ),
            Section(
                pgettext_lazy("customer", "Person"),
                ("gender", "employer", "post", "occupation", "education", "income_band", "lifestyle"),
                PERSON,
            ),
            Section(_("Birthday"), ("birth_date", "lunar_month", "lunar_day", "lunar_leap"), PERSON),
            Section(
                _("Buying"),
                (
                    "preferences",
                    "buying_behaviour",
                    "purchasing_power",
                    "potential",
                    "is_strategic",
                    "attitude",
                    "early_adopter",
                ),
            ),
            Section(
                _("Credit and planning"),
                ("credit_standing", "credit_limit", "payment_terms_days", "next_contact_on", "contact_every", "remark"),
            ),
            Section(
                _("Derived"),
                (
                    "grade",
                    "stage",
                    "completeness",
                    "first_order_on",
                    "last_order_on",
                    "last_contact_on",
                    "confirmed_on",
                    "confirmed_by",
                ),
            ),
        ),
        overrides={
            "phone": {**PHONE, "sensitive": True},
            "email": {**EMAIL, "sensitive": True},
            "registered_capital": MONEY,
            "credit_limit": MONEY,
            "income_band": {"sensitive": True},
            "completeness": {"kind": "percent", "style": "health"},
            "last_contact_on": {"style": "ago"},
            "last_order_on": {"style": "ago"},
            "next_contact_on": {"style": "due"},
            "department": {"editable": False},
            "grade": {"tones": GRADE_TONES, "style": "grade"},
            "stage": {"tones": STAGE_TONES, "style": "badge"},
            "country": {"kind": "choice", "choices": COUNTRIES, "other": read_country},
            "region_code": {"kind": "region"},
            "credit_code": {"kind": "code"},
            "code": {"kind": "code"},
            "lunar_month": {"help": _("1 to 12")},
        },
        hidden=("name_key", "birth_md"),
        inline=(
            "phone",
            "email",
            "industry",
            "scale",
            "next_contact_on",
            "contact_every",
            "tags",
            "attitude",
            "remark",
        ),
        search={
            "names": ("name", "short_name", "former_names"),
            "phones": ("phone",),
            "codes": ("code", "credit_code"),
        },
        subtitle=("code", "phone", "owner", "last_contact_on"),  # who works with it already, and since when (INFO-17)
        bulk_pages=(("letters", _("Letters and labels"), "mail", "export"),),
        headline=("grade", "completeness", "industry", "last_order_on", "credit_standing", "owner"),
        slots={
            "grade": "tag2",
            "stage": "tag1",
            "phone": "line",
            "owner": "mid",
            "completeness": "right",
            "amount_12m": "left",
        },
        board=Board("stage", (("grade", "phone"), ("amount_12m", "owner"))),
        import_key=("code", "credit_code", "name"),
        clean=account_services.follow_owner,
        prepare_many=account_services.number,
        guard=author_or_keeper,
        relations=(
            Relation("contacts", "customers.contact", "account", _("Contacts")),
            Relation("needs", "customers.need", "account", _("Needs and opinions")),
            Relation("integrity", "customers.integrityentry", "account", _("Integrity")),
            Relation("dates", "customers.importantdate", "account", _("Important dates")),
            Relation("addresses", "customers.address", "account", _("Addresses")),
            Relation("invoice_titles", "customers.invoicetitle", "account", _("Invoice headers")),
            Relation("subsidiaries", "customers.account", "parent", _("Subsidiaries")),
            Relation("team", "customers.accountmember", "account", _("Account team")),
            Relation("plans", "customers.accountplan", "account", _("Account plans")),
            Relation("classes", "customers.classassignment", "account", _("Class history")),
            Relation("stage_changes", "customers.stagechange", "account", _("Stage history"), tab=False),
            Relation(
                "purchaser_changes",
                "customers.purchaserchange",
                "account",
                _("Changes of purchaser"),
                tab=False,
            ),
        ),
        views=(
            View("all", _("All accounts"), WORKED),
            View("mine", _("Mine"), among({"f": "owner", "op": "is", "v": "@me"}), icon="user"),
            View(
                "assisted",
                _("I assist"),
                {"all": [{"has": "team", "where": {"all": [{"f": "person", "op": "is", "v": "@me"}, *SERVING]}}]},
                icon="users-group",
            ),
            View(
                "unmanaged",
                _("Without account manager"),
                among({"f": "grade", "op": "is", "v": "A"}, UNMANAGED),
                icon="user-question",
            ),
            View("key", _("Key customers"), among({"f": "is_key", "op": "is", "v": True}), icon="star"),
            View("class_a", _("Class A"), among({"f": "grade", "op": "is", "v": "A"}), icon="medal"),
            View(
                "silent",
                _("No contact for 30 days"),
                among(
                    {
                        "any": [
                            {"f": "last_contact_on", "op": "older_than", "v": 30},
                            {"f": "last_contact_on", "op": "empty"},
                        ]
                    }
                ),
                sort="last_contact_on",
                icon="clock",
            ),
            View(
                "potential",
                _("Potential customers"),
                among({"f": "stage", "op": "is", "v": "potential"}),
                icon="target",
            ),
            View(
                "groups",
                _("Group customers"),
                {"all": [{"has": "subsidiaries"}]},
                icon="sitemap",
            ),
            View(
                "thin",
                _("Incomplete files"),
                among({"f": "completeness", "op": "lt", "v": 60}),
                icon="clipboard-check",
            ),
            View("retired", _("Retired"), {"f": "retired_on", "op": "not_empty"}, icon="archive"),
        ),
    )
)
register(
    Entity(
        model=Contact,
        title=_("Contacts"),
        icon="address-book",
        columns=("name", "account", "post", "role", "is_primary", "mobile", "email", "wechat"),
        sort="-id",
        sections=(
            Section(_("Contact"), ("account", "name", "salutation", "post", "role", "is_primary", "left_on")),
            Section(_("Contact details"), ("mobile", "phone", "email", "wechat", "qq", "method", "legal_basis")),
            Section(_("Birthday"), ("gender", "birth_date", "lunar_month", "lunar_day", "lunar_leap")),
            Section(_("More"), ("preferences", "home_address", "family", "remark")),
        ),
        overrides={
            "mobile": {**PHONE, "sensitive": True},
            "phone": {**PHONE, "sensitive": True},
            "email": {**EMAIL, "sensitive": True},
            "home_address": {"sensitive": True},
            "family": {"sensitive": True},
        },
        hidden=("birth_md",),
        inline=("post", "role", "mobile", "phone", "email", "wechat"),
        search={"people": ("name",), "phones": ("mobile", "phone"), "codes": ("wechat", "qq")},
        subtitle=("account", "post"),
        slots={"role": "tag2", "account": "line", "post": "left", "mobile": "right"},
        import_key=("mobile",),
        scope_via="account",
        guard=author_or_keeper,
        relations=(Relation("dates", "customers.importantdate", "contact", _("Important dates")),),
        views=(
            View("all", _("All contacts"), {"f": "left_on", "op": "empty"}),
            View("purchasers", _("Purchasers"), {"f": "role", "op": "is", "v": "purchaser"}, icon="user-check"),
            View("deciders", _("Decision makers"), {"f": "role", "op": "is", "v": "decider"}, icon="star"),
            View("left", _("Have left"), {"f": "left_on", "op": "not_empty"}, icon="archive"),
        ),
    )
)
add_relation("org.user", Relation("accounts", "customers.account", "owner", _("Accounts"), tab=False))
