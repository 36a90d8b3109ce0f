"""Institutions, their profile, their titles and their team in the console: on any day, whatever the number of rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hatchline.apps.institutions import actions, queries
from hatchline.apps.institutions.drafts import InstitutionDraft, MentorDraft, StaffDraft
from hatchline.apps.institutions.models import Branch, Institution, Qualification, Staff
from hatchline.apps.observations import actions as observations
from hatchline.apps.people.models import Person
from hatchline.apps.titles import actions as titles
from hatchline.apps.titles.models import Title
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.core.values.dates import parse
from tests.sites.console.conftest import NOW, institution, organisation, signed_in

pytestmark = pytest.mark.django_db
TODAY = dt.date(2017, 7, 18)
KIND = "institutions.institution"


def title(subject: Institution, level: str, when: str, **more) -> Title:
    return titles.record(
        subject_kind=KIND, subject_id=subject.pk, kind="incubator", level=level, given=parse(when), source="公示",
        today=TODAY, by=None, now=NOW, **more,
    )  # fmt: skip


def tenant(where: Institution, name: str, since: str, ended: str = "", outcome: str = "") -> None:
    body = organisation(name)
    draft = VentureDraft(name, legal_person=body.pk, incorporated=parse("2013-01-05"), founded=parse("2013"))
    its = ventures.register_many([draft], now=NOW)[0]
    stay = StayDraft(
        venture=its, institution=where.pk, stage="incubation", starts=parse(since), source="名册", status="confirmed",
        end_state="known" if ended else "open", outcome=outcome, evidence=TODAY,
        **({"ended": parse(ended)} if ended else {}),
    )  # fmt: skip
    done = ventures.record_stays([stay], now=NOW, today=TODAY)
    assert done[0].pk, done


def exported(client, query: str) -> list[list[str]]:
    text = b"".join(client.get(f"/console/institutions/?{query}&export=csv").streaming_content).decode("utf-8-sig")
    return [line.split(",") for line in text.splitlines()]


def test_the_profile_shows_what_was_observed_with_its_source_on_any_day(official):
    first = institution("望京孵化器")
    page = official.get(f"/console/institutions/{first.pk}/").content.decode()
    assert 'id="observations"' not in page, "nothing is made up where nothing was observed"
    told = {"by": None, "now": NOW}
    for code, value_type in (("fund", "money"), ("own_books", "boolean")):
        observations.declare(
            code=code, name=f"指标{code}", name_en=code, subject_kind=KIND, value_type=value_type, time_kind="stock",
            unit="元" if value_type == "money" else "", **told,
        )  # fmt: skip
    for year, fund, books in ((2015, Decimal(3_000_000), False), (2016, Decimal(4_200_000), True)):
        span = dt.date(year, 1, 1), dt.date(year + 1, 1, 1)
        given = [
            observations.Given(code, first.pk, *span, value) for code, value in (("fund", fund), ("own_books", books))
        ]
        observations.record_many(given, source=f"{year} 年度核查", today=TODAY, **told)
    page = official.get(f"/console/institutions/{first.pk}/").content.decode()
    assert "指标fund" in page and "420" in page and "2016 年度核查" in page and "指标own_books" in page
    past = official.get(f"/console/institutions/{first.pk}/?as_of=2016-06-30").content.decode()
    assert "300" in past and "2015 年度核查" in past and "2016 年度核查" not in past


def test_the_list_tells_levels_tenants_and_graduates_of_the_day(official):
    first, second, third = institution("望京孵化器"), institution("酒仙桥孵化器"), institution("北苑苗圃")
    title(first, "district", "2014-06-01")
    title(first, "national", "2016-06-01")
    title(second, "municipal", "2015-06-01")
    tenant(first, "听雨科技", "2014-07-01")
    tenant(first, "听风科技", "2014-07-01", "2016-07-01", "graduated")
    tenant(second, "听雪科技", "2016-02-01")
    keys = "columns=name,level,tenants,graduates"
    now = {row[0]: row[1:] for row in exported(official, keys)[1:]}
    assert now == {"望京孵化器": ["国家级", "1", "1"], "酒仙桥孵化器": ["市级", "1", "0"], "北苑苗圃": ["", "", ""]}
    then = {row[0]: row[1:] for row in exported(official, keys + "&as_of=2015-12-31")[1:]}
    assert then["望京孵化器"] == ["区级", "2", "0"] and then["酒仙桥孵化器"] == ["市级", "0", "0"]
    by_level = [[row[0] for row in exported(official, f"{keys}&level={each}")[1:]] for each in
                ("national", "municipal", "district", "none")]  # fmt: skip
    assert by_level == [["望京孵化器"], ["酒仙桥孵化器"], [], ["北苑苗圃"]]
    assert [row[0] for row in exported(official, keys + "&level=district&as_of=2015-12-31")[1:]] == ["望京孵化器"]
    page = official.get("/console/institutions/").content.decode()
    assert "国家级 1、市级 1、区级 0，其他 1" in page
    assert queries.institution(third.pk) is not None


def test_names_stand_in_the_order_of_their_sound(official):
    for name in ("望京孵化器", "安贞孵化器", "八里庄孵化器", "奥运村孵化器"):
        institution(name)
    rows = [row[0] for row in exported(official, "columns=name")[1:]]
    assert rows == ["安贞孵化器", "奥运村孵化器", "八里庄孵化器", "望京孵化器"]


def test_a_closed_one_was_open_on_an_earlier_day(official):
    draft = InstitutionDraft(name="望京孵化器", opened=parse("2014-05"))
    row = actions.register(draft, by=None, now=NOW)
    actions.close(row, on=parse("2016-05-01"), version=1, by=None, now=NOW)
    later = institution("酒仙桥孵化器", "2017-03-01")
    keys = "columns=name,status"
    assert exported(official, keys)[1:] == [["酒仙桥孵化器", "在运营"], ["望京孵化器", "已关闭"]]
    assert exported(official, keys + "&as_of=2015-12-31")[1:] == [["望京孵化器", "在运营"]]
    assert exported(official, keys + "&as_of=2014-05-10")[1:] == [["望京孵化器", ""]]  # in which week of May?
    assert exported(official, keys + "&status=open&as_of=2015-12-31")[1:] == [["望京孵化器", "在运营"]]
    assert exported(official, keys + "&status=closed&as_of=2016-12-31")[1:] == [["望京孵化器", "已关闭"]]
    assert later.pk


@pytest.mark.parametrize("address", ["/console/institutions/", "/console/titles/"])
def test_one_and_thirty_rows_cost_the_same(official, address):
    def fill(number: int) -> None:
        for at in range(number):
            row = institution(f"第{Institution.objects.count()}孵化器")
            title(row, "national", f"2016-01-{at % 28 + 1:02d}")
            tenant(row, f"第{Institution.objects.count()}企业", "2016-02-01")

    fill(1)
    official.get(address)
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert official.get(address).status_code == 200
    fill(29)
    with CaptureQueriesContext(connection) as thirty:
        assert official.get(address).status_code == 200
    assert len(thirty) == len(one), [each["sql"][:120] for each in thirty]


def test_the_profile_speaks_of_the_day(official):
    row = institution("望京孵化器")
    title(row, "municipal", "2016-06-01", document="京科发〔2016〕1号")
    tenant(row, "听雨科技", "2014-07-01", "2016-07-01", "graduated")
    base = f"/console/institutions/{row.pk}/"
    assert "累计毕业" in official.get(base).content.decode()
    assert "还没有入驻记录" in official.get(f"/console/institutions/{institution('空的').pk}/").content.decode()
    past = official.get(base + "titles/?as_of=2015-12-31").content.decode()
    assert "这一天没有有效的资质" in past and "京科发" not in past
    assert "京科发〔2016〕1号" in official.get(base + "titles/").content.decode()
    now, then = (official.get(base + f"ventures/{day}").content.decode() for day in ("", "?as_of=2015-12-31"))
    assert "曾在这里" in now and "听雨科技" in now
    assert "曾在这里" not in then and "听雨科技" in then
    assert official.get(base + "space/").status_code == 200


def test_titles_are_recorded_withdrawn_and_struck(official, auditor):
    row = institution("望京孵化器")
    form = {"holder": "望京孵化器", "kind": "incubator", "level": "national", "given": "2016年", "source": "公示"}
    assert auditor.post("/console/titles/record/", form).status_code == 403
    wrong = official.post("/console/titles/record/", form | {"holder": "没有这家", "source": "名册甲"})
    assert (
        wrong.status_code == 422 and "没有叫这个名称" in wrong.content.decode() and "名册甲" in wrong.content.decode()
    )
    made = official.post("/console/titles/record/", form)
    there = Title.objects.get()
    assert made.url == f"/console/titles/{there.pk}/" and (there.subject_id, there.given_text) == (row.pk, "2016年")
    again = official.post("/console/titles/record/", form)
    assert again.status_code == 422 and "已经记录过" in again.content.decode()
    early = official.post(made.url + "withdraw/", {"on": "2015-01-01", "reason": "复核"})
    assert early.status_code == 422 and "撤销日期早于授予时间" in early.content.decode()
    assert official.post(made.url + "withdraw/", {"on": "2017-05-01", "reason": "复核不合格"}).status_code == 302
    there.refresh_from_db()
    assert there.status == "withdrawn"
    page = official.get(made.url).content.decode()
    assert "复核不合格" in page and "撤销资质" in page
    assert "有效" in official.get(made.url + "?as_of=2017-04-01").content.decode()
    second = title(row, "district", "2015-01-01")
    assert official.post(f"/console/titles/{second.pk}/strike/", {"reason": "录错"}).status_code == 302
    second.refresh_from_db()
    assert second.status == "struck"


def test_a_team_is_kept_from_the_profile_and_names_are_for_those_who_may(official):
    row = institution("望京孵化器")
    base = f"/console/institutions/{row.pk}/"
    sent = {"name": "林一一", "role": "manager", "degree": "bachelor", "starts": "2015-03", "source": "名册"}
    assert official.post(base + "staff/record/", sent).status_code == 302
    again = official.post(base + "staff/record/", sent)
    assert again.status_code == 422 and "已有登记" in again.content.decode()
    one = Staff.objects.get()
    assert (
        official.post(f"/console/staff/{one.pk}/qualifications/", {"kind": "training", "issued": "2016"}).status_code
        == 302
    )
    team = queries.teams([row.pk], TODAY)[row.pk]
    assert (team.managers, team.trained_managers, team.college_managers, team.mentors) == (1, 1, 1, None)
    actions.record_mentor(MentorDraft(row.pk, "聘书", name="周一一", starts=parse("2015")), by=None, now=NOW)
    seen = official.get(base + "team/").content.decode()
    assert "林一一" in seen and "周一一" in seen
    masked = signed_in("officer").get(base + "team/").content.decode()
    assert "林一一" not in masked and "周一一" not in masked and "林" in masked
    stale = official.post(f"/console/staff/{one.pk}/amend/", sent | {"version": 99, "post": "总监"})
    assert stale.status_code in {302, 409}
    assert official.post(f"/console/staff/{one.pk}/end/", {"on": "2014"}).status_code == 422
    assert official.post(f"/console/staff/{one.pk}/end/", {"on": "2017-06-01"}).status_code == 302
    assert "林一一" not in official.get(base + "team/").content.decode()
    assert "林一一" in official.get(base + "team/?as_of=2017-05-31").content.decode()
    gone = Qualification.objects.get()
    assert official.post(f"/console/qualifications/{gone.pk}/remove/").status_code == 302
    assert not Qualification.objects.exists()


def test_a_branch_abroad_needs_no_code_and_counts_in_no_district(official):
    head = institution("望京孵化器")
    draft = InstitutionDraft(name="Wangjing Lab Singapore", country="SG", city="Singapore", opened=parse("2016"))
    abroad = actions.register(draft, by=None, now=NOW, today=TODAY)
    base = f"/console/institutions/{head.pk}/"
    sent = {"branch": "Wangjing Lab Singapore", "form": "branch", "starts": "2016-05", "source": "协议"}
    assert official.post(base + "branches/", sent).status_code == 302
    assert "Wangjing Lab Singapore" in official.get(base).content.decode()
    assert "望京孵化器" in official.get(f"/console/institutions/{abroad.pk}/").content.decode()
    circle = official.post(f"/console/institutions/{abroad.pk}/branches/", sent | {"branch": "望京孵化器"})
    assert circle.status_code == 422 and "不能反过来" in circle.content.decode()
    link = Branch.objects.get()
    assert official.post(f"{base}branches/{link.pk}/end/", {"on": "2017-01-01"}).status_code == 302
    its_page = f"/console/institutions/{abroad.pk}/"
    assert its_page not in official.get(base).content.decode()
    assert its_page in official.get(base + "?as_of=2016-12-31").content.decode()
    refused = official.post(f"/console/institutions/{head.pk}/branches/", sent | {"source": "", "branch": "望京孵化器"})
    assert refused.status_code == 422
    assert not list(queries.unplaced(Institution.objects.filter(pk=abroad.pk)))


def test_what_is_out_of_reach_is_not_there(official):
    for address in ("/console/institutions/9/team/", "/console/staff/9/amend/", "/console/mentors/9/end/",
                    "/console/titles/9/", "/console/titles/9/strike/", "/console/institutions/9/space/"):  # fmt: skip
        assert official.get(address).status_code == 404, address


def test_nobody_is_staff_twice_at_one_time_but_may_come_back(official):
    row = institution("望京孵化器")
    made = actions.record_staff(
        StaffDraft(row.pk, "service", "名册", name="林二", starts=parse("2014")), by=None, now=NOW, today=TODAY
    )
    actions.end_staff(made, on=parse("2015-06-01"), by=None, now=NOW, today=TODAY)
    back = StaffDraft(row.pk, "service", "名册", name="林二", starts=parse("2016-01-01"))
    actions.record_staff(back, by=None, now=NOW, today=TODAY)
    numbers = [queries.teams([row.pk], day)[row.pk].staff for day in
               (dt.date(2015, 5, 31), dt.date(2015, 6, 1), dt.date(2016, 1, 1))]  # fmt: skip
    assert numbers == [1, 0, 1]


def test_who_reported_which_figure_when_and_what_it_was_before(official, first):
    told = {"by": None, "now": NOW}
    observations.declare(
        code="fund", name="孵化资金", name_en="Incubation fund", subject_kind=KIND, value_type="money",
        time_kind="stock", unit="元", sums_over=["subjects"], **told,
    )  # fmt: skip
    clerk = Person.objects.create(name="填报人甲")
    year = {"starts_on": dt.date(2016, 1, 1), "ends_before": dt.date(2017, 1, 1)}
    early, late = NOW - dt.timedelta(days=60), NOW - dt.timedelta(days=10)
    given = observations.Given("fund", first.pk, value=Decimal(3_000_000), **year)
    made = observations.record(given, source="年度核查", by=clerk, now=early, today=TODAY)
    right = {"value": Decimal(3_200_000), "reason": "少报一笔", "source": "更正函"}
    observations.correct(made, by=None, now=late, **right)
    page = f"/console/institutions/{first.pk}/"
    assert f"{page}figures/?measure=fund" in official.get(page).content.decode(), "the small figure leads there"
    with CaptureQueriesContext(connection) as asked:
        text = official.get(f"{page}figures/?measure=fund").content.decode()
    for word in ("320", "300", "更正函", "年度核查", "填报人甲", "少报一笔", "2017-07-08", "2017-05-19"):
        assert word in text, word
    assert len(asked) < 25
    then = official.get(f"{page}figures/?known_at=2017-06-30").content.decode()
    assert "年度核查" in then and "更正函" not in then and "少报一笔" not in then
    assert "更正函" not in official.get(f"{page}?known_at=2017-06-30").content.decode(), (
        "nor on the profile of that day"
    )
    assert "还没有报送过数字" in official.get(f"{page}figures/?as_of=2015-12-31").content.decode()
    assert official.get("/console/institutions/999999/figures/").status_code == 404
