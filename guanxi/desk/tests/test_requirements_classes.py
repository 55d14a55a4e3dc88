"""Classes and segments as people meet them in the browser: ready-made, combined, published, put in force, counted."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from guanxi.conftest import saved
from guanxi.customers.models import Account, ClassScheme, Segment
from guanxi.customers.services.seed import seed
from guanxi.kernel import jobs
from guanxi.org.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_chinese(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"


@pytest.fixture
def boss(owner: User) -> User:
    seed(owner.company)
    return owner


def filed(owner: User, name: str, **values: Any) -> Any:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def both(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(conditions)}


@pytest.mark.req("CLASS-01", "CLASS-02", "CLASS-03")
def test_the_ready_made_schemes_are_listed_with_their_classes(client: Client, boss: User) -> None:
    client.force_login(boss)
    html = page(client, "/class-schemes/")
    schemes = {scheme.name: scheme for scheme in ClassScheme.objects.all()}
    assert [name for name in schemes if name not in html] == []
    kinds = {scheme.code for scheme in schemes.values()}
    assert {"abc_amount", "abc_profit", "key_potential", "life", "key_ordinary", "attitude"} - kinds == set()
    attitude = next(scheme for scheme in schemes.values() if scheme.code == "attitude")
    shown = page(client, f"/class-schemes/{attitude.pk}/")
    assert [each["name"] for each in attitude.classes if each["name"] not in shown] == []


@pytest.mark.req("CLASS-04", "CLASS-05", "CLASS-09")
def test_a_scheme_of_combined_criteria_is_published_and_made_the_one_that_drives_policy(
    client: Client, boss: User
) -> None:
    mighty = filed(boss, "大客户", purchasing_power="high", attitude="loyal", scale="large", industry="C")
    plain = filed(boss, "普通客户", purchasing_power="high", attitude="switcher", scale="large", industry="C")
    wanted = both(
        {"f": "purchasing_power", "op": "is", "v": "high"},
        {"f": "attitude", "op": "is", "v": "loyal"},
        {"f": "industry", "op": "in", "v": ["C", "E"]},
    )
    classes = [
        {"code": "top", "name": "钻石", "grade": "A", "policy": "专属客户经理每月上门", "where": wanted},
        {"code": "rest", "name": "常规", "grade": "C", "policy": "自动消息", "where": {}},
    ]
    scheme = saved(ClassScheme(company=boss.company, code="own", name="自定分级", kind="rules", classes=classes))
    client.force_login(boss)
    for verb in ("publish", "make_policy"):
        scheme.refresh_from_db()
        answer = client.post(f"/class-schemes/{scheme.pk}/do/{verb}/", {"version": scheme.version})
        assert answer.status_code == 302
        jobs.work_off()
    grades = dict(Account.objects.filter(pk__in=[mighty.pk, plain.pk]).values_list("name", "grade"))
    assert grades == {"大客户": "A", "普通客户": "C"}
    assert "专属客户经理每月上门" in page(client, f"/customers/{mighty.pk}/")
    assert "专属客户经理每月上门" not in page(client, f"/customers/{plain.pk}/")
    assert ClassScheme.objects.filter(is_policy=True).get() == scheme


@pytest.mark.req("SEG-01", "SEG-02")
def test_a_segment_of_people_places_and_habits_is_saved_counted_and_found_again(client: Client, boss: User) -> None:
    person = {"kind": "person", "gender": "female", "education": "bachelor", "income_band": "to20k"}
    filed(boss, "刘芳", **person, region_code="320500", lifestyle="注重品质", buying_behaviour="网购为主")
    filed(boss, "王强", **{**person, "gender": "male"}, region_code="320500", lifestyle="注重品质")
    where = both(
        {"f": "gender", "op": "is", "v": "female"},
        {"f": "education", "op": "in", "v": ["bachelor", "master"]},
        {"f": "income_band", "op": "is", "v": "to20k"},
        {"f": "region_code", "op": "in", "v": ["320000"]},
        {"f": "lifestyle", "op": "contains", "v": "品质"},
        {"f": "buying_behaviour", "op": "contains", "v": "网购"},
    )
    client.force_login(boss)
    values = {"name": "注重品质的江苏女性", "where": json.dumps(where), "owner": boss.pk}
    assert client.post("/segments/new/", values).status_code == 302
    segment = Segment.objects.get()
    answer = client.post(f"/segments/{segment.pk}/do/recount/", {"version": segment.version})
    assert answer.status_code == 302
    segment.refresh_from_db()
    assert (segment.where, segment.size) == (where, 1)
    assert "注重品质的江苏女性" in page(client, "/segments/")
    listed = page(client, "/customers/?view=all&where=" + json.dumps(segment.where))
    assert ("刘芳" in listed, "王强" in listed) == (True, False)
