"""Whatever is done to the audit behind KISI's back is found."""

import threading
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from kisi.config import settings
from kisi.db.audit import Action, Note, note
from kisi.db.engine import transaction
from kisi.operate import anchors, chain
from kisi.operate.check import outcomes
from kisi.operate.database import looking, read_only
from tests.operate.conftest import tamper

TOWN = 7
COLUMNS = "municipality_id, seq, at, account_id, actor, action, record, record_id, fields, mac"


@pytest.fixture
def written(database: str) -> str:
    """A chain of twenty entries, its end anchored."""
    for number in range(20):
        write(Note(Action.CHANGE, "person", number, "given_name"))
    anchors.keep(verified().heads)
    return database


def write(*notes: Note) -> None:
    with transaction(TOWN, write=True) as session:
        note(session, *notes)


def verified(known: list[anchors.Anchor] | None = None) -> chain.Verified:
    engine = read_only(settings().database_url)
    with looking(engine) as connection:
        found = chain.verify(connection, known or [])
    engine.dispose()
    return found


def test_an_untouched_chain_has_no_findings(written: str) -> None:
    found = verified(anchors.known()[0])
    assert found.findings == []
    assert found.rows == 20
    assert found.heads[TOWN][0] == 20


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE audit_entry SET actor = 'someone else' WHERE seq = 5",
        "UPDATE audit_entry SET record_id = 99 WHERE seq = 5",
        "UPDATE audit_entry SET fields = '' WHERE seq = 20",
        "DELETE FROM audit_entry WHERE seq = 5",
        "DELETE FROM audit_entry WHERE seq > 18",
        "DELETE FROM audit_entry",
        "DELETE FROM audit_head",
        "UPDATE audit_head SET seq = 21",
        f"INSERT INTO audit_entry ({COLUMNS}) SELECT municipality_id, 21, at, account_id, actor,"
        " action, record, record_id, fields, mac FROM audit_entry WHERE seq = 20",
    ],
)
def test_each_change_is_found(written: str, change: str) -> None:
    tamper(change)
    assert verified().findings


def test_a_fork_is_found_even_with_its_head(written: str) -> None:
    """An entry that follows the last but one, put in the place of the last."""
    with looking(read_only(settings().database_url)) as connection:
        rows = connection.exec_driver_sql(f"SELECT {COLUMNS} FROM audit_entry WHERE seq = 18").all()
    tamper(
        "UPDATE audit_entry SET mac = :mac, actor = 'fork' WHERE seq = 20",
        "UPDATE audit_head SET mac = :mac",
        mac=rows[0][9],
    )
    assert verified().findings


def test_two_entries_with_one_number_are_refused(written: str) -> None:
    with pytest.raises(IntegrityError):
        tamper(f"INSERT INTO audit_entry ({COLUMNS}) SELECT {COLUMNS} FROM audit_entry")


def test_a_cut_end_with_its_head_rewritten_is_found_by_the_anchor(written: str) -> None:
    tamper(
        "DELETE FROM audit_entry WHERE seq > 15",
        "UPDATE audit_head SET seq = 15,"
        " mac = (SELECT mac FROM audit_entry WHERE municipality_id = 7 AND seq = 15)",
    )
    assert verified().findings == [], "the chain alone cannot know"
    assert verified(anchors.known()[0]).findings


def test_an_end_written_anew_is_found_by_the_anchor(written: str) -> None:
    tamper(
        "DELETE FROM audit_entry WHERE seq > 19",
        "UPDATE audit_head SET seq = 19,"
        " mac = (SELECT mac FROM audit_entry WHERE municipality_id = 7 AND seq = 19)",
    )
    write(Note(Action.CHANGE, "person", 1, "something else"))
    assert verified().findings == [], "the chain alone cannot know"
    assert verified(anchors.known()[0]).findings


GARBAGE = {
    "sqlite": [
        "UPDATE audit_entry SET seq = 'many' WHERE seq = 5",
        "UPDATE audit_entry SET at = 'yesterday' WHERE seq = 5",
        "UPDATE audit_entry SET at = x'ff' WHERE seq = 5",
        "UPDATE audit_entry SET actor = CAST(x'fffe' AS TEXT) WHERE seq = 5",
        "UPDATE audit_entry SET actor = x'00ff' WHERE seq = 5",
        "UPDATE audit_entry SET mac = 'text' WHERE seq = 5",
        "UPDATE audit_entry SET municipality_id = 'town' WHERE seq = 5",
        "UPDATE audit_entry SET record_id = 1e400 WHERE seq = 5",
        "UPDATE audit_head SET mac = 'text', seq = 'many'",
        "DROP TABLE audit_head",
        "DROP TABLE audit_entry",
    ],
    "postgresql": [
        "UPDATE audit_entry SET at = 'infinity' WHERE seq = 5",
        "UPDATE audit_entry SET at = '0044-03-15 BC' WHERE seq = 5",
        "UPDATE audit_entry SET mac = '' WHERE seq = 5",
        "UPDATE audit_entry SET seq = -1 WHERE seq = 5",
        "DROP TABLE audit_head",
        "DROP TABLE audit_entry",
    ],
}


def test_garbage_is_a_finding_and_no_exception(written: str, command: Any) -> None:
    backup = "SELECT municipality_id, seq, at, actor, mac FROM audit_entry"
    with looking(read_only(settings().database_url)) as connection:
        assert connection.exec_driver_sql(backup).all()
    for change in GARBAGE[written]:
        tamper(change)
        assert verified(anchors.known()[0]).findings, change
    assert command("check") == 1


def test_a_line_of_nonsense_in_the_anchors_is_a_finding(written: str) -> None:
    with Path(anchors.file()).open("a") as log:
        log.write("yesterday 7 many zz\n")
    assert any(not good for good, _sentence in outcomes())


def test_checking_anchors_the_ends_it_has_seen(written: str) -> None:
    write(Note(Action.CHANGE, "person", 1))
    assert all(good for good, _sentence in outcomes())
    assert max(one.seq for one in anchors.known()[0]) == 21


def test_eight_writers_make_one_chain(database: str) -> None:
    threads = [threading.Thread(target=_write_many, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verified()
    assert found.findings == []
    assert found.rows == 8 * 25 * 2


def _write_many(number: int) -> None:
    for turn in range(25):
        write(Note(Action.ADD, "person", number), Note(Action.ADD, "need", turn))
