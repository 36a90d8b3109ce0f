"""Many subjects at once: facts as columns of whole numbers, ventures sorted by their institution.

An unknown fact is the smallest number of its column's type (`missing`). Columns are as narrow as the fact allows: a
national run is bound by how fast memory is read.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from hatchline.core.rules.nodes import SUBJECTS
from hatchline.core.rules.texts import Text, nearest
from hatchline.core.rules.vocabulary import FactDeclaration, Subject, UnreadableFact, Vocabulary, day_number

Column = npt.NDArray[Any]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
SHOWN_FAULTS = 5
MOST_COMPARED = 10_000  # keys among which the nearest is looked for


def missing(dtype: np.dtype[Any]) -> int:
    """The number that stands for unknown in a column of this type."""
    return int(np.iinfo(dtype).min)


def narrow(fact: FactDeclaration) -> np.dtype[Any]:
    """The narrowest type that holds a fact and the unknown."""
    for kind in (np.int8, np.int32):
        if -np.iinfo(kind).max <= fact.smallest and fact.largest <= np.iinfo(kind).max:
            return np.dtype(kind)
    return np.dtype(np.int64)


@dataclass(frozen=True)
class Population:
    """Subjects with their facts by column; `members` belong to subject i from offsets[i] up to offsets[i + 1]."""

    keys: Sequence[str]
    own: Mapping[str, Column]
    offsets: Ints
    members: Mapping[str, Column]
    member_keys: Sequence[str] = ()

    @property
    def size(self) -> int:
        return len(self.keys)

    @property
    def member_count(self) -> int:
        return int(self.offsets[-1]) if len(self.offsets) else 0

    def subject(self, place: int) -> tuple[dict[str, int | None], list[dict[str, int | None]]]:
        """One subject's facts and its ventures' facts, for explaining it."""
        first, last = int(self.offsets[place]), int(self.offsets[place + 1])
        return _row(self.own, place), [_row(self.members, index) for index in range(first, last)]


def _row(columns: Mapping[str, Column], place: int) -> dict[str, int | None]:
    return {
        name: None if column[place] == missing(column.dtype) else int(column[place]) for name, column in columns.items()
    }


def arranged(
    keys: Sequence[str], own: Mapping[str, Column], owners: Ints, members: Mapping[str, Column],
    member_keys: Sequence[str] = (),
) -> Population:  # fmt: skip
    """A population from ventures in any order; `owners` are places of their institutions."""
    offsets = np.zeros(len(keys) + 1, dtype=np.int64)
    np.cumsum(np.bincount(owners, minlength=len(keys)), out=offsets[1:])
    if len(owners) and np.any(owners[1:] < owners[:-1]):
        order = np.argsort(owners, kind="stable")
        members = {name: column[order] for name, column in members.items()}
        if len(member_keys):
            member_keys = [member_keys[int(place)] for place in order]
    return Population(keys, own, offsets, members, member_keys)


def chosen(population: Population, places: Ints) -> Population:
    """The subjects at these places, in this order, with their ventures."""
    if len(places) == population.size and np.array_equal(places, np.arange(population.size)):
        return population
    sizes = np.diff(population.offsets)[places]
    offsets = np.zeros(len(places) + 1, dtype=np.int64)
    np.cumsum(sizes, out=offsets[1:])
    theirs = np.repeat(population.offsets[places] - offsets[:-1], sizes) + np.arange(offsets[-1])
    return Population(
        [population.keys[place] for place in places.tolist()],
        {name: column[places] for name, column in population.own.items()},
        offsets,
        {name: column[theirs] for name, column in population.members.items()},
        [population.member_keys[place] for place in theirs.tolist()] if len(population.member_keys) else (),
    )


def only(population: Population, names: Collection[str]) -> Population:
    """The same subjects with these facts alone, yearly ones by their name without the year."""
    own, members = (
        {name: column for name, column in columns.items() if name.partition("@")[0] in names}
        for columns in (population.own, population.members)
    )
    return replace(population, own=own, members=members)


def from_rows(
    vocabulary: Vocabulary,
    subjects: Sequence[tuple[str, Mapping[str, int | None], Sequence[Mapping[str, int | None]]]],
    subject: Subject = "institution",
) -> Population:
    """A population from facts as they are kept: (key, facts, ventures' facts) per subject."""
    own = columns_of(vocabulary, [facts for _, facts, _ in subjects])
    rows = [member for _, _, members in subjects for member in members]
    owners = np.array([i for i, (_, _, m) in enumerate(subjects) for _ in m], dtype=np.int64)
    return arranged([key for key, _, _ in subjects], own, owners, columns_of(vocabulary, rows))


def columns_of(vocabulary: Vocabulary, rows: Sequence[Mapping[str, int | None]]) -> dict[str, Column]:
    """Rows of kept facts as columns."""
    names = dict.fromkeys(name for row in rows for name in row)
    found = {}
    for name in names:
        dtype = narrow(vocabulary.facts[name.partition("@")[0]])
        values = (row.get(name) for row in rows)
        found[name] = np.array([missing(dtype) if value is None else value for value in values], dtype=dtype)
    return found


class UnreadableTable(ValueError):
    """A table of facts that cannot be used; each fault names the column and the row."""

    def __init__(self, faults: Iterable[Text]) -> None:
        self.faults = list(faults)
        super().__init__("\n".join(each.en for each in self.faults))


def from_tables(vocabulary: Vocabulary, subject: Subject, subjects: Any, ventures: Any | None = None) -> Population:
    """A population from Arrow tables whose columns are the vocabulary's names (yearly ones NAME@YEAR).

    `key` names a subject, `institution` links a venture to one. Raises UnreadableTable: a column nobody knows, a value
    of the wrong type (with its row, counted from 1), a key twice, a venture of an unknown institution.
    """
    faults: list[Text] = []
    keys = _keys(subjects, "key", faults, subject)
    own = _columns(vocabulary, subject, subjects, {"key", "name"}, faults)
    faults.extend(_repeated(Text("key", "key"), keys))
    owners, members, member_keys = np.zeros(0, dtype=np.int64), dict[str, Column](), list[str]()
    if ventures is not None:
        members = _columns(vocabulary, "venture", ventures, {"key", "name", "institution"}, faults)
        places = {key: place for place, key in enumerate(keys)}
        links = _keys(ventures, "institution", faults, "venture")
        strange = [(row, link) for row, link in enumerate(links, 1) if link and link not in places]
        for row, link in strange[:SHOWN_FAULTS]:
            hint = nearest(link, keys[:MOST_COMPARED])
            said = Text(f"institution 列第 {row} 行：没有 key 为“{link}”的孵化机构",
                        f"institution, row {row}: no institution has the key {link!r}")  # fmt: skip
            faults.append(said.hinted(hint))
        if len(strange) > SHOWN_FAULTS:
            more = len(strange) - SHOWN_FAULTS
            faults.append(Text(f"institution 列：还有 {more} 家企业的孵化机构找不到",
                               f"institution: and {more} more ventures of unknown institutions"))  # fmt: skip
        if not faults:
            owners = np.fromiter((places[link] for link in links), dtype=np.int64, count=len(links))
        if "key" in ventures.column_names:
            member_keys = ["" if key is None else str(key).strip() for key in ventures.column("key").to_pylist()]
            named = [pair for pair in zip(links, member_keys, strict=True) if pair[1]] if links else []
            faults.extend(_repeated(Text("企业的 institution 和 key", "institution and key of a venture"), named))
    if faults:
        raise UnreadableTable(faults)
    return arranged(keys, own, owners, members, member_keys)


def _keys(table: Any, name: str, faults: list[Text], subject: Subject) -> list[str]:
    its = SUBJECTS[subject]
    if name not in table.column_names:
        hint = nearest(name, [str(other) for other in table.column_names])
        said = Text(f"{its.zh}表没有“{name}”列", f"the table of {subject}s has no column {name!r}")
        faults.append(said.hinted(hint))
        return []
    found = ["" if value is None else str(value).strip() for value in table.column(name).to_pylist()]
    if "" in found:
        row = found.index("") + 1
        faults.append(
            Text(f"{its.zh}表第 {row} 行：{name} 是空的", f"{name}, row {row} of the {subject}s: it is empty")
        )
    return found


def _repeated(what: Text, keys: Sequence[Any]) -> list[Text]:
    """The first key that stands there twice, with both rows."""
    if len(set(keys)) == len(keys):
        return []
    first: dict[Any, int] = {}
    for row, key in enumerate(keys, 1):
        if key in first:
            shown = " / ".join(key) if isinstance(key, tuple) else key
            return [
                Text(f"{what.zh}：“{shown}”出现两次，在第 {first[key]} 行和第 {row} 行",
                     f"{what.en}: {shown!r} stands there twice, in rows {first[key]} and {row}")
            ]  # fmt: skip
        first[key] = row
    return []


def _columns(
    vocabulary: Vocabulary, subject: Subject, table: Any, skipped: set[str], faults: list[Text]
) -> dict[str, Column]:
    found = {}
    for name in table.column_names:
        if name in skipped:
            continue
        try:
            fact = vocabulary.column(name, subject)
        except UnreadableFact as error:
            faults.append(Text(f"“{name}”列：{error.said.zh}", f"column {name!r}: {error.said.en}"))
            continue
        found[name] = encode_column(fact, name, table.column(name), faults)
    return found


def encode_column(fact: FactDeclaration, name: str, column: Any, faults: list[Text]) -> Column:
    """An Arrow column as whole numbers: each different value is read once."""
    import pyarrow as pa

    dtype = narrow(fact)
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    encoded = column.dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    table = np.full(len(encoded.dictionary) + 1, missing(dtype), dtype=dtype)
    wrong: dict[int, Text] = {}
    for place, value in enumerate(encoded.dictionary.to_pylist()):
        try:
            kept = fact.encode(value)
        except UnreadableFact as error:
            wrong[place] = error.said
        else:
            table[place] = missing(dtype) if kept is None else kept
    indices = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy(zero_copy_only=False)
    for place, said in list(wrong.items())[:SHOWN_FAULTS]:
        row = int(np.argmax(indices == place)) + 1
        faults.append(Text(f"“{name}”列第 {row} 行：{said.zh}", f"column {name!r}, row {row}: {said.en}"))
    if len(wrong) > SHOWN_FAULTS:
        more = len(wrong) - SHOWN_FAULTS
        faults.append(
            Text(f"“{name}”列：还有 {more} 个值读不懂", f"column {name!r}: and {more} more values that cannot be read")
        )
    found: Column = table[indices]
    return found


__all__ = [
    "Population", "UnreadableTable", "arranged", "chosen", "day_number", "from_rows", "from_tables", "missing",
    "narrow", "only",
]  # fmt: skip
