"""A text column that is encrypted at rest."""

from __future__ import annotations

import base64
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.core.exceptions import FieldError
from django.db import models

from hatchline.apps.columns import keys

CIPHERS = {"aes-256-gcm": algorithms.AES, "sm4-gcm": algorithms.SM4}
NONCE, TAG = 12, 16


class Unreadable(Exception):
    """A kept value is not what its key wrote: it was altered, moved from another kind of column or cut."""


def encrypt(value: str, kind: str) -> str:
    """``value`` as ``k1:…`` under the current key, bound to its kind: a phone is unreadable as an identity number."""
    key = keys.current("personal")
    nonce = os.urandom(NONCE)
    sealer = Cipher(CIPHERS[key.algorithm](key.secret), modes.GCM(nonce)).encryptor()
    sealer.authenticate_additional_data(kind.encode())
    text = sealer.update(value.encode()) + sealer.finalize()
    return f"{key.id}:{base64.urlsafe_b64encode(nonce + text + sealer.tag).decode().rstrip('=')}"


def decrypt(kept: str, kind: str) -> str:
    """The value of what ``encrypt`` gave. KeyMissing without its key; Unreadable when it was altered."""
    key_id, _sign, body = kept.partition(":")
    key = keys.named("personal", key_id)
    try:
        raw = base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
        nonce, text, tag = raw[:NONCE], raw[NONCE:-TAG], raw[-TAG:]
        opener = Cipher(CIPHERS[key.algorithm](key.secret), modes.GCM(nonce, tag)).decryptor()
        opener.authenticate_additional_data(kind.encode())
        return (opener.update(text) + opener.finalize()).decode()
    except (InvalidTag, ValueError) as error:
        raise Unreadable(f"an encrypted value of kind {kind!r} cannot be read: it was altered") from error


class Encrypted(models.TextField):
    """Text kept as ciphertext alone. ``kind`` names what it holds (phone, id_number), as in ``digest``.

    Empty text stays empty. It cannot be searched, ordered or filtered: keep a ``digest`` column beside it for equality.
    """

    def __init__(self, *args: Any, kind: str = "", **kwargs: Any) -> None:
        self.kind = kind
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "hatchline.apps.columns.Encrypted", args, kwargs | {"kind": self.kind}

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return decrypt(value, self.kind) if value else value

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return encrypt(value, self.kind) if value else value

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise FieldError(f"{self.name} is encrypted: ask its digest column for equality, there is no other lookup")
        return super().get_lookup(lookup_name)


def key_ids(model: type[models.Model], field: str) -> dict[str, int]:
    """How many values of a column were written with each key."""
    found: dict[str, int] = {}
    for kept in _kept(model, field):
        key_id = kept.partition(":")[0]
        found[key_id] = found.get(key_id, 0) + 1
    return found


def write_anew(model: type[models.Model], field: str, *, limit: int = 500) -> int:
    """Encrypt with the current key up to ``limit`` values that stand under an older one. How many it was."""
    prefix = f"{keys.current('personal').id}:"
    column = model._meta.get_field(field)
    kind = column.kind  # type: ignore[union-attr]
    plain = models.functions.Cast(field, models.TextField())
    rows = model._base_manager.annotate(kept_text=plain).exclude(kept_text="").exclude(kept_text__startswith=prefix)
    changed = 0
    for pk, kept in list(rows.values_list("pk", "kept_text")[:limit]):
        if kept is None:
            continue
        # only if nobody has written it meanwhile
        untouched = model._base_manager.annotate(kept_text=plain).filter(pk=pk, kept_text=kept)
        changed += untouched.update(**{field: decrypt(kept, kind)})
    return changed


def _kept(model: type[models.Model], field: str) -> Any:
    plain = models.functions.Cast(field, models.TextField())
    values = model._base_manager.annotate(kept_text=plain).exclude(kept_text="").values_list("kept_text", flat=True)
    return (kept for kept in values.iterator() if kept)


def columns() -> list[tuple[type[models.Model], str]]:
    """Every encrypted column there is."""
    from django.apps import apps

    return [
        (model, field.name)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, Encrypted)
    ]
