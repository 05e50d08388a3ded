"""Verifying the audit: every entry of every chain, and the heads known from earlier.

Whatever stands in the table, verifying ends with findings, never with an exception: whoever
forges an entry does not get to choose a form this code likes.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from kisi.db.audit import FIRST, chain_mac
from kisi.operate.anchors import Anchor

_COLUMNS = (
    "municipality_id",
    "seq",
    "at",
    "account_id",
    "actor",
    "action",
    "record",
    "record_id",
    "fields",
    "mac",
)
# The time as it was written into the chain; PostgreSQL's driver fails on times like "infinity".
_TIME = {
    "sqlite": "replace(at, ' ', 'T') || '+00:00'",
    "postgresql": "to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')",
}
_SHOWN = 10


@dataclass
class Verified:
    rows: int = 0
    heads: dict[int, tuple[int, bytes]] = field(default_factory=dict)
    """Municipality: number and MAC of its last entry, as the chain itself ends."""
    findings: list[str] = field(default_factory=list)

    def shown(self) -> list[str]:
        """The findings, the first few of them in words."""
        more = len(self.findings) - _SHOWN
        rest = [f"… und {more} weitere Auffälligkeiten im Protokoll."] if more > 0 else []
        return self.findings[:_SHOWN] + rest


def verify(connection: Connection, anchors: Iterable[Anchor] = ()) -> Verified:
    """Read every chain from its beginning, and compare it with its head and the anchors."""
    found = Verified()
    wanted = {(one.municipality_id, one.seq): one for one in anchors}
    try:
        for municipality, rows in groupby(_entries(connection), key=lambda row: row[0]):
            _follow(municipality, rows, found, wanted)
        _compare_heads(connection, found)
    except (SQLAlchemyError, ValueError, TypeError, OverflowError) as error:
        found.findings.append(f"Das Protokoll ist nicht lesbar ({type(error).__name__}).")
    found.findings += [_missing(anchor, found) for anchor in wanted.values()]
    return found


def _entries(connection: Connection) -> Iterator[Any]:
    columns = ", ".join(_COLUMNS).replace("at,", f"{_TIME[connection.dialect.name]} AS at,", 1)
    statement = f"SELECT {columns} FROM audit_entry ORDER BY municipality_id, seq"  # noqa: S608
    options = {"stream_results": True, "yield_per": 5000}
    yield from connection.exec_driver_sql(statement, execution_options=options)


def _follow(
    municipality: Any,
    rows: Iterable[Any],
    found: Verified,
    wanted: dict[tuple[int, int], Anchor],
) -> None:
    """One chain. After an odd entry it goes on from there, so that each oddity is one finding."""
    seq, mac = 0, FIRST
    where = f"Protokoll {municipality!r:.20}"
    for row in rows:
        found.rows += 1
        if type(row[1]) is not int or type(row[9]) is not bytes:
            found.findings.append(f"{where}: ein Eintrag ist keiner ({row[1]!r:.20}).")
            continue
        if row[1] != seq + 1:
            found.findings.append(f"{where}: nach Nr. {seq} folgt Nr. {row[1]}.")
        if not _fits(mac, row):
            found.findings.append(f"{where}: Nr. {row[1]} ist verändert oder eingeschoben.")
        seq, mac = row[1], row[9]
        anchor = wanted.pop((municipality, seq), None)
        if anchor and anchor.mac != mac:
            found.findings.append(f"{where}: Nr. {seq} stand am {anchor.at} anders im Protokoll.")
    found.heads[municipality] = (seq, mac)


def _fits(previous: bytes, row: Any) -> bool:
    try:
        expected: bytes = chain_mac(previous, dict(zip(_COLUMNS, row, strict=True)))
    except (ValueError, TypeError, OverflowError):
        return False
    return bool(expected == row[9])


def _compare_heads(connection: Connection, found: Verified) -> None:
    statement = "SELECT municipality_id, seq, mac FROM audit_head"
    heads = {row[0]: (row[1], row[2]) for row in connection.exec_driver_sql(statement)}
    for municipality in heads.keys() | found.heads.keys():
        head, end = heads.get(municipality), found.heads.get(municipality, (0, FIRST))
        if head is None or (head[0], head[1]) != end:
            told = head[0] if head else 0
            found.findings.append(
                f"Protokoll {municipality!r:.20}: es endet mit Nr. {end[0]}, "
                f"der letzte Eintrag müsste Nr. {told} sein."
                if told != end[0]
                else f"Protokoll {municipality!r:.20}: der letzte Eintrag ist nicht der richtige."
            )


def _missing(anchor: Anchor, found: Verified) -> str:
    end = found.heads.get(anchor.municipality_id, (0, FIRST))[0]
    return (
        f"Protokoll {anchor.municipality_id}: am {anchor.at} gab es Nr. {anchor.seq}, "
        f"jetzt endet es mit Nr. {end}."
    )
