"""Which pages answer for another day: those that do show the control and stay on that day, the others hide it."""

from __future__ import annotations

from datetime import date

import pytest

from hatchline.apps.institutions.models import Institution
from hatchline.apps.ventures.models import Stay
from tests.sites.console.test_ventures import life  # noqa: F401  (a fixture)

pytestmark = pytest.mark.django_db

PAST = "?as_of=2014-12-31"
TRAVELS = (
    "", "ventures/", "ventures/{venture}/", "ventures/{venture}/figures/", "institutions/", "institutions/{place}/",
    "institutions/{place}/figures/", "institutions/{place}/ventures/", "institutions/{place}/team/",
    "institutions/{place}/space/",
    "institutions/{place}/titles/", "institutions/{place}/ladder/", "chain/", "chain/ventures/", "targets/", "titles/",
    "premises/",
)  # fmt: skip
STAYS = ("organisations/", "quality/", "questions/", "duplicates/", "stays/{stay}/", "ledger/", "idle/", "people/")
FILES = ("ventures/", "institutions/", "chain/", "chain/ventures/", "targets/", "titles/", "premises/")


@pytest.fixture
def address(life, settings):  # noqa: F811
    settings.BUSINESS_DATE = date(2017, 7, 18)
    keys = {
        "venture": life.pk,
        "place": Institution.objects.get(name="望京孵化器").pk,
        "stay": Stay.objects.order_by("pk")[0].pk,
    }
    return lambda path: "/console/" + path.format(**keys)


@pytest.mark.parametrize("path", TRAVELS)
def test_a_page_that_travels_names_its_day_and_leads_on_to_the_same(official, address, path):
    page = official.get(address(path) + PAST).content.decode()
    assert "截至 2014-12-31" in page and "回到今日" in page
    assert "as_of=2014-12-31" in page
    assert "回到今日" not in official.get(address(path)).content.decode()


@pytest.mark.parametrize("path", STAYS)
def test_a_page_that_cannot_travel_hides_the_control(official, address, path):
    answer = official.get(address(path) + PAST)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "截至 2014-12-31" not in page and "回到今日" not in page and "as_of=" not in page


@pytest.mark.parametrize("path", FILES)
def test_a_file_is_of_the_day_of_its_page_and_says_so(official, address, path):
    file = official.get(address(path) + PAST + "&export=csv")
    assert file.status_code == 200 and file.headers["Content-Type"].startswith("text/csv")
    assert "20141231" in file.headers["Content-Disposition"].replace("-", "")


def test_a_file_of_a_past_day_holds_what_was_true_then(official, address):
    def told(query: str) -> str:
        answer = official.get(f"{address('ventures/')}?{query}export=csv")
        return b"".join(answer.streaming_content).decode()

    then, now = told("as_of=2014-12-31&"), told("")
    assert "望京孵化器" in then and "来广营加速器" not in then
    assert "来广营加速器" in now
