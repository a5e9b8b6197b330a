"""One school's peer review: where it stands, its team, every step, its plan, and what each side expected to find."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.partnership.models.lasting import LIMITATION, SIX_YEARS, LastingRow
from convenor.peer_review.models.register import Reviewer
from convenor.peer_review.models.rounds import ReviewRound
from convenor.peer_review.rules.states import Outcome, Part, ReviewKind, Side, State, Step
from convenor.registers.models import School


class PeerReview(models.Model):
    """The review of one host school in a round. The school owns it. `state` is kept while it is postponed or ended, in `resumes`.

    Visits are half-open: `visit_from_on` is the first day, `visit_until_on` the first day no longer. `version` counts changes.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="peer_reviews")
    round = models.ForeignKey(ReviewRound, on_delete=models.PROTECT, related_name="reviews")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="peer_reviews")
    state = models.CharField(max_length=20, choices=[(each.value, each.value) for each in State])
    resumes = models.CharField(max_length=20, blank=True, help_text="The state it goes on from when it is no longer postponed")
    kind = models.CharField(max_length=20, blank=True, choices=[(each.value, each.value) for each in ReviewKind])
    questions = models.JSONField(default=list, blank=True, help_text="One or two enquiry questions, the host's own")
    themes = models.JSONField(default=list, blank=True, help_text="Keys of rules.themes that the questions touch")
    scale = models.JSONField(default=list, blank=True, help_text="Words of a scale that the host chose; empty: no grade")
    visit_from_on = models.DateField(null=True, blank=True)
    visit_until_on = models.DateField(null=True, blank=True)
    shared_on = models.DateField(null=True, blank=True)
    fed_back_at = models.DateTimeField(null=True, blank=True)
    draft_on = models.DateField(null=True, blank=True)
    final_on = models.DateField(null=True, blank=True)
    workshop_on = models.DateField(null=True, blank=True)
    workshop_words = models.TextField(blank=True)
    impact_on = models.DateField(null=True, blank=True, help_text="The day of the impact visit, planned or held")
    impact_words = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True, choices=[(each.value, each.value) for each in Outcome])
    ended_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("visit_from_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["round", "school"], name="review_of_school_once_a_round"),
            models.CheckConstraint(
                condition=models.Q(visit_from_on=None) | models.Q(visit_until_on__gt=models.F("visit_from_on")), name="visit_takes_days"
            ),
        ]
        indexes = [
            models.Index(fields=["partnership", "state"], name="review_state"),
            models.Index(fields=["school"], name="review_school"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "round", "school", "state", "resumes", "kind", "visit_from_on", "visit_until_on", "shared_on", "fed_back_at", "draft_on",
            "final_on", "workshop_on", "impact_on", "ended_on", "version",
        )  # fmt: skip
        personal = ()
        secret = ("questions", "themes", "scale", "workshop_words", "impact_words", "outcome")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "visit_until_on", "final_on", "workshop_on", "impact_on", "ended_on", ended="ended_on")

    def __str__(self) -> str:
        return f"peer review {self.pk}"


class TeamMember(models.Model):
    """A reviewer's part in a review, from the day the team was published. Somebody who left keeps their row, with the day and why."""

    review = models.ForeignKey(PeerReview, on_delete=models.CASCADE, related_name="team")
    reviewer = models.ForeignKey(Reviewer, on_delete=models.PROTECT, related_name="parts")
    part = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Part])
    why = models.JSONField(default=list, blank=True, help_text="Why they were matched, sentences for them to read")
    from_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)
    left_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["review", "reviewer", "part"], condition=models.Q(left_on=None), name="part_once_at_a_time"),
            models.UniqueConstraint(fields=["review"], condition=models.Q(left_on=None, part="lead"), name="one_lead_at_a_time"),
        ]
        indexes = [models.Index(fields=["reviewer"], name="part_reviewer")]

    class Privacy:
        open = ("id",)
        shared = ("review", "reviewer", "part", "from_on", "left_on")
        personal = ("why",)
        secret = ("left_why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "from_on", "left_on", within=("review",))

    def __str__(self) -> str:
        return f"{self.part} {self.reviewer_id}"


class ReviewStep(LastingRow):
    """One step of a review: what, who, when and why. Never changed."""

    review = models.ForeignKey(PeerReview, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=[(each.value, each.value) for each in Step])
    state = models.CharField(max_length=20, help_text="Where the review stood after it")
    at = models.DateTimeField()
    by_key = models.CharField(max_length=40)
    by_label = models.CharField(max_length=200)
    late = models.BooleanField(default=False, help_text="After the day it was due")
    why = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")

    class Privacy:
        open = ("id", "review")
        shared = ("step", "state", "at", "late")
        personal = ("by_key", "by_label")
        secret = ("why",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "at", within=("review",))

    def __str__(self) -> str:
        return f"{self.step}, {self.at}"


class SelfReview(models.Model):
    """What the host says of itself before the visit: its words by heading, beside published figures frozen on the day of sharing."""

    review = models.OneToOneField(PeerReview, on_delete=models.CASCADE, related_name="self_review")
    words = models.JSONField(default=dict, blank=True, help_text="By the key of a heading of the model of review")
    figures = models.JSONField(default=list, blank=True, help_text="Published figures as shared: value, cohort, interval, period, edition")
    saved_at = models.DateTimeField()
    saved_by = models.CharField(max_length=200)
    version = models.PositiveIntegerField(default=1)

    class Privacy:
        open = ("id",)
        shared = ("review", "figures", "saved_at", "version")
        personal = ("saved_by",)
        secret = ("words",)

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "saved_at", within=("review",))

    def __str__(self) -> str:
        return f"self-review of {self.review_id}"


class Activity(models.Model):
    """One thing done on the visit, always together with somebody of the host: the host partner, by role."""

    review = models.ForeignKey(PeerReview, on_delete=models.CASCADE, related_name="activities")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=20, blank=True)
    on = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()
    place = models.CharField(max_length=80, blank=True)
    host_partner = models.CharField(max_length=120, help_text="Who of the host does it with them, by role")
    reviewers = models.JSONField(default=list, blank=True, help_text="Keys of the reviewers who take part; empty: all")
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "activities"
        ordering = ("on", "starts", "id")
        constraints = [models.CheckConstraint(condition=models.Q(ends__gt=models.F("starts")), name="activity_takes_time")]

    class Privacy:
        open = ("id",)
        shared = ("review", "title", "kind", "on", "starts", "ends", "place", "host_partner", "reviewers", "version", "removed_at")
        personal = ()
        secret = ()

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "on", "removed_at", within=("review",))

    def __str__(self) -> str:
        return self.title


class Expectation(models.Model):
    """The three findings that one side expects, named in private before the visit. Only the host ever sees the overlap."""

    review = models.ForeignKey(PeerReview, on_delete=models.CASCADE, related_name="expectations")
    side = models.CharField(max_length=10, choices=[(each.value, each.value) for each in Side])
    findings = models.JSONField(help_text="Three of {theme, strength: bool, words}")
    named_at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "side"], name="expectation_once_a_side")]

    class Privacy:
        open = ("id",)
        shared = ()
        personal = ("by",)
        secret = ("review", "side", "findings", "named_at")

    class Keeping:
        period = SIX_YEARS
        authority = LIMITATION
        rule = keeping.years_after_year_end(6, "named_at", within=("review",))

    def __str__(self) -> str:
        return f"expectation {self.pk}"
