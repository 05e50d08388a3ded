"""Asking for a person."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kisi.domain import person
from kisi.domain.person import Gender, PersonEntry
from kisi.domain.text import clean_line
from kisi.forms.common import Fields, by_label, labels
from kisi.i18n import _, countries, country_name, language_name

OTHER = "other"


def person_fields(fields: Fields) -> None:
    first, second, third = st.columns((4, 4, 3))
    with first:
        fields.text("given_name", _("Vorname"), live=True)
    with second:
        fields.text("family_name", _("Familienname"), optional=True, live=True)
    with third:
        fields.text(
            "year_of_birth", _("Geburtsjahr"), optional=True, hint=_("zum Beispiel 1990"), live=True
        )
    fields.one("gender", _("Geschlecht"), labels(Gender), optional=True)
    country = fields.one("nationality", _("Staatsangehörigkeit"), nationalities(), optional=True)
    if country == OTHER:
        fields.one_of_many("other_nationality", _("Andere Staatsangehörigkeit"), _all_countries())
    chosen = fields.some("languages", _("Sprachen"), common_languages())
    chosen += fields.some_of_many(
        "more_languages", _("Weitere Sprachen"), rarer_languages(), optional=True
    )
    if len(chosen) > 1:
        fields.one(
            "contact_language",
            _("Sprache für das Gespräch"),
            {code: language_name(code) for code in chosen},
            optional=True,
        )


def person_values(entry: PersonEntry) -> dict[str, Any]:
    """The entry as it stands in the fields."""
    common = not entry.nationality or entry.nationality in nationalities()
    return {
        "given_name": entry.given_name,
        "family_name": entry.family_name,
        "gender": entry.gender.value,
        "year_of_birth": str(entry.year_of_birth or ""),
        "nationality": (entry.nationality or None) if common else OTHER,
        "other_nationality": None if common else entry.nationality,
        "languages": [one for one in entry.languages if one in person.COMMON_LANGUAGES],
        "contact_language": entry.languages[0] if entry.languages else None,
        "more_languages": [one for one in entry.languages if one not in person.COMMON_LANGUAGES],
    }


def describe_person(values: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields, to read."""
    entry, _problems = person_entry(values)
    return {
        _("Vorname"): entry.given_name,
        _("Familienname"): entry.family_name,
        _("Geschlecht"): entry.gender.label,
        _("Geburtsjahr"): values.get("year_of_birth") or "",
        _("Staatsangehörigkeit"): nationality_name(entry.nationality),
        _("Sprachen"): ", ".join(language_name(code) for code in entry.languages),
    }


def person_entry(values: Mapping[str, Any]) -> tuple[PersonEntry, dict[str, str]]:
    """What was entered, and what cannot be understood, by field."""
    year = person.year_from(values.get("year_of_birth") or "")
    nationality = values.get("nationality") or ""
    if nationality == OTHER:
        nationality = values.get("other_nationality") or ""
    languages = [*(values.get("languages") or []), *(values.get("more_languages") or [])]
    if (contact := values.get("contact_language")) in languages:
        languages.insert(0, contact)
    entry = PersonEntry(
        given_name=clean_line(values.get("given_name") or ""),
        family_name=clean_line(values.get("family_name") or ""),
        gender=Gender(values.get("gender") or Gender.NOT_STATED),
        year_of_birth=None if isinstance(year, str) else year,
        nationality=nationality,
        languages=tuple(dict.fromkeys(languages)),
    )
    return entry, {"year_of_birth": year} if isinstance(year, str) else {}


def nationalities() -> dict[str, str]:
    common = {code: country_name(code) for code in person.COMMON_NATIONALITIES}
    return common | {
        person.STATELESS: _("staatenlos"),
        person.UNCLEAR: _("ungeklärt"),
        OTHER: _("andere …"),
    }


def nationality_name(code: str) -> str:
    return nationalities().get(code) or (country_name(code) if code else "")


def common_languages() -> dict[str, str]:
    return {code: language_name(code) for code in person.COMMON_LANGUAGES}


def rarer_languages() -> dict[str, str]:
    return by_label(
        {
            code: language_name(code)
            for code in person.LANGUAGES
            if code not in person.COMMON_LANGUAGES
        }
    )


def all_languages() -> dict[str, str]:
    return common_languages() | rarer_languages()


def _all_countries() -> dict[str, str]:
    return by_label({code: country_name(code) for code in countries()})
