"""People in seats and posts, calls for names and who was put forward."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from convenor.england import keeping
from convenor.partnership.models.structure import LASTING, LASTING_AUTHORITY, Body, Partnership, Seat
from convenor.registers.models import Group, LocalAuthority, School


class Appointment(models.Model):
    """One person's time in a seat. A term that ends leaves the row: the partnership remembers who sat where."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="appointments")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appointments")
    school = models.ForeignKey(
        School, on_delete=models.PROTECT, null=True, blank=True, related_name="+", help_text="The school they come from"
    )
    trust = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    organisation = models.CharField(max_length=120, blank=True, help_text="Where it is neither a school nor a trust")
    role = models.CharField(max_length=60, blank=True, help_text="In what role they sit: key of a role in rules.vocabulary")
    told = models.JSONField(default=dict, blank=True, help_text="What the constitution file says of where they come from")
    how = models.CharField(max_length=20, blank=True, help_text="election, nomination, appointment ...")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    successor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="will_succeed")
    hand_over = models.TextField(blank=True, help_text="What the next holder needs to know")
    ended_why = models.CharField(max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        ordering = ("seat", "from_on")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="appointment_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["seat", "person", "from_on"], name="appointment_once"),
        ]
        indexes = [models.Index(fields=["person", "from_on"], name="appointment_person")]

    class Privacy:
        open = ("id", "partnership", "seat", "school", "trust", "organisation", "role", "told", "how", "from_on", "until_on")
        shared = ("person", "successor", "hand_over", "ended_why")
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.person} as {self.seat}"


class Post(models.Model):
    """A post that outlives its holders: head of a school, chair of its governors, trust lead, officer, manager.

    `role` is the name of a role in `roles.py`; the place is exactly one of school, trust, body, authority or, when all are
    empty, the partnership itself.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=60)
    title = models.CharField(max_length=120, help_text="As the field says it: Acting headteacher, Clerk to the trustees")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    trust = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")
    body = models.ForeignKey(Body, on_delete=models.CASCADE, null=True, blank=True, related_name="posts")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, null=True, blank=True, related_name="posts")

    class Meta:
        indexes = [models.Index(fields=["partnership", "role"], name="post_role")]

    class Privacy:
        open = ("id", "partnership", "role", "title", "school", "trust", "body", "authority")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return self.title


class Tenure(models.Model):
    """One person's time in a post. Access ends the day it does."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="tenures")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="tenures")
    acting = models.BooleanField(default=False, help_text="Acting or interim")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    hand_over = models.TextField(blank=True)
    history = HistoricalRecords()

    class Meta:
        indexes = [models.Index(fields=["person", "from_on"], name="tenure_person")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="tenure_ends_after_it_begins"
            ),
            models.UniqueConstraint(fields=["post", "person"], condition=models.Q(until_on=None), name="post_held_once_at_a_time"),
        ]

    class Privacy:
        open = ("id", "partnership", "post", "acting", "from_on", "until_on")
        shared = ("person", "hand_over")
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.person}, {self.post}"


class SeatCall(models.Model):
    """A call to fill a seat: opened, nominations gathered, decided or withdrawn."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    seat = models.ForeignKey(Seat, on_delete=models.CASCADE, related_name="calls")
    places = models.PositiveSmallIntegerField(default=1)
    method = models.CharField(max_length=20, help_text="election, nomination or appointment")
    words = models.TextField(blank=True, help_text="What is asked of the holder, in the manager's words")
    opened_on = models.DateField()
    closes_on = models.DateField()
    term_from_on = models.DateField()
    decided_on = models.DateField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ("-opened_on",)
        constraints = [models.CheckConstraint(condition=models.Q(closes_on__gte=models.F("opened_on")), name="call_closes_after_it_opens")]

    class Privacy:
        open = ("id", "partnership", "seat", "places", "method", "words", "opened_on", "closes_on", "term_from_on", "decided_on", "outcome")
        shared = ("withdrawn_why",)
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"Call for {self.seat}"


class Nomination(models.Model):
    """Somebody put forward for a seat, by themselves or by another, and how it went."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    call = models.ForeignKey(SeatCall, on_delete=models.CASCADE, related_name="nominations")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="nominations")
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=60, blank=True, help_text="In what role: key of a role in rules.vocabulary")
    statement = models.TextField(blank=True)
    put_forward_by = models.CharField(max_length=200)
    at = models.DateTimeField()
    votes = models.PositiveIntegerField(null=True, blank=True, help_text="As counted, where there was an election")
    chosen = models.BooleanField(null=True)

    class Meta:
        ordering = ("call", "at")
        constraints = [models.UniqueConstraint(fields=["call", "person"], name="nominated_once")]

    class Privacy:
        open = ("id", "partnership", "call")
        shared = ("person", "school", "role", "statement", "put_forward_by", "at", "votes", "chosen")
        personal = ()
        secret = ()

    class Keeping:
        period = "the current year and six more"
        authority = LASTING_AUTHORITY
        rule = keeping.years_after_year_end(6, "at", "call__decided_on")

    def __str__(self) -> str:
        return f"{self.person} for {self.call}"
