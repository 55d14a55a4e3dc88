"""The text to confirm on a reading's page, who is missing on a publication's, and what articles and assessments show of both."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse

from guanxi.kernel import clock
from guanxi.kernel.addresses import list_url, record_url
from guanxi.learning.models import Publication, Reading
from guanxi.learning.queries import figures, missing, to_read, wording
from guanxi.learning.services.reading import may_try
from guanxi.rulebook.models import Article, Assessment
from guanxi.web.panels import panel

SHOWN, NEWEST = 50, 3


@panel("learning.reading", "learning/reading.html", order=5)
def text_to_read(row: Reading, user: Any) -> dict[str, Any]:
    """The words, the button that confirms them, and the way to the questions."""
    mine = row.owner_id == user.pk
    return {
        "parts": wording(row.publication), "may_confirm": mine and row.confirmed_at is None,
        "confirm_url": reverse("record-verb", args=["readings", row.pk, "confirm"]),
        "questions_url": reverse("reading-questions", args=[row.pk]) if mine and may_try(row) else "",
        "used_up": mine and row.asked and row.passed_at is None and row.tried >= row.allowed,
        "withdrawn": row.publication.state == Publication.State.WITHDRAWN,
    }  # fmt: skip


@panel("learning.publication", "learning/missing.html", order=5, needs="learning.reading")
def who_is_missing(row: Publication, user: Any) -> dict[str, Any] | None:
    """How many have confirmed and passed, and who in the reader's reach has not."""
    if row.state == Publication.State.DRAFT:
        return None
    people = list(missing(row, user)[:SHOWN])
    return {"n": figures(row, user), "people": people, "today": clock.today()}


@panel("learning.publication", "learning/text.html", order=10)
def text_of_it(row: Publication, _user: Any) -> dict[str, Any] | None:
    """What people read, where it is not only the text above."""
    return {"parts": wording(row)} if row.article_id or row.regulation_id or row.rule_id else None


@panel("rulebook.article", "learning/hint.html", order=1)
def confirm_hint(row: Article, user: Any) -> dict[str, Any] | None:
    """Somebody reading an article they have not confirmed yet is told so."""
    own = to_read(user)
    reading = (own.filter(publication__article=row) | own.filter(publication__regulation_id=row.regulation_id)).first()
    return {"url": record_url("readings", reading.pk), "reading": reading} if reading else None


@panel("rulebook.assessment", "learning/made_known.html", order=25, needs="learning.publication")
def made_known(row: Assessment, user: Any) -> dict[str, Any] | None:
    """Between plan and execution: to whom the article was made known, and who has confirmed it (GOV-05)."""
    article = row.clause.article if row.clause else None
    if article is None:
        return None
    of = Q(article=article) | Q(regulation=article.regulation_id)
    found = Publication.objects.visible_to(user).filter(of).exclude(state=Publication.State.DRAFT)
    made = [{"row": one, "n": figures(one, user)} for one in found.order_by("-published_on", "-pk")[:NEWEST]]
    add = f"{list_url('publications')}new/?article={article.pk}" if user.may("add", "learning.publication") else ""
    return {"made": made, "add": add}
