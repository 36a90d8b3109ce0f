"""Questions about documents and evaluations. Documents are read from their kept texts, once per process and text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from django.db.models import Q, QuerySet
from django.utils import timezone

from hatchline.apps.ledger import queries as ledger
from hatchline.apps.rulebooks.models import Confirmation, Draft, Edition, Evaluation, Scenario
from hatchline.apps.rulebooks.models import Vocabulary as VocabularyRow
from hatchline.apps.rulebooks.states import OPEN
from hatchline.core.rules.documents import Document, edition_on, with_confirmed
from hatchline.core.rules.load import load_document, load_vocabulary
from hatchline.core.rules.vocabulary import Vocabulary


def editions() -> QuerySet[Edition]:
    """The text of each document that stands now, oldest rule first."""
    return Edition.objects.filter(replaced_at=None).order_by("subject", "series", "in_force_on")


def edition(name: str) -> Edition | None:
    """The text that stands under a name or a 文号."""
    return Edition.objects.filter(Q(name=name) | Q(number=name), replaced_at=None).order_by("pk").first()


def text_of(name: str, digest: str) -> Edition | None:
    """The text of a document by its digest, whether it still stands or was replaced."""
    return Edition.objects.filter(name=name, digest=digest).first()


def history(name: str) -> QuerySet[Edition]:
    """Every text that ever stood under this name, newest first."""
    return Edition.objects.filter(name=name).order_by("-recorded_at", "-pk")


def before(found: Edition) -> Edition | None:
    """The edition of the same rule and subject that a text takes over from; None for the first of its rule."""
    rows = editions().filter(series=found.series, subject=found.subject, in_force_on__lt=found.in_force_on)
    return rows.exclude(name=found.name).order_by("-in_force_on", "-pk").first()


def begun(since: date, until: date) -> QuerySet[Edition]:
    """The district's own texts that came into force after one day and up to another."""
    return editions().filter(origin=Edition.Origin.DISTRICT, in_force_on__gt=since, in_force_on__lte=until)


def published_on(found: Edition) -> date:
    """The business day on which a text of the district was published; where nobody wrote it down, the clock's day."""
    draft = Draft.objects.filter(edition=found).first()
    entry = ledger.about(draft).filter(event="rulebooks.draft.published").first() if draft is not None else None
    day = entry.details.get("day") if entry is not None else None
    return date.fromisoformat(day) if day else found.recorded_at.astimezone(timezone.get_current_timezone()).date()


def in_force(series: str, day: date) -> Document | None:
    """The edition of a rule that judges an event of this day."""
    return edition_on([document(each) for each in editions().filter(series=series)], series, day)


def document(found: Edition, confirmed: Mapping[str, str] | None = None) -> Document:
    """An edition as core reads it; figures and conditions that an official confirmed carry that mark.

    ``confirmed``: parts taken for confirmed (see core.rules.documents.part); without it those on record. One query.
    """
    names = confirmations(found) if confirmed is None else confirmed
    made = _loaded(found.digest, found.text, _text_of(found.vocabulary_id), found.name)
    return with_confirmed(made, names) if names else made


def confirmations(found: Edition) -> dict[str, str]:
    """The confirmed parts of an edition (see core.rules.documents.part), with the source that was checked."""
    return dict(Confirmation.objects.filter(edition=found).values_list("parameter", "source"))


def confirmations_of(found: Edition) -> dict[str, Confirmation]:
    """The confirmations of an edition by part, with who confirmed."""
    rows = Confirmation.objects.filter(edition=found).select_related("confirmed_by")
    return {each.parameter: each for each in rows}


def all_confirmations() -> dict[int, dict[str, str]]:
    """Confirmed parts with their sources, by edition: one query for every text that stands."""
    made: dict[int, dict[str, str]] = {}
    rows = Confirmation.objects.filter(edition__replaced_at=None).values_list("edition_id", "parameter", "source")
    for edition_id, parameter, source in rows:
        made.setdefault(edition_id, {})[parameter] = source
    return made


def vocabulary(found: Edition) -> Vocabulary:
    """The facts an edition may speak of."""
    return _vocabulary(_text_of(found.vocabulary_id))


@lru_cache(maxsize=8)
def _vocabulary(text: str) -> Vocabulary:
    return load_vocabulary(text)


@lru_cache(maxsize=256)
def _loaded(digest: str, text: str, words: str, name: str) -> Document:
    return load_document(text, _vocabulary(words), f"{name}.yaml")


@lru_cache(maxsize=8)
def _text_of(vocabulary_id: int) -> str:
    return str(VocabularyRow.objects.values_list("text", flat=True).get(pk=vocabulary_id))


def drafts() -> QuerySet[Draft]:
    """Drafts with their people, open ones first."""
    return Draft.objects.select_related("drafted_by", "published_by", "edition").order_by("published_at", "-amended_at")


def open_drafts() -> QuerySet[Draft]:
    """Those that may still be changed or published."""
    return drafts().filter(status__in=OPEN)


def locked(pk: int) -> Draft:
    """The draft as it is now, held until the transaction ends."""
    return Draft.objects.select_for_update(of=("self",)).get(pk=pk)


def scenarios(document_name: str, person: int | None) -> QuerySet[Scenario]:
    """A person's own scenarios of a document and those others share."""
    mine = Q(is_shared=True) if person is None else Q(is_shared=True) | Q(kept_by=person)
    return Scenario.objects.filter(mine, document=document_name).select_related("kept_by").order_by("name", "pk")


def scenario(pk: int, person: int) -> Scenario | None:
    """One scenario that this person may see."""
    return Scenario.objects.filter(Q(is_shared=True) | Q(kept_by=person), pk=pk).first()


def evaluation(pk: int) -> Evaluation | None:
    """One evaluation with what it stands on."""
    return Evaluation.objects.select_related("edition", "facts", "made_by").filter(pk=pk).first()


def evaluations_of(subject_kind: str, *subject_ids: int) -> QuerySet[Evaluation]:
    """What was judged about a subject (by all keys it has had), newest first."""
    rows = Evaluation.objects.filter(subject_kind=subject_kind, subject_id__in=subject_ids)
    return rows.select_related("edition", "made_by").order_by("-made_at", "-pk")


def present_vocabulary_row() -> VocabularyRow:
    """The facts as declared last. LookupError before the packaged documents were taken in."""
    found = VocabularyRow.objects.order_by("-recorded_at", "-pk").first()
    if found is None:
        raise LookupError("the packaged documents have not been taken in: run `hatchline reference`")
    return found


def present_vocabulary() -> Vocabulary:
    """The same as core reads it."""
    return _vocabulary(present_vocabulary_row().text)
