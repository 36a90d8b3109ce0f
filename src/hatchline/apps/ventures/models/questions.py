"""Questions about the record, with a right of reply."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hatchline.apps.ventures.models.stays import Stay
from hatchline.apps.ventures.models.ventures import Venture
from hatchline.apps.ventures.states import QuestionStatus


class QuestionKind(models.TextChoices):
    OVERLAP = "overlap", _("两家机构同时登记")
    IMPRECISE = "imprecise", _("时间不精确，可能重叠")
    CONTRADICTION = "contradiction", _("毕业以后又登记在孵")
    DUPLICATE = "duplicate", _("可能重复的记录")


class Resolution(models.TextChoices):
    KEEP_FIRST = "keep_first", _("保留原有记录")
    KEEP_SECOND = "keep_second", _("采用新登记的记录")
    SECOND_ASIDE = "second_aside", _("两条都保留，新记录不计入统计")
    BOTH = "both", _("并无重叠，两条都成立")
    MERGED = "merged", _("是同一主体，已合并")
    DISTINCT = "distinct", _("不是同一主体")


class Question(models.Model):
    """``stay`` was there, ``other_stay`` came. A duplicate names two ventures. The authority settles it."""

    kind = models.CharField(max_length=13, choices=QuestionKind)
    venture = models.ForeignKey(Venture, on_delete=models.PROTECT, related_name="questions")
    other_venture = models.ForeignKey(Venture, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    stay = models.ForeignKey(Stay, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    other_stay = models.ForeignKey(Stay, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    status = models.CharField(max_length=8, choices=QuestionStatus, default=QuestionStatus.OPEN)
    asked_at = models.DateTimeField()
    due_on = models.DateField(_("答复期限"))
    resolution = models.CharField(max_length=12, choices=Resolution, blank=True)
    note = models.CharField(max_length=300, blank=True)
    settled_by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("疑问")
        indexes = [models.Index(fields=["status", "due_on"], name="question_by_due_day")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "stay", "other_stay"],
                condition=Q(other_stay__isnull=False, status=QuestionStatus.OPEN),  # again only once it was settled
                name="question_asked_once",
            ),
            models.UniqueConstraint(
                fields=["venture", "other_venture"],
                condition=Q(other_venture__isnull=False),
                name="question_of_two_ventures_once",
            ),
            models.CheckConstraint(condition=~Q(venture=F("other_venture")), name="question_of_two_ventures"),
            models.CheckConstraint(
                condition=~Q(status=QuestionStatus.SETTLED) | ~Q(resolution=""), name="question_settled_somehow"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.venture}"


class Asked(models.Model):
    """An institution with a right of reply, and its reply once it gave one."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="asked")
    institution = models.ForeignKey("institutions.Institution", on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    by = models.ForeignKey("people.Person", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    replied_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True, editable=False)  # when its people got a message

    class Meta:
        indexes = [models.Index(fields=["id"], name="asked_untold", condition=Q(told_at=None))]
        constraints = [
            models.UniqueConstraint(fields=["question", "institution"], name="question_asked_of_each_once"),
            models.CheckConstraint(condition=Q(replied_at=None) | ~Q(text=""), name="question_reply_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.question_id} → {self.institution_id}"
