"""The chain as people walk it in a browser: a team on its way to a park, two claims settled, a figure down to a row."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as places
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.institutions import actions as registering
from hatchline.apps.institutions import queries as institutions
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.people import actions as people
from hatchline.apps.ventures.models import Question, Stay, Venture
from hatchline.core.values.dates import PartialDate
from hatchline.journeys.world import invented
from tests.e2e.conftest import TODAY

STAGES = ("nursery", "incubation", "acceleration", "park")
NAME = "听雨新材团队"


def account_of(kind: str, name: str, organisation=None):
    """Somebody new with one role."""
    done = {"by": None, "now": timezone.now()}
    person = people.register(name, **done)
    account = people.make_account(person, username=f"e2e-{person.pk}", password="a long enough password", **done)
    people.grant(person, kind=kind, organisation=organisation, starts_on=date(2011, 1, 1), **done)
    return account


def place_for(stage: str, but=()):
    """An institution of the district open at this stage, whose operator runs none of the others."""
    rows = institutions.offering(institutions.open_on(TODAY), [stage]).exclude(operator=None).order_by("pk")
    found = rows.exclude(operator__in=[each.operator_id for each in but]).first()
    return found or made_for(stage)


def made_for(stage: str):
    """A small district has no park of its own."""
    done = {"by": None, "now": timezone.now()}
    operator = bodies.register(OrganisationDraft(name=f"{stage} 运营公司"), **done)
    street = places.territories().filter(code__startswith="110105", level=4).order_by("code").first()
    draft = InstitutionDraft(name=f"测试用的 {stage}", operator=operator.pk, territory=street.pk, stages=(stage,),
                             opened=PartialDate.of("2010"))  # fmt: skip
    return registering.register(draft, today=TODAY, **done)


@pytest.fixture
def here(district, open_page, sign_in):
    """``here(account, width)``: a page signed in as the account."""

    def opened(account, width=1280, **more):
        page = open_page(width=width, **more)
        sign_in(page, account)
        return page

    return opened


def said(page, text: str) -> None:
    expect(page.locator("body")).to_contain_text(text)


def choose(page, name: str, value: str) -> None:
    page.locator(f"[name={name}][value={value}]").check()


def test_a_team_goes_from_a_phone_to_a_park(here):
    along: list = []
    for stage in STAGES:
        along.append(place_for(stage, along))
    assert all(along), along
    managers = [account_of("manager", f"经理{number}", each.operator) for number, each in enumerate(along)]
    founder = here(account_of("founder", "江听雨"), 390, height=800)

    # from the portal to the application, without any number
    founder.goto(f"/institutions/{along[0].pk}/")
    founder.get_by_role("link", name="申请入驻").first.click()
    founder.wait_for_url("**/desk/apply/**")
    assert founder.locator("[name=institution]").input_value() == str(along[0].pk)
    founder.fill("[name=name]", NAME)
    founder.fill("[name=summary]", "做雨量计用的新材料")
    founder.get_by_role("button", name="提交申请").click()
    said(founder, "答复会到您的收件箱")
    venture = Venture.objects.get(name=NAME)
    assert venture.legal_person_id is None

    # the nursery finds it among what waits and takes it in
    nursery = here(managers[0])
    nursery.goto("/desk/")
    nursery.get_by_role("link", name=re.compile(NAME)).first.click()
    nursery.goto("/desk/applications/")
    nursery.get_by_role("link", name=NAME).click()
    nursery.get_by_role("link", name="接收", exact=True).click()
    nursery.fill("[name=starts]", "2015-02-01")
    nursery.get_by_role("button", name="接收").click()
    said(nursery, "已接收")

    # it becomes a company; the record goes on
    founder.goto(f"/desk/ventures/{venture.pk}/incorporate/")
    founder.fill("[name=name]", "北京听雨新材科技有限公司")
    founder.fill("[name=credit_code]", invented.credit_code(424242, "91"))
    founder.fill("[name=on]", "2015-06-01")
    founder.get_by_role("button", name="保存").click()
    said(founder, "记录从团队延续到公司")
    name = "北京听雨新材科技有限公司"

    # handed over with consent from place to place, graduating on the way
    days = ["2015-08-01", "2016-09-01", "2017-07-01"]
    pairs = list(zip(pairwise(zip(along, managers, strict=True)), STAGES[1:], days, strict=True))
    for ((_old, giver), (new, taker)), stage, day in pairs:
        giving, taking = here(giver), here(taker)
        if stage == "acceleration":
            stay = Stay.objects.get(venture=venture, end_state="open")
            giving.goto(f"/desk/stays/{stay.pk}/graduate/")
            giving.fill("[name=on]", day)
            giving.get_by_role("button", name="登记毕业").click()
            said(giving, "已登记毕业")
        stay = Stay.objects.filter(venture=venture).order_by("-starts_on").first()
        giving.goto(f"/desk/stays/{stay.pk}/offer/")
        choose(giving, "stage", stage)
        giving.select_option("[name=institution]", str(new.pk))
        for each in ("profile", "founders", "funding"):  # nothing is asked for, and nothing agreed to, of itself
            giving.locator(f"[name=asked][value={each}]").check()
        giving.get_by_role("button", name="推荐").click()
        said(giving, "正等企业同意")
        taking.goto("/desk/handovers/")
        assert name not in taking.content()

        founder.goto("/desk/handovers/")
        founder.get_by_role("link", name=name).first.click()
        founder.get_by_role("link", name="同意", exact=True).click()
        assert founder.locator("[name=categories]:checked").count() == 0
        for each in ("profile", "founders"):
            founder.locator(f"[name=categories][value={each}]").check()
        founder.get_by_role("button", name="同意").click()
        said(founder, "会看到您勾选的资料")

        taking.goto("/desk/handovers/")
        taking.get_by_role("link", name=name).click()
        taking.get_by_role("button", name="同意接收").click()
        taking.get_by_role("link", name="登记移交日期").click()
        taking.fill("[name=on]", day)
        taking.get_by_role("button", name="登记移交").click()
        said(taking, "移交完成")

    stays = Stay.objects.filter(venture=venture).order_by("starts_on")
    assert [(each.stage, each.outcome, each.status) for each in stays] == [
        ("nursery", "moved", "confirmed"),
        ("incubation", "graduated", "confirmed"),
        ("acceleration", "moved", "confirmed"),
        ("park", "", "confirmed"),
    ]
    founder.goto(f"/desk/ventures/{venture.pk}/")
    said(founder, "产业园")
    assert founder.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 2")
    founder.goto(f"/desk/ventures/{venture.pk}/who-sees/")
    for each in along:
        said(founder, each.name)


def test_two_institutions_claim_one_company_and_it_is_settled(here, enter, open_page):
    first = place_for("incubation")
    second = place_for("incubation", [first])
    name, code = "北京观云测控有限公司", invented.credit_code(515151, "91")
    ours, theirs = (here(account_of("manager", "经理", each.operator)) for each in (first, second))
    official = open_page()
    enter(official, "lin")

    def claim(page, place, starts) -> None:
        page.goto("/desk/ventures/take-on/")
        page.select_option("[name=institution]", str(place.pk))
        page.fill("[name=name]", name)
        page.fill("[name=credit_code]", code)
        choose(page, "stage", "incubation")
        page.fill("[name=starts]", starts)
        page.get_by_role("button", name="登记").click()

    claim(ours, first, "2016-01-10")
    said(ours, "对方确认以前是单方登记")
    founder = here(account_of("founder", "观云人", Venture.objects.get(name=name).legal_person), 390)
    founder.goto("/desk/mine/")
    founder.get_by_role("button", name="确认").click()
    said(founder, "已确认")

    claim(theirs, second, "2016-05-01")
    said(theirs, "记为有争议")
    question = Question.objects.get(venture__name=name)
    for page, text in ((ours, "合同从 2016 年 1 月起"), (theirs, "登记错了，是另一家")):
        page.goto("/desk/questions/")
        page.get_by_role("link", name=name).click()
        page.get_by_role("link", name="答复", exact=True).click()
        page.fill("[name=text]", text)
        page.get_by_role("button", name="答复").click()
        said(page, "已答复")

    official.goto(f"/console/questions/{question.pk}/")
    said(official, "合同从 2016 年 1 月起")
    said(official, "登记错了，是另一家")
    chosen = official.locator("[name=resolution]")
    if chosen.first.evaluate("each => each.tagName") == "SELECT":
        chosen.select_option("keep_first")
    else:
        choose(official, "resolution", "keep_first")
    official.fill("[name=note]", "按合同。")
    official.get_by_role("button", name="解决").click()
    official.wait_for_load_state("networkidle")
    question.refresh_from_db()
    assert (question.status, question.resolution) == ("settled", "keep_first")
    assert list(Stay.objects.filter(venture__name=name).order_by("starts_on").values_list("status", flat=True)) == [
        "confirmed",
        "withdrawn",
    ]
    theirs.goto(f"/desk/questions/{question.pk}/")
    said(theirs, "按合同。")


def follow(page, pattern: str) -> None:
    """Click the first link of the page itself that leads there."""
    for link in page.locator("main a").all():
        if re.match(pattern, link.get_attribute("href") or "") and link.is_visible():
            link.click()
            page.wait_for_load_state("networkidle")
            return
    raise AssertionError(f"no link to {pattern} on {page.url}")


def test_an_official_opens_tenants_down_to_the_evidence_of_one_row(district, enter, page):
    enter(page, "lin")
    page.goto("/console/")
    page.get_by_role("link", name=re.compile("在孵企业")).first.click()
    page.wait_for_load_state("networkidle")
    assert "/console/targets/" in page.url
    follow(page, r"/console/ventures/\d+/")
    follow(page, r"/console/stays/\d+/")
    assert re.search(r"/console/stays/\d+/", page.url)
    said(page, "来源")
