"""Verbs and jobs of registration, filing and verification."""

from guanxi.filing.services import duties, filing, join, registration, seed, tasks

__all__ = ["duties", "filing", "join", "registration", "seed", "tasks"]
