"""PostgreSQL itself keeps the towns apart, whatever KISI's own code forgets."""

import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Connection, func, insert, select, text, update
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError

from kisi.clock import now
from kisi.config import settings
from kisi.db.engine import engine, transaction
from kisi.db.models import Account, AuditEntry, Base, Draft, Person
from kisi.db.schema import scoped_tables
from tests import people
from tests.people import Towns


@pytest.fixture
def database(postgresql_database: str) -> str:
    """These tests are about PostgreSQL alone."""
    return postgresql_database


@pytest.fixture
def raw(towns: Towns) -> Iterator[Connection]:
    """A connection of the application's role, past KISI's code and without a town named."""
    people.open_case(towns["guide"])
    people.open_case(towns["guide2"])
    with engine().connect() as connection:
        yield connection


def test_every_table_with_a_municipality_has_forced_row_security(raw: Connection) -> None:
    protected = raw.execute(
        text(
            "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid"
            " WHERE c.relrowsecurity AND c.relforcerowsecurity AND p.polcmd = '*'"
            " AND pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid)"
            " AND pg_get_expr(p.polqual, c.oid) LIKE '%municipality_id = %'"
        )
    )
    columns = raw.execute(
        text(
            "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " JOIN pg_namespace n ON n.oid = c.relnamespace WHERE a.attname = 'municipality_id'"
            " AND NOT a.attisdropped AND c.relkind = 'r' AND n.nspname = 'public'"
        )
    )
    in_database = {row[0] for row in columns}
    assert {row[0] for row in protected} == in_database == set(scoped_tables())
    assert len(in_database) > 10


def test_every_table_without_a_municipality_is_known(raw: Connection) -> None:
    without = {table.name for table in Base.metadata.sorted_tables} - set(scoped_tables())
    assert without == {"installation", "municipality", "throttle"}


def test_the_application_can_neither_own_nor_bypass_anything(raw: Connection) -> None:
    role = make_url(settings().database_url).username
    powers = raw.execute(
        text(
            "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication"
            " FROM pg_roles WHERE rolname = :role"
        ),
        {"role": role},
    ).one()
    assert raw.scalar(text("SELECT current_user")) == role
    assert not any(powers)
    owned = raw.execute(
        text("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = :role"),
        {"role": role},
    )
    assert owned.all() == []
    member_of = raw.scalar(
        text("SELECT count(*) FROM pg_auth_members WHERE pg_get_userbyid(member) = :role"),
        {"role": role},
    )
    assert member_of == 0


@pytest.mark.parametrize("named", [None, "", "999"])
def test_without_a_known_town_no_row_is_seen(named: str | None, raw: Connection) -> None:
    if named is not None:
        raw.execute(text("SELECT set_config('app.municipality', :town, true)"), {"town": named})
    for name in scoped_tables():
        assert raw.scalar(text(f"SELECT count(*) FROM {name}")) == 0, name


def test_a_town_sees_only_its_own_rows(raw: Connection, towns: Towns) -> None:
    raw.execute(text("SELECT set_config('app.municipality', :t, true)"), {"t": str(towns.here)})
    for name in scoped_tables():
        seen = set(raw.scalars(text(f"SELECT DISTINCT municipality_id FROM {name}")))
        assert seen <= {towns.here}, name
    assert raw.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize("model", [Draft, Person])
def test_a_row_for_another_town_is_refused(model: type[Base], towns: Towns) -> None:
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(towns.here, write=True) as session,
    ):
        session.connection().execute(
            # Inline: the row is not read back, so nothing but the check for new rows refuses it.
            insert(model)
            .inline()
            .values(
                municipality_id=towns.there,
                uid="f" * 32,
                version=1,
                created_at=now(),
                **values_for(model, towns),
            )
        )


def values_for(model: type[Base], towns: Towns) -> dict[str, object]:
    if model is Draft:
        return {
            "account_id": towns["guide"].account_id,
            "form": "intake",
            "subject": "",
            "updated_at": now(),
        }
    return {
        "code": "BE-1",
        "gender": "female",
        "nationality": "AF",
        "contact_language": "fa",
        "registered_on": people.today(),
        "open_needs": 0,
    }


def test_a_row_cannot_be_given_away_to_another_town(towns: Towns) -> None:
    person = people.take_in(towns["guide"])
    with (
        pytest.raises(DBAPIError, match="row-level security"),
        transaction(towns.here, write=True) as session,
    ):
        session.connection().execute(
            update(Person).where(Person.id == person).values(municipality_id=towns.there)
        )


def test_pooled_connections_carry_nothing_from_one_town_to_the_next(towns: Towns) -> None:
    """300 transactions of two towns on the same few connections, every third undone."""
    people.open_case(towns["guide"])
    people.open_case(towns["guide2"])

    def look(number: int) -> set[int]:
        town = random.Random(number).choice([towns.here, towns.there])
        seen: set[int] = set()
        try:
            with transaction(town) as session:
                for model in (Person, Account, AuditEntry):
                    seen |= set(session.connection().scalars(select(model.municipality_id)))
                if number % 3 == 0:
                    raise InterruptedError
        except InterruptedError:
            pass
        assert seen, "each town has rows of its own"
        return seen - {town}

    with ThreadPoolExecutor(8) as threads:
        leaked = list(threads.map(look, range(300)))
    assert leaked == [set()] * 300
    with engine().connect() as connection:
        assert connection.scalar(select(func.count()).select_from(Person)) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
        "TRUNCATE audit_entry",
        "DELETE FROM installation",
        "INSERT INTO alembic_version VALUES ('0')",
        "ALTER TABLE person DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own_municipality ON person",
    ],
)
def test_the_application_has_no_right_to(statement: str, raw: Connection) -> None:
    with pytest.raises(DBAPIError, match=r"permission denied|must be owner"):
        raw.execute(text(statement))


def test_names_of_accounts_are_unique_over_all_towns(towns: Towns) -> None:
    with pytest.raises(IntegrityError), transaction(towns.here, write=True) as session:
        session.add(
            Account(
                municipality_id=towns.here,
                name=towns["guide2"].name,
                display_name="X",
                roles=frozenset(),
                password_hash="x",
            )
        )
