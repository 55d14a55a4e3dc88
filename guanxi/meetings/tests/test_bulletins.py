"""Bulletins come from the department that answers for them, hold for a time, and show who has read them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from guanxi.conftest import Hire, saved
from guanxi.interactions.models import Visit
from guanxi.kernel import clock, jobs, verbs
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import Forbidden, Refused
from guanxi.meetings.models import Bulletin, Reading
from guanxi.meetings.services import bulletins
from guanxi.org.models import Department, Notice, User

PUBLISHERS = {"market": ("business-department", "marketing"), "finance": ("finance",), "technical": ("technology",)}


def draft(writer: User, kind: str, **values: Any) -> Any:
    return verbs.add(
        entity(Bulletin), {"title": f"通知{kind}", "kind": kind, "text": "十二月起执行", **values}, actor=writer
    )


@pytest.mark.req("MKTI-03")
@pytest.mark.parametrize("kind", list(PUBLISHERS))
def test_each_kind_is_published_by_its_department_alone(
    client: Client, hire: Hire, headquarters: Department, seller: User, kind: str
) -> None:
    people = {role: hire(f"p-{role}", role, headquarters) for roles in PUBLISHERS.values() for role in roles}
    for role, writer in people.items():
        row = draft(writer, kind, valid_until=clock.today() + timedelta(days=30))
        client.force_login(writer)
        answer = client.post(reverse("record-verb", args=["bulletins", row.pk, "publish"]), {"key": f"k-{row.pk}"})
        row.refresh_from_db()
        allowed = role in PUBLISHERS[kind]
        assert (row.state == "published") is allowed
        assert (answer.status_code == 403) is not allowed
        if allowed:
            assert (row.owner, row.department) == (writer, headquarters)
            assert Notice.objects.filter(user=seller, url=record_url("bulletins", row.pk)).count() == 1
    client.force_login(seller)
    shown = client.get(list_url("bulletins")).content.decode()
    assert f"通知{kind}" in shown and f"{list_url('bulletins')}new/" not in shown
    with pytest.raises(Forbidden):
        draft(seller, kind)


@pytest.mark.req("MKTI-02", "MKTI-03")
def test_the_reading_list_tells_who_knows_it(client: Client, hire: Hire, headquarters: Department, seller: User,
                                             rival: User) -> None:  # fmt: skip
    writer = hire("m", "marketing", headquarters, name="钱市场")
    row = draft(writer, "market")
    client.force_login(seller)
    page = record_url("bulletins", row.pk)
    assert client.get(page).status_code == 404  # a draft
    bulletins.publish(row, actor=writer)
    unread = f"{list_url('bulletins')}?view=unread"
    assert "通知market" in client.get(unread).content.decode()
    client.post(reverse("record-verb", args=["bulletins", row.pk, "acknowledge"]), {"key": "r1"})
    assert Reading.objects.get().person == seller
    client.get(unread)  # says once what has been done
    assert "通知market" not in client.get(unread).content.decode()
    shown = client.get(page).content.decode()
    assert "1 of 2 have read it" in shown and "Not read yet" not in shown
    client.force_login(writer)
    shown = client.get(page).content.decode()
    assert "Not read yet" in shown and rival.name in shown


@pytest.mark.req("MKTI-03")
def test_a_bulletin_holds_for_its_time(client: Client, hire: Hire, headquarters: Department, seller: User) -> None:
    writer = hire("f", "finance", headquarters)
    coming = draft(writer, "finance", title="以后生效", valid_from=clock.today() + timedelta(days=3))
    now = draft(writer, "finance", title="现在生效")
    for row in (coming, now):
        bulletins.publish(row, actor=writer)
    client.force_login(seller)
    valid = f"{list_url('bulletins')}?view=valid"
    shown = client.get(valid).content.decode()
    assert "现在生效" in shown and "以后生效" not in shown
    with pytest.raises(Refused, match="withdrawn"):
        verbs.change(entity(Bulletin), now.pk, {"text": "改了"}, actor=writer)
    bulletins.withdraw(now, actor=writer)
    assert "现在生效" not in client.get(valid).content.decode()


@pytest.mark.req("MKTI-01", "MKTI-02")
def test_what_a_visit_heard_of_a_competitor_waits_for_marketing_as_a_draft_without_the_customer(
    client: Client, hire: Hire, headquarters: Department, seller: User
) -> None:
    writer = hire("m", "marketing", headquarters, name="钱市场")
    card = verbs.add(entity("customers.account"), {"name": "甲方泵业"}, actor=seller)
    mine = {"company": seller.company, "owner": seller, "department": seller.department, "account": card}
    visit = saved(Visit(**mine, day=clock.today(), state="started", started_at=clock.now(), read_at=clock.now()))
    client.force_login(seller)
    said = {"outcome": "reached", "need": "扩产", "approach": "寄样品", "stop_reason": "年内无计划", "key": "w",
            "rival-name": "鼎岳", "rival-strengths": "报价低 3%", "rival-differences": "质保长一年"}  # fmt: skip
    assert client.post(f"/visits/{visit.pk}/report/", said).status_code == 302
    assert not Bulletin.objects.exists()
    jobs.work_off()
    row = Bulletin.objects.get()
    assert (row.state, row.kind, row.owner) == ("draft", "market", None)
    assert "报价低 3%" in row.text and "质保长一年" in row.text and "甲方" not in row.text + row.title
    page = record_url("bulletins", row.pk)
    assert Notice.objects.filter(url=page).values_list("user__name", flat=True).get() == "钱市场"
    assert client.get(page).status_code == 404
    client.force_login(writer)
    changed = {"version": row.version, "text": "鼎岳降价 3%", "key": "e"}
    assert client.post(f"{page}edit/", changed).status_code == 302
    assert client.post(f"{page}do/publish/", {"key": "p"}).status_code == 302
    client.force_login(seller)
    assert "鼎岳降价 3%" in client.get(page).content.decode()
