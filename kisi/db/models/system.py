"""What KISI needs to run: municipalities, accounts, sessions, drafts, and the audit chain."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, TypeDecorator
from sqlalchemy.orm import Mapped, mapped_column

from kisi.clock import now
from kisi.db.models.base import Base, Record, Sealed, Secret
from kisi.permissions import Role


class Installation(Base):
    """One row: what kind of installation this is, and its own secrets under the key ring.

    Opening them is the first thing KISI does; with a wrong key it does not start.
    """

    __tablename__ = "installation"

    id: Mapped[int] = mapped_column(primary_key=True)
    mode: Mapped[str] = mapped_column(String(12))
    audit_key: Mapped[bytes] = mapped_column(LargeBinary)
    index_key: Mapped[bytes] = mapped_column(LargeBinary)


class Municipality(Base):
    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    short: Mapped[str] = mapped_column(String(4), unique=True)
    """The letters its persons' codes begin with."""


class Counter(Base):
    """The last number given out, so that codes have no gaps and no doubles."""

    __tablename__ = "counter"

    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(30), primary_key=True)
    value: Mapped[int] = mapped_column(default=0)


class RoleSet(TypeDecorator[frozenset[Role]]):
    impl = String(80)
    cache_ok = True

    def process_bind_param(self, value: frozenset[Role] | None, _dialect: Any) -> str:
        return ",".join(sorted(value or ()))

    def process_result_value(self, value: str | None, _dialect: Any) -> frozenset[Role]:
        return frozenset(Role(name) for name in (value or "").split(",") if name)


class Account(Record):
    __tablename__ = "account"
    __table_args__ = (Index("ix_account_of", "municipality_id", "name"),)

    name: Mapped[str] = mapped_column(String(60), unique=True)
    """What is typed at sign-in: lower case, unique over all municipalities."""
    display_name: Mapped[str] = mapped_column(String(120))
    roles: Mapped[frozenset[Role]] = mapped_column(RoleSet)
    password_hash: Mapped[str] = mapped_column(String(100))
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str] = mapped_column(String(5), default="de")
    demo: Mapped[bool] = mapped_column(default=False)
    """Made by the demo; production does not start while one exists."""


class SignIn(Base):
    """A session: someone signed in on one browser. Only the token's SHA-256 is kept."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_account", "account_id", "ended_at"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]
    device: Mapped[str] = mapped_column(String(120), default="")
    """Browser and system in words, so that people recognise their own sessions."""


class KnownDevice(Base):
    """A browser this account has signed in on before; strangers' guesses do not slow it down."""

    __tablename__ = "known_device"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    municipality_id: Mapped[int] = mapped_column(ForeignKey("municipality.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Throttle(Base):
    """Failed sign-ins under one name, known or not; the name itself is not kept."""

    __tablename__ = "throttle"

    name_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    blocked_until: Mapped[datetime] = mapped_column(default=now)


class Draft(Sealed, Record):
    """What someone has typed and not yet saved. Its uid is the uid of the record to be."""

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_account", "municipality_id", "account_id", "updated_at"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    form: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(40), default="")
    """Which record is being changed; empty for a new one."""
    updated_at: Mapped[datetime] = mapped_column(default=now)
    fields: Secret[dict[str, Any]] = Secret({})


class AuditHead(Base):
    """Where a municipality's chain stands; locked last, just before a commit."""

    __tablename__ = "audit_head"

    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(BigInteger)
    mac: Mapped[bytes] = mapped_column(LargeBinary)


class AuditEntry(Base):
    """Who did what to which record, and when. Field names only, never their contents."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_record", "municipality_id", "record", "record_id"),
        Index("ix_audit_entry_action", "municipality_id", "action", "seq"),
    )

    municipality_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 for what belongs to no municipality: unknown names at sign-in, the operator's acts."""
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    actor: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(20))
    record: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    fields: Mapped[str] = mapped_column(Text, default="")
    mac: Mapped[bytes] = mapped_column(LargeBinary)
