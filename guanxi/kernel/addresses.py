"""Addresses of records, for pages that show many: a lookup in the table of all addresses costs more than a line of a list."""

from functools import cache

from django.urls import reverse


@cache
def list_url(slug: str) -> str:
    return reverse("record-list", args=[slug])


def record_url(slug: str, pk: int) -> str:
    return f"{list_url(slug)}{pk}/"
