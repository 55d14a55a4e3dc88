"""What a clause shows: its rule in words with every version, and what it waits for."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from guanxi.rulebook.models import Clause, ClauseVersion
from guanxi.rulebook.sentences import said
from guanxi.web.panels import panel


@panel("rulebook.clause", "rulebook/clause.html", order=10)
def rule(clause: Clause, user: Any) -> dict[str, Any]:
    """The versions, newest first, each as a sentence (GOV-02)."""
    rows = ClauseVersion.objects.filter(clause=clause).select_related("published_by", "company").order_by("-number")
    versions = [(version, said(version)) for version in rows[:20]]
    may = user.may("change", "rulebook.clause")
    return {"versions": versions, "edit": reverse("clause-rule", args=[clause.pk]) if may else "", "clause": clause}
