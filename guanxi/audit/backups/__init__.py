"""Backup and restore (SEC-06): a backup counts only after it has been restored on trial and compared."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, connections
from django.utils.translation import gettext as _

from guanxi.audit import anchor, chain, keys
from guanxi.audit.backups.archive import Manifest, pack, unpack
from guanxi.audit.backups.crypt import BackupError
from guanxi.audit.backups.databases import Engine, alias, engine_of
from guanxi.audit.models import BackupRecord
from guanxi.audit.services import witness
from guanxi.kernel import clock

__all__ = ["BackupError", "Restored", "back_up", "kept_files", "key_files", "prune", "restore", "target_of"]
SUFFIX = ".backup"
STALE = 24 * 3600  # seconds after which the leavings of a killed run are swept away


def root() -> Path:
    return Path(getattr(settings, "BACKUP_ROOT", "") or keys.home() / "backups")


def key_files() -> list[Path]:
    """The keys of this installation: never part of a backup, so a copy of each must lie elsewhere."""
    return sorted(keys.home().glob("*.key"))


def kept_files(folder: Path | None = None) -> list[Path]:
    """Finished backups, newest first."""
    return sorted((folder or root()).glob(f"guanxi-*{SUFFIX}"), reverse=True)


def back_up(folder: Path | None = None, *, accept_broken_trail: bool = False) -> BackupRecord:
    """Make a backup, restore it on trial, and only then give it its name; BackupError leaves nothing but a record."""
    folder = folder or root()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    _sweep(folder)
    final = folder / f"guanxi-{clock.now():%Y%m%d-%H%M%S-%f}{SUFFIX}"
    partial = final.with_name(final.name + ".partial")
    try:
        rows = _write_and_prove(partial, accept_broken_trail)
        partial.replace(final)
        _sync(folder)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, Exception):
            BackupRecord.objects.create(file=str(final), verified=False, message=str(error)[:2000])
        raise
    anchor.write()
    return BackupRecord.objects.create(file=str(final), size=final.stat().st_size, rows=rows, verified=True)


def _write_and_prove(partial: Path, accept_broken_trail: bool) -> int:
    engine, secret = engine_of(connection.settings_dict), keys.backup_secret(make_one=True)
    anchors = anchor.read()  # before the copy, so that the copy holds every entry it speaks of
    with _workplace() as place:
        dump = place / "dump"
        counts, heads = engine.dump(dump)
        manifest = Manifest(engine.name, clock.now().isoformat(), _version(), counts, heads, _fingerprints())
        pack(partial, secret, dump, Path(settings.MEDIA_ROOT), manifest)
        dump.unlink()
        with _loaded(partial, secret, place / "trial", engine) as (found, copy):
            _compare(engine, copy, found)
            if not accept_broken_trail:
                _check_trail(copy, found, anchors)
    return sum(counts.values())


@contextmanager
def _loaded(file: Path, secret: bytes, place: Path, engine: Engine) -> Iterator[tuple[Manifest, dict[str, Any]]]:
    """The backup unpacked into `place`, its database living beside the real one for the time of the block."""
    place.mkdir()
    manifest = unpack(file, secret, place)
    if manifest.engine != engine.name:
        raise BackupError(
            _("This backup holds a %(theirs)s database; the target is %(ours)s.")
            % {"theirs": manifest.engine, "ours": engine.name}
        )
    copy = engine.load(place / "database")
    try:
        yield manifest, copy
    finally:
        engine.drop(copy)


def _compare(engine: Engine, copy: dict[str, Any], manifest: Manifest) -> None:
    counts = engine.counts(copy)
    if counts != manifest.counts:
        names = sorted(n for n in counts.keys() | manifest.counts.keys() if counts.get(n) != manifest.counts.get(n))
        raise BackupError(
            _("After restoring, these tables have other row counts: %(names)s.") % {"names": ", ".join(names)}
        )


def _check_trail(copy: dict[str, Any], manifest: Manifest, anchors: anchor.Anchors) -> None:
    ends = {(lane, seq): mac for lane, seq, mac in manifest.heads}
    with alias(copy) as name:
        report = chain.verify(name, anchors | ends)
    if bad := report.first_bad:
        raise BackupError(
            _("The audit trail in the backup is broken: lane %(lane)s, entry %(seq)s: %(what)s.")
            % {"lane": bad.lane, "seq": bad.seq, "what": bad.text}
        )


def prune(keep: int | None = None) -> int:
    """Delete the oldest finished backups beyond the number to keep; returns how many."""
    old = kept_files()[keep or getattr(settings, "BACKUPS_KEPT", 7) :]
    for file in old:
        file.unlink()
    return len(old)


@dataclass(frozen=True)
class Target:
    """Where a restore goes.  `home` gets the anchor; `live` is the installation this process runs."""

    engine: Engine
    media: Path
    home: Path | None
    live: bool = False


def target_of(into: str = "") -> Target:
    """Empty: this installation; postgres://…: that database with this installation's uploads; else another home folder."""
    here = connection.settings_dict
    if not into:
        return Target(engine_of(here), Path(settings.MEDIA_ROOT), keys.home(), live=True)
    if into.startswith(("postgres://", "postgresql://")):
        from psycopg.conninfo import conninfo_to_dict

        given = conninfo_to_dict(into)
        names = {"NAME": "dbname", "HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        found = {key: str(given.pop(name, "") or "") for key, name in names.items()}
        found |= {"ENGINE": "django.db.backends.postgresql", "OPTIONS": given}  # type: ignore[dict-item]
        return Target(engine_of({**here, **found}), Path(settings.MEDIA_ROOT), None)
    home = Path(into).expanduser().resolve()
    lite = here if here["ENGINE"].endswith("sqlite3") else {"ENGINE": "django.db.backends.sqlite3", "OPTIONS": {}}
    return Target(engine_of({**lite, "NAME": str(home / "db.sqlite3")}), home / "media", home)


@dataclass(frozen=True)
class Restored:
    """`kept`: where what was there before now lies; `warnings`: what the person has to see to."""

    manifest: Manifest
    kept: list[str]
    warnings: list[str]


def restore(file: Path, target: Target, *, replace: bool = False, accept_broken_trail: bool = False) -> Restored:
    """Unpack and prove beside the target, then put it in place by renaming; what was there is kept, not overwritten."""
    if not file.is_file():
        raise BackupError(_("There is no file %(file)s.") % {"file": file})
    if not replace and not target.engine.is_empty():
        raise BackupError(
            _("The target holds data already. Confirm with --yes: the old data is kept under another name.")
        )
    warnings: list[str] = []
    with (
        _workplace(target.home) as place,
        _loaded(file, keys.backup_secret(), place / "new", target.engine) as (manifest, copy),
    ):
        _compare(target.engine, copy, manifest)
        missing = [name for name, print_ in manifest.keys.items() if _fingerprints().get(name) != print_]
        if missing:
            warnings.append(
                _("Put back these keys of the backed-up installation: %(names)s.") % {"names": ", ".join(missing)}
            )
        if "audit.key" in missing:
            warnings.append(_("Without its key the audit trail was not checked. Then run: guanxi audit verify"))
        elif not accept_broken_trail:
            _check_trail(copy, manifest, {})
        if target.live:
            connections.close_all()
        kept = [target.engine.swap(copy), _swap_folder(place / "new" / "media", target.media)]
    _restart_anchor(target, manifest, file.name, warnings)
    return Restored(manifest, [name for name in kept if name], warnings)


def _swap_folder(new: Path, media: Path) -> str:
    old = media.with_name(f"{media.name}.before-{clock.now():%Y%m%d-%H%M%S-%f}")
    existed = media.exists() and any(media.iterdir())
    if existed:
        media.rename(old)
    if new.exists():
        media.parent.mkdir(parents=True, exist_ok=True)
        if media.exists():
            media.rmdir()
        shutil.move(new, media)
    return str(old) if existed else ""


def _restart_anchor(target: Target, manifest: Manifest, name: str, warnings: list[str]) -> None:
    """The old anchor speaks of entries that are gone now; the new one begins with the backup's ends."""
    if target.home is None:
        return
    file = anchor.path() if target.live else target.home / "audit-anchor.log"
    anchor.set_aside(file)
    anchor.write(file, manifest.heads)
    if target.live:
        try:
            witness("audit.restored", title=name, made_at=manifest.at)
        except Exception as error:
            warnings.append(_("The restore is not entered in the audit trail: %(error)s") % {"error": error})


@contextmanager
def _workplace(home: Path | None = None) -> Iterator[Path]:
    """A private folder on the disk of the data: what lies here for a moment is not encrypted."""
    home = home or keys.home()
    home.mkdir(parents=True, exist_ok=True)
    _sweep(home)
    place = Path(tempfile.mkdtemp(prefix=".backup-", dir=home))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Remove what a killed run left behind a day ago or earlier."""
    for left in [*folder.glob(f"*{SUFFIX}.partial"), *folder.glob(".backup-*")]:
        with suppress(FileNotFoundError):
            if left.stat().st_mtime < time.time() - STALE:
                shutil.rmtree(left) if left.is_dir() else left.unlink()


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _version() -> str:
    try:
        return metadata.version("guanxi")
    except metadata.PackageNotFoundError:
        return "0"


def _fingerprints() -> dict[str, str]:
    """Enough of each key's hash to tell whether it is the right one, too little to be of use."""
    found = {path.name: path.read_bytes().strip() for path in key_files()}
    with suppress(Exception):  # an empty trail has no key yet
        found["audit.key"] = keys.audit_key()
    return {name: hashlib.sha256(key).hexdigest()[:12] for name, key in sorted(found.items())}
