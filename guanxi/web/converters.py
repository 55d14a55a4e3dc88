"""`<entity:…>` in addresses: the slug of a registered entity."""

from __future__ import annotations

from django.urls import register_converter

from guanxi.kernel.entities import Entity, by_slug


class EntityConverter:
    """The first part of an address is the slug of a registered entity; anything else is not found."""

    regex = "[a-z][a-z-]*"

    def to_python(self, value: str) -> Entity:
        try:
            return by_slug(value)
        except StopIteration:
            raise ValueError from None

    def to_url(self, value: Entity | str) -> str:
        return value if isinstance(value, str) else value.slug


register_converter(EntityConverter, "entity")
