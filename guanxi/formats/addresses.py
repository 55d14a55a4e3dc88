"""Addresses that were stored and are followed later."""

from __future__ import annotations

from django.utils.http import url_has_allowed_host_and_scheme


def on_this_site(address: str) -> str:
    """The address if it is a path of this site, else empty: nothing stored leads elsewhere or runs as a script."""
    return address if address.startswith("/") and url_has_allowed_host_and_scheme(address, None) else ""
