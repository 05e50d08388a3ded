"""Asking for an agency."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from kisi.domain.agency import LONGEST_ANSWER_DAYS, AgencyEntry, Kind
from kisi.domain.need import Area
from kisi.domain.text import clean_line
from kisi.forms.common import Fields, by_label, known, labels
from kisi.i18n import _

_TEXTS = ("name", "address", "phone", "email", "opening_hours")


def agency_fields(fields: Fields) -> None:
    fields.text("name", _("Name der Stelle"))
    fields.one_of_many("kind", _("Art der Stelle"), by_label(labels(Kind)), optional=True)
    fields.some("areas", _("Wobei hilft sie?"), labels(Area))
    fields.text("address", _("Anschrift"), optional=True)
    first, second = st.columns(2)
    with first:
        fields.text("phone", _("Telefon"), optional=True, kind="phone", hint=_("mit Vorwahl"))
    with second:
        fields.text("email", _("E-Mail"), optional=True, hint=_("name@beispiel.de"))
    first, second = st.columns(2)
    with first:
        fields.text("opening_hours", _("Öffnungszeiten"), optional=True)
    with second:
        fields.text("answer_days", _("Antwortet meist nach (Tagen)"), optional=True)
    fields.switch("active", _("Es kann weiter an diese Stelle verwiesen werden"))


def agency_values(entry: AgencyEntry | None) -> dict[str, Any]:
    """The entry as it stands in the fields."""
    if entry is None:
        return {"active": True}
    texts = {name: getattr(entry, name) for name in _TEXTS}
    return texts | {
        "kind": entry.kind.value,
        "areas": [area.value for area in entry.areas],
        "answer_days": str(entry.answer_days or ""),
        "active": entry.active,
    }


def describe_agency(values: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the fields, to read."""
    entry, _problems = agency_entry(values)
    return {
        _("Name der Stelle"): entry.name,
        _("Art der Stelle"): entry.kind.label,
        _("Wobei hilft sie?"): ", ".join(area.label for area in entry.areas),
        _("Anschrift"): entry.address,
        _("Telefon"): entry.phone,
        _("E-Mail"): entry.email,
        _("Öffnungszeiten"): entry.opening_hours,
        _("Antwortet meist nach (Tagen)"): values.get("answer_days") or "",
        _("Es kann weiter an diese Stelle verwiesen werden"): (
            _("ja") if entry.active else _("nein")
        ),
    }


def agency_entry(values: Mapping[str, Any]) -> tuple[AgencyEntry, dict[str, str]]:
    """What was entered, and what cannot be understood, by field."""
    days = (values.get("answer_days") or "").strip()
    understood = not days or (days.isascii() and days.isdigit() and len(days) < 6)
    entry = AgencyEntry(
        **{name: clean_line(values.get(name) or "") for name in _TEXTS},
        kind=Kind(values.get("kind") or Kind.OTHER),
        areas=tuple(Area(area) for area in known(values.get("areas") or [], list(Area))),
        answer_days=int(days) if days and understood else None,
        active=bool(values.get("active", True)),
    )
    wrong = _("Bitte geben Sie 1 bis {count} Tage ein.").format(count=LONGEST_ANSWER_DAYS)
    problems = {} if understood else {"answer_days": wrong}
    return entry, problems
