from datetime import date

import altair as alt
import pandas as pd
import pytest

from kisi.charts.arrival import description, finding, needs_by_area
from kisi.charts.theme import CATEGORIES, MUTED, TEXT
from kisi.i18n import use_language

AS_OF = date(2026, 9, 30)


@pytest.fixture(autouse=True)
def german():
    use_language("de")
    yield
    use_language("de")


def table(**counts: int | None) -> pd.DataFrame:
    rows = [(area, area.capitalize(), count) for area, count in counts.items()]
    return pd.DataFrame(rows, columns=["area", "label", "count"]).astype({"count": "Int64"})


def drawn(counts: pd.DataFrame, **more) -> dict:
    """The specification, after altair has held it against the Vega-Lite schema."""
    spec = needs_by_area(counts, as_of=AS_OF, **more).to_dict()
    alt.LayerChart.from_dict(spec)
    return spec


def test_the_longest_bar_stands_first():
    spec = drawn(table(school=4, language=12, housing=9))
    assert [row["count"] for row in spec["data"]["values"]] == [12, 9, 4]
    assert spec["encoding"]["y"]["sort"] == ["Language", "Housing", "School"]


def test_bars_begin_at_zero():
    (bars, *_) = drawn(table(school=4))["layer"]
    assert bars["encoding"]["x"]["scale"]["zero"] is True


def test_the_title_says_the_finding_and_the_subtitle_what_is_counted():
    title = drawn(table(school=4, language=12, housing=9))["title"]
    assert title["text"] == ["Am häufigsten: Language (12 von 25)"]
    assert title["subtitle"] == ["Erfasste Bedarfe nach Bereich · n = 25 · Stand 30.09.2026"]


def test_a_hidden_number_is_nowhere_in_the_chart():
    spec = drawn(table(language=12, housing=None, school=None), total=17)
    values = spec["data"]["values"]
    assert [(row["text"], row["count"]) for row in values] == [("12", 12), ("•", 0), ("•", 0)]
    assert any("•" in line for line in spec["title"]["subtitle"])
    assert "n = 17" in spec["title"]["subtitle"][0]


def test_hidden_bars_stand_in_the_order_of_their_labels():
    one = drawn(table(b=None, a=None, c=3))
    other = drawn(table(a=None, c=3, b=None))
    assert one["data"] == other["data"]


def test_without_a_total_hidden_numbers_leave_it_unsaid():
    spec = drawn(table(language=12, housing=None))
    assert "n =" not in " ".join(spec["title"]["subtitle"])
    assert spec["title"]["text"] == ["Am häufigsten: Language (12)"]


def test_an_empty_table_says_so():
    empty = table()
    assert drawn(empty)["title"]["text"] == ["Noch keine Bedarfe erfasst"]
    assert drawn(table(school=0))["title"]["text"] == ["Noch keine Bedarfe erfasst"]


def test_only_hidden_numbers_are_not_called_none():
    assert "Zu wenige" in finding(table(school=None, housing=0))


def test_equal_leaders_are_all_named():
    assert finding(table(a=3, b=3)) == "Am häufigsten: A und B (je 3 von 6)"
    assert finding(table(a=3, b=3, c=3)) == "3 Bereiche liegen vorn (je 3 von 9)"


def test_the_description_says_the_chart_in_words():
    text = description(table(language=12, housing=9, school=None), as_of=AS_OF)
    assert "Language: 12; Housing: 9." in text
    assert "Nicht gezeigte Bereiche: 1." in text
    assert "30.09.2026" in text


def test_numbers_and_months_speak_the_language_of_the_page():
    german = drawn(table(school=1200))
    use_language("en")
    english = drawn(table(school=1200))
    assert german["config"]["locale"]["time"]["shortMonths"][2] == "Mär"
    assert german["data"]["values"][0]["text"] == "1.200"
    assert english["config"]["locale"]["time"]["days"][0] == "Sunday"
    assert english["data"]["values"][0]["text"] == "1,200"


def test_changing_what_the_chart_gave_does_not_change_the_chart():
    chart = needs_by_area(table(school=4), as_of=AS_OF)
    chart.to_dict()["data"].clear()
    assert chart.to_dict()["data"]["values"]


def contrast_with_white(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)


def test_words_and_colours_stand_out_from_white():
    assert all(contrast_with_white(colour) >= 4.5 for colour in (TEXT, MUTED))
    assert all(contrast_with_white(colour) >= 2.99 for colour in CATEGORIES)
