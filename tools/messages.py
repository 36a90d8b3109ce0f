"""Catalogues of English translations, one per app and site.

    python tools/messages.py update [package …]   extract msgids into src/hatchline/…/locale/en/LC_MESSAGES/django.po
    python tools/messages.py compile              make the .mo files Django reads
    python tools/messages.py check                fail on a missing, fuzzy, superfluous or contradicting translation

Msgids are Chinese (the source language), so only English has catalogues.
"""

from __future__ import annotations

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent / "src" / "hatchline"
METHODS = [
    ("**.py", "python"),
    ("templates/**.jinja", "jinja2"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
KEYWORDS = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}
OPTIONS = {
    "templates/**.jinja": {
        "trimmed": "true",
        "silent": "false",
        "newstyle_gettext": "true",
        "extensions": "jinja2.ext.do",
    }
}
HEADER = "# English of this package; msgids are Chinese."
UNNAMED = ["POT-", "PO-", "Generated-By", "Project-Id", "Report-Msgid", "Last-Translator", "Language-Team"]
UNSAID = tuple(f'"{name}' for name in UNNAMED)  # headers that change with every run or name nobody
ALONE = ["journeys", "config", "sites"]


def packages() -> list[Path]:
    """Every app and site, and the packages whose strings live beside them."""
    rooms = [path.parent for storey in ("apps", "sites") for path in sorted(ROOT.glob(f"{storey}/*/__init__.py"))]
    return [*rooms, *(ROOT / name for name in ALONE)]


def catalogue(package: Path) -> Path:
    """Where a package's English catalogue is."""
    return package / "locale" / "en" / "LC_MESSAGES" / "django.po"


def extracted(package: Path) -> Catalog:
    """The msgids a package uses now."""
    made = Catalog(locale="en", domain="django", project="Hatchline", charset="utf-8")
    only_here = package == ROOT / "sites"  # its own modules; the sites below have catalogues of their own

    def wanted(folder: str) -> bool:
        name = Path(folder).name
        return not name.startswith((".", "__")) and name not in {"locale", "migrations"} and not only_here

    for filename, line, message, comments, context in extract_from_dir(
        str(package), METHODS, OPTIONS, KEYWORDS, directory_filter=wanted, strip_comment_tags=True
    ):
        made.add(message, locations=[(filename, line)], auto_comments=comments, context=context)
    return made


def load(path: Path) -> Catalog | None:
    if not path.exists():
        return None
    with path.open("rb") as handle:
        return read_po(handle, locale="en", domain="django")


def update(package: Path) -> None:
    """Merge new msgids into the catalogue; those no longer used are dropped."""
    template = extracted(package)
    if not len(template):
        return
    path = catalogue(package)
    current = load(path) or Catalog(locale="en", domain="django", project="Hatchline", charset="utf-8")
    current.update(template, no_fuzzy_matching=True)
    current.obsolete.clear()
    current.fuzzy, current.header_comment = False, HEADER
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as handle:
        write_po(
            handle, current, omit_header=False, sort_output=True, no_location=True, width=120, include_previous=False
        )
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith(UNSAID)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    missing = sum(1 for message in current if message.id and not _translated(message))
    print(f"{package.relative_to(ROOT)}: {len(current)} strings, {missing} without English")


def _translated(message) -> bool:  # type: ignore[no-untyped-def]
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return all(strings)


def contradictions() -> list[str]:
    """Msgids that two packages translate differently: Django merges all catalogues, so one of them would win unseen."""
    meanings: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for package in packages():
        for message in load(catalogue(package)) or ():
            if message.id and _translated(message):
                key = (message.context, message.id if isinstance(message.id, str) else message.id[0])
                meanings.setdefault(key, {}).setdefault(str(message.string), []).append(package.name)
    return [f"{key[1]!r} means {found}" for key, found in meanings.items() if len(found) > 1]


def check() -> list[str]:
    """What is wrong with the catalogues, one line each."""
    problems = contradictions()
    for package in packages():
        wanted = extracted(package)
        current = load(catalogue(package))
        for message in wanted:
            if not message.id:
                continue
            found = current.get(message.id, message.context) if current is not None else None
            if found is None or not _translated(found):
                problems.append(f"{package.relative_to(ROOT)}: no English for {message.id!r}")
            elif found.fuzzy:
                problems.append(f"{package.relative_to(ROOT)}: fuzzy {message.id!r}")
        for message in current or ():
            if message.id and wanted.get(message.id, message.context) is None:
                problems.append(f"{package.relative_to(ROOT)}: no longer used {message.id!r}")
    return problems


def compile_all() -> None:
    """Write every .mo file."""
    for path in ROOT.glob("**/locale/*/LC_MESSAGES/django.po"):
        with path.open("rb") as source:
            made = read_po(source, locale="en", domain="django")
        with path.with_suffix(".mo").open("wb") as target:
            write_mo(target, made)


def main(arguments: list[str]) -> int:
    match arguments:
        case ["update", *names]:
            for package in packages():
                if not names or package.name in names or str(package.relative_to(ROOT)) in names:
                    update(package)
            compile_all()
        case ["compile"]:
            compile_all()
        case ["check"]:
            problems = check()
            print("\n".join(problems) or "every string has its English")
            return 1 if problems else 0
        case _:
            print(__doc__)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
