"""Groups are compared only by what is told, and chance is not called a difference."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency

from convenor.consultation.rules.comparing import chance_of, compare, holm, is_small, shared
from convenor.consultation.rules.disclosure import Row, Table


def test_chance_is_that_of_chi_squared_in_large_tables() -> None:
    counts = np.array([[60, 40], [48, 52], [55, 45]])
    assert abs(chance_of(counts) - chi2_contingency(counts, correction=False).pvalue) < 0.03


def test_noise_is_called_different_at_most_one_time_in_twenty() -> None:
    chance = np.random.default_rng(5)
    called = 0
    for _ in range(60):
        tables = [
            Table("g", tuple(Row(name, 40, tuple(map(int, chance.multinomial(40, [0.5, 0.3, 0.2])))) for name in "AB")) for _ in range(6)
        ]
        called += any(each is not None and each.differs for each in compare(tables))
    assert called <= 6


def test_plain_difference_is_found_and_said() -> None:
    found = compare([Table("phase", (Row("P", 60, (50, 10)), Row("S", 40, (10, 30))))])[0]
    assert found is not None
    assert (found.groups, found.differs) == (("P", "S"), True)
    assert found.says == "These groups answered differently; so great a difference seldom comes by chance."
    alike = compare([Table("phase", (Row("P", 60, (30, 30)), Row("S", 40, (20, 20))))])[0]
    assert alike is not None
    assert alike.says == "No difference that chance would not make."


def test_only_what_every_group_is_told_is_compared() -> None:
    table = Table("phase", (Row("P", 60, (40, 10, 10)), Row("S", 30, (20, None, None)), Row("X", 12, (None, None, None))))
    assert shared(table) == ((table.rows[0], table.rows[1]), (0,))


def test_nothing_is_compared_where_too_little_is_told() -> None:
    one = Table("phase", (Row("P", 60, (40, 20)), Row("S", 30, (None, None))))
    same = Table("phase", (), same=True)
    nobody = Table("phase", (Row("P", 60, (0, None)), Row("S", 30, (0, None))))
    assert compare([one, same, nobody]) == (None, None, None)


def test_holm_multiplies_by_those_that_are_left() -> None:
    assert holm([0.04, 0.01, 0.03]) == [0.06, 0.03, 0.06]
    assert holm([]) == []


def test_small_groups_are_marked() -> None:
    assert [is_small(Row("P", answered, ())) for answered in (29, 30)] == [True, False]
