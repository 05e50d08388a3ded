import io
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from pypdf import PdfReader
from pypdf.generic import ContentStream

from kisi.reports.arrival import Slip, SlipReferral, person_slip
from kisi.reports.document import Document
from kisi.reports.fonts import NO_LETTER, family_of, isolate, isolate_name, prepare, printable

NAMES = {
    "latin": "Anna Muster",
    "ukrainian": "Олена Коваль",
    "arabic": "محمد الأحمد",
    "pashto": "ښاغلی ګل ړنګ",
    "tigrinya": "ገብረ ማርያም",
    "turkish": "Şükrü Gökçeoğlu İnan",
    "kurmanji": "Bêrîvan Şêx",
    "mixed": "محمد الأحمد (Mohamad Al-Ahmad)",
}


def referral(**changes) -> SlipReferral:
    usual = SlipReferral(
        agency="Ausländerbehörde",
        address="Am Rathaus 1\n35037 Musterstadt",
        phone="06421 123-400",
        opening_hours="Mo–Do 9:00–12:00 Uhr",
        need="Aufenthalt",
        referred_on=date(2026, 9, 30),
        follow_up_on=date(2026, 10, 14),
    )
    return replace(usual, **changes)


def slip(**changes) -> Slip:
    usual = Slip(
        municipality="Stadt Musterstadt",
        code="P-0042",
        name="Anna Muster",
        made_on=date(2026, 9, 30),
        guide="Ayşe Yılmaz",
        guide_phone="06421 123-456",
        referrals=(referral(),),
    )
    return replace(usual, **changes)


def document() -> Document:
    return Document(
        "Probe",
        municipality="Musterstadt",
        made_at=datetime(2026, 9, 30, 8, tzinfo=UTC),
        made_by="Ayşe Yılmaz",
    )


def read(pdf: bytes) -> PdfReader:
    assert pdf.startswith(b"%PDF")
    return PdfReader(io.BytesIO(pdf))


def words(pdf: bytes) -> str:
    text = "\n".join(page.extract_text() for page in read(pdf).pages)
    return text.replace("\u00a0", " ")


def empty_boxes(pdf: bytes) -> int:
    """How often a page prints the box a font holds for letters it does not have."""
    boxes = 0
    for page in read(pdf).pages:
        glyphs = {}
        for name, font in page["/Resources"]["/Font"].items():
            glyphs[name] = font["/DescendantFonts"][0].get_object()["/CIDToGIDMap"].get_data()
        current, outer = b"", []
        for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
            if operator == b"q":
                outer.append(current)
            elif operator == b"Q":
                current = outer.pop()
            elif operator == b"Tf":
                current = glyphs[operands[0]]
            for shown in operands if operator == b"Tj" else ():
                codes = shown.original_bytes
                for high, low in zip(codes[::2], codes[1::2], strict=True):
                    at = (high * 256 + low) * 2
                    boxes += current[at : at + 2] == b"\0\0"
    return boxes


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_printed_in_its_own_letters(name):
    pdf = person_slip(slip(name=name))
    assert empty_boxes(pdf) == 0
    printed = words(pdf)
    assert all(letter in printed for letter in name)
    assert NO_LETTER not in printed


@pytest.mark.parametrize(
    ("name", "family"), [("arabic", "arabic"), ("pashto", "arabic"), ("tigrinya", "ethiopic")]
)
def test_a_script_has_its_own_font_and_not_the_last_resort(name, family):
    assert {family_of(letter) for letter in NAMES[name] if letter != " "} == {family}


@pytest.mark.parametrize("name", ["latin", "ukrainian", "tigrinya", "turkish", "kurmanji"])
def test_a_name_can_be_found_in_the_file(name):
    assert NAMES[name] in words(person_slip(slip(name=NAMES[name])))


def test_the_slip_says_where_what_for_until_when_and_whom_to_ask():
    printed = words(person_slip(slip()))
    for text in ("P-0042", "Ausländerbehörde", "Aufenthalt", "14.10.2026", "06421 123-400"):
        assert text in printed
    assert "Fragen Sie Ayşe Yılmaz." in printed
    assert "06421 123-456" in printed
    assert "Seite 1 von 1" in printed


def test_what_is_not_known_is_left_out():
    bare = referral(address="", phone="", opening_hours="", need="", follow_up_on=None)
    printed = words(person_slip(slip(referrals=(bare,), guide_phone="")))
    for label in ("Adresse", "Telefon", "Geöffnet", "Darum geht es", "Gehen Sie hin bis"):
        assert label not in printed


def test_three_places_fit_on_one_page_and_more_continue():
    assert len(read(person_slip(slip(referrals=(referral(),) * 3))).pages) == 1
    printed = words(person_slip(slip(referrals=(referral(),) * 7)))
    assert "Seite 2 von 3" in printed


def test_without_a_referral_the_slip_says_so():
    assert "nirgends hingehen" in words(person_slip(slip(referrals=())))


def test_the_same_slip_gives_the_same_bytes_later_and_in_every_thread():
    one = slip(name=NAMES["mixed"])
    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(person_slip, [one] * 8))
    time.sleep(1.1)  # a date in a PDF counts seconds
    made.add(person_slip(one))
    assert len(made) == 1


def test_nothing_in_a_text_is_read_as_markup():
    nasty = "**fett** <b>x</b> {nb} [Link](https://example.org) {pages}"
    printed = words(person_slip(slip(name=nasty)))
    assert nasty in " ".join(printed.split())


def test_the_file_does_not_claim_to_be_tagged_and_has_no_name_in_its_properties():
    reader = read(person_slip(slip(name=NAMES["latin"])))
    assert "/MarkInfo" not in reader.trailer["/Root"]
    assert reader.metadata is None
    assert reader.xmp_metadata.dc_title == {"x-default": "Wegweiser P-0042"}
    assert reader.trailer["/Root"]["/Lang"] == "de"


def test_the_only_time_in_the_file_is_the_one_it_was_made_at():
    properties = read(person_slip(slip())).trailer["/Root"]["/Metadata"].get_data().decode()
    assert set(re.findall(r"\d{4}-\d\d-\d\dT", properties)) == {"2026-09-29T"}
    assert "<pdfaid:part>3<" in properties


def test_the_properties_stay_readable_whatever_stands_in_them():
    reader = read(person_slip(slip(municipality="A & B <Stadt> {x}", code="P&<1")))
    assert reader.xmp_metadata.dc_title["x-default"] == "Wegweiser P&<1"
    assert reader.xmp_metadata.dc_creator == ["A & B <Stadt> {x}"]


def test_a_phone_number_keeps_its_order_in_an_arabic_line():
    assert isolate("06421 123-456") == "\u206606421\u00a0123-456\u2069"
    assert isolate("") == ""
    line = prepare("الهاتف 06421 123-456 أو guides@musterstadt.example، 01.10.2026")
    assert isolate("06421 123-456") in line.text
    assert isolate("guides@musterstadt.example") in line.text
    assert line.text.count("\u2066") == 2


def test_an_isolated_number_is_not_isolated_again():
    line = prepare(f"الهاتف {isolate('06421 123-456')}")
    assert line.text.count("\u2066") == 1


@pytest.mark.parametrize(
    ("text", "from_right"),
    [
        ("محمد", True),
        ("12 محمد (Mohamad)", True),
        ("Herr محمد", False),
        (f"{isolate_name('محمد')} kommt", False),
        ("12", False),
    ],
)
def test_the_first_word_says_where_a_line_begins(text, from_right):
    assert prepare(text).from_right is from_right


def test_only_scripts_that_need_it_are_shaped():
    assert not prepare("Олена Коваль, ገብረ, Şükrü").shaped
    assert prepare("محمد").shaped


def test_control_characters_and_forced_directions_are_taken_out():
    assert printable("a\x00b\x07\x1b\u202ec\ud800\ufeff\u200f") == "abc"
    assert printable("a\tb\r\nc\u202fd") == "a b\nc\u00a0d"
    assert printable("می\u200cکند") == "می\u200cکند"


def test_a_letter_no_font_has_leaves_a_visible_sign():
    assert printable("中x") == f"{NO_LETTER}x"
    assert family_of(NO_LETTER)
    paper = document()
    paper.text("中")
    pdf = paper.output()
    assert NO_LETTER in words(pdf)
    assert empty_boxes(pdf) == 0


def test_a_long_table_repeats_its_headings_on_every_page():
    paper = document()
    rows = [[f"Zeile {i}", NAMES["arabic"] if i % 9 == 0 else "Text"] for i in range(90)]
    paper.table(["Bereich", "Name"], rows)
    pages = [page.extract_text() for page in read(paper.output()).pages]
    assert len(pages) > 2
    assert all("Bereich" in page for page in pages)
    assert sum(page.count("Zeile") for page in pages) == 90
