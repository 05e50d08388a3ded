"""Towns and accounts, made and kept by the operator."""

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import Account, Agency, Municipality
from kisi.db.repository.agencies import fill_agency
from kisi.db.repository.system import end_sessions
from kisi.domain.account import AccountEntry, problems, tidy_name
from kisi.domain.agency import AgencyEntry, starting_list
from kisi.domain.text import clean_line
from kisi.operate import Mistake
from kisi.permissions import Role

_LONGEST_TOWN = 120


def add_town(name: str, short: str) -> int:
    """Store the town with the starting list of agencies; returns how many those are."""
    name, short = clean_line(name), short.strip().upper()
    if not name or len(name) > _LONGEST_TOWN:
        raise Mistake(f"Bitte einen Namen mit höchstens {_LONGEST_TOWN} Zeichen angeben.")
    if not (1 <= len(short) <= 4 and short.isascii() and short.isalpha()):
        raise Mistake("Die Kurzform besteht aus 1 bis 4 Buchstaben (A bis Z), zum Beispiel MU.")
    try:
        with transaction(SYSTEM, write=True) as session:
            town = store_town(session, name, short)
            for entry in starting_list():
                session.add(agency_row(town.id, entry))
    except IntegrityError as error:
        raise Mistake(f"Die Kommune „{name}“ oder die Kurzform „{short}“ gibt es schon.") from error
    return len(starting_list())


def store_town(session: Session, name: str, short: str) -> Municipality:
    town = Municipality(name=name, short=short)
    session.add(town)
    session.flush()
    return town


def agency_row(municipality_id: int, entry: AgencyEntry) -> Agency:
    row = Agency(municipality_id=municipality_id)
    fill_agency(row, entry)
    return row


def list_towns() -> list[str]:
    with transaction(SYSTEM) as session:
        return [
            f"{town.short:<4} {town.name}"
            for town in session.scalars(select(Municipality).order_by(Municipality.name))
        ]


def add_account(name: str, display_name: str, roles: str, municipality: str) -> str:
    """Store the account; returns its first password, which is kept nowhere else."""
    from kisi import passwords

    entry = AccountEntry(
        name=tidy_name(name), display_name=clean_line(display_name), roles=_roles(roles)
    )
    for sentence in problems(entry).values():
        raise Mistake(sentence)
    with transaction(SYSTEM) as session:
        town = _town(session, municipality)
        if session.scalar(select(Account.id).where(Account.name == entry.name)):
            raise Mistake(f"Das Konto „{entry.name}“ gibt es schon.")
    password = passwords.first_password()
    row = Account(
        municipality_id=town.id,
        name=entry.name,
        display_name=entry.display_name,
        roles=frozenset(Role(role) for role in entry.roles),
        password_hash=passwords.hashed(password),
    )
    with transaction(town.id, write=True) as session:
        session.add(row)
    return password


def reset_account(name: str) -> str:
    """A new first password; every session of the account ends."""
    from kisi import passwords

    password = passwords.first_password()
    hashed = passwords.hashed(password)
    with transaction(_municipality_of(name), write=True) as session:
        row = _account(session, name)
        row.password_hash = hashed
        row.must_change = True
        end_sessions(session, row.id)
    return password


def disable_account(name: str) -> bool:
    """Nobody signs in with it any more; returns whether an active administration remains."""
    municipality_id = _municipality_of(name)
    with transaction(municipality_id, write=True) as session:
        row = _account(session, name)
        row.active = False
        end_sessions(session, row.id)
        session.flush()
        active = select(Account).where(Account.active, Account.municipality_id == municipality_id)
        return any(Role.ADMIN in one.roles for one in session.scalars(active))


def list_accounts() -> list[str]:
    query = (
        select(Account, Municipality.name)
        .join(Municipality, Municipality.id == Account.municipality_id)
        .order_by(Municipality.name, Account.name)
    )
    with transaction(SYSTEM) as session:
        return [_line(account, town) for account, town in session.execute(query)]


def demo_accounts() -> list[str]:
    """Sign-in names, with their roles and towns, of the accounts the demo has made."""
    query = (
        select(Account, Municipality.name)
        .join(Municipality, Municipality.id == Account.municipality_id)
        .where(Account.demo, Account.active)
        .order_by(Account.id)
    )
    with transaction(SYSTEM) as session:
        return [
            f"{account.name:<14}{_labels(account)}, {town}"
            for account, town in session.execute(query)
        ]


def _line(account: Account, town: str) -> str:
    marks = [] if account.active else ["gesperrt"]
    marks += ["Demo"] if account.demo else []
    marked = f"  [{', '.join(marks)}]" if marks else ""
    return f"{account.name:<20} {account.display_name:<28} {town}: {_labels(account)}{marked}"


def _labels(account: Account) -> str:
    return ", ".join(role.label for role in Role if role in account.roles)


def _roles(written: str) -> frozenset[str]:
    names = [name.strip().lower() for name in written.split(",") if name.strip()]
    unknown = sorted(set(names) - {role.value for role in Role})
    if unknown or not names:
        known = ", ".join(f"{role.value} ({role.label})" for role in Role)
        told = f"Die Rolle „{unknown[0]}“ gibt es nicht. " if unknown else ""
        raise Mistake(f"{told}Möglich sind, durch Komma getrennt: {known}.")
    return frozenset(names)


def _town(session: Session, name: str) -> Municipality:
    wanted = name.strip()
    query = select(Municipality).where(
        or_(Municipality.name == wanted, func.upper(Municipality.short) == wanted.upper())
    )
    town = session.scalar(query)
    if town is None:
        raise Mistake(
            f"Die Kommune „{wanted}“ gibt es nicht. „python -m kisi town list“ zeigt alle, "
            "„python -m kisi town add“ legt eine an."
        )
    return town


def _municipality_of(name: str) -> int:
    with transaction(SYSTEM) as session:
        return _account(session, name).municipality_id


def _account(session: Session, name: str) -> Account:
    row = session.scalar(select(Account).where(Account.name == tidy_name(name)))
    if row is None:
        raise Mistake(f"Das Konto „{tidy_name(name)}“ gibt es nicht.")
    return row
