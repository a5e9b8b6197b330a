"""The directory of quality-assured support: who offers, what vouches for them, how many days they have, and what schools say they can
offer and want to learn."""

from __future__ import annotations

from uuid import uuid4

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS
from convenor.registers.models import Group, School
from convenor.support.rules.states import AssuranceKind, ConflictKind, SupporterKind


class LocalDesignation(models.Model):
    """A name that this partnership itself gives to those whose quality it has seen, beside the national ones."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="local_designations")
    key = models.SlugField(max_length=60, help_text="Begins with local-")
    name = models.CharField(max_length=120)
    says = models.CharField(max_length=300, help_text="What somebody has shown to be given it")
    ended_on = models.DateField(null=True, blank=True, help_text="From this day it is given to nobody new")

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint(fields=["partnership", "key"], name="local_designation_once")]

    class Privacy:
        open = ("id", "partnership", "key", "name", "says", "ended_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return self.name


class Supporter(models.Model):
    """Somebody or some body that offers support: a person, a school, a trust, a hub, a service. `school` is where a person comes from,
    or the school itself; it is empty for those outside every school, who have a place of their own."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="supporters")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in SupporterKind])
    name = models.CharField(max_length=200)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="supporters")
    trust = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="supporters")
    organisation = models.CharField(max_length=200, blank=True, help_text="Who employs them, where it is no school of the register")
    designations = models.JSONField(default=list, blank=True, help_text="Keys of rules.designations; local ones included")
    expertise = models.JSONField(default=list, blank=True, help_text="Keys of peer_review.rules.themes")
    phases = models.JSONField(default=list, blank=True, help_text="Phases it serves; empty: all")
    formats = models.JSONField(default=list, blank=True, help_text="Values of SupportFormat")
    says = models.TextField(blank=True, help_text="In its own words")
    easting = models.PositiveIntegerField(null=True, blank=True, help_text="A place of its own, metres")
    northing = models.PositiveIntegerField(null=True, blank=True)
    reach_km = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How far it goes in a straight line; empty: the whole area"
    )
    published = models.BooleanField(default=False, help_text="It agrees to stand in the published directory")
    uid = models.UUIDField(default=uuid4, editable=False, help_text="Its name in the published directory")
    taken_from = models.CharField(max_length=200, blank=True, help_text="The published directory that it was taken in from")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="The first day without it")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("name", "id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "uid"], name="supporter_uid_once"),
            models.UniqueConstraint(fields=["partnership", "person"], condition=models.Q(until_on=None), name="supporter_person_once"),
            models.UniqueConstraint(
                fields=["partnership", "school"], condition=models.Q(until_on=None, kind="school"), name="supporter_school_once"
            ),
        ]
        indexes = [models.Index(fields=["partnership", "until_on"], name="supporter_here")]

    class Privacy:
        open = ("id", "partnership", "uid", "published")
        shared = (
            "kind",
            "name",
            "school",
            "trust",
            "organisation",
            "designations",
            "expertise",
            "phases",
            "formats",
            "says",
            "reach_km",
            "taken_from",
            "from_on",
            "until_on",
            "version",
        )
        personal = ("person", "easting", "northing")
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "from_on", "until_on", ended="until_on")

    def __str__(self) -> str:
        return self.name


class Assurance(models.Model):
    """One piece of evidence of quality: who vouches for it, what they saw, and until when it counts."""

    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="assurances")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in AssuranceKind])
    assurer = models.CharField(max_length=160, help_text="The body that vouches for it")
    source = models.CharField(max_length=300, help_text="Where it can be read, or what was seen")
    assured_on = models.DateField()
    valid_until_on = models.DateField(help_text="The last day on which it counts")
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("supporter", "assured_on", "id")
        constraints = [models.CheckConstraint(condition=models.Q(valid_until_on__gte=models.F("assured_on")), name="assurance_lasts")]

    class Privacy:
        open = ("id",)
        shared = ("supporter", "kind", "assurer", "source", "assured_on", "valid_until_on", "withdrawn_on", "recorded_at")
        personal = ("recorded_by",)
        secret = ("withdrawn_why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "valid_until_on", "withdrawn_on", "recorded_at", within=("supporter",))

    def __str__(self) -> str:
        return f"{self.kind}, {self.assured_on}"


class CapacityYear(models.Model):
    """How many half days a supporter offers in a school year, and how many of them are booked and delivered. The database itself keeps
    the booked from passing the offered: two brokers cannot both have the last day."""

    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="years")
    year = models.CharField(max_length=7, help_text="School year as 2026-27")
    half_days_offered = models.PositiveSmallIntegerField()
    half_days_booked = models.PositiveSmallIntegerField(default=0)
    half_days_delivered = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("supporter", "year")
        constraints = [
            models.UniqueConstraint(fields=["supporter", "year"], name="capacity_once_a_year"),
            models.CheckConstraint(condition=models.Q(half_days_booked__lte=models.F("half_days_offered")), name="booked_within_offered"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("supporter", "year", "half_days_offered", "half_days_booked", "half_days_delivered")
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, named="year")

    def __str__(self) -> str:
        return f"{self.supporter_id}, {self.year}"


class StandingInterest(models.Model):
    """A school that a supporter should not work with, as they declared it; nobody but they themselves ever reads it."""

    supporter = models.ForeignKey(Supporter, on_delete=models.CASCADE, related_name="interests")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in ConflictKind])
    declared_at = models.DateTimeField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["supporter", "school"], name="support_interest_once")]

    class Privacy:
        open = ("id",)
        shared = ()
        personal = ("supporter", "declared_at")
        secret = ("school", "kind", "until_on")

    class Keeping:
        period = "until it is taken back or the supporter leaves the directory"
        authority = "the partnership's data-sharing agreement"
        rule = keeping.until_act("it is taken back or the supporter leaves the directory", within=("supporter",))

    def __str__(self) -> str:
        return f"interest {self.pk}"


class SchoolAnswer(models.Model):
    """What a school can offer and what it wants to learn, in a school year: every school is asked both. The newest of a year counts."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    year = models.CharField(max_length=7, help_text="School year as 2026-27")
    offers = models.JSONField(default=list, blank=True, help_text="Keys of themes")
    wants = models.JSONField(default=list, blank=True, help_text="Keys of themes")
    words = models.TextField(blank=True)
    half_days = models.PositiveSmallIntegerField(default=0, help_text="What it could give in the year")
    ring = models.BooleanField(default=True, help_text="It would join a support ring")
    answered_at = models.DateTimeField()
    answered_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "school", "year"], name="school_answer_once_a_year")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "year", "offers", "wants", "half_days", "ring", "answered_at", "version")
        personal = ("answered_by",)
        secret = ("words",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "answered_at", named="year")

    def __str__(self) -> str:
        return f"{self.school_id}, {self.year}"
