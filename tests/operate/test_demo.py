"""Invented towns that show every state there is, and are the same each time."""

from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from kisi import passwords
from kisi.clock import today
from kisi.db.engine import SYSTEM, forget_engine, transaction
from kisi.db.models import Account, AuditEntry, Municipality, Need, Person, Referral
from kisi.db.repository import open_repository
from kisi.db.repository.persons import PersonFilter
from kisi.db.repository.referrals import Show
from kisi.domain import need, referral
from kisi.domain.person import PersonEntry
from kisi.operate import demo
from kisi.permissions import Role, User
from tests.operate.conftest import Command

GUIDE = User(1, "guide", "Gudrun Beispiel", frozenset({Role.GUIDE}), 1, "Musterstadt")
LEADERSHIP = User(3, "leitung", "Lena Beispiel", frozenset({Role.LEADERSHIP}), 1, "Musterstadt")


def people() -> list[tuple[str, str, str, int]]:
    with transaction(SYSTEM) as session:
        rows = session.scalars(select(Person).order_by(Person.code))
        return [(row.code, row.given_name, row.family_name, row.open_needs) for row in rows]


def test_it_is_the_same_each_time(
    database: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("demo") == 0
    first = people()
    assert len(first) == sum(demo.PERSONS)
    assert len({code for code, *_rest in first}) == len(first)
    assert command("demo") == 0
    assert "nichts geändert" in capsys.readouterr().out
    assert people() == first
    assert command("demo", "--fresh") == 0
    assert people() == first
    assert command("check") == 0


def test_what_the_screens_need_is_there(database: str) -> None:
    demo.fill()
    with open_repository(GUIDE) as repository:
        assert repository.referrals.count(Show.DUE) >= 1
        assert repository.referrals.count(Show.OVERDUE) >= 1
        exact = repository.figures.needs_by_area()
        names = [row.name for row in repository.persons.page(PersonFilter(), limit=60).rows]
    with open_repository(LEADERSHIP) as repository:
        protected = repository.figures.needs_by_area()
    assert exact.total
    assert any(protected.counts.values())
    scripts = Counter(
        "Arabic" if "\u0600" <= name[0] <= "\u06ff" else "Cyrillic" if name[0] >= "А" else "Latin"
        for name in names
    )
    assert min(scripts["Latin"], scripts["Cyrillic"], scripts["Arabic"]) >= 5
    with transaction(SYSTEM) as session:
        assert set(session.scalars(select(Referral.status))) == set(referral.Status)
        assert set(session.scalars(select(Need.status))) == set(need.Status)


def test_it_keeps_the_rules(database: str) -> None:
    demo.fill(300)
    with transaction(SYSTEM) as session:
        for person in session.scalars(select(Person)):
            entry = PersonEntry(given_name=person.given_name, languages=("uk",))
            assert entry.name
            assert person.registered_on <= today()
            wanted = session.scalars(select(Need).where(Need.person_id == person.id)).all()
            assert person.open_needs == sum(one.status in need.UNSETTLED for one in wanted)
        for one, own in session.execute(select(Referral, Need).join(Need)):
            assert (one.person_id, one.municipality_id) == (own.person_id, own.municipality_id)
            assert own.noted_on <= one.referred_on <= today()
            assert one.referred_on <= one.follow_up_on
            assert (one.closed_on is None) == (one.status in referral.WAITING)
            if one.status in referral.WAITING:
                assert own.status is need.Status.REFERRED
        for wish in session.scalars(select(Need)):
            assert (wish.closed_on is None) == (wish.status in need.UNSETTLED)
            assert wish.closed_on is None or wish.noted_on <= wish.closed_on <= today()


def test_people_are_found_by_name_and_new_codes_follow(database: str) -> None:
    demo.fill()
    with open_repository(GUIDE, write=True) as repository:
        row = repository.persons.page(PersonFilter()).rows[0]
        found = repository.persons.page(PersonFilter(text=row.name), limit=100).rows
        assert row.id in {one.id for one in found}
        entry = PersonEntry(given_name="Neu", family_name="Hier", languages=("uk",))
        new = repository.persons.open(repository.persons.add(entry))
    assert new.code not in {code for code, *_rest in people()[:-1]}
    assert int(new.code[-4:]) == int(row.code[-4:]) + 1 or new.code[3:7] != row.code[3:7]


def test_the_calendar_can_be_moved(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KISI_TODAY", "2031-02-03")
    forget_engine()
    demo.fill()
    with transaction(SYSTEM) as session:
        latest = session.scalar(select(func.max(Person.registered_on)))
        assert latest is not None
        assert date(2031, 1, 1) <= latest <= date(2031, 2, 3)


def test_everybody_can_sign_in(database: str) -> None:
    demo.fill()
    with transaction(SYSTEM) as session:
        accounts = session.execute(select(Account, Municipality.name).join(Municipality)).all()
    assert {(account.name, town) for account, town in accounts} == {
        ("guide", "Musterstadt"),
        ("koordination", "Musterstadt"),
        ("leitung", "Musterstadt"),
        ("admin", "Musterstadt"),
        ("guide2", "Beispielhausen"),
    }
    for account, _town in accounts:
        assert account.demo
        assert not account.must_change
    assert passwords.matches("kisi-demo-2026", accounts[0][0].password_hash)


def test_each_batch_is_in_the_audit(database: str) -> None:
    demo.fill(1200)
    with transaction(SYSTEM) as session:
        noted = session.scalars(
            select(AuditEntry.fields).where(
                AuditEntry.record == "person", AuditEntry.municipality_id == 1
            )
        ).all()
    assert noted == ["1.000 Einträge (Demo)", "80 Einträge (Demo)"]


def test_production_knows_no_demo(
    sqlite_database: str, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command("demo", KISI_MODE="production") == 2
    assert command("demo", "--fresh", KISI_MODE="production") == 2
    assert "KISI_MODE=demo" in capsys.readouterr().err
    assert people() == []
