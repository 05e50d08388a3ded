"""A backup holds all that was confirmed; one that is damaged, foreign or empty is refused."""

import json
import os
import random
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from kisi.clock import now
from kisi.config import settings
from kisi.db import keys
from kisi.db.engine import SYSTEM, forget_engine, transaction
from kisi.db.installation import CannotStart
from kisi.db.models import Need, Person, SignIn
from kisi.operate import Mistake, anchors, backup, postgres
from kisi.operate.archive import pack, unpack
from kisi.operate.check import outcomes
from kisi.operate.database import (
    looking,
    open_vault,
    read_only,
    row_counts,
    sha256,
    sqlite_file,
)
from tests.operate.conftest import WRONG_KEY, Command, let_owner_create_databases, tamper
from tests.operate.writing import Writer, needs_by_person
from tests.postgres import PostgresServer


def counts() -> dict[str, int]:
    engine = read_only(settings().owner_database_url)
    with looking(engine) as connection:
        found = row_counts(connection)
    engine.dispose()
    return found


def state() -> object:
    forget_engine()  # whose last connection tidies the file up
    file = sqlite_file()
    return sha256(file) if file else counts()


def left_behind(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".kisi-")]


@pytest.fixture
def made(filled: str, tmp_path: Path, command: Command) -> Path:
    """A good backup of a filled database."""
    file = tmp_path / "good.kisi"
    assert command("backup", file) == 0
    return file


def test_all_that_was_confirmed_before_is_in_it(
    filled: str, tmp_path: Path, command: Command
) -> None:
    file = tmp_path / "busy.kisi"
    writer = Writer(tmp_path / "writer")
    writer.wait_for(10)
    confirmed = writer.acknowledged()
    try:
        assert command("backup", file) == 0
        writer.wait_for(len(confirmed) + 1)
    finally:
        writer.kill()
    assert command("restore", file, "--replace") == 0
    stored = needs_by_person()
    assert confirmed <= stored.keys()
    assert set(stored.values()) == {2}
    assert [sentence for good, sentence in outcomes() if not good] == []


def test_it_is_for_its_owner_only_and_replaces_nothing(made: Path, command: Command) -> None:
    before = sha256(made)
    assert made.stat().st_mode & 0o777 == 0o600
    assert command("backup", made) == 2
    assert sha256(made) == before
    assert left_behind(made.parent) == []


def test_what_is_restored_is_what_was_there(
    made: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    before = counts()
    tamper("DELETE FROM person_token", "DELETE FROM person_language")
    assert command("restore", made) == 2, "not without --replace"
    assert "--replace" in capsys.readouterr().err
    assert command("restore", made, "--replace") == 0
    # The entry about the backup came after it; in its place is the one about restoring.
    assert counts() == before
    assert [path for path in made.parent.iterdir() if ".vor-" in path.name]
    assert [sentence for good, sentence in outcomes() if not good] == []


def test_it_goes_into_an_empty_database(
    made: Path,
    command: Command,
    filled: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = counts()
    server: PostgresServer | None = None
    if filled == "postgresql":
        server = request.getfixturevalue("postgres_server")
        name = server.create_database()
        elsewhere = server.environment(name)
    else:
        elsewhere = {"KISI_DATABASE_URL": f"sqlite:///{made.parent / 'new' / 'kisi.db'}"}
    for setting, url in elsewhere.items():
        monkeypatch.setenv(setting, url)
    assert command("restore", made) == 0
    assert counts() == before
    assert command("check") == 0
    if server:
        server.drop_database(name)


def test_sessions_do_not_come_back(filled: str, tmp_path: Path, command: Command) -> None:
    with transaction(SYSTEM, write=True) as session:
        session.add(SignIn(token_hash="0" * 64, account_id=1, municipality_id=1))
    assert command("backup", tmp_path / "b.kisi") == 0
    assert command("restore", tmp_path / "b.kisi", "--replace") == 0
    with transaction(SYSTEM) as session:
        ended = session.get_one(SignIn, "0" * 64).ended_at
    assert ended is not None
    assert ended <= now()


def test_restoring_an_older_backup_is_no_cut_audit(made: Path, command: Command) -> None:
    assert command("user", "disable", "guide") == 0
    assert command("user", "disable", "leitung") == 0
    assert command("check") == 0, "which anchors the longer chain"
    assert command("restore", made, "--replace") == 0
    assert command("check") == 0
    tamper("DELETE FROM audit_entry WHERE municipality_id = 1 AND seq = 1",
           "DELETE FROM audit_head WHERE municipality_id = 1")  # fmt: skip
    assert command("check") == 1


def refused(command: Command, file: Path, **environment: str) -> None:
    before = state()
    assert command("restore", file, "--replace", **environment) == 2
    assert state() == before
    assert left_behind(file.parent) == []


def test_a_truncated_one_is_refused(made: Path, command: Command) -> None:
    content = made.read_bytes()
    for length in (0, 300, len(content) // 2, len(content) - 512, len(content) - 1):
        made.write_bytes(content[:length])
        refused(command, made)
    made.write_bytes(content + b"\0")
    refused(command, made)


def test_every_flipped_bit_is_refused(made: Path) -> None:
    good = made.read_bytes()
    content = bytearray(good)
    chance = random.Random(1)
    for place in [0, 600, len(content) - 1, *chance.choices(range(len(content)), k=20)]:
        content[place] ^= 1 << chance.randrange(8)
        made.write_bytes(content)
        with pytest.raises((Mistake, CannotStart)), backup.checked(made, []):
            pass
        content = bytearray(good)


def test_one_under_another_key_is_refused(
    made: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(command, made, KISI_KEYS=WRONG_KEY)
    assert "Schlüssel" in capsys.readouterr().err


def test_a_file_that_is_no_backup_is_refused(filled: str, tmp_path: Path, command: Command) -> None:
    (tmp_path / "letter.txt").write_text("Sehr geehrte Damen und Herren")
    refused(command, tmp_path / "letter.txt")
    refused(command, tmp_path / "missing.kisi")


def resealed(file: Path, database: Path, **changes: object) -> Path:
    """The backup with another content, as somebody with the keys could write it."""
    manifest, _seal = unpack(file, file.with_name("content"))
    manifest = replace(manifest, sha256=sha256(database), **changes)  # type: ignore[arg-type]
    engine = read_only(settings().owner_database_url)
    with looking(engine) as connection:
        keys.hold(open_vault(connection))
    engine.dispose()
    forged = file.with_name("forged.kisi")
    with forged.open("wb") as target:
        pack(target, manifest, backup._seal(keys.vault(), manifest), database)
    return forged


@pytest.mark.postgres
def test_one_emptied_by_row_level_security_is_refused(
    filled_postgresql: str,
    tmp_path: Path,
    command: Command,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """pg_dump as the application ends without a word of complaint, and without a row."""
    assert command("backup", tmp_path / "good.kisi") == 0
    dump = tmp_path / "empty.dump"
    subprocess.run(
        [postgres._found("pg_dump"), "-Fc", "--enable-row-security", "-x", "-O", "-f", dump],
        env=os.environ
        | postgres._environment(make_url(settings().database_url))
        | {"PGOPTIONS": ""},
        check=True,
    )
    refused(command, resealed(tmp_path / "good.kisi", dump))
    assert "fehlen Einträge" in capsys.readouterr().err


def test_one_whose_audit_was_changed_is_refused(
    made: Path, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    tamper("UPDATE audit_entry SET actor = 'someone' WHERE seq = 1 AND municipality_id = 1")
    forged = made.with_name("changed.kisi")
    assert command("backup", forged) == 1, "made all the same, but said"
    assert "verändert" in capsys.readouterr().out
    manifest, _seal = unpack(forged, made.with_name("changed.database"))
    assert manifest.audit_findings == 1
    innocent = resealed(forged, made.with_name("changed.database"), audit_findings=0)
    refused(command, innocent)
    assert "Protokoll" in capsys.readouterr().err


def test_names_are_nowhere_in_clear(made: Path, filled: str) -> None:
    """Not in the database file, its journal, the anchors, or the backup."""
    with transaction(SYSTEM) as session:
        people = session.scalars(select(Person)).all()
        names = {name for one in people for name in (one.given_name, one.family_name)}
        wishes = {one.wish for one in session.scalars(select(Need))} - {""}
    assert len(names) > 30
    assert wishes
    files = [in_clear(made), anchors.file(), *made.parent.glob("kisi.db*")]
    assert any(b"Jobcenter" in file.read_bytes() for file in files), "one would see it"
    for file in files:
        content = file.read_bytes()
        for word in names | wishes:
            for written in (word.encode(), word.encode("utf-16-le"), json.dumps(word).encode()):
                assert len(word) < 4 or written.strip(b'"') not in content, (file, word)


def in_clear(made: Path) -> Path:
    """The backup as one would read it; PostgreSQL's dumps are compressed."""
    if sqlite_file():
        return made
    _manifest, _seal = unpack(made, made.with_name("content"))
    script = made.with_name("content.sql")
    postgres._run("pg_restore", f"--file={script}", str(made.with_name("content")))
    return script


@pytest.mark.postgres
def test_without_the_right_to_try_it_out_it_says_what_to_do(
    postgresql_database: str,
    postgres_server: PostgresServer,
    tmp_path: Path,
    command: Command,
    capsys: pytest.CaptureFixture[str],
) -> None:
    let_owner_create_databases(postgres_server, "NOCREATEDB")
    assert command("backup", tmp_path / "b.kisi") == 2
    assert "CREATEDB" in capsys.readouterr().err
    assert list(tmp_path.glob("*.kisi")) == []
