"""Asking for a referral."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from kisi.domain.referral import ReferralEntry, Way, follow_up_day
from kisi.domain.text import clean
from kisi.forms.common import Fields, labels
from kisi.i18n import _


def referral_fields(fields: Fields, agencies: Mapping[str, str]) -> None:
    """`agencies` are ids and names, those that fit first."""
    fields.one_of_many("agency", _("Stelle"), agencies)
    fields.one("way", _("Wie?"), labels(Way))
    fields.day("follow_up_on", _("Nachfragen, wenn bis dahin keine Antwort da ist"))
    fields.lines("note", _("Notiz"), optional=True, height=90)


def referral_values(agency_id: int | None, answer_days: int | None, today: date) -> dict[str, Any]:
    return {
        "agency": str(agency_id) if agency_id else None,
        "way": Way.INFORMED.value,
        "follow_up_on": follow_up_day(today, answer_days).isoformat(),
    }


def referral_entry(
    values: Mapping[str, Any], need_id: int, today: date
) -> tuple[ReferralEntry | None, dict[str, str]]:
    """What was entered, and what is missing, by field."""
    missing = {}
    if not values.get("agency"):
        missing["agency"] = _("Bitte wählen Sie eine Stelle.")
    if not values.get("way"):
        missing["way"] = _("Bitte wählen Sie, wie Sie weitergegeben haben.")
    if not values.get("follow_up_on"):
        missing["follow_up_on"] = _("Bitte wählen Sie einen Tag.")
    if missing:
        return None, missing
    return ReferralEntry(
        need_id=need_id,
        agency_id=int(values["agency"]),
        way=Way(values["way"]),
        referred_on=today,
        follow_up_on=date.fromisoformat(values["follow_up_on"]),
        note=clean(values.get("note") or ""),
    ), {}
