"""How pools, their customers, their rules and the times of ownership show up; what pools add to customers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.entities import Entity, Relation, Section, View, add_relation, add_view, entity, extend, register
from guanxi.kernel.fields import Field
from guanxi.org.holdings import history, holds, leave
from guanxi.org.presets import READ, WORKING, grant
from guanxi.pool.models import Cause, Pool, RecycleRule, ReturnReason, Stay, Tenure, Watch
from guanxi.pool.queries import ACCOUNT, CLOSABLE, SHOWN, PoolSight, day_fields, pools_of
from guanxi.pool.services import pools

TONES = {Cause.RETURNED: "blue", Cause.RECYCLED: "amber", Cause.UNOWNED: "gray"}


def _of_customer() -> tuple[Field, ...]:
    """Fields of the customer as the pool shows them: under their own names, read only."""
    fields = {f.name: f for f in entity(ACCOUNT).own_fields()}
    return tuple(replace(found.under("account", found.label), name=name) for name in SHOWN if (found := fields[name]))


def _closable() -> tuple[tuple[str, Any], ...]:
    fields = entity(ACCOUNT).fields_for(None)
    return tuple((name, _("Contacts") if name == "contacts" else fields[name].label) for name in CLOSABLE)


def _views(user: Any) -> list[View]:
    """The switch between the pools a person sees."""
    mine = pools_of(user)
    return [View(f"pool-{p.pk}", p.name, {"f": "pool", "op": "is", "v": p.pk}, icon="inbox") for p in mine[:12]]


register(
    Entity(
        model=Stay,
        title=_("Open pool"),
        slug="pool",
        icon="inbox",
        columns=("name", "pool", "stage", "grade", "industry", "region_code", "phone", "last_contact_on", "reason", "former_owner",
                 "entered_at"),
        sort="-entered_at",
        sections=(
            Section(_("In the pool"), ("pool", "entered_at", "cause", "reason", "details", "former_owner", "former_department")),
            Section(_("Customer"), SHOWN),
        ),
        overrides={"cause": {"tones": TONES}, "entered_at": {"style": "ago"}},
        extra_fields=_of_customer(),
        hidden=("account",),
        search={"names": ("name",)},
        subtitle=("pool", "region_code"),
        headline=("pool", "entered_at", "reason", "former_owner", "stage", "last_contact_on"),
        slots={"stage": "tag1", "grade": "tag2", "region_code": "line", "reason": "left", "entered_at": "mid"},
        sight=PoolSight(),
        row_verbs=("claim",),
        more_views=_views,
        creatable=False,
        importable=False,
        custom=False,
        guard=pools.untouchable,
        views=(
            View("new", _("New in the last 7 days"), {"f": "entered_at", "op": "last_days", "v": 7}, icon="clock"),
            View("bought", _("Have bought before"), {"f": "first_order_on", "op": "not_empty"}, icon="shopping-cart"),
        ),
    )
)  # fmt: skip
register(
    Entity(
        model=Pool,
        setting=True,
        title=_("Pools"),
        slug="pools",
        icon="inbox",
        columns=(
            "name",
            "content",
            "is_default",
            "holding_limit",
            "claims_per_day",
            "views_per_day",
            "cool_down_days",
            "is_active",
        ),
        sort="name",
        sections=(
            Section(_("Pool"), ("name", "content", "is_active", "remark")),
            Section(_("Until claimed"), ("hidden",)),
            Section(_("Limits"), ("holding_limit", "claims_per_day", "views_per_day", "cool_down_days")),
        ),
        overrides={"hidden": {"choices": SimpleLazyObject(_closable)}},
        search={"names": ("name",)},
        importable=False,
        scoped=False,
        custom=False,
        clean=pools.check_pool,
        guard=pools.keep_pool,
    )
)
register(
    Entity(
        model=ReturnReason,
        setting=True,
        title=_("Return reasons"),
        slug="return-reasons",
        icon="message-reply",
        columns=("name", "position"),
        sort="position",
        sections=(Section(_("Return reason"), ("name", "position")),),
        import_key=("name",),
        scoped=False,
        custom=False,
    )
)
register(
    Entity(
        model=RecycleRule,
        setting=True,
        title=_("Recycle rules"),
        slug="recycle-rules",
        icon="recycle",
        columns=("name", "is_active", "count_from", "days", "warn_days", "pool", "position"),
        sort="position",
        sections=(
            Section(_("Recycle rule"), ("name", "is_active", "position", "pool")),
            Section(_("Which customers"), ("where",)),
            Section(_("When"), ("count_from", "days", "warn_days")),
        ),
        overrides={
            "where": {"style": "filter:customers.account"},
            "count_from": {
                "kind": "choice",
                "choices": SimpleLazyObject(lambda: tuple((n, f.label) for n, f in day_fields(None).items())),
            },
        },
        importable=False,
        scoped=False,
        custom=False,
        clean=pools.check_rule,
    )
)
register(
    Entity(
        model=Tenure,
        title=_("Times of ownership"),
        slug="tenures",
        icon="history",
        name_field="id",
        columns=("holder", "since", "until", "began", "ended", "reason", "account"),
        sort="-id",
        sections=(
            Section(_("Time of ownership"), ("account", "holder", "since", "until", "began", "ended", "reason")),
        ),
        scope_via="account",
        guard=pools.kept_history,
        creatable=False,
        importable=False,
        custom=False,
    )
)
add_relation(ACCOUNT, Relation("tenures", "pool.tenure", "account", _("Times of ownership")))
extend(
    ACCOUNT,
    relation="stay",
    model=Stay,
    fields={
        "pool": {"label": _("Lies in the pool")},
        "entered_at": {"name": "pooled_at", "label": _("In the pool since")},
        "reason": {"name": "return_reason"},
    },
)
extend(
    ACCOUNT,
    relation="watch",
    model=Watch,
    fields={"protected": {}, "recycle_on": {"sortable": True, "style": "due"}},
)
add_view(
    ACCOUNT,
    View(
        "recycling", _("About to be recycled"), {"f": "recycle_on", "op": "next_days", "v": 14}, "recycle_on", "recycle"
    ),
)

# Which pools' customers a person sees follows from the departments a pool serves; scope "all" sees every pool.
grant("pool.stay", [*READ, "claim"], "department", to=("representative", "direct-sales"))
grant("pool.stay", [*READ, "claim", "assign"], "tree", to=("store-manager", "supervisor"))
grant("pool.stay", READ, to=("operations-specialist",))
grant("pool.stay", [*READ, "claim", "assign", "export"], to=("business-department",))
for label in ("pool.pool", "pool.returnreason", "pool.recyclerule"):
    grant(label, READ, to=WORKING)
    grant(label, ["*"], to=("business-department",))
holds("pool.pool", "administrators", _("Pools administered"), leave("administrators"), ends=True)
history("pool.stay", "former_owner")
history("pool.tenure", "holder")
history("pool.quota", "user")
history("pool.glance", "user")
