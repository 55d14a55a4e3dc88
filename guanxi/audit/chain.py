"""The chain: each entry's mac covers every column and the mac before it; sealing at the end of a unit, and verifying.

Lanes keep writers apart: on PostgreSQL a unit takes the first lane head nobody holds, as its last lock, so units queue
only when all lanes are taken.  SQLite has one writer at a time and therefore stays on the first lane.
"""

from __future__ import annotations

import hmac
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.audit import anchor, keys
from guanxi.audit.models import Entry, LaneHead
from guanxi.kernel import clock, context, work
from guanxi.kernel.ids import new_id
from guanxi.kernel.prepared import ask

LANES = 8
MOST_PROBLEMS = 1000
COLUMNS = (
    "lane", "seq", "id", "company_id", "at", "actor_id", "actor_name", "channel", "ip", "agent", "session", "request",
    "verb", "label", "object_id", "title", "old", "new", "reason", "mac",
)  # fmt: skip
_AT = COLUMNS.index("at")
_INSERT = f"INSERT INTO audit_entry ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608


_TEXTS: dict[type, Callable[[Any], str]] = {Decimal: str, date: date.isoformat}


class _Encoder(DjangoJSONEncoder):
    def default(self, o: Any) -> Any:
        if type(o) in _TEXTS:  # most of what it is asked about
            return _TEXTS[type(o)](o)
        try:
            return super().default(o)
        except TypeError:
            return str(o)  # a file field, a custom value: its text is what can be kept


_json = _Encoder(ensure_ascii=False, separators=(",", ":")).encode
_canonical = json.JSONEncoder(separators=(",", ":")).encode


def mac_of(key: bytes, before: str, body: Sequence[Any]) -> str:
    """`body` is a row in the order of COLUMNS without the mac, the time as ISO text in UTC."""
    return hmac.digest(key, f"{before}{_canonical(body)}".encode(), "sha256").hex()


@work.sealer(100)
def seal(unit: work.Work) -> None:
    """Write one entry for each row that changed and each act that was witnessed."""
    acts = [_act(change, change.verb, "", _json(change.new)) for change in unit.extra]
    for change in unit.changes.values():
        new, old = change.new, change.old
        if old:
            new = {name: value for name, value in new.items() if name not in old or old[name] != value}
            old = {name: value for name, value in old.items() if name not in change.new or name in new}
        if old or new:
            verb = unit.verb or f"{change.label}.{change.verb}"
            acts.append(_act(change, verb, _json(old) if old else "{}", _json(new)))
    if acts:
        append(acts, unit.reason)


def _act(change: work.Change, verb: str, old: str, new: str) -> tuple[Any, ...]:
    title = _text(change.title, 200)
    return (change.company_id, (verb[:100], change.label[:60], change.object_id or 0, title, old, new))


def _text(value: Any, length: int) -> str:
    return str(value).replace("\0", "")[:length]


def append(acts: Iterable[tuple[Any, ...]], reason: str) -> None:
    """Link the acts to the end of a free lane; their row must be the last lock the transaction takes."""
    head, origin, now = _free_lane(), context.origin(), clock.now().astimezone(UTC)
    key, moment, stored = (
        _key(),
        now.isoformat(),
        connection.ops.adapt_datetimefield_value(now),
    )
    who = (
        origin.actor_id, _text(origin.actor_name, 150), origin.channel[:10], _text(origin.ip, 45),
        _text(origin.agent, 200), _text(origin.session, 64), _text(origin.request, 64),
    )  # fmt: skip
    why, rows, seq, mac = (_text(reason, 10_000),), [], head.seq, head.mac
    for company_id, act in acts:
        seq += 1
        start = (head.lane, seq, new_id(), company_id)
        mac = mac_of(key, mac, (*start, moment, *who, *act, *why))
        rows.append((*start, stored, *who, *act, *why, mac))
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)
    LaneHead.objects.filter(pk=head.lane).update(seq=seq, mac=mac)


def _free_lane() -> LaneHead:
    if found := ask(_free, None):
        return found[0]  # type: ignore[no-any-return]
    LaneHead.objects.bulk_create([LaneHead(lane=lane) for lane in range(LANES)], ignore_conflicts=True)
    any_lane = random.randrange(LANES)  # noqa: S311 -- spreads those who have to wait
    return _free(None).first() or LaneHead.objects.select_for_update().get(pk=any_lane)


def _free(_user: Any) -> QuerySet[LaneHead]:
    return LaneHead.objects.order_by("lane").select_for_update(skip_locked=True)[:1]


def _key() -> bytes:
    """The key, made with the very first entry and never again: a new one would deny all entries before it."""
    try:
        return keys.audit_key()
    except ImproperlyConfigured:
        if LaneHead.objects.filter(seq__gt=0).exists():
            raise
        keys.make(keys.audit_key_file())
        return keys.audit_key()


WORDS: dict[str, Promise] = {
    "altered": _("altered: this entry, or the one before it, is not what was written"),
    "gap": _("entries before this one are missing"),
    "duplicate": _("the number stands twice"),
    "head": _("the lane's end does not match its last entry"),
    "rehashed": _("differs from the outside anchor: written anew with the key"),
    "cut": _("the outside anchor knows later entries: the end was cut off"),
    "anchor": _("the outside anchor cannot be read"),
}


@dataclass(frozen=True)
class Problem:
    lane: int
    seq: int
    kind: str

    @property
    def text(self) -> Promise:
        return WORDS[self.kind]


@dataclass
class Report:
    """What `verify` found; `anchors` counts the outside heads that were compared."""

    rows: int = 0
    lanes: int = 0
    gaps: int = 0
    anchors: int = 0
    seconds: float = 0.0
    problems: list[Problem] = field(default_factory=list)
    more_problems: int = 0

    @property
    def intact(self) -> bool:
        return not self.problems

    @property
    def first_bad(self) -> Problem | None:
        return self.problems[0] if self.problems else None

    def complain(self, lane: int, seq: int, kind: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(lane, seq, kind))
        else:
            self.more_problems += 1

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "problems": [asdict(problem) for problem in self.problems[:20]]}


def verify(using: str = "default", anchors: anchor.Anchors | None = None) -> Report:
    """Walk the whole trail and compare it with its heads and the outside anchor (by default the installation's)."""
    report, begun = Report(), time.monotonic()
    if anchors is None:
        try:
            anchors = anchor.read()
        except ValueError:
            anchors = {}
            report.complain(-1, 0, "anchor")
    # Heads first: what is appended while walking lies behind them and is compared with the heads read afterwards.
    before = {lane: (seq, mac) for lane, seq, mac in anchor.heads(using)}
    columns = Entry.objects.using(using).order_by("lane", "seq").values_list(*COLUMNS)
    ends = dict(_walk(columns.iterator(chunk_size=2000), report, anchors, before))
    after = {lane: seq for lane, seq, _mac in anchor.heads(using)}
    for lane in sorted(ends.keys() | before.keys()):
        end = ends.get(lane, 0)
        if not before.get(lane, (0, ""))[0] <= end <= after.get(lane, 0):
            report.complain(lane, end, "head")
    report.anchors = len(anchors)
    for lane in {lane for lane, _seq in anchors}:
        known = max(seq for one, seq in anchors if one == lane)
        if known > ends.get(lane, 0):
            report.complain(lane, known, "cut")
    report.seconds = time.monotonic() - begun
    return report


def _walk(
    rows: Iterator[tuple[Any, ...]],
    report: Report,
    anchors: anchor.Anchors,
    heads: dict[int, tuple[int, str]],
) -> Iterator[tuple[int, int]]:
    """Checks each row against the one before; yields (lane, last seq) at the end of each lane."""
    key = b""
    lane, seq, mac = -1, 0, ""
    for row in rows:
        key = key or keys.audit_key()
        if row[0] != lane:
            if lane >= 0:
                yield lane, seq
            report.lanes += 1
            lane, seq, mac = row[0], 0, ""
        report.rows += 1
        body = (*row[:_AT], row[_AT].isoformat(), *row[_AT + 1 : -1])
        if row[1] != seq + 1:
            kind = "duplicate" if row[1] <= seq else "gap"
            report.gaps += kind == "gap"
            report.complain(lane, row[1], kind)
        elif mac_of(key, mac, body) != row[-1]:
            report.complain(lane, row[1], "altered")
        seq, mac = row[1], row[-1]
        if anchors.get((lane, seq), mac) != mac:
            report.complain(lane, seq, "rehashed")
        if (head := heads.get(lane)) and head[0] == seq and head[1] != mac:
            report.complain(lane, seq, "head")
    if lane >= 0:
        yield lane, seq
