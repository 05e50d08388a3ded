"""The layering rule of README.md, checked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from kisi.navigation import MENU

ROOT = Path(__file__).resolve().parents[1]
PRODUCT = ("Home.py", "pages", "kisi")

DATABASE = {"sqlalchemy", "alembic", "psycopg", "sqlite3"}
DRAWING = {"streamlit", "pandas", "altair", "fpdf"}
UPPER = {"kisi.screen", "kisi.drafting", "kisi.shell", "kisi.login", "kisi.parts", "kisi.edge",
         "kisi.server", "kisi.operate"}  # fmt: skip
ABOVE_RULES = {"kisi.db", "kisi.forms", "kisi.charts", "kisi.reports"} | UPPER

# folder or file: what it may not import
FORBIDDEN = {
    "Home.py": DATABASE | {"kisi.db"},
    "pages": DATABASE | {"kisi.edge", "kisi.server", "kisi.operate", "streamlit_authenticator"},
    "kisi/parts": DATABASE | {"kisi.edge", "kisi.server", "kisi.operate"},
    "kisi/screen.py": DATABASE | {"kisi.edge", "kisi.server", "kisi.operate"},
    "kisi/drafting.py": DATABASE | {"kisi.edge", "kisi.server", "kisi.operate"},
    "kisi/shell.py": DATABASE | {"kisi.db", "kisi.forms", "kisi.edge", "kisi.operate"},
    "kisi/login.py": DATABASE | {"kisi.forms", "kisi.edge", "kisi.server", "kisi.operate"},
    "kisi/forms": DATABASE | {"kisi.db", "kisi.charts", "kisi.reports", "pandas"} | UPPER,
    "kisi/charts": DATABASE | {"kisi.db", "kisi.forms", "kisi.reports", "streamlit"} | UPPER,
    "kisi/reports": DATABASE | {"kisi.db", "kisi.forms", "kisi.charts", "streamlit"} | UPPER,
    "kisi/db": DRAWING | {"kisi.forms", "kisi.charts", "kisi.reports", "kisi.navigation"} | UPPER,
    "kisi/edge": (DRAWING - {"streamlit"}) | {"kisi.forms", "kisi.screen", "kisi.drafting",
                                              "kisi.shell", "kisi.parts", "kisi.operate",
                                              "kisi.db.repository"},
    "kisi/operate": DRAWING | {"kisi.forms", "kisi.screen", "kisi.drafting", "kisi.shell",
                               "kisi.parts", "kisi.edge"},
    "kisi/navigation.py": DATABASE | DRAWING | ABOVE_RULES,
    "kisi/permissions.py": DATABASE | DRAWING | ABOVE_RULES,
    "kisi/passwords.py": DATABASE | DRAWING | ABOVE_RULES,
    "kisi/clock.py": DATABASE | DRAWING | ABOVE_RULES | {"kisi.domain"},
    "kisi/i18n.py": DATABASE | DRAWING | ABOVE_RULES | {"kisi.domain", "kisi.config"},
    "kisi/config.py": DATABASE | DRAWING | ABOVE_RULES | {"kisi.domain", "kisi.i18n"},
    "kisi/domain": DATABASE | DRAWING | ABOVE_RULES | {"kisi.config", "kisi.clock",
                                                       "kisi.permissions", "kisi.navigation"},
}  # fmt: skip

# A library that only one place may know, so that it can be replaced there.
ONLY_HERE = {
    "streamlit_authenticator": {"kisi/passwords.py"},
    "cryptography": {"kisi/db/crypto.py"},
    "fpdf": {"kisi/reports/document.py", "kisi/reports/fonts.py", "kisi/reports/arrival.py"},
}


def files(place: str) -> list[Path]:
    path = ROOT / place
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def product() -> list[Path]:
    return [file for place in PRODUCT for file in files(place)]


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (one.name for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{one.name}" for one in node.names)


def reaches(imports: set[str], library: str) -> bool:
    return any(one == library or one.startswith(f"{library}.") for one in imports)


@pytest.mark.parametrize(
    ("file", "forbidden"),
    [
        pytest.param(file, forbidden, id=name(file))
        for place, forbidden in FORBIDDEN.items()
        for file in files(place)
    ],
)
def test_imports_point_downwards(file: Path, forbidden: set[str]) -> None:
    imports = set(imported(file))
    assert {one for one in forbidden if reaches(imports, one)} == set()


def test_every_file_of_the_product_has_a_rule() -> None:
    ruled = {file for place in FORBIDDEN for file in files(place)}
    free = {"kisi/__init__.py", "kisi/__main__.py", "kisi/server.py"}
    assert {name(file) for file in product() if file not in ruled} == free


def test_the_rules_know_only_the_standard_library_and_translation() -> None:
    import sys

    for file in files("kisi/domain"):
        foreign = {
            one
            for one in imported(file)
            if one.partition(".")[0] not in sys.stdlib_module_names
            and not one.startswith(("kisi.domain", "kisi.i18n"))
        }
        assert foreign == set(), name(file)


@pytest.mark.parametrize("library", ONLY_HERE)
def test_only_one_place_knows(library: str) -> None:
    found = {name(file) for file in product() if reaches(set(imported(file)), library)}
    assert found <= ONLY_HERE[library]
    assert found, "the rule is about something that exists"


# --- what is written nowhere ---


def calls(file: Path) -> Iterator[tuple[str, set[str]]]:
    """What is called, as "st.html", and with which named arguments."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), {one.arg or "" for one in node.keywords}


def test_no_markup_of_people_reaches_the_browser() -> None:
    for file in product():
        for called, arguments in calls(file):
            assert not called.endswith(("components.html", "components.v1.html")), name(file)
            assert not arguments & {"unsafe_allow_html", "unsafe_allow_javascript"}, name(file)


def test_nothing_is_cached_between_people() -> None:
    """st.cache_data and st.cache_resource are shared by all sessions of all towns."""
    for file in product():
        tree = ast.parse(file.read_text())
        names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not names & {"cache_data", "cache_resource"}, name(file)


def test_sql_is_written_only_beside_the_database() -> None:
    for file in product():
        if name(file).startswith(("kisi/db/", "kisi/operate/")):
            continue
        imports = set(imported(file))
        assert "sqlalchemy.text" not in imports, name(file)
        assert not [one for one, _arguments in calls(file) if one.endswith("exec_driver_sql")]


def test_only_the_repository_and_sign_in_open_transactions() -> None:
    """A page that opened one would pass by permissions, scope and audit."""
    for place in ("Home.py", "pages", "kisi/parts", "kisi/screen.py", "kisi/drafting.py"):
        for file in files(place):
            assert not reaches(set(imported(file)), "kisi.db.engine"), name(file)
            assert not reaches(set(imported(file)), "kisi.db.models"), name(file)


# --- screens and words ---


def test_screens_lie_in_sections_and_are_all_in_the_menu() -> None:
    """Streamlit serves pages/*.py directly, past the sign-in; it leaves subfolders alone."""
    assert list((ROOT / "pages").glob("*.py")) == []
    found = {str(file.relative_to(ROOT / "pages").with_suffix("")) for file in files("pages")}
    screens = [screen for section in MENU.values() for screen in section]
    assert found == {screen.file for screen in screens}
    assert len({screen.path for screen in screens}) == len(screens)


def test_the_glossary_knows_every_module_of_the_domain() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text()
    parts = {"__init__", "choices", "entry", "refusal", "text"}  # of the code, not of the subject
    for file in files("kisi/domain"):
        if file.stem not in parts:
            assert f"`{file.stem}`" in glossary, file.stem
