"""How products, categories, profit grades, product links and launches show up in lists, forms, search, import and the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.catalog import services
from guanxi.catalog.models import GradeSpan, Launch, Product, ProductCategory, ProductLink, ProfitGrade
from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, register
from guanxi.org.presets import COST, READ, USE, WORK, WORKING, grant

TREATMENTS = {"promoted": "green", "normal": "gray", "restricted": "red"}
LAUNCHES = {"draft": "gray", "confirmed": "green", "ended": "gray"}

register(
    Entity(
        model=Product,
        title=_("Products"),
        icon="box",
        columns=(
            "code",
            "name",
            "category",
            "brand",
            "spec",
            "unit",
            "price",
            "stock",
            "treatment",
            "profit_grade",
            "is_active",
        ),
        sort="name",
        sorts=("code",),
        sections=(
            Section(_("Product"), ("code", "name", "category", "brand", "spec", "unit", "barcode", "tags")),
            Section(_("Price and profit"), ("price", "cost", "tax_rate", "margin", "profit_grade", "grade_reason")),
            Section(_("Supply"), ("stock", "stock_at", "treatment")),
            Section(_("Remark"), ("remark", "is_active")),
        ),
        overrides={
            "price": {"kind": "money"},
            "cost": {"kind": "money"},
            "tax_rate": {"kind": "percent"},
            "margin": {"kind": "percent"},
            "treatment": {"tones": TREATMENTS},
        },
        inline=("price", "cost", "brand", "spec", "unit", "tags"),
        search={"names": ("name",), "codes": ("code", "barcode")},
        subtitle=("code", "spec"),
        import_key=("code",),
        scoped=False,
        clean=services.check_product,
        import_fields=("stock", "stock_at"),
        relations=(
            Relation("links", "catalog.productlink", "product", _("Goes with")),
            Relation("launches", "catalog.launch", "product", _("Launches")),
        ),
        views=(
            View("all", _("All products")),
            View("on_sale", _("On sale"), {"f": "is_active", "op": "is", "v": True}, icon="circle-check"),
            View("off_sale", _("Off sale"), {"f": "is_active", "op": "is", "v": False}, icon="archive"),
            View("promoted", _("Promoted"), {"f": "treatment", "op": "is", "v": "promoted"}, icon="speakerphone"),
            View("restricted", _("Restricted"), {"f": "treatment", "op": "is", "v": "restricted"}, icon="hand-stop"),
            View("out_of_stock", _("Out of stock"), {"f": "stock", "op": "lte", "v": 0}, icon="package-off"),
            View("no_cost", _("Cost unknown"), {"f": "cost", "op": "empty"}, icon="help-circle"),
            View("judged", _("Graded by judgement"), {"f": "grade_reason", "op": "not_empty"}, icon="medal"),
        ),
    )
)
register(
    Entity(
        model=ProductCategory,
        setting=True,
        title=_("Product categories"),
        slug="product-categories",
        icon="category",
        columns=("code", "name", "parent"),
        sort="code",
        sections=(Section(_("Product category"), ("code", "name", "parent")),),
        search={"names": ("name",), "codes": ("code",)},
        import_key=("code",),
        scoped=False,
        custom=False,
        clean=services.check_category,
        relations=(Relation("products", "catalog.product", "category", _("Products")),),
    )
)
register(
    Entity(
        model=ProfitGrade,
        setting=True,
        title=_("Profit grades"),
        slug="profit-grades",
        icon="medal",
        columns=("code", "name", "from_margin", "treatment"),
        sort="-from_margin",
        sections=(Section(_("Profit grade"), ("code", "name", "from_margin", "treatment")),),
        overrides={"from_margin": {"kind": "percent"}, "treatment": {"tones": TREATMENTS}},
        import_key=("code",),
        scoped=False,
        custom=False,
        relations=(Relation("products", "catalog.product", "profit_grade", _("Products")),),
    )
)
register(
    Entity(
        model=GradeSpan,
        setting=True,
        title=_("Profit grades over time"),
        slug="grade-history",
        icon="history",
        name_field="since",
        columns=("product", "since", "grade", "reason", "created_by"),
        sort="-since",
        scoped=False,
        creatable=False,
        importable=False,
        custom=False,
        guard=services.by_the_product,
    )
)
add_relation("catalog.product", Relation("grades", "catalog.gradespan", "product", _("Profit grades over time")))

register(
    Entity(
        model=ProductLink,
        title=_("Product links"),
        slug="product-links",
        icon="link",
        name_field="kind",
        columns=("product", "kind", "other", "strength", "note"),
        sections=(Section(_("Product link"), ("product", "kind", "other", "strength", "note")),),
        overrides={"kind": {"tones": {"substitute": "amber", "related": "blue", "accessory": "teal"}}},
        search={"names": ("product.name", "other.name")},
        import_key=("product", "other", "kind"),
        scope_via="product",
        custom=False,
        setting=True,
        clean=services.check_link,
    )
)
register(
    Entity(
        model=Launch,
        title=_("Product launches"),
        slug="launches",
        icon="rocket",
        name_field="title",
        columns=("title", "product", "launch_on", "state", "confirmed_by", "confirmed_on"),
        sort="-launch_on",
        sections=(
            Section(_("Product launch"), ("title", "product", "launch_on", "guidance", "selling")),
            Section(_("Confirmation"), ("state", "confirmed_by", "confirmed_on")),
        ),
        overrides={"state": {"tones": LAUNCHES}},
        search={"names": ("title", "product.name")},
        subtitle=("product", "launch_on"),
        scoped=False,
        importable=False,
        guard=services.only_drafts,
        views=(
            View("all", _("All")),
            View("new", _("New products"), {"f": "state", "op": "is", "v": "confirmed"}, icon="rocket"),
            View("drafts", _("To confirm"), {"f": "state", "op": "is", "v": "draft"}, icon="pencil"),
        ),
    )
)

STOCK_KEEPERS = ("branch-accountant", "operations-specialist")
grant("catalog.product", READ, to=WORKING, hidden=COST)
grant("catalog.product", [*READ, "count_stock"], to=STOCK_KEEPERS, hidden=COST)
grant("catalog.product", [*READ, "sell_restricted"], to=("business-department",))
grant("catalog.productcategory", READ, to=WORKING)
for label in ("catalog.product", "catalog.productcategory", "catalog.profitgrade", "catalog.gradespan"):
    grant(label, ["*"], to=("finance",))
grant("catalog.launch", READ, to=WORKING)
grant("catalog.launch", USE, to=("business-department", "marketing"))
grant("catalog.launch", [*WORK, "confirm"], to=("technology",))
grant("catalog.productlink", READ, "", to=WORKING)
for code in ("business-department", "marketing", "technology", "finance"):
    grant("catalog.productlink", WORK, "", to=(code,))
