"""Attachments: checked by content, stored under their hash outside the web root, served only by a view."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Refused
from guanxi.kernel.work import in_unit_of_work
from guanxi.org.models import Attachment

MAX_SIZE = 20 * 1024 * 1024
MAGIC: dict[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".webp": (b"RIFF",),
    ".xlsx": (b"PK\x03\x04",),
    ".docx": (b"PK\x03\x04",),
    ".pptx": (b"PK\x03\x04",),
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
    ".xls": (b"\xd0\xcf\x11\xe0",),
    ".doc": (b"\xd0\xcf\x11\xe0",),
    ".ppt": (b"\xd0\xcf\x11\xe0",),
    ".txt": (),
    ".csv": (),
    ".mp3": (b"ID3", b"\xff\xfb", b"\xff\xf3"),
    ".wav": (b"RIFF",),
    ".mp4": (),
    ".amr": (b"#!AMR",),
}
TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".pdf": "application/pdf",
}


def path_of(digest: str) -> Path:
    return Path(settings.MEDIA_ROOT) / digest[:2] / digest


def check(name: str, size: int, head: bytes) -> str:
    """The lower-case ending of an acceptable file; Refused says what is wrong."""
    ending = Path(name).suffix.lower()
    if size == 0:
        raise Refused(_("The file is empty."), field="file")
    if size > MAX_SIZE:
        raise Refused(_("The file is larger than %(n)s MB.") % {"n": MAX_SIZE // 1024 // 1024}, field="file")
    if ending not in MAGIC:
        kinds = "、".join(kind.lstrip(".") for kind in MAGIC)
        raise Refused(_("Files of this kind are not taken. Possible are: %(kinds)s.") % {"kinds": kinds}, field="file")
    starts = MAGIC[ending]
    if starts and not head.startswith(starts):
        raise Refused(_("The content is not what “%(ending)s” promises.") % {"ending": ending}, field="file")
    if ending in (".txt", ".csv") and b"\x00" in head:
        raise Refused(_("The content is not text."), field="file")
    return ending


@in_unit_of_work
def attach(row: Any, upload: UploadedFile[Any], *, actor: Any) -> Attachment:
    """Store an upload and link it to a record."""
    name = Path((upload.name or "file").replace("\\", "/")).name[-200:]
    upload.seek(0)
    ending = check(name, upload.size or 0, upload.read(16))
    digest = _store(upload)
    attached = Attachment(
        company_id=actor.company_id, created_by=actor, author=actor, label=row._meta.label_lower, object_id=row.pk, name=name,
        size=upload.size or 0, media_type=TYPES.get(ending, "application/octet-stream"), digest=digest,
    )  # fmt: skip
    attached.save()
    return attached


def _store(upload: UploadedFile[Any]) -> str:
    """Write to a temporary file, hash on the way, move into place: a killed upload leaves nothing half-named."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=root, prefix=".upload-")
    digest = hashlib.sha256()
    upload.seek(0)
    with os.fdopen(handle, "wb") as target:
        for chunk in upload.chunks():
            digest.update(chunk)
            target.write(chunk)
        target.flush()
        os.fsync(target.fileno())
    final = path_of(digest.hexdigest())
    final.parent.mkdir(exist_ok=True)
    Path(temporary).replace(final)
    return digest.hexdigest()
