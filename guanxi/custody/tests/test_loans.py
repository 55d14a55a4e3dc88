"""Loans over HTTP: asked for with a purpose, granted by the keeper, read only, over by itself, leaking nowhere (CARD-11)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guanxi.api.models import Token
from guanxi.approvals.models import Approval
from guanxi.audit import sightings
from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.custody.models import CardLoan
from guanxi.customers.models import Account, Contact
from guanxi.kernel import clock, jobs
from guanxi.org.models import Department, Notice, User
from guanxi.sales.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.req("CARD-11")]
NAME = "苏州云岭精密机械有限公司"


@pytest.fixture
def keeper(leader: User, east: Department) -> User:
    """The head of the branch that keeps the card."""
    east.head = leader
    saved(east)
    return leader


@pytest.fixture
def card(seller: User) -> Account:
    account = saved(
        Account(company=seller.company, owner=seller, department=seller.department, name=NAME, phone="051268881234")
    )
    saved(Contact(company=seller.company, account=account, name="王采购", mobile="13912345678"))
    return account


def ask(client: Client, borrower: User, card: Account, days: int = 7, purpose: str = "联合投标") -> Any:
    client.force_login(borrower)
    until = (clock.today() + timedelta(days=days)).isoformat()
    sent = {"q": "云岭", "account": card.pk, "purpose": purpose, "until": until, "key": f"{purpose}{days}"}
    return client.post("/loans/find/", sent)


def decide(client: Client, keeper: User, verb: str = "agree") -> int:
    client.force_login(keeper)
    approval = Approval.objects.filter(kind="custody.loan").latest("id")
    return client.post(
        f"/approvals/{approval.pk}/do/{verb}/", {"key": f"{verb}{approval.pk}", "opinion": "好"}
    ).status_code


def opens(client: Client, person: User, address: str) -> int:
    client.force_login(person)
    return client.get(address).status_code


def test_a_search_of_the_whole_company_shows_a_veiled_name_and_the_keeper(
    client: Client, stranger: User, card: Account, seller: User
) -> None:
    client.force_login(stranger)
    page = client.get("/loans/find/?q=云岭").content.decode()
    assert "苏****司" in page and "林知远" in page and NAME not in page and "王采购" not in page
    assert "苏****司" not in client.get("/loans/find/?q=云").content.decode()
    assert "苏****司" not in client.get("/loans/find/?q=6888").content.decode()  # only names
    client.force_login(seller)
    assert NAME in client.get("/loans/find/?q=云岭").content.decode()


def test_what_is_asked_for_is_named_as_the_search_names_it_until_it_is_lent(
    client: Client, stranger: User, card: Account, keeper: User
) -> None:
    ask(client, stranger, card)
    page = client.get("/loans/find/").content.decode()
    assert ("苏****司" in page, NAME in page, page.count("联合投标")) == (True, False, 1)
    decide(client, keeper)
    client.force_login(stranger)
    assert f'/customers/{card.pk}/">{NAME}</a>' in client.get("/loans/find/").content.decode()


def test_a_loan_opens_the_card_for_reading_from_the_yes_to_the_last_day(
    client: Client, stranger: User, rival: User, card: Account, keeper: User
) -> None:
    here = f"/customers/{card.pk}/"
    assert opens(client, stranger, here) == 404
    assert ask(client, stranger, card).status_code == 302
    loan = CardLoan.objects.get()
    assert opens(client, stranger, here) == 404
    for address in (f"/loans/{loan.pk}/", f"/loans/{loan.pk}/history/", "/loans/", f"/approvals/{loan.approval_id}/"):
        assert NAME not in client.get(address).content.decode(), address
    assert decide(client, rival) in (403, 404)
    assert decide(client, keeper) == 302
    client.force_login(stranger)
    page = client.get(here).content.decode()
    assert NAME in page and "王采购" in page and "read only" in page
    assert (f"{here}edit/" in page, "/do/" in page, f"{here}print/" in page) == (False, False, False)
    assert opens(client, stranger, f"/contacts/{Contact.objects.get().pk}/") == 200
    assert opens(client, stranger, f"{here}tab/contacts/") == 200
    assert opens(client, rival, here) == 404
    with clock.shifted(clock.now() + timedelta(days=7)):
        assert opens(client, stranger, here) == 200
    with clock.shifted(clock.now() + timedelta(days=8)):
        assert opens(client, stranger, here) == 404
    loan.refresh_from_db()
    assert (loan.state, loan.opened > 0) == ("lent", True)
    sightings.flush()
    assert Entry.objects.filter(verb="viewed", object_id=card.pk, actor_id=stranger.pk).exists()


def test_a_loan_changes_nothing_and_leaks_nowhere(client: Client, stranger: User, card: Account, keeper: User) -> None:
    ask(client, stranger, card)
    decide(client, keeper)
    client.force_login(stranger)
    here = f"/customers/{card.pk}/"
    assert client.get(here).status_code == 200
    sent = {"name": "改名", "version": card.version, "key": "k", "reason": "x", "text": "记一笔", "to": stranger.pk}
    posts = ("edit/", "delete/", "comments/", "files/", "do/hand_over/", "do/add_tags/", "do/mark_key/")
    assert {part: client.post(here + part, sent).status_code for part in posts} == {
        "edit/": 404, "delete/": 403, "comments/": 404, "files/": 404, "do/hand_over/": 404, "do/add_tags/": 404,
        "do/mark_key/": 404,
    }  # fmt: skip
    assert {part: client.get(here + part).status_code for part in ("edit/", "print/", "comments/", "files/", "history/")} == {
        "edit/": 404, "print/": 404, "comments/": 404, "files/": 404, "history/": 404,
    }  # fmt: skip
    for address in ("/customers/", "/customers/?q=云岭", "/search/?q=云岭", "/contacts/", "/customers/pick/?q=云岭"):
        assert NAME not in client.get(address).content.decode(), address
    rows = b"".join(client.post("/customers/export/", {"format": "csv", "state": "?view=all"}).streaming_content)
    assert NAME not in rows.decode()
    bulk = client.post("/customers/bulk/add_tags/", {"selection": f"id={card.pk}", "tags": "偷", "key": "b"})
    contact = client.post("/contacts/new/", {"account": card.pk, "name": "李四", "key": "c"})
    token = {"Authorization": f"Bearer {Token.issue(stranger, 'x')}"}
    assert client.get(f"/api/customers/{card.pk}/", headers=token).status_code == 404
    assert NAME not in client.get("/api/customers/", headers=token).content.decode()
    patch = client.patch(f"/api/customers/{card.pk}/", {"name": "x"}, content_type="application/json", headers=token)
    assert (patch.status_code, contact.status_code, bulk.status_code) == (404, 422, 302)
    card.refresh_from_db()
    assert (card.name, card.tags, card.version, Contact.objects.count()) == (NAME, [], 1, 1)
    assert not Order.objects.exists()


def test_own_cards_stay_as_they_are_while_something_is_on_loan(
    client: Client, stranger: User, card: Account, keeper: User
) -> None:
    own = saved(Account(company=stranger.company, owner=stranger, department=stranger.department, name="自己的客户"))
    ask(client, stranger, card)
    decide(client, keeper)
    client.force_login(stranger)
    client.get(f"/customers/{card.pk}/")
    page = client.get(f"/customers/{own.pk}/").content.decode()
    assert f"/customers/{own.pk}/edit/" in page and "read only" not in page
    assert NAME not in client.get("/customers/").content.decode()
    assert client.post(f"/customers/{own.pk}/do/add_tags/", {"tags": "重点", "key": "t"}).status_code == 302


def test_a_request_needs_purpose_end_and_a_yes(client: Client, stranger: User, card: Account, keeper: User) -> None:
    assert ask(client, stranger, card, purpose=" ").status_code == 422
    assert ask(client, stranger, card, days=31).status_code == 422
    assert ask(client, stranger, card, days=-1).status_code == 422
    assert not CardLoan.objects.exists()
    assert ask(client, stranger, card).status_code == 302
    assert ask(client, stranger, card, days=5).status_code == 422  # asked already
    assert decide(client, keeper, "refuse") == 302
    assert CardLoan.objects.get().state == "refused"
    assert opens(client, stranger, f"/customers/{card.pk}/") == 404
    assert ask(client, keeper, card).status_code == 422  # in reach anyway


def test_a_card_nobody_keeps_is_not_lent_but_found_in_the_pool(client: Client, stranger: User, card: Account) -> None:
    Account.objects.filter(pk=card.pk).update_silently(owner=None, department=None)
    client.force_login(stranger)
    page = client.get("/loans/find/?q=云岭").content.decode()
    assert ("苏****司" in page, 'name="purpose"' in page, 'href="/pool/?view=all"' in page) == (True, False, True)
    refused = ask(client, stranger, card)
    assert (refused.status_code, "Nobody keeps this card" in refused.content.decode()) == (422, True)
    assert not CardLoan.objects.exists()


def test_handing_back_and_calling_back_close_the_card_at_once(
    client: Client, stranger: User, seller: User, card: Account, keeper: User
) -> None:
    ask(client, stranger, card)
    decide(client, keeper)
    loan = CardLoan.objects.get()
    client.force_login(stranger)
    assert client.post(f"/loans/{loan.pk}/do/give_back/", {"result": " ", "key": "a"}).status_code == 422
    assert client.post(f"/loans/{loan.pk}/do/give_back/", {"result": "已投标", "key": "b"}).status_code == 302
    assert opens(client, stranger, f"/customers/{card.pk}/") == 404
    ask(client, stranger, card, days=3)
    decide(client, keeper)
    assert opens(client, stranger, f"/customers/{card.pk}/") == 200
    second = CardLoan.objects.get(state="lent")
    assert client.post(f"/loans/{second.pk}/do/call_back/", {"reason": "x", "key": "c"}).status_code in (403, 404)
    client.force_login(keeper)
    assert client.post(f"/loans/{second.pk}/do/call_back/", {"reason": "已转交", "key": "d"}).status_code == 302
    assert opens(client, stranger, f"/customers/{card.pk}/") == 404


def test_what_has_ended_is_listed_until_it_is_handed_back(
    client: Client, stranger: User, card: Account, keeper: User
) -> None:
    ask(client, stranger, card, days=2)
    decide(client, keeper)
    with clock.shifted(clock.now() + timedelta(days=3)):
        jobs.task("custody.loans").enqueue()
        jobs.work_off()
        loan = CardLoan.objects.get()
        assert loan.state == "expired"
        assert Notice.objects.filter(user=stranger, url=f"/loans/{loan.pk}/").count() == 1
        client.force_login(keeper)
        assert f"/loans/{loan.pk}/" in client.get("/loans/?view=overdue").content.decode()
        client.force_login(stranger)
        assert client.post(f"/loans/{loan.pk}/do/give_back/", {"result": "未中标", "key": "e"}).status_code == 302
        client.force_login(keeper)
        assert f"/loans/{loan.pk}/" not in client.get("/loans/?view=overdue").content.decode()
