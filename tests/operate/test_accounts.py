"""Towns and accounts from the command line; every mistake is one sentence and exit code 2."""

import pytest
from sqlalchemy import func, select

from kisi import passwords
from kisi.config import load_settings
from kisi.db.engine import SYSTEM, transaction
from kisi.db.models import Account, Agency, AuditEntry, SignIn
from kisi.domain.agency import starting_list
from kisi.permissions import Role
from tests.operate.conftest import Command, kisi

ANNA = ("user", "add", "Anna.M", "--display-name", "Anna Muster", "--municipality", "MU")


@pytest.fixture
def town(database: str, command: Command) -> None:
    assert command("town", "add", "Musterstadt", "mu") == 0


def account(name: str) -> Account:
    with transaction(SYSTEM) as session:
        return session.scalars(select(Account).where(Account.name == name)).one()


def test_a_town_begins_with_the_usual_bodies(town: None) -> None:
    with transaction(SYSTEM) as session:
        assert session.scalar(select(func.count()).select_from(Agency)) == len(starting_list())


def test_the_first_password_is_shown_and_opens(
    town: None, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(*ANNA, "--roles", "guide,admin") == 0
    password = shown_password(capsys)
    anna = account("anna.m")
    assert anna.roles == {Role.GUIDE, Role.ADMIN}
    assert anna.must_change
    assert not anna.demo
    assert passwords.matches(password, anna.password_hash)
    with transaction(SYSTEM) as session:
        noted = session.scalars(select(AuditEntry).where(AuditEntry.record == "account")).all()
    assert [(one.actor, one.action) for one in noted] == [("betrieb", "add")]
    assert noted[0].municipality_id == anna.municipality_id


def shown_password(capsys: pytest.CaptureFixture[str]) -> str:
    (line,) = (one for one in capsys.readouterr().out.splitlines() if "Passwort:" in one)
    return line.split(": ")[1]


def test_a_reset_ends_sessions_and_the_old_password(
    town: None, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command(*ANNA, "--roles", "guide")
    old = shown_password(capsys)
    sign_in()
    assert command("user", "reset", "ANNA.M") == 0
    new = shown_password(capsys)
    assert passwords.matches(new, account("anna.m").password_hash)
    assert not passwords.matches(old, account("anna.m").password_hash)
    assert sessions_left() == 0


def test_disabling_ends_sessions_and_warns(
    town: None, command: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    command(*ANNA, "--roles", "admin")
    sign_in()
    assert command("user", "disable", "anna.m") == 0
    assert "Administration" in capsys.readouterr().out
    assert not account("anna.m").active
    assert sessions_left() == 0
    assert command("user", "list") == 0
    assert "gesperrt" in capsys.readouterr().out


def sign_in() -> None:
    anna = account("anna.m")
    with transaction(SYSTEM, write=True) as session:
        session.add(
            SignIn(token_hash="0" * 64, account_id=anna.id, municipality_id=anna.municipality_id)
        )


def sessions_left() -> int:
    with transaction(SYSTEM) as session:
        return session.scalars(select(SignIn.ended_at)).all().count(None)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "Befehl"),
        (("dance",), "dance"),
        (("user", "add", "x"), "--display-name"),
        ((*ANNA, "--roles", "boss"), "boss"),
        ((*ANNA, "--roles", ""), "guide"),
        ((*ANNA[:-1], "Nowhere", "--roles", "guide"), "Nowhere"),
        (("user", "add", "a b", *ANNA[3:], "--roles", "guide"), "Leerzeichen"),
        (("user", "reset", "nobody"), "nobody"),
        (("town", "add", "Musterstadt", "XX"), "gibt es schon"),
        (("town", "add", "Neu", "12"), "Buchstaben"),
        (("serve", "--port", "many"), "many"),
        (("backup", "/nowhere/b.kisi"), "/nowhere"),
        (("demo", "--persons", "0"), "--persons"),
    ],
)
def test_a_mistake_is_one_sentence(
    town: None,
    command: Command,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    word: str,
) -> None:
    capsys.readouterr()
    assert command(*arguments) == 2
    said = capsys.readouterr()
    assert word.lower() in said.err.lower()
    assert said.err.count("\n") == 1
    assert said.out == ""


def test_a_name_is_taken_in_every_town(town: None, command: Command) -> None:
    command(*ANNA, "--roles", "guide")
    command("town", "add", "Beispielhausen", "BE")
    assert command(*ANNA[:-1], "BE", "--roles", "guide") == 2


def test_a_database_out_of_reach_is_a_sentence() -> None:
    url = "postgresql://nobody:secret-word@127.0.0.1:1/none"
    done = kisi("check", KISI_DATABASE_URL=url)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    assert "secret-word" not in done.stdout + done.stderr


def test_a_new_key_can_be_used(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    assert command("keys", "new", "next") == 0
    written = capsys.readouterr().out.strip()
    assert load_settings({"KISI_KEYS": written}).keys[0][0] == "next"


def test_help_is_german(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ((), ("user",), ("user", "add"), ("restore",)):
        with pytest.raises(SystemExit):
            command(*words, "--help")
        said = capsys.readouterr().out
        assert said.startswith("Aufruf: python -m kisi")
        for english in ("usage", "options:", "positional", "show this"):
            assert english not in said
