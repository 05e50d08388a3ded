"""Figures: needs by area, as chart and table; exact for guides, protected for everybody else."""

import pandas as pd
import streamlit as st

from kisi.charts.arrival import description, needs_by_area
from kisi.db.repository import open_repository
from kisi.db.repository.figures import AreaCounts
from kisi.i18n import _, day, number
from kisi.login import current_user
from kisi.screen import data_table, part

HIDDEN = "•"


@part
def figures() -> None:
    with open_repository(current_user()) as repository:
        counted = repository.figures.needs_by_area()
    st.header(_("Bedarfe nach Bereich"), anchor=False)
    if not counted.counts:
        st.info(_("Noch gibt es nichts zu zählen. Zahlen entstehen mit den ersten Aufnahmen."))
        return
    st.caption(explained(counted))
    counts = as_table(counted)
    st.altair_chart(
        needs_by_area(counts, as_of=counted.as_of, total=counted.total),
        alt=description(counts, as_of=counted.as_of, total=counted.total),
        theme=None,
    )
    data_table(
        _("Bedarfe nach Bereich, Stand {day}").format(day=day(counted.as_of)),
        (_("Bereich"), _("Anzahl")),
        [(row.label, shown(row.count)) for row in counts.itertuples()]
        + [(_("insgesamt"), shown(counted.total))],
    )


def explained(counted: AreaCounts) -> str:
    if counted.exact:
        return _("Offene und weitergegebene Bedarfe, Stand heute.")
    return _(
        "Alle bis zum {day} notierten Bedarfe. Kleine Zahlen sind durch • ersetzt, "
        "damit niemand erkannt wird."
    ).format(day=day(counted.as_of))


def as_table(counted: AreaCounts) -> pd.DataFrame:
    """Columns area, label, count (missing where a number must not be shown), largest first."""
    rows = sorted(
        counted.counts.items(), key=lambda item: -1 if item[1] is None else item[1], reverse=True
    )
    return pd.DataFrame(
        {
            "area": [area.value for area, _count in rows],
            "label": [area.label for area, _count in rows],
            "count": pd.array([count for _area, count in rows], dtype="Int64"),
        }
    )


def shown(count: object) -> str:
    return HIDDEN if count is None or pd.isna(count) else number(int(count))


figures()
