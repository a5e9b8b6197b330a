"""Requests for information, what was found for each, and what was decided on it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.records.rules.clock import RequestKind, StopKind
from convenor.records.rules.decisions import Decision
from convenor.records.rules.states import RequestState
from convenor.registers.models import School

THREE_YEARS = "the current year and three more, from the day it was answered"
THREE_YEARS_AUTHORITY = "the schedule of the Information and Records Management Society’s toolkit for schools: correspondence"


class InformationRequest(models.Model):
    """Somebody asked what is held: under freedom of information, about themselves, or otherwise."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="information_requests")
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in RequestKind])
    state = models.CharField(max_length=12, choices=[(each.value, each.value) for each in RequestState], default=RequestState.OPEN.value)
    asker = models.CharField(max_length=200)
    answer_to = models.CharField(max_length=300, blank=True, help_text="Where the answer goes")
    words = models.TextField(help_text="What was asked, in the asker's own words")
    received_on = models.DateField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    own_day = models.DateField(null=True, blank=True, help_text="For a request whose clock no law sets")
    longer_why = models.TextField(blank=True, help_text="Why two months more are needed; empty where they are not")
    searched_at = models.DateTimeField(null=True, blank=True)
    letter = models.TextField(blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_note = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-received_on", "-id")
        indexes = [models.Index(fields=["partnership", "state"], name="request_state")]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "kind", "state", "received_on", "school", "own_day", "longer_why", "searched_at", "ended_on", "ended_note", "recorded_at",
            "version",
        )  # fmt: skip
        personal = ("asker", "answer_to", "words", "person", "letter", "recorded_by")
        secret = ()

    class Keeping:
        period = THREE_YEARS
        authority = THREE_YEARS_AUTHORITY
        rule = keeping.years_after_year_end(3, "received_on", "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return f"request {self.pk}"


class RequestStop(models.Model):
    """The clock of a request stands still while the asker has to do something first."""

    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="stops")
    kind = models.CharField(max_length=10, choices=[(each.value, each.value) for each in StopKind])
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="The day on which the answer came; empty while we wait")
    note = models.TextField(blank=True)

    class Meta:
        ordering = ("from_on", "id")
        constraints = [models.UniqueConstraint(fields=["request"], condition=models.Q(until_on=None), name="request_stops_once")]

    class Privacy:
        open = ("id",)
        shared = ("request", "kind", "from_on", "until_on")
        personal = ("note",)
        secret = ()

    class Keeping:
        period = THREE_YEARS
        authority = THREE_YEARS_AUTHORITY
        rule = keeping.years_after_year_end(3, "from_on", "until_on", within=("request",))

    def __str__(self) -> str:
        return f"stop {self.pk}"


class RequestItem(models.Model):
    """One thing that was found: what it is, as it stood, who answers for it, and what a person decided on it."""

    request = models.ForeignKey(InformationRequest, on_delete=models.CASCADE, related_name="items")
    table = models.CharField(max_length=80, blank=True, help_text="Label of its table; empty for what is kept elsewhere, such as on paper")
    key = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=200)
    record_class = models.CharField(max_length=40, blank=True)
    holder = models.CharField(max_length=60)
    urn = models.CharField(max_length=8, blank=True, help_text="The school whose record it is, if one")
    content = models.JSONField(default=list, help_text="Its lines as they stood when it was found: name, label, value")
    marks = models.JSONField(default=dict, help_text="Lines that hold, or may hold, what is personal to others, and why they are marked")
    found_at = models.DateTimeField()
    changed = models.BooleanField(default=False, help_text="It was found again after it was decided on, and had changed")
    note = models.TextField(blank=True)
    decision = models.CharField(max_length=10, blank=True, choices=[(each.value, each.value) for each in Decision])
    why = models.TextField(blank=True, help_text="The exemption or restriction, in the decider's own words")
    left_out = models.JSONField(default=list, help_text="Names of the lines that are left out of what is disclosed")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("table", "id")
        constraints = [
            models.UniqueConstraint(fields=["request", "table", "key"], condition=~models.Q(table=""), name="request_item_once"),
        ]

    class Privacy:
        open = ("id",)
        shared = (
            "request", "table", "key", "record_class", "holder", "urn", "found_at", "changed", "decision", "left_out", "decided_at",
            "version",
        )  # fmt: skip
        personal = ("title", "content", "marks", "note", "why", "decided_by")
        secret = ()

    class Keeping:
        period = THREE_YEARS
        authority = THREE_YEARS_AUTHORITY
        rule = keeping.years_after_year_end(3, "found_at", "decided_at", within=("request",))

    def __str__(self) -> str:
        return f"item {self.pk}"
