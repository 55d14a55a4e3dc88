"""Merging over HTTP: fields by choice, everything follows, undone exactly; and what happens when two meet."""

from __future__ import annotations

import hashlib
import re
import threading
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.utils import translation

from guanxi.audit.models import Entry
from guanxi.catalog.models import Product
from guanxi.conftest import saved
from guanxi.customers.models import Account, Contact, Need, StageChange
from guanxi.duplicates.kinds import kinds
from guanxi.duplicates.models import Merge, Pair
from guanxi.duplicates.queries.links import links_to
from guanxi.duplicates.services import merge as merging
from guanxi.duplicates.tests.conftest import CODE, NAME, filed, known
from guanxi.kernel import clock, verbs, work
from guanxi.kernel.entities import entity
from guanxi.kernel.errors import NotVisible, Refused, Stale
from guanxi.org.models import Attachment, Comment, User
from guanxi.org.services.talk import comment
from guanxi.sales import services as sales
from guanxi.sales.models import Order, Receipt, Receivable

pytestmark = pytest.mark.django_db
ACCOUNT = "customers.account"
RENEWED = ("version", "updated_at")


def two(keeper: User) -> tuple[Account, Account]:
    """Two files of one customer, with everything that can hang on them."""
    keep = filed(keeper, NAME, phone="0512-66667777", tags=["重点"], region_code="320505", industry="C")
    lose = filed(
        keeper, "云岭精密机械公司", phone="13812346621", tags=["价格敏感"], credit_code=CODE, code="X-7",
        remark="老客户", last_contact_on=date(2026, 1, 9),
    )  # fmt: skip
    for account, n in ((keep, 1), (lose, 2)):
        known(account, f"王建国{n}", mobile=f"1381234662{n}", is_primary=True)
        saved(Need(company=keeper.company, account=account, kind="need", text=f"需要{n}", on=clock.today()))
        comment(account, f"说明{n}", actor=keeper, url="/")
        sold(keeper, account)
    saved(Attachment(company=keeper.company, label=ACCOUNT, object_id=lose.pk, name="a.txt", size=1, author=keeper))
    filed(keeper, "云岭精密机械公司上海分公司", parent=lose)
    keep.refresh_from_db()
    lose.refresh_from_db()
    return keep, lose


def sold(actor: User, account: Account) -> Order:
    product = Product.objects.filter(company=actor.company).first() or saved(
        Product(company=actor.company, code="P-1", name="水泵", price=Decimal(100), cost=Decimal(60))
    )
    values = {"account": account, "ordered_on": clock.today() - timedelta(days=5 + account.pk % 7)}
    order = sales.place(values, [{"product": product, "quantity": Decimal(2)}], actor=actor)
    sales.confirm(order, actor=actor)
    verbs.add(entity(Receipt), {"account": account, "amount": Decimal(50), "received_on": clock.today()}, actor=actor)
    return order


def checksum() -> dict[str, str]:
    """A digest of every table that can point to a customer, and of the customers; without what each save renews."""
    models = {Account, *(link.model for link in links_to(ACCOUNT)), Comment}
    found = {}
    for model in models:
        columns = [c.attname for c in model._meta.concrete_fields if c.attname not in RENEWED]
        rows = sorted(map(str, model._base_manager.values_list(*columns)))
        found[model._meta.label_lower] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def page(client: Client, *rows: Any, **more: Any) -> Any:
    return client.get("/duplicates/merge/", {"id": [row.pk for row in rows], **more})


def send(client: Client, keep: Any, lose: Any, **more: Any) -> Any:
    versions = {f"version-{row.pk}": row.version for row in (keep, lose)}
    return client.post("/duplicates/merge/", {"id": [keep.pk, lose.pk], "keep": keep.pk, **versions, **more})


@pytest.mark.req("BEYOND-04", "QUAL-15")
def test_the_preview_shows_what_differs_and_which_file_stays(client: Client, owner: User) -> None:
    keep, lose = two(owner)
    client.force_login(owner)
    html = page(client, keep, lose, keep=keep.pk).content.decode()
    for words in (NAME, "云岭精密机械公司", "0512****7777", "138", "老客户", "订单", "联系人"):
        assert words in html
    assert f'name="keep" value="{keep.pk}"' in html
    assert f'name="take-remark" value="{lose.pk}" checked' in html  # only that file says anything
    assert f'name="take-phone" value="{keep.pk}" checked' in html
    assert f'name="keep" value="{lose.pk}"' in page(client, keep, lose, keep=lose.pk).content.decode()
    assert client.get("/duplicates/merge/", {"id": [keep.pk]}).status_code == 422


@pytest.mark.req("BEYOND-04", "QUAL-15")
def test_one_file_stays_with_the_chosen_fields_and_everything_that_hung_on_the_other(
    client: Client, owner: User
) -> None:
    keep, lose = two(owner)
    client.force_login(owner)
    response = send(client, keep, lose, **{"take-phone": lose.pk, "take-credit_code": lose.pk, "reason": "同一家"})
    assert (response.status_code, response.url) == (302, f"/customers/{keep.pk}/")
    keep.refresh_from_db()
    assert (keep.name, keep.phone, keep.credit_code, keep.remark) == (NAME, "13812346621", CODE, "")
    assert (keep.tags, keep.former_names, keep.last_contact_on) == (
        ["重点", "价格敏感"],
        "云岭精密机械公司",
        date(2026, 1, 9),
    )
    assert keep.stage == "repeat"
    for model in (Contact, Need, Order, Receipt, Receivable):
        assert set(model._base_manager.values_list("account", flat=True)) == {keep.pk}
    assert Contact.objects.filter(is_primary=True).count() == 1
    assert Comment.objects.filter(object_id=keep.pk).count() == 2
    assert Attachment.objects.filter(object_id=keep.pk).count() == 1
    assert keep.subsidiaries.count() == 1
    assert Account.everything.get(pk=lose.pk).deleted_at is not None
    made = Merge.objects.get()
    assert (made.keep_id, made.lose_id, made.gone, made.reason) == (keep.pk, lose.pk, "云岭精密机械公司", "同一家")
    assert page(client, keep, lose).url == f"/merges/{made.pk}/", "the browser's way back"
    order = Order.objects.order_by("-pk").first()
    trail = Entry.objects.filter(verb="customers.account.merged", label="sales.order", object_id=order.pk)
    assert trail.count() == 1
    html = client.get(f"/customers/{keep.pk}/history/").content.decode()
    assert "合并" in html


@pytest.mark.req("BEYOND-04")
def test_the_old_address_leads_to_the_file_that_stayed_for_whom_may_see_it(
    client: Client, owner: User, stranger: User
) -> None:
    keep, lose = two(owner)
    client.force_login(owner)
    assert send(client, keep, lose).status_code == 302
    answer = client.get(f"/customers/{lose.pk}/", follow=True)
    assert answer.redirect_chain == [(f"/customers/{keep.pk}/", 302)]
    assert "云岭精密机械公司" in answer.content.decode()
    assert client.get("/customers/1/").status_code == 404
    client.force_login(stranger)
    assert client.get(f"/customers/{lose.pk}/").status_code == 404


@pytest.mark.req("BEYOND-04", "QUAL-15")
def test_undoing_restores_both_files_to_the_last_column(client: Client, owner: User) -> None:
    keep, lose = two(owner)
    before = checksum()
    client.force_login(owner)
    fields = {f"take-{name}": lose.pk for name in ("name", "phone", "credit_code", "code", "remark")}
    assert send(client, keep, lose, **fields).status_code == 302
    assert checksum() != before
    made = Merge.objects.get()
    assert client.post(f"/merges/{made.pk}/do/undo/", {"version": made.version}).status_code == 302
    after = checksum()
    written = {"corrections.correction"}  # what happened to booked orders on the way stays written
    assert {label for label in before if before[label] != after[label]} - written == set()
    assert Merge.objects.get().undone_at is not None
    assert client.post(f"/merges/{made.pk}/do/undo/", {}).status_code == 422
    assert StageChange.objects.count() == 2


@pytest.mark.req("BEYOND-04", "QUAL-15")
def test_what_was_edited_since_stays_when_a_merge_is_undone(owner: User) -> None:
    keep, lose = two(owner)
    declared = entity(Account)
    made = merging.merge(declared, keep.pk, lose.pk, actor=owner, taken=frozenset({"remark", "phone"}))
    verbs.change(declared, keep.pk, {"remark": "新的说明"}, actor=owner)
    followed = Contact.objects.get(name="王建国2")
    elsewhere = filed(owner, "成都泰和阀门有限公司")
    verbs.change(entity(Contact), followed.pk, {"account": elsewhere}, actor=owner)
    merging.undo(made, actor=owner)
    keep.refresh_from_db()
    followed.refresh_from_db()
    assert (keep.remark, keep.phone, followed.account_id) == ("新的说明", "0512-66667777", elsewhere.pk)


def test_after_thirty_days_a_merge_is_final(owner: User) -> None:
    keep, lose = two(owner)
    made = merging.merge(entity(Account), keep.pk, lose.pk, actor=owner)
    with clock.shifted(clock.now() + timedelta(days=31)), pytest.raises(Refused):
        merging.undo(made, actor=owner)


@pytest.mark.req("BEYOND-04")
def test_a_merged_file_does_not_come_back_from_the_bin_by_itself(client: Client, owner: User) -> None:
    keep, lose = two(owner)
    merging.merge(entity(Account), keep.pk, lose.pk, actor=owner)
    client.force_login(owner)
    response = client.post(f"/customers/bin/{lose.pk}/")
    assert NAME in response.content.decode()
    assert Account.everything.get(pk=lose.pk).deleted_at is not None


@pytest.mark.req("BEYOND-04")
def test_merging_is_a_right_and_both_files_must_be_in_reach(
    client: Client, seller: User, leader: User, stranger: User
) -> None:
    keep, lose, far = filed(seller), filed(seller, "云岭精密机械公司"), filed(stranger, "云岭机械")
    client.force_login(seller)
    assert page(client, keep, lose).status_code == send(client, keep, lose).status_code == 403
    client.force_login(leader)
    assert page(client, keep, far).status_code == send(client, keep, far).status_code == 404
    assert send(client, keep, lose).status_code == 302
    made = Merge.objects.get()
    client.force_login(seller)
    assert client.get(f"/merges/{made.pk}/").status_code == 200
    assert client.post(f"/merges/{made.pk}/do/undo/", {}).status_code == 422
    client.force_login(stranger)
    assert client.get(f"/merges/{made.pk}/").status_code == 404


def test_a_company_united_with_the_one_above_it_makes_no_circle(owner: User) -> None:
    top = filed(owner, "云岭集团有限公司")
    middle = filed(owner, "云岭控股有限公司", parent=top)
    below = filed(owner, NAME, parent=middle)
    made = merging.merge(entity(Account), below.pk, middle.pk, actor=owner)
    below.refresh_from_db()
    assert below.parent_id == top.pk
    merging.undo(made, actor=owner)
    below.refresh_from_db()
    assert below.parent_id == middle.pk


def test_contacts_are_merged_as_well(client: Client, owner: User) -> None:
    account = filed(owner)
    keep, lose = known(account, "王建国", mobile="13812346621"), known(account, "王建国", post="采购经理")
    client.force_login(owner)
    data = {"id": [keep.pk, lose.pk], "keep": keep.pk, "take-post": lose.pk}
    assert client.post("/duplicates/merge/contacts/", data).status_code == 302
    keep.refresh_from_db()
    assert (keep.mobile, keep.post, Contact.objects.count()) == ("13812346621", "采购经理", 1)


@pytest.mark.req("QUAL-12")
def test_a_merge_decides_the_pair_and_undoing_opens_it_again(owner: User) -> None:
    keep, lose = two(owner)
    pair = saved(Pair(company=owner.company, a=keep, b=lose, score=93))
    made = merging.merge(entity(Account), keep.pk, lose.pk, actor=owner)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("merged", owner)
    merging.undo(made, actor=owner)
    pair.refresh_from_db()
    assert (pair.state, pair.decided_by) == ("open", None)


def test_a_file_changed_since_the_preview_is_not_merged(client: Client, owner: User) -> None:
    keep, lose = two(owner)
    client.force_login(owner)
    verbs.change(entity(Account), lose.pk, {"remark": "刚改过"}, actor=owner)
    response = send(client, keep, lose)
    assert (response.status_code, Merge.objects.count()) == (409, 0)
    assert "刚改过" in response.content.decode()


def at_once(*bodies: Any) -> list[Any]:
    """Run these in threads that start together; results or exceptions, in order."""
    gate, results = threading.Barrier(len(bodies)), [None] * len(bodies)

    def run(n: int) -> None:
        try:
            gate.wait(10)
            results[n] = bodies[n]()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


@pytest.mark.race
@pytest.mark.req("BEYOND-04")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("side", ["keep", "lose"])
def test_a_merge_and_an_edit_that_meet_lose_nothing(owner: User, side: str) -> None:
    declared, keep, lose = entity(Account), filed(owner), filed(owner, "云岭精密机械公司", remark="旧")
    edited = {"keep": keep, "lose": lose}[side]
    seen = {keep.pk: keep.version, lose.pk: lose.version}

    def unite() -> Any:
        taken = frozenset({"remark"})
        return merging.merge(declared, keep.pk, lose.pk, actor=owner, taken=taken, told={"versions": seen})

    def edit() -> Any:
        return verbs.change(declared, edited.pk, {"remark": "新"}, actor=owner, version=edited.version)

    merged, changed = at_once(unite, edit)
    keep.refresh_from_db()
    if isinstance(merged, Merge):  # the merge was first: the edit was told so
        assert isinstance(changed, Stale if side == "keep" else NotVisible)
        assert keep.remark == "旧"
    else:
        assert isinstance(merged, Stale)
        assert (changed.remark, Merge.objects.count()) == ("新", 0)


@pytest.mark.race
@pytest.mark.req("BEYOND-04")
@pytest.mark.django_db(transaction=True)
def test_rows_written_for_a_file_while_it_is_merged_follow_it(owner: User) -> None:
    keep, lose = filed(owner), filed(owner, "云岭精密机械公司")

    def people() -> Any:
        """What an import does: rows made from a file it looked up before."""

        def body() -> None:
            rows = [Contact(company=owner.company, account=lose, name=f"联系人{n}") for n in range(50)]
            Contact.objects.bulk_create(rows)

        return [work.unit_of_work(body) for _n in range(5)]

    results = at_once(people, lambda: merging.merge(entity(Account), keep.pk, lose.pk, actor=owner))
    assert not [one for one in results if isinstance(one, Exception)]
    assert Contact.objects.filter(account=keep).count() == 250
    work.unit_of_work(lambda: Contact(company=owner.company, account=lose, name="迟到").save())
    late = Contact.objects.get(name="迟到")
    assert late.account_id == keep.pk
    entry = Entry.objects.get(label="customers.contact", object_id=late.pk)
    assert f'"account_id":{keep.pk}' in entry.new.replace(" ", "")


def test_every_table_that_points_to_a_customer_is_known() -> None:
    """By hand once, so that a way to find them that finds nothing is noticed."""
    found = {f"{link.label}.{link.column}" for link in links_to(ACCOUNT)}
    assert found >= {
        "customers.contact.account_id", "customers.need.account_id", "customers.account.parent_id", "sales.order.account_id",
        "sales.receipt.account_id", "insight.profile.account_id", "org.comment.object_id", "org.attachment.object_id",
    }  # fmt: skip
    assert not [one for one in found if one.startswith("duplicates.")]
    assert apps.get_model(ACCOUNT) is Account


def test_whatever_follows_a_merged_file_is_named_in_words_of_the_company() -> None:
    with translation.override("zh-hans"):
        names = {link.label: str(link.model._meta.verbose_name) for kind in kinds() for link in links_to(kind.label)}
    assert {label: name for label, name in names.items() if re.search("[a-z]{2}", name)} == {}
    assert names["filing.inspectedfile"] == "抽检档案"
