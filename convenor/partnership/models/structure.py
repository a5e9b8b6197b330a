"""The partnership itself, its constitution, tiers, bodies and seats."""

from __future__ import annotations

from django.db import models
from simple_history.models import HistoricalRecords

from convenor.england import keeping
from convenor.registers.models import LocalAuthority

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
        rule = keeping.lasting()

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
        rule = keeping.lasting()

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
        rule = keeping.lasting()

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
        rule = keeping.lasting()

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
        rule = keeping.lasting()

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
        rule = keeping.lasting()

    def __str__(self) -> str:
        return f"{self.title}, {self.body}"
