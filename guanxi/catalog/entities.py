"""How products, categories and profit grades show up in lists, forms, search, import and the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.catalog import services
from guanxi.catalog.models import Product, ProductCategory, ProfitGrade
from guanxi.kernel.entities import Entity, Relation, Section, View, register
from guanxi.org.presets import COST, READ, WORKING, grant

register(
    Entity(
        model=Product,
        title=_("Products"),
        icon="box",
        columns=("code", "name", "category", "brand", "spec", "unit", "price", "profit_grade", "is_active"),
        sort="name",
        sorts=("code",),
        sections=(
            Section(_("Product"), ("code", "name", "category", "brand", "spec", "unit", "barcode", "tags")),
            Section(_("Price and profit"), ("price", "cost", "tax_rate", "margin", "profit_grade", "grade_reason")),
            Section(_("Remark"), ("remark", "is_active")),
        ),
        overrides={
            "price": {"kind": "money"},
            "cost": {"kind": "money"},
            "tax_rate": {"kind": "percent"},
            "margin": {"kind": "percent"},
        },
        inline=("price", "cost", "brand", "spec", "unit", "tags"),
        search={"names": ("name",), "codes": ("code", "barcode")},
        subtitle=("code", "spec"),
        import_key=("code",),
        scoped=False,
        clean=services.grade_product,
        views=(
            View("all", _("All products")),
            View("on_sale", _("On sale"), {"f": "is_active", "op": "is", "v": True}, icon="circle-check"),
            View("off_sale", _("Off sale"), {"f": "is_active", "op": "is", "v": False}, icon="archive"),
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
        columns=("code", "name", "from_margin"),
        sort="-from_margin",
        sections=(Section(_("Profit grade"), ("code", "name", "from_margin")),),
        overrides={"from_margin": {"kind": "percent"}},
        import_key=("code",),
        scoped=False,
        custom=False,
        relations=(Relation("products", "catalog.product", "profit_grade", _("Products")),),
    )
)

grant("catalog.product", READ, to=WORKING, hidden=COST)
grant("catalog.product", READ, to=("business-department",))
grant("catalog.productcategory", READ, to=WORKING)
for label in ("catalog.product", "catalog.productcategory", "catalog.profitgrade"):
    grant(label, ["*"], to=("finance",))
