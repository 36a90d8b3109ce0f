"""Keys for personal data: files in settings.KEYS, outside the database and outside every backup.

    personal-k1.key   encrypts columns; a rotation adds k2, and the highest number is used for writing
    digest-k1.key     keyed digests for equality search and duplicate signals
    ledger-k1.key     salted digests of personal values in the ledger

A file holds one line: the algorithm and the key in hexadecimal. Every value in the database begins with its key's
id (``k1:``), so old values stay readable after a rotation as long as their key's file stays.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

PURPOSES = {"personal": "aes-256-gcm", "digest": "hmac-sha256", "ledger": "hmac-sha256"}
NATIONAL = {"personal": "sm4-gcm", "digest": "hmac-sm3", "ledger": "hmac-sm3"}  # 国密 for districts that must use it
SIZES = {"aes-256-gcm": 32, "sm4-gcm": 16, "hmac-sha256": 32, "hmac-sm3": 32}
FILE = re.compile(r"(personal|digest|ledger)-k(\d+)\.key")


class KeyMissing(Exception):
    """A key that is needed is not in settings.KEYS; the text says which and what to do."""


@dataclass(frozen=True)
class Key:
    """One key: ``id`` as it stands before values (k1), its algorithm and its bytes."""

    purpose: str
    id: str
    algorithm: str
    secret: bytes

    def __repr__(self) -> str:
        return f"<Key {self.purpose} {self.id} {self.algorithm}>"  # never its bytes


def ensure(folder: Path | None = None, *, national: bool = False) -> list[str]:
    """Create the folder and a key for each purpose that has none, readable by the owner alone. Their names."""
    folder = folder or settings.KEYS
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    made = [
        _write(folder, purpose, 1, national).name for purpose in PURPOSES if not any(folder.glob(f"{purpose}-k*.key"))
    ]
    forget()
    return made


def rotate(purpose: str = "personal", folder: Path | None = None, *, national: bool = False) -> Key:
    """Add a newer key, used for all writing from now on. Restart every process, then have old values written anew."""
    if purpose == "digest":
        raise ValueError("a new digest key would make every kept digest unequal to new ones: it is not rotated")
    folder = folder or settings.KEYS
    numbers = [
        int(match[2])
        for match in map(FILE.fullmatch, (path.name for path in folder.iterdir()))
        if match and match[1] == purpose
    ]
    path = _write(folder, purpose, max(numbers, default=0) + 1, national)
    forget()
    return _read(path)


def current(purpose: str) -> Key:
    """The key to write with: the one with the highest number. KeyMissing when there is none."""
    found = all_of(purpose)
    if not found:
        raise KeyMissing(
            f"There is no {purpose} key in {settings.KEYS}. `hatchline up` makes keys for a new district; "
            "after a restore, bring the keys of the district the backup came from."
        )
    return found[max(found, key=lambda key_id: int(key_id[1:]))]


def named(purpose: str, key_id: str) -> Key:
    """The key with this id. KeyMissing when its file is not there."""
    try:
        return all_of(purpose)[key_id]
    except KeyError:
        raise KeyMissing(
            f"A value was written with {purpose} key {key_id}, which is not in {settings.KEYS}: "
            f"bring {purpose}-{key_id}.key."
        ) from None


@lru_cache(maxsize=8)
def _all(purpose: str, folder: Path) -> dict[str, Key]:
    paths = sorted(folder.glob(f"{purpose}-k*.key")) if folder.is_dir() else []
    return {key.id: key for key in map(_read, paths)}


def all_of(purpose: str) -> dict[str, Key]:
    """All keys of a purpose by id; read once by each process."""
    return _all(purpose, Path(settings.KEYS))


def forget() -> None:
    """Read the folder again at the next use."""
    _all.cache_clear()


def problems() -> list[str]:
    """What is wrong with the keys, a sentence each: absent, unreadable, open to others, inside what is backed up."""
    folder = Path(settings.KEYS)
    forget()
    found = []
    for purpose in PURPOSES:
        try:
            current(purpose)
        except (KeyMissing, ValueError, OSError) as problem:
            found.append(str(problem))
    for path in sorted(folder.glob("*.key")) if folder.is_dir() else []:
        if path.stat().st_mode & 0o077:
            found.append(f"{path} can be read by others: chmod 600 {path}")
    if folder.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        found.append(f"{folder} lies inside the files that are backed up: set HATCHLINE_KEYS to another folder.")
    return found


def _write(folder: Path, purpose: str, number: int, national: bool) -> Path:
    algorithm = (NATIONAL if national else PURPOSES)[purpose]
    path = folder / f"{purpose}-k{number}.key"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{algorithm} {secrets.token_hex(SIZES[algorithm])}\n")
        file.flush()
        os.fsync(file.fileno())
    return path


def _read(path: Path) -> Key:
    match = FILE.fullmatch(path.name)
    words = path.read_text(encoding="ascii").split()
    if match is None or len(words) != 2 or words[0] not in SIZES or len(words[1]) != SIZES[words[0]] * 2:
        raise ValueError(f"{path} is not a key file: it should hold an algorithm and a key in hexadecimal.")
    return Key(match[1], f"k{match[2]}", words[0], bytes.fromhex(words[1]))
