"""Asking for an entry: one file per kind, named as in kisi/domain/. Never the database."""
