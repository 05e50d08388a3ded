"""Two people at once: nothing is lost, nothing is stored twice."""

import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import pytest
from sqlalchemy import func, select
from sqlalchemy.engine import make_url

from kisi.clock import today
from kisi.config import settings
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import AuditEntry, Need, Person
from kisi.db.repository import open_repository
from kisi.db.repository.persons import Order, PersonFilter
from kisi.domain.need import Area
from kisi.domain.refusal import Outdated
from kisi.permissions import User
from tests import people

Answer = TypeVar("Answer")


def at_once(count: int, act: Callable[[int], Answer]) -> list[Answer | Exception]:
    """The same thing by as many threads, let go in the same moment; refusals are returned."""
    start = threading.Barrier(count)

    def run(number: int) -> Answer | Exception:
        start.wait()
        try:
            return act(number)
        except Outdated as refusal:
            return refusal

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


def test_an_outdated_copy_does_not_overwrite(guide: User, colleague: User) -> None:
    person = people.take_in(guide)
    with open_repository(guide) as repository:
        seen = repository.persons.get(person)
    with open_repository(colleague, write=True) as repository:
        repository.persons.change(seen, replace(seen.entry, given_name="Zuerst"))
    with pytest.raises(Outdated), open_repository(guide, write=True) as repository:
        repository.persons.change(seen, replace(seen.entry, given_name="Danach"))
    with open_repository(guide) as repository:
        assert repository.persons.get(person).entry.given_name == "Zuerst"


def test_of_two_changes_in_the_same_moment_one_is_told(guide: User) -> None:
    person = people.take_in(guide)
    with open_repository(guide) as repository:
        seen = repository.persons.get(person)

    def change(number: int) -> str:
        with open_repository(guide, write=True) as repository:
            repository.persons.change(seen, replace(seen.entry, given_name=f"Name {number}"))
        return f"Name {number}"

    outcomes = at_once(8, change)
    stored = [name for name in outcomes if isinstance(name, str)]
    assert len(stored) == 1
    with open_repository(guide) as repository:
        kept = repository.persons.get(person)
    assert kept.entry.given_name == stored[0]
    assert kept.version == seen.version + 1


def test_a_form_sent_twenty_times_at_once_is_stored_once(guide: User) -> None:
    people.take_in(guide)

    def send(_number: int) -> int:
        with open_repository(guide, write=True) as repository:
            return repository.persons.add(people.person(), key="a" * 32)

    outcomes = at_once(20, send)
    assert len({one for one in outcomes if isinstance(one, int)}) == 1
    assert send(0) in outcomes, "trying again gives the same record"
    with open_repository(guide) as repository:
        assert repository.persons.count(PersonFilter()) == 2


def test_an_intake_sent_again_after_a_lost_answer_doubles_neither_person_nor_needs(
    guide: User,
) -> None:
    def take_in() -> int:
        with open_repository(guide, write=True) as repository:
            person = repository.persons.add(people.person(), key="a" * 32)
            repository.needs.add(people.need(person), key="b" * 32)
            repository.needs.add(people.need(person, area=Area.WORK), key="c" * 32)
            return person

    assert take_in() == take_in()
    with transaction(guide.municipality_id) as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 1
        assert session.scalar(select(func.count()).select_from(Need)) == 2
        assert session.scalar(select(Person.open_needs)) == 2


def test_a_failed_intake_leaves_nothing_not_even_a_number(guide: User) -> None:
    with pytest.raises(ZeroDivisionError), open_repository(guide, write=True) as repository:
        repository.persons.add(people.person())
        raise ZeroDivisionError
    person = people.take_in(guide)
    with open_repository(guide) as repository:
        assert repository.persons.code_of(person).endswith("-0001")
        assert repository.persons.count(PersonFilter()) == 1


def test_codes_given_out_at_once_have_no_gaps_and_no_doubles(guide: User) -> None:
    """From the very first one of the year on."""

    def take_in(_number: int) -> list[int]:
        return [people.take_in(guide) for _ in range(4)]

    outcomes = at_once(8, take_in)
    assert not [one for one in outcomes if isinstance(one, Exception)]
    with open_repository(guide) as repository:
        page = repository.persons.page(PersonFilter(), Order.OLDEST, limit=50)
    expected = [f"MU-{today().year}-{number:04d}" for number in range(1, 33)]
    assert sorted(row.code for row in page.rows) == expected


def test_many_writers_wait_for_each_other_and_lose_nothing(guide: User) -> None:
    """16 threads change the same record for two seconds; who comes too late tries again."""
    person = people.take_in(guide)
    end = time.monotonic() + 2

    def change_until_the_end(number: int) -> int:
        done = 0
        while time.monotonic() < end:
            try:
                done += change_once(person, guide)
            except Outdated:
                continue
        return done

    counts = at_once(16, change_until_the_end)
    assert not [one for one in counts if isinstance(one, Exception)]
    changes = sum(one for one in counts if isinstance(one, int))
    assert changes > 1
    with open_repository(guide) as repository:
        stored = repository.persons.get(person)
    assert stored.entry.year_of_birth == 1990 + changes
    with transaction(SYSTEM) as session:
        noted = session.scalar(
            select(func.count())
            .select_from(AuditEntry)
            .where(AuditEntry.action == "change", AuditEntry.record == "person")
        )
    assert noted == changes


def change_once(person: int, user: User) -> int:
    with open_repository(user, write=True) as repository:
        seen = repository.persons.get(person)
        older = (seen.entry.year_of_birth or 0) + 1
        repository.persons.change(seen, replace(seen.entry, year_of_birth=older))
    return 1


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_on_sqlite_a_write_holds_the_database_from_its_beginning(guide: User) -> None:
    """Else what was read at its start could be changed by another process before it writes."""
    other = sqlite3.connect(make_url(settings().database_url).database or "", timeout=0)
    with transaction(guide.municipality_id, write=True) as session:
        assert session.scalar(select(Person.id)) is None
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("BEGIN IMMEDIATE")
    with transaction(guide.municipality_id) as session:
        assert session.scalar(select(Person.id)) is None
        other.execute("BEGIN IMMEDIATE")
        other.rollback()
    other.close()
