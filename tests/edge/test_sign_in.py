"""Trying to sign in, and how long a session lasts. On both databases."""

import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from kisi import passwords
from kisi.db import sign_in, throttle
from kisi.db.engine import SYSTEM, forget_engine, transaction
from kisi.db.models.system import Account, Throttle
from kisi.db.repository.system import end_sessions
from kisi.permissions import Role
from tests.edge import people
from tests.edge.people import PASSWORD, WRONG

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """When a password was really checked."""
    made: list[float] = []
    check = passwords.matches

    def counting(password: str, password_hash: str) -> bool:
        made.append(time.monotonic())
        return check(password, password_hash)

    monkeypatch.setattr(passwords, "matches", counting)
    yield made


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes for the throttle: on a busy machine checking a password takes seconds."""
    moment = throttle.now()
    monkeypatch.setattr(throttle, "now", lambda: moment)


# --- trying --------------------------------------------------------------------------------------


def test_the_right_password_opens_a_session() -> None:
    people.account()
    outcome = sign_in.attempt(" Gabi ", PASSWORD)
    user = sign_in.user_of(sign_in.hash_of(outcome.token))
    assert user and (user.name, user.municipality) == ("gabi", "Musterstadt")


def test_every_sign_in_has_a_token_of_its_own() -> None:
    people.account()
    assert sign_in.attempt("gabi", PASSWORD).token != sign_in.attempt("gabi", PASSWORD).token


@pytest.mark.parametrize("name", ["gabi", "niemand", "paul"])
def test_wrong_unknown_and_switched_off_get_the_same_answer(name: str) -> None:
    people.account()
    people.account("paul", active=False)
    assert sign_in.attempt(name, PASSWORD if name == "paul" else WRONG) == sign_in.Outcome()
    assert [action for _town, _actor, action in people.noted()] == ["sign_in_failed"]


@pytest.mark.usefixtures("still_clock")
def test_a_hundred_guesses_at_once_are_three_checks(checks: list[float]) -> None:
    people.account()
    with ThreadPoolExecutor(100) as pool:
        list(pool.map(lambda number: sign_in.attempt("gabi", f"{WRONG} {number}"), range(100)))
    # On a slow computer the first second of waiting may be over before all are through.
    waited = int(checks[-1] - checks[0]) if len(checks) > 3 else 0
    assert 1 <= len(checks) <= 3 + waited


def test_the_wait_doubles_up_to_a_quarter_of_an_hour() -> None:
    waits = [throttle.wait_after(failures).total_seconds() for failures in range(1, 16)]
    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_the_wait_survives_a_restart(checks: list[float]) -> None:
    people.account()
    for _try in range(3):
        sign_in.attempt("gabi", WRONG)
    forget_engine()
    assert not sign_in.attempt("gabi", PASSWORD).signed_in
    assert len(checks) == 3


def test_after_the_wait_the_right_password_works_and_clears_the_count() -> None:
    people.account()
    for _try in range(3):
        sign_in.attempt("gabi", WRONG)
    people.let_wait_pass()
    assert sign_in.attempt("gabi", PASSWORD).signed_in
    with transaction(SYSTEM) as session:
        assert session.query(Throttle).count() == 0


def test_a_clock_that_was_ahead_locks_nobody_out_for_longer() -> None:
    people.account()
    sign_in.attempt("gabi", WRONG)
    with transaction(SYSTEM, write=True) as session:
        session.query(Throttle).one().blocked_until += timedelta(hours=5)
    sign_in.attempt("gabi", WRONG)
    with transaction(SYSTEM) as session:
        blocked = session.query(Throttle).one().blocked_until
    assert blocked - people.now() <= throttle.LONGEST_WAIT


def test_unknown_names_are_slowed_down_too(checks: list[float]) -> None:
    for _try in range(5):
        sign_in.attempt("niemand", WRONG)
    assert len(checks) == 3


@pytest.mark.usefixtures("still_clock")
def test_strangers_cannot_lock_out_the_owner_on_a_known_device() -> None:
    people.account()
    device = sign_in.attempt("gabi", PASSWORD).device_token
    for _try in range(6):
        sign_in.attempt("gabi", WRONG)
    assert not sign_in.attempt("gabi", PASSWORD).signed_in
    assert sign_in.attempt("gabi", PASSWORD, device).signed_in


@pytest.mark.usefixtures("still_clock")
def test_a_known_device_gives_no_free_guesses_at_other_accounts(checks: list[float]) -> None:
    people.account()
    people.account("paul")
    device = sign_in.attempt("gabi", PASSWORD).device_token
    checks.clear()
    for _try in range(3):
        sign_in.attempt("paul", WRONG)
    assert not sign_in.attempt("paul", PASSWORD, device).signed_in
    assert len(checks) == 3


def test_a_shared_tablet_is_known_for_each_of_its_people() -> None:
    people.account()
    people.account("paul")
    device = sign_in.attempt("gabi", PASSWORD).device_token
    assert sign_in.attempt("paul", PASSWORD, device).device_token == device
    for name in ("gabi", "paul"):
        for _try in range(4):
            sign_in.attempt(name, WRONG)
        assert sign_in.attempt(name, PASSWORD, device).signed_in


def test_known_and_unknown_names_take_the_same_time() -> None:
    people.account()
    sign_in.attempt("warm", WRONG)
    times: dict[str, list[float]] = {"gabi": [], "niemand": []}
    difference = 1.0
    for tries in range(1, 31):  # on a busy computer it takes more of them to see it
        for name, taken in times.items():
            people.let_wait_pass()
            began = time.perf_counter()
            sign_in.attempt(name, WRONG)
            taken.append(time.perf_counter() - began)
        known, unknown = (statistics.median(taken) for taken in times.values())
        difference = abs(known - unknown) / max(known, unknown)
        if tries >= 5 and difference < 0.1:
            break
    assert difference < 0.1


def test_sign_ins_failures_and_sign_outs_are_noted() -> None:
    account = people.account()
    sign_in.attempt("niemand", WRONG)
    sign_in.attempt("gabi", WRONG)
    token = sign_in.attempt("gabi", PASSWORD).token
    sign_in.sign_out(sign_in.hash_of(token))
    with transaction(SYSTEM) as session:
        town = session.get_one(Account, account).municipality_id
    assert set(people.noted()) == {
        (0, "unbekannt", "sign_in_failed"),
        (town, "gabi", "sign_in_failed"),
        (town, "gabi", "sign_in"),
        (town, "gabi", "sign_out"),
    }


# --- sessions ------------------------------------------------------------------------------------


def disable(account_id: int) -> None:
    people.change_account(account_id, lambda account: setattr(account, "active", False))


def revoke(account_id: int) -> None:
    with transaction(SYSTEM, write=True) as session:
        end_sessions(session, account_id)


ENDINGS: dict[str, Callable[[int, str], object]] = {
    "sign-out": lambda _account, token_hash: sign_in.sign_out(token_hash),
    "sign-out everywhere": lambda account, _hash: sign_in.sign_out_everywhere(account),
    "account switched off": lambda account, _hash: disable(account),
    "revoked": lambda account, _hash: revoke(account),
    "idle": lambda _account, token_hash: people.age_session(
        token_hash, idle=sign_in.IDLE + timedelta(seconds=1)
    ),
    "too old": lambda _account, token_hash: people.age_session(
        token_hash, idle=timedelta(0), since=sign_in.LONGEST + timedelta(seconds=1)
    ),
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ended_session_is_not_found_again(ending: str) -> None:
    account = people.account()
    token_hash = sign_in.hash_of(sign_in.open_session(account))
    other = sign_in.hash_of(sign_in.open_session(people.account("paul")))
    ENDINGS[ending](account, token_hash)
    assert sign_in.user_of(token_hash) is None
    assert sign_in.valid({token_hash, other}) == {other}


def test_a_session_in_use_stays_open_and_its_idle_time_begins_anew() -> None:
    token_hash = sign_in.hash_of(sign_in.open_session(people.account()))
    people.age_session(token_hash, idle=sign_in.IDLE - timedelta(minutes=1))
    before = sign_in.session_of(token_hash)
    assert sign_in.user_of(token_hash)
    after = sign_in.session_of(token_hash)
    assert before and after and after.last_seen - before.last_seen > timedelta(minutes=28)


def test_being_looked_at_by_the_server_is_not_use() -> None:
    token_hash = sign_in.hash_of(sign_in.open_session(people.account()))
    people.age_session(token_hash, idle=timedelta(minutes=10))
    before = sign_in.session_of(token_hash)
    sign_in.valid({token_hash})
    assert sign_in.session_of(token_hash) == before


def test_a_session_hash_is_not_a_token() -> None:
    token = sign_in.open_session(people.account())
    stolen = sign_in.hash_of(token)
    assert sign_in.user_of(sign_in.hash_of(stolen)) is None
    assert sign_in.user_of(token) is None


def test_roles_are_read_anew() -> None:
    account = people.account()
    token_hash = sign_in.hash_of(sign_in.open_session(account))
    people.change_account(account, lambda row: setattr(row, "roles", frozenset({Role.LEADERSHIP})))
    user = sign_in.user_of(token_hash)
    assert user and user.roles == {Role.LEADERSHIP}


# --- the password --------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    account = people.account(must_change=True)
    here, there = (sign_in.hash_of(sign_in.open_session(account)) for _device in range(2))
    assert sign_in.change_password(here, PASSWORD, "fünf neue Wörter im Regen") == {}
    found = sign_in.session_of(here)
    assert found and not found.must_change
    assert sign_in.session_of(there) is None
    assert not sign_in.attempt("gabi", PASSWORD).signed_in
    assert sign_in.attempt("gabi", "fünf neue Wörter im Regen").signed_in


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (WRONG, "fünf neue Wörter im Regen", "old"),
        (PASSWORD, "zu kurz", "new"),
        (PASSWORD, "Musterstadt2026", "new"),
        (PASSWORD, PASSWORD, "new"),
    ],
)
def test_a_bad_change_is_refused_beside_its_field(old: str, new: str, field: str) -> None:
    here = sign_in.hash_of(sign_in.open_session(people.account()))
    assert list(sign_in.change_password(here, old, new)) == [field]
    assert sign_in.attempt("gabi", PASSWORD).signed_in


def test_the_old_password_cannot_be_guessed_through_an_open_session(checks: list[float]) -> None:
    here = sign_in.hash_of(sign_in.open_session(people.account()))
    for number in range(6):
        sign_in.change_password(here, f"{WRONG} {number}", "fünf neue Wörter im Regen")
    assert len(checks) == 3


def test_tidying_up_keeps_what_still_counts() -> None:
    account = people.account()
    token_hash = sign_in.hash_of(sign_in.open_session(account))
    for _try in range(3):
        sign_in.attempt("gabi", WRONG)
    sign_in.tidy_up()
    assert sign_in.session_of(token_hash)
    assert not sign_in.attempt("gabi", PASSWORD).signed_in
