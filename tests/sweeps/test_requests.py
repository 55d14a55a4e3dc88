"""Writes need their token, reads leave no trace, every answer carries its headers, and junk is never an error 500."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as speed
from hypothesis import strategies as st

from guanxi.audit.models import Entry
from guanxi.kernel.addresses import list_url
from guanxi.kernel.entities import entities
from tests.sweeps.junk import BODIES, PARAMETERS, REDIRECTS, VALUES, WHERES
from tests.sweeps.table import RULES
from tests.sweeps.test_access import ENTITY_RULES, OBJECT_RULES, address, cases, tell
from tests.sweeps.world import World, undone

pytestmark = pytest.mark.django_db
CORE = ("customers", "contacts", "orders", "receipts", "people", "segments", "products")
count: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def tally() -> Any:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    print(f"\nrequest sweep: {sum(count.values()):,} requests {dict(count)}")


def addresses(world: World, slugs: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """(URL name, address) of everything, rows being the representative's own."""
    found = []
    for declared in entities():
        if slugs is not None and declared.slug not in slugs:
            continue
        for name in ENTITY_RULES + OBJECT_RULES:
            for more, _needs in cases(name, RULES[name], declared):
                found.append((name, address(name, declared, world.pk("own", declared.slug), more)))
    found += [(name, reverse(name)) for name, rule in RULES.items() if rule.on == "none"]
    return found + [
        (name, reverse(name, kwargs=kwargs)) for name, kwargs in world.things.items() if not name.startswith("import-")
    ]


@pytest.mark.req("SEC-08")
def test_every_write_without_its_token_is_refused(world: World) -> None:
    """Every address by name; that an entity has more of them makes no difference to the check before the view."""
    client, wrong = Client(enforce_csrf_checks=True, raise_request_exception=False), []
    client.cookies = world.client("owner").cookies
    for name, url in [
        *addresses(world, CORE),
        ("account_logout", "/accounts/logout/"),
        ("account_login", "/accounts/login/"),
    ]:
        for method in ("POST", "PATCH", "DELETE", "PUT") if url.startswith("/api/") else ("POST",):
            count["without token"] += 1
            with undone():
                got = client.generic(method, url).status_code
            right = (401, 405) if url.startswith("/api/") else (403,)
            wrong += [] if got in right else [(name, method, url, got)]
    tell(wrong)


# What a person has looked at is counted by looking, and a look behind a mask is written down.
LOOKS = {"pool_quota", "pool_glance", "custody_tally", "audit_entry", "audit_lanehead"}


def fingerprint() -> dict[str, str]:
    """A hash of every table's rows; sessions, caches and what only says when somebody was here left out."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if (
                model._meta.app_label in ("sessions", "usersessions")
                or table in {"cache", *LOOKS}
                or not model._meta.managed
            ):
                continue
            columns = [f.column for f in model._meta.concrete_fields if f.name != "last_login"]
            cursor.execute(
                f"SELECT {', '.join(f'[{c}]' if connection.vendor == 'sqlite' else c for c in columns)} FROM {table} ORDER BY 1"
            )
            found[table] = hashlib.sha256(repr(cursor.fetchall()).encode()).hexdigest()
    return found


@pytest.mark.req("SEC-08")
def test_reading_changes_no_row(world: World) -> None:
    client, before = world.client("owner"), fingerprint()
    last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    for _name, url in addresses(world):
        count["reads"] += 1
        client.get(url)
    after = fingerprint()
    assert [table for table in before if before[table] != after[table]] == []
    assert set(Entry.objects.filter(pk__gt=last).values_list("verb", flat=True)) <= {"reveal", "pool_limit", "print"}


@pytest.mark.req("SEC-08")
def test_every_answer_carries_its_headers(world: World) -> None:
    policy = "; ".join(
        sorted(
            f"{name} {' '.join(map(str, values))}"
            for name, values in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"].items()
        )
    )
    wrong: list[Any] = []
    asked = [("owner", url) for _name, url in addresses(world, CORE)] + [
        ("owner", "/nothing/"),
        ("anonymous", "/customers/"),
        ("anonymous", "/accounts/login/"),
    ]
    for role, url in asked:
        for method in ("get", "post"):
            count["headers"] += 1
            with undone():
                response = getattr(world.client(role), method)(url)
            wrong += [(method, url, response.status_code, problem) for problem in missing(response, role, url, policy)]
    tell(wrong)


def missing(response: Any, role: str, url: str, policy: str) -> list[str]:
    """What an answer lacks."""
    head, found = response.headers, []
    csp = "; ".join(sorted(part.strip() for part in head.get("Content-Security-Policy", "").split(";")))
    if csp.replace("'none'", "'none'") != policy and "sandbox" not in csp:
        found.append(f"policy {csp}")
    found += [
        name
        for name, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "same-origin"),
        )
        if head.get(name) != value
    ]
    if role != "anonymous" and "no-store" not in head.get("Cache-Control", ""):
        found.append("Cache-Control")
    kind = head.get("Content-Type", "")
    if (
        response.status_code not in (204, 302, 405)
        and kind.startswith(("text/", "application/json"))
        and "charset" not in kind
        and kind != "application/json"
    ):
        found.append(f"charset {kind}")
    for morsel in response.cookies.values():
        if morsel["samesite"] != "Lax" or (morsel.key != settings.CSRF_COOKIE_NAME and not morsel["httponly"]):
            found.append(f"cookie {morsel.key}")
    return found


@pytest.mark.long
@pytest.mark.req("SEC-08")
def test_junk_in_any_parameter_is_answered_without_an_error(world: World) -> None:
    wrong, client = [], world.client("owner")
    pages = [(n, u) for n, u in addresses(world, ("customers", "orders")) if 405 not in RULES[n].get]
    for name, url in pages:
        for parameter in PARAMETERS[RULES[name].on if name not in PARAMETERS else name]:
            for value in WHERES if parameter == "where" else VALUES:
                count["junk"] += 1
                got = client.get(url, {parameter: value}).status_code
                wrong += [] if got < 500 else [(got, url, parameter, repr(value)[:80])]
    tell(wrong)


@pytest.mark.long
@pytest.mark.req("SEC-08")
def test_junk_in_any_form_is_answered_without_an_error(world: World) -> None:
    wrong, client = [], world.client("owner")
    for declared in entities():
        if not declared.creatable:
            continue
        names = [f.name for f in declared.fields_for(None).values() if f.editable]
        urls = [
            f"{list_url(declared.slug)}new/",
            reverse("record-edit", args=[declared.slug, world.pk("own", declared.slug)]),
        ]
        for value in VALUES[::2]:
            for url in urls:
                count["form junk"] += 1
                with undone():
                    got = client.post(
                        url,
                        {**dict.fromkeys(names, value), "version": value, "lines": value, "line-0-id": value},
                    ).status_code
                wrong += [] if got < 500 else [(got, url, repr(value)[:60])]
    tell(wrong)


@pytest.mark.req("API-01")
def test_junk_sent_to_the_interface_is_answered_without_an_error(world: World) -> None:
    wrong, client = (
        [],
        Client(headers={"authorization": f"Bearer {world.tokens['owner']}"}, raise_request_exception=False),
    )
    for slug in CORE:
        calls = [
            ("POST", reverse("api-collection", args=[slug])),
            ("PATCH", reverse("api-item", args=[slug, world.pk("own", slug)])),
        ]
        for method, url in calls:
            for body in BODIES:
                count["body junk"] += 1
                with undone():
                    got = client.generic(method, url, body, content_type="application/json").status_code
                wrong += [] if got < 500 else [(got, method, url, body[:80])]
    tell(wrong)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.floats() | st.text(max_size=12),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["f", "op", "v", "all", "any", "not", "has", "where", "count"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
ATOM = st.fixed_dictionaries({
    "f": st.sampled_from(["name", "owner", "next_contact_on", "credit_limit", "tags", "is_key", "grade", "account.name", "owner.phone", "extra", "id"]),
    "op": st.sampled_from(["is", "is_not", "in", "not_in", "contains", "gt", "between", "empty", "last_days", "period", "on", "before", "has_any", "older_than"]),
    "v": JSON,
})  # fmt: skip


@pytest.mark.req("API-01")
@speed(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=JSON | ATOM | st.fixed_dictionaries({"all": st.lists(ATOM, max_size=3)}))
def test_any_filter_is_answered_without_an_error(world: World, where: Any) -> None:
    count["filters"] += 1
    url = reverse("api-collection", args=["customers"])
    client = Client(headers={"authorization": f"Bearer {world.tokens['owner']}"}, raise_request_exception=False)
    assert client.get(url, {"where": json.dumps(where)}).status_code in (200, 400)


@pytest.mark.req("API-01")
@speed(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(
        st.sampled_from(
            ["name", "phone", "email", "owner", "credit_limit", "next_contact_on", "tags", "kind", "version"]
        ),
        JSON,
        max_size=5,
    )
)
def test_any_values_are_answered_without_an_error(world: World, values: Any) -> None:
    count["values"] += 1
    client = Client(headers={"authorization": f"Bearer {world.tokens['owner']}"}, raise_request_exception=False)
    with undone():
        got = client.generic(
            "PATCH",
            reverse("api-item", args=["customers", world.pk("own", "customers")]),
            json.dumps(values),
            content_type="application/json",
        )
    assert got.status_code in (200, 400, 403, 409, 422)


@pytest.mark.req("SEC-08")
@pytest.mark.parametrize("target", REDIRECTS)
def test_nobody_is_sent_to_another_site(world: World, target: str) -> None:
    from guanxi.org.models import Notice

    client = world.client("representative")
    with undone():
        Notice.objects.filter(pk=world.things["open-notice"]["pk"]).update(url=target[:300])
        answers = [
            client.post(reverse("open-notice", kwargs=world.things["open-notice"])),
            client.post("/notifications/", {"next": target}),
            client.get("/accounts/login/", {"next": target}),
            Client().post(
                "/accounts/login/", {"login": "sweep-owner", "password": "a long password 1", "next": target}
            ),
            Client().get("/customers/", {"next": target}),
            client.post("/me/language/", {"language": "en", "next": target}),
        ]
    for response in answers:
        where = response.headers.get("Location", "/")
        assert where.startswith("/") and not where.startswith(("//", "/\\")), where


@pytest.mark.req("SEC-08")
def test_forged_headers_change_neither_address_nor_scheme(world: World) -> None:
    from guanxi.audit.models import Entry

    forged = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Proto": "https",
        "X-Real-IP": "6.6.6.6",
        "Forwarded": "for=6.6.6.6",
    }
    url = reverse("record-comments", args=["customers", world.pk("own", "customers")])
    with undone():
        response = world.client("representative").post(url, {"text": "看"}, headers=forged, REMOTE_ADDR="10.0.0.9")
        entry = Entry.objects.order_by("-id").first()
        assert entry is not None and entry.ip == "10.0.0.9"
    assert "evil" not in response.headers["Location"]
    assert world.client("anonymous").get("/customers/", headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.req("SEC-09")
def test_nothing_typed_can_write_a_line_of_the_log() -> None:
    from guanxi.project.logs import JsonLines

    nasty = 'x\r\n{"level":"error"}\x1b[31m\u2028 13800001111'
    line = JsonLines().format(logging.LogRecord("a", logging.INFO, "f", 1, "%s", (nasty,), None))
    assert line.splitlines() == [line] or "\u2028" in line
    assert "\n" not in line and "\x1b" not in line and "13800001111" not in line
    assert json.loads(line)["level"] == "info"
