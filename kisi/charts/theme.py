"""The look every chart shares: colours, font, numbers and dates in the reader's language.

The title of a chart says what was found, the subtitle says what is counted, how many and when.
"""

import textwrap
from copy import deepcopy
from functools import cache
from typing import Any, Literal

import altair as alt
from babel.dates import get_day_names, get_month_names

from kisi.i18n import current_language

# Each is at least 3:1 on white, and any two stay apart with the usual colour vision deficiencies.
CATEGORIES = ["#2044AA", "#D58100", "#16A884", "#BC7ADD", "#272A42", "#5E4A00"]
SEQUENCE = ["#E5EBF7", "#C5D1EE", "#8FA8E0", "#5174C5", "#2044AA", "#092797"]
DIVERGING = ["#925400", "#D58100", "#F3D6A6", "#F3F4F7", "#AFC0E8", "#5174C5", "#2044AA"]
BLUE = CATEGORIES[0]
TEXT = "#131525"
MUTED = "#51577A"  # at least 6:1 on white, so small print may use it
LINE = "#B2B6CC"
GRID = "#E8E9EF"
FONT = "Fira Sans"  # exactly this name, or the browser falls back to a serif face

_SIZE = 12.5
_TITLE_WIDTH = 58  # characters; Vega never breaks a title by itself

# As D3 wants them; the names of days and months come from CLDR.
_NUMBERS: dict[str, dict[str, Any]] = {
    "de": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0€"]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
_DAY = {"de": "%d.%m.%Y", "en": "%d/%m/%Y"}


@cache
def _locale(language: str) -> dict[str, Any]:
    time = {
        "dateTime": f"%A, {_DAY[language]}, %X",
        "date": _DAY[language],
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
    }
    widths: tuple[tuple[Literal["wide", "abbreviated"], str, str], ...] = (
        ("wide", "days", "months"),
        ("abbreviated", "shortDays", "shortMonths"),
    )
    for width, days, months in widths:
        names = get_day_names(width, "stand-alone", locale=language)
        time[days] = [names[i] for i in (6, 0, 1, 2, 3, 4, 5)]  # D3 begins on Sunday
        months_by_number = get_month_names(width, "stand-alone", locale=language)
        time[months] = [months_by_number[i] for i in range(1, 13)]
    return {"number": _NUMBERS[language], "time": time}


def config() -> dict[str, Any]:
    """The theme in the language of the running page; charts are drawn, never kept."""
    return {
        "background": "#FFFFFF",
        "font": FONT,
        "locale": _locale(current_language()),
        "view": {"stroke": None, "continuousWidth": 560, "continuousHeight": 260},
        "title": {
            "anchor": "start",
            "fontSize": 16,
            "fontWeight": 600,
            "color": TEXT,
            "subtitleColor": MUTED,
            "subtitleFontSize": _SIZE,
            "subtitlePadding": 5,
            "offset": 14,
        },
        **_guides(),
        "range": {
            "category": CATEGORIES,
            "ordinal": SEQUENCE,
            "ramp": SEQUENCE,
            "heatmap": SEQUENCE,
            "diverging": DIVERGING,
        },
        "bar": {"cornerRadiusEnd": 2, "color": BLUE},
        "line": {"strokeWidth": 2.5, "color": BLUE},
        "point": {"size": 70, "filled": True, "color": BLUE},
        "text": {"fontSize": _SIZE, "color": TEXT},
        "rule": {"color": MUTED},
    }


def _guides() -> dict[str, Any]:
    """Axes, legends and headers. aria is off: Vega would describe them in English."""
    words = {"labelFontSize": _SIZE, "labelColor": TEXT, "titleColor": MUTED}
    titles = {"titleFontSize": _SIZE, "titleFontWeight": "normal"}
    return {
        "axis": {
            **words,
            **titles,
            "gridColor": GRID,
            "domainColor": LINE,
            "tickColor": LINE,
            "labelLimit": 260,
            "aria": False,
        },
        "axisY": {"domain": False, "ticks": False, "labelPadding": 8},
        "axisX": {"labelPadding": 4},
        "legend": {
            **words,
            **titles,
            "orient": "top",
            "symbolType": "square",
            "symbolSize": 140,
            "labelLimit": 300,
            "aria": False,
        },
        "header": words,
    }


def heading(finding: str, *subtitle: str) -> dict[str, Any]:
    """A title that says the finding, and lines below it in small print."""
    return {
        "text": textwrap.wrap(finding, _TITLE_WIDTH),
        "subtitle": [part for line in subtitle for part in textwrap.wrap(line, _TITLE_WIDTH + 16)],
    }


class Drawn(alt.Chart):
    """A chart whose Vega-Lite specification is already written.

    Altair needs some 50 ms to read a specification and check it against its schema; on a page
    that is drawn again at every click, that is noticed. The tests do check it.
    """

    def __init__(self, spec: dict[str, Any]) -> None:
        super().__init__()
        object.__setattr__(self, "_spec", {**spec, "config": config()})

    def to_dict(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        # Streamlit changes what it gets.
        return deepcopy(object.__getattribute__(self, "_spec"))


@alt.theme.register("kisi", enable=True)
def kisi() -> alt.theme.ThemeConfig:
    """For charts built with altair itself."""
    return {"config": config()}  # type: ignore[typeddict-item]
