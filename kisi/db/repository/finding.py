"""Finding persons: for each thing looked for, the ids of those it fits, each by an index alone."""

import re
from dataclasses import dataclass

from sqlalchemy import Select, intersect, select, union_all

from kisi.clock import today
from kisi.db import search
from kisi.db.models import Person, PersonLanguage, PersonToken
from kisi.db.repository.base import MOST_WORDS, searched_words

FIRST_YEAR = 2025  # the project began on 1 October 2025; no code is older

_CODE = re.compile(r"[A-Z]{1,4}-\d{4}-\d{4,}")
_NOBODY = select(Person.id).where(Person.id.is_(None))


@dataclass(frozen=True)
class Finding:
    municipality_id: int
    short: str
    """The letters this municipality's codes begin with."""

    def by_text(self, text: str) -> list[Select[int]]:
        """Name parts in any order and script, a code or its number, a year of birth; all count."""
        words = searched_words(text)
        if words is None:
            return [_NOBODY]
        numbers = [word for word in words if any(one.isdigit() for one in word)]
        names = " ".join(word for word in words if word not in numbers)
        parts = search.name_parts(names)
        if (names and not parts) or len(parts) > MOST_WORDS:
            return [_NOBODY]
        return [self._with_number(word) for word in numbers] + self.by_name(parts)

    def by_name(self, parts: tuple[str, ...]) -> list[Select[int]]:
        """Each part written the same, or similar enough to be the same name."""
        return [
            select(PersonToken.person_id).where(
                PersonToken.municipality_id == self.municipality_id,
                PersonToken.token.in_({search.exact_token(part)} | search.similar_tokens(part)),
            )
            for part in parts
        ]

    def by_language(self, language: str) -> Select[int]:
        return select(PersonLanguage.person_id).where(
            PersonLanguage.municipality_id == self.municipality_id,
            PersonLanguage.language == language,
        )

    def _with_number(self, word: str) -> Select[int]:
        ids = select(Person.id).where(Person.municipality_id == self.municipality_id)
        if _CODE.fullmatch(word.upper()):
            return ids.where(Person.code == word.upper())
        if not (word.isascii() and word.isdecimal()):
            return ids.where(Person.code.startswith(word.upper(), autoescape=True))
        years = range(FIRST_YEAR, today().year + 1)
        codes = [f"{self.short}-{year}-{word.lstrip('0').zfill(4)}" for year in years]
        by_code = ids.where(Person.code.in_(codes))
        if len(word) != 4:
            return by_code
        either = union_all(by_code, ids.where(Person.year_of_birth == int(word))).subquery()
        return select(either.c.id)


def all_of(found: list[Select[int]]) -> Select[int]:
    """The ids that everything looked for fits."""
    if len(found) == 1:
        return found[0]
    both = intersect(*found).subquery()
    return select(both.c[0])
