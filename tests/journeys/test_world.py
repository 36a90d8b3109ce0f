"""The demonstration district: the same for the same seed, marked as invented, whole."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.db.models.functions import TruncDate

from hatchline.apps.bodies.models import FunctionalArea, KeyIndustry, Organisation
from hatchline.apps.indicators import queries as indicators
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.models import Institution
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.observations import queries as observations
from hatchline.apps.people.models import Account, Role
from hatchline.apps.people.roles import RoleKind
from hatchline.apps.premises.models import IdleProperty, Occupancy
from hatchline.apps.premises.states import IdleStatus
from hatchline.apps.titles import queries as titles
from hatchline.apps.titles.models import Title
from hatchline.apps.ventures import queries as ventures
from hatchline.apps.ventures.models import STAGES, Application, Handover, Merge, Question, QuestionKind, Stay, Venture
from hatchline.apps.ventures.states import ApplicationStatus, HandoverStatus, Status, StayStatus
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
    assert made.institutions == 44
    left = Institution.objects.get(status="closed")  # beside them: closed while stays go on there
    assert Stay.objects.filter(institution=left, end_state="open").count() == 4
    directory = institutions.directory(district)
    assert (len(directory.counts), directory.total) == (41, 44)  # two sub-districts have none, as on the drawing
    assert set(Role.objects.values_list("kind", flat=True)) == set(RoleKind.values)
    assert Account.objects.filter(is_demonstration=False).count() == 0
    assert Account.objects.get(username="lin").check_password("long enough")
    path = world.write_accounts(made, tmp_path)
    assert path.stat().st_mode & 0o077 == 0
    assert all(someone.username in path.read_text(encoding="utf-8") for someone in invented.PEOPLE)
    early = Stay.objects.filter(starts_on__isnull=False, application=None, starts_on__gt=TruncDate("recorded_at"))
    assert not early.exists()  # nobody was told of a stay before it began
    _stands_as_on_the_drawings()
    _has_every_state()


def near(figure, aim, share):
    return abs(figure - aim) <= share * aim


def _stands_as_on_the_drawings():
    """The district comes out of a process: near the drawn figures, not equal to them."""
    by_stage = Counter(ventures.stage_on(TODAY).values())
    assert near(ventures.tenants(TODAY).count(), 1386, 0.05)
    assert near(ventures.graduates(TODAY).count(), 742, 0.06)
    assert near(by_stage["nursery"], 264, 0.12)
    assert near(by_stage["acceleration"], 112, 0.2)
    assert near(by_stage["park"], 228, 0.12)
    assert near(ventures.tenants(date(2014, 12, 31)).count(), 812, 0.1)
    levels = [
        titles.institutions_at(level, TODAY).values("subject_id").distinct().count()
        for level in ("district", "municipal", "national")
    ]
    assert levels == [27, 11, 4]
    tenants = set(ventures.tenants(TODAY).values_list("pk", flat=True))
    own = tenants & set(ventures.with_valid_rights(TODAY).values_list("pk", flat=True))
    assert near(len(own) / len(tenants), 0.538, 0.05)
    for day in (date(2015, 6, 30), date(2016, 6, 30), date(2017, 1, 31), TODAY):  # in no season do those known mislead
        assert near(float(indicators.reading(indicators.target("own_ip-2017"), day).value), 54.5, 0.05)
    held = titles.in_force(TODAY).filter(kind="high_tech", subject_id__in=tenants).values("subject_id").distinct()
    assert near(held.count() / len(tenants), 0.063, 0.15)
    there = list(ventures.tenants(date(2016, 12, 31)).values_list("pk", flat=True))
    total = observations.total("revenue", date(2016, 1, 1), date(2017, 1, 1), subjects=there)
    assert near(float(total.amount), 17.24e9, 0.06)
    assert 0.88 * len(there) < total.subjects < len(there)  # some did not report


def _has_every_state():
    assert set(Application.objects.values_list("status", flat=True)) == set(ApplicationStatus.values)
    assert set(Stay.objects.values_list("status", flat=True)) == set(StayStatus.values)
    assert set(Stay.objects.values_list("stage", flat=True)) == {stage for stage, _words in STAGES}
    assert set(Handover.objects.values_list("status", flat=True)) == set(HandoverStatus.values)
    assert set(Venture.objects.values_list("status", flat=True)) == set(Status.values)
    assert set(Question.objects.values_list("status", flat=True)) == {"open", "settled"}
    assert set(Question.objects.values_list("kind", flat=True)) == set(QuestionKind.values)
    assert Question.objects.filter(status="open", due_on__lt=TODAY).exists()
    assert Merge.objects.filter(undone_at=None).exists() and Merge.objects.exclude(undone_at=None).exists()
    assert ventures.quality.unanswered_stays(NOW).exists()
    assert set(Title.objects.values_list("status", flat=True)) == {"given", "withdrawn", "struck"}
    assert not Title.objects.exclude(document="").exclude(document__endswith="（虚构）").exists()
    assert Stay.objects.filter(counts=False).exists() and Stay.objects.filter(end_state="unknown").exists()
    assert Occupancy.objects.count() > 3000
    assert set(IdleProperty.objects.values_list("status", flat=True)) == set(IdleStatus.values)


def test_a_district_may_be_of_any_size(district):
    build(district, count=3)
    assert world.add_institutions(60, district=district, seed=1, now=NOW) == 57
    assert world.add_institutions(60, district=district, seed=1, now=NOW) == 0
    there, common = Venture.objects.count(), {"district": district, "seed": 1, "now": NOW, "today": TODAY}
    added, stays = world.add_ventures(there + 300, **common)
    assert (added, Venture.objects.count()) == (300, there + 300)
    assert stays > 400
    assert world.add_ventures(there + 300, **common) == (0, 0)


def test_what_is_invented_was_done_by_the_business_date_whatever_the_clock_says(district):
    done = set(ledger.entries().values_list("pk", flat=True))
    clock = datetime(2026, 12, 1, 8, tzinfo=UTC)
    world.build(district=district, count=3, seed=1, password="long enough", now=clock, today=TODAY)
    made = ledger.entries().exclude(pk__in=done)
    assert made.exists() and not made.filter(at__gte=datetime(2017, 7, 19, tzinfo=UTC)).exists()
    late = datetime(2017, 7, 19, tzinfo=UTC)
    assert not Institution.objects.filter(amended_at__gte=late).exists()
    assert not Venture.objects.filter(amended_at__gte=late).exists()
    assert not Stay.objects.filter(recorded_at__gte=late).exists()


def test_what_is_invented_says_so(district):
    build(district, count=9)
    assert not FunctionalArea.objects.filter(is_invented=False).exists()
    assert not KeyIndustry.objects.filter(is_invented=False).exists()
    # a division 000000 does not exist: no real body can have such a code
    assert not Organisation.objects.exclude(credit_code=None).exclude(credit_code__regex=r"^..000000").exists()


def test_the_same_seed_makes_the_same_district(district):
    from django.db import transaction

    def drawn(seed):
        try:
            with transaction.atomic():
                build(district, seed=seed, count=9)
                columns = ("name", "address", "phone", "opened_text", "territory__code", "operator__credit_code")
                rows = list(Institution.objects.order_by("pk").values_list(*columns))
                rows += list(
                    Stay.objects.order_by("pk").values_list("venture__name", "stage", "starts_text", "outcome")
                )
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
