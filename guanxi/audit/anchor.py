"""The outside anchor: a file that only grows, holding the lane heads of many moments.

Inside the database a cut-off tail, or a chain hashed anew with the stolen key, looks perfect; against heads written
down elsewhere it does not.  The heads also go to the log, which a careful installation sends to another machine.
"""

from __future__ import annotations

import json
import logging
import os
from pathlib import Path

from django.conf import settings

from guanxi.audit import keys
from guanxi.audit.models import LaneHead
from guanxi.kernel import clock

log = logging.getLogger("guanxi.audit.anchor")

Anchors = dict[tuple[int, int], str]  # (lane, seq) -> mac


def path() -> Path:
    return Path(getattr(settings, "AUDIT_ANCHOR", "") or keys.home() / "audit-anchor.log")


def heads(using: str = "default") -> list[tuple[int, int, str]]:
    """(lane, seq, mac) of every lane in use."""
    rows = LaneHead.objects.using(using).filter(seq__gt=0).order_by("lane")
    return list(rows.values_list("lane", "seq", "mac"))


def write(file: Path | None = None, found: list[tuple[int, int, str]] | None = None) -> bool:
    """Append the heads; false if nothing has happened since the last line."""
    file, found = file or path(), heads() if found is None else found
    lines = _lines(file)
    if not found or (lines and _heads_of(lines[-1]) == found):
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    line = json.dumps({"at": clock.now().isoformat(), "heads": found}) + "\n"
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "w") as out:
        out.write(line)
        out.flush()
        os.fsync(out.fileno())
    log.info("Audit heads %s", line.strip())
    return True


def read(file: Path | None = None) -> Anchors:
    """Every head ever written down; ValueError names a line that cannot be read."""
    found: Anchors = {}
    file = file or path()
    for number, line in enumerate(_lines(file), 1):
        try:
            found |= {(lane, seq): mac for lane, seq, mac in _heads_of(line)}
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(f"{file.name}:{number}") from error
    return found


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _heads_of(line: str) -> list[tuple[int, int, str]]:
    return [(int(lane), int(seq), str(mac)) for lane, seq, mac in json.loads(line)["heads"]]


def set_aside(file: Path) -> None:
    """After a restore the old anchor speaks of entries that are gone: keep it under another name."""
    if file.exists():
        file.rename(file.with_name(f"{file.stem}.{clock.now():%Y%m%d-%H%M%S-%f}.log"))
