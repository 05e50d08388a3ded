"""Figures on the screen: chart and table; exact for guides, protected for everybody else."""

import pandas as pd
import streamlit as st

from kisi.charts.arrival import description, needs_by_area
from kisi.db.repository import open_repository
from kisi.db.repository.figures import AreaCounts
from kisi.domain.need import Area
from kisi.i18n import _, day, number
from kisi.login import current_user
from kisi.screen import data_table

HIDDEN = "•"


def show_figures() -> None:
    with open_repository(current_user()) as repository:
        counted = repository.figures.needs_by_area()
    st.header(_("Bedarfe nach Bereich"), anchor=False)
    if not counted.counts:
        st.info(_("Noch gibt es nichts zu zählen. Zahlen entstehen mit den ersten Aufnahmen."))
        return
    st.caption(_explained(counted))
    counts = _as_table(counted)
    st.altair_chart(
        needs_by_area(counts, as_of=counted.as_of, total=counted.total),
        alt=description(counts, as_of=counted.as_of, total=counted.total),
        theme=None,
    )
    data_table(
        _("Bedarfe nach Bereich, Stand {day}").format(day=day(counted.as_of)),
        (_("Bereich"), _("Anzahl")),
        [(area.label, _shown(count)) for area, count in _largest_first(counted)]
        + [(_("insgesamt"), _shown(counted.total))],
    )


def _explained(counted: AreaCounts) -> str:
    if counted.exact:
        return _("Offene und weitergegebene Bedarfe, Stand heute.")
    return _(
        "Alle bis zum {day} notierten Bedarfe. Kleine Zahlen sind durch • ersetzt, "
        "damit niemand erkannt wird."
    ).format(day=day(counted.as_of))


def _largest_first(counted: AreaCounts) -> list[tuple[Area, int | None]]:
    return sorted(
        counted.counts.items(),
        key=lambda item: (1 if item[1] is None else -item[1], item[0].label.casefold()),
    )


def _as_table(counted: AreaCounts) -> pd.DataFrame:
    """Columns area, label, count (missing where a number must not be shown)."""
    rows = _largest_first(counted)
    return pd.DataFrame(
        {
            "area": [area.value for area, _count in rows],
            "label": [area.label for area, _count in rows],
            "count": pd.array([count for _area, count in rows], dtype="Int64"),
        }
    )


def _shown(count: int | None) -> str:
    return HIDDEN if count is None else number(count)
