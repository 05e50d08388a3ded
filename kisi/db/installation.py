"""Opening the installation: the right keys, the right mode, the newest schema, or no start."""

import secrets

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import DBAPIError

from kisi.config import SettingsError, settings
from kisi.db import keys
from kisi.db.crypto import CannotOpen, KeyRing
from kisi.db.models.system import Installation
from kisi.domain.refusal import OutOfOrder

SECRETS = ("audit_key", "index_key")


class CannotStart(Exception):
    """KISI must not run on this database; the message is the German sentence to show."""


def open_installation(engine: Engine) -> None:
    """Hold the keys for this process. Raises CannotStart and writes nothing."""
    try:
        ring = KeyRing(settings().keys)
        with engine.connect() as connection:
            _require_newest_schema(connection)
            row = connection.execute(select(Installation.__table__)).mappings().one_or_none()
    except SettingsError as error:
        raise CannotStart(str(error)) from error
    except DBAPIError as error:
        raise OutOfOrder from error
    if row is None:
        raise CannotStart("Die Datenbank ist nicht eingerichtet: bitte „python -m kisi migrate“.")
    if row["mode"] != settings().mode:
        raise CannotStart(
            f"Diese Datenbank gehört zum Betrieb „{row['mode']}“, "
            f"KISI_MODE ist aber „{settings().mode}“."
        )
    try:
        opened = {name: ring.open(row[name], f"installation:{name}") for name in SECRETS}
    except CannotOpen as error:
        raise CannotStart(
            "Der Schlüssel in KISI_KEYS passt nicht zu dieser Datenbank. "
            "Bitte den richtigen Schlüssel angeben; an der Datenbank wurde nichts geändert."
        ) from error
    keys.hold(keys.Vault(ring, opened["audit_key"], opened["index_key"]))


def found_installation(connection: Connection) -> None:
    """Draw the installation's own secrets, once."""
    if connection.execute(select(Installation.id)).first():
        return
    ring = KeyRing(settings().keys)
    sealed = {name: ring.seal(secrets.token_bytes(32), f"installation:{name}") for name in SECRETS}
    connection.execute(insert(Installation).values(id=1, mode=settings().mode, **sealed))


def newest_revision() -> str:
    from kisi.db.schema import script_directory

    head = script_directory().get_current_head()
    if head is None:
        raise RuntimeError("no migrations found")
    return head


def _require_newest_schema(connection: Connection) -> None:
    if not inspect(connection).has_table("alembic_version"):
        raise CannotStart("Die Datenbank ist leer: bitte zuerst „python -m kisi migrate“.")
    current = MigrationContext.configure(connection).get_current_revision()
    if current != newest_revision():
        raise CannotStart(
            "Die Datenbank passt nicht zu dieser Version von KISI: "
            "bitte „python -m kisi migrate“ ausführen."
        )
