"""Is this customer on file already?  Looked up over the whole company; what lies out of reach is shown masked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from guanxi.duplicates.kinds import Kind, kind_of, kinds
from guanxi.duplicates.likeness import CERTAIN, WARN, Facts, Likeness, compare, keys
from guanxi.duplicates.models import REASONS, DupKey
from guanxi.formats.names import company_parts
from guanxi.kernel.addresses import record_url
from guanxi.org.models import User
from guanxi.web.atoms import day

MOST_KEYS = 3000  # postings looked at per file; a key shared by more files than that tells nothing
MOST_COMPARED, MOST_SHOWN = 300, 5
AT_ONCE = 500  # files asked about in one statement
WORDS = dict(REASONS)
STRONG = {"c": 100, "m": 20, "t": 10, "b": 5, "p": 2}  # what a shared key weighs when there are too many to compare


@dataclass(frozen=True)
class Hit:
    """One file that looks the same, as this person may see it: without an address where it lies out of reach."""

    label: str
    pk: int
    likeness: Likeness
    name: str
    owner: str = ""
    department: str = ""
    last_contact_on: date | None = None
    url: str = ""

    @property
    def hard(self) -> bool:
        return self.likeness.score >= CERTAIN

    @property
    def keeper(self) -> str:
        return " · ".join(filter(None, (self.owner, self.department))) or _("nobody")

    @property
    def why(self) -> str:
        return "、".join(str(WORDS[word]) for word in self.likeness.reasons)

    @property
    def note(self) -> str:
        """Who looks after it, when they last spoke, and why it is shown."""
        parts = [_("looked after by %(who)s") % {"who": self.keeper}]
        if self.last_contact_on:
            parts.append(_("last contact %(day)s") % {"day": day(self.last_contact_on)})
        if self.likeness.related:
            parts.append(_("another company that is related"))
        elif not self.hard:
            parts.append(_("likeness %(n)s%%") % {"n": round(self.likeness.score * 100)})
        return " · ".join(filter(None, (*parts, self.why)))

    @property
    def sentence(self) -> str:
        """Who it looks like, who looks after that, and why."""
        words = {"name": self.name, "keeper": self.keeper, "why": self.why}
        if self.hard:
            return _("On file already: %(name)s (%(keeper)s): %(why)s") % words
        return _("Possibly on file already: %(name)s (%(keeper)s): %(why)s") % words


Found = dict[tuple[str, int], Likeness]


def look(many: Sequence[Facts], company_id: int, besides: Iterable[int] = ()) -> list[Found]:
    """For each of these files what looks like it: everything from WARN on, and companies related to it.

    One file is compared with all that share a key with it.  Of many at once only those are, that share more than one
    weak key: nine in ten share just one and mean somebody else, and the few others are found by the screening.
    """
    own, least = set(besides), 1 if len(many) == 1 else 2
    return [one for n in range(0, len(many), AT_ONCE) for one in _look(many[n : n + AT_ONCE], company_id, own, least)]


def _look(many: Sequence[Facts], company_id: int, own: set[int], least: int) -> list[Found]:
    asked = [keys(found, company_id) for found in many]
    shared = [
        [key for key, weight in one.most_common(MOST_COMPARED) if weight >= least]
        for one in _postings(asked, company_id, own)
    ]
    known = _facts({key for one in shared for key in one})
    found: list[Found] = []
    for mine, candidates in zip(many, shared, strict=True):
        likely: Found = {}
        for label, pk in candidates:
            theirs = known.get((label, pk))
            if theirs is None or pk == mine.inside or theirs.inside in own:
                continue  # a contact may well have the phone of its own account
            likeness = compare(mine, theirs)
            if likeness.score >= WARN or likeness.related:
                likely[label, pk] = likeness
        found.append(likely)
    return found


def _postings(asked: Sequence[dict[int, str]], company_id: int, besides: set[int]) -> list[Counter[tuple[str, int]]]:
    """For each file the files it shares keys with, weighed by what the keys tell."""
    wanted = {number for one in asked for number in one}
    rows = DupKey.objects.filter(company_id=company_id, key__in=wanted)
    by_key: dict[int, list[tuple[str, int]]] = defaultdict(list)
    for number, label, pk in rows.values_list("key", "label", "object_id")[: MOST_KEYS * max(1, len(asked) // 5)]:
        if pk not in besides:
            by_key[number].append((label, pk))
    found = []
    for one in asked:
        weights: Counter[tuple[str, int]] = Counter()
        for number, kind in one.items():
            for candidate in by_key.get(number, ()):
                weights[candidate] += STRONG.get(kind, 1)
        found.append(weights)
    return found


def _facts(wanted: set[tuple[str, int]]) -> dict[tuple[str, int], Facts]:
    found: dict[tuple[str, int], Facts] = {}
    for kind in kinds():
        ids = [pk for label, pk in wanted if label == kind.label]
        if ids:
            rows = kind.entity.model._base_manager.filter(pk__in=ids, **kind.living)
            for row in rows.values("pk", *kind.watched):
                found[kind.label, row["pk"]] = kind.of_values(row)
    return found


def hits(found: Found, user: User) -> list[Hit]:
    """What looks the same, as this person may see it, the surest first; related companies last."""
    ranked = sorted(found.items(), key=lambda one: -one[1].score)
    by_label: dict[str, list[int]] = defaultdict(list)
    for (label, pk), _likeness in ranked[: 2 * MOST_SHOWN]:
        by_label[label].append(pk)
    shown: dict[tuple[str, int], dict[str, Any]] = {}
    for label, ids in by_label.items():
        kind = kind_of(label)
        if kind is not None and user.may("view", label):
            shown |= _shown(kind, ids, user)
    rows = [Hit(*key, likeness, **shown[key]) for key, likeness in ranked if key in shown]
    return rows[:MOST_SHOWN]


def _shown(kind: Kind, ids: list[int], user: User) -> dict[tuple[str, int], dict[str, Any]]:
    declared = kind.entity
    rows: Any = declared.model._base_manager.filter(pk__in=ids, company_id=user.company_id)
    seen = set(rows.filter(user.scope(kind.label)).values_list("pk", flat=True))
    found = {}
    keeper = f"{kind.inside}__" if kind.inside else ""
    links = [f"{keeper}owner__department", f"{keeper}department"]
    for row in rows.select_related(*filter(None, [kind.inside, *links])):
        looked_after = getattr(row, kind.inside) if kind.inside else row
        inside = str(looked_after) if kind.inside else ""
        open_ = row.pk in seen
        owner, department = looked_after.owner, looked_after.department
        name = f"{row}（{inside}）" if inside else str(row)
        hidden = (
            f"{masked(str(row), person=True)}（{masked(inside)}）" if inside else masked(str(row), _human(kind, row))
        )
        what = f"{declared.singular}：" if kind.alive[0] else ""
        found[kind.label, row.pk] = {
            "name": what + (name if open_ else hidden),
            "owner": str(owner or ""),
            "department": str(department or ""),
            "last_contact_on": getattr(looked_after, "last_contact_on", None),
            "url": record_url(declared.slug, row.pk) if open_ else "",
        }
    return found


def _human(kind: Kind, row: Any) -> bool:
    field, value = kind.person
    return not kind.companies or (bool(field) and getattr(row, field) == value)


def masked(name: str, person: bool = False) -> str:
    """`远航**公司`, `王*`: enough to know what a colleague is talking about, too little to find it."""
    if person:
        return name[:1] + "*" * max(1, len(name) - 1)
    parts = company_parts(name)
    return f"{parts.brand[:2]}**{parts.form[-2:]}"


def check(mine: Facts, user: User, besides: Iterable[int] = ()) -> list[Hit]:
    """What looks like one file, for this person."""
    return hits(look([mine], user.company_id, besides)[0], user)
