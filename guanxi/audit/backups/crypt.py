"""Encrypts a stream in authenticated chunks (AES-256-GCM, key by scrypt), so that any change or cut is noticed.

Layout: magic, salt, nonce prefix, key check; then chunks of 1 MiB, each with its tag.  The nonce is prefix + chunk
number + a flag for the last chunk: chunks can be neither swapped nor dropped, not even at the end.
"""

from __future__ import annotations

import hmac
import io
import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.utils.translation import gettext as _

from guanxi.kernel.errors import Refused

MAGIC = b"GUANXI1\n"
CHUNK, TAG, SALT, PREFIX, CHECK = 1 << 20, 16, 16, 7, 16
HEADER = len(MAGIC) + SALT + PREFIX + CHECK


class BackupError(Refused):
    """The backup cannot be made, opened or trusted."""


def _keys(secret: bytes, salt: bytes, prefix: bytes) -> tuple[AESGCM, bytes]:
    """The cipher, and the bytes by which a wrong passphrase shows before any data is read."""
    material = Scrypt(salt=salt, length=64, n=2**15, r=8, p=1).derive(secret)
    return AESGCM(material[:32]), hmac.digest(material[32:], MAGIC + salt + prefix, "sha256")[:CHECK]


def _nonce(prefix: bytes, number: int, last: bool) -> bytes:
    return prefix + number.to_bytes(4, "big") + bytes([last])


class Sealed(io.RawIOBase):
    """A writable file that encrypts into `out`; the last chunk is written on close."""

    def __init__(self, out: IO[bytes], secret: bytes) -> None:
        super().__init__()
        salt, self._prefix = os.urandom(SALT), os.urandom(PREFIX)
        self._cipher, check = _keys(secret, salt, self._prefix)
        self._header = MAGIC + salt + self._prefix + check
        self._out, self._waiting, self._number = out, bytearray(), 0
        out.write(self._header)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        while len(self._waiting) > CHUNK:  # one chunk always stays: it may be the last
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk; without it the file counts as cut off."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, chunk: bytes, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._prefix, self._number, last), chunk, self._header))
        self._number += 1


class Opened(io.RawIOBase):
    """A readable file that decrypts `source`; BackupError on a wrong secret, a flipped byte or a missing end."""

    def __init__(self, source: IO[bytes], secret: bytes) -> None:
        super().__init__()
        self._header = source.read(HEADER)
        if self._header[: len(MAGIC)] != MAGIC:
            raise BackupError(_("This is not a Guanxi backup."))
        if len(self._header) < HEADER:
            raise BackupError(_("The backup is cut off: its end is missing."))
        salt = self._header[len(MAGIC) :][:SALT]
        self._prefix = self._header[len(MAGIC) + SALT :][:PREFIX]
        self._cipher, check = _keys(secret, salt, self._prefix)
        if not hmac.compare_digest(check, self._header[-CHECK:]):
            raise BackupError(_("Wrong passphrase or backup key (or the first bytes of the backup are damaged)."))
        self._source, self._number, self._plain, self._at_end = source, 0, b"", False
        self._ahead = source.read(CHUNK + TAG)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while not self._at_end and (size < 0 or len(self._plain) < size):
            self._plain += self._next()
        size = len(self._plain) if size < 0 else size
        data, self._plain = self._plain[:size], self._plain[size:]
        return data

    def drain(self) -> None:
        """Authenticate what is left after the last byte anybody wanted."""
        while self.read(CHUNK):
            pass

    def _next(self) -> bytes:
        chunk, self._ahead = self._ahead, self._source.read(CHUNK + TAG)
        last = self._at_end = not self._ahead
        try:
            plain = self._cipher.decrypt(_nonce(self._prefix, self._number, last), chunk, self._header)
        except InvalidTag:
            if last and self._whole(chunk):
                raise BackupError(_("The backup is cut off: its end is missing.")) from None
            where = HEADER + self._number * (CHUNK + TAG)
            raise BackupError(
                _("The backup is damaged or cut off: the part from byte %(byte)s on is not what was written.")
                % {"byte": where}
            ) from None
        self._number += 1
        return plain

    def _whole(self, chunk: bytes) -> bool:
        """An unharmed chunk that was not written as the last one."""
        try:
            self._cipher.decrypt(_nonce(self._prefix, self._number, False), chunk, self._header)
        except InvalidTag:
            return False
        return True
