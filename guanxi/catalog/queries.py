"""Questions about products and categories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from guanxi.catalog.models import GradeSpan, Product, ProductCategory, ProductLink


def below(category: ProductCategory) -> list[int]:
    """Ids of the category and everything under it."""
    children: dict[int | None, list[int]] = defaultdict(list)
    rows = ProductCategory.objects.filter(company_id=category.company_id)
    for pk, parent in rows.values_list("pk", "parent_id"):
        children[parent].append(pk)
    found = [category.pk]
    for pk in found:
        found += children[pk]
    return found


Kind = ProductLink.Kind


def linked(product: Product, user: Any, *kinds: str) -> list[tuple[Product, ProductLink]]:
    """What may stand in for the product or goes with it, the strongest first; on sale only.  Accessories hold one way."""
    both = Q(other=product) & ~Q(kind=Kind.ACCESSORY)
    rows = ProductLink.objects.filter(Q(product=product) | both, kind__in=kinds or Kind.values)
    seen: dict[int, tuple[Product, ProductLink]] = {}
    for link in rows.select_related("product", "other").order_by("-strength", "pk"):
        other = link.other if link.product_id == product.pk else link.product
        seen.setdefault(other.pk, (other, link))
    reach = set(on_sale(user).filter(pk__in=seen).values_list("pk", flat=True))
    return [pair for pk, pair in seen.items() if pk in reach]


def on_sale(user: Any) -> QuerySet[Any]:
    """Products this person may see and sell."""
    return Product.objects.visible_to(user).filter(is_active=True)  # type: ignore[no-any-return]


class Grades:
    """The profit grades of some products on any day: what was noted, else the grade of today."""

    def __init__(self, product_ids: Iterable[int]) -> None:
        ids = set(product_ids)
        everything: Any = Product.everything
        self.now: dict[int, int | None] = dict(everything.filter(pk__in=ids).values_list("pk", "profit_grade"))
        self.spans: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
        rows = GradeSpan.objects.filter(product__in=ids).order_by("since")
        for product, since, grade in rows.values_list("product", "since", "grade"):
            self.spans[product].append((since, grade))

    def on(self, product: int | None, day: date) -> int | None:
        if product is None:
            return None
        spans = self.spans.get(product)
        if not spans:
            return self.now.get(product)
        held = [grade for since, grade in spans if since <= day]
        return held[-1] if held else spans[0][1]
