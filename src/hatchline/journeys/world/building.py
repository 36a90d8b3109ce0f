"""Building the demonstration district: bodies, institutions, people, ties, messages."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hatchline.apps.bodies import actions as bodies
from hatchline.apps.bodies import queries as places
from hatchline.apps.bodies.drafts import OrganisationDraft
from hatchline.apps.indicators import actions as indicators
from hatchline.apps.indicators import queries as targets
from hatchline.apps.institutions import actions as institutions
from hatchline.apps.institutions import queries as register
from hatchline.apps.institutions.drafts import InstitutionDraft
from hatchline.apps.messages import actions as messages
from hatchline.apps.people import actions as people
from hatchline.apps.people import queries as persons
from hatchline.core.values.dates import PartialDate, parse
from hatchline.journeys.world import (
    conduct,
    doings,
    enriching,
    grounds,
    invented,
    lifecycles,
    population,
    stories,
    strays,
    writing,
)
from hatchline.journeys.world.honours import Candidate

if TYPE_CHECKING:
    from hatchline.apps.bodies.models import FunctionalArea, Organisation, Territory
    from hatchline.apps.institutions.models import Institution
    from hatchline.apps.people.models import Person
    from hatchline.journeys.world.figures import Report
    from hatchline.journeys.world.lifecycles import Places
    from hatchline.journeys.world.writing import Written

SINCE = date(2011, 1, 1)
SOURCE = "演示数据（虚构）"
PATH = {
    date(2014, 12, 31): Decimal(10),
    date(2015, 12, 31): Decimal(14),
    date(2016, 12, 31): Decimal(17),
    date(2017, 12, 31): Decimal(20),
}


@dataclass
class World:
    """What was built. ``accounts``: (username, person's name, kinds of role); ``password`` is that of all of them."""

    password: str
    accounts: list[tuple[str, str, str]] = field(default_factory=list)
    institutions: int = 0
    organisations: int = 0
    ventures: int = 0
    observations: int = 0
    occupancies: int = 0


def accounts_file(home: Path) -> Path:
    """Where an installation keeps the names and the password of its demonstration accounts."""
    return home / "demonstration.txt"


def write_accounts(made: World, home: Path) -> Path:
    """Keep names and password for whoever runs this installation; nobody else may read the file."""
    path = accounts_file(home)
    width = max(len(username) for username, _name, _roles in made.accounts)
    lines = ["演示账号（虚构），只能从本机登录 · demonstration accounts (invented), this machine only"]
    lines += [f"{username:<{width}}  {made.password}  {name}  {roles}" for username, name, roles in made.accounts]
    path.touch(mode=0o600, exist_ok=True)
    path.chmod(0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def stands() -> bool:
    """Whether the district has been built here already."""
    return persons.account_named(invented.PEOPLE[0].username) is not None


@transaction.atomic
def build(*, district: str, count: int, seed: int, password: str = "", now: datetime, today: date) -> World:
    """Build it all in one go; reference data must be loaded. Raises LookupError when the district is not a territory.

    ``count``: how many institutions; the first 44 have names and places of their own when the district has them.
    What is done is done on ``today``, the district's business date, whatever the clock says.
    """
    if now.astimezone(timezone.get_current_timezone()).date() != today:
        now = doings.moment(today, 9)
    home = places.territory(district)
    if home is None:
        raise LookupError(f"no territory has the code {district!r}: run `hatchline reference` first")
    made = World(password or secrets.token_urlsafe(9))
    random = Random(seed)
    streets = list(places.subtree(home).filter(level=4).order_by("code")) or [home]
    by_short = {tile.short: tile.code for tile in places.tiles()}
    by_code = {street.code: street for street in streets}
    short = {name: by_code[code] for name, code in by_short.items() if code in by_code}

    known = _bodies(home, streets, random, now)
    operators, founded = _institutions(made, count, home, streets, short, random, now, today)
    known |= {f"operator{number}": each for number, each in enumerate(operators)}
    known["operator"] = operators[min(3, len(operators) - 1)] if operators else known["centre"]
    areas = _areas(short, now)
    _key_industries(home, now)
    folk = _people(made, known, areas, home, now)
    _ties(folk, known, now)
    _targets(home, folk["lin"], now)
    _messages(folk, known, today, now)
    written, there, candidates = _chain(made, founded, streets, seed, now, today)
    keys = [each.pk for _kind, each in founded]
    it = doings.Doings(written, there, keys, today, Random(seed * 3 + 2), folk["manager"])
    if count >= lifecycles.FULL:
        strays.leave_behind(it, streets[0])
    strays.doubt(it, max(1, count // 10))
    stories.tell(it, folk, known["venture"].pk)
    doings.all_of_it(it, population.size(count) / population.size(lifecycles.FULL))
    if count:
        made.occupancies = grounds.build(candidates, written, streets, operators, seed=seed, now=now, today=today)
        grounds.idle(it, streets)
    made.organisations = places.organisations().count()
    if count >= lifecycles.FULL:
        _learn()
        indicators.keep(today=today, now=now, most=1000)
    return made


def _learn() -> None:
    """Let PostgreSQL look at what was just written; its own round comes later, and plans made blindly take minutes."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def _chain(
    made: World,
    founded: Sequence[tuple[str, Institution]],
    streets: Sequence[Territory],
    seed: int,
    now: datetime,
    today: date,
) -> tuple[list[Written], Places, list[Candidate]]:
    """Everybody who ever came to these institutions, and what is known of both."""
    there = population.places_of(
        [kind for kind, _each in founded],
        [each.opened for _kind, each in founded],
        [invented.STAGES[kind] for kind, _each in founded],
        seed,
    )
    candidates = [
        Candidate(number, each.pk, kind, each.opened.earliest, there.places[number].weight)
        for number, (kind, each) in enumerate(founded)
    ]
    enriching.people_institutions(candidates, seed=seed, today=today)
    enriching.recognise(candidates, seed=seed, now=now, today=today)
    lives = population.lives(population.size(len(founded)), there, seed=seed, until=today)
    around = population.surroundings([each.pk for _kind, each in founded], streets)
    silent = enriching.silent_places(there)
    written: list[Written] = []
    reports: list[tuple[int, Report]] = []
    for part in writing.write(lives, around, now=now, today=today):
        reports += enriching.enrich(part, silent, now=now, today=today)
        written += part
    made.ventures, made.observations = len(written), enriching.observe(reports, today=today)
    made.observations += conduct.check(candidates, written, reports, today=today)
    return written, there, candidates


def _bodies(home: Territory, streets: list[Territory], random: Random, now: datetime) -> dict[str, Organisation]:
    made = {}
    for number, (key, name, types, form) in enumerate(invented.BODIES):
        draft = OrganisationDraft(
            name=name,
            credit_code=""
            if form == "foreign"
            else invented.credit_code(100 + number, "91" if form != "government" else "11"),
            legal_form=form,
            types=types,
            country="GB" if form == "foreign" else "CN",
            territory=None if form == "foreign" else random.choice(streets).pk,
            identifiers=(("gb-coh", "00000000"),) if form == "foreign" else (),
            names=(("short", name.split("（")[0]),) if "（" in name else (),
        )
        made[key] = bodies.register(draft, by=None, now=now)
    founded = PartialDate.of("2015-04-09")
    venture = bodies.amend(made["venture"], version=1, founded=founded, by=None, now=now)
    made["venture"] = bodies.rename(
        venture, name="北京青梧云算科技有限公司", on=date(2016, 11, 1), version=venture.version, by=None, now=now
    )
    return made


def _plans(
    count: int, streets: list[Territory], short: Mapping[str, Territory], random: Random
) -> Iterator[tuple[str, str, Territory, str, str]]:
    """Name, kind, place, opening as written and specialism of each institution to be."""
    for number in range(count):
        if number < len(invented.INSTITUTIONS):
            name, kind, place, opened, specialism = invented.INSTITUTIONS[number]
            yield name, kind, short.get(place) or streets[number % len(streets)], opened, specialism
            continue
        street = random.choice(streets)
        kind = random.choice(tuple(invented.STAGES))
        opened = f"{random.randint(2003, 2017)}-{random.randint(1, 6):02d}"
        word, topic = random.choice(invented.WORDS), random.choice(invented.FIELDS)
        yield f"{places.bare(street.name)}{word}{topic}空间{number + 1}号", kind, street, opened, topic


def _institutions(
    made: World,
    count: int,
    home: Territory,
    streets: list[Territory],
    short: Mapping[str, Territory],
    random: Random,
    now: datetime,
    today: date,
) -> tuple[list[Organisation], list[tuple[str, Institution]]]:
    operators, founded = [], []
    for number, (name, kind, street, opened, specialism) in enumerate(_plans(count, streets, short, random)):
        date_opened = parse(opened) if opened else None
        assert date_opened is None or isinstance(date_opened, PartialDate)
        operator = bodies.register(
            OrganisationDraft(
                name=f"北京{name.removesuffix('孵化器')}创业服务有限公司"
                if number != 3
                else "北京启元创业服务有限公司",
                credit_code=invented.credit_code(1000 + number),
                legal_form="limited",
                types=("company", "operator"),
                country="CN",
                territory=street.pk,
                founded=date_opened,
            ),
            by=None,
            now=now,
        )
        operators.append(operator)
        institution = institutions.register(
            InstitutionDraft(
                name=name,
                kinds=(kind, "makerspace") if number in {1, 3, 14} else (kind,),
                stages=invented.STAGES[kind],
                operator=operator.pk,
                territory=street.pk,
                address=f"{home.path_name}{street.name}演示路 {random.randint(1, 180)} 号",
                specialism=specialism,
                opened=date_opened,
                phone=f"010-5550 {random.randint(100, 9999):04d}",
            ),
            by=None,
            now=now,
            today=None,  # an opening day that nobody knows stays unknown
        )
        founded.append((kind, institution))
        made.institutions += 1
    return operators, founded


def _areas(short: Mapping[str, Territory], now: datetime) -> dict[str, FunctionalArea]:
    made = {}
    for code, name, name_en, streets in invented.AREAS:
        made[code] = bodies.record_area(code, name=name, name_en=name_en, is_invented=True, by=None, now=now)
        for street in streets:
            if street in short:
                bodies.cover(made[code], territory=short[street], starts_on=SINCE, by=None, now=now)
    return made


def _key_industries(home: Territory, now: datetime) -> None:
    edition = places.class_keys("gbt4754-2017")
    codes = places.class_codes([edition[code] for _name, listed in invented.INDUSTRIES for code in listed])
    for name, listed in invented.INDUSTRIES:
        for code in listed:
            bodies.list_key_industry(
                home,
                name=name,
                class_code=codes[edition[code]],
                starts_on=SINCE,
                document=SOURCE,
                is_invented=True,
                by=None,
                now=now,
            )


def _people(
    made: World,
    known: Mapping[str, Organisation],
    areas: Mapping[str, FunctionalArea],
    home: Territory,
    now: datetime,
) -> dict[str, Person]:
    folk = {}
    for someone in invented.PEOPLE:
        if not any(place.partition(":")[2] in known or not place.startswith("body:") for _kind, place in someone.roles):
            continue  # a small district has no such institution
        person = people.register(someone.name, name_en=someone.name_en, by=None, now=now)
        people.make_account(
            person, username=someone.username, password=made.password, is_demonstration=True, by=None, now=now
        )
        kinds = []
        for kind, place in someone.roles:
            what, _colon, which = place.partition(":")
            where: dict[str, Any] = {}
            if what == "body" and which not in known:
                continue
            if what == "district":
                where["territory"] = home
            elif what == "area":
                where["area"] = areas[which]
            elif what == "body":
                where["organisation"] = known[which]
            role = people.grant(person, kind=kind, starts_on=SINCE, by=None, now=now, **where)
            kinds.append(str(role))
        made.accounts.append((someone.username, someone.name, "；".join(kinds)))
        folk[someone.username] = person
    return folk


def _ties(folk: Mapping[str, Person], known: Mapping[str, Organisation], now: datetime) -> None:
    common: dict[str, Any] = {"source": SOURCE, "by": None, "now": now}
    operator, venture = known["operator"], known["venture"]
    people.record_tie(organisation=operator, kind="legal_representative", person=folk["manager"], **common)
    people.record_tie(
        organisation=operator, kind="post", person=folk["staff"], post="企业服务主管", visibility="parties", **common
    )
    people.record_tie(
        organisation=venture,
        kind="shareholder",
        person=folk["founder"],
        share=Decimal("62.5"),
        starts=PartialDate.of("2015-04"),
        **common,
    )
    people.record_tie(
        organisation=venture, kind="shareholder", holder=known["capital"], share=Decimal("12.5"), **common
    )
    people.record_tie(organisation=venture, kind="mentor", person=folk["mentor"], visibility="public", **common)
    people.record_tie(organisation=known["capital"], kind="post", person=folk["investor"], post="合伙人", **common)


def _targets(home: Territory, owner: Person, now: datetime) -> None:
    for each in targets.targets(home):
        indicators.amend_owner(each, owner=owner, owner_office="创业服务科", version=each.version, by=None, now=now)
        if each.measure.code == "institutions":
            indicators.set_path(each, waypoints=PATH, is_invented=True, by=None, now=now)


def _messages(folk: Mapping[str, Person], known: Mapping[str, Organisation], today: date, now: datetime) -> None:
    undated = register.undecided_on(today).order_by("pk")
    for each in undated[:2]:
        messages.send(
            to=folk["lin"],
            kind="institutions.incomplete",
            title=_("%(institution)s缺开办时间"),
            text=_(
                "没有开办时间，就不能判断它在某一天是否在运营，目标“孵化机构数量”因此少一家。请向机构核实。（演示消息）"
            ),
            params={"institution": each.name},
            link=reverse("console:institution", args=[each.pk]),
            subject=each,
            needs_answer=True,
            due_on=today + timedelta(days=7),
            now=now,
        )
    messages.send(
        to=folk["lin"],
        kind="bodies.renamed",
        title=_("%(organisation)s已更名"),
        text=_("原名“%(former)s”仍可用来查找。（演示消息）"),
        params={"organisation": known["venture"].name, "former": "北京青梧智算科技有限公司"},
        link=reverse("console:organisation", args=[known["venture"].pk]),
        subject=known["venture"],
        now=now,
    )
    messages.send(
        to=folk["manager"],
        kind="institutions.check",
        title=_("请核对贵机构的公开信息"),
        text=_("名录和公众网站使用同一份资料。请核对专长、网站和前台电话。（演示消息）"),
        needs_answer=True,
        due_on=today + timedelta(days=14),
        now=now,
    )
    messages.send(
        to=folk["founder"],
        kind="welcome",
        title=_("欢迎使用孵链"),
        text=_("这里是演示环境，数据均为虚构。（演示消息）"),
        now=now,
    )
