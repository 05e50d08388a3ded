"""Finding people by name although names are encrypted: a blind index over normalised names.

A name is transliterated to Latin letters, its parts are stored as keyed numbers: as spelled, as
sounded (Cologne phonetics), and by its consonants. Whole names are found, beginnings of names are
not: an index of beginnings would give away how often each begins.
"""

import re
import unicodedata
from functools import lru_cache

import cologne_phonetics
from anyascii import anyascii

from kisi.db import keys
from kisi.db.crypto import blind

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_PARTS = re.compile(r"[^a-z]+")
_ARABIC_ARTICLE = re.compile(r"\bال(?=\w)")
_ARTICLES = {"al", "el", "ul"}
_VOWELS = re.compile(r"[aeiouyw]")
_DOUBLES = re.compile(r"(.)\1+")


@lru_cache(maxsize=2000)
def name_parts(name: str) -> tuple[str, ...]:
    """Latin lower-case parts: „Müller-Özil“ gives mueller and oezil, „Коваль“ koval."""
    composed = unicodedata.normalize("NFC", name).lower().translate(_UMLAUTS)
    composed = _ARABIC_ARTICLE.sub("", composed)
    latin = anyascii(composed).lower().replace("'", "").replace("`", "")
    parts = dict.fromkeys(part for part in _PARTS.split(latin) if part)
    return tuple(part for part in parts if part not in _ARTICLES) or tuple(parts)


def exact_token(part: str) -> int:
    return _token("name", part)


def similar_tokens(part: str) -> set[int]:
    """What sounds alike in German, and what has the same consonants (Arabic writes only those).

    Empty for a part too short to tell people apart by its sound.
    """
    sound, consonants = _sound(part), _DOUBLES.sub(r"\1", _VOWELS.sub("", part))
    found = set()
    if len(sound) > 1:
        found.add(_token("sound", sound))
    if len(consonants) > 2:
        found.add(_token("consonants", consonants))
    return found


def tokens(*names: str) -> set[int]:
    """All a person with these names can be found by."""
    parts = {part for name in names for part in name_parts(name)}
    return {exact_token(part) for part in parts}.union(*(similar_tokens(part) for part in parts))


def _token(kind: str, text: str) -> int:
    return blind(keys.vault().index_key, f"{kind}:{text}")


@lru_cache(maxsize=5000)
def _sound(part: str) -> str:
    return "".join(code for _part, code in cologne_phonetics.encode(part))
