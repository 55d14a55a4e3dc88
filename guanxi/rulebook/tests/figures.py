"""Short ways to state duties as they ended, and to follow figures to their lists."""

from __future__ import annotations

import html
import re
from datetime import date
from typing import Any

from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import work
from guanxi.org.models import User
from guanxi.rulebook.engine.times import end_of
from guanxi.rulebook.models import Article, ClauseVersion, Duty, Regulation
from guanxi.rulebook.tests.conftest import at

FIGURE = re.compile(r'href="(/duties/\?[^"]+)"[^>]*>(?:<[^>]+>[^<]*)*?(\d+)')


def article(version: ClauseVersion, number: str, title: str) -> Article:
    """Put a clause under an article of a regulation."""
    clause = version.clause
    book = Regulation.objects.filter(company=clause.company, code="visits").first()
    book = book or saved(Regulation(company=clause.company, code="visits", title="客户回访制度"))
    made: Article = saved(Article(company=clause.company, regulation=book, number=number, title=title,
                                  text=f"{title}的原文", supervised_by="客户关系部"))  # fmt: skip
    clause.article = made
    saved(clause)
    return made


def duty(version: ClauseVersion, owner: User, due: str, state: str, **values: Any) -> Duty:
    """A duty of a day as the engine leaves it."""
    day = date.fromisoformat(due)
    n = Duty.everything.count()
    usual = {
        "title": f"事项{n}", "subject_label": "org.user", "subject_id": owner.pk, "turn": n, "state": state,
        "opened_at": at(f"{due} 08:00"), "opened_on": day, "due_at": end_of(day), "overdue_at": end_of(day), "overdue_on": day,
    }  # fmt: skip
    mine = {"company": owner.company, "owner": owner, "department": owner.department}
    row = Duty(clause=version.clause, clause_version=version, **{**mine, **usual, **values})
    work.unit_of_work(row.save)
    return row


def about(account: Account, **values: Any) -> dict[str, Any]:
    return {
        "account": account,
        "subject_label": "customers.account",
        "subject_id": account.pk,
        "title": account.name,
        **values,
    }


def follow(client: Client, page: str) -> int:
    """Every figure of a page opens a list of exactly so many rows; returns how many figures there were."""
    found = FIGURE.findall(page)
    for href, shown in found:
        text = client.get(html.unescape(href)).content.decode()
        rows = len(re.findall(r'<th scope="row"', text))
        assert rows == int(shown), (href, shown, rows)
    return len(found)
