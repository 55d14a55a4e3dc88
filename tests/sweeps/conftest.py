"""The world of the sweeps, made once a module and taken back at its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from guanxi.kernel import entities as registry
from guanxi.org import access
from tests.sweeps.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield build()
        transaction.set_rollback(True)
    access._access.cache_clear()
    registry._fields.cache_clear()
