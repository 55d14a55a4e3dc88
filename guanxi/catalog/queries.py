"""Questions about products and categories."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.db.models import Q, QuerySet

from guanxi.catalog.models import Product, ProductCategory, ProductLink


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
