"""Work to do after commit: a row written in the verb's own transaction, done by a worker."""

from django.db import models


class Job(models.Model):
    """One piece of work: the dotted name of a task and its arguments (keys only)."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"

    task = models.CharField(max_length=120)  # app.name, found in hatchline.apps.<app>.tasks or hatchline.journeys.tasks
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    added_at = models.DateTimeField()
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)
    once_key = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"], name="outbox_due")]
