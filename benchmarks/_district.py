"""A district with many organisations, or a city, for benchmarks: settings from here alone, fresh SQLite.

``HATCHLINE_BENCH_HOME`` (for the city ``HATCHLINE_BENCH_CITY``) keeps the folder for the next run; without it the
folder is temporary and removed. Every name is invented.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROWS = 100_000
INSTITUTIONS, VENTURES, OBSERVATIONS = 2_000, 150_000, 10_000_000
BATCH = 2_000
PLACES = [
    "北京",
    "上海",
    "天津",
    "朝阳",
    "海淀",
    "望京",
    "酒仙桥",
    "奥运村",
    "金盏",
    "东坝",
    "来广营",
    "双井",
    "垡头",
    "管庄",
]
TRADES = [
    "智能",
    "生物",
    "医药",
    "数据",
    "网络",
    "传感",
    "光电",
    "环保",
    "材料",
    "机械",
    "能源",
    "航空",
    "教育",
    "文化",
    "电子",
    "软件",
    "物联",
    "芯片",
]
FORMS = ["科技有限公司", "技术有限公司", "信息技术有限公司", "科技股份有限公司", "创业服务有限公司", "研究院"]
GIVEN = "".join(bytes([high, low]).decode("gb2312") for high in range(0xB0, 0xD0) for low in range(0xA1, 0xC1))


def environment(home: Path) -> dict[str, str]:
    """The settings of a benchmark: nothing of the machine's own but PATH and the like."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HATCHLINE_", "DATABASE_URL"))}
    return {
        **kept,
        "HATCHLINE_HOME": str(home),
        "HATCHLINE_SECRET_KEY": "for benchmarks alone, never for a real district, 48 c",
        "HATCHLINE_DEMONSTRATION": "1",
        "HATCHLINE_TODAY": "2017-07-18",
        "DJANGO_SETTINGS_MODULE": "benchmarks._settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
        "PYTHONWARNINGS": "ignore",
    }


def name_of(chance: random.Random) -> str:
    """An invented company."""
    middle = "".join(chance.sample(GIVEN, chance.choice((2, 2, 3, 4))))
    return f"{chance.choice(PLACES[:4])}{middle}{chance.choice(TRADES)}{chance.choice(FORMS)}"


def fill() -> None:
    """Tables, divisions and organisations; run in a process of its own by `district`."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from hatchline.apps.bodies import actions as bodies
    from hatchline.apps.bodies.drafts import OrganisationDraft
    from hatchline.apps.bodies.models import Organisation, Territory, TypeOfBody
    from hatchline.apps.columns import keys
    from hatchline.core.values.dates import parse

    keys.ensure()
    chance, now = random.Random(2014), dt.datetime(2017, 7, 18, tzinfo=dt.UTC)
    codes = [(f"1101050{at:02d}", f"{name}街道") for at, name in enumerate(PLACES, 1)]
    Territory.objects.bulk_create(
        [Territory(code=code, prefix=code, name=name, path_name=f"北京市朝阳区{name}", level=4) for code, name in codes]
    )
    places = list(Territory.objects.filter(level=4).values_list("pk", flat=True))
    kinds = list(TypeOfBody.values)
    missing = ROWS - Organisation.objects.count()
    for start in range(0, missing, BATCH):
        drafts = [
            OrganisationDraft(
                name=name_of(chance),
                types=(chance.choice(kinds),),
                territory=chance.choice(places),
                address=f"{chance.choice(PLACES)}路 {chance.randrange(1, 400)} 号",
                founded=parse(f"{chance.randrange(1990, 2017)}-{chance.randrange(1, 13):02d}"),
                country="CN",
            )
            for _row in range(min(BATCH, missing - start))
        ]
        with transaction.atomic():
            bodies.register_many(drafts, now=now)


def fill_city() -> None:
    """The demonstration district, and institutions and ventures beside it up to a city's; run by `city`."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    from hatchline.apps.columns import keys
    from hatchline.config import startup
    from hatchline.journeys import reference, world

    keys.ensure()
    district, seed, today = "110105", 2014, dt.date(2017, 7, 18)
    now = dt.datetime(2017, 7, 18, 2, tzinfo=dt.UTC)
    for _what in reference.load(district=district, now=now):
        pass
    if not world.stands():
        world.build(district=district, count=world.FULL, seed=seed, now=now, today=today, password="for measuring 2014")
    world.add_institutions(INSTITUTIONS, district=district, seed=seed, now=now)
    world.add_ventures(VENTURES, district=district, seed=seed, now=now, today=today)
    _work_off(today)
    observe(OBSERVATIONS, now=now)
    startup.learn()  # as `hatchline up` does


def observe(number: int, *, now: dt.datetime) -> int:
    """Bring the values on record up to so many: figures of every venture, latest periods first.

    Written past the verbs and after month ends were kept: here only matters what lies in the tables. How many were
    added.
    """
    from django.db import connection

    from hatchline.apps.observations.models import Measure, Observation, Period, Recording

    there = Observation.objects.count()
    missing, table = number - there, Observation._meta.db_table
    recording = Recording.objects.create(source="measuring", recorded_at=now).pk
    measures = Measure.objects.filter(subject_kind="ventures.venture", value_type__in=["money", "integer"])
    kinds = list(measures.order_by("pk").values_list("pk", "value_type"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -400000")
        for period in Period.objects.order_by("-ends_before", "starts_on").values_list("pk", flat=True):
            for measure, kind in kinds:
                if missing <= 0:
                    break
                column = "amount" if kind == "money" else "number"
                cursor.execute(
                    f"INSERT OR IGNORE INTO {table} (measure_id, subject, period_id, {column}, recording_id)"
                    " SELECT %s, id, %s, id * 37 %% 999983, %s FROM ventures_venture ORDER BY id LIMIT %s",
                    [measure, period, recording, missing],
                )
                missing -= max(cursor.rowcount, 0)
    return Observation.objects.count() - there


def _work_off(today: dt.date) -> None:
    """What the worker has to do, done: pictures, month ends."""
    import threading

    from django.utils import timezone

    from hatchline.apps.indicators import actions as indicators
    from hatchline.apps.outbox import worker

    worker.run(name="measuring", clock=timezone.now, stop=threading.Event(), once=True)
    while indicators.keep(today=today, now=timezone.now()):
        pass


def district() -> AbstractContextManager[dict[str, str]]:
    """The environment of a district with many organisations."""
    return _filled("fill", "HATCHLINE_BENCH_HOME")


def city() -> AbstractContextManager[dict[str, str]]:
    """The environment of a city with many ventures."""
    return _filled("fill_city", "HATCHLINE_BENCH_CITY")


@contextmanager
def _filled(how: str, kept_in: str) -> Iterator[dict[str, str]]:
    kept = os.environ.get(kept_in)
    home = Path(kept) if kept else Path(tempfile.mkdtemp(prefix="hatchline-bench-"))
    home.mkdir(parents=True, exist_ok=True)
    made = environment(home)
    try:
        if (home / "filled").exists():  # by an earlier version perhaps
            migrate = [sys.executable, "-m", "django", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, env=made, cwd=ROOT, check=True, stdout=sys.stderr)
        else:
            subprocess.run(
                [sys.executable, "-c", f"from benchmarks import _district; _district.{how}()"],
                env=made,
                cwd=ROOT,
                check=True,
                stdout=sys.stderr,
            )
            (home / "filled").touch()
        yield made
    finally:
        if not kept:
            shutil.rmtree(home, ignore_errors=True)
