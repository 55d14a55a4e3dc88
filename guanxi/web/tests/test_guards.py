"""Guards that no other test meets alone: form tokens, contents of files, typed owners, limited things."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import work
from guanxi.org.models import Attachment, Role, User

pytestmark = pytest.mark.django_db


def account(owner: User, name: str) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name))


@pytest.mark.req("SEC-08")
def test_a_form_without_its_token_is_refused(seller: User) -> None:
    client, row = Client(enforce_csrf_checks=True), account(seller, "甲公司")
    client.force_login(seller)
    assert client.post(f"/customers/{row.pk}/comments/", {"text": "x"}).status_code == 403
    assert client.post("/accounts/login/", {"login": "seller"}).status_code == 403


def test_a_file_is_what_its_name_promises(client: Client, seller: User) -> None:
    url = f"/customers/{account(seller, '甲公司').pk}/files/"
    client.force_login(seller)
    for name, data in (("a.pdf", b"<script>"), ("a.html", b"<html>"), ("a.csv", b"a\0b"), ("a.png", b"")):
        assert client.post(url, {"file": SimpleUploadedFile(name, data)}).status_code == 409
    client.post(url, {"file": SimpleUploadedFile("a.pdf", b"%PDF-1.7 words")})
    assert list(Attachment.objects.values_list("name", flat=True)) == ["a.pdf"]


@pytest.mark.req("SEC-05")
@pytest.mark.parametrize(("verbs", "after"), [([], "seller"), (["hand_over"], "rival")])
def test_who_may_not_hand_over_cannot_type_an_owner(
    client: Client, seller: User, rival: User, roles: dict[str, Role], verbs: list[str], after: str
) -> None:
    role = roles["representative"]
    role.grants["customers.account"] |= {"verbs": ["view", "change", *verbs]}
    saved(role)
    row = account(seller, "甲公司")
    client.force_login(seller)
    client.post(f"/customers/{row.pk}/edit/", {"name": "乙公司", "owner": rival.pk, "version": row.version})
    row.refresh_from_db()
    assert (row.name, row.owner.username) == ("乙公司", after)


def test_a_limited_thing_is_taken_once(seller: User) -> None:
    row = account(seller, "free")

    def take(name: str) -> bool:
        return work.unit_of_work(lambda: Account.objects.take(row.pk, {"name": "free"}, {"name": name}))

    assert [take("first"), take("second")] == [True, False]
    row.refresh_from_db()
    assert (row.name, row.version) == ("first", 2)


@pytest.mark.req("SEC-05")
def test_nobody_changes_a_role_they_hold(client: Client, owner: User, roles: dict[str, Role]) -> None:
    """The role of the head of the company is no administrator's: only that the owner holds it stands in the way."""
    own, other = roles["owner"], roles["representative"]
    client.force_login(owner)
    for role, after in ((own, own.version), (other, other.version + 1)):
        client.post(f"/roles/{role.pk}/rights/", {"version": role.version, "label": [], "areas": []})
        role.refresh_from_db()
        assert role.version == after
