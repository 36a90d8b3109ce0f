"""Uploads on their way in: mappings kept for next time, runs, and what became of every row."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from hatchline.apps.guards import AppendOnly
from hatchline.apps.imports.states import RowOutcome, RunStatus


class KeptMapping(models.Model):
    """A mapping that was used, found again by the list's columns."""

    target = models.CharField(max_length=30)
    columns = models.CharField(max_length=64)  # digest of the list's header row
    name = models.CharField(max_length=120)
    text = models.TextField()  # YAML, see core/tables/mapping.py
    used_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "columns"], name="imports_one_mapping_a_list")]


class Run(models.Model):
    """One list on its way in."""

    target = models.CharField(max_length=30)
    status = models.CharField(max_length=12, choices=RunStatus, default=RunStatus.UPLOADED)
    # the file itself is kept by the app files, with this run as its subject
    file_name = models.CharField(max_length=255)
    file_hash = models.CharField(max_length=64)
    by = models.ForeignKey("people.Person", null=True, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    mapping = models.TextField(blank=True)  # YAML
    mapping_hash = models.CharField(max_length=64, blank=True)
    source = models.CharField(max_length=120, blank=True)  # which list this is: its keys are known by it
    only_good_rows = models.BooleanField(default=False)  # leave the bad rows out instead of refusing the list
    previewed_hash = models.CharField(max_length=64, blank=True)  # file and mapping as they were previewed
    preview = models.JSONField(default=dict)  # counts by outcome, first problems
    rows_total = models.PositiveIntegerField(null=True)
    cursor = models.PositiveIntegerField(default=0)  # records already committed
    counts = models.JSONField(default=dict)  # by outcome, of committed records
    problem = models.JSONField(default=dict)  # why it failed
    entry_id = models.BigIntegerField(null=True)  # the ledger's row of this run
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file_name


class Row(models.Model):
    """What became of one row. Its cells stay in the stored file alone; nobody alters a row but by answering it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rows")
    sheet = models.CharField(max_length=60, blank=True)
    number = models.PositiveIntegerField()  # as the spreadsheet shows it
    part = models.PositiveSmallIntegerField(default=0)  # a row may give several records
    outcome = models.CharField(max_length=10, choices=RowOutcome)
    key = models.CharField(max_length=200, blank=True)  # as SourceKey has it; of questions
    subject_id = models.BigIntegerField(null=True)
    label = models.CharField(_("名称"), max_length=200, blank=True)
    problems = models.JSONField(default=list)
    candidates = models.JSONField(default=list)  # of questions: [{"id", "label", "reasons"}]
    answer = models.CharField(max_length=20, blank=True)  # key of a candidate | new | skip | asked_again
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "sheet", "number", "part"], name="imports_row_once"),
            AppendOnly(name="imports_row_kept", may_update=["answer", "answered_at", "subject_id"]),
        ]
        indexes = [
            models.Index(fields=["run", "outcome", "number"], name="imports_row_outcome"),
            models.Index(fields=["key"], name="imports_row_question", condition=models.Q(outcome="question")),
        ]


class SourceKey(models.Model):
    """The record a list's row was taken into, so that the same list again finds it."""

    target = models.CharField(max_length=30)
    source = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    subject_id = models.BigIntegerField(null=True)  # null: the row was left out on purpose
    content = models.CharField(max_length=64)  # digest of the values last taken in

    class Meta:
        constraints = [models.UniqueConstraint(fields=["target", "source", "key"], name="imports_key_once")]
        indexes = [models.Index(fields=["target", "subject_id"], name="imports_key_subject")]
