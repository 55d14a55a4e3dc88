"""The guards of the product, each with a way to take it out and the tests that must then fail; also the pytest plugin that does it."""

from __future__ import annotations

import base64
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

ENV = "GUANXI_MUTATION"
NONE = "none"  # the control: the same tests with every guard in place


@dataclass(frozen=True)
class Mutation:
    """`weaken(original)` stands in the place of `target`.  A function is replaced wherever its module's name was imported;
    a name that another module borrowed (`web.cells.is_masked`) is replaced there alone."""

    name: str
    target: str
    weaken: Callable[[Any], Any]
    nodes: tuple[str, ...]


def nothing(_original: Any) -> Callable[..., None]:
    return lambda *_args, **_more: None


def no(_original: Any) -> Callable[..., bool]:
    return lambda *_args, **_more: False


def everything(_original: Any) -> Callable[..., Any]:
    from django.db.models import Q

    return lambda _self, _label, prefix="": ~Q(**{f"{prefix}pk__in": []})


def any_company(_original: Any) -> Callable[..., Any]:
    return lambda rows, user: rows.filter(user.scope(rows.model._meta.label_lower), deleted_at=None)


def with_the_bin(_original: Any) -> Callable[..., Any]:
    from django.db.models import Manager

    return lambda self: super(Manager, self).get_queryset()


def unmasked_hits(_original: Any) -> Callable[..., Any]:
    from guanxi.kernel.search import matching_ids

    return lambda declared, text, user: matching_ids(declared.label, text, user.company_id)


def every_time(_original: Any) -> Callable[..., Any]:
    from guanxi.kernel import work

    return lambda _user, _key, body: (work.unit_of_work(body), False)


def unconditional(original: Any) -> Callable[..., Any]:
    return lambda rows, pk, _expected, values: original(rows, pk, {}, values)


def unsigned(original: Any) -> Any:
    def loads(text: str, **_more: Any) -> Any:
        body = text.split(":")[0]
        return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))

    return SimpleNamespace(dumps=original.dumps, loads=loads, BadSignature=original.BadSignature)


def undeclared(original: Any) -> Callable[..., None]:
    def publish(name: str, company_id: int | None, **payload: Any) -> None:
        from guanxi.kernel import events

        events.declare(name)
        original(name, company_id, **payload)

    return publish


def may_hand_over(original: Any) -> Callable[..., Any]:
    class Anybody:
        def __init__(self, user: Any) -> None:
            self.user = user

        def __getattr__(self, name: str) -> Any:
            return getattr(self.user, name)

        def may(self, verb: str, label: str) -> bool:
            return verb == "hand_over" or bool(self.user.may(verb, label))

    return lambda declared, user, names=None: original(declared, Anybody(user), names)


def nobody(prefix: str) -> Any:
    from django.db.models import Q

    return Q(**{f"{prefix}pk__in": []})


def due_at_once(original: Any) -> Callable[..., Any]:
    """Whoever a rule means is due, whatever was done since."""
    from dataclasses import replace

    return lambda rules, ids, as_of: {pk: replace(due, on=as_of) for pk, due in original(rules, ids, as_of).items()}


def unseparated(original: Any) -> Callable[..., Any]:
    """Roles are given as if none excluded another."""

    def give(user: Any, roles: Any) -> None:
        wanted = list(roles)
        for role in wanted:
            role.exclusive = ""
        original(user, wanted)

    return give


ORG, KERNEL, WEB = "guanxi/org/tests/", "guanxi/kernel/tests/", "guanxi/web/tests/"
WORK, JOBS, ROLES = f"{KERNEL}test_work.py::", f"{KERNEL}test_jobs_and_events.py::", f"{ORG}test_roles.py::"
CHAIN, OWN, SIGN_IN = "guanxi/audit/tests/test_chain.py::", f"{WEB}test_guards.py::", f"{ORG}test_sign_in.py::"
POOL, LIMITS = "guanxi/pool/tests/test_pool.py::", "guanxi/pool/tests/test_limits.py::"
EXPORTS = "guanxi/exchange/tests/test_exports.py::"
MASKS = (f"{ROLES}test_a_mask_holds_in_lists_search_filters_sorting_export_and_interface",)

MUTATIONS = (
    Mutation("data scope", "guanxi.org.access.Access.scope", everything,
             (f"{WEB}test_lists.py::test_a_representative_sees_own_customers_and_nobody_elses",)),
    Mutation("company", "guanxi.kernel.models.base.RecordQuerySet.visible_to", any_company,
             (f"{ORG}test_access.py::test_another_company_is_never_seen",)),
    Mutation("recycle bin", "guanxi.kernel.models.base.RecordManager.get_queryset", with_the_bin,
             (f"{WORK}test_the_bin_gives_back_and_refuses_what_would_stand_twice",)),
    Mutation("right on an entity", "guanxi.kernel.verbs.require_right", nothing,
             (f"{EXPORTS}test_who_may_not_export_gets_no_file",)),
    Mutation("right on a verb", "guanxi.kernel.actions.guard", nothing,
             (f"{KERNEL}test_entities.py::test_a_verb_is_refused_without_the_right_and_finds_nothing_in_another_company",)),
    Mutation("mask in cells", "guanxi.web.cells.is_masked", no, MASKS),
    Mutation("mask on the record", "guanxi.web.views.records.is_masked", no, MASKS),
    Mutation("mask in the interface", "guanxi.api.views.is_masked", no, MASKS),
    Mutation("mask in exports", "guanxi.exchange.exporting.is_masked", no,
             (f"{EXPORTS}test_closed_fields_are_missing_and_masked_ones_masked",)),
    Mutation("closed fields in filters", "guanxi.web.reading.may_use", lambda _old: lambda _user: lambda _declared, _name: True,
             (f"{KERNEL}test_filters.py::test_a_closed_or_masked_field_can_be_neither_filtered_nor_sorted_by",)),
    Mutation("masked fields in search", "guanxi.kernel.search.hits", unmasked_hits, MASKS),
    Mutation("version", "guanxi.kernel.actions.check_version", nothing,
             (f"{WORK}test_stale_writes_are_refused_with_both_versions_at_hand",)),
    Mutation("sent twice", "guanxi.kernel.idempotency.once", every_time, (f"{WORK}test_the_same_key_is_carried_out_once",)),
    Mutation("take only what is free", "guanxi.kernel.models.base.RecordQuerySet.take", unconditional,
             (f"{OWN}test_a_limited_thing_is_taken_once",)),
    Mutation("form token", "django.middleware.csrf.CsrfViewMiddleware.process_view", nothing,
             (f"{OWN}test_a_form_without_its_token_is_refused",)),
    Mutation("trail", "guanxi.kernel.work.sealers", lambda old: [pair for pair in old if pair[1].__name__ != "seal"],
             (f"{CHAIN}test_a_change_is_kept_with_old_value_person_place_and_reason",)),
    Mutation("mac of an entry", "guanxi.audit.chain.mac_of", lambda _old: lambda _key, _before, _body: "0" * 64,
             (f"{CHAIN}test_one_altered_row_is_reported_once_and_the_rest_still_checked",)),
    Mutation("append-only", "guanxi.audit.guards.Guard.sqlite", lambda _old: lambda _guard: [],
             (f"{CHAIN}test_the_database_refuses_to_change_or_delete_an_entry",)),
    Mutation("signature of a page", "guanxi.web.paging.signing", unsigned,
             (f"{WEB}test_paging.py::test_a_forged_cursor_begins_at_the_beginning",)),
    Mutation("content of a file", "guanxi.org.files.check", lambda _old: lambda name, _size, _head: Path(name).suffix,
             (f"{OWN}test_a_file_is_what_its_name_promises",)),
    Mutation("formulas in tables", "guanxi.formats.tables.write.neutralise", lambda _old: lambda text: text,
             (f"{EXPORTS}test_formulas_are_neutralised",)),
    Mutation("lease of a job", "guanxi.kernel.jobs.Run.fence", nothing,
             (f"{JOBS}test_a_lost_lease_is_taken_over_and_the_loser_cannot_finish",)),
    Mutation("one more attempt", "guanxi.kernel.work._retryable", no,
             (f"{WORK}test_a_unit_that_has_to_be_repeated_leaves_what_one_attempt_leaves",)),
    Mutation("nothing before COMMIT", "guanxi.kernel.work.after_commit", lambda _old: lambda function: function(),
             (f"{WORK}test_a_failed_unit_announces_nothing_and_leaves_objects_unsaved",)),
    Mutation("events have a name", "guanxi.kernel.events.publish", undeclared,
             (f"{JOBS}test_an_event_is_gone_with_its_unit_and_unknown_names_are_found",)),
    Mutation("administrators kept apart", "guanxi.org.services.accounts.give_roles", unseparated,
             (f"{ROLES}test_nobody_holds_two_of_the_three_administrators",)),
    Mutation("administrators gain nothing", "guanxi.org.services.roles._stay_separated", nothing,
             (f"{ROLES}test_the_three_administrators_gain_nothing_beyond_their_preset",)),
    Mutation("own role", "guanxi.org.services.roles._not_own", nothing,
             (f"{OWN}test_nobody_changes_a_role_they_hold",)),
    Mutation("accounts of administrators", "guanxi.org.services.accounts.protect", nothing,
             (f"{ORG}test_organisation.py::test_marketing_hands_out_no_powerful_role_and_touches_no_administrator",)),
    Mutation("limit of failed sign-ins", "django.conf.settings.ACCOUNT_RATE_LIMITS", lambda _old: False,
             (f"{SIGN_IN}test_after_five_failures_the_account_is_closed_for_a_while_even_to_the_right_password",)),
    Mutation("initial password", "guanxi.web.middleware.FREE", lambda _old: ("/",),
             (f"{SIGN_IN}test_an_initial_password_is_replaced_before_anything_else",)),
    Mutation("content policy", "csp.middleware.CSPMiddleware.process_response", lambda _old: lambda _self, _request, response: response,
             ("tests/test_settings.py::test_every_answer_carries_the_strict_content_policy",)),
    Mutation("typed owner", "guanxi.web.forms.editable", may_hand_over, (f"{OWN}test_who_may_not_hand_over_cannot_type_an_owner",)),
    Mutation("parent in reach", "guanxi.kernel.verbs._check_parent", nothing,
             ("guanxi/customers/tests/test_files.py::test_nobody_writes_into_a_file_out_of_sight",)),
    Mutation("pools of others", "guanxi.pool.queries.PoolSight.rows", lambda _old: lambda _self, _access, prefix: ~nobody(prefix),
             (f"{POOL}test_a_pool_serves_its_departments_and_nobody_else",)),
    Mutation("what a pool hides", "guanxi.pool.queries.PoolSight.masked", lambda _old: lambda _self, _access: frozenset(),
             (f"{POOL}test_what_a_pool_hides_is_closed_to_filter_search_sort_export_and_interface",)),
    Mutation("no department in a pool", "guanxi.pool.services.settle._take_out", nothing,
             (f"{POOL}test_a_leader_sees_customers_of_a_pool_through_the_pool_only",)),
    Mutation("claims and views a day", "guanxi.pool.services.limits._take", lambda _old: lambda *_args: True,
             (f"{LIMITS}test_a_day_allows_so_many_claims_and_tomorrow_starts_anew",)),
    Mutation("customers held", "guanxi.pool.services.limits.check_holding", nothing,
             (f"{LIMITS}test_a_person_holds_only_so_many_customers",)),
    Mutation("cool-down", "guanxi.pool.services.limits.check_cool_down", nothing,
             (f"{LIMITS}test_who_gave_a_customer_back_waits_until_the_cool_down_is_over",)),
    Mutation("second look before recycling", "guanxi.pool.services.recycling.due_days", due_at_once,
             ("guanxi/pool/tests/test_recycling.py::test_a_follow_up_keeps_the_customer_and_the_warning_comes_anew",)),
)  # fmt: skip


def find(target: str) -> tuple[Any, str]:
    """What holds the last part of a dotted name, and that part."""
    *path, last = target.split(".")
    holder: Any = import_module(path[0])
    for step, part in enumerate(path[1:], start=2):
        if isinstance(holder, ModuleType) and not hasattr(holder, part):
            holder = import_module(".".join(path[:step]))
        else:
            holder = getattr(holder, part)
    return holder, last


def apply(mutation: Mutation) -> None:
    holder, name = find(mutation.target)
    original = getattr(holder, name)
    weak = mutation.weaken(original)
    setattr(holder, name, weak)
    if callable(original) and getattr(original, "__module__", "") == getattr(holder, "__name__", None):
        for module in [m for label, m in sys.modules.items() if label.startswith("guanxi")]:
            for borrowed in [key for key, value in vars(module).items() if value is original]:
                setattr(module, borrowed, weak)


def pytest_sessionstart() -> None:
    wanted = os.environ.get(ENV, NONE)
    for mutation in MUTATIONS:
        if mutation.name == wanted:
            apply(mutation)
            return
    assert wanted == NONE, f"no mutation is called {wanted}"
