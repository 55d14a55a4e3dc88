"""Roles over HTTP: each preset role with something it can do and something it cannot, the matrix, masks everywhere."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import openpyxl
import pytest
from django.test import Client

from guanxi.audit.models import Entry
from guanxi.conftest import saved
from guanxi.customers.models import Account
from guanxi.kernel import verbs
from guanxi.kernel.entities import entities, entity
from guanxi.kernel.models import Company
from guanxi.org.access import access_of
from guanxi.org.models import Department, Role, User
from guanxi.org.presets import PRESETS, presets

pytestmark = pytest.mark.django_db
Hire = Callable[..., User]
ACCOUNT = "customers.account"


def account(owner: User, name: str, **values: object) -> Account:
    return saved(Account(company=owner.company, owner=owner, department=owner.department, name=name, **values))


def where(**condition: object) -> str:
    return json.dumps({"all": [condition]})


def grant(role: Role, label: str, **changes: object) -> None:
    """Change one entity's rights of a role as the security administrator's page would."""
    role.grants = {**role.grants, label: {**role.grants.get(label, {}), **changes}}
    saved(role)


@pytest.mark.req("ORG-07")
@pytest.mark.parametrize(
    ("code", "can", "cannot"),
    [
        ("store-manager", ("hand_over", ACCOUNT), ("publish", "customers.classscheme")),
        ("service-specialist", ("add", ACCOUNT), ("add", "sales.order")),
        ("branch-accountant", ("add", "sales.receipt"), ("hand_over", ACCOUNT)),
        ("representative", ("add", "sales.order"), ("delete", ACCOUNT)),
        ("operations-specialist", ("export", ACCOUNT), ("delete", ACCOUNT)),
        ("relations-specialist", ("change", ACCOUNT), ("add", "sales.order")),
        ("call-centre", ("change", ACCOUNT), ("export", ACCOUNT)),
        ("direct-sales", ("hand_over", ACCOUNT), ("import", ACCOUNT)),
    ],
)
def test_branch_and_headquarters_roles_are_ready_made(
    roles: dict[str, Role], hire: Hire, east: Department, code: str, can: tuple[str, str], cannot: tuple[str, str]
) -> None:
    person = hire("person", code, east)
    assert roles[code].is_preset is True
    assert (person.may(*can), person.may(*cannot)) == (True, False)


@pytest.mark.req("ORG-06")
def test_supervision_sees_every_unit_and_changes_none(
    client: Client, seller: User, stranger: User, hire: Hire, headquarters: Department
) -> None:
    mine, theirs = account(seller, "东部客户"), account(stranger, "西部客户")
    inspector = hire("inspector", "supervision", headquarters)
    client.force_login(inspector)
    page = client.get("/customers/?view=all").content.decode()
    assert ("东部客户" in page, "西部客户" in page) == (True, True)
    assert [client.get(f"/customers/{row.pk}/").status_code for row in (mine, theirs)] == [200, 200]
    assert client.post(f"/customers/{mine.pk}/edit/", {"name": "新名", "version": mine.version}).status_code == 403
    assert client.get("/customers/new/").status_code == 403


@pytest.mark.req("SEC-05")
def test_the_system_administrator_sees_no_business_data(
    client: Client, seller: User, hire: Hire, headquarters: Department
) -> None:
    row = account(seller, "苏州云岭精密机械有限公司", phone="13812346621")
    client.force_login(hire("sys", "system-administrator", headquarters))
    business = ("customers.", "catalog.", "sales.", "insight.")
    allowed = {"customers.filingstandard", "customers.source"}
    seen = [
        e.slug
        for e in entities()
        if e.label.startswith(business) and e.label not in allowed and client.get(f"/{e.slug}/").status_code != 403
    ]
    assert seen == []
    assert client.get(f"/customers/{row.pk}/").status_code == 403
    assert "精密" not in client.get("/search/", {"q": "云岭"}, headers={"HX-Request": "true"}).content.decode()
    assert [client.get(f"/{slug}/").status_code for slug in ("people", "departments", "teams", "roles")] == [200] * 4


@pytest.mark.req("SEC-05")
def test_nobody_holds_two_of_the_three_administrators(
    client: Client, roles: dict[str, Role], hire: Hire, owner: User
) -> None:
    admin = hire("sys", "system-administrator")
    client.force_login(owner)
    url = f"/people/{admin.pk}/do/set_roles/"
    two = client.post(url, {"roles": ["system-administrator", "audit-administrator"], "version": admin.version})
    assert two.status_code == 422
    assert [role.code for role in admin.roles.all()] == ["system-administrator"]
    one = client.post(url, {"roles": ["audit-administrator"], "version": admin.version})
    assert one.status_code == 302
    assert [role.code for role in admin.roles.all()] == ["audit-administrator"]


@pytest.mark.req("SEC-05")
def test_the_three_administrators_gain_nothing_beyond_their_preset(
    client: Client, roles: dict[str, Role], owner: User
) -> None:
    client.force_login(owner)
    role = roles["system-administrator"]
    client.post(
        f"/roles/{role.pk}/rights/",
        {"version": role.version, "label": [ACCOUNT], f"v:{ACCOUNT}": ["view"], f"s:{ACCOUNT}": "all"},
    )
    role.refresh_from_db()
    assert ACCOUNT not in role.grants
    assert client.post(f"/roles/{role.pk}/do/copy/", {"name": "副本", "code": "copy"}).status_code == 422


@pytest.mark.req("SEC-05")
def test_the_matrix_is_saved_with_version_and_trail_and_takes_effect_at_once(
    client: Client, roles: dict[str, Role], hire: Hire, seller: User
) -> None:
    security, role = hire("sec", "security-administrator"), roles["representative"]
    client.force_login(security)
    assert client.get(f"/roles/{role.pk}/").status_code == 200
    data = {
        "version": role.version,
        "label": [ACCOUNT],
        f"v:{ACCOUNT}": ["view"],
        f"s:{ACCOUNT}": "tree",
        "areas": ["branch"],
    }
    assert client.post(f"/roles/{role.pk}/rights/", data).status_code == 302
    role.refresh_from_db()
    closed = {"masked": ["credit_limit"], "hidden": ["profit_12m", "profit_total", "abc_profit"]}  # untouched
    assert role.grants[ACCOUNT] == {"verbs": ["view", "hand_over", "release"], "scope": "tree", **closed}
    assert role.areas == ["branch"]
    changed = User.objects.get(pk=seller.pk)
    assert (changed.may("view", ACCOUNT), changed.may("add", ACCOUNT)) == (True, False)
    entry = Entry.objects.filter(label="org.role", object_id=role.pk).latest("at")
    assert (entry.verb, entry.actor_id) == ("org.role.define", security.pk)
    stale = {**data, f"v:{ACCOUNT}": ["view", "add"]}  # still the first version
    client.post(f"/roles/{role.pk}/rights/", stale)
    role.refresh_from_db()
    assert role.grants[ACCOUNT]["verbs"] == ["view", "hand_over", "release"]


@pytest.mark.req("ORG-07")
def test_the_matrix_is_folded_by_area_and_each_says_what_is_granted_in_it(
    client: Client, roles: dict[str, Role], hire: Hire, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    client.force_login(hire("sec", "security-administrator"))
    role = roles["representative"]
    role.grants = {
        ACCOUNT: {"verbs": ["view", "export"], "scope": "own"},
        "catalog.product": {"verbs": ["*"], "scope": "all"},
    }
    saved(role)

    def told() -> dict[str, str]:
        html = client.get(f"/roles/{role.pk}/").content.decode()
        return dict(re.findall(r"<summary>.*?<b>(.*?)</b><small>(.*?)</small></summary>", html))

    areas = told()
    # Contacts and what else hangs on a customer follow the customer's rights unless the role says otherwise.
    hanging = sum(1 for one in entities() if one.label.startswith("customers.") and one.scope_via)
    assert areas["客户"].startswith("查看 ")
    assert int(areas["客户"].split("、")[0].removeprefix("查看 ")) > hanging // 2
    assert "修改" not in areas["客户"]
    assert areas["组织架构"] == "无权限"
    assert areas["产品"] == "查看 2、添加 2、修改 2、删除 2、导出 2、导入 2"  # a launch follows its product
    assert areas["文字说明"] == "2 类数据"
    role.grants = {"*": {"verbs": ["*"], "scope": "all"}}
    saved(role)
    assert set(told().values()) - {"1 类数据"} == {"全部权限"}


@pytest.mark.req("SEC-05")
def test_details_hold_special_rights_closed_fields_and_a_condition(
    client: Client, roles: dict[str, Role], hire: Hire, seller: User
) -> None:
    client.force_login(hire("sec", "security-administrator"))
    role = roles["representative"]
    condition = {"all": [{"f": "grade", "op": "is", "v": "A"}]}
    data = {
        "version": role.version,
        "special": ["hand_over"],
        "hidden": ["email"],
        "masked": ["phone", "email"],
        "narrow": "1",
        "where": json.dumps(condition),
    }
    url = f"/roles/{role.pk}/rights/{ACCOUNT}/"
    assert client.get(url).status_code == 200
    assert client.post(url, data).status_code == 302
    role.refresh_from_db()
    assert role.grants[ACCOUNT] == {
        "verbs": ["view", "add", "change", "export", "hand_over"], "scope": condition, "hidden": ["email"], "masked": ["phone"],
    }  # fmt: skip
    wrong = {**data, "version": role.version, "where": json.dumps({"f": "nonsense", "op": "is", "v": 1})}
    client.post(url, wrong)
    role.refresh_from_db()
    assert role.grants[ACCOUNT]["scope"] == condition


@pytest.mark.req("SEC-05")
def test_only_who_may_change_roles_and_does_not_hold_them_changes_them(
    client: Client, roles: dict[str, Role], hire: Hire, seller: User
) -> None:
    role = roles["representative"]
    client.force_login(seller)
    assert client.post(f"/roles/{role.pk}/rights/", {"version": role.version}).status_code == 403
    security = hire("sec", "security-administrator")
    client.force_login(security)
    own = roles["security-administrator"]
    client.post(
        f"/roles/{own.pk}/rights/",
        {"version": own.version, "label": ["org.user"], "v:org.user": ["*"], "s:org.user": "all"},
    )
    own.refresh_from_db()
    assert own.grants["org.user"]["verbs"] == ["view", "set_roles", "freeze", "end_sessions"]
    assert (
        client.post(
            f"/people/{security.pk}/do/set_roles/", {"roles": ["owner"], "version": security.version}
        ).status_code
        == 422
    )


def test_a_role_is_copied_and_a_preset_comes_back(client: Client, roles: dict[str, Role], hire: Hire) -> None:
    client.force_login(hire("sec", "security-administrator"))
    role = roles["finance"]
    assert (
        client.post(
            f"/roles/{role.pk}/do/copy/", {"name": "财务助理", "code": "finance-2", "version": role.version}
        ).status_code
        == 302
    )
    twin = Role.objects.get(code="finance-2")
    assert (twin.grants, twin.is_preset) == (role.grants, False)
    grant(role, ACCOUNT, verbs=["view"], scope="none")
    assert client.post(f"/roles/{role.pk}/do/restore_preset/", {"version": role.version}).status_code == 302
    role.refresh_from_db()
    preset = next(preset for preset in presets() if preset["code"] == "finance")
    assert role.grants == preset["grants"]
    assert client.post(f"/roles/{role.pk}/delete/", {"version": role.version}).status_code == 409


@pytest.mark.req("SEC-05")
def test_a_mask_holds_in_lists_search_filters_sorting_export_and_interface(
    client: Client, roles: dict[str, Role], seller: User
) -> None:
    grant(roles["representative"], ACCOUNT, masked=["phone", "remark"], hidden=["email"])
    secrets = {"phone": "13812346621", "email": "geheim@example.com", "remark": "底价可到九折"}
    row = account(seller, "苏州云岭精密机械有限公司", **secrets)
    client.force_login(User.objects.get(pk=seller.pk))
    closed = tuple(secrets.values())

    def shown(text: str) -> list[str]:
        return [value for value in closed if value in text]

    assert shown(client.get("/customers/?view=all&columns=name,phone,email,remark").content.decode()) == []
    assert shown(client.get(f"/customers/{row.pk}/").content.decode()) == []
    assert shown(client.get(f"/customers/{row.pk}/print/").content.decode()) == []
    assert client.post(f"/customers/{row.pk}/reveal/phone/").status_code == 404
    found = client.get("/search/", {"q": "6621"}, headers={"HX-Request": "true"}).content.decode()
    assert "苏州云岭精密机械有限公司" not in found
    for name, value in secrets.items():
        filtered = client.get("/customers/", {"view": "all", "where": where(f=name, op="is", v=value)}).content.decode()
        assert f'href="/customers/{row.pk}/"' not in filtered
    plain = client.get("/customers/?view=all").content.decode()
    assert "sort=phone" not in plain
    assert "sort=email" not in plain
    file = client.post("/customers/export/", {"state": "?view=all", "format": "xlsx", "every": "1", "everything": "1"})
    book = openpyxl.load_workbook(io.BytesIO(b"".join(file.streaming_content)))
    text = json.dumps(
        [[str(cell.value) for cell in line] for sheet in book for line in sheet.iter_rows()], ensure_ascii=False
    )
    assert "苏州云岭精密机械有限公司" in text
    assert shown(text) == []
    data = client.get(f"/api/customers/{row.pk}/")
    assert (data.status_code, shown(data.content.decode())) == (200, [])
    client.post(f"/customers/{row.pk}/edit/", {"phone": "13900000000", "remark": "x", "version": row.version})
    row.refresh_from_db()
    assert (row.phone, row.remark) == ("13812346621", "底价可到九折")


@pytest.mark.req("SEC-05")
def test_a_mask_holds_in_the_history(client: Client, roles: dict[str, Role], seller: User, owner: User) -> None:
    row = account(seller, "客户", phone="13812346621")
    verbs.change(entity(Account), row.pk, {"phone": "13912340000"}, actor=owner)
    grant(roles["representative"], ACCOUNT, masked=["phone"])
    client.force_login(User.objects.get(pk=seller.pk))
    page = client.get(f"/customers/{row.pk}/history/").content.decode()
    assert "•••" in page
    assert [number for number in ("13812346621", "13912340000") if number in page] == []


@pytest.mark.req("ORG-12")
def test_all_departments_work_on_one_record_and_see_what_the_others_did(
    client: Client, seller: User, hire: Hire, headquarters: Department
) -> None:
    row = account(seller, "共同的客户", phone="13812346621")
    finance, technology = hire("finance", "finance", headquarters), hire("tech", "technology", headquarters)
    client.force_login(seller)
    client.post(f"/customers/{row.pk}/comments/", {"text": "样品已寄出"})
    for colleague in (finance, technology):
        client.force_login(colleague)
        assert client.get(f"/customers/{row.pk}/").status_code == 200
        assert "样品已寄出" in client.get(f"/customers/{row.pk}/comments/").content.decode()
    assert Account.objects.filter(company=seller.company).count() == 1
    assert client.get("/customers/new/").status_code == 403


@pytest.mark.req("SEC-05")
@pytest.mark.parametrize(
    ("level", "seen"), [("none", 0), ("own", 1), ("team", 2), ("department", 2), ("tree", 2), ("all", 3)]
)
def test_each_data_scope_reaches_as_far_as_it_says(
    roles: dict[str, Role], seller: User, rival: User, stranger: User, level: str, seen: int
) -> None:
    from guanxi.org.models import Team

    team: Any = saved(Team(company=seller.company, name="二人组"))
    team.members.set([seller, rival])
    for person in (seller, rival, stranger):
        account(person, f"{person.name}的客户")
    grant(roles["representative"], ACCOUNT, scope=level)
    Company.objects.get(pk=seller.company_id)
    person = User.objects.get(pk=seller.pk)
    assert Account.objects.visible_to(person).count() == seen
    assert access_of(person).may("view", ACCOUNT) is True


def test_the_definitions_of_the_preset_roles_speak_of_no_app_above() -> None:
    labels = {label.split(".")[0] for preset in PRESETS for label in preset["grants"]}
    assert labels == {"*", "org", "kernel", "audit"}
    everybody = {preset["code"]: preset["grants"] for preset in presets()}
    assert everybody["representative"]["customers.account"]["scope"] == "own"
    assert everybody["marketing"]["customers.tierpolicy"] == {"verbs": ["*"], "scope": "all"}
