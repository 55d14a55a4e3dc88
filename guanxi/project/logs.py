"""Log lines as JSON on stderr: what happened and where, never who or what was typed."""

import json
import logging
import re
import traceback
from datetime import UTC, datetime

# Whatever looks like a telephone or identity number, a mail address or a token is not written down.
_PRIVATE = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+|(?<!\d)\d{7,}[\dXx]?(?!\d)|\b[A-Za-z0-9_-]{40,}\b")


class JsonLines(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, status, and for errors the place without values."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _PRIVATE.sub("…", record.getMessage()),
        }
        if status := getattr(record, "status_code", None):
            line["status"] = status
        if record.exc_info and (error := record.exc_info[1]):
            frames = traceback.extract_tb(error.__traceback__)
            line["error"] = type(error).__name__
            line["detail"] = _PRIVATE.sub("…", str(error))[:500]
            line["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]
        return json.dumps(line, ensure_ascii=False)
