"""Verbs of documents and evaluations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ledger import actions as ledger
from hatchline.apps.rulebooks import canonical, policy, queries
from hatchline.apps.rulebooks.judging import judge
from hatchline.apps.rulebooks.models import Confirmation, Draft, Edition, Evaluation, FactSet, Scenario, Vocabulary
from hatchline.core.rules.documents import LANGUAGE_VERSION, Document, Mark
from hatchline.core.rules.load import load_document, load_vocabulary
from hatchline.core.values.refusal import Refusal, Refused, require

if TYPE_CHECKING:
    from hatchline.apps.people.models import Person


class UnableToPublish(Refused):
    """The document cannot be drafted, changed or published as asked."""


class UnableToPin(Refused):
    """The evaluation cannot be kept for something official."""


@transaction.atomic
def take_in(vocabulary: str, texts: Sequence[str], *, now: datetime) -> tuple[int, int]:
    """Packaged documents become rows by hash; a changed text replaces the one of its name. (new, already there)."""
    words = _vocabulary_row(vocabulary, now)
    read, new = load_vocabulary(vocabulary), 0
    for text in texts:
        made = load_document(text, read)
        found = Edition.objects.filter(digest=made.digest).first()
        if found is not None and found.replaced_at is None:
            continue
        _stand(made, text, words, Edition.Origin.PACKAGED, now)
        new += 1
    return new, len(texts) - new


def _vocabulary_row(text: str, now: datetime) -> Vocabulary:
    row, _created = Vocabulary.objects.get_or_create(
        digest=canonical.digest(text), defaults={"text": text, "recorded_at": now}
    )
    return row


def _stand(made: Document, text: str, words: Vocabulary, origin: str, now: datetime) -> Edition:
    """A new row stands for the name of the document from now on."""
    Edition.objects.filter(name=made.name, replaced_at=None).update(replaced_at=now)
    return Edition.objects.create(
        digest=made.digest, name=made.name, number=made.number, title=made.title.zh, title_en=made.title.en,
        series=made.series, subject=made.subject, in_force_on=made.in_force, ends_before=made.until, origin=origin,
        text=text, vocabulary=words, language_version=LANGUAGE_VERSION, recorded_at=now,
    )  # fmt: skip


@transaction.atomic
def draft(*, text: str, reason: str, by: Person, now: datetime, role_kind: str = "") -> Draft:
    """Begin a document of the district. It may still be faulty; its name is the id in the text, where there is one."""
    require(policy.why_not_as("draft", role_kind) or policy.why_not_draft(text, reason), UnableToPublish)
    made, _problems = policy.faults(text, queries.present_vocabulary())
    found = Draft.objects.create(
        name=made.name if made else "", text=text, reason=reason.strip(), drafted_by=by, drafted_at=now, amended_at=now
    )
    ledger.move(found, "draft", by=by, at=now, role_kind=role_kind)
    return found


@transaction.atomic
def amend(
    found: Draft, *, text: str, reason: str, version: int, by: Person, now: datetime, role_kind: str = ""
) -> Draft:
    """Change a draft. Whoever changes it drafts it from then on, so that another still has to publish it."""
    found = queries.locked(found.pk)
    require(
        policy.why_not_as("amend", role_kind)
        or policy.why_not_amend(found, version=version)
        or policy.why_not_draft(text, reason),
        UnableToPublish,
    )
    made, _problems = policy.faults(text, queries.present_vocabulary())
    found.name, found.text, found.reason = made.name if made else found.name, text, reason.strip()
    found.drafted_by, found.amended_at, found.version, found.sent_back = by, now, found.version + 1, ""
    found.save(update_fields=["name", "text", "reason", "drafted_by", "amended_at", "version", "sent_back"])
    ledger.move(found, "amend", by=by, at=now, role_kind=role_kind)
    return found


@transaction.atomic
def offer(found: Draft, *, version: int, by: Person, now: datetime, today: date, role_kind: str = "") -> Draft:
    """It is ready: another official may publish it or send it back."""
    found = queries.locked(found.pk)
    require(
        policy.why_not_as("offer", role_kind) or policy.why_not_offer(found, version=version, today=today),
        UnableToPublish,
    )
    ledger.move(found, "offer", by=by, at=now, role_kind=role_kind)
    found.sent_back = ""
    found.save(update_fields=["sent_back"])
    return found


@transaction.atomic
def send_back(found: Draft, *, reason: str, by: Person, now: datetime, role_kind: str = "") -> Draft:
    """What was offered is drafted on; the reason stays until it is amended or offered again, and in the ledger."""
    found = queries.locked(found.pk)
    require(
        policy.why_not_as("send_back", role_kind) or policy.why_not_send_back(found, by=by, reason=reason),
        UnableToPublish,
    )
    ledger.move(found, "send_back", by=by, at=now, role_kind=role_kind, details={"reason": reason.strip()})
    found.sent_back = reason.strip()
    found.save(update_fields=["sent_back"])
    return found


@transaction.atomic
def publish(
    found: Draft, *, version: int, by: Person, now: datetime, today: date, aware: bool = False, role_kind: str = ""
) -> Edition:
    """The draft becomes an immutable edition; an open-ended edition of the same rule is judged by until it begins.

    ``aware``: whoever publishes it says that no decision may rest on the parts that nobody has confirmed.
    """
    found = queries.locked(found.pk)
    require(
        policy.why_not_as("publish", role_kind) or policy.why_not_publish(found, by=by, version=version, today=today),
        UnableToPublish,
    )
    made, _problems = policy.faults(found.text, queries.present_vocabulary())
    assert made is not None  # the refusal above would have said so
    require(policy.why_not_unaware(made, aware=aware), UnableToPublish)
    try:
        with transaction.atomic():
            edition = _stand(made, found.text, queries.present_vocabulary_row(), Edition.Origin.DISTRICT, now)
    except IntegrityError as error:
        raise UnableToPublish(Refusal("published_already", _("内容完全相同的文件已经发布过。"))) from error
    found.edition, found.published_by, found.published_at = edition, by, now
    found.save(update_fields=["edition", "published_by", "published_at"])
    told = {"digest": edition.digest, "day": today.isoformat()}
    ledger.move(found, "publish", by=by, at=now, role_kind=role_kind, details=told)
    return edition


@transaction.atomic
def abandon(found: Draft, *, by: Person, now: datetime, role_kind: str = "") -> Draft:
    """It will not be published; it stays readable."""
    found = queries.locked(found.pk)
    require(
        policy.why_not_as("abandon", role_kind) or policy.why_not_amend(found, version=found.version), UnableToPublish
    )
    ledger.move(found, "abandon", by=by, at=now, role_kind=role_kind)
    return found


@transaction.atomic
def confirm(
    edition: Edition, *, parameter: str, source: str, by: Person, now: datetime, role_kind: str = ""
) -> Confirmation:
    """This official has checked a part of the document against its source; a decision may rest on it from now on.

    ``parameter``: the name of a figure, or "criterion:NAME", "definition:NAME", "variant:NAME" (with its own figures).
    """
    require(
        policy.why_not_as("confirm", role_kind) or policy.why_not_confirm(edition, parameter, source), UnableToPublish
    )
    found, created = Confirmation.objects.get_or_create(
        edition=edition,
        parameter=parameter,
        defaults={"source": source.strip(), "confirmed_by": by, "confirmed_at": now},
    )
    if not created:
        raise UnableToPublish(Refusal("confirmed", _("这一项已经核对过。"), field="parameter"))
    ledger.move(found, "confirm", by=by, at=now, role_kind=role_kind, details={"parameter": parameter})
    return found


@transaction.atomic
def keep(
    *, name: str, document: str, settings: Mapping[str, str], by: Person, now: datetime, role_kind: str = ""
) -> Scenario:
    """Keep a scenario under a name; the same name again keeps the new figures."""
    refusal = None if name.strip() else Refusal("no_name", _("没有写方案名称。"), field="name")
    require(policy.why_not_as("keep", role_kind) or refusal, UnableToPublish)
    found, _created = Scenario.objects.update_or_create(
        kept_by=by, document=document, name=name.strip()[:80], defaults={"settings": dict(settings), "kept_at": now}
    )
    ledger.move(found, "keep", by=by, at=now, role_kind=role_kind, details={"document": document})
    return found


@transaction.atomic
def share(found: Scenario, *, by: Person, now: datetime, role_kind: str = "") -> Scenario:
    """Let colleagues see it. Only its keeper shares it."""
    refusal = None if found.kept_by_id == by.pk else Refusal("not_yours", _("只有保存方案的人可以共享它。"))
    require(policy.why_not_as("share", role_kind) or refusal, UnableToPublish)
    Scenario.objects.filter(pk=found.pk).update(is_shared=True)
    ledger.move(found, "share", by=by, at=now, role_kind=role_kind)
    found.is_shared = True
    return found


@transaction.atomic
def drop(found: Scenario, *, by: Person, now: datetime, role_kind: str = "") -> None:
    """Its keeper takes a scenario away, from those it was shared with, too; the ledger keeps what it said."""
    refusal = None if found.kept_by_id == by.pk else Refusal("not_yours", _("只有保存方案的人可以删除它。"))
    require(policy.why_not_as("drop", role_kind) or refusal, UnableToPublish)
    held = Scenario.objects.select_for_update().filter(pk=found.pk).first()
    if held is None:
        raise UnableToPublish(Refusal("gone", _("这个方案已经删除。")))
    told = {"name": held.name, "document": held.document, "settings": held.settings}
    ledger.move(held, "drop", by=by, at=now, role_kind=role_kind, details=told)
    held.delete()


@transaction.atomic
def pin(
    edition: Edition,
    *,
    subject_kind: str,
    subject_id: int,
    as_of: date,
    known_at: datetime,
    facts: Mapping[str, Any],
    purpose: str,
    by: Person | None,
    now: datetime,
    role_kind: str = "",
) -> Evaluation:
    """Keep an evaluation that something official will rest on, with its facts by value.

    ``facts``: {"facts": {name: whole number or None}, "members": [{"key", "facts"}], "sources": {name: {"text", "on",
    "link"}}} in base units, as core keeps them. Refused while the finding rests on figures that nobody confirmed.
    """
    require(policy.why_not_as("pin", role_kind), UnableToPin)
    confirmed = queries.confirmations(edition)
    told = judge(queries.document(edition, confirmed), as_of, facts)
    require(policy.why_not_rest_on(Mark(str(told["mark"]))), UnableToPin)
    content = canonical.written(facts)
    kept, _created = FactSet.objects.get_or_create(
        digest=canonical.digest(content), defaults={"content": content, "recorded_at": now}
    )
    made = Evaluation.objects.create(
        edition=edition, subject_kind=subject_kind, subject_id=subject_id, as_of=as_of, known_at=known_at,
        language_version=LANGUAGE_VERSION, confirmed=confirmed, facts=kept, result=canonical.written(told),
        verdict=told["verdict"], mark=told["mark"], purpose=purpose, made_by=by, made_at=now,
    )  # fmt: skip
    ledger.move(
        made, "pin", by=by, at=now, role_kind=role_kind, details={"facts": kept.digest, "edition": edition.digest}
    )
    return made
