"""Drafts: what someone has typed and not yet saved, kept encrypted and for themselves alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, select

from kisi.clock import now
from kisi.db.models import Draft
from kisi.db.repository.base import Access
from kisi.domain.refusal import NotFound

KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class DraftFile:
    uid: str
    """Becomes the uid of the record when it is saved, so that saving twice stores once."""
    form: str
    subject: str
    fields: dict[str, Any]
    updated_at: datetime


class Drafts:
    def __init__(self, access: Access) -> None:
        self._session = access.session
        self._user = access.user

    def keep(self, uid: str, form: str, fields: dict[str, Any], subject: str = "") -> datetime:
        """Store what stands in the form now; returns the moment."""
        row = self._find(uid)
        if row is None:
            row = Draft(
                uid=uid,
                municipality_id=self._user.municipality_id,
                account_id=self._user.account_id,
                form=form,
                subject=subject,
            )
            self._session.add(row)
        row.fields = fields
        row.updated_at = now()
        return row.updated_at

    def open(self, uid: str) -> DraftFile:
        row = self._find(uid)
        if row is None:
            raise NotFound
        return _file(row)

    def of_form(self, form: str, subject: str = "") -> list[DraftFile]:
        return [file for file in self.all() if (file.form, file.subject) == (form, subject)]

    def all(self) -> list[DraftFile]:
        """This person's drafts, the newest first."""
        rows = self._session.scalars(
            self._mine()
            .where(Draft.updated_at > now() - KEPT_FOR)
            .order_by(Draft.updated_at.desc())
        )
        return [_file(row) for row in rows]

    def discard(self, uid: str) -> None:
        """Take the draft away, with the account's drafts that are too old; none is no mistake."""
        if row := self._find(uid):
            self._session.delete(row)
        for old in self._session.scalars(self._mine().where(Draft.updated_at < now() - KEPT_FOR)):
            self._session.delete(old)

    def _find(self, uid: str) -> Draft | None:
        found: Draft | None = self._session.scalar(self._mine().where(Draft.uid == uid))
        return found

    def _mine(self) -> Select[Draft]:
        return select(Draft).where(
            Draft.municipality_id == self._user.municipality_id,
            Draft.account_id == self._user.account_id,
        )


def _file(row: Draft) -> DraftFile:
    return DraftFile(row.uid, row.form, row.subject, dict(row.fields), row.updated_at)
