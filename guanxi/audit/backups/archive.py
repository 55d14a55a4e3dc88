"""One backup file: an encrypted tar.gz of the database, the uploads and, last, a manifest that says what must be in it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import shutil
import tarfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.utils.translation import gettext as _

from guanxi.audit.backups.crypt import BackupError, Opened, Sealed

FORMAT = 1


@dataclass
class Manifest:
    """`counts`: rows by table; `heads`: lane ends; `files`: SHA-256 by name; `keys`: fingerprints of keys not included."""

    engine: str
    at: str
    version: str
    counts: dict[str, int]
    heads: list[tuple[int, int, str]]
    keys: dict[str, str]
    files: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT


class _Hashed(io.RawIOBase):
    """A reader that hashes what passes."""

    def __init__(self, source: IO[bytes]) -> None:
        super().__init__()
        self._source, self.sha = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.sha.update(data)
        return data


def pack(target: Path, secret: bytes, database: Path, uploads: Path, manifest: Manifest) -> None:
    """Write the backup to `target` and make sure that it is on the disk."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        sealed = Sealed(out, secret)
        with (
            gzip.GzipFile(fileobj=sealed, mode="wb", compresslevel=4) as thin,
            tarfile.open(fileobj=thin, mode="w|") as tar,
        ):
            for name, path in [("database", database), *_uploads(uploads)]:
                if digest := _add(tar, name, path):
                    manifest.files[name] = digest
            text = json.dumps(asdict(manifest), ensure_ascii=False).encode()
            entry = tarfile.TarInfo("manifest.json")
            entry.size = len(text)
            tar.addfile(entry, io.BytesIO(text))
        sealed.finish()
        out.flush()
        os.fsync(out.fileno())


def _uploads(folder: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"media/{path.relative_to(folder).as_posix()}", path


def _add(tar: tarfile.TarFile, name: str, path: Path) -> str:
    """Stream one file into the archive; its SHA-256, or nothing if somebody has just deleted it."""
    try:
        source = path.open("rb")
    except FileNotFoundError:
        return ""
    with source:
        entry = tarfile.TarInfo(name)
        status = os.fstat(source.fileno())
        entry.size, entry.mtime, entry.mode = status.st_size, int(status.st_mtime), 0o640
        hashed = _Hashed(source)
        tar.addfile(entry, hashed)  # type: ignore[arg-type]
        return hashed.sha.hexdigest()


def unpack(file: Path, secret: bytes, folder: Path) -> Manifest:
    """Decrypt into `folder` (database, media/…) and check every file against the manifest."""
    seen: dict[str, str] = {}
    text = b""
    with file.open("rb") as source:
        opened = Opened(source, secret)
        try:
            with tarfile.open(fileobj=opened, mode="r|gz") as tar:
                for entry in tar:
                    member = tar.extractfile(entry)
                    if member is None:
                        raise BackupError(
                            _("The backup holds something that is no file: %(name)s.") % {"name": entry.name}
                        )
                    if entry.name == "manifest.json":
                        text = member.read()
                    else:
                        seen[entry.name] = _extract(member, entry, folder)
        except (tarfile.TarError, EOFError) as error:
            raise BackupError(_("The backup cannot be unpacked: %(error)s.") % {"error": error}) from error
        opened.drain()
    manifest = _manifest(text)
    if seen != manifest.files:
        names = sorted(n for n in seen.keys() | manifest.files.keys() if seen.get(n) != manifest.files.get(n))
        raise BackupError(_("Files differ from the list in the backup: %(names)s.") % {"names": ", ".join(names[:5])})
    return manifest


def _manifest(text: bytes) -> Manifest:
    if not text:
        raise BackupError(_("The backup holds no list of its contents."))
    values: dict[str, Any] = json.loads(text)
    if values.get("format") != FORMAT:
        raise BackupError(_("This backup was made by another version of Guanxi (format %(format)s).") % values)
    values["heads"] = [tuple(head) for head in values["heads"]]
    return Manifest(**values)


def _extract(member: IO[bytes], entry: tarfile.TarInfo, folder: Path) -> str:
    parts = PurePosixPath(entry.name).parts
    if ".." in parts or entry.name.startswith("/") or parts[0] not in ("database", "media"):
        raise BackupError(_("The backup holds a file outside its folder: %(name)s.") % {"name": entry.name})
    target = folder.joinpath(*parts)
    target.parent.mkdir(parents=True, exist_ok=True)
    hashed = _Hashed(member)
    with target.open("xb") as out:
        shutil.copyfileobj(hashed, out, 1 << 20)
    os.utime(target, (entry.mtime, entry.mtime))
    return hashed.sha.hexdigest()
