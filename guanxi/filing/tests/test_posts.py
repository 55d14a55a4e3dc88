"""What the posts that keep files do with them over HTTP, and one thing each of them may not (QUAL-03, QUAL-06, QUAL-07)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import Hire, run, saved
from guanxi.customers.models import Account, Channel
from guanxi.filing.models import Exhibition, Registration
from guanxi.filing.services.inspection import rounds
from guanxi.filing.tests.conftest import at
from guanxi.filing.tests.files import file
from guanxi.org.models import Department, User

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("weekly_only")]


@pytest.mark.req("QUAL-03")
def test_the_accountant_creates_updates_checks_and_mends_the_files_of_the_branch_and_of_no_other(
    client: Client, accountant: User, clerk: User, seller: User, stranger: User, inspector: User
) -> None:
    with at(12, 10):
        ours, theirs = file(seller, "东部泵业", phone="0571-88881111", address=""), file(stranger, "西部泵业")
        client.force_login(accountant)
        made = {"kind": "person", "name": "赵新客", "phone": "13812345678", "address": "文三路9号", "key": "n"}
        assert client.post("/customers/new/", made).status_code == 302
        mine = Account.objects.get(name="赵新客")
        assert (mine.created_by, mine.department) == (accountant, accountant.department)
        sent = {"version": ours.version, "phone": "0571-88882222", "reason": "客户来电更正", "key": "e"}
        assert client.post(f"/customers/{ours.pk}/edit/", {**sent, "reason": ""}).status_code == 409
        assert client.post(f"/customers/{ours.pk}/edit/", sent).status_code == 302
        ours.refresh_from_db()
        assert ours.phone == "0571-88882222"
        history = client.get(f"/customers/{ours.pk}/history/").content.decode()
        assert all(word in history for word in (accountant.name, "客户来电更正", "0571-88881111"))
        assert client.post(f"/customers/{ours.pk}/do/confirm_file/", {"key": "c"}).status_code == 302
        for address in (f"/customers/{theirs.pk}/", f"/customers/{theirs.pk}/edit/"):
            assert client.get(address).status_code == 404, address
        client.force_login(clerk)  # the specialist supplies facts and does not change what others filed
        ours.refresh_from_db()
        assert client.post(f"/customers/{ours.pk}/edit/", {**sent, "version": ours.version}).status_code == 403
    with at(16, 6):
        run(rounds)
        client.force_login(accountant)
        sent_back = client.get("/findings/").content.decode()
        assert "东部泵业" in sent_back and "西部泵业" not in sent_back, (
            "what is missing in the branch comes to its accountant"
        )


def lacking(client: Client, account: Account) -> list[str]:
    """What the customer's page says the file still lacks."""
    page = client.get(f"/customers/{account.pk}/").content.decode()
    found = re.search(r"Missing: ([^<]*)<", page)
    return found[1].split("、") if found else []


@pytest.mark.req("QUAL-06")
def test_the_direct_sales_specialist_files_new_customers_and_is_told_what_the_standard_still_asks_for(
    client: Client, hire: Hire, seller: User, leader: User, headquarters: Department, form: dict[str, Any]
) -> None:
    direct = Channel.objects.get(company=seller.company, code="direct-sales")
    branch = saved(Department(company=headquarters.company, name="直销部", code="direct", parent=headquarters))
    specialist = hire("direct", "direct-sales", branch, name="童直")
    client.force_login(specialist)
    assert client.post("/counter/", {**form, "channel": direct.pk, "key": "r"}).status_code == 302
    row = Registration.objects.get()
    given = {"kind": "person", "name": form["name"], "phone": form["phone"], "channel": direct.pk, "key": "f"}
    client.post(f"/filing/{row.pk}/", given)
    account = Account.objects.get()
    row.refresh_from_db()
    assert (row.filed_by, account.channel, account.owner, account.created_by) == (
        specialist, direct, specialist, specialist,
    )  # fmt: skip
    client.get("/")  # the message of what was filed is read here
    missing = lacking(client, account)
    assert "Address" in missing, "what was left out is named"
    client.force_login(leader)
    walked_in = {"channel": Channel.objects.get(company=seller.company, code="branch"), "source": account.source}
    same = file(leader, "同样的散客", kind="person", address="", phone="13811112222", **walked_in)
    assert lacking(client, same) == missing, "the standard is the one of the branches"
    client.force_login(specialist)
    before = account.completeness
    given = {"gap-address": "解放路5号", "origin": "settlement", "back": f"/customers/{account.pk}/"}
    assert client.post(f"/customers/{account.pk}/complete/", given).status_code == 302
    account.refresh_from_db()
    assert account.completeness > before and "Address" not in lacking(client, account)
    client.force_login(seller)
    assert client.get(f"/customers/{account.pk}/").status_code == 404
    client.force_login(specialist)
    assert client.get("/filing-standards/new/").status_code == 403, "what the standard asks is not theirs to lay down"


@pytest.mark.req("QUAL-07")
def test_cards_of_an_exhibition_are_filed_by_the_service_department_and_by_no_representative(
    client: Client, seller: User, hire: Hire, headquarters: Department
) -> None:
    service = hire("service", "relations-specialist", headquarters, name="宋服务")
    fair = saved(Exhibition(company=service.company, name="泵阀展"))
    card = {"name": "展客", "phone": "13811112222", "need": "询价", "origin": "exhibition", "exhibition": fair.pk}
    client.force_login(seller)
    assert client.post("/registrations/new/", {**card, "key": "r"}).status_code == 302
    row = Registration.objects.get()
    assert row.exhibition == fair
    assert client.post(f"/registrations/{row.pk}/do/file/", {"key": "f"}).status_code == 403
    assert client.get(f"/filing/{row.pk}/").status_code == 403
    client.force_login(service)
    assert "展客" in client.get("/registrations/?view=exhibition").content.decode()
    assert client.post(f"/registrations/{row.pk}/do/file/", {"key": "f"}).status_code == 302
    filed = Account.objects.get()
    row.refresh_from_db()
    assert (filed.name, row.state, row.filed_by) == ("展客", "filed", service)
