"""Pieces of screens that are too long for one page file, or that several screens show."""
