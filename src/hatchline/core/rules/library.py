"""All documents together, from texts handed in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from hatchline.core.rules.check import besides
from hatchline.core.rules.documents import Document, edition_on
from hatchline.core.rules.load import load_document, load_vocabulary
from hatchline.core.rules.problems import InvalidRule, Problem
from hatchline.core.rules.texts import Text, nearest
from hatchline.core.rules.vocabulary import Vocabulary


class NoDocument(KeyError):
    """No document has this name or number; `said` offers the nearest."""

    def __init__(self, said: Text) -> None:
        self.said = said
        super().__init__(said.en)


def no_document(name: str, hint: Text) -> Text:
    """That nothing is called so."""
    return Text(f"没有叫“{name}”的文件", f"no document is called {name!r}").hinted(hint)


@dataclass(frozen=True)
class Library:
    """The vocabulary and the documents by name."""

    vocabulary: Vocabulary
    documents: Mapping[str, Document]

    def get(self, name: str) -> Document:
        """A document by its name or its 文号. Raises NoDocument, which offers the nearest name."""
        for document in self.documents.values():
            if name in (document.name, document.number):
                return document
        hint = nearest(name, [*self.documents, *(d.number for d in self.documents.values())])
        raise NoDocument(no_document(name, hint))

    def edition_on(self, series: str, day: date) -> Document | None:
        return edition_on(list(self.documents.values()), series, day)


def read_library(vocabulary: tuple[str, str], texts: Iterable[tuple[str, str]]) -> tuple[Library, list[Problem]]:
    """A library of (path, text) pairs, and the faults of the documents that could not be read.

    Raises InvalidRule when the vocabulary itself is wrong.
    """
    words = load_vocabulary(vocabulary[1], vocabulary[0])
    documents: dict[str, Document] = {}
    problems: list[Problem] = []
    for path, text in texts:
        try:
            document = load_document(text, words, path)
        except InvalidRule as error:
            problems.extend([*error.problems, *besides(error)])
        else:
            key = document.name if document.name not in documents else f"{document.name}#{path}"
            documents[key] = document
    return Library(words, documents), problems
