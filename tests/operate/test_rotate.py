"""A new key, while people go on working."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, text

from kisi.db.crypto import CannotOpen
from kisi.db.engine import SYSTEM, forget_engine, transaction
from kisi.db.installation import CannotStart
from kisi.db.models import Need, Person
from kisi.db.repository import open_repository
from kisi.db.repository.persons import PersonFilter
from kisi.domain.entry import Stored
from kisi.domain.person import PersonEntry
from kisi.operate import rotate
from kisi.operate.check import outcomes
from kisi.permissions import Role, User
from tests.conftest import KEYS
from tests.operate.conftest import NEW_KEY, Command, tamper

GUIDE = User(1, "guide", "Gudrun Beispiel", frozenset({Role.GUIDE}), 1, "Musterstadt")


@pytest.fixture
def both_keys(filled: str, monkeypatch: pytest.MonkeyPatch) -> str:
    use_keys(monkeypatch, f"{NEW_KEY},{KEYS}")
    return filled


def use_keys(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("KISI_KEYS", keys)
    forget_engine()


def names() -> list[str]:
    with open_repository(GUIDE) as repository:
        return [row.name for row in repository.persons.page(PersonFilter(), limit=100).rows]


def test_afterwards_only_the_new_key_is_needed(
    both_keys: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names()
    result = rotate.rotate()
    assert result.rows > 40
    assert result.left == 0
    use_keys(monkeypatch, NEW_KEY)
    assert names() == before
    assert [sentence for good, sentence in outcomes() if not good] == []
    use_keys(monkeypatch, KEYS)
    with pytest.raises(CannotStart):
        names()


def test_people_read_on_meanwhile(both_keys: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rotate, "BATCH", 5)
    before, seen, stop = names(), [], threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.append(names())

    reader = threading.Thread(target=read)
    reader.start()
    result = rotate.rotate()
    stop.set()
    reader.join()
    assert result.left == 0
    assert len(seen) > 2
    assert all(one == before for one in seen)


def test_an_open_form_can_still_be_saved(both_keys: str) -> None:
    with open_repository(GUIDE) as repository:
        seen: Stored[PersonEntry] = repository.persons.get(1)
    rotate.rotate()
    entry = PersonEntry(given_name="Neu", family_name="Name", languages=("uk",))
    with open_repository(GUIDE, write=True) as repository:
        repository.persons.change(seen, entry)


def test_a_row_saved_meanwhile_is_left_alone(both_keys: str) -> None:
    table: Any = Person.__table__
    with transaction(SYSTEM, write=True) as session:
        row = session.execute(select(table).where(table.c.id == 1)).one()
        stale = {"row": 1, "old": b"as it was before", "new": b"what rotating would write"}
        rotate._replace(session, table, [stale])
        assert session.scalar(select(table.c.sealed).where(table.c.id == 1)) == row.sealed


def test_an_interrupted_rotation_goes_on(both_keys: str) -> None:
    table: Any = Need.__table__
    first = rotate.Rotated()
    first.rows = rotate._one_pass(table, first, rotate.Progress("", 0))
    assert first.rows > 0
    second = rotate.rotate()
    assert second.left == 0
    assert second.rows > 0
    assert rotate.rotate().rows == 0


def test_what_was_moved_to_another_person_does_not_open(both_keys: str) -> None:
    tamper(
        "CREATE TABLE swapped AS SELECT id, sealed FROM person WHERE id IN (1, 2)",
        "UPDATE person SET sealed = (SELECT sealed FROM swapped WHERE swapped.id = 3 - person.id)"
        " WHERE id IN (1, 2)",
        "DROP TABLE swapped",
    )
    with transaction(SYSTEM) as session, pytest.raises(CannotOpen):
        _name = session.get_one(Person, 1).given_name
    result = rotate.rotate()
    assert result.unreadable == ["person 1", "person 2"]
    assert result.left == 2


def test_the_command_says_how_many_are_left(
    both_keys: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("keys", "rotate") == 0
    assert "Noch unter einem alten Schlüssel: 0." in capsys.readouterr().out
    with transaction(SYSTEM) as session:
        last = text("SELECT action, record, fields FROM audit_entry WHERE municipality_id = 0"
                    " ORDER BY seq DESC LIMIT 1")  # fmt: skip
        action, record, fields = session.execute(last).one()
    assert (action, record) == ("operate", "keys")
    assert fields.startswith("rotate")
