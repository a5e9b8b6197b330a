"""Beside the packages: notes of contact, who else is in there, mentors, the call before an inspection, and support rings."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.registers.models import School
from convenor.support.models.directory import Supporter
from convenor.support.rules.states import Accuracy, ContactKind, OtherKind


class ContactNote(LastingRow):
    """A note of contact with a school, in a minute: an annual conversation, a call. The head reads it first and says if it is right."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="contact_notes")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in ContactKind])
    on = models.DateField()
    words = models.TextField()
    next_step = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ("-on", "-id")

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "kind", "on", "at")
        personal = ("by", "by_label")
        secret = ("words", "next_step")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "on", "at")

    def __str__(self) -> str:
        return f"contact {self.pk}"


class ContactMark(LastingRow):
    """What the head says of a note of contact: accurate or not, and why. It stands beside the note for ever."""

    note = models.ForeignKey(ContactNote, on_delete=models.PROTECT, related_name="marks")
    accuracy = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Accuracy])
    words = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id",)
        shared = ("note", "accuracy", "at")
        personal = ("by",)
        secret = ("words",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("note",))

    def __str__(self) -> str:
        return f"{self.accuracy}"


class OtherSupport(models.Model):
    """Who else works with a school: a regional team, a hub, its trust, its diocese. Shown before anybody is matched."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="other_support")
    kind = models.CharField(max_length=20, choices=[(each.value, each.value) for each in OtherKind])
    name = models.CharField(max_length=200)
    about = models.JSONField(default=list, blank=True, help_text="Keys of themes")
    words = models.CharField(max_length=300, blank=True)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-from_on", "id")

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "kind", "name", "about", "from_on", "until_on", "recorded_at", "version")
        personal = ("recorded_by",)
        secret = ("words", "source")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "from_on", "until_on", "recorded_at", ended="until_on")

    def __str__(self) -> str:
        return self.name


class Mentoring(models.Model):
    """A mentor for a new or acting head, for a year at a time. Nobody else reads what the two speak about: nothing of it is kept."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="mentorings")
    head = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mentor = models.ForeignKey(Supporter, on_delete=models.PROTECT, related_name="mentorings")
    why = models.JSONField(default=list, help_text="Why the two were matched, sentences for both")
    offered_at = models.DateTimeField()
    offered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    head_agreed_at = models.DateTimeField(null=True, blank=True)
    mentor_agreed_at = models.DateTimeField(null=True, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "head", "school"], condition=models.Q(ended_on=None), name="one_mentor_at_a_time"
            )
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "head", "mentor", "offered_at", "from_on", "until_on", "ended_on", "version")
        personal = ("offered_by", "why")
        secret = ("head_agreed_at", "mentor_agreed_at")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "offered_at", "until_on", "ended_on")

    def __str__(self) -> str:
        return f"mentoring {self.pk}"


class InspectionCall(models.Model):
    """That a school was told of an inspection. The head chooses who knows; the outcome stays locked until it is published."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="inspection_calls")
    called_at = models.DateTimeField()
    from_on = models.DateField()
    until_on = models.DateField(help_text="The first day after it")
    knows = models.JSONField(default=list, help_text="Keys of people whom the head told")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    moved = models.JSONField(default=list, help_text="[{kind, key}] of reviews and visits that gave way")
    outcome = models.TextField(blank=True)
    published_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_on = models.DateField(null=True, blank=True)
    steps = models.JSONField(default=list, help_text="[{what, at}]: kept here and not in the journal, which others read")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            # by person, so that pressing the button tells nobody whether somebody else of the school pressed it before
            models.UniqueConstraint(fields=["partnership", "school", "by"], condition=models.Q(ended_on=None), name="one_call_at_a_time")
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("version",)
        personal = ("by", "colleague")
        secret = ("school", "called_at", "from_on", "until_on", "knows", "moved", "outcome", "published_on", "ended_on", "steps")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "called_at", "until_on", "published_on", "ended_on")

    def __str__(self) -> str:
        return f"call {self.pk}"


class RingPlan(LastingRow):
    """One reckoning of support rings over what schools offer and want: kept as it stood."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    asked = models.JSONField()
    answer = models.JSONField()
    seed = models.PositiveIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("-at", "-id")

    class Privacy:
        open = ("id", "partnership")
        shared = ("seed", "at")
        personal = ("by",)
        secret = ("asked", "answer")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at")

    def __str__(self) -> str:
        return f"rings {self.pk}"


class Ring(models.Model):
    """A helps B helps C helps A: no money moves, everybody gives and learns. It begins when every head has agreed."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="+")
    plan = models.ForeignKey(RingPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="rings")
    proposed_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    begun_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = ("id", "partnership")
        shared = ("plan", "proposed_at", "begun_on", "ended_on", "version")
        personal = ("by",)
        secret = ("ended_why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "proposed_at", "begun_on", "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return f"ring {self.pk}"


class RingLink(models.Model):
    """One link of a ring: who helps whom with what. The head of each school agrees to both its giving and its receiving at once."""

    ring = models.ForeignKey(Ring, on_delete=models.CASCADE, related_name="links")
    giver = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    theme = models.CharField(max_length=40)
    half_days = models.PositiveSmallIntegerField(default=2)
    giver_agreed_at = models.DateTimeField(null=True, blank=True)
    words = models.TextField(blank=True, help_text="What came of it, in the receiver's words")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ring", "giver"], name="ring_gives_once"),
            models.UniqueConstraint(fields=["ring", "receiver"], name="ring_receives_once"),
            models.CheckConstraint(condition=~models.Q(giver=models.F("receiver")), name="ring_link_to_another"),
        ]

    class Privacy:
        open = ("id",)
        shared = ("ring", "giver", "receiver", "theme", "half_days", "giver_agreed_at")
        personal = ()
        secret = ("words",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "giver_agreed_at", "ring__proposed_at", within=("ring",))

    def __str__(self) -> str:
        return f"link {self.pk}"
