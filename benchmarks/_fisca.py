"""The rule of 2018 in OpenFisca, as its authors would write it: a variable per fact and per criterion, all vectors.

OpenFisca knows no unknown: a fact nobody gave is 0 there. Money is in yuan and floats of 32 bits, its default.
"""

from __future__ import annotations

import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import YEAR
from openfisca_core.reforms import Reform
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

from benchmarks._nation import AS_OF
from hatchline.core.rules.populations import Population, missing
from hatchline.core.rules.vocabulary import day_number

PERIOD = "2020"
TODAY = day_number(AS_OF)
START_2019 = 31 * 12 * 2019
VENTURE = build_entity(key="venture", plural="ventures", label="venture", is_person=True)
INSTITUTION = build_entity(
    key="institution", plural="institutions", label="institution", roles=[{"key": "member", "plural": "members"}]
)
LAW = {
    "min_operating": 3 * 372, "min_statistics": 2 * 372, "min_area": 10_000, "min_used_share": 0.75,
    "min_fund": 5_000_000, "min_financed_share": 0.10, "min_fund_cases": 3, "min_service_share": 0.8,
    "per_tenant": 0.1, "min_patent_share": 0.5, "min_rights_share": 0.3, "min_tenants": 50, "min_density": 0.003,
    "min_graduates": 20, "min_focus": 0.75, "max_entry_age": 24 * 31, "max_stay": 48 * 31, "max_stay_special": 60 * 31,
    "graduate_capital": 5_000_000, "graduate_revenue": 10_000_000, "remote_factor": 0.8,
    "professional_tenants": 30, "professional_density": 0.002, "professional_graduates": 15,
}  # fmt: skip
SCALES = {"controlled_area": 10_000, "tenant_used_area": 10_000, "fund_size": 100, "venture_capital": 100,
          "revenue_2019": 100, "revenue_2018": 100, "revenue_2017": 100}  # fmt: skip


def given(name: str, entity, kind: type) -> type[Variable]:
    """A fact."""
    body = {"value_type": kind, "entity": entity, "definition_period": YEAR, "label": name}
    return type(name, (Variable,), body)


def reckoned(name: str, entity, formula, kind: type = bool) -> type[Variable]:
    """Something with a formula."""
    body = {"value_type": kind, "entity": entity, "definition_period": YEAR, "label": name, "formula": formula}
    return type(name, (Variable,), body)


def tenant(v, period, parameters):
    law = parameters(period)
    stay = TODAY - v("entered_on", period)
    special = v("field", period) <= 2
    return (
        v("in_incubation", period) * v("does_technology", period) * v("registered_here", period)
        * v("main_site_here", period) * (v("entered_on", period) - v("founded_on", period) <= law.max_entry_age)
        * ((stay <= law.max_stay) + special * (stay <= law.max_stay_special))
    )  # fmt: skip


def graduate(v, period, parameters):
    law = parameters(period)
    best = np.maximum(
        v("revenue_2019", period) + v("revenue_2018", period), v("revenue_2018", period) + v("revenue_2017", period)
    )
    any_of = (
        v("is_high_tech", period) + (v("venture_capital", period) > law.graduate_capital)
        + (best > law.graduate_revenue) + v("merged_or_listed", period)
    )  # fmt: skip
    return v("graduated", period) * (
        v("graduation_upheld", period) + (v("graduated_on", period) >= START_2019) * any_of
    )


def summed(condition):
    def formula(i, period):
        return i.sum(i.members("tenant", period) * condition(i, period))

    return formula


def member(fact):
    return lambda i, period: i.members(fact, period)


def over(top, bottom):
    return np.divide(top, bottom, out=np.full(len(top), -1.0), where=bottom > 0)


def factor(i, period, law):
    return np.where(i("in_remote_region", period), law.remote_factor, 1.0)


def by_kind(i, period, general, professional):
    return np.where(i("applies_as_professional", period), professional, general)


def share(name):
    return lambda i, period: over(i(name, period), i("tenants", period))


CRITERIA = {
    "N18_1a": lambda i, p, q: i("independent_legal_person", p) * i("direction_clear", p),
    "N18_1b": lambda i, p, q: TODAY - i("operating_since", p) >= q(p).min_operating * 31 / 31,
    "N18_1c": lambda i, p, q: i("statistics_years", p) >= q(p).min_statistics,
    "N18_2a": lambda i, p, q: i("controlled_area", p) >= q(p).min_area * factor(i, p, q(p)),
    "N18_2b": lambda i, p, q: over(i("tenant_used_area", p), i("controlled_area", p)) >= q(p).min_used_share,
    "N18_3a": lambda i, p, q: i("fund_size", p) >= q(p).min_fund * factor(i, p, q(p)),
    "N18_3b": lambda i, p, q: share("tenants_financed")(i, p) >= q(p).min_financed_share,
    "N18_3c": lambda i, p, q: i("fund_cases", p) >= q(p).min_fund_cases,
    "N18_4a": lambda i, p, q: over(i("service_staff", p), i("staff", p)) >= q(p).min_service_share,
    "N18_4b": lambda i, p, q: (
        (over(i("service_staff", p), i("tenants", p)) >= q(p).per_tenant)
        * (over(i("mentors", p), i("tenants", p)) >= q(p).per_tenant)
    ),
    "N18_5": lambda i, p, q: (
        (share("tenants_patent")(i, p) >= q(p).min_patent_share * factor(i, p, q(p)))
        + (share("tenants_rights")(i, p) >= q(p).min_rights_share * factor(i, p, q(p)))
    ),
    "N18_6a": lambda i, p, q: (
        i("tenants", p) >= by_kind(i, p, q(p).min_tenants, q(p).professional_tenants) * factor(i, p, q(p))
    ),
    "N18_6b": lambda i, p, q: (
        over(i("tenants", p), i("controlled_area", p)) >= by_kind(i, p, q(p).min_density, q(p).professional_density)
    ),
    "N18_7": lambda i, p, q: (
        i("graduates", p) >= by_kind(i, p, q(p).min_graduates, q(p).professional_graduates) * factor(i, p, q(p))
    ),
    "N18_8": lambda i, p, q: (
        (1 - i("applies_as_professional", p))
        + (share("tenants_focused")(i, p) >= q(p).min_focus) * i("precise_service", p) * i("public_platform", p)
    ),
}


def everything(i, period):
    found = i("N18_1a", period)
    for name in list(CRITERIA)[1:]:
        found = found * i(name, period)
    return found


class System(TaxBenefitSystem):
    """The rule as a system."""

    def __init__(self, population: Population) -> None:
        super().__init__([VENTURE, INSTITUTION])
        self.parameters = ParameterNode("", data={n: {"values": {"2000-01-01": {"value": v}}} for n, v in LAW.items()})
        for columns, entity in ((population.own, INSTITUTION), (population.members, VENTURE)):
            for name in columns:
                stem = name.replace("@", "_")
                kind = float if stem in SCALES else bool if is_truth(name) else int
                self.add_variable(given(stem, entity, kind))
        self.add_variable(reckoned("tenant", VENTURE, tenant))
        self.add_variable(reckoned("graduate", VENTURE, graduate))
        self.add_variable(reckoned("tenants", INSTITUTION, lambda i, p: i.sum(i.members("tenant", p)), float))
        self.add_variable(reckoned("graduates", INSTITUTION, lambda i, p: i.sum(i.members("graduate", p)), float))
        for name, fact in (("tenants_financed", "was_financed"), ("tenants_patent", "patent_applied"),
                           ("tenants_focused", "in_specialism")):  # fmt: skip
            self.add_variable(reckoned(name, INSTITUTION, summed(member(fact)), float))
        rights = summed(lambda i, p: i.members("valid_rights", p) >= 1)
        self.add_variable(reckoned("tenants_rights", INSTITUTION, rights, float))
        for name, formula in CRITERIA.items():
            self.add_variable(reckoned(name, INSTITUTION, formula))
        self.add_variable(reckoned("overall", INSTITUTION, everything))


def is_truth(name: str) -> bool:
    from hatchline.rulebook import library

    return library().vocabulary.facts[name.partition("@")[0]].kind == "truth"


def inputs(population: Population) -> dict[str, np.ndarray]:
    """Their arrays: whole units, nothing for what is unknown."""
    found = {}
    for columns in (population.own, population.members):
        for name, column in columns.items():
            stem = name.replace("@", "_")
            values = np.where(column == missing(column.dtype), 0, column)
            if stem in SCALES:
                found[stem] = (values / SCALES[stem]).astype(np.float32)
            else:
                found[stem] = values.astype(bool) if is_truth(name) else values.astype(np.int32)
    return found


def build(system, ids, owners, arrays, *, expert: bool = False):
    """A simulation with its facts set. `expert`: the members' institutions assigned directly, not looked up by id."""
    builder = SimulationBuilder()
    builder.create_entities(system)
    builder.declare_person_entity("venture", ids["venture"])
    group = builder.declare_entity("institution", ids["institution"])
    if expert:
        group.members_entity_id = owners
        group.members_role = np.full(len(owners), INSTITUTION.flattened_roles[0])
    else:
        builder.join_with_persons(group, ids["institution"][owners], np.repeat("member", len(owners)))
    simulation = builder.build(system)
    for name, values in arrays.items():
        simulation.set_input(name, PERIOD, values)
    return simulation


def run(simulation) -> np.ndarray:
    return simulation.calculate("overall", PERIOD)


class Moved(Reform):
    """Other figures, as a reform."""

    figures: dict[str, float]

    def apply(self) -> None:
        def change(parameters):
            for name, value in self.figures.items():
                getattr(parameters, name).update(start=None, period="year:2000:40", value=value)
            return parameters

        self.modify_parameters(change)


def reform(system, figures: dict[str, float]):
    return type("Moved", (Moved,), {"figures": figures})(system)
