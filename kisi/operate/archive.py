"""A backup as one file: a tar with a manifest, its seal, and the database.

Every byte counts: the file is taken only if it is exactly what would be written for its content.
"""

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from kisi.operate import Mistake
from kisi.operate.database import sha256

_MANIFEST, _SEAL, _DATABASE = "manifest.json", "manifest.mac", "database"
_LONGEST_MANIFEST = 1_000_000


@dataclass(frozen=True)
class Manifest:
    made_at: str
    mode: str
    engine: str
    revision: str
    sha256: str
    """Of the database file or dump inside."""
    rows: Mapping[str, int]
    audit: Mapping[str, tuple[int, str]]
    """Municipality: number and MAC of the last entry."""
    audit_findings: int
    """Oddities of the audit that were there when the backup was made."""
    format: int = 1

    def written(self) -> bytes:
        return json.dumps(asdict(self), indent=1, sort_keys=True).encode()


class Damaged(Mistake):
    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} ist keine unbeschädigte Sicherung von KISI.")


def pack(target: IO[bytes], manifest: Manifest, seal: bytes, database: Path) -> None:
    """The same content always gives the same bytes."""
    written = manifest.written()
    made_at = int(datetime.fromisoformat(manifest.made_at).timestamp())
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, _MANIFEST, len(written), made_at, io.BytesIO(written))
        _add(archive, _SEAL, len(seal), made_at, io.BytesIO(seal))
        with database.open("rb") as content:
            _add(archive, _DATABASE, database.stat().st_size, made_at, content)


def unpack(file: Path, database: Path) -> tuple[Manifest, bytes]:
    """Write the database of the backup to `database`; returns manifest and seal. Raises Damaged."""
    try:
        with tarfile.open(file, mode="r:") as archive:
            written = _content(archive, _MANIFEST).read(_LONGEST_MANIFEST)
            seal = _content(archive, _SEAL).read(_LONGEST_MANIFEST)
            with database.open("xb") as target:
                database.chmod(0o600)
                _copy(_content(archive, _DATABASE), target)
                target.flush()
                os.fsync(target.fileno())
        manifest = _manifest(written)
        if manifest.written() != written or not _same_bytes(file, manifest, seal, database):
            raise Damaged(file)
    except FileNotFoundError as error:
        raise Mistake(f"Die Datei {file} gibt es nicht.") from error
    except (tarfile.TarError, KeyError, TypeError, ValueError, EOFError, OverflowError) as error:
        raise Damaged(file) from error
    return manifest, seal


def _manifest(written: bytes) -> Manifest:
    fields = json.loads(written)
    audit = {name: (seq, mac) for name, (seq, mac) in fields.pop("audit").items()}
    return Manifest(**fields, audit=audit)


def _same_bytes(file: Path, manifest: Manifest, seal: bytes, database: Path) -> bool:
    if sha256(database) != manifest.sha256:
        return False
    expected = _Digest()
    pack(expected, manifest, seal, database)
    return expected.sha256.hexdigest() == sha256(file)


class _Digest(io.RawIOBase, IO[bytes]):
    """A file that keeps nothing of what is written to it but its SHA-256."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.sha256.update(data)
        return len(data)


def _add(archive: tarfile.TarFile, name: str, size: int, at: int, content: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mtime, entry.mode = size, at, 0o600
    archive.addfile(entry, content)


def _content(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    found = archive.extractfile(archive.getmember(name))
    if found is None:
        raise KeyError(name)
    return found


def _copy(source: IO[bytes], target: IO[bytes]) -> None:
    while part := source.read(1 << 20):
        target.write(part)
