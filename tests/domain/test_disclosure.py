import random
from itertools import product

import pytest

from kisi.domain.disclosure import Protected, protect


def possible_values(shown: Protected) -> dict[str, set[int]]:
    """Every value a hidden cell can have, found by trying all tables that look like this one."""
    assert shown.total is not None
    hidden = [name for name, count in shown.cells.items() if count is None]
    rest = shown.total - sum(count for count in shown.cells.values() if count is not None)
    values: dict[str, set[int]] = {name: set() for name in hidden}
    for guess in product(range(1, rest + 1), repeat=len(hidden)):
        if sum(guess) == rest:
            for name, value in zip(hidden, guess, strict=True):
                values[name].add(value)
    return values


def random_tables(n: int, seed: int = 7) -> list[dict[str, int]]:
    dice = random.Random(seed)
    return [
        {f"area{i}": dice.choice([0, 0, 1, 1, 2, 2, 3, 4, 5]) for i in range(dice.randint(1, 5))}
        for _ in range(n)
    ]


@pytest.mark.parametrize("n_min", [2, 3, 5])
def test_no_small_number_can_be_worked_back(n_min):
    checked = 0
    for counts in random_tables(300):
        shown = protect(counts, n_min=n_min)
        if shown.total is None:
            continue
        for name, values in possible_values(shown).items():
            if counts[name] < n_min:
                checked += 1
                assert max(values) >= n_min, counts
                assert max(values) - min(values) >= n_min - 1, counts
                assert counts[name] in values, counts
    assert checked > 20


def test_small_numbers_are_hidden_and_everything_shown_is_true():
    for counts in random_tables(300):
        shown = protect(counts)
        assert list(shown.cells) == list(counts)
        for name, count in shown.cells.items():
            assert count in (None, counts[name])
            assert count is None or count == 0 or count >= 3
        assert shown.total in (None, sum(counts.values()))


def test_no_cell_more_than_needed_is_hidden():
    for counts in random_tables(300):
        shown = protect(counts)
        extra = [name for name, count in shown.cells.items() if count is None and counts[name] >= 3]
        if not extra:
            continue
        last = max(extra, key=lambda name: (counts[name], name))
        looser = Protected({**shown.cells, last: counts[last]}, sum(counts.values()))
        small = [name for name, count in counts.items() if 0 < count < 3]
        assert any(max(possible_values(looser)[name]) < 3 for name in small), counts


def test_one_small_cell_takes_the_next_smallest_with_it():
    shown = protect({"language": 12, "housing": 1, "work": 4, "kita": 0})
    assert shown.cells == {"language": 12, "housing": None, "work": None, "kita": 0}
    assert shown.total == 17


@pytest.mark.parametrize("counts", [{"a": 1}, {"a": 2, "b": 0}, {"a": 1, "b": 1}])
def test_the_total_is_withheld_when_no_other_cell_can_hide_a_small_one(counts):
    shown = protect(counts)
    assert shown.total is None
    assert [name for name, count in shown.cells.items() if count is None] == [
        name for name, count in counts.items() if count
    ]


def test_zeros_and_an_empty_table_are_shown():
    assert protect({}) == Protected({}, 0)
    assert protect({"a": 0, "b": 0}) == Protected({"a": 0, "b": 0}, 0)


def test_the_order_of_the_table_changes_nothing():
    counts = {"a": 1, "b": 3, "c": 3, "d": 9}
    turned = dict(reversed(counts.items()))
    assert protect(counts) == protect(turned)


def test_a_negative_count_is_an_error():
    with pytest.raises(ValueError, match="negative"):
        protect({"a": -1})
