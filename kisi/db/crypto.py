"""Encryption of what identifies a person (AES-256-GCM), with a ring of keys.

A sealed value is: version byte, key id (4 bytes), nonce (12 bytes), ciphertext with tag. The
context, for example ``person:3f2a…``, is authenticated with it: a value moved to another row or
table does not open.
"""

import hashlib
import hmac
import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_VERSION = b"\x01"
_NONCE = 12
PREFIX = 5  # version and key id: what tells which key sealed a value


class CannotOpen(Exception):
    """The key is missing or wrong, or the value was changed or moved."""


class KeyRing:
    """The first key seals; every key opens what it has sealed."""

    def __init__(self, keys: Iterable[tuple[str, bytes]]) -> None:
        self._ciphers: dict[bytes, AESGCM] = {}
        for _name, key in keys:
            self._ciphers.setdefault(_derive(key, b"kisi key id", 4), AESGCM(_field_key(key)))
        self._active = next(iter(self._ciphers))

    @property
    def prefix(self) -> bytes:
        """How everything sealed with the active key begins."""
        return _VERSION + self._active

    def seal(self, plain: bytes, context: str) -> bytes:
        nonce = os.urandom(_NONCE)
        sealed = self._ciphers[self._active].encrypt(nonce, plain, context.encode())
        return self.prefix + nonce + sealed

    def open(self, sealed: bytes, context: str) -> bytes:
        """Raises CannotOpen, never returns anything doubtful."""
        cipher = self._ciphers.get(sealed[1:PREFIX]) if sealed[:1] == _VERSION else None
        if cipher is None:
            raise CannotOpen("no key for this value")
        nonce, rest = sealed[PREFIX : PREFIX + _NONCE], sealed[PREFIX + _NONCE :]
        try:
            return cipher.decrypt(nonce, rest, context.encode())
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"wrong key or changed value ({context.partition(':')[0]})") from error


def blind(key: bytes, text: str) -> int:
    """A number that stands for `text` in an index and tells nothing without the key."""
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big", signed=True)


def _field_key(key: bytes) -> bytes:
    return _derive(key, b"kisi fields", 32)


def _derive(key: bytes, purpose: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length=length, salt=None, info=purpose).derive(key)
