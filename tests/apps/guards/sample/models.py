"""One table for each kind of guard."""

from django.db import models
from django.db.models import Q

from hatchline.apps import columns
from hatchline.apps.guards import AppendOnly, Balanced, Frozen, NeverAbove, NoOverlap


class Booking(models.Model):
    room = models.IntegerField(null=True)
    starts_on = models.DateField(null=True)
    ends_before = models.DateField(null=True)
    status = models.CharField(max_length=10, default="held")

    class Meta:
        constraints = [NoOverlap(name="sample_booking", keys=["room"], condition=~Q(status="cancelled"))]


class Note(models.Model):
    text = models.CharField(max_length=40, unique=True)
    read = models.BooleanField(default=False)

    class Meta:
        constraints = [AppendOnly(name="sample_note", may_update=["read"])]


class Verdict(models.Model):
    outcome = models.CharField(max_length=40)
    status = models.CharField(max_length=10, default="draft")
    comment = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [Frozen(name="sample_verdict", when=Q(status="final"), may_update=["comment"])]


class Budget(models.Model):
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)


class Award(models.Model):
    budget = models.ForeignKey(Budget, on_delete=models.PROTECT)
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    status = models.CharField(max_length=10, default="given")

    class Meta:
        constraints = [
            Balanced(name="sample_award", part="amount", parent="budget", limit="amount", when=Q(status="given"))
        ]


class Room(models.Model):
    number = models.IntegerField(default=0)


class Size(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    area = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    starts_on = models.DateField(null=True)


class Desk(models.Model):
    room = models.ForeignKey(Room, on_delete=models.CASCADE)
    area = models.DecimalField(max_digits=9, decimal_places=2, null=True)
    starts_on = models.DateField(null=True)
    ends_before = models.DateField(null=True)
    status = models.CharField(max_length=10, default="held")

    class Meta:
        constraints = [
            NeverAbove(
                name="sample_desk",
                part="area",
                parent="room",
                limits="guard_sample.Size",
                limit="area",
                when=Q(status="held"),
            )
        ]


class Contact(models.Model):
    """Columns of ours."""

    phone = columns.Encrypted(kind="phone", blank=True)
    phone_digest = models.CharField(max_length=80, blank=True, db_index=True)
    opened = columns.PartialDateColumns()
    closed_on, closed_before, closed_text = columns.partial_date("closed")
