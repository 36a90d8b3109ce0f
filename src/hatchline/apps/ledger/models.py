"""Who did what, when, for whom, from which state to which. Rows hold keys and salted digests, never personal values."""

from django.db import models

from hatchline.apps.guards import AppendOnly


class Entry(models.Model):
    """One move. No foreign keys: what happened stays true whatever becomes of the rows it speaks of."""

    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=80, db_index=True)  # app.noun.verbed
    subject_kind = models.CharField(max_length=60)  # app.model
    subject_id = models.CharField(max_length=40)
    from_status = models.CharField(max_length=40, blank=True)
    to_status = models.CharField(max_length=40, blank=True)
    by_id = models.BigIntegerField(null=True, db_index=True)  # person; null: the system
    role_kind = models.CharField(max_length=20, blank=True)
    on_behalf_of = models.CharField(max_length=100, blank=True)  # kind:id of the body or venture it was done for
    details = models.JSONField(default=dict)  # keys, codes, digests

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="ledger_subject")]
        constraints = [AppendOnly(name="ledger_entry_kept")]

    def __str__(self) -> str:
        return f"{self.pk} {self.event} {self.subject_kind}:{self.subject_id}"


class ImportedRow(models.Model):
    """What one row of an import became. The import itself is one Entry."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="imported_rows")
    place = models.CharField(max_length=80)  # sheet and row, as the file counts them
    outcome = models.CharField(max_length=12)  # created, updated, unchanged, rejected, question
    subject_kind = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    details = models.JSONField(default=dict)  # keys, codes, digests

    class Meta:
        constraints = [AppendOnly(name="ledger_imported_row_kept")]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="ledger_row_by_subject")]

    def __str__(self) -> str:
        return f"{self.place} {self.outcome}"


class Seal(models.Model):
    """A batch of committed rows under one digest, chained to the seal before it."""

    class Stream(models.TextChoices):
        ENTRIES = "entries"
        IMPORTED_ROWS = "imported_rows"

    number = models.PositiveBigIntegerField(unique=True)  # 1, 2, 3 … without gaps
    stream = models.CharField(max_length=20, choices=Stream)
    covers = models.TextField()  # numbers of the rows: 1-500,502-530
    first_pk = models.BigIntegerField()
    last_pk = models.BigIntegerField()
    rows = models.PositiveIntegerField()
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(db_index=True)

    class Meta:
        indexes = [models.Index(fields=["stream", "last_pk"], name="ledger_seal_stream")]
        constraints = [AppendOnly(name="ledger_seal_kept")]

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"
