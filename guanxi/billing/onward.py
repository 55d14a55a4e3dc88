"""Where a page of billing leads on to: apps above add their own steps."""

from __future__ import annotations

from typing import Any

next_steps: list[tuple[str, Any, str, str]] = []  # address name, words, icon, label that decides who sees it
