"""Keyed digests of personal values: equal values give equal digests, and nobody without the key can try values out."""

from __future__ import annotations

import secrets
import unicodedata

from cryptography.hazmat.primitives import constant_time, hashes, hmac

from hatchline.apps.columns import keys

HASHES = {"hmac-sha256": hashes.SHA256, "hmac-sm3": hashes.SM3}


def plain(value: str) -> str:
    """A value without the ways of writing it: full-width forms, spaces, hyphens and case."""
    return "".join(unicodedata.normalize("NFKC", value).split()).replace("-", "").casefold()


def digest(kind: str, value: str) -> str:
    """A digest for equality search within one kind (phone, id_number); "" for an empty value. 67 characters or less."""
    text = plain(value)
    if not text:
        return ""
    key = keys.current("digest")
    return f"{key.id}:{_hmac(key, f'{kind}|{text}')}"


def salted(value: str) -> str:
    """A digest that differs each time, for the ledger: it proves what a value was and finds nothing by equality."""
    key = keys.current("ledger")
    salt = secrets.token_hex(8)
    return f"{key.id}:{salt}:{_hmac(key, f'{salt}|{plain(value)}')}"


def salted_matches(kept: str, value: str) -> bool:
    """Whether ``kept`` (from ``salted``) is a digest of this value."""
    key_id, salt, expected = kept.split(":")
    found = _hmac(keys.named("ledger", key_id), f"{salt}|{plain(value)}")
    return constant_time.bytes_eq(found.encode(), expected.encode())


def masked(value: str, *, first: int = 3, last: int = 4) -> str:
    """What a page shows instead of a personal value: 138****5678. A short value is hidden altogether."""
    if len(value) < first + last + 2:
        return "*" * len(value)
    return f"{value[:first]}{'*' * (len(value) - first - last)}{value[-last:]}"


def _hmac(key: keys.Key, text: str) -> str:
    maker = hmac.HMAC(key.secret, HASHES[key.algorithm]())
    maker.update(text.encode())
    return maker.finalize().hex()
