"""Priorities, task-and-finish groups and decisions."""

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import LASTING, LASTING_AUTHORITY, Body, Partnership


class Priority(models.Model):
    """What the partnership has agreed to work on: one lead body, a measure and an end."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="priorities")
    title = models.CharField(max_length=200)
    why = models.TextField(blank=True)
    lead_body = models.ForeignKey(Body, on_delete=models.PROTECT, null=True, blank=True, related_name="priorities")
    measure = models.TextField(blank=True, help_text="How anyone will know, with baseline and target")
    came_from = models.CharField(max_length=200, blank=True, help_text="A diamond nine, a consultation, a shared problem ...")
    from_on = models.DateField()
    until_on = models.DateField()
    closed_why = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "priorities"
        ordering = ("partnership", "from_on", "id")
        constraints = [models.CheckConstraint(condition=models.Q(until_on__gt=models.F("from_on")), name="priority_ends_after_it_begins")]

    class Privacy:
        open = ("id", "partnership", "title", "why", "lead_body", "measure", "came_from", "from_on", "until_on")
        shared = ("closed_why",)
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.title


class TaskGroup(models.Model):
    """A task-and-finish group's charge: what it is to bring, by when, for which priority. It is itself a body."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="task_groups")
    body = models.OneToOneField(Body, on_delete=models.CASCADE, related_name="charge")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="task_groups")
    task = models.TextField()
    output = models.TextField(help_text="What it hands over when it finishes")
    due_on = models.DateField()
    finished_on = models.DateField(null=True, blank=True)
    lessons = models.TextField(blank=True)

    class Meta:
        ordering = ("partnership", "due_on")

    class Privacy:
        open = ("id", "partnership", "body", "priority", "task", "output", "due_on", "finished_on")
        shared = ("lessons",)
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.task


class Decision(models.Model):
    """What a body decided, when and why. It is never edited: a later decision replaces it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="decisions")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="decisions")
    decided_on = models.DateField()
    words = models.TextField()
    why = models.TextField(blank=True)
    votes_for = models.PositiveSmallIntegerField(null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(null=True, blank=True)
    abstained = models.PositiveSmallIntegerField(null=True, blank=True)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ("partnership", "-decided_on", "-id")

    class Privacy:
        open = ("id", "partnership", "body", "decided_on", "votes_for", "votes_against", "abstained", "replaces", "recorded_at")
        shared = ("words", "why")
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.words[:60]
