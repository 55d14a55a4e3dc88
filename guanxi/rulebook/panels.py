"""What clauses and articles show of their versions, and what every step of a process shows: who answers for it, and how."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.approvals.queries import deciding
from guanxi.rulebook.changes import compared, pieces, rule_pieces, side_by_side, trial_lines
from guanxi.rulebook.models import Article, ArticleRevision, Clause, ClauseVersion
from guanxi.rulebook.queries import processes
from guanxi.rulebook.sentences import said
from guanxi.rulebook.services import articles, clauses, editions
from guanxi.rulebook.services.processes import declared
from guanxi.web.panels import panel


@panel("rulebook.clause", "rulebook/clause.html", order=10)
def rule(clause: Clause, user: Any) -> dict[str, Any]:
    """The versions, newest first, each as a sentence (GOV-02)."""
    rows = ClauseVersion.objects.filter(clause=clause).select_related("published_by", "company").order_by("-number")
    versions = [(version, said(version)) for version in rows[:20]]
    may = user.may("change", "rulebook.clause")
    return {"versions": versions, "edit": reverse("clause-rule", args=[clause.pk]) if may else "", "clause": clause}


@panel("rulebook.article", "rulebook/revisions.html", order=5)
def revisions(article: Article, user: Any) -> dict[str, Any] | None:
    """How the words came about, newest first, and who has to agree to those that wait (GOV-02)."""
    rows = ArticleRevision.objects.filter(article=article).select_related("published_by").order_by("-number")[:20]
    asked = deciding(
        "rulebook.articlerevision", [row.pk for row in rows if row.state == ArticleRevision.State.ASKED], user
    )
    return {"revisions": [(row, *_words(row), asked.get(row.pk)) for row in rows]} if rows else None


def _words(row: ArticleRevision) -> tuple[Any, Any]:
    old, new = (f"{title}\n{text}" for title, text in ((row.old_title, row.old_text), (row.title, row.text)))
    return side_by_side(pieces(old), pieces(new))


@panel("rulebook.articlerevision", "rulebook/change.html", order=10)
def revised_words(row: ArticleRevision, _user: Any) -> dict[str, Any]:
    was, now = _words(row)
    return {"was": was, "now": now, "was_from": None, "now_from": row.effective_on, "note": row.note,
            "article": row.article, "trial": {}}  # fmt: skip


@panel("rulebook.clauseversion", "rulebook/change.html", order=10)
def changed_rule(version: ClauseVersion, _user: Any) -> dict[str, Any]:
    """The rule beside the one it takes the place of, and what both would have done (GOV-02)."""
    clause = version.clause
    known = clauses.forerunner(version)
    old = rule_pieces(known.spec, version.company) if known else []
    was, now = side_by_side(old, rule_pieces(version.spec, version.company))
    waits = version.state == ClauseVersion.State.ASKED and not version.trial
    return {"was": was, "now": now, "was_from": known.effective_on if known else None, "now_from": version.effective_on,
            "note": version.note, "article": clause.article, "clause": clause, "trial": version.trial,
            "lines": trial_lines(version.trial) if version.trial else [],
            "waits": waits and clause.kind != Clause.Kind.GUARD and not clause.waits_for}  # fmt: skip


@panel("approvals.approval", "rulebook/change.html", order=15)
def change_asked_for(approval: Any, user: Any) -> dict[str, Any] | None:
    """Whoever decides on a new rule or on new words sees what they change."""
    shown: dict[str, Any] = {
        clauses.SUBJECT: (ClauseVersion, changed_rule),
        articles.SUBJECT: (ArticleRevision, revised_words),
    }
    model, body = shown.get(approval.kind, (None, None))
    row = model.objects.visible_to(user).filter(pk=approval.object_id).first() if model else None
    return body(row, user) if row is not None else None


@panel("approvals.approval", "rulebook/edition_asked.html", order=15)
def edition_asked_for(approval: Any, user: Any) -> dict[str, Any] | None:
    """Whoever decides on the loading of a ready rulebook sees what it brings."""
    one = editions.asked_for(approval) if approval.kind == editions.SUBJECT and approval.state == "pending" else None
    return {"changes": compared(one, user.company)} if one is not None else None


def editions_note(_listing: Any, user: Any) -> dict[str, Any] | None:
    """Above the list of rules: the product has brought newer ones, or some the company does not use."""
    if not user.may(*editions.RIGHT):
        return None
    found = editions.editions(user.company)
    names = [_("“%(name)s” (%(n)s)") % {"name": one.book.title, "n": one.n} for one in found if one.upgrades]
    return {"upgrades": _(", ").join(names), "unused": sum(one.regulation is None for one in found)}


for listed in ("rulebook.regulation", "rulebook.clause"):
    panel(listed, "rulebook/edition_note.html", place="list")(editions_note)


def step_panel(label: str) -> None:
    """On the page and the form of these rows: the step they wait for, with role and standard (ORG-13)."""

    def step(row: Any, user: Any) -> dict[str, Any] | None:
        steps = processes.taken_on(label, row, user.company)
        known = processes.clauses(user.company, {one.clause_code for one in steps if one.clause_code})
        return {"steps": [(one, known.get(one.clause_code)) for one in steps]} if steps else None

    for place in ("main", "form"):
        panel(label, "rulebook/step.html", place=place, order=2)(step)


for about in sorted({row["about"] for row in declared()}):
    step_panel(about)
