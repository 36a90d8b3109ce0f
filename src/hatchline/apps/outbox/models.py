"""Work to do after commit: a row written in the verb's own transaction, done by a worker."""

from django.db import models
from django.db.models import Q

from hatchline.apps.outbox.states import Status


class Job(models.Model):
    """One piece of work: the dotted name of a task and its arguments (keys only)."""

    Status = Status

    task = models.CharField(max_length=120)  # app.name, found in hatchline.apps.<app>.tasks or hatchline.journeys.tasks
    arguments = models.JSONField(default=dict)
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    added_at = models.DateTimeField()
    due_at = models.DateTimeField()  # not before; moved on by each pause
    leased_by = models.CharField(max_length=80, blank=True)  # the worker that has it
    leased_until = models.DateTimeField(null=True)  # past: that worker is gone and another takes it
    attempts = models.PositiveIntegerField(default=0)  # begun, whatever became of them
    done_at = models.DateTimeField(null=True)
    problem = models.TextField(blank=True)  # of the last attempt
    once_key = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["status", "due_at"], name="outbox_due")]
        constraints = [
            models.UniqueConstraint(
                fields=["task", "once_key"],
                condition=Q(status="waiting", attempts=0) & ~Q(once_key=""),
                name="outbox_waits_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.pk}"
