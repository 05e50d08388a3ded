"""Every role tries everything the repository can do, on both databases."""

import pytest
from sqlalchemy import select

from kisi.db.audit import Action
from kisi.db.engine import transaction
from kisi.db.models import AuditEntry
from kisi.db.repository import open_repository
from kisi.domain.refusal import NotAllowed, Refused
from kisi.permissions import GRANTS, Permission, Role, User
from tests.db.verbs import VERBS, outcome, public_verbs, records
from tests.people import Towns


def test_the_table_names_everything_the_repository_can_do() -> None:
    assert set(VERBS) == public_verbs()


def test_only_roles_with_the_permission_may(towns: Towns) -> None:
    seen = records(towns)
    came_to = {
        name: {role: outcome(towns[role], verb, seen) for role in Role}
        for name, verb in VERBS.items()
    }
    refused = {
        name: {role for role, what in cells.items() if what is NotAllowed}
        for name, cells in came_to.items()
    }
    assert refused == {
        name: {role for role in Role if verb.needs and verb.needs not in GRANTS[role]}
        for name, verb in VERBS.items()
    }
    for name, verb in VERBS.items():
        for role in set(Role) - refused[name] if verb.needs else ():
            assert is_refusal(came_to[name][role]) == bool(verb.comes_to), (name, role)
    assert refusals_noted(towns) == sorted(
        (str(role), str(VERBS[name].needs)) for name, roles in refused.items() for role in roles
    )


def is_refusal(what: object) -> bool:
    return isinstance(what, type) and issubclass(what, Refused)


def refusals_noted(towns: Towns) -> list[tuple[str, str]]:
    """Who was refused what, although nothing else of their transaction was kept."""
    with transaction(towns.here) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action == Action.REFUSED.value))
        return sorted((row.actor, row.record) for row in rows)


def test_several_roles_may_do_what_each_of_them_may() -> None:
    for first in Role:
        for second in Role:
            user = User(1, "x", "X", frozenset({first, second}), 1, "Musterstadt")
            may = {permission for permission in Permission if user.can(permission)}
            assert may == GRANTS[first] | GRANTS[second]


def test_somebody_with_every_role_may_do_everything(towns: Towns) -> None:
    seen = records(towns)
    for name, verb in VERBS.items():
        assert outcome(towns["everything"], verb, seen) is not NotAllowed, name


def test_leadership_and_administration_have_no_way_to_a_person() -> None:
    for role in (Role.LEADERSHIP, Role.ADMIN, Role.COORDINATOR):
        assert not GRANTS[role] & {Permission.VIEW_CASES, Permission.EDIT_CASES}


def test_a_refused_step_undoes_the_steps_before_it(towns: Towns, coordinator: User) -> None:
    from kisi.db.repository.agencies import AgencyFilter
    from tests import people

    with pytest.raises(NotAllowed), open_repository(coordinator, write=True) as repository:
        repository.agencies.add(people.agency())
        repository.persons.add(people.person())
    with open_repository(coordinator) as repository:
        assert repository.agencies.page(AgencyFilter()).total == 0
