"""Documents as immutable rows by hash; drafts of the district's own, confirmations, scenarios, evaluations."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.guards import AppendOnly, Frozen
from hatchline.apps.rulebooks.states import DraftStatus


class Vocabulary(models.Model):
    """The declared facts, as they stood when documents were read with them."""

    digest = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [AppendOnly(name="vocabulary_stays")]

    def __str__(self) -> str:
        return self.digest[:12]


class Edition(models.Model):
    """One published text of a document. Never changed: a later text of the same name is another row."""

    class Origin(models.TextChoices):
        PACKAGED = "packaged", _("随系统发布")
        DISTRICT = "district", _("本区发布")

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=80)
    number = models.CharField(_("文号"), max_length=120)
    title = models.CharField(_("标题"), max_length=200)
    title_en = models.CharField(max_length=200)
    series = models.CharField(max_length=80)
    subject = models.CharField(max_length=12)
    in_force_on = models.DateField(_("施行日期"))
    ends_before = models.DateField(null=True, blank=True)
    origin = models.CharField(max_length=10, choices=Origin)
    text = models.TextField()
    vocabulary = models.ForeignKey(Vocabulary, on_delete=models.PROTECT, related_name="+")
    language_version = models.PositiveSmallIntegerField()
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)  # a later text of this name stands since then

    class Meta:
        verbose_name = _("规则文件")
        ordering = ["series", "in_force_on", "pk"]
        constraints = [
            AppendOnly(name="edition_stays", may_update=["replaced_at"]),
            models.UniqueConstraint(fields=["name"], condition=Q(replaced_at=None), name="edition_stands_once"),
        ]

    def __str__(self) -> str:
        return self.number


class Draft(models.Model):
    """A document of the district on its way. Whoever drafted it does not publish it."""

    name = models.CharField(max_length=80)
    text = models.TextField()
    reason = models.CharField(_("起草说明"), max_length=300)
    status = models.CharField(max_length=10, choices=DraftStatus, default=DraftStatus.DRAFTED)
    drafted_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    amended_at = models.DateTimeField()
    sent_back = models.CharField(_("退回理由"), max_length=300, blank=True)  # "" once amended or offered again
    published_by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    edition = models.OneToOneField(Edition, null=True, blank=True, on_delete=models.PROTECT, related_name="draft")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        verbose_name = _("规则草稿")
        constraints = [
            Frozen(name="draft_published_stays", when=Q(status=DraftStatus.PUBLISHED)),
            models.CheckConstraint(
                condition=Q(published_by=None) | ~Q(published_by=F("drafted_by")), name="draft_published_by_another"
            ),
            models.CheckConstraint(
                condition=~Q(status=DraftStatus.PUBLISHED) | Q(edition__isnull=False, published_by__isnull=False),
                name="draft_published_with_its_edition",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="draft_has_a_reason"),
        ]

    def __str__(self) -> str:
        return self.name


class Confirmation(models.Model):
    """A named official checked a part of one edition against its source: from then on a decision may rest on it.

    ``parameter``: the name of a figure, or "criterion:NAME", "definition:NAME", "variant:NAME".
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="confirmations")
    parameter = models.CharField(max_length=80)
    source = models.CharField(_("来源"), max_length=300)
    confirmed_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("参数核对")
        constraints = [
            AppendOnly(name="confirmation_stays"),
            models.UniqueConstraint(fields=["edition", "parameter"], name="confirmed_once"),
            models.CheckConstraint(condition=~Q(source=""), name="confirmation_has_a_source"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.parameter}"


class Scenario(models.Model):
    """Figures of a document put otherwise, kept under a name. `settings` maps a parameter to its value as written."""

    name = models.CharField(_("方案名称"), max_length=80)
    document = models.CharField(max_length=80)
    settings = models.JSONField(default=dict)
    kept_by = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    is_shared = models.BooleanField(default=False)
    kept_at = models.DateTimeField()

    class Meta:
        verbose_name = _("试算方案")
        constraints = [
            models.UniqueConstraint(fields=["kept_by", "document", "name"], name="scenario_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="scenario_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class FactSet(models.Model):
    """The facts of an evaluation by value: canonical JSON, one row however many evaluations stand on it."""

    digest = models.CharField(max_length=64, unique=True)
    content = models.TextField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [AppendOnly(name="facts_stay")]

    def __str__(self) -> str:
        return self.digest[:12]


class KeptFacts(models.Model):
    """What was known about all subjects of a kind on a day when the ledger's head was ``head``, as columns (see
    core.rules.keeping). May be thrown away.
    """

    subject = models.CharField(max_length=12)
    as_of = models.DateField()
    names = models.JSONField(default=list)  # the facts that were asked for
    words = models.CharField(max_length=64)  # digest of how they were declared
    head = models.BigIntegerField()
    known_at = models.DateTimeField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "as_of"], name="facts_kept_once")]

    def __str__(self) -> str:
        return f"{self.subject} {self.as_of}"


class Evaluation(models.Model):
    """A judgement of one subject under one edition on a day, pinned: with its facts by value and its result, so that
    it can be reckoned again for ever. A preview is no row: its address keeps the digest of the edition and the moment
    at which the facts were known, nothing else.
    """

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="evaluations")
    subject_kind = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    as_of = models.DateField()
    known_at = models.DateTimeField()
    language_version = models.PositiveSmallIntegerField()
    confirmed = models.JSONField(default=dict)  # parts confirmed at that moment, with their sources
    facts = models.ForeignKey(FactSet, on_delete=models.PROTECT, related_name="+")
    result = models.TextField()  # canonical JSON of what core.rules.telling tells
    verdict = models.CharField(max_length=8)
    mark = models.CharField(max_length=10)
    purpose = models.CharField(max_length=200, blank=True)
    made_by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("逐条判定")
        indexes = [models.Index(fields=["subject_kind", "subject_id", "-made_at"], name="evaluation_by_subject")]
        constraints = [
            AppendOnly(name="evaluation_stays"),
            models.CheckConstraint(condition=~Q(result="") & ~Q(verdict=""), name="evaluation_pinned_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.edition_id}: {self.subject_kind} {self.subject_id} {self.as_of}"
