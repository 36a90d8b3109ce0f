"""The facts of everybody on a day, kept so that nobody waits while a city's are gathered. What is kept may be lost."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import date, datetime
from importlib.metadata import version

from hatchline.apps.rulebooks.models import KeptFacts
from hatchline.core.rules import keeping
from hatchline.core.rules.populations import Population
from hatchline.core.rules.vocabulary import Vocabulary


class Spoilt(ValueError):
    """What is kept is not what was written."""


def row(subject: str, as_of: date) -> KeptFacts | None:
    """What is kept of a day, without its content."""
    return KeptFacts.objects.defer("content").filter(subject=subject, as_of=as_of).first()


def serves(found: KeptFacts, names: Collection[str], vocabulary: Vocabulary) -> bool:
    """Whether these facts are among those kept, declared as they are now."""
    return set(names) <= set(found.names) and found.words == declared(found.names, vocabulary)


def declared(names: Collection[str], vocabulary: Vocabulary) -> str:
    """The digest of how these facts are declared, by which release; a name that is none any more counts, too."""
    said = f"{version('hatchline')}\n" + "\n".join(f"{name} {vocabulary.facts.get(name)!r}" for name in sorted(names))
    return hashlib.sha256(said.encode()).hexdigest()


def population(pk: int, head: int) -> Population:
    """What is kept as of a row of the ledger. Spoilt, where it is not what was written or is there no more."""
    found = KeptFacts.objects.filter(pk=pk, head=head).values_list("content", "digest").first()
    content = bytes(found[0]) if found is not None else b""
    if found is None or hashlib.sha256(content).hexdigest() != found[1]:
        raise Spoilt(pk)
    try:
        return keeping.read(content)
    except ValueError as error:
        raise Spoilt(pk) from error


def keep(
    its: Population, *, subject: str, as_of: date, names: Collection[str], vocabulary: Vocabulary, head: int,
    known_at: datetime | None,
) -> None:  # fmt: skip
    """Keep the facts of a day in place of what was kept of this kind of subject."""
    content = keeping.written(its)
    values = {
        "names": sorted(names), "words": declared(names, vocabulary), "head": head, "known_at": known_at,
        "digest": hashlib.sha256(content).hexdigest(), "content": content,
    }  # fmt: skip
    KeptFacts.objects.update_or_create(subject=subject, as_of=as_of, defaults=values)
    KeptFacts.objects.filter(subject=subject).exclude(as_of=as_of).delete()


def drop(subject: str) -> None:
    """Keep nothing any more about this kind of subject."""
    KeptFacts.objects.filter(subject=subject).delete()
