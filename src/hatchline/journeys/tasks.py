"""Work after commit that needs more than one app: load by key, call one verb."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from hatchline.apps.imports import queries as imports
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.journeys import kept, questions, rules, warnings
from hatchline.journeys.imports import flow

EVERY = {"keep_facts": 120, "tell_of_questions": 60, "tell_of_warnings": 21_600, "tell_of_beginnings": 21_600}


def take_in(*, now: datetime, run: int) -> None:
    """Take a list's rows in, from where the run stands. Safe to repeat."""
    found = imports.run(run)
    if found is not None:
        flow.take_in(found, now=now)


def preview(*, now: datetime, run: int, only_good_rows: bool) -> None:
    """Go through a list's rows without writing a record. Safe to repeat."""
    found = imports.run(run)
    if found is not None:
        flow.preview_in_background(found, only_good_rows=only_good_rows, now=now)


def keep_facts(*, now: datetime) -> None:
    """Gather today's facts of a large population anew, where the record has moved. Safe to repeat."""
    kept.refresh(_today(now))


def tell_of_questions(*, now: datetime) -> None:
    """Ask those who must answer questions about the record; tell who may settle them. Safe to repeat."""
    today = _today(now)
    questions.tell(now=now, today=today)
    questions.tell_overdue(now=now, today=today)


def tell_of_warnings(*, now: datetime) -> None:
    """Tell managers of titles about to end and of stays about to outlast the rule. Safe to repeat."""
    warnings.tell(now=now, today=_today(now))


def tell_of_edition(*, now: datetime, edition: int) -> None:
    """Tell those whose verdict a published document changes. Safe to repeat."""
    found = rulebooks.editions().filter(pk=edition).first()
    if found is not None:
        rules.tell_of_edition(found, now=now, today=_today(now))


def tell_of_beginnings(*, now: datetime) -> None:
    """Tell of the district's documents that came into force. Safe to repeat."""
    rules.tell_of_beginnings(now=now, today=_today(now))


def _today(now: datetime) -> date:
    """The day a page speaks of: the business date of an invented district."""
    return settings.BUSINESS_DATE or timezone.localdate(now)
