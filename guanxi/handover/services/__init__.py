"""Requesting and ending access, watching for shared accounts, and handing over what a person holds."""
