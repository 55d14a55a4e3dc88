"""A folder of its own for every test, and somebody who may import everything."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from guanxi.org.models import User


@pytest.fixture(autouse=True)
def own_folder(settings: Any, tmp_path: Path) -> None:
    """Uploads of tests that run beside each other stay apart."""
    settings.HOME, settings.EXPORT_ROOT = tmp_path, tmp_path / "exports"


@pytest.fixture
def boss(client: Client, owner: User) -> Client:
    client.force_login(owner)
    return client
