"""Customers register themselves and correct their own particulars, and learn nothing of others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.utils.translation import override

from guanxi.conftest import saved
from guanxi.customers.models import Account, Channel
from guanxi.filing.models import Exhibition, FilingRules, JoinLink, Registration
from guanxi.kernel import clock
from guanxi.org.models import User

pytestmark = [pytest.mark.django_db, pytest.mark.req("INFO-21")]
NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


@pytest.fixture
def link(caller: User) -> JoinLink:
    shop = Channel.objects.get(company=caller.company, code="e-commerce")
    return saved(
        JoinLink(company=caller.company, owner=caller, department=caller.department, name="网店", channel=shop)
    )


def send(client: Client, link: JoinLink, **values: Any) -> Any:
    given = {"name": "赵六", "phone": "13900001111", "need": "咨询水泵", "agreed": "on"}
    return client.post(f"/join/{link.token}/", {**given, **values})


def own(answer: Any) -> str:
    return f"/join/me/{parse_qs(urlsplit(answer['Location']).query)['own'][0]}/"


def test_what_a_customer_sends_lands_with_consent_in_the_queue_of_the_links_owner(
    client: Client, link: JoinLink
) -> None:
    page = client.get(f"/join/{link.token}/").content.decode()
    with override("en"):  # the page's language, whatever a test before has left
        consent = link.consent_text
    assert consent[:40] in page
    answer = send(client, link, organisation="赵氏商行")
    row = Registration.objects.get()
    assert (answer.status_code, row.origin, row.channel, row.owner, row.state) == (
        302,
        "online",
        link.channel,
        link.owner,
        "open",
    )
    assert (row.consent, row.consented_at is not None, row.created_by) == (consent, True, None)
    assert row.suppliers["phone"] == {"by": None, "origin": "online", "on": clock.today().isoformat()}


def test_without_consent_nothing_is_kept(client: Client, link: JoinLink) -> None:
    assert (send(client, link, agreed="").status_code, Registration.objects.count()) == (422, 0)


def test_the_answer_is_the_same_for_known_and_unknown_people_and_for_machines(client: Client, link: JoinLink) -> None:
    saved(Account(company=link.company, kind="person", name="赵六", phone="13900001111"))
    answers = [send(client, link), send(client, link, phone="13900002222"), send(client, link, website="http://x")]
    assert [a.status_code for a in answers] == [302, 302, 302]
    assert {urlsplit(a["Location"]).path for a in answers} == {f"/join/{link.token}/done/"}
    assert Registration.objects.count() == 2
    pages = [client.get(a["Location"]).content.decode() for a in answers]
    assert len({page.split("<section")[1].split("url-line")[0] for page in pages}) == 1
    assert client.get(own(answers[2])).status_code == 404


@pytest.mark.usefixtures("forced_first_failure")
def test_a_locked_database_costs_nobody_a_number(client: Client, link: JoinLink) -> None:
    assert [send(client, link, phone=f"1390000222{n}").status_code for n in range(2)] == [302, 302]
    first, second = Registration.objects.order_by("pk").values_list("number", flat=True)
    assert int(second[-4:]) == int(first[-4:]) + 1


def test_an_address_and_a_link_have_their_limits_of_an_hour(client: Client, link: JoinLink) -> None:
    saved(FilingRules(company=link.company, valid_from="2026-01-01", join_hourly=2, join_hourly_link=3))
    with clock.shifted(NOW):
        assert [send(client, link, phone=f"1390000111{n}").status_code for n in range(3)] == [302, 302, 429]
        elsewhere = Client(REMOTE_ADDR="10.0.0.9")
        assert [send(elsewhere, link, phone=f"1390000222{n}").status_code for n in range(2)] == [302, 429]
    with clock.shifted(NOW + timedelta(hours=2)):
        assert send(client, link).status_code == 302


def test_a_closed_or_expired_link_opens_nothing(client: Client, link: JoinLink) -> None:
    link.ends_on = clock.today() - timedelta(days=1)
    saved(link)
    assert [client.get(f"/join/{token}/").status_code for token in (link.token, "nothing")] == [404, 404]


def test_the_customer_comes_back_by_the_signed_link_and_corrects_the_particulars(
    client: Client, link: JoinLink, caller: User
) -> None:
    url = own(send(client, link))
    assert "赵六" in client.get(url).content.decode()
    client.post(url, {"name": "赵六", "phone": "13900009999", "need": "咨询水泵", "address": "人民路1号"})
    row = Registration.objects.get()
    assert (row.phone, row.address, row.suppliers["phone"]["by"]) == ("13900009999", "人民路1号", None)
    client.force_login(caller)
    fresh = client.post(f"/registrations/{row.pk}/own-link/").content.decode()
    client.logout()
    assert client.get(url).status_code == 404
    assert "/join/me/" in fresh
    assert client.get(url[:-5] + "AAAA/").status_code == 404


def test_the_answers_to_the_questionnaire_are_kept_with_the_registration(client: Client, link: JoinLink) -> None:
    questions = [{"question": "采购计划", "answers": "三个月内、半年内"}]
    link.exhibition = saved(Exhibition(company=link.company, name="泵阀展", questions=questions))
    saved(link)
    send(client, link, q0="半年内")
    assert Registration.objects.get().answers == [{"question": "采购计划", "answer": "半年内"}]
    assert send(client, link, q0="明天", phone="13900003333").status_code == 422


@pytest.mark.req("FORM-04")
def test_the_link_has_a_code_to_scan(client: Client, link: JoinLink, caller: User, leader: User, owner: User) -> None:
    client.force_login(owner)
    page = client.get(f"/join-links/{link.pk}/poster/").content.decode()
    assert f"/join/{link.token}/" in page
    assert page.count('<path d="M') == 1
