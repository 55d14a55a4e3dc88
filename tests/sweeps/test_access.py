"""Every address × role × object × method answers what the declared table says, and every address is declared."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

import pytest
from django.urls import reverse

from guanxi.kernel.actions import Verb, verbs_of
from guanxi.kernel.entities import Entity, entities
from tests.sweeps import table
from tests.sweeps.table import CAST, OBJECTS, RULES, SAMPLE_ARGS, VISITOR, WRITTEN, Rule
from tests.sweeps.world import World, undone, url_names

pytestmark = pytest.mark.django_db  # a transaction a test, inside that of the world
ROLES = (*CAST, "anonymous")
CORE = ("customers", "orders", "people")  # with the most verbs, and whatever hangs on them
PAIRS = (("representative", "outsider"), ("finance", "system-administrator"))
SECOND = tuple(second for _first, second in PAIRS)
ODD = ("GET", "POST", "HEAD", "PUT", "DELETE", "PATCH")
count: Counter[str] = Counter()


@pytest.fixture(scope="module", autouse=True)
def tally() -> Any:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    print(f"\naccess sweep: {sum(count.values()):,} requests {dict(count)}")


def test_every_address_is_declared_and_every_declared_one_exists() -> None:
    assert sorted(set(url_names()) - set(RULES)) == [], "add a row to tests/sweeps/table.py"
    assert sorted(set(RULES) - set(url_names())) == []


def test_every_entity_is_declared() -> None:
    assert sorted(e.slug for e in entities() if e.slug not in table.GROUP_OF) == []


def may(verbs: frozenset[str], word: str) -> bool:
    return "*" in verbs or word in verbs


def expected(
    role: str, rule: Rule, declared: Entity, corner: str, needs: set[str], done: tuple[int, ...]
) -> tuple[int, ...]:
    """The answers that are right; the order is: who, right, does it exist, reach."""
    verbs, reach = table.rights(role, declared.slug)
    if not all(may(verbs, word) for word in needs):
        return (403,)
    if rule.unless and not getattr(declared, rule.unless):
        return (404,)
    if corner and corner not in reach:
        return (404,)
    return done


def send(world: World, role: str, method: str, url: str, quick: bool = False) -> Any:
    """One request, taken back; `quick` asks for a fragment, so that a refusal is a line and not a page."""
    count[method] += 1
    client, headers = world.client(role), {"HX-Request": "true"} if quick else None
    if method == "GET":
        return client.get(url, headers=headers)
    with undone():
        if url.startswith("/api/"):
            return client.generic(method, url, "{}", content_type="application/json")
        return getattr(client, method.lower())(url, headers=headers)


def refused_login(response: Any, url: str) -> bool:
    if url.startswith("/api/"):
        return bool(response.status_code == 401)
    if response.status_code == 204:  # to a part of a page: the whole page goes there
        return "/accounts/login/" in response.headers.get("HX-Trigger", "")
    return response.status_code == 302 and "/accounts/login/" in response["Location"]


def address(name: str, declared: Entity, pk: int = 0, more: str = "") -> str:
    words = {"record-choices": "name", "record-tab": "name", "record-cell": "name", "record-reveal": "name"}
    args: dict[str, Any] = {"declared": declared.slug}
    if RULES[name].on not in ("entity", "pick", "bulk"):
        args["pk"] = pk
    if name in words:
        args["name"] = more or next(iter(declared.fields_for(None)))
    if RULES[name].on in ("verb", "bulk"):
        args["short"] = more or "delete"
    return reverse(name, kwargs=args)


def first(names: Any, fallback: str = "none") -> str:
    return next(iter(names), fallback)


def cases(name: str, rule: Rule, declared: Entity) -> list[tuple[str, set[str]]]:
    """(last part of the address, further rights) to try on one entity."""
    match rule.on:
        case "verb":
            return [(v.short, {v.permission}) for v in verbs_of(declared.model).values()] or [("nothing", set())]
        case "bulk":
            bulk = [v for v in verbs_of(declared.model).values() if v.bulk]
            return [("delete", {"delete"}), *((v.short, {v.permission}) for v in bulk[:2])]
        case "tab":
            return [(r.name, set()) for r in declared.relations if r.tab][:2]
        case "cell":
            return [(declared.inline[-1], set())] if declared.inline else []
    if name == "record-choices":
        return [(first(f.name for f in declared.fields_for(None).values() if f.target), set())]
    return [("", set())]


ENTITY_RULES = [n for n, r in RULES.items() if r.on in ("entity", "pick", "bulk")]
OBJECT_RULES = [n for n, r in RULES.items() if r.on in ("object", "bin", "verb", "tab", "cell", "reveal")]


@pytest.mark.req("SEC-04", "SEC-05")
@pytest.mark.parametrize("role", ROLES)
def test_lists_answer_by_right(world: World, role: str) -> None:
    wrong = []
    for declared in entities():
        if role not in full(declared.slug):
            continue
        for name in walked(role, declared.slug, ENTITY_RULES):
            rule = RULES[name]
            for more, extra in cases(name, rule, declared):
                url = address(name, declared, more=more)
                needs = set() if rule.on == "pick" else {"view"} | (extra if rule.on == "bulk" else {rule.verb})
                for method in methods(name, rule, declared.slug, ("record-list", "api-collection")):
                    wrong += check(world, role, method, url, name, declared, "", needs)
    tell(wrong)


@pytest.mark.req("SEC-04", "SEC-05")
@pytest.mark.parametrize("role", ROLES)
def test_objects_answer_by_right_and_reach(world: World, role: str) -> None:
    wrong = []
    for declared in entities():
        if role not in full(declared.slug):
            continue
        for corner in corners(role, declared.slug):
            for name in walked(role, declared.slug, OBJECT_RULES):
                rule = RULES[name]
                for more, extra in cases(name, rule, declared):
                    url = address(name, declared, world.pk(corner, declared.slug), more)
                    needs = {"view", rule.verb} | extra
                    for method in methods(name, rule, declared.slug, ("record", "api-item")):
                        wrong += check(world, role, method, url, name, declared, corner, needs, more)
    tell(wrong)


def full(slug: str) -> tuple[str, ...]:
    """Who walks an entity: everybody the core ones, the others in turn one of two pairs (a sweep of all of them by
    every role over the interface is `test_a_token_opens_what_its_person_may_open_and_nothing_more`)."""
    return ROLES if slug in CORE else PAIRS[sorted(table.GROUP_OF).index(slug) % len(PAIRS)]


def walked(role: str, slug: str, names: list[str]) -> list[str]:
    """The addresses of an entity; the second of its two walkers takes every other one, by turns."""
    if slug in CORE or role not in SECOND:
        return names
    return names[sorted(table.GROUP_OF).index(slug) // len(PAIRS) % 2 :: 2]


def methods(name: str, rule: Rule, slug: str, every: tuple[str, ...]) -> tuple[str, ...]:
    """All of them on the core entities; on the others those that an address has an answer of its own for: which methods
    an address knows does not depend on the entity."""
    if slug in CORE:
        return ODD if name in every else ("GET", "POST")
    if name.startswith("api-"):
        return {"api-collection": ("GET", "POST"), "api-item": ("GET", "PATCH", "DELETE")}.get(name, ("POST",))
    return ("GET",) * (rule.get != (405,)) + ("POST",) * (rule.post not in ((405,), (200,)))


def corners(role: str, slug: str) -> tuple[str, ...]:
    if role == "anonymous":
        return ("own",)
    if slug in CORE:
        return tuple(OBJECTS)
    if role in SECOND:
        return ("own",)
    return ("own", ("colleague", "foreign")[sorted(table.GROUP_OF).index(slug) // len(PAIRS) % 2])


def tell(wrong: list[Any]) -> None:
    if wrong:
        lines = [" ".join(map(str, line)) for line in wrong[:200]]
        pytest.fail("\n".join([*lines, f"{len(wrong)} answers outside the table"]), pytrace=False)


def check(
    world: World,
    role: str,
    method: str,
    url: str,
    name: str,
    declared: Entity,
    corner: str,
    needs: set[str],
    more: str = "",
) -> list[Any]:
    """A line for every answer that is not in the table."""
    rule = RULES[name]
    api = url.startswith("/api/")
    right = (405,) if role == "anonymous" else answers(role, method, name, rule, declared, corner, needs, more)
    response = send(world, role, method, url, quick=right != (200,))
    got = response.status_code
    if not api and method in ("PUT", "DELETE", "PATCH"):
        return [] if got == 405 else [(role, method, url, got, 405)]
    if role == "anonymous":
        return [] if refused_login(response, url) else [(role, method, url, got, "login")]
    return [] if got in right else [(role, method, url, corner, got, right)]


def answers(
    role: str, method: str, name: str, rule: Rule, declared: Entity, corner: str, needs: set[str], more: str
) -> tuple[int, ...]:
    read = method in ("GET", "HEAD")
    if name.startswith("api-"):
        return api_answers(role, method, name, rule, declared, corner, needs)
    done = rule.get if read else rule.post
    if rule.on == "bin":
        _verbs, reach = table.rights(role, declared.slug)
        seen = corner == "deleted" and "own" in reach
        return expected(role, rule, declared, "", needs, done if seen or read else (404,))
    if rule.on == "verb" and not verbs_of(declared.model):
        return (403,) if not may(table.rights(role, declared.slug)[0], "view") else (404,)
    if done == (405,):  # the method is looked at after the right and before the row
        return expected(role, rule, declared, "", needs, done)
    if rule.on == "tab":
        done = (*done, 403)  # the rows behind the tab need a right of their own
    if rule.on == "cell":
        done = (*done, 404)  # a masked field has no control
    if rule.on == "verb" and verb_in_bin(name, declared):
        done = (*done, 404)
    if rule.on == "verb" and (declared.slug in table.PERSONAL or of_some(declared, more)):
        done = (*done, 403)  # some verbs are for certain persons of a row only
    return expected(role, rule, declared, corner, needs, done)


def of_some(declared: Entity, short: str) -> bool:
    verb = verbs_of(declared.model).get(short)
    return verb is not None and verb.mine is not Verb.mine


def verb_in_bin(name: str, declared: Entity) -> bool:
    return any(isinstance(v, Verb) and v.deleted for v in verbs_of(declared.model).values())


def api_answers(
    role: str, method: str, name: str, rule: Rule, declared: Entity, corner: str, needs: set[str]
) -> tuple[int, ...]:
    if name == "api-act":
        if not verbs_of(declared.model):
            return (403,) if not may(table.rights(role, declared.slug)[0], "view") else (404,)
        if method != "POST":
            return (403,) if not may(table.rights(role, declared.slug)[0], "view") else (405,)
        return expected(role, rule, declared, corner, needs, WRITTEN)
    writes = {"POST": "add"} if name == "api-collection" else {"PATCH": "change", "DELETE": "delete"}
    done = {"GET": (200,)}.get(method) or (WRITTEN if method in writes else (405,))
    verbs, reach = table.rights(role, declared.slug)
    if not may(verbs, "view"):
        return (403,)
    if name == "api-collection" and method == "POST" and not declared.creatable:
        return (405,)
    if corner and corner not in reach:
        return (404,)
    return done if method not in writes or may(verbs, writes[method]) else (403,)


def test_things_of_one_person_are_closed_to_everybody_else(world: World) -> None:
    wrong = []
    seeing = {
        "file": (
            "store-manager",
            "finance",
            "supervision",
            "technology",
            "audit-administrator",
            "owner",
            "representative",
        )
    }
    seeing["file-delete"] = seeing["file"]
    for name, arguments in world.things.items():
        if name.startswith("import-"):
            continue  # opened and closed in the importer's own tests; here only that strangers get nothing
        rule, url = RULES[name], reverse(name, kwargs=arguments)
        for role in ROLES:
            for method in ("GET", "POST"):
                response = send(world, role, method, url)
                if role == "anonymous":
                    ok = refused_login(response, url)
                elif (rule.get if method == "GET" else rule.post) == (405,):
                    ok = response.status_code in (403, 405)
                elif role in seeing.get(name, ("representative",)):
                    ok = response.status_code in (*(rule.get if method == "GET" else rule.post), 403, 404)
                else:
                    ok = response.status_code in (403, 404)
                wrong += [] if ok else [(role, method, url, response.status_code)]
    tell(wrong)


def test_an_import_that_is_not_there_is_not_found(world: World) -> None:
    wrong = []
    for name, arguments in world.things.items():
        if not name.startswith("import-"):
            continue
        for role in ROLES:
            url = reverse(name, kwargs=arguments)
            response = send(world, role, "POST", url)
            allowed = may(table.rights(role, "customers")[0], "import") if role != "anonymous" else False
            ok = (
                refused_login(response, url)
                if role == "anonymous"
                else response.status_code == (404 if allowed else 403)
            )
            wrong += [] if ok else [(role, url, response.status_code)]
    tell(wrong)


@pytest.mark.parametrize("role", ROLES)
def test_pages_without_a_row_answer_everybody_signed_in(world: World, role: str) -> None:
    wrong = []
    for name, rule in RULES.items():
        if rule.on not in ("none", "open", "library"):
            continue
        arguments = {}
        route = url_names()[name][0]
        arguments = {key: value for key, value in SAMPLE_ARGS.items() if f"<{key}>" in route or f":{key}>" in route}
        url = reverse(name, kwargs=arguments)
        for method in ("GET", "POST"):
            response = send(world, role, method, url)
            got = response.status_code
            if rule.on == "library":
                ok = got < 500 and (
                    role != "anonymous" or name in VISITOR or refused_login(response, url) or got in (401, 403, 404)
                )
            elif role == "anonymous" and rule.on != "open":
                ok = refused_login(response, url)
            else:
                ok = got in (rule.get if method == "GET" else rule.post)
            wrong += [] if ok else [(role, method, url, got)]
    tell(wrong)


@pytest.mark.req("SEC-04", "SEC-05")
@pytest.mark.parametrize("name", table.PAGES)
def test_pages_of_their_own_open_to_those_named_and_nobody_else(world: World, name: str) -> None:
    wrong = []
    slug, more, allowed = table.PAGES[name]
    url = reverse(name, kwargs={**({"pk": world.pk("own", slug)} if slug else {}), **more})
    for role in ROLES:
        for method in ("GET", "POST"):
            response = send(world, role, method, url)
            got = response.status_code
            if role == "anonymous":
                ok = refused_login(response, url) or got == 405
            elif role in allowed:
                ok = got < 500 and (got not in (403, 404) or method == "POST")
            else:
                ok = got in (403, 404, 405)
            wrong += [] if ok else [(role, method, url, got)]
    tell(wrong)


@pytest.mark.req("SEC-05")
def test_a_token_opens_what_its_person_may_open_and_nothing_more(world: World) -> None:
    from django.test import Client

    wrong = []
    for role in CAST:
        client = Client(headers={"authorization": f"Bearer {world.tokens[role]}"}, raise_request_exception=False)
        for declared in entities():
            verbs, reach = table.rights(role, declared.slug)
            for corner in OBJECTS:
                count["token"] += 1
                got = client.get(reverse("api-item", args=[declared.slug, world.pk(corner, declared.slug)])).status_code
                right = 403 if not may(verbs, "view") else 200 if corner in reach else 404
                wrong += [] if got == right else [(role, declared.slug, corner, got, right)]
    tell(wrong)
