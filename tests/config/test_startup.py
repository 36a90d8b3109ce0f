"""What happens before anything is served."""

from __future__ import annotations

import pytest
from django.db import connection

from hatchline.apps.outbox.models import Job
from hatchline.config import startup


@pytest.mark.django_db
def test_the_database_is_let_to_look_at_its_tables_and_answers_as_before():
    before = Job.objects.count()
    startup.learn()
    with connection.cursor() as cursor:
        looked = "sqlite_stat1" if connection.vendor == "sqlite" else "pg_stats"
        cursor.execute(f"SELECT COUNT(*) FROM {looked}")
        assert cursor.fetchone()[0] > 0
    assert Job.objects.count() == before
