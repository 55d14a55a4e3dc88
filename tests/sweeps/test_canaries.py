"""A value that is masked or closed to a role never appears in any output of that role; the owner finds it in the same."""

from __future__ import annotations

import io
import json
import logging
import zipfile
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from guanxi.formats.phones import mask_phone
from guanxi.kernel.addresses import list_url, record_url
from guanxi.kernel.entities import Entity, by_slug
from guanxi.kernel.entities import entities as all_entities
from guanxi.org.services import comment
from tests.sweeps.table import CLOSED
from tests.sweeps.test_access import tell
from tests.sweeps.world import World, undone

pytestmark = pytest.mark.django_db
count: Counter[str] = Counter()
FRAGMENT = {"HX-Request": "true"}


@pytest.fixture(scope="module", autouse=True)
def tally() -> Any:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)
    print(f"\ncanary sweep: {sum(count.values()):,} outputs {dict(count)}")


def text_of(response: Any) -> str:
    """The answer as text: files unpacked, separators of thousands and escapes taken away."""
    data = b"".join(response.streaming_content) if response.streaming else response.content
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            data = b"".join(file.read(name) for name in file.namelist())
    text = data.decode("utf-8", "replace")
    return (text + "".join(map(str, response.headers.values()))).replace(",", "").replace("\\u", "")


def outputs(world: World, role: str, declared: Entity, name: str) -> Iterator[tuple[str, str]]:
    """(what, text) of every place the field could show itself."""
    client, pk, slug = world.client(role), world.pk("own", declared.slug), declared.slug
    lists, item = list_url(slug), record_url(slug, pk)
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("list", lists, {"columns": name}), ("list rows", lists, {"columns": name, "part": "rows"}),
        ("board", lists, {"columns": name, "layout": "board"}), ("record", item, {}), ("edit", f"{item}edit/", {}),
        ("print", f"{item}print/", {}), ("history", f"{item}history/", {}), ("comments", f"{item}comments/", {}),
        ("cell", f"{item}cell/{name}/", {}), ("cell shown", f"{item}cell/{name}/", {"show": 1}),
        ("new", f"{list_url(slug)}new/", {}), ("bin", reverse("record-bin", args=[slug]), {}),
        ("pick", reverse("entity-pick", args=[slug]), {}), ("home", "/notifications/", {}),
        ("api list", reverse("api-collection", args=[slug]), {}), ("api item", reverse("api-item", args=[slug, pk]), {}),
        ("sorted", lists, {"sort": name}), ("sorted down", reverse("api-collection", args=[slug]), {"sort": f"-{name}"}),
    ]  # fmt: skip
    asked += [(f"tab {r.name}", f"{item}tab/{r.name}/", {"columns": name}) for r in declared.relations if r.tab]
    asked += linked(world, declared, name)
    for what, url, query in asked:
        yield what, text_of(client.get(url, query))
    with undone():
        yield "reveal", text_of(client.post(f"{item}reveal/{name}/"))
        for kind in ("csv", "xlsx"):
            sent = {"format": kind, "state": f"columns={name}", "everything": "1"}
            yield f"export {kind}", text_of(client.post(reverse("record-export", args=[slug]), sent))
        yield (
            "api patch",
            text_of(
                client.generic("PATCH", reverse("api-item", args=[slug, pk]), "{}", content_type="application/json")
            ),
        )
        conflict = {"version": 0, "key": "", "name": "x", name: "1"}
        yield "conflict", text_of(client.post(f"{item}edit/", conflict))


def linked(world: World, declared: Entity, name: str) -> list[tuple[str, str, dict[str, Any]]]:
    """The field as a column of other entities, over every link that leads here."""
    found = []
    for other in all_entities():
        for link in other.fields_for(None).values():
            if link.target == declared.label:
                found.append(
                    (
                        f"{other.slug}.{link.name}",
                        list_url(other.slug),
                        {"columns": f"{link.name}.{name}"},
                    )
                )
    return found[:6]


def canaries(world: World, slug: str, name: str) -> set[str]:
    return {value for (corner, s, f), value in world.values.items() if (s, f) == (slug, name) and corner != "foreign"}


@pytest.mark.req("SEC-06", "SEC-07")
@pytest.mark.parametrize("role", CLOSED)
def test_what_is_closed_to_a_role_never_shows(world: World, role: str) -> None:
    wrong, mute = [], []
    for slug, names in CLOSED[role].items():
        declared = by_slug(slug)
        for name in names:
            values = canaries(world, slug, name)
            assert values, f"no canary in {slug}.{name}"
            own = world.values["own", slug, name]
            for what, text in outputs(world, role, declared, name):
                count[what.split()[0]] += 1
                wrong += [(role, slug, name, what) for value in values if value in text]
            if not any(own in text for _what, text in outputs(world, "owner", declared, name)):
                mute.append((slug, name, "never shown to the owner either"))
    tell(wrong + mute)


@pytest.mark.req("SEC-06", "SEC-07")
@pytest.mark.parametrize("role", CLOSED)
def test_what_is_closed_to_a_role_cannot_be_searched_filtered_or_sorted_by(world: World, role: str) -> None:
    wrong = []
    for slug, names in CLOSED[role].items():
        declared, client = by_slug(slug), world.client(role)
        for name in names:
            value = world.values["own", slug, name]
            url = reverse("api-collection", args=[slug])
            where = json.dumps({"f": name, "op": "is", "v": value})
            count["filter"] += 3
            if client.get(url, {"where": where}).status_code != 400:
                wrong.append((role, slug, name, "filter"))
            if found(client.get(url, {"q": value})):
                wrong.append((role, slug, name, "words"))
            title = str(world.corners["own"].rows[slug])
            if title in text_of(client.get("/search/", {"q": value}, headers=FRAGMENT)):
                wrong.append((role, slug, name, "search"))
            if (
                declared.search
                and any(name in group for group in declared.search.values())
                and not found(world.client("owner").get(url, {"q": value}))
            ):
                wrong.append(("owner", slug, name, "cannot find it: the test is blind"))
    tell(wrong)


def found(response: Any) -> list[Any]:
    return list(response.json().get("results", [])) if response.status_code == 200 else []


@pytest.mark.req("SEC-06")
def test_a_shared_view_does_not_tell_what_its_filter_holds(world: World) -> None:
    from guanxi.kernel import work
    from guanxi.web.models import SavedView

    owner, value = world.people["owner"], world.values["own", "customers", "phone"]
    where = {"all": [{"f": "phone", "op": "is", "v": value}]}
    view = SavedView(
        company=owner.company,
        created_by=owner,
        label="customers.account",
        name="共享",
        owner=owner,
        where=where,
        shared=True,
    )
    work.unit_of_work(view.save)
    assert value in text_of(world.client("owner").get("/customers/", {"view": view.pk}))
    assert value not in text_of(world.client("technology").get("/customers/", {"view": view.pk}))


@pytest.mark.req("SEC-05")
def test_a_link_to_a_row_out_of_reach_is_not_named(world: World) -> None:
    """Typing the id of a stranger's row into the address of a form must not bring its name."""
    for corner in ("foreign", "elsewhere", "colleague", "deleted"):
        account = world.corners[corner].rows["customers"]
        client = world.client("representative")
        page = text_of(client.get("/contacts/new/", {"account": account.pk}))
        refused = text_of(client.post("/contacts/new/", {"account": account.pk, "name": "x"}))
        assert account.name not in page + refused, corner


@pytest.mark.req("SEC-05")
def test_a_column_over_a_link_shows_nothing_of_rows_out_of_reach(world: World) -> None:
    from guanxi.customers.models import Account

    mine, theirs = world.corners["own"].rows["customers"], world.corners["elsewhere"].rows["customers"]
    Account.objects.filter(pk=mine.pk).update_silently(parent=theirs)
    for name in ("address", "phone", "remark"):
        secret = world.values["elsewhere", "customers", name]
        query = {"columns": f"parent.{name}"}
        assert secret not in text_of(world.client("representative").get("/customers/", query)), name
        shown = mask_phone(secret) if name == "phone" else secret
        assert shown in text_of(world.client("owner").get("/customers/", query)), name


@pytest.mark.req("SEC-07")
def test_a_mention_tells_only_those_who_may_see_the_record(world: World) -> None:
    account = world.corners["own"].rows["customers"]
    with undone():
        comment(
            account,
            "@人stranger @人store-manager 看",
            actor=world.people["representative"],
            url="/customers/",
        )
        assert "看" not in text_of(world.client("outsider").get("/notifications/"))
        assert account.name not in text_of(world.client("outsider").get("/notifications/"))
