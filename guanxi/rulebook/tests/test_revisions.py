"""What an approver sees of a changed rule, and how the words of an article are revised (GOV-02)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.approvals.models import Approval
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import clock, jobs
from guanxi.org.models import Department, User
from guanxi.rulebook.models import Article, ArticleRevision, ClauseVersion, Regulation
from guanxi.rulebook.services.clauses import draft as keep_draft
from guanxi.rulebook.services.clauses import publish
from guanxi.rulebook.tests.conftest import VISIT_AFTER_ORDER, Adopt, at, on, talk
from guanxi.rulebook.tests.figures import article
from guanxi.rulebook.tests.test_engine import ordered

OLD, NEW = "业务员每月至少拜访一次。", "业务员每半月至少拜访一次。"


@pytest.fixture
def writer(hire: Any, headquarters: Department, owner: User) -> User:
    """Writes the rules; the head of the headquarters decides."""
    headquarters.head = owner
    saved(headquarters)
    return hire("writer", "relations-specialist", headquarters, name="吕宏")  # type: ignore[no-any-return]


def panel(page: str) -> str:
    return page[page.index("Before and after") :]


@pytest.mark.req("GOV-02")
def test_who_decides_on_a_rule_sees_both_wordings_and_what_both_would_have_done(
    client: Client, adopt: Adopt, customer: Account, writer: User, owner: User
) -> None:
    """Seven days become three: of two orders in ninety days, answered after five days and never, one more is late."""
    first = adopt("RV-05", VISIT_AFTER_ORDER, "2026-01-01")
    article(first, "第七条", "购后回访")
    ordered(customer, "2026-02-02")
    ordered(customer, "2026-03-02")
    talk(customer, "2026-02-07")
    with clock.shifted(at("2026-03-20 10:00")):
        draft = keep_draft(
            first.clause, {**VISIT_AFTER_ORDER, "within": [3, "days"]}, date(2026, 4, 1), note="加快回访"
        )
        publish(draft, actor=writer)
        client.force_login(owner)
        asked = Approval.objects.get()
        page = client.get(f"/approvals/{asked.pk}/").content.decode()
        assert "in a moment" in page
        jobs.work_off()
        shown = panel(client.get(f"/approvals/{asked.pk}/").content.decode())
    assert "<del>7</del>" in shown and "<ins>3</ins>" in shown and "加快回访" in shown and "第七条" in shown
    assert "from 2026-01-01" in shown and "from 2026-04-01" in shown
    draft.refresh_from_db()
    assert (draft.trial["before"], draft.trial["after"]) == ({"met": 1, "missed": 1}, {"late": 1, "missed": 1})
    assert ">50.0%<" in shown and ">0.0%<" in shown
    assert "2025-12-20" in shown and "2026-03-19" in shown, "the ninety days before today"


@pytest.fixture
def words(writer: User) -> Article:
    regulation = saved(
        Regulation(company=writer.company, code="cards", title="资料卡制度", effective_on=date(2026, 1, 1))
    )
    return saved(Article(company=writer.company, regulation=regulation, number="第一条", title="拜访", text=OLD))  # type: ignore[no-any-return]


def revise(client: Client, row: Article, day: str, **changed: str) -> Any:
    values = {"title": row.title, "text": NEW, "effective_on": day, "note": "拜访加密", "version": str(row.version)}
    return client.post(f"/articles/{row.pk}/do/revise/", values | changed)


@pytest.mark.req("GOV-02")
def test_an_article_in_force_says_new_words_from_their_day_on_once_they_are_approved(
    client: Client, words: Article, writer: User, owner: User
) -> None:
    with clock.shifted(at("2026-03-10 10:00")):
        client.force_login(writer)
        plain = {"title": words.title, "text": NEW, "number": words.number, "regulation": str(words.regulation_id),
                 "position": "0", "version": str(words.version)}  # fmt: skip
        refused = client.post(f"/articles/{words.pk}/edit/", plain)
        assert refused.status_code == 422 and "submit a revision" in refused.content.decode()
        for wrong in ({"note": ""}, {"text": OLD}, {"effective_on": "2026-03-09"}):
            assert revise(client, words, "2026-03-12", **wrong).status_code == 422
        assert not ArticleRevision.objects.exists()
        assert revise(client, words, "2026-03-12").status_code in (204, 302)
        assert revise(client, words, "2026-03-13", text="别的").status_code == 422, "one at a time"
        words.refresh_from_db()
        assert words.text == OLD
        asked = Approval.objects.get()
        waits = f'href="/approvals/{asked.pk}/">waits for the decision of {owner.name}<'
        assert waits in client.get(f"/articles/{words.pk}/").content.decode()
        client.force_login(owner)
        shown = panel(client.get(f"/approvals/{asked.pk}/").content.decode())
        assert "拜访加密" in shown and "每<ins>半</ins>月" in shown
        client.post(f"/approvals/{asked.pk}/do/agree/", {"opinion": "同意"})
        words.refresh_from_db()
        assert (words.text, ArticleRevision.objects.get().state) == (OLD, "agreed"), "its day has not come"
        assert "waits for the decision" not in client.get(f"/articles/{words.pk}/").content.decode()
    for day, text in (("2026-03-11", OLD), ("2026-03-12", NEW)):
        on(day, lambda: jobs.task("rulebook.articles").enqueue(company_id=words.company_id))
        with clock.shifted(at(f"{day} 10:00") + timedelta(minutes=1)):
            jobs.work_off()
        words.refresh_from_db()
        assert words.text == text
    page = client.get(f"/articles/{words.pk}/").content.decode()
    row = ArticleRevision.objects.get()
    assert (row.state, row.published_by, row.old_text, row.number) == ("published", writer, OLD, 2)
    assert "拜访加密" in page and "V2" in page


@pytest.mark.req("GOV-02")
def test_refused_words_change_nothing_and_a_regulation_to_come_is_written_freely(
    client: Client, words: Article, writer: User, owner: User
) -> None:
    with clock.shifted(at("2026-03-10 10:00")):
        client.force_login(writer)
        revise(client, words, "2026-03-10")
        client.force_login(owner)
        client.post(f"/approvals/{Approval.objects.get().pk}/do/refuse/", {"opinion": "人手不够"})
        words.refresh_from_db()
        assert (words.text, ArticleRevision.objects.get().state) == (OLD, "refused")
    with clock.shifted(at("2025-12-01 10:00")):
        client.force_login(writer)
        plain = {"title": words.title, "text": NEW, "number": words.number, "regulation": str(words.regulation_id),
                 "position": "0", "version": str(words.version)}  # fmt: skip
        assert client.post(f"/articles/{words.pk}/edit/", plain).status_code in (204, 302)
    words.refresh_from_db()
    assert words.text == NEW


def test_a_clause_that_waits_is_not_tried(adopt: Adopt, writer: User, company: Any) -> None:
    asleep = {**VISIT_AFTER_ORDER, "about": "support.case"}
    first = adopt("SVC-01", asleep, "2026-01-01")
    draft = keep_draft(first.clause, {**asleep, "within": [3, "days"]}, date(2026, 4, 1), note="n")
    publish(draft, actor=writer)
    jobs.work_off()
    assert ClauseVersion.objects.get(pk=draft.pk).trial == {}
