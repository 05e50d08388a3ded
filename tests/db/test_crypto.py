"""What is sealed opens with the right key, in its own place, unchanged; otherwise not at all."""

import pytest

from kisi.db.crypto import CannotOpen, KeyRing, blind
from kisi.db.models import Need, Person
from kisi.permissions import User
from tests import people

OLD, NEW = ("old", b"o" * 32), ("new", b"n" * 32)


def test_only_the_right_key_and_the_right_place_open_it() -> None:
    sealed = KeyRing([OLD]).seal(b"Mina", "person:1")
    assert KeyRing([OLD]).open(sealed, "person:1") == b"Mina"
    assert b"Mina" not in sealed
    for ring, value, context in (
        (KeyRing([NEW]), sealed, "person:1"),
        (KeyRing([OLD]), sealed, "person:2"),
        (KeyRing([OLD]), sealed, "need:1"),
        (KeyRing([OLD]), b"", "person:1"),
        (KeyRing([OLD]), sealed[:10], "person:1"),
        (KeyRing([OLD]), b"\x02" + sealed[1:], "person:1"),
    ):
        with pytest.raises(CannotOpen):
            ring.open(value, context)


def test_no_bit_can_be_turned() -> None:
    ring = KeyRing([OLD])
    sealed = ring.seal(b"Mina", "person:1")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(CannotOpen):
            ring.open(bytes(changed), "person:1")


def test_with_two_keys_the_first_seals_and_both_open() -> None:
    old, both = KeyRing([OLD]), KeyRing([NEW, OLD])
    assert both.open(old.seal(b"Mina", "p"), "p") == b"Mina"
    fresh = both.seal(b"Mina", "p")
    assert fresh.startswith(both.prefix)
    assert KeyRing([NEW]).open(fresh, "p") == b"Mina"
    with pytest.raises(CannotOpen):
        old.open(fresh, "p")


def test_the_same_text_is_sealed_differently_each_time() -> None:
    ring = KeyRing([OLD])
    assert len({ring.seal(b"Mina", "p") for _ in range(50)}) == 50


def test_the_blind_index_needs_its_key() -> None:
    assert blind(b"a" * 32, "name:mina") == blind(b"a" * 32, "name:mina")
    assert blind(b"a" * 32, "name:mina") != blind(b"b" * 32, "name:mina")
    assert -(2**63) <= blind(b"a" * 32, "x") < 2**63


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sealed_fields_do_not_open_in_another_row(guide: User) -> None:
    people.take_in(guide)
    mine = Person(uid="1" * 32, given_name="Mina")
    yours = Person(uid="2" * 32, given_name="Zara")
    need = Need(uid="1" * 32)
    yours.sealed = need.sealed = mine.sealed
    for row, name in ((yours, "given_name"), (need, "wish")):
        with pytest.raises(CannotOpen):
            getattr(row, name)
    assert mine.given_name == "Mina"
