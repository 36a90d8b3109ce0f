"""Two tabs, many workers: of those who save over the same version one wins, the others are told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from hatchline.apps.bodies import actions
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.bodies.models import Organisation
from hatchline.apps.ledger import queries as ledger
from hatchline.core.values.refusal import Refused
from tests.apps.bodies.conftest import NOW

pytestmark = [pytest.mark.long, pytest.mark.django_db(transaction=True)]
WORKERS = 6


def raced(attempt):
    start = Barrier(WORKERS)

    def work(number):
        try:
            start.wait(timeout=30)
            return attempt(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(work, range(WORKERS)))


def test_of_many_who_amend_one_version_one_wins():
    made = actions.register(OrganisationDraft(name="北京启元创业服务有限公司"), by=None, now=NOW)

    def attempt(number):
        try:
            actions.amend(made, version=1, address=f"{number} 号", by=None, now=NOW)
        except Refused as refused:
            return refused.refusal.code
        return "saved"

    answers = raced(attempt)
    assert sorted(answers) == ["changed_meanwhile"] * (WORKERS - 1) + ["saved"]
    assert Organisation.objects.get().version == 2
    assert ledger.about(made).filter(event="bodies.organisation.amended").count() == 1


def test_batches_written_at_once_get_keys_of_their_own():
    def attempt(number):
        drafts = [OrganisationDraft(name=f"单位{number}-{each}") for each in range(300)]
        return actions.register_many(drafts, now=NOW)

    pks = [pk for batch in raced(attempt) for pk in batch]
    assert len(set(pks)) == 300 * WORKERS == Organisation.objects.count()
