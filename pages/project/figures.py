"""Figures: needs by area."""

from kisi.parts.figures import show_figures
from kisi.screen import part


@part
def figures() -> None:
    show_figures()


figures()
