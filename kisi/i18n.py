"""German is written in the code; other languages come from kisi/locale/.

The language belongs to the running page, not to the process: two people may use KISI in
different languages at once. So translate while drawing, never at import.
"""

import gettext
import io
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = {"de": "Deutsch", "en": "English"}
_LOCALES = {"de": "de", "en": "en_GB"}
HERE = ZoneInfo("Europe/Berlin")  # every municipality of the project lies in it

_LOCALE_DIR = Path(__file__).parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="de")


def use_language(code: str) -> None:
    _language.set(code if code in LANGUAGES else "de")


def current_language() -> str:
    return _language.get()


def _(german: str) -> str:
    return _catalog(_language.get()).gettext(german) if german else ""


def N_(german: str) -> str:
    """Mark a text for translation without translating it yet."""
    return german


def day(value: date) -> str:
    """30.09.2026 in German (DIN 5008), 30/09/2026 in English."""
    return value.strftime("%d.%m.%Y" if _language.get() == "de" else "%d/%m/%Y")


def day_in_words(value: date) -> str:
    return format_date(value, format="long", locale=_LOCALES[_language.get()])


def moment(value: datetime) -> str:
    """Date and time as the clock on the wall shows it, from a time in UTC."""
    here = value.astimezone(HERE)
    return f"{day(here.date())}, {clock(value)}"


def clock(value: datetime) -> str:
    text = format_datetime(value.astimezone(HERE), "HH:mm", locale=_LOCALES[_language.get()])
    return f"{text}\N{NO-BREAK SPACE}Uhr" if _language.get() == "de" else text


def number(value: float) -> str:
    return str(format_decimal(value, locale=_LOCALES[_language.get()]))


def country_name(code: str) -> str:
    """The country's name from the Unicode locale data; the code itself if it has none."""
    return str(Locale.parse(_LOCALES[_language.get()]).territories.get(code, code))


@cache
def countries() -> tuple[str, ...]:
    """ISO 3166 alpha-2 codes of the countries the Unicode locale data knows."""
    codes = [str(code) for code in Locale.parse("de").territories]
    pretended = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "EA", "IC", "AC", "TA", "CP", "DG"}
    return tuple(code for code in codes if len(code) == 2 and code not in pretended)


def language_name(code: str) -> str:
    """The language's name from the Unicode locale data, for example Dari for fa_AF."""
    return _language_name(_language.get(), code)


@cache
def _language_name(shown_in: str, code: str) -> str:
    names = Locale.parse(_LOCALES[shown_in]).languages
    name = str(names.get(code, code))
    return name[:1].upper() + name[1:]


@cache
def _catalog(language: str) -> gettext.NullTranslations:
    path = _LOCALE_DIR / language / "LC_MESSAGES" / "kisi.po"
    if not path.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
