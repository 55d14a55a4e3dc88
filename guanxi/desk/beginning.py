"""What a newcomer does first: the steps a new company shows on its start page."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.catalog.models import Product
from guanxi.customers.models import Account
from guanxi.kernel.addresses import list_url
from guanxi.org.models import Department, User
from guanxi.rulebook.models import Clause


def first_steps(user: Any) -> list[dict[str, Any]]:
    """What a newcomer does next, in order and with what is done, until there are customers and a rulebook."""
    if not user.may("import", "customers.account"):
        return []
    if all(model.objects.filter(company_id=user.company_id).exists() for model in (Account, Clause)):
        return []
    steps: tuple[tuple[Any, str, Any, int, str], ...] = (
        (_("Add departments"), list_url("departments"), Department, 1, "add"),
        (_("Add people"), list_url("people"), User, 1, "view"),
        (_("Put a ready rulebook into use"), reverse("rulebooks"), Clause, 0, "publish"),
        (_("Import products"), f"{list_url('products')}import/", Product, 0, "import"),
        (_("Import customers from a file"), f"{list_url('customers')}import/", Account, 0, "import"),
    )
    return [
        {
            "label": label,
            "url": url,
            "done": model.objects.filter(company_id=user.company_id)[: least + 1].count() > least,
        }
        for label, url, model, least, right in steps
        if user.may(right, model._meta.label_lower)
    ]
