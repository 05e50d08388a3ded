"""The opened keys of this process."""

from dataclasses import dataclass

from kisi.db.crypto import KeyRing


@dataclass(frozen=True)
class Vault:
    ring: KeyRing
    audit_key: bytes
    index_key: bytes


_held: Vault | None = None


def hold(vault: Vault | None) -> None:
    global _held
    _held = vault


def vault() -> Vault:
    if _held is None:
        raise RuntimeError("the installation has not been opened")
    return _held
