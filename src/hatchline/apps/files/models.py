"""Documents as they were handed in. Content is kept once however often it comes; a File is one handing-in of it."""

from django.db import models

from hatchline.apps.files.states import Status
from hatchline.apps.guards import Frozen


class Content(models.Model):
    """Bytes on disk under their SHA-256, untouched since they came."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveBigIntegerField()  # bytes
    media_type = models.CharField(max_length=100)  # found in the bytes, not in the name
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [Frozen(name="files_content_untouched", may_delete=True)]

    def __str__(self) -> str:
        return self.sha256[:12]


class File(models.Model):
    """A document handed in for a subject. Who may see the subject may see it."""

    content = models.ForeignKey(Content, null=True, on_delete=models.PROTECT, related_name="files")  # null: erased
    name = models.CharField(max_length=200)  # as it was called where it came from
    sha256 = models.CharField(max_length=64, db_index=True)  # stays when the content is erased
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)
    subject_kind = models.CharField(max_length=60)  # app.model
    subject_id = models.CharField(max_length=40)
    by_id = models.BigIntegerField(null=True)  # person; null: the system
    stored_at = models.DateTimeField()
    status = models.CharField(max_length=12, choices=Status, default=Status.KEPT)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="files_subject")]
        constraints = [
            Frozen(name="files_file_untouched", may_update=["status", "content", "name", "subject_kind", "subject_id"])
        ]

    def __str__(self) -> str:
        return self.name
