"""The page every report shares: A4 with the margins of a German letter, PDF/A-3u.

Every text that comes from data goes through here. Nothing in it is read as markup, whatever
it contains.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape

from fpdf import FPDF

from kisi.i18n import HERE, _, current_language, day
from kisi.reports.fonts import MAIN, TOTAL_PAGES, Line, add_font, family_of, isolate_name, prepare

LEFT, RIGHT, TOP, BOTTOM = 25, 20, 20, 22  # DIN 5008
LABEL_WIDTH = 48
_FOOTER_SIZE = 9
_ARABIC_SIZE = 1.2  # Noto Naskh looks smaller than Fira Sans of the same size
LINE_HEIGHT = 1.35  # Arabic and Ethiopic letters need the room
INK, MUTED, RULE, SURFACE = (19, 21, 37), (81, 87, 122), (178, 182, 204), (243, 244, 247)

# fpdf2 would write the present time as the time of the last change, and no two files were equal.
_XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/">
  <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
    <rdf:Description rdf:about="" xmp:CreatorTool="KISI" pdf:Producer="KISI"
      xmp:CreateDate="{made_at}" xmp:ModifyDate="{made_at}" xmp:MetadataDate="{made_at}">
      <pdfaid:part>3</pdfaid:part>
      <pdfaid:conformance>U</pdfaid:conformance>
      <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
      <dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
    </rdf:Description>
  </rdf:RDF>
</x:xmpmeta>"""


class Document:
    """Build from top to bottom, then take `output()`.

    The same calls with the same `made_at` give the same bytes. A document belongs to one
    thread; any number of them may be built at once.
    """

    def __init__(
        self, title: str, *, municipality: str, made_at: datetime, made_by: str, size: float = 11
    ) -> None:
        """`title` goes into the properties of the file: no names of persons in it."""
        self.size = size
        self._pdf = _Page(municipality, made_at, made_by)
        self._pdf.set_title(prepare(title).text)
        self._pdf.set_xmp_metadata(
            _XMP.format(
                title=escape(prepare(title).text),
                author=escape(prepare(municipality).text),
                made_at=made_at.astimezone(UTC).isoformat(timespec="seconds"),
            )
        )
        self._pdf.add_page()

    def heading(self, text: str, *, level: int = 1) -> None:
        """Never the last thing on a page."""
        size = self.size * (1.6 if level == 1 else 1.2)
        self.room_for(size * 1.3)
        self._pdf.ln(size * 0.12)
        self._pdf.write_lines(text, size=size, style="B")
        self._pdf.ln(size * 0.08)

    def text(self, text: str, *, bold: bool = False, muted: bool = False) -> None:
        self._pdf.write_lines(
            text, size=self.size, style="B" if bold else "", colour=MUTED if muted else INK
        )

    def facts(self, facts: Sequence[tuple[str, str]]) -> None:
        """Label and value side by side; what has no value is left out.

        A value stays at the left edge of its column in every script, beside its label.
        """
        widths = [LABEL_WIDTH, self._pdf.epw - LABEL_WIDTH]
        for label, value in facts:
            if value:
                self._row([label, value], widths, colours=[MUTED, INK])

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[float] | None = None,
    ) -> None:
        """`widths` are shares, of any sum. The headings are repeated on every page."""
        shares = widths or [1] * len(headings)
        sizes = [self._pdf.epw * share / sum(shares) for share in shares]
        for i, row in enumerate(rows):
            height = self._height(row, sizes)
            if i == 0 or not self._fits(height):
                self.room_for(height + (self._height(headings, sizes, "B") if i == 0 else 0))
                self._row(headings, sizes, style="B", ruled=True, fill=True)
            self._row(row, sizes, ruled=True)
        if not rows:
            self._row(headings, sizes, style="B", ruled=True, fill=True)

    def space(self, millimetres: float = 4) -> None:
        self._pdf.ln(millimetres)

    def rule(self) -> None:
        self._pdf.line_across(self._pdf.get_y())
        self._pdf.ln(2)

    def room_for(self, millimetres: float) -> None:
        """Begin a new page if less than this is left on the page."""
        if not self._fits(millimetres):
            self._pdf.add_page()

    def output(self) -> bytes:
        return bytes(self._pdf.output())

    def _fits(self, millimetres: float) -> bool:
        return bool(self._pdf.get_y() + millimetres <= self._pdf.page_break_trigger)

    def _height(self, cells: Sequence[str], widths: Sequence[float], style: str = "") -> float:
        pdf = self._pdf
        return 1 + max(
            pdf.height_of(cell, width - 2, self.size, style)
            for cell, width in zip(cells, widths, strict=True)
        )

    def _row(
        self,
        cells: Sequence[str],
        widths: Sequence[float],
        *,
        colours: Sequence[tuple[int, int, int]] | None = None,
        style: str = "",
        ruled: bool = False,
        fill: bool = False,
    ) -> None:
        pdf = self._pdf
        height = self._height(cells, widths, style)
        self.room_for(height)
        x, y = pdf.l_margin, pdf.get_y()
        if fill:
            pdf.set_fill_color(*SURFACE)
            pdf.rect(x, y, sum(widths), height, style="F")
        for i, (cell, width) in enumerate(zip(cells, widths, strict=True)):
            pdf.set_xy(x, y + 0.5)
            colour = colours[i] if colours else INK
            pdf.write_lines(cell, size=self.size, style=style, colour=colour, width=width - 2)
            x += width
        pdf.set_xy(pdf.l_margin, y + height)
        if ruled:
            pdf.line_across(y + height)


class _Page(FPDF):
    """fpdf2 with our header, footer and letters of every script."""

    def __init__(self, municipality: str, made_at: datetime, made_by: str) -> None:
        super().__init__(format="A4", enforce_compliance="PDF/A-3U")
        self.municipality = municipality
        self.made_on = day(made_at.astimezone(HERE).date())
        self.made_by = made_by
        self.set_creation_date(made_at)
        self.set_lang(current_language())
        self.set_creator("KISI")
        self.set_producer("KISI")
        self.set_author(prepare(municipality).text)
        self.alias_nb_pages(TOTAL_PAGES)
        self.set_margins(LEFT, TOP, RIGHT)
        self.set_auto_page_break(True, margin=BOTTOM)
        self.c_margin = 0
        add_font(self, MAIN, "")

    def header(self) -> None:
        self.set_y(12)
        self.write_lines(f"KISI · {self.municipality}", size=10, style="B", colour=MUTED)
        self.line_across(self.get_y() + 1)
        self.set_y(TOP + 2)

    def footer(self) -> None:
        self.set_y(-16)
        made = _("Erstellt am {day} von {name}").format(
            day=self.made_on, name=isolate_name(self.made_by)
        )
        self.write_lines(made, size=_FOOTER_SIZE, colour=MUTED)
        page = _("Seite {page} von {pages}").format(page=self.page_no(), pages=TOTAL_PAGES)
        # Not through prepare(): it would take out the sign for the number of pages.
        self._print(Line(page, False, False), _FOOTER_SIZE, "", MUTED, self.epw)

    def line_across(self, y: float) -> None:
        self.set_draw_color(*RULE)
        self.set_line_width(0.2)
        self.line(self.l_margin, y, self.w - self.r_margin, y)

    def write_lines(
        self,
        text: str,
        *,
        size: float,
        style: str = "",
        colour: tuple[int, int, int] = INK,
        width: float = 0,
    ) -> None:
        """Each line of the text has its own direction. In a column (`width`) all begin left."""
        x = self.get_x()
        for part in text.split("\n"):
            line = prepare(part)
            self.set_x(x)
            align = "R" if line.from_right and not width else "L"
            self._print(line, size, style, colour, width or self.epw, align)
        self.set_x(self.l_margin)

    def height_of(self, text: str, width: float, size: float, style: str) -> float:
        height = 0.0
        for part in text.split("\n"):
            line = prepare(part)
            step = self._set_letters(line, size, style)
            lines = self.multi_cell(width, step, line.text or " ", dry_run=True, output="LINES")
            assert isinstance(lines, list)
            height += step * len(lines)
        return height

    def get_fallback_font(self, char: str, style: str = "") -> str | None:
        family = family_of(char)
        return add_font(self, family, style) if family else None

    def _print(
        self,
        line: Line,
        size: float,
        style: str,
        colour: tuple[int, int, int],
        width: float,
        align: str = "L",
    ) -> None:
        step = self._set_letters(line, size, style)
        self.set_text_color(*colour)
        self.multi_cell(
            width,
            step,
            line.text or " ",
            align=align,
            markdown=False,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def _set_letters(self, line: Line, size: float, style: str) -> float:
        """Get ready to print a line; gives the height it takes."""
        size = size * _ARABIC_SIZE if line.from_right else size
        add_font(self, MAIN, style)
        self.set_font(MAIN, style, size)
        self.set_text_shaping(line.shaped)
        # Without a fallback fpdf2 prints the line in one go. The family named here does not
        # matter, get_fallback_font() decides.
        plain = line.text.isascii() or all(family_of(c) in (MAIN, None) for c in line.text)
        self.set_fallback_fonts([] if plain else [MAIN])
        return size * LINE_HEIGHT * 25.4 / 72
