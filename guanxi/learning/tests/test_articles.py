"""An assessment tells whether its article was made known: to whom, and who has confirmed it (GOV-05)."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.learning.models import Publication, Reading
from guanxi.learning.tests.conftest import answers, on, published
from guanxi.org.models import User
from guanxi.rulebook.models import Article, Assessment
from guanxi.rulebook.tests.conftest import PHONE_KNOWN, Adopt

pytestmark = pytest.mark.django_db


@pytest.mark.req("GOV-05")
def test_an_assessment_tells_to_whom_its_article_was_made_known_and_who_has_confirmed_it(
    client: Client, adopt: Adopt, article: Article, draft: Publication, specialist: User, seller: User, leader: User
) -> None:
    clause = adopt("RV-05", PHONE_KNOWN, "2026-03-01").clause
    clause.article = article
    saved(clause)
    row = saved(
        Assessment(
            company=seller.company, owner=leader, department=leader.department, clause=clause, finding="回访拖延",
            measure="重新培训", found_on=date(2026, 3, 2), due_on=date(2026, 4, 30),
        )
    )  # fmt: skip

    def shown() -> str:
        page = client.get(f"/assessments/{row.pk}/").content.decode()
        return page[page.index("Publicity and training") :].split("</section>")[0]

    with on("2026-03-03"):
        client.force_login(specialist)
        before = shown()
        assert "Nobody has been asked to read this article yet." in before
        there = re.findall(r'href="(/publications/new/[^"]+)"', before)
        assert f'value="{article.pk}"' in client.get(there[0]).content.decode(), "the article is filled in"
        published(client, draft, specialist)
        reading = Reading.objects.get(owner=seller)
        client.force_login(seller)
        client.post(f"/readings/{reading.pk}/do/confirm/")
        answers(client, reading, "b", "a", "b")
        client.force_login(specialist)
        after = shown()
    assert "1 of 3 have confirmed" in after and "1 have passed" in after and "2 missing" in after
    assert f"/publications/{draft.pk}/" in after and "/publications/new/" not in after
