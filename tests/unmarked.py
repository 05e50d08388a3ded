"""German that is shown to people and not marked for translation.

It cannot be recognised for certain. What is taken for it: text between the tags of HTML, text
handed to Streamlit or to a field, words only German has, and words marked somewhere else.
"""

import ast
import re
from collections.abc import Iterator, Set
from html.parser import HTMLParser
from typing import TypeGuard

MARKS = {"_", "N_"}
FOR_THE_CODE = {"TypeVar", "ParamSpec", "ContextVar"}
GAP = "\0"  # where an f-string has a value

GERMAN = re.compile(
    r"[äöüßÄÖÜ„]|\b(?:der|die|das|den|dem|ein|eine|und|oder|nicht|ist|sind|wird|wurde|kein|keine"
    r"|bitte|Sie|Ihre?|mit|ohne|von|vom|zum|zur|auf|nach|seit|bei|noch|schon|alle|neue[nrs]?)\b",
    re.IGNORECASE,
)
NOUN = re.compile(r"[A-ZÄÖÜ][a-zäöüß]{2,}(?:[ -][\w-]+)*")
TAG = re.compile(r"<[^<>]*>")
WORD = re.compile(r"[^\W\d_]{2}|„")

# What Streamlit and our own fields show of what they are given.
SHOWN = {"label", "body", "text", "placeholder", "help", "hint", "alt", "caption", "title"}
FIELDS = {"text", "lines", "one", "some", "one_of_many", "some_of_many", "day", "switch"}


def in_code(source: str, marked: Set[str], *, screen: bool) -> Iterator[tuple[int, str]]:
    """Line and text of what is German or shown, and not marked. `marked` is what is elsewhere.

    On a `screen` a capital letter is enough: English names of the code are small.
    """
    tree = ast.parse(source)
    silent = set(_of_no_interest(tree))
    shown = set(_shown(tree))
    for node in ast.walk(tree):
        text = None if node in silent else _text(node)
        if text is None:
            continue
        words = " ".join(TAG.sub(" ", text).replace(GAP, "…").split())
        if WORD.search(words) and (
            text in marked
            or node in shown
            or TAG.search(text)
            or (" " in words and GERMAN.search(words))
            or (screen and NOUN.fullmatch(words))
        ):
            yield node.lineno, words


def marked_in(source: str) -> Iterator[tuple[int, str]]:
    for call in _marked(ast.parse(source)):
        if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
            yield call.lineno, call.args[0].value


def made_untranslatable(source: str) -> Iterator[tuple[int, str]]:
    """Texts put together inside the mark: no translation can be found for them."""
    for call in _marked(ast.parse(source)):
        if isinstance(call.args[0], ast.JoinedStr | ast.BinOp | ast.Call):
            yield call.lineno, ast.unparse(call)


def translated_at_import(source: str) -> Iterator[tuple[int, str]]:
    """Texts that would stay in the language of whoever came first."""
    tree = ast.parse(source)
    later = {
        node
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for part in (function.body if isinstance(function.body, list) else [function.body])
        for node in ast.walk(part)
    }
    for call in _marked(tree):
        if call not in later and ast.unparse(call.func) == "_":
            yield call.lineno, ast.unparse(call)


def keys_of_tables(source: str) -> Iterator[tuple[int, list[str]]]:
    """The marked texts that are keys of one dictionary, for example the headings of a list."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Dict):
            calls = [key for key in node.keys if key is not None and _is_mark(key)]
            yield node.lineno, [text for call in calls if (text := _text(call.args[0]))]


def in_template(source: str) -> Iterator[tuple[int, str]]:
    """Line and text of what stands in a template as it is. A part with lang is in that language."""
    reader = _Template()
    reader.feed(re.sub(r"{{.*?}}|{%.*?%}|{#.*?#}", _only_lines, source, flags=re.S))
    reader.close()
    yield from reader.found


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) or GAP for part in node.values)
    return None


def _of_no_interest(tree: ast.AST) -> Iterator[ast.AST]:
    """What is marked, documentation, and the parts of a text that is looked at as a whole."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if _is_mark(node) or node.func.id in FOR_THE_CODE:
                yield from ast.walk(node)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            yield from ast.walk(node)
        elif isinstance(node, ast.JoinedStr):
            yield from (part for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.FormattedValue) and node.format_spec:
            yield from ast.walk(node.format_spec)


def _is_mark(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS


def _marked(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if _is_mark(node))


def _shown(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        if not isinstance(owner, ast.Name) or owner.id not in ("st", "fields", "document"):
            continue
        if owner.id == "st":
            yield from node.args
        elif node.func.attr in FIELDS:
            yield from node.args[1:]
        yield from (word.value for word in node.keywords if word.arg in SHOWN)


def _only_lines(found: re.Match[str]) -> str:
    return "\n" * found[0].count("\n")


class _Template(HTMLParser):
    """Reads a template whose Jinja is taken out."""

    READ_ALOUD = ("alt", "title", "placeholder", "aria-label")

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self._foreign = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._foreign = tag != "html" and any(name == "lang" for name, _value in attributes)
        for name, value in attributes:
            if name in self.READ_ALOUD:
                self._look_at(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._foreign = False

    def handle_data(self, data: str) -> None:
        if not self._foreign:
            self._look_at(data)

    def _look_at(self, text: str) -> None:
        if WORD.search(text):
            self.found.append((self.getpos()[0], " ".join(text.split())))
