"""The partnership's tables. Every row bears its partnership's key; no query crosses that line.

Periods are half-open: `from_on` is the first day (empty: since before anyone wrote it down), `until_on` the first day no
longer (empty while it lasts).
"""

from django.conf import settings
from django.db import models
from simple_history.models import HistoricalRecords

from convenor.registers.models import Group, LocalAuthority, School

LASTING = "while the partnership lasts: it is the partnership's memory"
LASTING_AUTHORITY = "the partnership's constitution and data-sharing agreement"


class Partnership(models.Model):
    """An area's schools and their partners, sharing responsibility."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40, help_text="Key of a kind in rules.constitution")
    purpose = models.TextField(blank=True)
    began_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    rooms_off = models.JSONField(default=list, blank=True, help_text="Rooms this partnership does not use, by name")
    demonstration = models.BooleanField(default=False)
    areas = models.ManyToManyField(LocalAuthority, related_name="partnerships", blank=True)

    class Meta:
        ordering = ("name",)

    class Privacy:
        open = ("id", "slug", "name", "kind", "purpose", "began_on", "ended_on", "demonstration", "areas")
        shared = ("rooms_off",)
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return self.name


class Constitution(models.Model):
    """One version of the written constitution, as it was loaded."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="constitutions")
    from_on = models.DateField()
    text = models.TextField(help_text="The TOML file, whole")
    published = models.TextField(default="", help_text="The same without its people: what anyone may read")
    digest = models.CharField(max_length=64)
    not_found = models.JSONField(default=list, help_text="What the evidence does not tell, by place")
    rules = models.JSONField(default=dict, help_text="What is not a body or a seat: tiers, sources, caps, further kinds and roles")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("partnership", "-loaded_at", "-id")

    class Privacy:
        open = ("id", "partnership", "from_on", "published", "digest", "not_found", "rules", "loaded_at")
        shared = ("text", "loaded_by")
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return f"{self.partnership} from {self.from_on}"


class Tier(models.Model):
    """One level of the partnership, as people draw it: `level` 1 stands at the top."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="tiers")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)
    level = models.PositiveSmallIntegerField()
    hue = models.CharField(max_length=20, help_text="board, alliance or cluster")
    purpose = models.TextField(blank=True)

    class Meta:
        ordering = ("partnership", "level")
        constraints = [models.UniqueConstraint(fields=["partnership", "key"], name="tier_key_once")]

    class Privacy:
        open = ("id", "partnership", "key", "name", "level", "hue", "purpose")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A board, sub-group, alliance, consortium, cluster, network or task-and-finish group."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="bodies")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, related_name="bodies")
    key = models.SlugField(max_length=80)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=40)
    purpose = models.TextField(blank=True)
    phases = models.JSONField(default=list, blank=True, help_text="Phases it serves; empty means all")
    quorum = models.PositiveSmallIntegerField(null=True, blank=True)
    meets = models.CharField(max_length=120, blank=True)
    names_no_school = models.BooleanField(default=False, help_text="It has agreed not to discuss individual schools")
    members_minimum = models.PositiveSmallIntegerField(null=True, blank=True)
    members_maximum = models.PositiveSmallIntegerField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)
    rules = models.JSONField(default=dict, blank=True, help_text="The body as the constitution file writes it")
    order = models.PositiveSmallIntegerField(default=0)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    not_found = models.JSONField(default=list, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name_plural = "bodies"
        ordering = ("partnership", "order", "name")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "key"], name="body_key_once"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="body_ends_after_it_begins"
            ),
        ]

    class Privacy:
        open = (
            "id", "partnership", "tier", "key", "name", "kind", "purpose", "phases", "quorum", "meets", "names_no_school",
            "members_minimum", "members_maximum", "review_on", "rules", "order", "from_on", "until_on", "not_found",
        )  # fmt: skip
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return self.name


class ReportingLine(models.Model):
    """To which body a body reports, and for how long: a restructure ends one line and begins another."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="reports")
    reports_to = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="reported_by")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Privacy:
        open = ("id", "partnership", "body", "reports_to", "from_on", "until_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return f"{self.body} reports to {self.reports_to}"


class Seat(models.Model):
    """A kind of place on a body, for one or more holders: 'Co-chair, 2 or 3, each a headteacher'."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="seats")
    key = models.SlugField(max_length=80)
    title = models.CharField(max_length=200)
    part = models.CharField(max_length=20, help_text="chair, co-chair, deputy, member, observer or clerk")
    constituency = models.CharField(max_length=120, blank=True)
    places_minimum = models.PositiveSmallIntegerField(default=1)
    places_maximum = models.PositiveSmallIntegerField(null=True, blank=True, default=1, help_text="Empty: any number more")
    filled_by = models.CharField(
        max_length=20, blank=True, help_text="election, nomination, appointment, ex-officio ...; empty where not found"
    )
    term_months = models.PositiveSmallIntegerField(null=True, blank=True)
    terms_running = models.PositiveSmallIntegerField(null=True, blank=True)
    rules = models.JSONField(default=dict, blank=True, help_text="The seat as the constitution file writes it")
    order = models.PositiveSmallIntegerField(default=0)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("body", "order")
        constraints = [models.UniqueConstraint(fields=["body", "key"], name="seat_key_once")]

    class Privacy:
        open = (
            "id", "partnership", "body", "key", "title", "part", "constituency", "places_minimum", "places_maximum", "filled_by",
            "term_months", "terms_running", "rules", "order", "from_on", "until_on",
        )  # fmt: skip
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return f"{self.title}, {self.body}"


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

    def __str__(self) -> str:
        return f"{self.person} as {self.seat}"


class Membership(models.Model):
    """A school's time in the partnership: open to every type, and equal."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="memberships")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="memberships")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    left_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("partnership", "school")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "school"], condition=models.Q(until_on=None), name="member_once_at_a_time"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="membership_ends_after_it_begins"
            ),
        ]

    class Privacy:
        open = ("id", "partnership", "school", "from_on", "until_on")
        shared = ("left_why",)
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return f"{self.school} in {self.partnership}"


class BodySchool(models.Model):
    """A school's time in a cluster, alliance or other body: a school may sit in several."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="schools")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="bodies")
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "school"], condition=models.Q(until_on=None), name="school_in_body_once"),
            models.CheckConstraint(
                condition=models.Q(until_on=None) | models.Q(until_on__gte=models.F("from_on")), name="school_leaves_body_after_it_joins"
            ),
        ]
        indexes = [models.Index(fields=["partnership", "school"], name="body_school_school")]

    class Privacy:
        open = ("id", "partnership", "body", "school", "from_on", "until_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = LASTING
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return f"{self.school} in {self.body}"


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

    def __str__(self) -> str:
        return f"{self.person} for {self.call}"


class Engagement(models.Model):
    """One act of taking part by a school: attended, reviewed, answered or offered. Never who signed in, or read what."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="engagements")
    kind = models.CharField(max_length=20, help_text="attended, reviewed, answered or offered")
    what = models.CharField(max_length=200)
    on = models.DateField()
    source = models.CharField(max_length=80, blank=True, help_text="Key of the record in the feature that told it, told once")

    class Meta:
        indexes = [models.Index(fields=["partnership", "on"], name="engagement_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "school", "kind", "source"], condition=~models.Q(source=""), name="engagement_told_once"
            )
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "kind", "what", "on", "source")
        personal = ()
        secret = ()

    class Keeping:
        period = "the current year and six more"
        authority = LASTING_AUTHORITY

    def __str__(self) -> str:
        return f"{self.school} {self.kind} {self.what}"
