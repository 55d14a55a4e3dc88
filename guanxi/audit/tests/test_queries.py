"""The trail as people read it: words instead of codes, names instead of numbers, masks where they may not look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Q

from guanxi.audit import queries
from guanxi.audit.models import Entry
from guanxi.audit.services import witness
from guanxi.audit.tests.conftest import save_field
from guanxi.kernel import entities, work
from guanxi.kernel.models import Company, ExtraField
from guanxi.kernel.work import unit_of_work

pytestmark = pytest.mark.django_db
LABEL = "kernel.extrafield"


@dataclass
class Reader:
    company: Company
    closed: frozenset[str] = frozenset()
    masked: frozenset[str] = frozenset()
    pk: int = 1
    name: str = "王芳"
    department_id: None = None
    reach: Q = field(default_factory=Q)

    @property
    def company_id(self) -> int:
        return self.company.pk

    def closed_fields(self, label: str) -> frozenset[str]:
        return self.closed

    def masked_fields(self, label: str) -> frozenset[str]:
        return self.masked

    def scope(self, label: str, prefix: str = "") -> Q:
        return self.reach


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> entities.Entity:
    """Extra fields as an entity whose help text, for the test, is a link to another extra field."""
    one = entities.Entity(
        model=ExtraField,
        title="Fields",
        columns=("title",),
        overrides={"help": {"kind": "ref", "target": LABEL, "path": "help"}},
    )
    monkeypatch.setitem(entities._registry, LABEL, one)
    entities._fields.cache_clear()
    yield one
    entities._fields.cache_clear()


def note(company: Company, old: dict[str, Any], new: dict[str, Any], object_id: int = 5) -> Entry:
    change = work.Change(company.pk, LABEL, object_id, "行业", "changed", old, new)
    unit_of_work(lambda: work.require().note(change))
    return Entry.objects.latest("id")


@pytest.mark.req("SEC-09")
def test_choices_and_switches_are_shown_in_words(company: Company, declared: entities.Entity) -> None:
    entry = note(company, {"kind": "text", "required": False}, {"kind": "money", "required": True})
    assert queries.readable(entry, Reader(company)) == [
        queries.Line("Kind", "Text", "Amount"),
        queries.Line("Required", "No", "Yes"),
    ]


@pytest.mark.req("SEC-09", "QUAL-16")
@pytest.mark.parametrize("how", ["closed", "masked"])
def test_a_field_the_person_may_not_read_is_masked_on_both_sides(
    company: Company, declared: entities.Entity, how: str
) -> None:
    entry = note(company, {"title": "旧值", "name": "a"}, {"title": "新值", "name": "b"})
    lines = queries.readable(entry, Reader(company, **{how: frozenset({"title"})}))
    assert lines == [queries.Line("Title", "•••", "•••", True), queries.Line("Field name", "a", "b")]


def test_an_extra_field_follows_its_own_mask_and_an_unknown_one_stays_closed(
    company: Company, declared: entities.Entity
) -> None:
    unit_of_work(lambda: ExtraField(company=company, label=LABEL, name="size", title="规模").save())
    unit_of_work(lambda: ExtraField(company=company, label=LABEL, name="secret", title="底价").save())
    entities._fields.cache_clear()
    entry = note(
        company,
        {"extra": {"size": "10", "same": 1}},
        {"extra": {"size": "20", "same": 1, "secret": "99", "gone": "x"}},
    )
    assert queries.readable(entry, Reader(company, masked=frozenset({"x_secret"}))) == [
        queries.Line("规模", "10", "20"),
        queries.Line("底价", "", "•••", True),
        queries.Line("gone", "", "•••", True),
    ]


def test_a_column_nobody_knows_any_more_stays_closed(company: Company, declared: entities.Entity) -> None:
    entry = note(company, {}, {"bank_account": "6222"})
    assert queries.readable(entry, Reader(company)) == [queries.Line("bank_account", "", "•••", True)]


def test_linked_rows_are_named_with_one_query_for_a_page(
    company: Company, declared: entities.Entity, django_assert_num_queries: Any
) -> None:
    rows = [save_field(company, f"link{number}", title=f"字段{number}") for number in range(5)]
    page = [note(company, {"help": None}, {"help": row.pk}, object_id=number) for number, row in enumerate(rows)]
    reader = Reader(company)
    declared.fields_for(company)
    with django_assert_num_queries(1):
        lines = queries.readable_many(page, reader)
    assert [line[0].new for line in lines] == [f"字段{number}" for number in range(5)]


def test_a_linked_row_outside_the_scope_is_not_named(company: Company, declared: entities.Entity) -> None:
    row = save_field(company, "link", title="别人的客户")
    entry = note(company, {"help": None}, {"help": row.pk})
    assert queries.readable(entry, Reader(company, reach=Q(pk__in=[])))[0].new == "•••"


def test_details_of_an_act_name_the_field_and_hide_the_filter_from_those_with_masks(
    company: Company, declared: entities.Entity
) -> None:
    witness("export", LABEL, company_id=company.pk, rows=3, field="title", filter={"title": "秘密"})
    entry = Entry.objects.get()
    assert [line.new for line in queries.readable(entry, Reader(company))] == [
        "3",
        "Title",
        '{"title": "秘密"}',
    ]
    masked = queries.readable(entry, Reader(company, masked=frozenset({"title"})))
    assert [line.new for line in masked] == ["3", "Title", "•••"]


def test_history_and_log_page_by_the_last_entry_seen(company: Company) -> None:
    for number in range(5):
        note(company, {"name": number}, {"name": number + 1})
    first = queries.history(LABEL, 5, limit=3)
    second = queries.history(LABEL, 5, limit=3, before=first[-1].pk)
    assert [len(first), len(second)] == [3, 2]
    page = queries.entries(company.pk, limit=2, label=LABEL)
    rest = queries.entries(company.pk, before=page[-1].pk, label=LABEL)
    assert [entry.pk for entry in page + rest] == [entry.pk for entry in first + second]
    assert queries.entries(None) == []
    assert queries.entries(company.pk, verb="export", actor="") == []


def test_the_kind_and_the_act_are_words(company: Company, declared: entities.Entity) -> None:
    entry = note(company, {"name": "a"}, {"name": "b"})
    assert (queries.act(entry), queries.kind(entry)) == ("Changed", "extra field")
