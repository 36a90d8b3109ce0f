"""hatchline reference and hatchline world."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from hatchline.apps.institutions import queries as institutions
from hatchline.config.commands import reference, world

pytestmark = pytest.mark.django_db


def run(command, *arguments):
    return CliRunner().invoke(command.command, list(arguments))


def test_reference_says_what_it_did_and_does_it_once():
    first = json.loads(run(reference, "--json").output)
    assert first["gbt4754_2017.csv"] == {"created": 1971, "updated": 0, "unchanged": 0}
    again = run(reference)
    assert again.exit_code == 0
    assert "targets_110105.csv: 0 new, 0 changed, 7 as before" in again.output


def test_world_is_built_once_and_its_accounts_kept(settings, tmp_path):
    settings.HOME = tmp_path
    made = json.loads(run(world, "--institutions", "3", "--organisations", "5", "--json").output)
    assert made["built"]
    assert (made["institutions"], made["organisations_added"]) == (3, 5)
    assert "lin" in (tmp_path / "demonstration.txt").read_text(encoding="utf-8")
    again = run(world, "--institutions", "9")
    assert (again.exit_code, institutions.institutions().count()) == (0, 3)
    assert "left as it is" in again.output


def test_a_real_district_is_never_given_invented_rows(settings):
    settings.DEMONSTRATION = False
    refused = run(world)
    assert refused.exit_code == 1
    assert "HATCHLINE_DEMONSTRATION" in refused.output
    assert institutions.institutions().count() == 0
