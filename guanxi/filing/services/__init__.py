"""Verbs and jobs of registration, filing, verification and inspection."""

from guanxi.filing.services import (
    duties,
    filing,
    findings,
    incentives,
    inspection,
    join,
    leads,
    registration,
    seed,
    taking,
    tasks,
)

__all__ = [
    "duties",
    "filing",
    "findings",
    "incentives",
    "inspection",
    "join",
    "leads",
    "registration",
    "seed",
    "taking",
    "tasks",
]
