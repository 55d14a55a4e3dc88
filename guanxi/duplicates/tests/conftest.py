"""Files of several keepers, and the questions tests ask about them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact
from guanxi.org.models import User

NAME = "苏州云岭精密机械有限公司"
CODE, OTHER_CODE = "91320594MA1MTYL54K", "91310115MA1K3A0J6P"


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


def filed(keeper: User, name: str = NAME, **values: Any) -> Account:
    """A file that stands there already, past every check."""
    values = {"owner": keeper, "department": keeper.department, "created_by": keeper, **values}
    return saved(Account(company=keeper.company, name=name, **values))


def known(account: Account, name: str, **values: Any) -> Contact:
    return saved(Contact(company=account.company, account=account, name=name, **values))


def typed(client: Client, slug: str = "customers", row: int | None = None, **values: Any) -> str:
    """What the form shows while these values stand in it."""
    response = client.post(f"/duplicates/look/{slug}/{f'?row={row}' if row else ''}", values)
    assert response.status_code == 200
    return response.content.decode()


def sent(client: Client, slug: str = "customers", **values: Any) -> Any:
    """Send the form for a new file."""
    return client.post(f"/{slug}/new/", {"kind": "company", "country": "CN", **values})
