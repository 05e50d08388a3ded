"""Asking for needs."""

from collections.abc import Mapping
from typing import Any

from kisi.domain.need import COMMON_AREAS, Area, NeedEntry
from kisi.domain.text import clean
from kisi.forms.common import Fields, known, labels
from kisi.i18n import _


def need_fields(fields: Fields) -> None:
    fields.some("areas", _("Wobei wird Hilfe gewünscht?"), labels(Area, COMMON_AREAS))
    rarer = [area for area in Area if area not in COMMON_AREAS]
    fields.some_of_many("more_areas", _("Weitere Bereiche"), labels(Area, rarer), optional=True)
    fields.lines("wish", _("In eigenen Worten"), optional=True, height=90)


def need_entries(values: Mapping[str, Any], person_id: int) -> list[NeedEntry]:
    """One need for each area chosen; what was said is kept with each of them."""
    areas = known([*(values.get("areas") or []), *(values.get("more_areas") or [])], list(Area))
    wish = clean(values.get("wish") or "")
    return [NeedEntry(person_id=person_id, area=Area(area), wish=wish) for area in areas]
