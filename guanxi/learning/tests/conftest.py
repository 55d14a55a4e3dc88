"""Who writes rules, and short ways to publish a text with questions and to act on it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import Hire, saved
from guanxi.kernel import clock
from guanxi.kernel.models import Company
from guanxi.learning.models import Publication, Question
from guanxi.org.models import Department, User
from guanxi.rulebook.models import Article, Regulation
from guanxi.rulebook.tests.conftest import adopt, at  # noqa: F401 -- fixtures


def on(day: str) -> Any:
    """The clock stands at ten in the morning of a day."""
    return clock.shifted(at(f"{day} 10:00"))


@pytest.fixture
def specialist(hire: Hire, headquarters: Department) -> User:
    """The customer-relations specialist, who publishes and files."""
    return hire("specialist", "relations-specialist", headquarters, name="顾清")


@pytest.fixture
def article(company: Company) -> Article:
    book = saved(Regulation(company=company, code="visits", title="回访制度"))
    made: Article = saved(
        Article(company=company, regulation=book, number="第三条", title="回访时限", text="购买后七日内回访一次。")
    )
    return made


@pytest.fixture
def draft(company: Company, article: Article) -> Publication:
    """The article with two questions for everybody and one for representatives, not yet published."""
    made: Publication = saved(
        Publication(company=company, title="回访时限", article=article, pass_mark=100, attempts=2)
    )
    rows = [("几日内回访？", "b", []), ("回访几次？", "a", []), ("由谁回访？", "b", ["业务代表"])]
    for text, right, roles in rows:
        saved(Question(company=company, publication=made, text=text, a="甲", b="乙", right=right, roles=roles))
    return made


def published(client: Client, publication: Publication, by: User) -> Publication:
    client.force_login(by)
    assert client.post(f"/publications/{publication.pk}/do/publish/").status_code in (302, 204)
    publication.refresh_from_db()
    return publication


def answers(client: Client, reading: Any, *letters: str) -> Any:
    """Hand in these letters in the order of the questions the page shows."""
    from guanxi.learning.queries import questions_for

    given = {f"q-{one.pk}": letter for one, letter in zip(questions_for(reading), letters, strict=True)}
    return client.post(f"/readings/{reading.pk}/questions/", given)
