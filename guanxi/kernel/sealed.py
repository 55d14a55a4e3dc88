"""Secrets that the product must be able to read again: AES-256-GCM under a key made from the installation's own."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """Sealed under another installation's key, for another purpose, or damaged."""


def _cipher(purpose: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(settings.SECRET_KEY.encode()))


def seal(text: str, purpose: bytes) -> str:
    """The text as ciphertext (nonce, then text), of no use for another purpose."""
    nonce = os.urandom(12)
    return base64.b64encode(nonce + _cipher(purpose).encrypt(nonce, text.encode(), purpose)).decode()


def unseal(text: str, purpose: bytes) -> str:
    """What was sealed; Unreadable if it cannot be read here."""
    try:
        data = base64.b64decode(text)
        return _cipher(purpose).decrypt(data[:12], data[12:], purpose).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error
