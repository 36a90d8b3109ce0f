"""Calls made up from the description itself: none may break anything, every answer keeps to what is described."""

from __future__ import annotations

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples_settings
from schemathesis import checks

from hatchline.apps.people.roles import RoleKind
from hatchline.sites.api import interface

checks.load_all_checks()
KEPT = checks.CHECKS.get_by_names(
    [
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
        "negative_data_rejection",
    ]
)


@pytest.fixture
def one_connection():
    """Django closes the connection after each request of a server; the test's transaction must go on."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def run(calls, world, settings, one_connection):
    """``run(examples)``: that many good and bad calls of every operation; answers how many there were."""
    settings.API_RATE = 10**9
    headers = calls(RoleKind.ADMINISTRATOR).headers

    def every(examples: int) -> int:
        described = schemathesis.openapi.from_wsgi("/api/openapi.json", get_wsgi_application())
        made = []

        def one(case) -> None:
            made.append(case.path)
            case.call_and_validate(headers=headers, checks=KEPT)

        for found in described.get_all_operations():
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                drive(found.ok().as_strategy(generation_mode=mode), one, examples)
        return len(made)

    return every


def drive(strategy, one, examples: int) -> None:
    quiet = examples_settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )

    @quiet
    @given(strategy)
    def call(case) -> None:
        one(case)

    call()


def test_a_few_generated_calls_of_every_operation(run):
    assert run(5) >= 5 * len(list(interface.operations()))


@pytest.mark.long
def test_many_generated_calls_of_every_operation(run):
    assert run(60) >= 30 * len(list(interface.operations()))
