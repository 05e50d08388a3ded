"""Charts about arriving: what people need."""

from datetime import date
from typing import Any

import altair as alt
import pandas as pd

from kisi.charts.theme import BLUE, MUTED, Drawn, heading
from kisi.i18n import _, day, number

HIDDEN = "•"
_STUB = 16  # pixels, the same for every hidden number: its length must not say anything
_STEP = 25
_MOST_SPOKEN = 5


def needs_by_area(
    counts: pd.DataFrame, *, as_of: date, title: str | None = None, total: int | None = None
) -> alt.Chart:
    """Sorted bars with their number.

    `counts` has the columns area, label (translated) and count, NA where the number is hidden.
    Give the `total` that may be shown when numbers are hidden: it cannot be added up here.
    """
    rows = _rows(counts)
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.4.1.json",
        "title": heading(title or finding(counts, total=total), *_subtitle(counts, as_of, total)),
        "data": {"values": rows},
        "width": "container",
        "height": {"step": _STEP},
        "encoding": {"y": _areas(rows)},
        "layer": _layers(rows),
    }
    return Drawn(spec)


def _layers(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A layer nobody sees is left out: a screen reader would meet it as a sign without a name."""
    if any(row["hidden"] for row in rows):
        return [_bars(), _stubs(), _numbers(), _dots()]
    return [_bars(), _numbers()]


def finding(counts: pd.DataFrame, *, total: int | None = None) -> str:
    """What the chart shows, in one line: its title."""
    shown = counts[counts["count"].notna()]
    most = shown["count"].max() if len(shown) else 0
    if not most:
        return _("Noch keine Bedarfe erfasst") if len(shown) == len(counts) else _few()
    leaders = list(shown[shown["count"] == most]["label"])
    n = _total(counts, total)
    share = (
        number(int(most))
        if n is None
        else _("{count} von {total}").format(count=number(int(most)), total=number(n))
    )
    if len(leaders) == 1:
        return _("Am häufigsten: {area} ({share})").format(area=leaders[0], share=share)
    if len(leaders) == 2:
        both = _("{first} und {second}").format(first=leaders[0], second=leaders[1])
        return _("Am häufigsten: {area} (je {share})").format(area=both, share=share)
    return _("{areas} Bereiche liegen vorn (je {share})").format(areas=len(leaders), share=share)


def description(counts: pd.DataFrame, *, as_of: date, total: int | None = None) -> str:
    """The same in words, for `st.altair_chart(alt=...)`."""
    rows = _rows(counts)
    shown = [row for row in rows if not row["hidden"] and row["count"]]
    hidden = sum(row["hidden"] for row in rows)
    parts = [
        _("Balken: erfasste Bedarfe nach Bereich, Stand {day}.").format(day=day(as_of)),
        f"{finding(counts, total=total)}.",
    ]
    if shown:
        spoken = "; ".join(row["spoken"] for row in shown[:_MOST_SPOKEN])
        parts.append(f"{spoken}.")
    if len(shown) > _MOST_SPOKEN:
        parts.append(_("Weitere Bereiche stehen in der Tabelle."))
    if hidden:
        parts.append(_("Nicht gezeigte Bereiche: {count}.").format(count=hidden))
    return " ".join(parts)


def _few() -> str:
    return _("Zu wenige Bedarfe, um einzelne Bereiche zu zeigen")


def _total(counts: pd.DataFrame, total: int | None) -> int | None:
    """All needs together, if they may be known."""
    if total is not None or counts["count"].isna().any():
        return total
    return int(counts["count"].sum())


def _subtitle(counts: pd.DataFrame, as_of: date, total: int | None) -> list[str]:
    n = _total(counts, total)
    counted = [_("Erfasste Bedarfe nach Bereich")]
    if n is not None:
        counted.append(f"n = {number(n)}")
    counted.append(_("Stand {day}").format(day=day(as_of)))
    lines = [" · ".join(counted)]
    if counts["count"].isna().any():
        lines.append(
            _("{mark} = nicht gezeigt, zum Schutz kleiner Zahlen").format(mark=HIDDEN),
        )
    return lines


def _rows(counts: pd.DataFrame) -> list[dict[str, Any]]:
    """One record per bar in drawing order: numbers, then hidden ones, then zeros.

    Hidden bars stand in the order of their labels: any other order would say something about
    their size.
    """
    rows: list[dict[str, Any]] = []
    for label, count in zip(counts["label"], counts["count"], strict=True):
        hidden = bool(pd.isna(count))
        text = HIDDEN if hidden else number(int(count))
        spoken = _("nicht gezeigt") if hidden else text
        rows.append(
            {
                "label": str(label),
                "count": 0 if hidden else int(count),
                "hidden": hidden,
                "text": text,
                "spoken": f"{label}: {spoken}",
            }
        )
    rows.sort(key=lambda row: (-row["count"], not row["hidden"], row["label"]))
    return rows


def _layer(mark: dict[str, Any], only: str, x: dict[str, Any], **more: Any) -> dict[str, Any]:
    spoken = {"field": "spoken", "type": "nominal"}
    return {
        "transform": [{"filter": only}],
        "mark": mark,
        "encoding": {"description": spoken, "tooltip": spoken, **x, **more},
    }


def _areas(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The order is said outright: Vega would put the areas of one layer after those of another."""
    return {
        "field": "label",
        "type": "nominal",
        "sort": [row["label"] for row in rows],
        "axis": {"title": None},
    }


def _count_axis() -> dict[str, Any]:
    title = _("Anzahl der Bedarfe (je Person mehrere möglich)")
    return {
        "x": {
            "field": "count",
            "type": "quantitative",
            "scale": {"zero": True, "domainMin": 0, "nice": True},
            "axis": {"title": title, "tickMinStep": 1, "format": ",d", "tickCount": 6},
        }
    }


def _bars() -> dict[str, Any]:
    return _layer({"type": "bar", "height": 17, "color": BLUE}, "!datum.hidden", _count_axis())


def _stubs() -> dict[str, Any]:
    """A dashed outline of fixed width where a number is hidden."""
    mark = {
        "type": "bar",
        "height": 15,
        "fill": "#FFFFFF",
        "stroke": MUTED,
        "strokeDash": [3, 2],
        "cornerRadiusEnd": 2,
    }
    return _layer(mark, "datum.hidden", {"x": {"value": 0}, "x2": {"value": _STUB}})


def _numbers() -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "dx": 5, "aria": False}
    text = {"field": "text", "type": "nominal"}
    return _layer(mark, "!datum.hidden", _count_axis(), text=text)


def _dots() -> dict[str, Any]:
    mark = {"type": "text", "align": "left", "dx": 5, "fontSize": 18, "aria": False}
    text = {"field": "text", "type": "nominal"}
    return _layer(mark, "datum.hidden", {"x": {"value": _STUB}}, text=text)
