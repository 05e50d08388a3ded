"""The migrations make exactly the tables of the models; what is clear in them is declared here."""

import re

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, Enum, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.orm import configure_mappers

from kisi.config import settings
from kisi.db.engine import make_engine
from kisi.db.models import Base, Sealed
from kisi.db.models.base import secret_names

# Every column of text that is stored in clear, and why it may be. A new one must be added here
# or be sealed: names, contacts and words of persons are always sealed.
CLEAR = {
    # what an office makes public about itself
    "agency.name", "agency.address", "agency.phone", "agency.email", "agency.opening_hours",
    # pseudonym, and codes from a list that many share
    "person.code", "person.nationality", "person.contact_language", "person_language.language",
    # staff: needed to sign in and to say in the log who did something
    "account.name", "account.display_name", "account.language", "account.password_hash",
    "account.roles", "audit_entry.actor",
    # names of things in KISI itself
    "audit_entry.action", "audit_entry.record", "audit_entry.fields", "counter.name",
    "draft.form", "draft.subject", "installation.mode", "municipality.name", "municipality.short",
    # random or hashed
    "known_device.token_hash", "sign_in.token_hash", "throttle.name_hash",
    # browser and system in words
    "sign_in.device",
}  # fmt: skip
SEALED = {
    "person": ["family_name", "given_name"],
    "need": ["wish"],
    "referral": ["note"],
    "draft": ["fields"],
}


def test_the_migrations_lead_to_the_tables_of_the_models(database: str) -> None:
    engine = make_engine(settings().owner_database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        difference = compare_metadata(context, Base.metadata)
    engine.dispose()
    assert [one for one in difference if "alembic_version" not in str(one)] == []


def test_every_constraint_has_a_name_by_the_convention() -> None:
    for table in Base.metadata.sorted_tables:
        for index in table.indexes:
            assert re.fullmatch(rf"ix_{table.name}_\w+", str(index.name)), index
        for constraint in table.constraints:
            if not isinstance(constraint, CheckConstraint):
                assert re.fullmatch(rf"(pk|fk|uq)_{table.name}(_\w+)?", str(constraint.name))


def test_every_column_of_text_is_sealed_or_declared_clear() -> None:
    found = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if holds_text(column.type) and column.name != "uid"
    }
    assert found == CLEAR


def holds_text(type: object) -> bool:
    """Choices from a fixed list and moments are no text."""
    kind = type.impl if isinstance(type, TypeDecorator) else type
    return isinstance(kind, String | Text) and not isinstance(kind, Enum)


def test_the_sealed_fields_are_these_and_lie_in_one_encrypted_column() -> None:
    configure_mappers()
    sealed = [
        mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Sealed)
    ]
    assert {model.__tablename__: secret_names(model) for model in sealed} == SEALED
    for model in sealed:
        assert isinstance(model.__table__.c.sealed.type, LargeBinary)
        assert not set(secret_names(model)) & set(model.__table__.c.keys())


def test_every_record_names_its_town_and_its_version() -> None:
    for table in Base.metadata.sorted_tables:
        if "uid" in table.c:
            assert not table.c.municipality_id.nullable
            assert not table.c.version.nullable
            assert table.c.uid.unique
