"""What pages may cost: few statements whatever the table holds, and no write for looking."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import search
from guanxi.org.models import User

pytestmark = pytest.mark.django_db
MOST = 12


def statements(client: Client, url: str) -> list[str]:
    client.get(url)  # the first one computes rights and keeps parts of pages
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
        return [query["sql"] for query in asked.captured_queries]


@pytest.mark.parametrize(
    "url", ["/customers/", "/customers/?view=all&sort=-name", "/contacts/", "/orders/", "/search/?q=公司"]
)
def test_a_page_of_rows_asks_few_statements_and_writes_nothing(client: Client, seller: User, url: str) -> None:
    for number in range(60):
        saved(Account(company=seller.company, owner=seller, department=seller.department, name=f"{number}号公司"))
    client.force_login(seller)
    asked = statements(client, url)
    assert len(asked) <= MOST
    assert [sql for sql in asked if not sql.startswith(("SELECT", "SET LOCAL", "SAVEPOINT", "RELEASE"))] == []


def test_only_kinds_of_rows_that_hold_a_word_are_searched(seller: User) -> None:
    saved(Account(company=seller.company, owner=seller, department=seller.department, name="苏州云岭精密机械有限公司"))
    labels = ["customers.account", "customers.contact"]
    assert search.labels_with("云岭", labels) == {"customers.account"}
    assert search.labels_with("", labels) == set()
