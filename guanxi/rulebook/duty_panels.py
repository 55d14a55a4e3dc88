"""What duties put on pages: why a duty is owed, what is owed about a customer, how a rule is observed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.prepared import once
from guanxi.rulebook.models import Article, Assessment, Clause, Duty, Goal
from guanxi.rulebook.queries import compliance, owed
from guanxi.rulebook.queries.goals import standing
from guanxi.rulebook.reached import goal_row
from guanxi.rulebook.sentences import said
from guanxi.rulebook.shown import Where, cells, countdown, duties, heads, percent, shares, tone, where
from guanxi.rulebook.spec import SpecError, read, the_entity
from guanxi.web.forms import editable
from guanxi.web.panels import panel

LABEL = "rulebook.duty"
MONTHS = 6


@panel(LABEL, "rulebook/duty.html", order=10)
def why(duty: Duty, user: Any) -> dict[str, Any]:
    """The article, the rule, what began it, its steps and evidence, and how its owner keeps the clause (GOV-03, GOV-06)."""
    pages = owed.addresses(user, [(duty.subject_label, duty.subject_id), (duty.evidence_label, duty.evidence_id)])
    month, year = owed.owners_record(user, duty)
    subject = pages.get((duty.subject_label, duty.subject_id), "")
    return {
        "way": way(duty, user, subject),
        "article": duty.clause.article, "words": said(duty.clause_version), "countdown": countdown(duty.due_at, duty.state not in ("open", "missed")),
        "subject": subject, "subject_kind": kind_of(duty.subject_label),
        "evidence": pages.get((duty.evidence_label, duty.evidence_id or 0), ""),
        "evidence_kind": kind_of(duty.evidence_label), "steps": owed.steps_of(duty),
        "following": owed.next_due(user, duty), "month": in_figures(month), "year": in_figures(year),
        "shares": shares(duty.figures),
    }  # fmt: skip


def way(duty: Duty, user: Any, subject: str) -> str:
    """Where an open duty is done: the form of its evidence with what it is about filled in, else the subject's page."""
    if duty.state not in ("open", "missed"):
        return ""
    try:
        spec = read(duty.clause_version.spec)
        by = the_entity(spec.done.by) if spec.done else None
    except SpecError:
        return subject
    if spec.done is None or by is None or not by.creatable or not user.may("add", by.label):
        return subject
    about = {spec.customer: duty.account_id, "": duty.subject_id, "id": duty.subject_id}
    given = {theirs: about.get(mine) for mine, theirs in spec.done.match}
    fits = given.keys() <= editable(by, user).keys() and all(given.values())
    return f"{list_url(by.slug)}new/?{urlencode(given)}" if fits else subject


def kind_of(label: str) -> str:
    """What such a row is called."""
    try:
        return str(entity(label).singular) if label else ""
    except KeyError:
        return label


def in_figures(one: compliance.Tally) -> str:
    return f"{percent(one.rate)} ({one.met:,}/{one.decided:,})" if one.decided else "—"


@panel("customers.account", "rulebook/account.html", place="rail", order=5, needs=LABEL, asks=(owed.about,))
def owed_here(account: Any, user: Any) -> dict[str, Any] | None:
    """What is still owed about this customer, by whom, and which article asks for it."""
    rows = once(account, owed.about, user)
    return {"duties": [{"duty": one, "countdown": countdown(one.due_at)} for one in rows]} if rows else None


@panel("rulebook.clause", "rulebook/observed.html", order=20, needs=LABEL)
def clause_observed(clause: Clause, user: Any) -> dict[str, Any] | None:
    return observed(user, where("clause", "is", clause.pk), clause=clause.pk)


@panel("rulebook.article", "rulebook/observed.html", order=20, needs=LABEL)
def article_observed(article: Article, user: Any) -> dict[str, Any] | None:
    """GOV-06: the objects and figures that show whether an article is observed."""
    ids = list(Clause.objects.filter(article=article).values_list("pk", flat=True))
    return observed(user, where("clause", "in", ids), clause__in=ids) if ids else None


@panel("rulebook.goal", "rulebook/goal.html", order=5)
def goal_standing(goal: Goal, user: Any) -> dict[str, Any]:
    """Where the goal stands, quarter by quarter."""
    return {"goals": [goal_row(user, standing(user, goal))], "quarters": [1, 2, 3, 4]}


@panel("rulebook.assessment", "rulebook/observed.html", order=20, needs=LABEL)
def assessment_observed(assessment: Assessment, user: Any) -> dict[str, Any] | None:
    """GOV-05: whether the measure has helped: the figures of the clause, or of the department without one."""
    if assessment.clause_id:
        return observed(user, where("clause", "is", assessment.clause_id), clause=assessment.clause_id)
    if assessment.department_id:
        return observed(user, where("department", "is", assessment.department_id), department=assessment.department_id)
    return None


def observed(user: Any, condition: Where, **narrowed: Any) -> dict[str, Any] | None:
    """Month by month, the newest first; the months before the first duty say nothing and are left out."""
    spans = compliance.periods("month", clock.today(), MONTHS)
    found = compliance.tally_over(user, spans, "company", **narrowed)
    tallies = next(iter(found.values()), None)
    if tallies is None:
        return None
    first = next((n for n, one in enumerate(tallies) if one.decided or one.open), len(tallies) - 1)
    rows = [
        {
            "name": f"{span.first:%Y-%m}", "rate": percent(one.rate), "tone": tone(one.rate),
            "figures": list(zip(heads(), cells(one, span, condition), strict=True)),
        }
        for span, one in zip(reversed(spans[first:]), reversed(tallies[first:]), strict=True)
    ]  # fmt: skip
    return {"rows": rows, "heads": heads()}


def my_duties(user: Any) -> dict[str, Any] | None:
    """What the start page shows a person: own duties and those of who is away, by clause."""
    if not user.may("view", LABEL):
        return None
    found, own = owed.owed_by(user), owed.own_month(user)
    if not found and not own.decided:
        return None
    pages = owed.addresses(user, ((row.subject_label, row.subject_id) for one in found for row in one.rows))
    names = {
        owed.LATE: _("Overdue"),
        owed.TODAY: _("Today"),
        owed.WEEK: pgettext("duties", "This week"),
        owed.LATER: pgettext("duties", "Due later"),
    }
    bands = [
        _band(user, [one for one in found if one.band == band], pages) | {"label": name, "late": band == owed.LATE, "folded": band == owed.LATER}
        for band, name in names.items()
    ]  # fmt: skip
    return {"bands": [band for band in bands if band["n"]], "own": own, "rate": percent(own.rate)}


def _band(user: Any, found: list[owed.Owed], pages: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    """The clauses of a band with their first duties: the fewer of each, the more clauses there are."""
    each = max(owed.TOGETHER // max(len(found), 1), 1)
    people = where("owner", "in", [user.pk, *user.access.principals])
    groups = [
        {
            "clause": one.clause, "n": one.n, "more": one.n - len(one.rows[:each]),
            "url": duties(where("clause", "is", one.clause.pk), people, owed.in_band(one.band)),
            "rows": [_owed_row(user, row, pages) | {"overdue": one.band == owed.LATE} for row in one.rows[:each]],
        }
        for one in found
    ]  # fmt: skip
    url = duties(people, owed.in_band(found[0].band)) if found else ""
    return {"groups": groups, "n": sum(one.n for one in found), "url": url}


def _owed_row(user: Any, duty: Duty, pages: Mapping[tuple[str, int], str]) -> dict[str, Any]:
    hint = duty.account.name if duty.account is not None and duty.account.name != duty.title else ""
    subject = pages.get((duty.subject_label, duty.subject_id), "")
    return {
        "way": way(duty, user, subject), "duty": duty, "title": duty.title or kind_of(duty.subject_label) or str(Duty._meta.verbose_name), "hint": hint,
        "url": subject or record_url("duties", duty.pk),
        "stands_in": duty.owner.name if duty.owner is not None and duty.owner_id != user.pk else "",
        "countdown": countdown(duty.due_at),
    }  # fmt: skip
