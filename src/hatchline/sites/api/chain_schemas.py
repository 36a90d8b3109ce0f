"""What the API says and hears of the chain: ventures, stays, titles, values, occupancies, flows and survival."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from hatchline.sites.api.inputs import Code, DateCode, Day, Key, Line, Prose, Reason
from hatchline.sites.api.schemas import OtherName, PartialDateOut

Number = Annotated[float, Field(ge=-1e14, le=1e14)]


class PlaceOut(Schema):
    id: int
    name: str
    stage: str


class PerhapsOut(PlaceOut):
    """``last_seen``: the last day on which it surely was there; null: none is known."""

    last_seen: date | None


class VentureOut(Schema):
    """``stage`` and ``institutions`` are those of the day asked for; null and none: nowhere on the chain, unless
    ``perhaps`` says where it may have been: nobody knows whether it was still there.

    ``exit``: how its owners sold, "" while nobody says so; it may go on all the same. ``ceased``: when it ended.
    """

    id: int
    version: int
    name: str
    status: str
    website: str
    legal_person: int | None
    credit_code: str | None
    field: str | None
    industry: str | None
    founded: PartialDateOut | None
    incorporated: PartialDateOut | None
    ceased: PartialDateOut | None
    exit: str
    exited: PartialDateOut | None
    stage: str | None
    institutions: list[PlaceOut]
    perhaps: PerhapsOut | None


class RightOut(Schema):
    kind: str
    title: str
    number: str
    granted: PartialDateOut | None
    valid_until: date | None
    source: str


class FundingOut(Schema):
    round: str
    amount: float | None
    currency: str
    received: PartialDateOut | None
    source: str


class VentureDetail(VentureOut):
    """``rights`` and ``fundings`` null: the venture has not agreed that the caller sees them."""

    summary: str
    names: list[OtherName]
    merged_ids: list[int]
    rights: list[RightOut] | None
    fundings: list[FundingOut] | None
    registered_at: datetime
    amended_at: datetime


class NewVenture(Schema):
    model_config = ConfigDict(extra="forbid")
    name: Line
    names: list[OtherName] = []
    founded: DateCode | None = None
    incorporated: DateCode | None = None
    field: Code | None = None
    field_classification: Code = "hightech-2016"
    industry: Code | None = None
    industry_classification: Code = "gbt4754-2017"
    website: Line = ""
    summary: Prose = ""
    exit: Literal["", "acquired", "listed", "unsaid"] = ""
    exited: DateCode | None = None
    source: Reason = ""
    confirmed: bool = False


class StayOut(Schema):
    """``surely_from``–``surely_until``: the days on which it surely held, half-open; both null: none is sure.

    ``basis``: what confirms it: both (sides), list (of the district), ruled (by the authority); "" nothing or unnoted.
    """

    id: int
    venture: int
    venture_name: str
    institution: int
    institution_name: str
    stage: str
    status: str
    basis: str
    starts: PartialDateOut | None
    ended: PartialDateOut | None
    end_state: str
    evidence_on: date | None
    outcome: str
    counts: bool
    not_counting_reason: str
    surely_from: date | None
    surely_until: date | None
    source: str
    recorded_at: datetime


class NewStay(Schema):
    """``ended`` is the first day it was no longer there; without it the stay goes on."""

    model_config = ConfigDict(extra="forbid")
    venture: Key
    institution: Key
    stage: Literal["nursery", "incubation", "acceleration", "park"]
    starts: DateCode | None = None
    ended: DateCode | None = None
    outcome: Literal["", "graduated", "moved", "left", "closed", "unknown"] = ""
    evidence_on: Day | None = None
    source: Reason = ""


class TitleOut(Schema):
    """``state``: how it stands on the day asked for."""

    id: int
    subject_kind: str
    subject: int
    kind: str
    level: str
    name: str
    authority: str
    document: str
    number: str
    batch: str
    given: PartialDateOut | None
    ends_before: date | None
    withdrawn_on: date | None
    state: str
    source: str


class NewTitle(Schema):
    model_config = ConfigDict(extra="forbid")
    subject_kind: Literal["institutions.institution", "ventures.venture"]
    subject: Key
    kind: Code
    level: Literal["district", "municipal", "national", "other"]
    given: DateCode | None = None
    ends_before: Day | None = None
    source: Reason
    name: Annotated[Line, Field(max_length=120)] = ""
    authority: Annotated[Line, Field(max_length=120)] = ""
    document: Annotated[Line, Field(max_length=120)] = ""
    number: Annotated[Line, Field(max_length=60)] = ""
    batch: Annotated[Line, Field(max_length=120)] = ""


class MeasureOut(Schema):
    code: str
    name: str
    name_en: str
    subject_kind: str
    value_type: str
    unit: str
    time_kind: str
    sums_over: list[str]


class ObservationOut(Schema):
    """A value for the half-open days of its period, in the measure's unit."""

    id: int
    measure: str
    subject: int
    starts_on: date
    ends_before: date
    value: Any
    source: str
    recorded_at: datetime


class NewObservation(Schema):
    """``sure``: why a figure that looks wrong is right."""

    model_config = ConfigDict(extra="forbid")
    measure: Code
    subject: Key
    starts_on: Day
    ends_before: Day
    value: Number | bool | Line
    source: Reason
    sure: Reason = ""


class OccupancyOut(Schema):
    """Who uses how much of a space; ``who_kind`` empty: common use."""

    id: int
    institution: int | None
    premises: int
    space: int
    space_code: str
    who_kind: str
    who: int | None
    name: str
    area: float | None
    desks: int | None
    purpose: str
    starts: PartialDateOut | None
    ended: PartialDateOut | None
    end_state: str
    status: str
    source: str


class StepOut(Schema):
    """How many ventures were in one place on the first day and in another on the last; null: outside the chain.

    ``perhaps_there``: those among them that went outside of whom nobody knows whether they left; others did leave.
    """

    before: str | None
    after: str | None
    ventures: int
    perhaps_there: int


class FlowOut(Schema):
    since: date
    until: date
    steps: list[StepOut]


class FlowsOut(Schema):
    """``unsure``: stays of the whole chain, whatever the filter, without a sure day; they are in no count."""

    flows: list[FlowOut]
    unsure: int


class SurvivalPoint(Schema):
    """After so many days this share has not graduated, within ``low``–``high`` at 95 %."""

    day: int
    share: float
    low: float
    high: float
    at_risk: int
    events: int


class SurvivalOut(Schema):
    """``median`` null: fewer than half have graduated. ``left_out``: ventures of which no length is known."""

    as_of: date
    ventures: int
    graduated: int
    censored: int
    left_out: int
    median: int | None
    median_low: int | None
    median_high: int | None
    curve: list[SurvivalPoint]
