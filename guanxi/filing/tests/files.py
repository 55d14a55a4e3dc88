"""Files of a branch as inspections find them, whole unless told otherwise."""

from __future__ import annotations

from typing import Any

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.filing.queries.checks import Checker
from guanxi.org.models import User

WHOLE = {"address": "文三路1号", "industry": "C", "business_needs": "水泵"}


def file(owner: User, name: str, **values: Any) -> Account:
    """A company file of the owner's branch, made by the owner; whole unless told otherwise."""
    kept = {"kind": "company", "owner": owner, "department": owner.department, "created_by": owner, **WHOLE, **values}
    account: Account = saved(Account(company=owner.company, name=name, **kept))
    if account.kind == "company":
        saved(Contact(company=owner.company, account=account, name="联系人"))
    return account


def faults(company: Any, *accounts: Account, **more: Any) -> list[tuple[str, str]]:
    found = Checker(company.pk, **more).check(list(accounts))
    return [(fault.kind, fault.field) for account in accounts for fault in found.get(account.pk, [])]
