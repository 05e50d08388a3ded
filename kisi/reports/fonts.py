"""Which font prints which letter, and what must be done to a text before it can be printed."""

import logging
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fpdf import FPDF
from fpdf.fonts import TTFFont

FOLDER = Path(__file__).parents[2] / "assets" / "fonts"

# The first that has the letter prints it. fpdf2 wants lower-case names.
FAMILIES = {
    "fira": {"": "FiraSans-Regular.ttf", "B": "FiraSans-Bold.ttf"},
    "arabic": {"": "NotoNaskhArabic-Regular.ttf", "B": "NotoNaskhArabic-Bold.ttf"},
    "ethiopic": {"": "NotoSansEthiopic-Regular.ttf", "B": "NotoSansEthiopic-Bold.ttf"},
    "symbols": {"": "DejaVuSans.ttf"},
}
MAIN = "fira"
NO_LETTER = (
    "□"  # stands for a letter no font has: a gap must be seen, and PDF/A allows no blank box
)
TOTAL_PAGES = "\x01\x01"  # no data can contain it, printable() takes such characters out

_LRI, _FSI, _PDI = "\u2066", "\u2068", "\u2069"
_ISOLATES = {_LRI, "\u2067", _FSI, _PDI}
_PHONE_OR_MAIL = re.compile(
    r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\(?\d+\)?(?:[\s/\u00a0-]\(?\d+\)?)+|\+\d+"
)
_ISOLATED = re.compile(f"({_LRI}[^{_PDI}]*{_PDI})")

# Fira Sans sets bits of a younger table version than it declares; nothing to be done about it here.
logging.getLogger("fontTools").setLevel(logging.ERROR)


def isolate(text: str) -> str:
    """Keep the order of a phone number, an e-mail address or a file number in any line.

    Between Arabic words the rules for mixed directions turn 06421 123-456 into 123-456 06421:
    for the reader another number. It does not break at the end of a line either.
    """
    text = text.replace(" ", "\u00a0")
    return f"{_LRI}{text}{_PDI}" if text else ""


def isolate_name(text: str) -> str:
    """A name inside a sentence of another script: it runs in its own direction, alone.

    fpdf2 orders one change of direction within a line, not a change within a change. A name of
    Arabic and Latin parts is therefore set part by part from the left, which can still be read.
    Where a text has a line to itself, leave it as it is: then the order is right in every case.
    """
    if not text:
        return ""
    mixed = any(unicodedata.bidirectional(letter) in ("L", "EN") for letter in text)
    return f"{_LRI if mixed else _FSI}{text}{_PDI}"


def printable(text: str) -> str:
    """The text without control characters, and with a sign where no font has the letter.

    Marks that force a direction go too: whoever writes one into a name could turn what follows.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(_printable(letter) for letter in text)


def _printable(letter: str) -> str:
    if letter == "\n" or letter in _ISOLATES:
        return letter
    if letter in "\t\u2028\u2029":
        return " "
    if letter == "\u202f":
        return "\u00a0"  # the narrow one is in no text font
    if unicodedata.category(letter) in ("Cc", "Cs") or letter in "\u00ad\ufeff":
        return ""
    if unicodedata.category(letter) == "Cf" and letter not in "\u200c\u200d":
        return ""
    return letter if family_of(letter) else NO_LETTER


@dataclass(frozen=True)
class Line:
    """A text ready to print, and how."""

    text: str
    shaped: bool  # letters join or run from the right; it costs time, so only where needed
    from_right: bool


def prepare(text: str) -> Line:
    text = printable(text)
    if not any(_needs_shaping(letter) for letter in text):
        return Line("".join(c for c in text if c not in _ISOLATES), shaped=False, from_right=False)
    parts = _ISOLATED.split(text)
    parts[::2] = [_PHONE_OR_MAIL.sub(lambda found: isolate(found[0]), part) for part in parts[::2]]
    return Line("".join(parts), shaped=True, from_right=_runs_from_right(text))


def _needs_shaping(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL", "AN") or bool(
        unicodedata.combining(letter)
    )


def _runs_from_right(text: str) -> bool:
    """Whether the first letter with a direction, outside of isolates, runs from the right."""
    depth = 0
    for letter in text:
        if letter == _PDI:
            depth = max(0, depth - 1)
        elif letter in _ISOLATES:
            depth += 1
        elif depth == 0 and unicodedata.bidirectional(letter) in ("L", "R", "AL"):
            return unicodedata.bidirectional(letter) != "L"
    return False


@cache
def family_of(letter: str) -> str | None:
    return next((family for family in FAMILIES if ord(letter) in _letters(family)), None)


@cache
def _letters(family: str) -> frozenset[int]:
    """What a family can print; read once, and only numbers, so every thread may use it."""
    with TTFont(FOLDER / FAMILIES[family][""], lazy=True) as font:
        return frozenset(font.getBestCmap())


def add_font(pdf: FPDF, family: str, style: str) -> str:
    """Load a font into this PDF unless it is there; gives its key.

    A loaded font cannot be shared between PDFs: writing one cuts it down to the letters used.
    """
    style = style if style in FAMILIES[family] else ""
    key = f"{family}{style}"
    if key not in pdf.fonts:
        pdf.add_font(family, style, FOLDER / FAMILIES[family][style])
        loaded = pdf.fonts[key]
        assert isinstance(loaded, TTFFont)
        tables = loaded.ttfont
        # fpdf2 shapes with the font file itself and embeds none of these, but reading them
        # for that takes half of the time a PDF needs.
        for name in ("GSUB", "GPOS", "GDEF"):
            if name in tables:
                del tables[name]
    return key
