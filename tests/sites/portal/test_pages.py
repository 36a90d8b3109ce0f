"""The portal: nobody has signed in."""

import pytest

from tests.apps.indicators.conftest import recognise
from tests.apps.premises import conftest as rooms
from tests.sites.console.conftest import NOW, institution, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def street(db):
    from hatchline.apps.bodies.models import Territory

    county = Territory.objects.create(code="110105", prefix="110105", name="朝阳区", path_name="北京市朝阳区", level=3)
    return Territory.objects.create(
        code="110105026", prefix="110105026", name="望京街道", path_name="北京市朝阳区望京街道", level=4, parent=county
    )


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("path", ["/", "/institutions/", "/enter/", "/targets/"])
def test_every_page_opens_with_nothing_there(client, path, language):
    assert client.get(path, {"lang": language}).status_code == 200


def test_the_directory_shows_open_ones_of_the_district_alone(client, street):
    here = institution("望京启元孵化器", territory=street.pk, stages=("nursery",))
    elsewhere = institution("别处的孵化器")
    page = client.get("/institutions/").content.decode()
    assert "望京启元孵化器" in page and "别处的孵化器" not in page
    assert client.get(f"/institutions/{here.pk}/").status_code == 200
    assert client.get(f"/institutions/{elsewhere.pk}/").status_code == 404
    assert "望京启元" in client.get("/institutions/?q=wjqy").content.decode()
    assert "望京启元" in client.get("/institutions/?stage=nursery&place=110105026").content.decode()
    assert "望京启元" not in client.get("/institutions/?stage=park").content.decode()
    assert client.post("/institutions/", {"list_action": "save_view", "name": "x"}).status_code == 403


def test_a_figure_opens_down_to_the_institutions_under_it(client, street):
    from hatchline.journeys import reference

    assert list(reference.load(district="110105", now=NOW))
    made = institution("望京启元孵化器", territory=street.pk)
    recognise(made)
    listing = client.get("/targets/").content.decode()
    assert "未知" in listing and "/targets/institutions-2017/" in listing
    page = client.get("/targets/institutions-2017/").content.decode()
    assert "望京启元孵化器" in page and f"/institutions/{made.pk}/" in page
    inside = signed_in("official").get("/console/targets/institutions-2017/").content.decode()
    assert "望京启元孵化器" in inside and f"/console/institutions/{made.pk}/" in inside


def test_no_page_of_figures_names_a_venture_or_what_it_told(client, street):
    from decimal import Decimal

    from hatchline.journeys import reference
    from tests.apps.indicators.conftest import company, tell

    assert list(reference.load(district="110105", now=NOW))
    here = institution("望京启元孵化器", territory=street.pk)
    told = [company(f"不公布的公司{number}", here, "2015-01-01") for number in range(3)]
    tell("revenue", told[0], Decimal(8_765_432))
    for path in ("/", "/targets/", "/targets/tenants-2017/", "/targets/revenue-2017/"):
        page = client.get(path).content.decode()
        assert "不公布的公司" not in page
        assert "876.5" not in page and "8,765,432" not in page  # the sum of one is what that one told
    home = client.get("/").content.decode()
    assert "**" not in home and "None" not in home and "3 个在链" in home
    assert '<em class="hl-lead">3</em> 个团队和企业正在 <em class="hl-lead">1</em> 家孵化机构里成长' in home
    tell("revenue", told[1], Decimal(1_000_000))
    tell("revenue", told[2], Decimal(1_000_000))
    assert "1,077" in client.get("/targets/revenue-2017/").content.decode()


def test_free_places_are_on_the_first_page_and_unknown_where_no_room_is_recorded(client, street):
    here = institution("望京启元孵化器", territory=street.pk, stages=("incubation",))
    institution("没有登记房间的苗圃", territory=street.pk, stages=("nursery",))
    page = client.get("/").content.decode()
    assert "1 家机构" in page and "现在空着" not in page and "一家机构可以服务几个阶段" in page
    its = rooms.premises(here)
    rooms.room(its, "301")
    rooms.room(its, "302")
    page = client.get("/").content.decode()
    assert "现在空着 2 间房" in page and "1 家机构，空 2 间房" in page
    assert "现在空着 2 间房" in client.get("/enter/").content.decode()
    recognise(here, "municipal")
    assert "市级" in client.get(f"/institutions/{here.pk}/").content.decode()
    assert "市级" in client.get("/institutions/").content.decode()


@pytest.mark.parametrize(("kind", "offered"), [("", True), ("founder", True), ("official", False), ("manager", False)])
def test_applying_is_offered_to_whom_it_may_lead(client, street, kind, offered):
    made = institution("望京启元孵化器", territory=street.pk, stages=("nursery",))
    who = signed_in(kind) if kind else client
    for path in ("/enter/", f"/institutions/{made.pk}/"):
        page = who.get(path).content.decode()
        assert ("/desk/apply/" in page) is offered, path
        assert ("申请由创业者用自己的账号提交" in page and 'href="/go/"' in page) is not offered, path


def test_the_public_reads_which_year_a_sum_is_of(client, street):
    from hatchline.journeys import reference

    assert list(reference.load(district="110105", now=NOW))
    for path in ("/", "/targets/", "/targets/revenue-2017/"):
        assert "2016 年全年" in client.get(path).content.decode(), path
    assert "现在" not in client.get("/targets/revenue-2017/").content.decode().split("<h1")[1].split("</h1>")[0]
