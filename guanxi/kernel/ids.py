"""Row ids made by the application: 63-bit, time-ordered, unique over processes without asking the database.

41 bits of milliseconds since 2020, 10 bits of node, 12 bits of counter.  Integers (not UUIDs) because SQLite then
stores rows by them without a second index and the full-text index can use them as its row id.  Their order is a
convenience for paging only: clocks go backwards, so nothing may take it for the truth of a sequence.
"""

from __future__ import annotations

import os
import socket
import threading
import time
import zlib
from functools import cache

EPOCH_MS = 1_577_836_800_000  # 2020-01-01 UTC
NODE_BITS, COUNTER_BITS = 10, 12

_lock = threading.Lock()
_last = 0


@cache
def _node(process: int) -> int:
    seed = os.environ.get("GUANXI_NODE") or socket.gethostname()
    return (zlib.crc32(seed.encode()) + process) & ((1 << NODE_BITS) - 1)


def new_id() -> int:
    """The next id of this process; always greater than the one before."""
    global _last
    floor = (int(time.time() * 1000) - EPOCH_MS) << (NODE_BITS + COUNTER_BITS) | _node(os.getpid()) << COUNTER_BITS
    with _lock:
        _last = floor if floor > _last else _last + 1
        return _last


def typed_id(text: str) -> int | None:
    """The id that a form or an address names; None if the text can be none."""
    return found if text.isdecimal() and len(text) < 20 and (found := int(text)) < 2**63 else None


def moment_id(milliseconds: int) -> int:
    """The smallest id of a moment (Unix time in ms): a bound for range scans."""
    return (milliseconds - EPOCH_MS) << (NODE_BITS + COUNTER_BITS)
