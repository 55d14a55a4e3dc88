"""What a rulebook on trial would have done, as plain values for programs and as lines for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from guanxi.kernel.models import Company
from guanxi.rulebook.services.backtest import Share
from guanxi.rulebook.services.bookfile import Book
from guanxi.rulebook.services.booktrial import Tried

STATES = ("met", "late", "missed", "open")
WORST = 10  # people named in the lines; the JSON has everybody


def tried_as_data(company: Company, book: Book, span: tuple[date, date], tried: list[Tried]) -> dict[str, Any]:
    total: Counter[str] = Counter()
    for one in tried:
        total.update(one.trial.states if one.trial else {})
    return {
        "book": book.slug, "title": book.title, "edition": book.edition, "company": company.code,
        "from": span[0].isoformat(), "to": span[1].isoformat(), "total": _counted(total),
        "clauses": [_clause(one) for one in tried],
    }  # fmt: skip


def _counted(states: dict[str, int]) -> dict[str, int]:
    return {"duties": sum(states.values()), **{state: states.get(state, 0) for state in STATES}}


def _clause(one: Tried) -> dict[str, Any]:
    trial = one.trial
    return {
        "code": one.clause.code, "title": one.clause.title, "kind": one.clause.spec["kind"], "standing": one.standing,
        "tried": trial is not None, "waits_for": one.waits_for, "wrong": one.wrong, "note": one.note,
        **_counted(trial.states if trial else {}), "rate": trial.rate if trial else None,
        "people": [{"username": row.code, **_share(row)} for row in trial.people] if trial else [],
        "departments": [{"code": row.code, **_share(row)} for row in trial.departments] if trial else [],
        "examples": [
            {"about": one.about, "person": one.person, "due_on": one.due_on} for one in (trial.missed if trial else ())
        ],
    }  # fmt: skip


def _share(row: Share) -> dict[str, Any]:
    return {"name": row.name, **_counted(row.states)}


def in_lines(one: Tried) -> Iterator[str]:
    head = f"{one.clause.code:<12} {one.clause.title}  ({one.standing})"
    if one.trial is None:
        why = f"! {one.wrong}" if one.wrong else f"waits: {one.waits_for}" if one.waits_for else one.note
        yield f"{head}  {why}"
        return
    states, rate = one.trial.states, one.trial.rate
    counts = ", ".join(f"{state} {states.get(state, 0)}" for state in STATES)
    yield f"{head}  duties {sum(states.values())}: {counts}{'' if rate is None else f' ({rate} %)'}"
    if one.note:
        yield f"{'':<12} {one.note}"
    worst = [row for row in one.trial.people if row.unkept][:WORST]
    for row in worst:
        yield (
            f"{'':<12} {row.name or '-'} {row.code}: missed {row.states.get('missed', 0)}, "
            f"late {row.states.get('late', 0)} of {row.duties}"
        )
    rest = sum(bool(row.unkept) for row in one.trial.people) - len(worst)
    if rest:
        yield f"{'':<12} and {rest} more"
