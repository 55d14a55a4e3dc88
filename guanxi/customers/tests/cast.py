"""What tests of customers do all the time."""

from __future__ import annotations

from typing import Any

from guanxi.customers.models import Account, Contact
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import User


def file(actor: User, name: str = "华东机械有限公司", **values: Any) -> Account:
    return verbs.add(entity(Account), {"name": name, **values}, actor=actor)


def contact(actor: User, account: Account, name: str, **values: Any) -> Contact:
    return verbs.add(entity(Contact), {"account": account, "name": name, **values}, actor=actor)
