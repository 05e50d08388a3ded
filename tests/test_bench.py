"""The benchmark runs and writes what is read from it. How fast anything is, is not tested here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
ACTIONS = {
    "empty page",
    "Heute",
    "Personen, first page",
    "search, full name",
    "Personen, last page",
    "file of a person",
    "intake, save",
    "referral, save",
    "Zahlen (chart)",
    "slip (PDF)",
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    data = tmp_path_factory.mktemp("bench")
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--data", str(data)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    found: list[dict[str, Any]] = json.loads((data / "bench.json").read_text())
    return found


def test_every_agreed_action_is_measured(rows: list[dict[str, Any]]) -> None:
    assert {row["name"] for row in rows} >= ACTIONS


def test_people_at_work_are_measured_from_their_first_third_to_their_last(
    rows: list[dict[str, Any]],
) -> None:
    names = [row["name"] for row in rows]
    for third in ("first", "second", "last"):
        assert f"3 people, {third} third, median" in names
        assert f"3 people, {third} third, p95" in names


def test_each_row_holds_what_others_read(rows: list[dict[str, Any]]) -> None:
    for row in rows:
        assert set(row) == {"name", "persons", "ms", "cpu_ms", "times_empty"}
        assert row["persons"] == 200
        assert row["ms"] > 0
    assert next(row for row in rows if row["name"] == "empty page")["times_empty"] == 1


def test_the_empty_page_is_not_part_of_the_product() -> None:
    from kisi.navigation import MENU

    assert not [one for screens in MENU.values() for one in screens if one.path == "/leer"]
