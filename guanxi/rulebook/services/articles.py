"""The words of an article through their revisions: asked for with a day and a note, approved, in force from that day (GOV-02)."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from guanxi.approvals.services import Request, ask
from guanxi.approvals.subjects import subject
from guanxi.kernel import clock, jobs, work
from guanxi.kernel.actions import Text, action
from guanxi.kernel.errors import Invalid, Refused
from guanxi.org.models import User
from guanxi.rulebook.models import Article, ArticleRevision

SUBJECT = "rulebook.article"
WORDS = ("title", "text")
State = ArticleRevision.State


def holds(article: Article) -> bool:
    """Whether people have to keep it already: its regulation is in force."""
    since = article.regulation.effective_on
    return since is not None and since <= clock.today()


def check_words(article: Article) -> None:
    """Before saving: words that hold are changed by a revision, with its day, its note and its approval."""
    if article._state.adding or not holds(article):
        return
    text = _("This article is in force: submit a revision to change its words.")
    if changed := {name: [text] for name in WORDS if getattr(article, name) != article._loaded.get(name)}:
        raise Invalid(changed)


@action(Article, label=_("Submit a revision"), icon="edit", permission="publish", bulk=False, when=holds,
        labels={"title": _("title"), "text": _("wording"), "effective_on": _("Effective from"),
                "note": _("What has changed")},
        initial=lambda row: {"title": row.title, "text": row.text, "effective_on": clock.today()})  # fmt: skip
def revise(article: Article, *, actor: User, title: str, text: Text, effective_on: date, note: str) -> ArticleRevision:
    """Ask for new words; they take the place of the old ones on their day, once they are approved."""
    if (title.strip(), text.strip()) == (article.title, article.text):
        raise Refused(_("Nothing has changed."), field="text")
    if not note.strip():
        raise Refused(_("Say what has changed."), field="note")
    if effective_on < clock.today():
        raise Refused(_("New words hold from today on at the earliest."), field="effective_on")
    if ArticleRevision.objects.filter(article=article, state=State.ASKED).exists():
        raise Refused(_("A revision of this article waits for approval already."))
    last = ArticleRevision.everything.filter(article=article).aggregate(n=Max("number"))["n"] or 1
    row = ArticleRevision(
        company_id=article.company_id, created_by_id=actor.pk, article=article, number=last + 1, effective_on=effective_on,
        note=note.strip()[:400], title=title.strip()[:120], text=text.strip(), old_title=article.title, old_text=article.text,
    )  # fmt: skip
    row.save()
    ask(Request(SUBJECT, gettext("Revise %(name)s") % {"name": article}, row=row, reason=row.note), actor=actor)
    return row


def _refused(approval: Any) -> None:
    row = ArticleRevision.objects.get(pk=approval.object_id)
    row.state = State.REFUSED
    row.save(update_fields=["state"])


@subject(SUBJECT, label=_("Revision of an article"), refused=_refused, steps=({"who": "head"},))
def _agreed(approval: Any) -> str:
    row = ArticleRevision.objects.select_related("article__regulation").get(pk=approval.object_id)
    row.state, row.published_by = State.AGREED, approval.owner
    row.effective_on = max(row.effective_on, clock.today())
    row.save()
    put_into_force(row)
    return gettext("Effective from %(day)s") % {"day": row.effective_on}


def put_into_force(row: ArticleRevision) -> bool:
    """The article says it from now on, if its day has come."""
    if row.effective_on > clock.today():
        return False
    article = row.article
    row.old_title, row.old_text = article.title, article.text
    article.title, article.text = row.title, row.text
    article.save()
    row.state = State.PUBLISHED
    row.save()
    return True


@jobs.job("rulebook.articles", at_hour=0)
def day_has_come(_run: jobs.Run) -> int:
    """Put into force what was agreed for today, in the order it was asked for."""
    rows = ArticleRevision.objects.filter(state=State.AGREED, effective_on__lte=clock.today())
    due = list(rows.select_related("article__regulation").order_by("effective_on", "number"))
    return sum(work.unit_of_work(partial(put_into_force, row), verb="rulebook.revise") for row in due)
