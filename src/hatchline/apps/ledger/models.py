"""Who did what, when, for whom, from which state to which. Rows hold keys and salted digests, never personal values."""

from django.db import models


class Entry(models.Model):
    """One move. No foreign keys: what happened stays true whatever becomes of the rows it speaks of."""

    at = models.DateTimeField(db_index=True)
    event = models.CharField(max_length=80, db_index=True)  # app.noun.verbed
    subject_kind = models.CharField(max_length=60)  # app.model
    subject_id = models.CharField(max_length=40)
    from_status = models.CharField(max_length=40, blank=True)
    to_status = models.CharField(max_length=40, blank=True)
    by_id = models.BigIntegerField(null=True)  # person; null: the system
    role_kind = models.CharField(max_length=20, blank=True)
    on_behalf_of = models.CharField(max_length=100, blank=True)  # kind:id of the body or venture it was done for
    details = models.JSONField(default=dict)  # keys, codes, digests

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="ledger_subject")]
