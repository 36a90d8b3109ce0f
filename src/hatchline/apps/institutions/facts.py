"""Facts about institutions that this app vouches for. See core.values.fact and rulebook/vocabulary.yaml."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hatchline.apps.columns import prepared
from hatchline.apps.institutions import queries
from hatchline.apps.institutions.models import Institution
from hatchline.core.values.fact import FactColumn

DAY = timedelta(days=1)
COUNTED = ("staff", "managers", "service_staff", "trained_managers")
NAMES = ("independent_legal_person", "operating_since", *COUNTED, "college_managers", "experienced_staff", "mentors")


def about(keys: Collection[int], as_of: date) -> list[FactColumn]:
    """Operator, day of opening and people of these institutions, as of a day. Three queries.

    A count of people is known where staff was ever recorded; those that hang on a degree or a career, where nobody's
    is missing. A day of opening that is known to the month or year alone is unknown here.
    """
    legal, since = dict[int, object](), dict[int, object]()
    for pk, operator, code, first, before in prepared.rows(_registered, keys):
        if operator is not None and code:
            legal[pk] = True
        if first is not None and before == first + DAY:
            since[pk] = first
    register, people = _("机构登记"), _("从业人员登记")
    found = [
        FactColumn("independent_legal_person", legal, register, page="terms"),
        FactColumn("operating_since", since, register, page="terms"),
    ]
    teams = queries.teams(keys, as_of)
    counted = {pk: team for pk, team in teams.items() if team.staff}
    on = dict.fromkeys(teams, as_of)
    for name in COUNTED:
        found.append(FactColumn(name, {pk: getattr(t, name) for pk, t in counted.items()}, people, on, page="people"))
    college = {pk: t.college_managers for pk, t in counted.items() if not t.degree_unknown}
    experienced = {pk: t.experienced_staff for pk, t in counted.items() if not t.experience_unknown}
    mentors = {pk: t.mentors for pk, t in teams.items()}
    return [
        *found,
        FactColumn("college_managers", college, people, on, page="people"),
        FactColumn("experienced_staff", experienced, people, on, page="people"),
        FactColumn("mentors", mentors, _("创业导师登记"), on, page="people"),
    ]


def _registered(keys: Collection[int]) -> QuerySet[Any, Any]:
    columns = ("pk", "operator", "operator__credit_code", "opened_on", "opened_before")
    return Institution.objects.filter(pk__among=keys).values_list(*columns)
