"""The log says who did what to which record, never what stood in a field."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from kisi.db.audit import Action
from kisi.db.engine import SYSTEM, engine, transaction
from kisi.db.models import Account, Agency, AuditEntry, Need, Person, Referral
from kisi.db.repository import open_repository
from kisi.domain import need, referral
from kisi.domain.refusal import NotAllowed, NotFound
from kisi.permissions import User
from tests import people

SECRETS = ("Xanthippe", "Quittenmarmelade", "Zwetschgenkuchen", "Nachtigallenweg")


def noted(action: Action | None = None, record: str = "") -> list[AuditEntry]:
    with transaction(SYSTEM) as session:
        rows = session.scalars(select(AuditEntry).order_by(AuditEntry.municipality_id))
        return [
            row
            for row in rows
            if (not action or row.action == action.value) and record in ("", row.record)
        ]


def test_every_step_of_a_case_is_noted_with_who_did_it(guide: User, colleague: User) -> None:
    case = people.open_case(guide)
    with open_repository(colleague, write=True) as repository:
        repository.referrals.answer(
            repository.referrals.get(case.referral), referral.Status.DECLINED_BY_AGENCY
        )
    mine = [(row.action, row.record) for row in noted() if row.actor == "guide"]
    assert set(mine) >= {
        ("add", "person"), ("add", "need"), ("add", "agency"), ("add", "referral"),
    }  # fmt: skip
    changes = {row.record: row for row in noted(Action.CHANGE) if row.actor == "colleague"}
    assert changes["referral"].fields == "closed_on, status"
    assert changes["need"].fields == "status"
    assert changes["referral"].record_id == case.referral
    assert changes["referral"].account_id == colleague.account_id


def test_fields_are_named_and_their_contents_never_written_down(guide: User) -> None:
    given, family, wish, address = SECRETS
    with open_repository(guide, write=True) as repository:
        person = repository.persons.add(people.person(given_name=given))
        repository.needs.add(people.need(person, wish=wish))
        repository.agencies.add(people.agency(address=address))
        seen = repository.persons.get(person)
    with open_repository(guide, write=True) as repository:
        repository.persons.change(seen, replace(seen.entry, family_name=family, year_of_birth=1961))
        repository.drafts.keep("d" * 32, "intake", {"given_name": given})
    change = noted(Action.CHANGE, "person")[0]
    assert change.fields == "family_name, year_of_birth"
    written = json.dumps([vars(row) for row in noted()], default=str, ensure_ascii=False)
    for secret in (*SECRETS, "1961"):
        assert secret not in written


def test_changing_nothing_is_not_noted(guide: User) -> None:
    case = people.open_case(guide)
    before = len(noted())
    with open_repository(guide, write=True) as repository:
        seen = repository.persons.get(case.person)
        repository.persons.change(seen, seen.entry)
    assert len(noted()) == before


def test_reading_a_file_is_noted_once_in_ten_minutes(
    guide: User, colleague: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = people.open_case(guide)
    clock = [1000.0]
    monkeypatch.setattr("kisi.db.repository.base.time.monotonic", lambda: clock[0])
    for user in (guide, guide, colleague):
        with open_repository(user) as repository:
            repository.persons.open(case.person)
            repository.referrals.open(case.referral)
    assert [row.actor for row in noted(Action.READ, "person")] == ["guide", "colleague"]
    clock[0] += 601
    with open_repository(guide) as repository:
        repository.persons.open(case.person)
    assert [row.actor for row in noted(Action.READ)] == ["guide", "colleague", "guide"]
    assert {row.record_id for row in noted(Action.READ)} == {case.person}


def test_a_reading_is_noted_even_if_what_came_after_it_failed(guide: User) -> None:
    person = people.take_in(guide)
    with pytest.raises(NotFound), open_repository(guide) as repository:
        repository.persons.open(person)
        repository.persons.open(person + 1000)
    assert [row.record_id for row in noted(Action.READ)] == [person]


def test_lists_and_searches_are_not_readings(guide: User) -> None:
    from kisi.db.repository.persons import PersonFilter

    people.take_in(guide)
    with open_repository(guide) as repository:
        repository.persons.page(PersonFilter("Mina"))
    assert noted(Action.READ) == []


def test_every_export_is_noted(guide: User) -> None:
    person = people.take_in(guide)
    for _ in range(2):
        with open_repository(guide, write=True) as repository:
            repository.persons.export(person)
    assert [(row.record, row.record_id) for row in noted(Action.EXPORT)] == [("person", person)] * 2


def test_a_refused_attempt_stays_noted_when_all_else_is_undone(coordinator: User) -> None:
    with pytest.raises(NotAllowed), open_repository(coordinator, write=True) as repository:
        repository.agencies.add(people.agency())
        repository.persons.open(1)
    assert noted(record="agency") == []
    refused = [(row.actor, row.record) for row in noted(Action.REFUSED)]
    assert refused == [("coordinator", "view_cases")]


def test_what_is_undone_is_not_noted(guide: User) -> None:
    with pytest.raises(ZeroDivisionError), open_repository(guide, write=True) as repository:
        repository.persons.add(people.person())
        raise ZeroDivisionError
    assert noted(record="person") == []


@pytest.mark.parametrize("model", [Person, Need, Referral, Agency, Account, AuditEntry])
def test_bulk_statements_are_refused(model: type, sqlite_database: str) -> None:
    for statement in (update(model).values(municipality_id=1), delete(model)):
        with (
            pytest.raises(RuntimeError, match="not audited"),
            transaction(1, write=True) as session,
        ):
            session.execute(statement)
        with pytest.raises(RuntimeError), transaction(1, write=True) as session:
            table = model.__table__  # type: ignore[attr-defined]
            session.execute(
                update(table).values(municipality_id=1) if statement.is_update else delete(table)
            )


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_on_sqlite_entries_can_be_neither_changed_nor_removed_nor_replaced(guide: User) -> None:
    people.take_in(guide)
    statements = (
        "UPDATE audit_entry SET actor = 'nobody'",
        "DELETE FROM audit_entry",
        "INSERT OR REPLACE INTO audit_entry SELECT municipality_id, seq, at, account_id, 'nobody',"
        " action, record, record_id, fields, mac FROM audit_entry",
    )
    for statement in statements:
        with (
            pytest.raises(DBAPIError, match="audit entries stay"),
            engine().execution_options(kisi_write=True).begin() as connection,
        ):
            connection.execute(text(statement))


def test_the_chain_of_each_town_goes_on_without_gaps(guide: User, other_guide: User) -> None:
    for user in (guide, other_guide, guide):
        people.take_in(user)
    for town in (guide.municipality_id, other_guide.municipality_id):
        numbers = [row.seq for row in noted() if row.municipality_id == town]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))


def test_the_log_of_a_town_is_read_newest_first_and_narrowed(guide: User, admin: User) -> None:
    case = people.open_case(guide)
    with open_repository(guide, write=True) as repository:
        repository.needs.set_status(repository.needs.get(case.need), need.Status.MET)
    with open_repository(admin) as repository:
        whole = repository.audit.page(limit=500)
        changes = repository.audit.page(Action.CHANGE, limit=500)
        second = repository.audit.page(offset=2, limit=2)
    numbers = [row.seq for row in whole.rows]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == whole.total
    assert {row.action for row in changes.rows} == {Action.CHANGE}
    assert second.rows == whole.rows[2:4]
