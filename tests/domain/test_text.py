import unicodedata

import pytest

from kisi.domain.text import clean, clean_line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Олена   Коваль ", "Олена Коваль"),
        ("Mu\u0308ller", "Müller"),
        ("a\x00b\ud800c\x1b", "abc"),
        ("\u202eanim\u202c\u200f", "anim"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("eins\r\nzwei\u2028drei", "eins\nzwei\ndrei"),
        ("a\u00a0\t b", "a b"),
        ("<b>& 'x' \\ %", "<b>& 'x' \\ %"),
        ("😀", "😀"),
        ("", ""),
    ],
)
def test_text_is_kept_as_typed_but_for_what_nobody_sees(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_line_is_one_line() -> None:
    assert clean_line("eins\r\n\n zwei\tdrei\n") == "eins zwei drei"


def test_cleaning_twice_changes_nothing_and_every_result_can_be_stored() -> None:
    for number in range(0, 0x11000, 7):
        once = clean(f"a{chr(number)}b")
        assert clean(once) == once
        assert once.encode("utf-8")
        assert "\x00" not in once
        assert unicodedata.is_normalized("NFC", once)
