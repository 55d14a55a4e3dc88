"""The small trading company of sales, with a finance person and ways to deliver and to invoice."""

from __future__ import annotations

from typing import Any, cast

import pytest

from guanxi.customers.models import Account, InvoiceTitle
from guanxi.org.models import Department, User
from guanxi.sales.tests.conftest import boss as _boss
from guanxi.sales.tests.conftest import company, customer, midsummer, pay, pump, save, sell

__all__ = ["_boss", "company", "customer", "midsummer", "pay", "pump", "save", "sell"]


@pytest.fixture
def boss(_boss: User) -> User:
    """Heads the whole company: nobody has to be asked."""
    top = save(Department(company=_boss.company, name="总部", code="top", kind="hq", head=_boss))
    _boss.department = top
    return cast(User, save(_boss))


def uscc(body: str = "91330106MA2A1B2C3") -> str:
    """A credit code with the check character it calls for."""
    from guanxi.formats.codes import _uscc_check

    return body + _uscc_check(body)


@pytest.fixture
def header(customer: Account) -> Any:
    return save(
        InvoiceTitle(
            company=customer.company, account=customer, title=customer.name, tax_id=uscc(), is_default=True,
            address="杭州市西湖区文三路 1 号", phone="0571-88001234", bank="工商银行杭州分行", bank_account="1202021909900012345",
            kind="special",
        )
    )  # fmt: skip
