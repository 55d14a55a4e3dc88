"""A new account proves within a month that its person can use the system; absence is noticed (TRAIN-03)."""

from __future__ import annotations

from datetime import date

import pytest

from guanxi.conftest import saved
from guanxi.kernel.models import Company
from guanxi.learning.models import Course, Proof
from guanxi.org.models import User
from guanxi.rulebook.models import Duty
from guanxi.rulebook.services.books import load, ready
from guanxi.rulebook.tests.conftest import at, judged


@pytest.mark.req("TRAIN-03")
def test_who_has_not_proven_it_within_a_month_is_noticed(company: Company, seller: User, rival: User) -> None:
    load(company, next(book for book in ready() if book.slug == "system-use"), effective_on=date(2026, 3, 2))
    User.objects.exclude(pk__in=[seller.pk, rival.pk]).update_silently(is_active=False)
    User.objects.filter(pk__in=[seller.pk, rival.pk]).update_silently(created_at=at("2026-03-03 09:00"))
    kinds = {kind: saved(Course(company=company, title=kind, kind=kind)) for kind in ("tools", "products")}
    proven = {"company": company, "opened_on": date(2026, 3, 3), "due_on": date(2026, 3, 17), "occasion": "first"}
    for person, kind in ((seller, "tools"), (rival, "products")):  # knowing the products is no proof for the system
        saved(Proof(**proven, course=kinds[kind], owner=person, title=kind, proven_on=date(2026, 3, 20), how="shown"))
    saved(Proof(**proven, course=kinds["tools"], owner=rival, title="tools"))  # asked for, not yet proven
    judged(company, "2026-03-21")
    found = Duty.objects.filter(clause__code="TRAIN-03-b")
    assert dict(found.values_list("owner__username", "state")) == {"seller": "met", "rival": "open"}
    judged(company, "2026-04-05")
    late = found.get(owner=rival)
    assert (late.state, late.overdue_on, found.get(owner=seller).met_on) == (
        "missed", date(2026, 4, 3), date(2026, 3, 20),
    )  # fmt: skip
