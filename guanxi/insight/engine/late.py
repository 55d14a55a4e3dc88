"""Ibis, read when it is first used: most processes never compute anything, and reading it takes as long as Django."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from django.utils.functional import SimpleLazyObject

if TYPE_CHECKING:
    import ibis as ibis
else:
    ibis = SimpleLazyObject(lambda: import_module("ibis"))
