"""Protection of small numbers (Geheimhaltung): what a table that leaves the house may show.

Official statistics in Germany publish no cell with fewer than three cases, and hide further cells
where a small one could be worked back from the total (primary and secondary secrecy). The same
rule holds here: one person with a rare need is recognised in a small town.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Protected:
    """Counts as they may be shown: None is hidden, a total of None is withheld."""

    cells: dict[str, int | None]
    total: int | None


def protect(counts: Mapping[str, int], *, n_min: int = 3) -> Protected:
    """Hide what would give away a count of 1 to n_min-1; zeros stay.

    The total is the sum of the cells. Beside the result, show no other number of the same table
    (its exact total, a part of it by a filter): the difference of two tables gives a cell away.

    Why it holds. Let k cells be hidden and R be the total minus all cells shown. Somebody who
    knows all that is shown, and that a hidden cell is at least 1, can give one hidden cell any
    value from 1 (the others take the rest) to R-(k-1) (each other takes 1), and no other; with
    k = 1 only R itself. So every hidden cell has the same interval, and "reaches n_min" and
    "is n_min-1 wide" are one condition: k >= 2 and R-(k-1) >= n_min. Hiding one more cell with the
    count c raises the upper end by c-1. If no cell is left to hide, the total is withheld as
    well, and nothing bounds the hidden cells any more.

    Not covered: somebody who also knows this rule, and thinks through which tables it would have
    shown like this, can narrow a hidden cell further, in rare cases down to its value. Where that
    is too much, raise n_min.
    """
    if any(count < 0 for count in counts.values()):
        raise ValueError("counts are never negative")
    hidden = {name for name, count in counts.items() if 0 < count < n_min}
    total: int | None = sum(counts.values())
    # The name decides between equal counts, so that the order of the table changes nothing.
    candidates = sorted(
        (name for name, count in counts.items() if count >= n_min),
        key=lambda name: (counts[name], name),
    )
    while hidden and not _safe([counts[name] for name in hidden], n_min):
        if not candidates:
            total = None
            break
        hidden.add(candidates.pop(0))
    return Protected(
        cells={name: None if name in hidden else count for name, count in counts.items()},
        total=total,
    )


def _safe(hidden: list[int], n_min: int) -> bool:
    # A small cell hidden alone fails this too: its R is its own count.
    return sum(hidden) - (len(hidden) - 1) >= n_min
