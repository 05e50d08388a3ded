"""What holds for every file of the project."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LONGEST = 400
GENERATED = ("kisi/db/migrations/versions/",)
LONG_TESTS = {"tests/edge/test_gate.py"}
LATER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w.])/(work|root|home|tmp|Users)/")


def written(*suffixes: str) -> dict[str, str]:
    """The project's own files of these kinds, by path, with their text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return {
        path: (ROOT / path).read_text()
        for path in listed
        if path.endswith(suffixes) and (ROOT / path).is_file() and ".min." not in path
    }


def test_no_file_is_too_long_to_read() -> None:
    long = {
        path
        for path, text in written(".py", ".js", ".css").items()
        if text.count("\n") > LONGEST and not path.startswith(GENERATED)
    }
    assert long <= LONG_TESTS


def test_nothing_is_left_for_later() -> None:
    files = written(".py", ".js", ".css", ".md", ".toml", ".html")
    assert [
        path
        for path, text in files.items()
        if LATER.search(text) and path != "tests/test_project.py"
    ] == []


def test_no_machine_is_named() -> None:
    files = written(".py", ".js", ".toml", ".md", "Makefile", ".html", ".txt", ".cfg")
    named = {path for path, text in files.items() if MACHINE.search(text)}
    assert {path for path in named if not path.startswith("tests/")} == set()


def test_every_module_says_what_it_is() -> None:
    for path, text in written(".py").items():
        if path.startswith(("kisi/", "pages/", "Home.py")) and text.strip():
            assert text.startswith('"""'), path


def test_requirements_are_pinned_exactly() -> None:
    for path in ("requirements.txt", "requirements-dev.txt"):
        for line in (ROOT / path).read_text().splitlines():
            line = line.split("#")[0].split(";")[0].strip()
            if line and not line.startswith("-"):
                assert re.fullmatch(r"[\w.\[\]-]+==[\w.!+]+(\s*\\)?", line), (path, line)
