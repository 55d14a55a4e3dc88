"""What other apps ask of the trail: witness an act that changes no row, and check the whole trail now."""

from __future__ import annotations

from typing import Any

from guanxi.audit import chain
from guanxi.audit.models import Verification
from guanxi.kernel import work


def witness(
    verb: str,
    label: str = "",
    object_id: int = 0,
    title: str = "",
    *,
    company_id: int | None = None,
    **details: Any,
) -> None:
    """Record a sign-in, an export, a look behind a mask, a print, a refused request (SEC-09).

    Joins the unit of work it is called in, and is gone with it if that fails: report a refusal after the unit.
    `details` are facts about the act (rows, filter, field), never values of the record.
    """
    change = work.Change(company_id, label, object_id, title, verb, {}, details)
    work.unit_of_work(lambda: work.require().witness(change))


def check_trail() -> Verification:
    """Verify everything and keep the outcome for the page that shows it."""
    report = chain.verify()
    return Verification.objects.create(intact=report.intact, rows=report.rows, report=report.as_json())
