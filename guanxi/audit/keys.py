"""Where the trail's key and the backups' secret come from: a setting, else a file in the home folder."""

from __future__ import annotations

import os
import secrets
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Refused


def home() -> Path:
    return Path(settings.HOME)


@lru_cache(maxsize=8)
def _read(path: Path) -> bytes:
    return path.read_bytes().strip()


def audit_key_file() -> Path:
    return home() / "audit.key"


def audit_key() -> bytes:
    """The key of the chain; ImproperlyConfigured if there is none."""
    if typed := getattr(settings, "AUDIT_KEY", ""):
        return str(typed).encode()
    try:
        return _read(audit_key_file())
    except FileNotFoundError:
        raise ImproperlyConfigured(
            f"{audit_key_file()} is missing: the audit trail goes on only with the key it began with."
        ) from None


def backup_secret(*, make_one: bool = False) -> bytes:
    """The passphrase of the backups, or the content of backup.key; Refused if there is neither and none is to be made."""
    if typed := getattr(settings, "BACKUP_PASSPHRASE", ""):
        return str(typed).encode()
    path = home() / "backup.key"
    if not path.exists():
        if not make_one:
            raise Refused(
                _("Put the backup.key of the backed-up installation into %(home)s, or set GUANXI_BACKUP_PASSPHRASE.")
                % {"home": home()}
            )
        make(path)
    return path.read_bytes().strip()


def passphrase_is_set() -> bool:
    return bool(getattr(settings, "BACKUP_PASSPHRASE", ""))


def make(path: Path) -> None:
    """A new random key file, mode 0600; the one that another process made first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(secrets.token_hex(32))
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
