"""Verbs of registration and self-registration."""

from guanxi.filing.services import join, registration

__all__ = ["join", "registration"]
