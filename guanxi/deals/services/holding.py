"""A customer with an open opportunity is being worked with: it goes into no pool."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from guanxi.deals.models import Opportunity


def in_work(ids: list[int]) -> dict[int, Any]:
    """Of these customers those with an open opportunity, and which one."""
    rows = Opportunity.objects.filter(account__in=ids, state="open").order_by("account", "-pk")
    return {
        account: _("An opportunity is open: %(name)s.") % {"name": name}
        for account, name in rows.values_list("account", "name")
    }
