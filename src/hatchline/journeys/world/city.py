"""A district of any size, for measuring: institutions and ventures in bulk, committed chunk by chunk.

The crowd's ventures live as those of the district do, but every date is written to the day and nobody reports figures.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from random import Random

from django.db import transaction

from hatchline.apps.bodies import queries as places
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as register
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.actions import details
from hatchline.apps.ventures.history import History
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import enriching, figures, invented, lifecycles, population, writing
from hatchline.journeys.world.lifecycles import Place, Places

FIRST = 10_000  # numbers of lives below belong to the district itself
MOVES = 0.25  # a year: the crowd's tenants change places more often, so that there are two stays for each of them
EVERYWHERE = 8  # institutions of the crowd that are open from the beginning, with every stage
Progress = Callable[[str, int], None]


def add_institutions(count: int, *, district: str, seed: int, now: datetime, progress: Progress | None = None) -> int:
    """Bring the district up to so many institutions; how many were added."""
    streets = list(places.subtree(district).filter(level=4).order_by("code"))
    there, added = register.institutions().count(), 0
    for start in range(there, count, writing.CHUNK):
        drafts = []
        for number in range(start, min(start + writing.CHUNK, count)):
            draw = Random(seed * 101 + number)
            is_first = number - there < EVERYWHERE
            kind = "university_park" if is_first else draw.choice(tuple(invented.STAGES))
            street = draw.choice(streets) if streets else None
            word, topic = draw.choice(invented.WORDS), draw.choice(invented.FIELDS)
            opened = date(2003, 1, 1) if is_first else date(draw.randint(2003, 2016), draw.randint(1, 12), 1)
            drafts.append(
                InstitutionDraft(
                    name=f"{places.bare(street.name) if street else '演示'}{word}{topic}空间{number + 1}号",
                    kinds=(kind,),
                    stages=lifecycles.STAGES if is_first else invented.STAGES[kind],
                    territory=street.pk if street else None,
                    specialism=topic,
                    opened=PartialDate.of(opened.isoformat()),
                )
            )
        with transaction.atomic():
            added += len(institutions.register_many(drafts, now=now))
        if progress is not None:
            progress("institutions", start + len(drafts))
    return added


def add_ventures(
    count: int, *, district: str, seed: int, now: datetime, today: date, progress: Progress | None = None
) -> tuple[int, int]:
    """Bring the district up to about so many ventures; how many were added, and how many stays.

    A chunk is one transaction: what was broken off goes on with the next chunk, and nothing is added twice.
    """
    keys, there = _places(seed)
    if not keys:
        raise LookupError("there is no institution to go to: add some first")
    streets = list(places.subtree(district).filter(level=4).order_by("code"))
    around = population.surroundings(keys, streets)
    known, added, stays = History(), 0, 0
    done = _chunks_done()
    of = max(count - (ventures.ventures().count() - done * writing.CHUNK), 0)
    for chunk in range(done, -(-of // writing.CHUNK)):
        numbers = range(chunk * writing.CHUNK, min((chunk + 1) * writing.CHUNK, of))
        lives = [
            lifecycles.live(each, of, seed=seed, places=there, until=today, moves=MOVES, known_as=FIRST + each)
            for each in numbers
        ]
        with transaction.atomic():
            part = writing.write_some(
                [life for life in lives if life.visits], around, known, now=now, today=today, is_tidy=True
            )
            details.record_rights(
                draft for each in part for draft in enriching.rights_of(each, figures.rights(each.life, today))
            )
        added += len(part)
        stays += sum(stay is not None for each in part for stay in each.stays)
        known.ventures.clear()
        known.stays.clear()
        if progress is not None:
            progress("ventures", chunk * writing.CHUNK + len(numbers))
    return added, stays


def _chunks_done() -> int:
    """Chunks of the crowd on record: each has companies, whose credit codes are numbered."""
    first, last = (invented.credit_code(writing.FIRST_CODE + number) for number in (FIRST, FIRST + 900_000))
    highest = (
        places.organisations_between(first, last).order_by("-credit_code").values_list("credit_code", flat=True).first()
    )
    if highest is None:
        return 0
    return (int(highest[8:17]) - writing.FIRST_CODE - FIRST) // writing.CHUNK + 1


def _places(seed: int) -> tuple[list[int], Places]:
    """All institutions, as ventures see them."""
    draw, keys, made = Random(seed * 103), [], []
    for each in register.institutions().order_by("pk"):
        stages = tuple(stage.stage for stage in each.stages.all())
        keys.append(each.pk)
        made.append(Place(each.opened.earliest or population.UNKNOWN_OPENING, stages, draw.lognormvariate(0, 0.5)))
    return keys, Places(made)
