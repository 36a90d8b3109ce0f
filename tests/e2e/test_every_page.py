"""Every page there is, found through the routes: axe finds nothing, nothing runs over the edge, English is complete."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from hatchline.apps.bodies.models import Organisation
from hatchline.apps.imports.models import Run
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions.drafts import MentorDraft, QualificationDraft, StaffDraft
from hatchline.apps.institutions.models import Institution, Mentor, Staff
from hatchline.apps.ledger import queries as ledger
from hatchline.apps.messages import queries as messages
from hatchline.apps.outbox.models import Job
from hatchline.apps.people import queries as people
from hatchline.apps.people.models import Person
from hatchline.apps.premises import queries as premises
from hatchline.apps.rulebooks import actions as rulebooks_verbs
from hatchline.apps.rulebooks import queries as rulebooks
from hatchline.apps.titles import actions as titles
from hatchline.apps.titles.models import Title
from hatchline.apps.ventures import actions as ventures
from hatchline.apps.ventures import queries as known_ventures
from hatchline.apps.ventures.drafts import StayDraft, VentureDraft
from hatchline.apps.ventures.models import Application, Handover, Question, Stay
from hatchline.core.values.dates import PartialDate
from hatchline.journeys import judge, steps
from hatchline.journeys.imports import flow
from hatchline.sites import access, routes

SITES = ("console:", "desk:", "portal:", "account", "mfa_", "usersessions", "components:", "api:docs")
WIDTHS = [(1280, "light", False), (390, "dark", True)]
# Files, answers to scripts and steps that only a post or another server opens; each is tested with its own app.
NOT_PAGES = {
    "console:draft", "console:import_progress", "console:import_bad_rows", "console:calendar_file",
    "desk:calendar_file", "desk:calendar_feed", "console:calendar_feed", "account_export", "account_inactive",
    "console:merge_undo", "desk:draft", "mfa_download_recovery_codes", "mfa_authenticate", "mfa_reauthenticate",
    "account_invitation", "console:institution_pin", "console:venture_pin", "console:rule_draft_text",
    "console:scenario_keep", "console:scenario_share", "console:scenario_drop",
}  # fmt: skip


def subjects(username: str) -> dict[str, Any]:
    """A real key for each kind of address, for this person."""
    person = people.account_named(username).person
    own = Institution.objects.get(name="望京启元科技孵化器")
    entry = ledger.entries().first()
    waiting = messages.of(person).first()
    space = premises.occupancies_in(premises.of_institution(own.pk).order_by("pk").first()).first().space
    stay = Stay.objects.filter(institution=own, source__startswith="application").order_by("-pk").first()
    return {
        "institution": own.pk,
        "organisation": Organisation.objects.order_by("pk").first().pk,
        "import": Run.objects.order_by("pk").first().pk,
        "person": Person.objects.order_by("pk").first().pk,
        "job": Job.objects.order_by("pk").first().pk,
        "inbox": waiting.pk if waiting else None,
        "target": "institutions-2017",
        "premises": premises.of_institution(own.pk).order_by("pk").first().pk,
        "space": space.pk,
        "occupancy": premises.occupancies_in_space(space).first().pk,
        "idle": premises.idle().exclude(status="converted").order_by("pk").first().pk,
        "venture": stay.venture_id,
        "twins": list(known_ventures.ventures().order_by("pk").values_list("pk", flat=True)[:2]),
        "stay": stay.pk,
        "application": Application.objects.filter(institution=own).order_by("-pk").first().pk,
        "handover": Handover.objects.filter(stay=stay).order_by("-pk").first().pk,
        "question": Question.objects.filter(asked__institution=own).order_by("-pk").first().pk,
        "staff": Staff.objects.filter(institution=own).order_by("-pk").first().pk,
        "mentor": Mentor.objects.filter(institution=own).order_by("-pk").first().pk,
        "evaluation": rulebooks.evaluations_of("institutions.institution", own.pk).first().pk,
        "rule": rulebooks.drafts().first().pk,
        "title": Title.objects.filter(document="京朝科〔2015〕9999号").get().pk,
        "ledger": {"kind": entry.subject_kind, "key": entry.subject_id},
    }


def addresses(username: str, prefixes: tuple[str, ...]) -> dict[str, str]:
    """Every page of these sites that the person's first role opens, by the names of their routes."""
    keys, found = subjects(username), {}
    for route in routes.all_routes():
        if not route.name.startswith(prefixes) or route.name in NOT_PAGES:
            continue
        address = route.pattern
        noun = route.name.split(":")[-1].split("_")[0]
        kind = keys.get("ledger", {})
        address = address.replace("<str:kind>", str(kind.get("kind"))).replace("<str:key>", str(kind.get("key")))
        address = address.replace("<slug:code>", keys["target"]).replace("<slug:check>", "no-field")
        address = address.replace("<slug:name>", "graduation-2010" if noun == "venture" else "most-2010-680")
        address = address.replace("<str:parameter>", "min_area").replace("<slug:what>", "ventures")
        address = address.replace("<int:number>", "1")
        address = address.replace("<int:one>", str(keys["twins"][0]))
        address = address.replace("<int:other>", str(keys["twins"][1]))
        if "<int:pk>" in address and keys.get(noun) is not None:
            address = address.replace("<int:pk>", str(keys[noun]))
        if "<" in address or "(?P" in address:
            continue
        found[route.name] = address
    return found


@pytest.fixture
def filled(district, work):
    """The district with an import under way and the worker's chores done."""
    now = timezone.now()
    given = SimpleUploadedFile("名单.csv", "name,opened\n新来的孵化器,2016-05\n,2013\n".encode())
    run = flow.upload(given, name="名单.csv", target="institutions", by=people.account_named("lin").person, now=now)
    _on_the_chain(now)
    _standing(now)
    _judged(now)
    work()
    return run


def _standing(now) -> None:
    """Somebody who works in the manager's institution, a mentor, and a title."""
    own = Institution.objects.get(name="望京启元科技孵化器")
    certified = (QualificationDraft("training", issued=PartialDate.of("2016")),)
    staff = StaffDraft(own.pk, "manager", "test", name="王五", qualifications=certified)
    institutions.record_staff(staff, by=None, now=now)
    institutions.record_mentor(MentorDraft(own.pk, "test", name="赵六", field="股权投资"), by=None, now=now)
    titles.record(
        subject_kind="institutions.institution", subject_id=own.pk, kind="incubator", level="district", source="test",
        given=PartialDate.of("2015-06-01"), document="京朝科〔2015〕9999号", today=date(2017, 7, 18), by=None, now=now,
    )  # fmt: skip


def _judged(now) -> None:
    """The manager's institution judged once, with its facts kept."""
    own, today = Institution.objects.get(name="望京启元科技孵化器"), date(2017, 7, 18)
    its = judge.judge("institutions.institution", own.pk, "mof-2016-89", as_of=today)
    text = rulebooks.edition("sample-district").text.replace("id: sample-district", "id: cy-draft")
    rulebooks_verbs.draft(text=text, reason="试行", by=people.account_named("lin").person, now=now)
    rulebooks_verbs.pin(
        its.edition, subject_kind="institutions.institution", subject_id=own.pk, as_of=today, known_at=now,
        facts=its.gathered.by_value(), purpose="test", by=None, now=now,
    )  # fmt: skip


def _on_the_chain(now) -> None:
    """A founder with a place, another place asked for, a next one agreed to; and a question about the place."""
    own, elsewhere = (
        Institution.objects.get(name="望京启元科技孵化器"),
        Institution.objects.exclude(name__startswith="望京"),
    )
    founder, chief = people.account_named("founder").person, people.account_named("manager").person
    told = {"now": now, "today": date(2017, 7, 18)}
    asked = {"founders": ["李四"], "backgrounds": ["student"], "institution": own.pk, "stage": "incubation"}
    first = steps.apply_as_new(VentureDraft("听雨团队", source="test"), **asked, by=founder, **told)
    stay = steps.admit(first, starts=PartialDate.of("2017-01-09"), by=chief, **told)
    steps.apply_as_new(VentureDraft("观云团队", source="test"), **asked, by=founder, **told)
    offered = {"institution": elsewhere.first().pk, "stage": "acceleration", "asked": ["profile", "founders"]}
    steps.consent(steps.offer(stay, **offered, by=chief, **told), categories=["profile"], by=founder, **told)
    again = StayDraft(stay.venture_id, elsewhere.last().pk, "incubation", PartialDate.of("2017-03-01"), "test")
    ventures.claim(again, by=None, **told)


CAST = [
    ("lin", ("console:",)),
    ("founder", ("desk:",)),
    ("manager", ("desk:", "account", "mfa_", "usersessions", "components:", "api:docs")),
]


def is_page(page, address: str) -> bool:
    """Whether a plain visit shows a page: not a step that is only posted, a file, nor a way to another page."""
    answer = page.request.get(address, max_redirects=0)
    assert answer.status < 500, (address, answer.status)
    return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")


def check(page, pages: dict[str, str], width: int) -> list[str]:
    wrong, seen = [], 0
    for name, address in pages.items():
        if not is_page(page, address):
            continue
        seen += 1
        page.goto(address)
        page.wait_for_load_state("networkidle")
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            wrong.append(f"{name} runs over the edge at {width}")
        if page.locator("h1").count() != 1:
            wrong.append(f"{name} has {page.locator('h1').count()} first headings")
        found = Axe().run(page)
        wrong += [f"{name}: {each['id']} {each['nodes'][0]['html'][:120]}" for each in found.response["violations"]]
    assert seen > 4, pages
    return wrong


@pytest.mark.parametrize(("width", "theme", "english"), WIDTHS)
@pytest.mark.parametrize(("username", "prefixes"), CAST, ids=[name for name, _sites in CAST])
def test_pages_of_people_signed_in(filled, open_page, enter, username, prefixes, width, theme, english):
    page = open_page(width=width, theme=theme, english=english)
    enter(page, username)
    wrong = check(page, addresses(username, prefixes), width)
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("width", "theme", "english"), WIDTHS)
def test_pages_of_the_public(filled, open_page, width, theme, english):
    page = open_page(width=width, theme=theme, english=english)
    pages = addresses("lin", ("portal:",)) | {"account_login": "/accounts/login/", "nothing": "/institutions/?q=没有"}
    wrong = check(page, pages, width)
    assert not wrong, "\n".join(wrong)


def test_every_page_is_looked_at(filled):
    """A route that opens a page to somebody is walked above, or is named among those that are no pages."""
    walked = {name for username, prefixes in CAST for name in addresses(username, prefixes)}
    walked |= set(addresses("lin", ("portal:",)))
    left = {
        route.name
        for route in routes.all_routes()
        if route.name.startswith(SITES) and access.of(route.view) and route.name not in walked | NOT_PAGES
    }
    posted = re.compile(r"_(end|grant|withdraw|record|add|reveal|remove|revoke|settle|answer|reopen|export|erase)")
    assert not {name for name in left if not posted.search(name)}


HAN = """() => {
    const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        if (/[\\u4e00-\\u9fff]/.test(node.data) && !node.parentElement.closest("script, style, [lang^=zh]"))
            found.add(node.data.trim());
    }
    return [...found];
}"""


def test_english_pages_hold_no_chinese_but_names(filled, open_page, enter):
    """What is left in Chinese on an English page are names of the district's own records, never words of ours."""
    from tests.e2e.names import catalogue

    ours = catalogue()
    page = open_page(english=True)
    enter(page, "lin")
    wrong = []
    for name, address in addresses("lin", ("console:", "portal:", "account")).items():
        if not is_page(page, address):
            continue
        page.goto(address)
        wrong += [f"{name}: {text[:80]}" for text in page.evaluate(HAN) if text in ours - {"中文"}]
    assert not wrong, "\n".join(sorted(set(wrong)))
