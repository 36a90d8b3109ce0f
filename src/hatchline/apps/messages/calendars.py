"""A person's calendar as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from hatchline.apps.messages.models import CalendarEntry

LINE = 75  # octets, RFC 5545 3.1


def _text(value: str) -> str:
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\\n"), ("\n", "\\n"), ("\r", "\\n")):
        value = value.replace(plain, escaped)
    return "".join(character for character in value if character >= " ")


def _folded(line: str) -> str:
    """Lines of at most 75 octets; what continues begins with a space. No character is cut."""
    parts: list[str] = []
    current = ""
    for character in line:
        room = LINE if not parts else LINE - 1
        if len((current + character).encode()) > room:
            parts.append(current)
            current = ""
        current += character
    return "\r\n ".join([*parts, current])


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _event(entry: CalendarEntry, *, zone: ZoneInfo, host: str) -> list[str]:
    lines = ["BEGIN:VEVENT", f"UID:entry-{entry.pk}@{host}", f"DTSTAMP:{_moment(entry.changed_at)}"]
    if entry.at is None:
        lines += [f"DTSTART;VALUE=DATE:{entry.on:%Y%m%d}", f"DTEND;VALUE=DATE:{entry.on + timedelta(days=1):%Y%m%d}"]
    else:
        starts = datetime.combine(entry.on, entry.at, tzinfo=zone)
        ends = datetime.combine(entry.on, entry.ends_at, tzinfo=zone) if entry.ends_at else starts + timedelta(hours=1)
        lines += [f"DTSTART:{_moment(starts)}", f"DTEND:{_moment(ends)}"]
    lines.append(f"SUMMARY:{_text(entry.said_title)}")
    if entry.place:
        lines.append(f"LOCATION:{_text(entry.place)}")
    if entry.link:
        lines.append(f"URL:{settings.ADDRESS.rstrip('/')}{entry.link}")
    if entry.status == "cancelled":
        lines.append("STATUS:CANCELLED")
    return [*lines, "END:VEVENT"]


def feed(entries: Iterable[CalendarEntry], *, name: str, zone: ZoneInfo) -> str:
    """The whole file, in the active language. Times are in UTC, whole days stay days."""
    host = settings.ADDRESS.split("://")[-1].split("/")[0].split(":")[0] or "localhost"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hatchline//Hatchline//ZH", f"X-WR-CALNAME:{_text(name)}"]
    for entry in entries:
        lines += _event(entry, zone=zone, host=host)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])
