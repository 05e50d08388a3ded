"""Everything people read is in German in the code and in English in the catalogue."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from string import Formatter

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir, extract_from_file
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from kisi import i18n
from kisi.config import ROOT
from kisi.domain import person
from kisi.navigation import TODAY
from tests import unmarked

CATALOG = ROOT / "kisi" / "locale" / "en" / "LC_MESSAGES" / "kisi.po"
KEYWORDS = {"_": None, "N_": None}

# Read by those who run the server; they are answered in German.
FOR_OPERATORS = {
    "kisi/__main__.py",
    "kisi/config.py",
    "kisi/db/installation.py",
    *(path.relative_to(ROOT).as_posix() for path in (ROOT / "kisi" / "operate").glob("*.py")),
}
# Where everything with a capital letter is taken for something to read.
SCREENS = (
    "pages/", "kisi/parts/", "kisi/forms/", "kisi/charts/", "kisi/reports/", "kisi/domain/",
    "kisi/screen.py", "kisi/drafting.py", "kisi/shell.py", "kisi/navigation.py",
    "kisi/permissions.py",
)  # fmt: skip
# Names and signs, not language.
SAME_EVERYWHERE = {"KISI", "– KISI", "… – KISI", "KISI …", "KISI · …", "n = …"}
# Words of the code that only look like words of the screen: the file and how they begin.
NOT_SHOWN = (
    ("account.html", "kisi-wide"),
    ("kisi/charts/theme.py", "Fira Sans"),
    ("kisi/passwords.py", "kisi kommune kommunen"),
    ("kisi/reports/document.py", "3 U {title} {author}"),
)


def test_every_text_has_an_english_translation() -> None:
    english = _english()
    missing = [german for german in _german() if not english.get(german)]
    assert missing == []


def test_no_translation_is_left_of_a_text_that_is_gone() -> None:
    assert set(_english()) - _german() == set()


def test_no_translation_is_merely_guessed() -> None:
    catalog = _catalog()
    assert [entry.id for entry in catalog if entry.fuzzy] == []
    assert not catalog.obsolete


def test_translations_have_the_places_to_fill_of_their_text() -> None:
    different = [
        german for german, english in _english().items() if _gaps(german) != _gaps(english)
    ]
    assert different == []


def test_translations_keep_line_breaks_and_the_space_around() -> None:
    different = [
        german
        for german, english in _english().items()
        if german.count("\n") != english.count("\n")
        or [german[:1].isspace(), german[-1:].isspace()]
        != [english[:1].isspace(), english[-1:].isspace()]
    ]
    assert different == []


def test_nothing_in_the_english_is_german() -> None:
    left = [english for english in _english().values() if unmarked.GERMAN.search(english)]
    assert left == []


def test_code_marks_what_it_shows() -> None:
    found = [
        f"{name}:{line}: {text}"
        for name, source in _code()
        if name not in FOR_OPERATORS
        for line, text in unmarked.in_code(source, _german(), screen=name.startswith(SCREENS))
        if _is_language(name, text)
    ]
    assert found == []


def test_templates_mark_what_they_show() -> None:
    found = [
        f"{path.name}:{line}: {text}"
        for path in sorted((ROOT / "kisi" / "edge" / "templates").glob("*.html"))
        for line, text in unmarked.in_template(path.read_text("utf-8"))
        if _is_language(path.name, text)
    ]
    assert found == []


def test_every_marked_text_is_collected() -> None:
    """Before Python 3.12 Babel does not look into f-strings: mark the text outside."""
    lost = [
        f"{name}:{line}: {text}"
        for name, source in _code()
        for line, text in unmarked.marked_in(source)
        if text not in _german()
    ]
    assert lost == []


def test_texts_are_marked_whole() -> None:
    found = [
        f"{name}:{line}: {text}"
        for name, source in _code()
        for line, text in unmarked.made_untranslatable(source)
    ]
    assert found == []


def test_nothing_is_translated_at_import() -> None:
    found = [
        f"{name}:{line}: {text}"
        for name, source in _code()
        for line, text in unmarked.translated_at_import(source)
    ]
    assert found == []


def test_headings_that_differ_in_german_differ_in_english() -> None:
    english = _english()
    alike = [
        f"{name}:{line}: {texts}"
        for name, source in _code()
        for line, texts in unmarked.keys_of_tables(source)
        if len({english.get(text, text) for text in texts}) < len(set(texts))
    ]
    assert alike == []


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        (
            "de",
            [
                "30.09.2026",
                "30.09.2026, 14:05\N{NO-BREAK SPACE}Uhr",
                "14:05\N{NO-BREAK SPACE}Uhr",
                "1.234",
                "Heute",
            ],
        ),
        ("en", ["30/09/2026", "30/09/2026, 14:05", "14:05", "1,234", "Today"]),
    ],
)
def test_each_language_has_its_own_dates_and_numbers(language: str, shown: list[str]) -> None:
    at = datetime(2026, 9, 30, 12, 5, tzinfo=UTC)
    with _speaking(language):
        said = [i18n.day(at.date()), i18n.moment(at), i18n.clock(at), i18n.number(1234)]
        assert [*said, i18n._(TODAY.title)] == shown


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_every_language_and_country_to_choose_has_a_name_with_a_capital(language: str) -> None:
    with _speaking(language):
        languages = {code: i18n.language_name(code) for code in person.LANGUAGES}
        countries = {code: i18n.country_name(code) for code in i18n.countries()}
    named = {**languages, **countries}
    assert [code for code, name in named.items() if name.casefold() == code.casefold()] == []
    assert [name for name in named.values() if not name[0].isupper()] == []


@contextmanager
def _speaking(language: str) -> Iterator[None]:
    before = i18n.current_language()
    i18n.use_language(language)
    try:
        yield
    finally:
        i18n.use_language(before)


def _is_language(name: str, text: str) -> bool:
    return text not in SAME_EVERYWHERE and not any(
        name == where and text.startswith(start) for where, start in NOT_SHOWN
    )


@cache
def _code() -> list[tuple[str, str]]:
    """Name and source of every file whose texts people may read."""
    paths = [ROOT / "Home.py"]
    for folder in ("kisi", "pages"):
        paths += sorted((ROOT / folder).rglob("*.py"))
    return [(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in paths]


@cache
def _catalog() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="en")


@cache
def _english() -> dict[str, str]:
    return {str(entry.id): str(entry.string) for entry in _catalog() if entry.id}


@cache
def _german() -> frozenset[str]:
    """Every text marked in the code and in the templates, found as `make translate` finds it."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    found = [
        text
        for folder in ("kisi", "pages")
        for _file, _line, text, _comments, _context in extract_from_dir(
            ROOT / folder, methods, options, KEYWORDS
        )
    ]
    home = extract_from_file("python", ROOT / "Home.py", KEYWORDS)
    return frozenset([*found, *(text for _line, text, _comments, _context in home)])


def _gaps(text: str) -> list[str]:
    """The names in braces; texts that are not filled have none."""
    return sorted(name for _text, name, _format, _conversion in Formatter().parse(text) if name)
