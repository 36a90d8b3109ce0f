"""The guide's pictures: taken with HATCHLINE_TEST_PICTURES=1 (`make pictures`), else each page is opened as drawn."""

from __future__ import annotations

import io
import os
import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from hatchline.apps.institutions.models import Institution
from hatchline.apps.people import queries as people
from hatchline.apps.ventures import queries as ventures
from hatchline.journeys.imports import flow

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
PICTURES_FOLDER = GUIDE / "pictures"
TAKING = bool(os.environ.get("HATCHLINE_TEST_PICTURES"))
LARGEST = 250_000  # bytes
STEPS = {"uploaded": "一", "previewed": "二", "done": "三"}
# Invented; one row cannot be read, and one looks like an institution that is there.
LIST = """机构名称,机构类型,所在街道,开办时间,专长,备注
青桐智造加速器,加速器,来广营地区,2016年6月,智能制造,
将台微纳孵化器,孵化器,将台地区,2015-09-01,微纳加工,
望京启元科技孵化器有限公司,孵化器,望京街道,2008年,传感与物联网,名称待核
高碑店声光众创空间,众创空间,高碑店地区,2016年秋,音视频,
亚运村银发创业苗圃,创业苗圃,亚运村街道,2017-03,养老服务,
双井夜航众创空间,众创空间,双井街道,3013-05-01,智能硬件,日期像是写错了
金盏临空产业园,产业园,金盏地区,2012年上半年,航空服务,
和平街材料孵化器,孵化器,和平街街道,2014.11,新材料,
"""


@dataclass(frozen=True)
class Picture:
    """Who sees which page how; ``{own}`` is the manager's institution, ``{run:…}`` an import at that step."""

    name: str
    username: str
    address: str
    height: int = 900
    width: int = 1280
    theme: str = "light"
    english: bool = False


PICTURES = (
    Picture("console-home", "lin", "/console/"),
    Picture("console-home-dark", "lin", "/console/", theme="dark"),
    Picture("console-home-english", "lin", "/console/", english=True),
    Picture("sign-in", "", "/accounts/login/", height=640),
    Picture("profile", "lin", "/accounts/profile/"),
    Picture("institutions", "lin", "/console/institutions/", height=800),
    Picture("institution", "lin", "/console/institutions/{own}/"),
    Picture("institution-form", "lin", "/console/institutions/{own}/amend/"),
    Picture("target", "lin", "/console/targets/institutions-2017/"),
    Picture("imports", "lin", "/console/imports/"),
    Picture("import-columns", "lin", "/console/imports/{run:uploaded}/"),
    Picture("import-preview", "lin", "/console/imports/{run:previewed}/"),
    Picture("import-report", "lin", "/console/imports/{run:done}/"),
    Picture("organisations", "centre", "/console/organisations/", height=760),
    Picture("officer-home", "officer", "/console/"),
    Picture("people", "admin", "/console/people/"),
    Picture("person", "admin", "/console/people/{manager}/"),
    Picture("outbox", "admin", "/console/outbox/"),
    Picture("ledger", "auditor", "/console/ledger/"),
    Picture("slip", "auditor", "/console/ledger/slip/"),
    Picture("auditor-institution", "auditor", "/console/institutions/{own}/"),
    Picture("desk-home", "manager", "/desk/"),
    Picture("desk-institution", "manager", "/desk/institutions/{own}/"),
    Picture("desk-amend", "manager", "/desk/institutions/{own}/amend/"),
    Picture("desk-inbox", "manager", "/desk/inbox/"),
    Picture("desk-founder", "founder", "/desk/"),
    Picture("desk-apply", "team", "/desk/apply/", width=390, height=844),
    Picture("desk-venture", "founder", "/desk/mine/"),
    Picture("desk-who-sees", "founder", "/desk/ventures/{mine}/who-sees/"),
    Picture("desk-ventures", "manager", "/desk/ventures/"),
    Picture("desk-questions", "manager", "/desk/questions/"),
    Picture("ventures", "lin", "/console/ventures/", height=760),
    Picture("venture", "lin", "/console/ventures/{venture}/"),
    Picture("chain", "lin", "/console/chain/"),
    Picture("quality", "lin", "/console/quality/"),
    Picture("duplicates", "lin", "/console/duplicates/"),
    Picture("premises", "lin", "/console/premises/"),
    Picture("portal-home", "", "/"),
    Picture("portal-institutions", "", "/institutions/"),
    Picture("portal-target", "", "/targets/institutions-2017/"),
    Picture("portal-phone", "", "/", width=390, height=844),
    Picture("portal-phone-english", "", "/institutions/", width=390, height=844, english=True),
)


@pytest.fixture
def places(district, work) -> dict[str, str]:
    """What stands for the braces in an address: imports at three steps, one's own institution, a person."""
    now, by = timezone.now(), people.account_named("lin").person
    found = {"own": str(Institution.objects.get(name="望京启元科技孵化器").pk)}
    found["manager"] = str(people.account_named("manager").person.pk)
    for name, username in (("mine", "founder"), ("venture", "yunshan")):
        role = people.roles_of(people.account_named(username), today=now.date())[0]
        found[name] = str(ventures.visible_to(role).order_by("pk").first().pk)

    for step in ("uploaded", "previewed", "done"):
        name = f"演示名单 {STEPS[step]}.csv"
        run = flow.upload(io.BytesIO(LIST.encode()), name=name, target="institutions", by=by, now=now)
        if step != "uploaded":
            run = flow.map_columns(run, flow.look(run).proposal.mapping.to_yaml(), by=by, now=now)
            run = flow.preview(run, only_good_rows=True, by=by, now=now)
        if step == "done":
            flow.start(run, only_good_rows=True, by=by, now=now)
            work()
        found[f"run:{step}"] = str(run.pk)
    return found


@pytest.mark.skipif(not TAKING, reason="not run: pictures are taken with HATCHLINE_TEST_PICTURES=1")
def test_pictures_are_taken(open_page, enter, places):
    PICTURES_FOLDER.mkdir(parents=True, exist_ok=True)
    for each in PICTURES:
        path = PICTURES_FOLDER / f"{each.name}.png"
        _opened(each, open_page, enter, places).screenshot(path=path, animations="disabled")
        assert path.stat().st_size < LARGEST, f"{path.name} has {path.stat().st_size} bytes"


def _opened(each: Picture, open_page, enter, places):
    page = open_page(width=each.width, height=each.height, theme=each.theme, english=each.english)
    if each.username:
        enter(page, each.username)
    address = each.address
    for name, value in places.items():
        address = address.replace(f"{{{name}}}", value)
    answer = page.goto(address)
    assert answer.status == 200, (each.name, address, answer.status)
    page.wait_for_load_state("networkidle")
    expect(page.locator("h1")).to_have_count(1)
    # a picture of invented people and figures says so by itself
    expect(page.locator(".hl-demo").first).to_be_visible()
    return page


@pytest.mark.skipif(TAKING, reason="not run: the pictures are being taken")
def test_pages_of_the_pictures_open(open_page, enter, places):
    for each in PICTURES:
        _opened(each, open_page, enter, places).context.close()


def _links(page: Path) -> list[str]:
    return re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8"))


def test_every_link_of_the_guide_leads_somewhere_and_every_picture_is_used():
    root = GUIDE.parents[1]
    pages = [root / "README.md", *sorted(GUIDE.rglob("*.md"))]
    broken = [
        f"{page.name}: {link}"
        for page in pages
        for link in _links(page)
        if not link.startswith(("http://", "https://", "mailto:")) and not (page.parent / unquote(link)).exists()
    ]
    assert not broken, broken
    named = {Path(link).stem for page in pages for link in _links(page) if link.endswith(".png")}
    there = {path.stem for path in PICTURES_FOLDER.glob("*.png")}
    assert named == there == {each.name for each in PICTURES}
    for path in PICTURES_FOLDER.glob("*.png"):
        assert path.stat().st_size < LARGEST, path.name
