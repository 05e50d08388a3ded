"""argparse, speaking German."""

import argparse
import re
from typing import Any, NoReturn

from kisi.operate import Mistake

# What argparse complains about, and how that is said here.
_SAID = (
    (r"the following arguments are required: (.+)", "Es fehlt: {}."),
    (r"unrecognized arguments: (.+)", "Unbekannte Angabe: {}."),
    (r"argument (.+?): invalid choice: (.+?) \(choose from .+", "{}: {} gibt es nicht."),
    (r"argument (.+?): invalid int value: (.+)", "{}: {} ist keine ganze Zahl."),
    (r"argument (.+?): expected one argument", "{}: hier fehlt eine Angabe."),
)


class _German(argparse.HelpFormatter):
    def add_usage(
        self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None
    ) -> None:
        super().add_usage(usage, actions, groups, "Aufruf: " if prefix is None else prefix)


class Arguments(argparse.ArgumentParser):
    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _German, "add_help": False, **options})
        self._positionals.title = "Angaben"
        self._optionals.title = "Optionen"
        self.add_argument("-h", "--help", action="help", help="diese Hilfe zeigen")

    def error(self, message: str) -> NoReturn:
        raise Mistake(f"{_in_german(message)} Hilfe: {self.prog} --help")


def _in_german(message: str) -> str:
    for pattern, said in _SAID:
        if found := re.fullmatch(pattern, message):
            return said.format(*found.groups())
    return "Der Aufruf ist nicht richtig."
