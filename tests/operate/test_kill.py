"""Killed without warning, KISI loses nothing that was confirmed, and keeps nothing half done."""

from pathlib import Path

from kisi.operate.check import outcomes
from tests.operate.writing import Writer, needs_by_person

KILLS = 6


def test_nothing_confirmed_is_lost_and_nothing_is_half_done(filled: str, tmp_path: Path) -> None:
    confirmed: set[int] = set()
    for number in range(KILLS):
        writer = Writer(tmp_path / f"writer-{number}")
        writer.wait_for(5 + 3 * number)
        writer.kill()
        confirmed |= writer.acknowledged()
    stored = needs_by_person()
    assert len(confirmed) > 50
    assert confirmed <= stored.keys()
    assert set(stored.values()) == {2}
    assert [sentence for good, sentence in outcomes() if not good] == []
