"""What a query means: a small tree of phrases, and that tree as an FTS5 or tsquery expression."""

from __future__ import annotations

from dataclasses import dataclass

from hatchline.apps.search import words

COLUMNS = {"grams": "A", "initials": "B", "pinyin": "C", "codes": "D"}  # FTS5 column → weight of a tsvector
TERMS = 8  # more words than this in one query are left out


@dataclass(frozen=True)
class Phrase:
    """Neighbouring tokens in one column; ``begins`` lets the last one be the beginning of a token."""

    column: str
    tokens: tuple[str, ...]
    begins: bool = False

    def fts5(self) -> str:
        return f'{self.column} : "{" ".join(self.tokens)}"{" *" if self.begins else ""}'

    def tsquery(self) -> str:
        weight = COLUMNS[self.column]
        parts = [f"'{token}':{weight}" for token in self.tokens]
        if self.begins:
            parts[-1] = f"'{self.tokens[-1]}':*{weight}"
        return " <-> ".join(parts)


@dataclass(frozen=True)
class All:
    """Every part."""

    parts: tuple[Node, ...]

    def fts5(self) -> str:
        return " AND ".join(f"({part.fts5()})" for part in self.parts)

    def tsquery(self) -> str:
        return " & ".join(f"({part.tsquery()})" for part in self.parts)


@dataclass(frozen=True)
class Some:
    """Any part."""

    parts: tuple[Node, ...]

    def fts5(self) -> str:
        return " OR ".join(f"({part.fts5()})" for part in self.parts)

    def tsquery(self) -> str:
        return " | ".join(f"({part.tsquery()})" for part in self.parts)


Node = Phrase | All | Some


@dataclass(frozen=True)
class Asked:
    """A query as understood. ``node`` is None when nothing in it can be looked for; ``by_start`` when it is a single
    character, which is looked for only where a name or code begins: the page says so."""

    text: str
    node: Node | None
    by_start: bool = False


def understand(text: str) -> Asked:
    """Words are separated by spaces and all of them must be found."""
    terms = words.plain(text[:200]).split()
    if not terms:
        return Asked(text, None)
    whole = "".join(terms)
    if len(whole) == 1:
        return Asked(text, _start(whole), by_start=True)
    nodes: list[Node] = [_term(term) for term in terms[:TERMS]]
    if len(nodes) == 1:
        return Asked(text, nodes[0])
    together = Phrase("grams", tuple(words.bigrams(whole)))  # "C +" or a name written with spaces
    return Asked(text, Some((All(tuple(nodes)), together)))


def _start(character: str) -> Node:
    marked = (words.START + character,)
    parts: list[Node] = [Phrase("grams", marked), Phrase("codes", (character,), begins=True)]
    if character.isascii():
        parts.append(Phrase("initials", marked))
    return Some(tuple(parts))


def _term(term: str) -> Node:
    if len(term) == 1:
        return _start(term)
    pairs = tuple(words.bigrams(term))
    parts: list[Node] = [Phrase("grams", pairs)]
    if term.isascii():
        parts.append(Phrase("codes", (term,), begins=True))
        if term.isalnum() and not term.isdigit():
            parts.append(Phrase("initials", pairs))
            parts += [Phrase("pinyin", tuple(way), begins=True) for way in words.cut_pinyin(term)]
    else:
        runs = _runs(term)
        if len(runs) > 1 and all(len(run) > 1 for run in runs):
            parts.append(All(tuple(_term(run) for run in runs)))  # 望京qy
    return Some(tuple(parts)) if len(parts) > 1 else parts[0]


def _runs(term: str) -> list[str]:
    """The stretches of Latin and of other letters."""
    runs: list[str] = []
    for character in term:
        if runs and runs[-1][-1].isascii() == character.isascii():
            runs[-1] += character
        else:
            runs.append(character)
    return runs
