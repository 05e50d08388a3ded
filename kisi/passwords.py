"""Passwords: hashing, checking, and which ones are too easy to guess.

The only module that knows streamlit-authenticator.
"""

import base64
import hashlib
import logging
import re
import secrets
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from kisi.i18n import _

SHORTEST, LONGEST = 12, 128

# Stands in for the hash of a name that does not exist, so that both take the same time.
DUMMY = "$2b$12$TBnag61AV.uEf61pXXfHw.Z/nFd6nvs87.BHe0PBPKNIz8GBjfmt6"

# What the people of this program would think of first, beside their town and their own name.
_OWN_WORDS = """
    kisi kommune kommunen stadt gemeinde rathaus verwaltung landkreis kreis büro buero
    integration integrationsguide guide ehrenamt ankommen willkommen hallo moin servus
    passwort kennwort password geheim sicher anmelden anmeldung konto login admin test demo
    sommer winter herbst frühling fruehling frühjahr fruehjahr januar februar märz maerz april mai
    juni juli august september oktober november dezember montag dienstag mittwoch donnerstag
    freitag samstag sonntag hessen deutschland qwertz qwertzuiop asdfgh asdfghjkl yxcvbnm
""".split()  # noqa: SIM905
_LEET = str.maketrans("@013457$!", "aoleastsi")
_LEFT_OVER = 4  # letters a password must have besides words anybody would try
_CONSONANTS = "bcdfghjkmnpqrstvwxz"  # no words appear by chance, nothing looks like something else


def hashed(password: str) -> str:
    return str(_hasher().hash(_digest(password)))


def matches(password: str, password_hash: str) -> bool:
    """Whether this is the password; takes about a quarter of a second on purpose."""
    try:
        return bool(_hasher().check_pw(_digest(password), password_hash))
    except ValueError:  # not a hash: an account without a password
        return False


def problem(password: str, names: Iterable[str]) -> str | None:
    """What is wrong with a new password, or None. `names`: the town's and the person's own."""
    length = len(unicodedata.normalize("NFC", password))
    if length < SHORTEST:
        return _("Das Passwort ist zu kurz: bitte mindestens 12 Zeichen.")
    if length > LONGEST:
        return _("Das Passwort ist zu lang: bitte höchstens 128 Zeichen.")
    if _easy_to_guess(password, names):
        return _(
            "Dieses Passwort ist leicht zu erraten. Gut ist zum Beispiel ein Satz aus vier oder "
            "mehr Wörtern, die nichts miteinander zu tun haben."
        )
    return None


def first_password() -> str:
    """A password to be handed over and changed at once: 68 bits, easy to read aloud and type."""
    groups = ("".join(secrets.choice(_CONSONANTS) for _letter in range(4)) for _group in range(4))
    return "-".join(groups)


def _digest(password: str) -> str:
    """bcrypt takes 72 bytes at most; every password goes the same way. The same letters count as
    the same however a device composes them."""
    written = unicodedata.normalize("NFC", password).encode("utf-8", "replace")
    return base64.b64encode(hashlib.sha256(written).digest()).decode()


def _easy_to_guess(password: str, names: Iterable[str]) -> bool:
    own = sorted({*_OWN_WORDS, *_words(names)}, key=len, reverse=True)
    lower = unicodedata.normalize("NFC", password).lower()
    part = _repeated_part(lower)
    return (
        len(part) <= SHORTEST // 2
        or len(set(lower)) < _LEFT_OVER
        or part in _common()
        or part * 2 in _common()
        or _repeated_part(_without_ends(lower)) in _common()
        or _letters_left(lower, own) < _LEFT_OVER
        or any(_letters_left(rest, own) < _LEFT_OVER for rest in _beside_common_words(lower))
    )


def _beside_common_words(text: str) -> Iterator[str]:
    """What is left of the text without each common password in it, also backwards and also when
    signs stand for letters."""
    length = len(text)
    for reading in (text, text.translate(_LEET)):
        for start in range(length):
            for end in range(start + _LEFT_OVER, length + 1):
                if reading[start:end] in _common() or reading[start:end][::-1] in _common():
                    yield text[:start] + " " + text[end:]


def _without_ends(text: str) -> str:
    """Without the digits and signs before and after it."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", text)


def _repeated_part(text: str) -> str:
    """The shortest text this one is a repetition of; itself if it is none."""
    if not text:
        return text
    return text[: (text + text).index(text, 1)]


def _letters_left(text: str, words: Iterable[str]) -> int:
    for word in words:
        text = text.replace(word, " ")
    return sum(letter.isalpha() for letter in text)


def _words(names: Iterable[str]) -> list[str]:
    return [word for name in names for word in re.split(r"[\W\d_]+", name.lower()) if len(word) > 2]


@cache
def _common() -> frozenset[str]:
    lines = (Path(__file__).parent / "common-passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in lines.splitlines() if not line.startswith("#"))


@cache
def _hasher() -> Any:
    # Late, because it brings all of Streamlit with it, and quietly: outside a screen Streamlit
    # warns about being outside a screen.
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        from streamlit_authenticator.utilities.hasher import Hasher
    finally:
        logging.disable(before)
    return Hasher
