"""Kinds of value that calls may carry. What a database cannot hold is refused here, with words."""

import re
from datetime import date
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BeforeValidator, Field

from hatchline.apps.ledger import actions as ledger
from hatchline.core.values.dates import PartialDate

LARGEST = 2**63 - 1  # SQLite's and PostgreSQL's bigint
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_DAY, LAST_DAY = date(1950, 1, 1), date(2100, 12, 31)


def _clean(text: str) -> str:
    if CONTROL.search(text):
        raise ValueError(_("不能含控制字符"))
    return text


def _impersonal(text: str) -> str:
    if ledger.is_personal(text):
        raise ValueError(_("不能含电话、证件号或邮箱，它会永久留存；只写事由，如“电话确认”"))
    return text


def _partial(code: str) -> str:
    if code:
        try:
            PartialDate.of(_clean(code))
        except (ValueError, OverflowError):
            raise ValueError(_("应为 2014、2014-06、2014-06-18 或 2014-Q2 这样的日期")) from None
    return code


def _day(value: object) -> object:
    """Only a day written as one: a number would be read as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and DAY.fullmatch(value)):
        return value
    raise ValueError(_("应为 2014-06-18 这样的日期"))


Key = Annotated[int, Field(ge=1, le=LARGEST)]
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]
AdministrativeLevel = Annotated[int, Field(ge=0, le=4)]  # 1 province … 4 sub-district, 0 any
Limit = Annotated[int, Field(ge=1, le=100)]
Cursor = Annotated[str, Field(max_length=1000), AfterValidator(_clean)]
Words = Annotated[str, Field(max_length=100), AfterValidator(_clean)]
Code = Annotated[str, Field(max_length=40), AfterValidator(_clean)]
Line = Annotated[str, Field(max_length=300), AfterValidator(_clean)]
Reason = Annotated[str, Field(max_length=300), AfterValidator(_clean), AfterValidator(_impersonal)]  # or a source
Prose = Annotated[str, Field(max_length=20_000), AfterValidator(_clean)]
Day = Annotated[date, BeforeValidator(_day), Field(ge=FIRST_DAY, le=LAST_DAY)]
DateCode = Annotated[str, Field(max_length=40), AfterValidator(_partial)]
Latitude = Annotated[float, Field(ge=-90, le=90)]
Longitude = Annotated[float, Field(ge=-180, le=180)]


def partial(code: str | None) -> PartialDate | None:
    """A date code as a PartialDate; empty or null is none."""
    return PartialDate.of(code) if code else None
