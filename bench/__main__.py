"""Measure how fast KISI is; `make bench` runs this.

    python -m bench                             both sizes, then fifty people at work
    python -m bench --quick                     two short rounds on a small town, to try it out
    python -m bench --sizes 1000,100000 --rounds 60 --users 50 --seconds 60

Prints a table and writes data/bench.json. Ratios are what counts: milliseconds depend on the
machine and on what else it does.
"""

import argparse
import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path

from bench.installation import ROOT, Server
from bench.load import Third, load, rows
from bench.measure import EMPTY, Row, measure

SCREENS_MAY_GROW = 1.5  # times, from the smallest size to the largest
LIST_AND_FILE = ("Personen, first page", "search, full name", "search, given name",
                 "search, code", "Personen, last page", "file of a person")  # fmt: skip
TIMES_EMPTY_AT_MOST = 3.0
EMPTY_CPU_MS = 12.0
QUEUE_MAY_GROW = 1.5  # times, from the first third to the last


def main() -> None:
    given = _arguments()
    measured, thirds = asyncio.run(_measure(given))
    file = given.data / "bench.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([asdict(row) for row in measured], indent=1) + "\n")
    print("\n" + "\n".join(_table(measured, given.sizes)))
    print("\n" + "\n".join(_targets(measured, thirds, given.sizes)))
    print(f"\nWritten to {file}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "--quick", action="store_true", help="a small town, two rounds, little load"
    )
    parser.add_argument("--sizes", type=_sizes, help="persons, for example 1000,100000")
    parser.add_argument("--rounds", type=int, help="how often each action is measured")
    parser.add_argument("--users", type=int, help="people working at once; 0 leaves this out")
    parser.add_argument("--seconds", type=float, help="how long they work")
    parser.add_argument("--think", type=float, help="seconds they think between two clicks")
    parser.add_argument("--data", type=Path, default=ROOT / "data", help="where the results go")
    given = parser.parse_args()
    usual = {"sizes": [1000, 100_000], "rounds": 40, "users": 50, "seconds": 60.0, "think": 10.0}
    quick = {"sizes": [200], "rounds": 2, "users": 3, "seconds": 3.0, "think": 0.3}
    for name, value in (quick if given.quick else usual).items():
        if getattr(given, name) is None:
            setattr(given, name, value)
    return given


def _sizes(text: str) -> list[int]:
    return sorted(int(size) for size in text.split(","))


async def _measure(given: argparse.Namespace) -> tuple[list[Row], list[Third]]:
    with ExitStack() as stack:
        servers = []
        for size in given.sizes:
            servers.append(Server(size, given.data / "bench"))
            stack.callback(servers[-1].stop)
        print(f"Measuring each action {given.rounds} times …", flush=True)
        measured = await measure(servers, given.rounds)
        thirds: list[Third] = []
        if given.users:
            largest = servers[-1]
            print(
                f"{given.users} people at work for {given.seconds:g} seconds, "
                f"{given.think:g} seconds of thinking between clicks …",
                flush=True,
            )
            thirds = await load(largest, given.users, given.seconds, given.think)
            empty = _value(measured, EMPTY, largest.persons).ms
            measured += rows(largest, given.users, thirds, empty)
    return measured, thirds


# --- what is printed -----------------------------------------------------------------------------


def _table(measured: list[Row], sizes: list[int]) -> Iterator[str]:
    head = [f"{'':34}"]
    for size in sizes:
        head.append(f"{size:>12,} persons      ")
    yield "".join(head)
    columns = f"{'ms':>9}{'CPU ms':>9}{'x empty':>9}"
    yield f"{'':34}{columns * len(sizes)}{'growth':>9}{'of CPU':>9}"
    for name in dict.fromkeys(row.name for row in measured):
        line = f"{name:34}"
        for size in sizes:
            row = _found(measured, name, size)
            line += (
                f"{row.ms:9.1f}{_number(row.cpu_ms):>9}{row.times_empty:9.2f}" if row else " " * 27
            )
        growth = _growth(measured, name, sizes)
        yield line + (f"{growth[0]:9.2f}{_number(growth[1], 2):>9}" if growth else "")


def _targets(measured: list[Row], thirds: list[Third], sizes: list[int]) -> Iterator[str]:
    largest = sizes[-1]
    empty = _value(measured, EMPTY, largest)
    if empty.cpu_ms is not None:
        yield _verdict(
            empty.cpu_ms < EMPTY_CPU_MS,
            f"an empty page takes {empty.cpu_ms:.1f} ms of CPU (less than {EMPTY_CPU_MS:g})",
        )
    for name in LIST_AND_FILE:
        row = _found(measured, name, largest)
        if row:
            yield _verdict(
                row.times_empty <= TIMES_EMPTY_AT_MOST,
                f"{name}: {row.times_empty:.2f} times the empty page "
                f"(at most {TIMES_EMPTY_AT_MOST:g})",
            )
    for name in dict.fromkeys(row.name for row in measured):
        growth = _growth(measured, name, sizes)
        if growth and name != EMPTY:
            yield _verdict(
                growth[0] <= SCREENS_MAY_GROW,
                f"{name}: {growth[0]:.2f} times from {sizes[0]:,} to {largest:,} persons "
                f"(at most {SCREENS_MAY_GROW:g})",
            )
    if thirds:
        first, last = thirds[0], thirds[-1]
        yield _verdict(
            last.median <= QUEUE_MAY_GROW * first.median,
            f"no growing queue: half of the clicks within {first.median * 1000:.0f} ms at first, "
            f"{last.median * 1000:.0f} ms at last; "
            f"19 of 20 within {first.slowest_twentieth * 1000:.0f} and "
            f"{last.slowest_twentieth * 1000:.0f} ms ({sum(one.clicks for one in thirds)} clicks)",
        )


def _growth(measured: list[Row], name: str, sizes: list[int]) -> tuple[float, float | None] | None:
    small, large = (_found(measured, name, size) for size in (sizes[0], sizes[-1]))
    if small is None or large is None or small is large:
        return None
    cpu = large.cpu_ms / small.cpu_ms if small.cpu_ms and large.cpu_ms else None
    return large.ms / small.ms, cpu


def _found(measured: list[Row], name: str, persons: int) -> Row | None:
    return next((row for row in measured if (row.name, row.persons) == (name, persons)), None)


def _value(measured: list[Row], name: str, persons: int) -> Row:
    found = _found(measured, name, persons)
    assert found is not None
    return found


def _number(value: float | None, places: int = 1) -> str:
    return "-" if value is None else f"{value:.{places}f}"


def _verdict(good: bool, sentence: str) -> str:
    return f"{'✓' if good else '✗'} {sentence}"


if __name__ == "__main__":
    main()
