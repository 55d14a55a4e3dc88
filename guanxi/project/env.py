"""Reads the GUANXI_* environment, typed, and fails loudly on anything it cannot understand."""

import os
import secrets
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

PREFIX = "GUANXI_"
_TRUE, _FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off", ""}
_known: set[str] = set()


def _raw(name: str) -> str | None:
    """The value of GUANXI_<name>, or the content of the file that GUANXI_<name>_FILE names."""
    key = PREFIX + name
    _known.update({key, key + "_FILE"})
    value, file = os.environ.get(key), os.environ.get(key + "_FILE")
    if value is not None and file is not None:
        raise ImproperlyConfigured(f"Set {key} or {key}_FILE, not both.")
    if file is None:
        return value
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{key}_FILE cannot be read: {error}") from error


def text(name: str, default: str = "") -> str:
    value = _raw(name)
    return default if value is None else value


def flag(name: str, default: bool = False) -> bool:
    value = _raw(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in _TRUE | _FALSE:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be 1 or 0, not {value!r}.")
    return word in _TRUE


def number(name: str, default: int, least: int = 0) -> int:
    value = _raw(name)
    if value is None:
        return default
    if not value.strip().isdecimal() or int(value) < least:
        raise ImproperlyConfigured(f"{PREFIX}{name} must be a whole number from {least} up, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list without its blanks."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def path(name: str, default: Path) -> Path:
    value = _raw(name)
    return Path(value).expanduser().resolve() if value else default


def secret(name: str, file: Path) -> str:
    """A secret from the environment, else from `file`, which is made (mode 0600) when it does not exist."""
    value = _raw(name)
    if value is None:
        value = _kept_secret(file)
    if len(value) < 32:
        raise ImproperlyConfigured(f"{PREFIX}{name} must have at least 32 characters.")
    return value


def _kept_secret(file: Path) -> str:
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        draft = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, file)  # never replaces the key that another process has just made
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text(encoding="utf-8").strip()


def database(name: str, default: Path) -> dict[str, object]:
    """Django's description of the database in GUANXI_<name>: sqlite:///file or postgres://user:pw@host:port/db."""
    value = _raw(name)
    if value is None:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(default), **_SQLITE}
    url = urlsplit(value)
    if url.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(url.path[1:]), **_SQLITE}
    if url.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{PREFIX}{name} must begin with sqlite:/// or postgres://.")
    if not url.path.strip("/"):
        raise ImproperlyConfigured(f"{PREFIX}{name} names no database.")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # What kernel.prepared asks is planned once for each connection; nothing else of ours binds on the server.
        "OPTIONS": {"prepare_threshold": 1, **dict(parse_qsl(url.query, strict_parsing=bool(url.query)))},
    }


# Opening an embedded database reads the whole schema, which takes longer than most pages: connections are kept for a while.
# FULL, because NORMAL loses acknowledged commits in a power cut; IMMEDIATE, because a transaction that reads and
# then writes would otherwise fail at once, without waiting, when another has written in between.
_SQLITE: dict[str, object] = {
    "CONN_MAX_AGE": 60,
    "OPTIONS": {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY; "
            "PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864"
        ),
    },
}


def unknown() -> list[str]:
    """GUANXI_* variables that nothing has asked for: most likely misspelt."""
    return sorted(key for key in os.environ if key.startswith(PREFIX) and key not in _known)
