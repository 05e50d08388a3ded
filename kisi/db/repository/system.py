"""Accounts and the audit log, for those who run KISI in a town."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select

from kisi.clock import now
from kisi.db.audit import Action
from kisi.db.models import Account, AuditEntry, SignIn
from kisi.db.repository.base import Access, Records
from kisi.domain.account import AccountEntry, tidy_name
from kisi.domain.entry import Page, Stored
from kisi.domain.refusal import LastAdmin, NotPossible, Outdated, Taken
from kisi.passwords import first_password, hashed
from kisi.permissions import Permission, Role


@dataclass(frozen=True)
class AccountFile(Stored[AccountEntry]):
    active: bool
    must_change: bool
    last_seen: datetime | None


class Accounts(Records[Account, AccountEntry]):
    model = Account
    entry = AccountEntry
    view = Permission.MANAGE_ACCOUNTS
    edit = Permission.MANAGE_ACCOUNTS

    def all(self) -> list[AccountFile]:
        """A town has few accounts: all of them, by name."""
        self._user.require(self.view)
        last_seen = self._session.execute(
            select(SignIn.account_id, func.max(SignIn.last_seen))
            .where(SignIn.municipality_id == self._user.municipality_id)
            .group_by(SignIn.account_id)
        )
        seen = dict(last_seen.all())
        rows = self._session.scalars(self._own(select(Account)).order_by(Account.name))
        return [
            AccountFile(
                row.id, row.version, self._entry_of(row), row.active, row.must_change,
                seen.get(row.id),
            )
            for row in rows
        ]  # fmt: skip

    def add(self, entry: AccountEntry, key: str | None = None) -> int:
        """Never: an account begins with a first password, see `create`."""
        self._user.require(self.edit)
        raise NotPossible

    def create(self, entry: AccountEntry) -> str:
        """Store the account; returns its first password, to be shown once. Raises Taken."""
        self._user.require(self.edit)
        if name_taken(self._session, entry.name):
            raise Taken
        password = first_password()
        row = Account(municipality_id=self._user.municipality_id)
        row.password_hash = hashed(password)
        self._fill(row, entry, new=True)
        self._session.add(row)
        return password

    def reset(self, seen: Stored[AccountEntry]) -> str:
        """A new first password, to be shown once; every session of the account ends."""
        row = self._seen(seen)
        password = first_password()
        row.password_hash = hashed(password)
        row.must_change = True
        end_sessions(self._session, row.id)
        return password

    def set_active(self, seen: Stored[AccountEntry], active: bool) -> None:
        row = self._seen(seen)
        if not active:
            self._keep_an_admin(row)
            end_sessions(self._session, row.id)
        row.active = active

    def change(self, seen: Stored[AccountEntry], entry: AccountEntry) -> None:
        """Change name shown and roles; the sessions end, so that new roles count at once."""
        row = self._seen(seen)
        if entry.name != row.name and name_taken(self._session, entry.name):
            raise Taken
        if Role.ADMIN not in entry.roles:
            self._keep_an_admin(row)
        if frozenset(entry.roles) != frozenset(row.roles):
            end_sessions(self._session, row.id)
        self._fill(row, entry, new=False)

    def _seen(self, seen: Stored[AccountEntry]) -> Account:
        self._user.require(self.edit)
        row = self._get(seen.id)
        if row.version != seen.version:
            raise Outdated
        return row

    def _keep_an_admin(self, row: Account) -> None:
        """A town must not lock itself out."""
        others = [
            one
            for one in self._session.scalars(self._own(select(Account)).where(Account.active))
            if Role.ADMIN in one.roles and one.id != row.id
        ]
        if Role.ADMIN in row.roles and not others:
            raise LastAdmin

    def _fill(self, row: Account, entry: AccountEntry, *, new: bool) -> None:
        row.name = tidy_name(entry.name)
        row.display_name = entry.display_name
        row.roles = frozenset(Role(role) for role in entry.roles)

    def _entry_of(self, row: Account) -> AccountEntry:
        return AccountEntry(name=row.name, display_name=row.display_name, roles=row.roles)


@dataclass(frozen=True)
class AuditRow:
    seq: int
    at: datetime
    actor: str
    action: Action
    record: str
    record_id: int | None
    fields: str


class AuditEntries:
    def __init__(self, access: Access) -> None:
        self._session = access.session
        self._user = access.user

    def page(
        self, action: Action | None = None, *, offset: int = 0, limit: int = 25
    ) -> Page[AuditRow]:
        """The town's log, the newest first."""
        self._user.require(Permission.VIEW_AUDIT)
        rows = self._session.scalars(
            self._mine(select(AuditEntry), action)
            .order_by(AuditEntry.seq.desc())
            .offset(offset)
            .limit(limit)
        )
        total = self._session.scalar(
            self._mine(select(func.count()).select_from(AuditEntry), action)
        )
        return Page([_audit_row(row) for row in rows], int(total or 0))

    def _mine(self, query: Select[Any], action: Action | None) -> Select[Any]:
        query = query.where(AuditEntry.municipality_id == self._user.municipality_id)
        return query.where(AuditEntry.action == action.value) if action else query


def name_taken(session: Any, name: str) -> bool:
    """Names are unique over all municipalities; row-level security hides the others' accounts,
    so a name taken elsewhere is refused by the unique index when it is stored."""
    return session.scalar(select(Account.id).where(Account.name == tidy_name(name))) is not None


def end_sessions(session: Any, account_id: int) -> None:
    """Sign the account out everywhere."""
    open_ones = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended_at.is_(None))
    for one in session.scalars(open_ones):
        one.ended_at = now()


def _audit_row(row: AuditEntry) -> AuditRow:
    return AuditRow(
        row.seq, row.at, row.actor, Action(row.action), row.record, row.record_id, row.fields
    )
