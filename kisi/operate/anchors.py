"""The ends of the audit chains as they were, kept outside the database.

Who can write to the database can cut the end off a chain and correct its head; this file then
still says how long the chain was. Copy it to a place the database's administrator cannot reach.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from kisi.clock import now
from kisi.config import settings

_RESTORED = "restored"


@dataclass(frozen=True)
class Anchor:
    at: str
    municipality_id: int
    seq: int
    mac: bytes


def file() -> Path:
    return settings().data / "audit-anchors.log"


def known() -> tuple[list[Anchor], list[str]]:
    """The anchors that still count, and what is odd about the file.

    Restoring a backup takes a chain back to an earlier end; anchors beyond it count no more.
    """
    anchors: dict[tuple[int, int], Anchor] = {}
    findings = []
    for number, line in enumerate(_lines(), start=1):
        try:
            at, municipality, seq, mac, *rest = line.split()
            anchor = Anchor(at, int(municipality), int(seq), bytes.fromhex(mac))
        except ValueError:
            findings.append(f"{file().name}: Zeile {number} ist nicht lesbar.")
            continue
        if rest == [_RESTORED]:
            anchors = {
                key: one
                for key, one in anchors.items()
                if key[0] != anchor.municipality_id or key[1] <= anchor.seq
            }
        if anchor.seq:
            anchors[anchor.municipality_id, anchor.seq] = anchor
    return list(anchors.values()), findings


def keep(heads: Mapping[int, tuple[int, bytes]], *, restored: bool = False) -> None:
    """Add the present ends. Nothing is written for a chain that has not grown."""
    last = {one.municipality_id: one.seq for one in known()[0]}
    present = dict(heads)
    if restored:
        present |= dict.fromkeys(last.keys() - heads.keys(), (0, b"\x00"))
    at = now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    mark = f" {_RESTORED}" if restored else ""
    _append(
        [
            f"{at} {municipality} {seq} {mac.hex()}{mark}\n"
            for municipality, (seq, mac) in sorted(present.items())
            if restored or last.get(municipality) != seq
        ]
    )


def set_aside(suffix: str) -> None:
    """Begin anew, because the database does."""
    if file().exists():
        file().rename(file().with_name(file().name + suffix))


def _lines() -> list[str]:
    try:
        return [line for line in file().read_text(errors="replace").splitlines() if line.strip()]
    except FileNotFoundError:
        return []


def _append(lines: list[str]) -> None:
    if not lines:
        return
    file().parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file(), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(descriptor, "a") as log:
        log.write("".join(lines))
        log.flush()
        os.fsync(log.fileno())
