"""Questions about products and categories."""

from __future__ import annotations

from collections import defaultdict

from guanxi.catalog.models import ProductCategory


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
