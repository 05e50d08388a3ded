"""The plain pages: HTML from templates, in the reader's language, never stored by the browser."""

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from kisi.edge.files import own_address
from kisi.i18n import LANGUAGES, _, current_language, moment, use_language


def page(template: str, language: str, status: int = 200, **values: Any) -> HTMLResponse:
    """The page in German or English; texts are escaped."""
    use_language(language)
    html = (
        _templates()
        .get_template(template)
        .render(language=current_language(), languages=LANGUAGES, **values)
    )
    return HTMLResponse(html, status)


def notice(
    language: str, status: int, title: str, text: str, *, again: str = "", incident: str = ""
) -> HTMLResponse:
    """A page that says one thing. `title` and `text` are marked with N_."""
    return page(
        "notice.html", language, status, title=title, text=text, again=again, incident=incident
    )


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(_=_, own_address=own_address, moment=moment)
    return made
