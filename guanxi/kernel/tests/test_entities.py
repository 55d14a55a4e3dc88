"""What every registered entity keeps without writing a test of its own: names that exist, words, rights, tenancy."""

from __future__ import annotations

from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from guanxi.kernel.actions import Verb, perform, verbs_of
from guanxi.kernel.entities import Entity, entities, entity
from guanxi.kernel.errors import Forbidden, NotVisible
from guanxi.kernel.filters import parse, sentence
from guanxi.kernel.models import Company, Record
from guanxi.org.models import User
from guanxi.org.services import bump

# Rules that do not begin with the company, and why.
LONE = {
    "org.user.username": "people sign in without naming their company",
    "filing.joinlink.token": "the public address names no company",
}
INDEXES = dict.fromkeys(
    ("comment_of", "attachment_of", "interaction_of_object", "entry_evidence", "correction_of_record"),
    "found by the id of one record, which no two companies share",
)
# Models whose save() normalises values or opens a unit of work.
SAVES = {
    "deals.opportunity",
    "deals.opportunityline",
    "handover.handover",
    "handover.personnelchange",
    "org.department",
    "org.user",
    "sales.order",
    "sales.orderline",
    "sales.receipt",
    "sales.receivable",
    "sales.receiptshare",
    "targets.target",
}

every = pytest.mark.parametrize("declared", entities(), ids=lambda e: e.label)
records = [model for model in apps.get_models() if issubclass(model, Record)]
every_model = pytest.mark.parametrize("model", records, ids=lambda m: m._meta.label_lower)


@every
def test_every_name_in_a_declaration_is_a_field(declared: Entity) -> None:
    names = [
        *declared.columns,
        *declared.inline,
        *declared.subtitle,
        *declared.sorts,
        *declared.import_key,
        *declared.slots,
    ]
    names += [
        name
        for section in declared.sections
        for name in (*section.fields, *([section.when[0]] if section.when else []))
    ]
    names += [name for many in declared.search.values() for name in many]
    names += [declared.board.field, *chain(*declared.board.card)] if declared.board else []
    missing = [name for name in names if not known(declared, name)]
    columns = {column.name for column in declared.model._meta.concrete_fields}
    assert (missing, set(declared.hidden) - columns, set(declared.overrides) - columns) == ([], set(), set())
    assert {declared.name_field, declared.sort.lstrip("-").replace("-", "")} <= {*columns, "id", "pk"}
    assert not declared.scope_via or declared.field(declared.scope_via, None).target


def known(declared: Entity, name: str) -> bool:
    try:
        return bool(declared.field(name, None))
    except KeyError:
        return False


@every
def test_relations_lead_to_registered_entities_and_back(declared: Entity) -> None:
    for relation in declared.relations:
        target = entity(relation.target)
        column = target.model._meta.get_field(relation.via)
        assert column.related_model is declared.model, relation
    if declared.lines:
        assert declared.relation(declared.lines)


@every
def test_linked_rows_have_a_column_that_names_them(declared: Entity) -> None:
    for column in declared.model._meta.concrete_fields:
        if column.is_relation:
            target = column.related_model
            assert target._meta.get_field(getattr(target, "NAME", "name")), column


@pytest.mark.django_db
@every
def test_ready_made_views_are_readable_conditions_with_words(declared: Entity, company: Company) -> None:
    for view in declared.views:
        node = parse(view.where, declared, company)
        for language in ("zh-hans", "en"):
            with translation.override(language):
                assert sentence(node) or not view.where
        assert not view.sort or declared.field(view.sort.lstrip("-"), company).sortable, view.key


@every
def test_every_field_and_choice_has_words_and_a_tone_that_belongs_to_it(declared: Entity) -> None:
    with translation.override("en"):
        for field in declared.fields_for(None).values():
            assert str(field.label).strip(), field.name
            assert set(field.tones) <= {value for value, _label in field.choices}, field.name
            assert all(str(label) for _value, label in field.choices), field.name
            assert field.kind != "ref" or field.target in {e.label for e in entities()}, f"{field.name}: {field.target}"


@pytest.mark.parametrize("attribute", ["slug", "label"])
def test_no_two_entities_share_an_address(attribute: str) -> None:
    found = [getattr(declared, attribute) for declared in entities()]
    assert len(found) == len(set(found))


@every_model
def test_unique_rules_begin_with_the_company(model: type[Record]) -> None:
    label, wrong = model._meta.label_lower, []
    for rule in model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and rule.fields[:1] != ("company",):
            first = model._meta.get_field(rule.fields[0]) if rule.fields else None
            if not (first is not None and first.is_relation):  # a rule below one parent is inside its company
                wrong.append(rule.name)
    lone = [
        f"{label}.{c.name}" for c in model._meta.concrete_fields if c.unique and not c.primary_key and not c.is_relation
    ]
    assert wrong == []
    assert [name for name in lone if name not in LONE] == []


@every_model
def test_list_indexes_begin_with_the_company_or_a_parent(model: type[Record]) -> None:
    for index in model._meta.indexes:
        first = (index.fields or ["company"])[0].lstrip("-")
        assert first == "company" or model._meta.get_field(first).is_relation or index.name in INDEXES, index.name


@every_model
def test_save_does_no_more_than_normalise(model: type[Record]) -> None:
    own = {cls for cls in model.__mro__ if "save" in vars(cls) and issubclass(cls, Record) and cls is not Record}
    assert not own or model._meta.label_lower in SAVES


@pytest.mark.django_db
def test_a_verb_is_refused_without_the_right_and_finds_nothing_in_another_company(seller: Any, outsider: Any) -> None:
    """Of every entity; in one test, for putting the people together takes longer than asking."""
    seller.roles.clear()
    bump(seller.company_id)
    nobody = User.objects.get(pk=seller.pk)
    for declared in entities():
        for verb in verbs_of(declared.model).values():
            assert _answer(verb, nobody) is Forbidden, verb.name
            assert _answer(verb, outsider) is NotVisible, verb.name
        pk = nobody.pk if declared.label == "org.user" else 1
        assert not declared.model.objects.visible_to(outsider).filter(pk=pk).exists(), declared.label


def _answer(verb: Verb, actor: Any) -> type[Exception] | None:
    try:
        perform(verb, 1, actor=actor, params={})
    except (Forbidden, NotVisible) as no:
        return type(no)
    return None
