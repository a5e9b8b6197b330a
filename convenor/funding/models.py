"""Funds, what has been committed from them, and the rate card. Money is whole pence."""

from django.db import models

from convenor.england import keeping
from convenor.governance.models import Priority
from convenor.partnership.models import LASTING_AUTHORITY, Partnership, Tier
from convenor.registers.models import School


class Fund(models.Model):
    """Money for one financial year with its source and the tier that spends it."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="funds")
    name = models.CharField(max_length=200)
    source = models.CharField(max_length=120, help_text="Schools' contributions, the local authority, a grant ...")
    tier = models.ForeignKey(Tier, on_delete=models.PROTECT, null=True, blank=True, related_name="funds")
    year = models.CharField(max_length=9, help_text="Financial year as 2026-27")
    pence = models.PositiveBigIntegerField()
    purpose = models.TextField(blank=True)

    class Meta:
        ordering = ("partnership", "-year", "name")

    class Privacy:
        open = ("id", "partnership", "name", "source", "tier", "year", "pence", "purpose")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = "six years from the end of the financial year"
        authority = "Companies Act 2006, section 388; Limitation Act 1980, section 5"
        rule = keeping.years_after_financial_year(6, named="year")

    def __str__(self) -> str:
        return f"{self.name} {self.year}"


class Commitment(models.Model):
    """Money promised from a fund: it lessens what is left from the day it is made until it is released."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="commitments")
    priority = models.ForeignKey(Priority, on_delete=models.PROTECT, null=True, blank=True, related_name="commitments")
    what = models.CharField(max_length=200)
    pence = models.PositiveBigIntegerField()
    committed_on = models.DateField()
    released_on = models.DateField(null=True, blank=True)
    released_why = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("fund", "committed_on")
        constraints = [models.CheckConstraint(condition=models.Q(pence__gt=0), name="commitment_is_of_something")]

    class Privacy:
        open = ("id", "partnership", "fund", "priority", "pence", "committed_on", "released_on")
        shared = ("what", "released_why")
        personal = ()
        secret = ()

    class Keeping:
        period = "six years from the end of the financial year"
        authority = LASTING_AUTHORITY
        rule = keeping.years_after_financial_year(6, "committed_on", "released_on", within=("fund",))

    def __str__(self) -> str:
        return f"{self.what}: {self.pence} pence of {self.fund}"


class DayRate(models.Model):
    """What a day of somebody with a designation costs from a day on, and what of it stays with the broker. The newest line counts; those
    before it stay, since packages were agreed at them."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="day_rates")
    key = models.CharField(max_length=40, help_text="Key of a designation, local ones included")
    name = models.CharField(max_length=120)
    day_pence = models.PositiveIntegerField()
    day_hours = models.PositiveSmallIntegerField(help_text="With the writing of its note")
    share_basis_points = models.PositiveSmallIntegerField(default=0, help_text="The broker's, in hundredths of a per cent")
    share_pence = models.PositiveIntegerField(default=0, help_text="The broker's, of each day, where it is no part of the price")
    on_top = models.BooleanField(default=False, help_text="The share comes on top of the price; otherwise it lies within it")
    vat = models.BooleanField(default=False, help_text="VAT is added")
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True, help_text="The first day without it")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("partnership", "name", "from_on", "id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "key"], condition=models.Q(until_on=None), name="day_rate_once"),
            models.CheckConstraint(condition=models.Q(share_basis_points=0) | models.Q(share_pence=0), name="day_rate_one_share"),
        ]

    class Privacy:
        open = ("id", "partnership")
        shared = (
            "key", "name", "day_pence", "day_hours", "share_basis_points", "share_pence", "on_top", "vat", "from_on", "until_on",
            "recorded_at",
        )  # fmt: skip
        personal = ("recorded_by",)
        secret = ()

    class Keeping:
        period = "six years from the end of the financial year in which it last counted"
        authority = "Companies Act 2006, section 388; Limitation Act 1980, section 5"
        rule = keeping.years_after_financial_year(6, "from_on", "until_on", ended="until_on")

    def __str__(self) -> str:
        return f"{self.name}: {self.day_pence} pence a day"


class Subscription(models.Model):
    """What one school was asked to pay for one year, and whether it did: for those who see money, and for the school itself."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="subscriptions")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="subscriptions")
    year = models.CharField(max_length=9, help_text="As 2026-27")
    pence = models.PositiveBigIntegerField()
    paid = models.BooleanField(null=True, help_text="Empty where nobody has said")
    paid_on = models.DateField(null=True, blank=True)
    invoiced_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=200)

    class Meta:
        ordering = ("partnership", "-year", "school")
        constraints = [models.UniqueConstraint(fields=["partnership", "school", "year"], name="subscription_once_a_year")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("school", "year", "pence", "paid", "paid_on", "invoiced_on", "note", "recorded_at")
        personal = ("recorded_by",)
        secret = ()

    class Keeping:
        period = "six years from the end of the financial year"
        authority = "Companies Act 2006, section 388; Limitation Act 1980, section 5"
        rule = keeping.years_after_financial_year(6, "paid_on", "invoiced_on", named="year")

    def __str__(self) -> str:
        return f"{self.school} {self.year}"
