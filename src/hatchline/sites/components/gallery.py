"""Invented figures for the gallery. Every name and number here is made up, and the page says so."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hatchline.sites.components import pictures
from hatchline.sites.days import Asked

TODAY = dt.date(2019, 3, 12)
NAMES = [
    "望京启元科技孵化器",
    "东湖物联创业园",
    "酒仙桥融芯孵化器",
    "将台蓝湾孵化器",
    "大屯健康医疗孵化器",
    "来广营智造加速器",
]


class Sample(forms.Form):
    """A Django form with one mistake in it, as a page would show it."""

    name = forms.CharField(label=gettext_lazy("机构名称"), help_text=gettext_lazy("用于证书和公示。"), max_length=60)
    people = forms.IntegerField(
        label=gettext_lazy("从业人员"), help_text=gettext_lazy("按 6 月末缴纳社保的人数。"), min_value=0
    )
    kind = forms.ChoiceField(label=gettext_lazy("机构类型"), choices=[("incubator", gettext_lazy("孵化器"))])


def tile_rows() -> list[dict[str, str]]:
    """Twelve squares of a district that does not exist."""
    names = ["东门", "西门", "南门", "北门", "河沿", "桥头", "旧厂", "新村", "学院", "车站", "果园", "水库路"]
    places = [(1, 0), (2, 0), (4, 0), (0, 1), (1, 1), (2, 1), (3, 1), (1, 2), (2, 2), (3, 2), (4, 2), (2, 3)]
    return [
        {"code": f"t{index}", "name": f"{name}街道", "short": name, "column": str(x), "row": str(y)}
        for index, (name, (x, y)) in enumerate(zip(names, places, strict=True))
    ]


def path(
    values: list[float], ahead: float | None = None, low: float = 0, high: float = 0, target: float | None = None
) -> pictures.Sparkline:
    """A figure's path by half years since the end of 2014."""
    points = list(enumerate(values))
    last = len(values)
    return pictures.sparkline(
        points,
        forecast=[(last, ahead)] if ahead is not None else [],
        band=[(last, low, high)] if high else [],
        target=target,
        marks=range(0, last + 1, 2),
    )


def lanes() -> list[dict[str, Any]]:
    """One invented venture's record."""
    day = dt.date
    return [
        {
            "title": _("名称"),
            "shape": "names",
            "items": [
                {"start": day(2014, 9, 1), "end": day(2015, 6, 18), "label": "云杉传感团队"},
                {"start": day(2015, 6, 18), "end": day(2017, 11, 1), "label": "北京云杉传感技术有限公司"},
                {"start": day(2017, 11, 1), "end": None, "label": "北京云杉微纳传感科技有限公司"},
            ],
        },
        {
            "title": _("在园"),
            "shape": "stays",
            "items": [
                {
                    "start": day(2014, 9, 1),
                    "end": day(2015, 6, 18),
                    "kind": "nursery",
                    "label": NAMES[0],
                    "note": _("苗圃 · 3 个工位 · 9 个月"),
                },
                {
                    "start": day(2015, 6, 18),
                    "end": day(2018, 5, 6),
                    "kind": "incubation",
                    "label": NAMES[0],
                    "note": _("孵化 · B 座 506 室 · 186 ㎡ · 毕业"),
                },
                {
                    "start": day(2016, 9, 1),
                    "end": day(2017, 3, 20),
                    "kind": "outside",
                    "label": NAMES[4],
                    "note": _("联合实验工位 · 不计在孵"),
                },
                {
                    "start": day(2018, 5, 6),
                    "end": None,
                    "kind": "acceleration",
                    "label": NAMES[5],
                    "note": _("加速 · 2 号楼 3 层 · 640 ㎡"),
                },
            ],
        },
        {
            "title": _("融资"),
            "shape": "events",
            "items": [
                {"start": day(2015, 9, 20), "label": _("天使 120 万元"), "note": "启元种子基金"},
                {"start": day(2016, 12, 2), "label": _("Pre-A 600 万元"), "note": "景澜创投"},
                {"start": day(2018, 7, 30), "label": _("A 轮 2,800 万元"), "note": "景澜、北辰科创"},
            ],
        },
        {
            "title": _("证书"),
            "shape": "events",
            "items": [
                {"start": day(2018, 5, 6), "kind": "ok", "label": _("毕业证书"), "note": "CY-2018-0117"},
                {"start": day(2019, 1, 20), "kind": "ok", "label": _("科技型中小企业"), "note": _("有效至 2019-12")},
            ],
        },
    ]


def charts() -> dict[str, dict[str, Any]]:
    """One set of invented figures for each kind of chart."""
    years = ["2014", "2015", "2016", "2017"]
    stages = [("park", _("产业园")), ("acceleration", _("加速")), ("incubation", _("孵化")), ("nursery", _("苗圃"))]
    size = {
        "park": [118, 151, 198],
        "acceleration": [46, 67, 96],
        "incubation": [812, 992, 1212],
        "nursery": [186, 232, 270],
    }
    nodes = [
        {"name": f"{stage}-{depth}", "title": label, "total": size[stage][depth], "depth": depth, "stage": stage}
        for depth in range(3)
        for stage, label in stages
    ]
    links = []
    for depth in (0, 1):
        for stage, _label in stages:
            source, target = f"{stage}-{depth}", f"{stage}-{depth + 1}"
            links.append({"source": source, "target": target, "value": round(size[stage][depth] * 0.8), "kind": "stay"})
        for lower, upper, value in (("nursery", "incubation", 90), ("incubation", "acceleration", 27)):
            links.append({"source": f"{lower}-{depth}", "target": f"{upper}-{depth + 1}", "value": value, "kind": "up"})
    people = [{"name": "a", "title": NAMES[0], "group": "institution", "value": 40}]
    people += [
        {"name": f"v{index}", "title": _("企业 %(number)s") % {"number": index}, "group": "venture", "value": 4}
        for index in range(1, 7)
    ]
    square = [[[0, 0], [2, 0], [2, 2], [0, 2], [0, 0]]]
    beside = [[[2, 0], [4, 0], [4, 2], [2, 2], [2, 0]]]
    return {
        "bar": {
            "categories": years,
            "unit": _("家"),
            "series": [{"name": _("孵化机构"), "values": [17, 21, 25, 27]}],
            "last": True,
        },
        "line": {
            "categories": [f"2017-{month:02d}" for month in range(1, 9)],
            "unit": _("亿元"),
            "series": [
                {"name": _("实际"), "values": [120, 128, 139, 150, 161, 172, None, None]},
                {
                    "name": _("预测"),
                    "kind": "forecast",
                    "values": [None, None, None, None, None, 172, 181, 189],
                    "band": [None, None, None, None, None, [172, 172], [176, 186], [181, 198]],
                },
                {"name": _("目标"), "kind": "target", "values": [200] * 8},
            ],
        },
        "pie": {
            "items": [
                {"name": _("电子与信息"), "value": 612},
                {"name": _("生物医药"), "value": 304},
                {"name": _("其他"), "value": 470},
            ]
        },
        "funnel": {
            "items": [
                {"name": _("申请"), "value": 320},
                {"name": _("入驻"), "value": 210},
                {"name": _("毕业"), "value": 58},
            ]
        },
        "sankey": {"nodes": nodes, "links": links},
        "graph": {
            "nodes": people,
            "links": [{"source": "a", "target": f"v{index}", "value": index} for index in range(1, 7)],
        },
        "map": {
            "geojson": {
                "type": "FeatureCollection",
                "features": [
                    {
                        "type": "Feature",
                        "properties": {"name": name},
                        "geometry": {"type": "Polygon", "coordinates": shape},
                    }
                    for name, shape in ((_("东片"), beside), (_("西片"), square))
                ],
            },
            "items": [{"name": _("东片"), "value": 30}, {"name": _("西片"), "value": 12}],
            "labels": True,
        },
    }


def figures() -> dict[str, Any]:
    """Everything the gallery page shows."""
    tiles = tile_rows()
    counts = [138, 58, 64, 29, 84, 15, 32, 0, 71, 23, None, 40]
    values = {row["code"]: value for row, value in zip(tiles, counts, strict=True)}
    rows = [
        SimpleNamespace(
            pk=index,
            name=name,
            street=tiles[index]["short"],
            code=tiles[index]["code"],
            tenants=92 - 7 * index,
            level=("ok", "ok", "warn", "ok", "bad", "unknown")[index],
            income=None if index == 5 else 23.0 - index * 3.2,
        )
        for index, name in enumerate(NAMES)
    ]
    form = Sample({"name": NAMES[0], "people": "-4", "kind": "incubator"})
    form.is_valid()
    return {
        "rows": rows,
        "form": form,
        "tiles": tiles,
        "tile_values": values,
        "reached": path([17, 19, 21, 24, 26, 27], 29, 27, 30, 20),
        "short": path([101, 118, 131, 146, 160, 172], 189, 181, 198, 200),
        "line": pictures.timeline(dt.date(2014, 7, 1), dt.date(2019, 7, 1), lanes(), today=TODAY),
        "charts": charts(),
        "today": TODAY,
        "asked_today": Asked(TODAY, TODAY),
        "asked_then": Asked(dt.date(2018, 12, 31), TODAY, dt.date(2019, 1, 20)),
    }
