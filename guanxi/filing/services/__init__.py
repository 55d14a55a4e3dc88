"""Verbs of registration and self-registration."""

from guanxi.filing.services import join, registration, seed

__all__ = ["join", "registration", "seed"]
