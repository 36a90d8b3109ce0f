"""The demonstration district: the same for the same seed, marked as invented, whole."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hatchline.apps.bodies import queries as bodies
from hatchline.apps.bodies.models import FunctionalArea, KeyIndustry, Organisation
from hatchline.apps.indicators import queries as indicators
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.models import Institution
from hatchline.apps.messages import queries as messages
from hatchline.apps.people.models import Account, Role
from hatchline.apps.people.roles import RoleKind
from hatchline.core.values import names
from hatchline.journeys import reference, world
from hatchline.journeys.world import invented

NOW = datetime(2017, 7, 18, 2, 0, tzinfo=UTC)
TODAY = date(2017, 7, 18)


@pytest.fixture
def district(db):
    done = list(reference.load(district="110105", now=NOW))
    assert done[0][1] == 3513
    return "110105"


def build(district, seed=2014, count=44):
    return world.build(district=district, count=count, seed=seed, password="long enough", now=NOW, today=TODAY)


def test_reference_data_loaded_twice_changes_nothing(district):
    again = list(reference.load(district=district, now=NOW))
    assert [(created, updated) for _what, created, updated, _same in again] == [(0, 0)] * len(again)


def test_the_district_stands(district, tmp_path):
    assert not world.stands()
    made = build(district)
    assert world.stands()
    assert (made.institutions, Institution.objects.count()) == (44, 44)
    directory = institutions.directory(district)
    assert (len(directory.counts), directory.total) == (41, 44)  # two sub-districts have none, as on the drawing
    first = indicators.readings(district, TODAY)[0]
    assert (first.value, first.coverage.undecided, first.verdict) == (42, 2, "met")
    assert first.target.owner.name == "林晓岚"
    kinds = set(Role.objects.values_list("kind", flat=True))
    assert kinds == set(RoleKind.values)
    assert Account.objects.filter(is_demonstration=False).count() == 0
    assert Account.objects.get(username="lin").check_password("long enough")
    waiting = messages.of(first.target.owner)
    assert {message.link for message in waiting} == {
        *(f"/console/institutions/{row.pk}/" for row in first.undecided_rows),
        f"/console/organisations/{bodies.named('北京青梧智算科技有限公司').get().pk}/",
    }
    path = world.write_accounts(made, tmp_path)
    assert path.stat().st_mode & 0o077 == 0
    assert all(someone.username in path.read_text(encoding="utf-8") for someone in invented.PEOPLE)


def test_what_is_invented_says_so(district):
    build(district)
    assert not FunctionalArea.objects.filter(is_invented=False).exists()
    assert not KeyIndustry.objects.filter(is_invented=False).exists()
    # a division 000000 does not exist: no real body can have such a code
    assert not Organisation.objects.exclude(credit_code=None).exclude(credit_code__regex=r"^..000000").exists()


def test_the_same_seed_makes_the_same_district(district):
    from django.db import transaction

    def drawn(seed):
        try:
            with transaction.atomic():
                build(district, seed=seed, count=60)
                columns = ("name", "address", "phone", "opened_text", "territory__code", "operator__credit_code")
                rows = list(Institution.objects.order_by("pk").values_list(*columns))
                raise InterruptedError
        except InterruptedError:
            return rows

    assert drawn(7) == drawn(7)
    assert drawn(7) != drawn(8)


def test_a_crowd_grows_to_its_number_and_no_further(district):
    assert world.add_organisations(2500, district=district, seed=1, now=NOW) == 2500
    assert world.add_organisations(2500, district=district, seed=1, now=NOW) == 0
    assert world.add_organisations(2600, district=district, seed=1, now=NOW) == 100
    assert Organisation.objects.count() == 2600
    assert Organisation.objects.values("name_key").distinct().count() == 2600


def test_no_two_of_the_crowd_share_a_name_or_a_code():
    assert len({invented.company(number) for number in range(300_000)}) == 300_000
    read = names.credit_code(invented.credit_code(123_456))
    assert not read.is_doubtful


def test_a_district_that_is_no_territory_is_refused(db):
    with pytest.raises(LookupError):
        build("999999")
