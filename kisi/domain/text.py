"""What people type or paste, made fit to be kept: no control characters, one spelling.

PostgreSQL refuses NUL, direction marks turn a name around on the screen of the next reader, and
the same letter written in two ways (é as one or two characters) is not found again.
"""

import re
import unicodedata

_LINE_BREAKS = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")
_SPACES = re.compile(r"[^\S\n]+")
# Zero-width joiner and non-joiner stay: Persian and Indic spelling needs them.
_KEPT = {"\n", "\t", "\u200c", "\u200d"}


def clean(text: str) -> str:
    """One or more lines without control characters, direction marks and stray spaces."""
    composed = unicodedata.normalize("NFC", _LINE_BREAKS.sub("\n", text))
    visible = "".join(
        character
        for character in composed
        if character in _KEPT or unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return _SPACES.sub(" ", visible).strip()


def clean_line(text: str) -> str:
    """A single line; a pasted table or paragraph becomes one."""
    return " ".join(clean(text).split())
