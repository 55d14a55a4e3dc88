"""New rows are found by their words once, also where an earlier version had left a trigger that wrote them down."""

from __future__ import annotations

import pytest
from django.db import connection

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import search
from guanxi.kernel.entities import entity
from guanxi.org.models import User


@pytest.mark.skipif(connection.vendor != "sqlite", reason="triggers keep the index of SQLite")
def test_a_new_row_stands_in_the_index_once_and_is_gone_with_its_document(seller: User) -> None:
    name = search.table_of("customers.account")
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER {name}_insert AFTER INSERT ON kernel_searchdoc FOR EACH ROW "
            f"WHEN new.label = 'customers.account' BEGIN INSERT INTO {name}(rowid, doc) VALUES (new.object_id, new.doc); END"
        )
    search.ensure_indexes()
    account = saved(Account(company=seller.company, name="绍兴云岭阀门有限公司", owner=seller))
    assert list(search.search(entity(Account), "云岭", seller)) == [account]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name = %s", [f"{name}_insert"])
        assert cursor.fetchone() == (0,)
        cursor.execute(f"INSERT INTO {name}({name}, rank) VALUES ('integrity-check', 0)")
    search.SearchDoc.objects.filter(pk=account.pk).delete()
    assert list(search.search(entity(Account), "云岭", seller)) == []
