"""The pool as people use it: who sees what, claiming, assigning, giving back, moving, and what is written down."""

from __future__ import annotations

import json

import pytest

from guanxi.conftest import signed_in
from guanxi.customers.models import Account
from guanxi.kernel import verbs
from guanxi.kernel.entities import entity
from guanxi.org.models import Notice, User
from guanxi.pool.models import Pool, ReturnReason, Stay
from guanxi.pool.tests.conftest import File, at

PHONE, MAIL, STREET = "13812345678", "boss@example.com", "南京路一百号"


@pytest.mark.req("BEYOND-01")
def test_a_customer_nobody_looks_after_lies_in_the_pool_with_its_contact_data_closed(lost: File, seller: User) -> None:
    account = lost(phone=PHONE, email=MAIL, address=STREET)
    client = signed_in(seller)
    page = client.get("/pool/").content.decode()
    assert account.name in page
    assert not [secret for secret in (PHONE, MAIL, STREET) if secret in page]
    assert account.name not in client.get("/customers/").content.decode()
    assert client.get(f"/customers/{account.pk}/").status_code == 404
    record = client.get(f"/pool/{at(account)}/").content.decode()
    assert account.name in record
    assert not [secret for secret in (PHONE, MAIL, STREET) if secret in record]


def claim(user: User, account: Account) -> int:
    return signed_in(user).post(f"/pool/{at(account)}/do/claim/").status_code


@pytest.mark.req("BEYOND-01")
def test_claiming_opens_the_whole_file_and_takes_it_out_of_the_pool(lost: File, seller: User, rival: User) -> None:
    account = lost(phone=PHONE)
    client = signed_in(seller)
    asked = client.get(f"/pool/{at(account)}/do/claim/").content.decode()
    assert "谁负责过该客户" in asked and PHONE not in asked
    stay = at(account)
    answer = client.post(f"/pool/{stay}/do/claim/")
    assert (answer.status_code, answer["Location"]) == (302, f"/customers/{account.pk}/")
    account.refresh_from_db()
    assert (account.owner, account.department) == (seller, seller.department)
    assert account.name in client.get(f"/customers/{account.pk}/").content.decode()
    assert not Stay.everything.filter(account=account).exists()
    assert signed_in(rival).get(f"/pool/{stay}/").status_code == 404
    assert signed_in(seller).get("/api/customers/").json()["results"][0]["phone"] == PHONE


@pytest.mark.req("BEYOND-01")
def test_a_pool_serves_its_departments_and_nobody_else(
    lost: File, pool: Pool, owner: User, seller: User, stranger: User, outsider: User
) -> None:
    account = lost()
    boss = signed_in(owner)
    assert seller.department is not None
    answer = boss.post(f"/pools/{pool.pk}/do/set_departments/", {"departments": [seller.department_id]})
    assert answer.status_code == 302
    assert account.name in signed_in(seller).get("/pool/").content.decode()
    assert account.name not in signed_in(stranger).get("/pool/").content.decode()
    for user in (stranger, outsider):
        assert signed_in(user).get(f"/pool/{at(account)}/").status_code == 404
        assert claim(user, account) == 404
    boss.post(f"/pools/{pool.pk}/do/set_departments/", {"departments": []})
    assert account.name in signed_in(stranger).get("/pool/").content.decode()


@pytest.mark.req("BEYOND-01")
def test_what_a_pool_hides_is_closed_to_filter_search_sort_export_and_interface(
    lost: File, seller: User, owner: User
) -> None:
    lost(phone=PHONE, email=MAIL)
    client = signed_in(seller)
    where = json.dumps({"f": "phone", "op": "is", "v": PHONE})
    assert client.get("/api/pool/", {"where": where}).status_code == 400
    assert client.get("/api/pool/", {"q": PHONE}).json()["results"] == []
    row = client.get("/api/pool/").json()["results"][0]
    assert (row["phone"], row["email"]) == ("138****5678", "••••")
    assert client.post("/pool/export/", {"format": "csv", "everything": "1"}).status_code == 403
    assert PHONE not in client.get("/search/", {"q": "公海机械"}).content.decode()
    assert "公海机械有限公司" in client.get("/search/", {"q": "公海机械"}).content.decode()
    assert signed_in(owner).get("/api/pool/").json()["results"][0]["phone"] == PHONE


@pytest.mark.req("BEYOND-01")
def test_a_leader_sees_customers_of_a_pool_through_the_pool_only(
    lost: File, file: File, seller: User, leader: User, reason: ReturnReason
) -> None:
    """A scope over departments would show in the list of customers what the pool hides."""
    account, fresh = file(seller, "退回公司", phone=PHONE), lost(phone=PHONE)
    client = signed_in(leader)
    assert account.name in client.get("/customers/").content.decode()
    signed_in(seller).post(f"/customers/{account.pk}/do/release/", {"reason": reason.pk})
    handed = file(leader, "清空公司", phone=PHONE)
    form = {"name": handed.name, "kind": "company", "owner": "", "country": "CN", "version": handed.version}
    assert client.post(f"/customers/{handed.pk}/edit/", form).status_code == 302
    assert client.get("/api/customers/").json()["results"] == []
    names = {row["name"] for row in client.get("/api/pool/").json()["results"]}
    assert names == {account.name, fresh.name, handed.name}
    assert PHONE not in client.get("/pool/").content.decode()


@pytest.mark.req("BEYOND-01")
def test_the_fields_a_pool_hides_are_data(lost: File, pool: Pool, owner: User, seller: User) -> None:
    account = lost(phone=PHONE, email=MAIL)
    verbs.add(entity("customers.contact"), {"account": account, "name": "钱经理", "mobile": "13900001111"}, actor=owner)
    closed = signed_in(seller).get(f"/pool/{at(account)}/").content.decode()
    assert "钱经理" not in closed and "13900001111" not in closed
    sent = {
        "name": pool.name,
        "hidden": ["email", "industry"],
        "hidden-shown": "1",
        "is_active": "on",
        "version": pool.version,
    }
    assert signed_in(owner).post(f"/pools/{pool.pk}/edit/", sent).status_code == 422  # no such choice
    sent["hidden"] = ["email"]
    assert signed_in(owner).post(f"/pools/{pool.pk}/edit/", sent).status_code == 302
    row = signed_in(seller).get("/api/pool/").json()["results"][0]
    assert (row["phone"], row["email"]) == (PHONE, "••••")
    opened = signed_in(seller).get(f"/pool/{at(account)}/").content.decode()
    assert "钱经理" in opened and "13900001111" in opened


@pytest.mark.req("BEYOND-01")
def test_giving_back_wants_a_reason_from_the_list_and_keeps_it(
    file: File, seller: User, rival: User, reason: ReturnReason
) -> None:
    account = file(seller)
    client, address = signed_in(seller), f"/customers/{account.pk}/do/release/"
    assert client.post(address, {}).status_code == 422
    answer = client.post(address, {"reason": reason.pk, "details": "三次未接"})
    assert answer.status_code == 302
    account.refresh_from_db()
    assert (account.owner, account.department) == (None, None)
    stay = Stay.objects.get(account=account)
    assert (stay.cause, stay.reason, stay.details) == ("returned", "联系不上", "三次未接")
    assert (stay.former_owner, stay.former_department) == (seller, seller.department)
    page = signed_in(rival).get(f"/pool/{at(account)}/do/claim/").content.decode()
    assert "林知远" in page and "联系不上" in page and "三次未接" in page
    assert claim(rival, account) == 302
    tab = signed_in(rival).get(f"/customers/{account.pk}/tab/tenures/").content.decode()
    assert "林知远" in tab and "陈书意" in tab and "联系不上" in tab


@pytest.mark.req("BEYOND-01")
def test_only_the_owner_or_a_leader_gives_a_customer_back(
    file: File, seller: User, rival: User, leader: User, reason: ReturnReason
) -> None:
    account = file(seller)
    address, sent = f"/customers/{account.pk}/do/release/", {"reason": reason.pk}
    assert signed_in(rival).post(address, sent).status_code == 404
    assert signed_in(leader).post(address, sent).status_code == 302
    assert Stay.objects.filter(account=account).exists()


@pytest.mark.req("BEYOND-01")
def test_a_leader_assigns_to_own_people_and_an_administrator_to_anyone_served(
    lost: File, pool: Pool, owner: User, leader: User, seller: User, stranger: User
) -> None:
    first, second = lost("第一机械厂"), lost("第二机械厂")
    client = signed_in(leader)
    refused = client.post(f"/pool/{at(first)}/do/assign/", {"to": stranger.pk})
    assert refused.status_code == 422 and "本部门" in refused.content.decode()
    assert client.post(f"/pool/{at(first)}/do/assign/", {"to": seller.pk}).status_code == 302
    assert Notice.objects.filter(user=seller, url=f"/customers/{first.pk}/").count() == 1
    assert signed_in(seller).post(f"/pool/{at(second)}/do/assign/", {"to": seller.pk}).status_code == 403
    signed_in(owner).post(f"/pools/{pool.pk}/do/set_administrators/", {"administrators": [leader.pk]})
    assert client.post(f"/pool/{at(second)}/do/assign/", {"to": stranger.pk}).status_code == 302
    first.refresh_from_db(), second.refresh_from_db()
    assert (first.owner, second.owner, second.department) == (seller, stranger, stranger.department)


@pytest.mark.req("BEYOND-01")
def test_moving_between_pools_is_for_administrators(
    lost: File, pool: Pool, owner: User, leader: User, seller: User
) -> None:
    account = lost()
    signed_in(owner).post("/pools/new/", {"name": "华东公海", "is_active": "on", "is_active-shown": "1"})
    other = Pool.objects.get(name="华东公海")
    address, sent = f"/pool/{at(account)}/do/move/", {"pool": other.pk}
    assert signed_in(leader).post(address, sent).status_code in (403, 422)
    assert signed_in(owner).post(address, sent).status_code == 302
    assert Stay.objects.get(account=account).pool == other
    page = signed_in(seller).get("/pool/", {"view": f"pool-{other.pk}"}).content.decode()
    assert account.name in page
    assert account.name not in signed_in(seller).get("/pool/", {"view": f"pool-{pool.pk}"}).content.decode()


@pytest.mark.req("BEYOND-01")
def test_any_way_of_giving_an_owner_takes_a_customer_out_of_the_pool(
    lost: File, owner: User, seller: User, file: File
) -> None:
    account = lost()
    sent = {"to": seller.pk, "reason": "电话分配"}
    assert signed_in(owner).post(f"/customers/{account.pk}/do/hand_over/", sent).status_code == 302
    assert not Stay.objects.filter(account=account).exists()
    kept = file(seller, "另一家公司")
    boss = signed_in(owner)
    form = {
        "name": kept.name,
        "kind": "company",
        "owner": "",
        "country": "CN",
        "version": kept.version,
        "reason": "清理",
    }
    assert boss.post(f"/customers/{kept.pk}/edit/", form).status_code == 302
    assert Stay.objects.get(account=kept).cause == "unowned"


@pytest.mark.req("BEYOND-01")
def test_customers_say_which_pool_they_lie_in(lost: File, pool: Pool, owner: User, file: File) -> None:
    account, kept = lost(), file(owner, "有人负责")
    boss = signed_in(owner)
    where = json.dumps({"f": "pool", "op": "is", "v": pool.pk})
    assert [row["id"] for row in boss.get("/api/customers/", {"where": where}).json()["results"]] == [str(account.pk)]
    where = '{"f": "pool", "op": "empty"}'
    assert [row["id"] for row in boss.get("/api/customers/", {"where": where}).json()["results"]] == [str(kept.pk)]
    page = boss.get("/customers/", {"columns": "name,pool,pooled_at,return_reason"}).content.decode()
    assert page.count("公司公海") >= 1
    assert "公司公海" in boss.get(f"/customers/{account.pk}/").content.decode()


@pytest.mark.req("BEYOND-01")
def test_a_pool_in_use_and_the_default_one_stay(lost: File, pool: Pool, owner: User) -> None:
    account, boss = lost(), signed_in(owner)
    assert boss.post(f"/pools/{pool.pk}/delete/").status_code == 409
    boss.post("/pools/new/", {"name": "华东公海", "is_active": "on", "is_active-shown": "1"})
    other = Pool.objects.get(name="华东公海")
    assert boss.post(f"/pools/{other.pk}/do/make_default/").status_code == 302
    assert boss.post(f"/pools/{pool.pk}/delete/").status_code == 409  # a customer lies there
    boss.post(f"/pool/{at(account)}/do/move/", {"pool": other.pk})
    assert boss.post(f"/pools/{pool.pk}/delete/").status_code == 302
    assert boss.post(f"/pool/{at(account)}/delete/").status_code == 409
