"""Targets and commission in lists, forms, filters, import, export and the API."""

from guanxi.targets.entities import commission, targets  # noqa: F401 -- registers the entities
