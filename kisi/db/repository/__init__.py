"""The only way in and out of the database for pages.

    with open_repository(user) as repository:
        rows = repository.persons.page(PersonFilter(), limit=25)

The block is one transaction: saved when it ends, undone if it fails. Streamlit's st.rerun, st.stop
and st.switch_page count as failing, so call them after the block. Open it with ``write=True`` to
change something; what was read of a person's file, and what was refused, is noted either way.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from kisi.db import audit
from kisi.db.engine import transaction
from kisi.db.repository.agencies import Agencies
from kisi.db.repository.base import Access
from kisi.db.repository.drafts import Drafts
from kisi.db.repository.figures import Figures
from kisi.db.repository.needs import Needs
from kisi.db.repository.persons import Persons
from kisi.db.repository.referrals import Referrals
from kisi.db.repository.system import Accounts, AuditEntries
from kisi.domain.refusal import NotAllowed, Outdated
from kisi.permissions import User


class Repository:
    def __init__(self, session: Session, user: User) -> None:
        access = Access(session, user)
        self.access = access
        self.persons = Persons(access)
        self.needs = Needs(access)
        self.referrals = Referrals(access)
        self.agencies = Agencies(access)
        self.figures = Figures(access)
        self.drafts = Drafts(access)
        self.accounts = Accounts(access)
        self.audit = AuditEntries(access)


@contextmanager
def open_repository(user: User, *, write: bool = False) -> Iterator[Repository]:
    actor = audit.Actor(user.account_id, user.name)
    afterwards: list[audit.Note] = []
    try:
        with transaction(user.municipality_id, write=write) as session:
            session.info["actor"] = actor
            repository = Repository(session, user)
            afterwards = repository.access.afterwards
            yield repository
    except NotAllowed as refusal:
        afterwards.append(audit.Note(audit.Action.REFUSED, str(refusal)))
        raise
    except StaleDataError as error:
        raise Outdated from error
    except IntegrityError as error:
        # Two people stored the same thing in the same moment; the second sees the first's.
        raise Outdated from error
    finally:
        if afterwards:
            audit.note_alone(user.municipality_id, actor, *afterwards)
