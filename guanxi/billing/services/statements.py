"""What a customer said to its statement of account is kept beside our own balance (ORDER-04)."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from guanxi.billing.models import Confirmation
from guanxi.billing.queries.statements import statement_of
from guanxi.kernel import clock
from guanxi.kernel.errors import Refused


def check_confirmation(row: Confirmation) -> None:
    """Before saving: our balance of the last day, and by how much the customer's differs."""
    if row.first is None or row.last is None or row.theirs is None:
        return
    if row.confirmed_on and row.confirmed_on > clock.today():
        raise Refused(_("A balance is not confirmed in the future."), field="confirmed_on")
    told = statement_of(row.account, None, row.first, row.last)
    row.balance = told.closing
    row.difference = Decimal(row.theirs) - row.balance
