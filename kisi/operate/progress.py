"""How far a long job is, on stderr: a bar in a terminal, a first and a last line elsewhere."""

import sys
import time
from types import TracebackType

from kisi.i18n import number

_WIDTH = 30
_REDRAW_AFTER = 0.1  # seconds


class Progress:
    """``with Progress("Personen", 1000) as progress: ... progress.advance(100)``"""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._done = label, total, 0
        self._terminal = sys.stderr.isatty()
        self._begun = time.monotonic()
        self._drawn = 0.0

    def __enter__(self) -> "Progress":
        if self._terminal:
            self._draw()
        else:
            self._line(f"{self._label} …")
        return self

    def advance(self, count: int = 1) -> None:
        self._done += count
        if self._terminal and time.monotonic() - self._drawn > _REDRAW_AFTER:
            self._draw()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._terminal:
            self._draw()
            sys.stderr.write("\n")
        if error is None:
            seconds = number(round(time.monotonic() - self._begun, 1))
            self._line(f"{self._label}: {number(self._done)} in {seconds} s")

    def _draw(self) -> None:
        self._drawn = time.monotonic()
        filled = _WIDTH * self._done // max(self._total, 1)
        bar = "█" * min(filled, _WIDTH) + "░" * max(_WIDTH - filled, 0)
        counted = f"{number(self._done)} / {number(self._total)}"
        sys.stderr.write(f"\r{self._label} {bar} {counted} ")
        sys.stderr.flush()

    def _line(self, text: str) -> None:
        print(text, file=sys.stderr, flush=True)
