"""A population kept as bytes is read as it was; what is not whole is refused; a part of one is what it was in it."""

from __future__ import annotations

import numpy as np
import pytest

from hatchline.core.rules import keeping
from hatchline.core.rules.populations import Population, arranged, chosen, missing, only

UNKNOWN = missing(np.dtype(np.int64))


@pytest.fixture
def population() -> Population:
    own = {"area": np.array([5, UNKNOWN, 7]), "staff@2016": np.array([1, 2, 3], dtype=np.int32)}
    members = {"is_tenant": np.array([1, 0, -128, 1], dtype=np.int8), "revenue@2016": np.array([9, 8, 7, UNKNOWN])}
    return arranged(["11", "机构", "13"], own, np.array([2, 0, 2, 0]), members, ["1", "2", "1", "4"])


def rows(population: Population) -> list[object]:
    places = range(population.size)
    return [(population.keys[at], population.subject(at)) for at in places] + list(population.member_keys)


def test_what_is_kept_is_read_as_it_was(population):
    found = keeping.read(keeping.written(population))
    assert rows(found) == rows(population)
    assert {name: column.dtype for name, column in found.own.items()} == {
        "area": np.dtype(np.int64), "staff@2016": np.dtype(np.int32),
    }  # fmt: skip
    nobody = arranged([], {}, np.zeros(0, dtype=np.int64), {})
    assert rows(keeping.read(keeping.written(nobody))) == []


def test_what_is_not_whole_is_refused(population):
    whole = keeping.written(population)
    for spoilt in (b"", b"PK", whole[:-40], whole[40:]):
        with pytest.raises(ValueError, match="population"):
            keeping.read(spoilt)
    uneven = Population(population.keys[:2], population.own, population.offsets, population.members)
    with pytest.raises(ValueError, match="equally long"):
        keeping.read(keeping.written(uneven))


def test_a_part_is_what_it_was_within_the_whole(population):
    part = chosen(population, np.array([2, 0]))
    assert [part.subject(0), part.subject(1)] == [population.subject(2), population.subject(0)]
    assert list(part.member_keys) == ["1", "1", "2", "4"]
    assert chosen(population, np.arange(3)) is population
    assert chosen(population, np.array([], dtype=np.int64)).member_count == 0


def test_of_yearly_facts_the_name_is_asked_for(population):
    found = only(population, {"staff", "is_tenant"})
    assert set(found.own) == {"staff@2016"}
    assert set(found.members) == {"is_tenant"}
