"""Accounts and contacts take part in duplicate protection; the queue of pairs and the list of merges."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.audit import queries as trail
from guanxi.duplicates.kinds import Kind, each, register
from guanxi.duplicates.models import REASONS, Merge, Pair
from guanxi.duplicates.services import guard, keys, merge, pairs  # noqa: F401 -- register sealers, jobs, judge and verbs
from guanxi.kernel import entities
from guanxi.kernel.entities import Entity, Section, View
from guanxi.org.queries import FURTHER


@each
def name_rights(kind: Kind) -> None:
    """The rights that the check and the merging ask for, as the rights of this entity."""
    for right, words in (("override", _("Save against the duplicate check")), ("merge", _("Merge files"))):
        _words, labels = FURTHER.get(right, (words, ()))
        FURTHER[right] = (words, (*labels, kind.label))


register(
    Kind(
        "customers.account",
        companies=("name", "short_name", "former_names"),
        phones=("phone",),
        code="credit_code",
        region="region_code",
        person=("kind", "person"),
    )
)
register(Kind("customers.contact", people=("name",), phones=("mobile", "phone"), inside="account"))

entities.register(
    Entity(
        model=Pair,
        title=_("Suspected duplicates"),
        slug="duplicate-pairs",
        icon="copy",
        name_field="a",
        columns=("a", "b", "score", "reasons", "state", "a.owner", "b.owner"),
        sort="-score",
        scope_via="a",
        sections=(Section(_("Decision"), ("state", "decided_by", "decided_on", "note")),),
        overrides={
            "score": {"kind": "percent", "style": "health", "editable": False},
            "reasons": {"kind": "tags", "choices": REASONS, "editable": False},
            "state": {"tones": {"open": "amber", "postponed": "gray", "different": "blue", "merged": "green"}},
            "a": {"editable": False},
            "b": {"editable": False},
        },
        headline=("score", "reasons", "state", "decided_by"),
        slots={"b": "line", "score": "right", "state": "tag1"},
        custom=False,
        creatable=False,
        importable=False,
        views=(
            View("open", _("To decide"), {"f": "state", "op": "is", "v": "open"}, icon="copy"),
            View("postponed", _("Postponed"), {"f": "state", "op": "is", "v": "postponed"}, icon="clock"),
            View("different", _("Not the same"), {"f": "state", "op": "is", "v": "different"}),
            View("merged", _("Merged"), {"f": "state", "op": "is", "v": "merged"}),
        ),
    )
)
entities.register(
    Entity(
        model=Merge,
        title=_("Merges"),
        slug="merges",
        icon="arrows-join",
        name_field="gone",
        columns=("gone", "kept", "created_at", "created_by", "rows", "reason", "undone_at"),
        sort="-id",
        scope_via="account",
        sections=(
            Section(_("Merge"), ("gone", "kept", "account", "created_at", "created_by", "rows", "reason", "undone_at")),
        ),
        overrides={name: {"editable": False} for name in ("gone", "kept", "account", "rows", "reason", "undone_at")},
        hidden=("label", "keep_id", "lose_id", "changed", "moved", "derived"),
        custom=False,
        creatable=False,
        importable=False,
    )
)
entities.entity("customers.account").bulk_pages += (("duplicates-merge", _("Merge"), "arrows-join", "merge"),)

trail.ACTS |= {
    "overrode": _("Saved against the duplicate check"),
    "merged": _("Merged"),
    "screen": _("Screened for duplicates"),
}
trail.DETAILS |= {"found": _("On file already"), "reason": _("Reason")}
