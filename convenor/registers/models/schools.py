"""Schools, the groups they belong to, and the links that carry a school's history through conversion and merger."""

from django.db import models

from convenor.england import keeping
from convenor.registers.models.areas import LocalAuthority
from convenor.registers.models.editions import PUBLISHED, PUBLISHED_AUTHORITY, Edition


class Group(models.Model):
    """A trust, federation, sponsor or other group that the Department registers; the key is its UID."""

    uid = models.CharField(max_length=10, primary_key=True)
    group_id = models.CharField(max_length=20, blank=True)
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60, help_text="As published: Multi-academy trust, Federation, School sponsor ...")
    status = models.CharField(max_length=40, blank=True)
    companies_house_number = models.CharField(max_length=10, blank=True)
    ukprn = models.CharField(max_length=8, blank=True)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    fictitious = models.BooleanField(default=False)
    edition = models.ForeignKey(Edition, on_delete=models.SET_NULL, null=True, blank=True)

    class Meta:
        ordering = ("name",)

    class Privacy:
        open = (
            "uid", "group_id", "name", "kind", "status", "companies_house_number", "ukprn", "opened_on", "closed_on", "fictitious",
            "edition",
        )  # fmt: skip
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school as the newest editions describe it: for each field, the newest edition that says anything.

    The key is the URN, which is text. A fictitious school belongs only to a demonstration, and never counts in context,
    comparisons, runs or map totals.
    """

    urn = models.CharField(max_length=8, primary_key=True)
    laestab = models.CharField(max_length=8, blank=True, db_index=True, help_text="Three digits of the authority, four of the school")
    ukprn = models.CharField(max_length=8, blank=True)
    name = models.CharField(max_length=200)
    search_name = models.CharField(max_length=200, blank=True, help_text="Folded for search: lower case, no punctuation")
    authority = models.ForeignKey(LocalAuthority, on_delete=models.PROTECT, related_name="schools", null=True)
    phase = models.CharField(
        max_length=30, blank=True, help_text="Ofsted's phase: Nursery, Primary, Secondary, Special, PRU, All-through, 16 plus"
    )
    type_name = models.CharField(max_length=80, blank=True, help_text="Type of establishment, as published")
    type_group = models.CharField(max_length=40, blank=True, help_text="maintained, academy, free school, special, independent ...")
    status = models.CharField(max_length=30, blank=True, help_text="open, closed, proposed, proposed to close")
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    low_age = models.PositiveSmallIntegerField(null=True, blank=True)
    high_age = models.PositiveSmallIntegerField(null=True, blank=True)
    gender = models.CharField(max_length=20, blank=True)
    religious_character = models.CharField(max_length=80, blank=True)
    diocese = models.CharField(max_length=100, blank=True)
    admissions = models.CharField(max_length=40, blank=True)
    sixth_form = models.BooleanField(null=True, blank=True)
    pupils = models.PositiveIntegerField(null=True, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    trust = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="schools")
    federation = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, blank=True, related_name="federated_schools")
    street = models.CharField(max_length=200, blank=True)
    town = models.CharField(max_length=100, blank=True)
    postcode = models.CharField(max_length=10, blank=True)
    website = models.CharField(max_length=300, blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    easting = models.PositiveIntegerField(null=True, blank=True, help_text="Metres, OSGB36 national grid")
    northing = models.PositiveIntegerField(null=True, blank=True)
    lsoa_code = models.CharField(max_length=9, blank=True)
    urban_rural = models.CharField(max_length=80, blank=True)
    fictitious = models.BooleanField(default=False)
    described_by = models.JSONField(default=dict, blank=True, help_text="For each group of fields, the key of the edition that said it")

    class Meta:
        ordering = ("name",)
        indexes = [
            models.Index(fields=["authority", "status", "fictitious", "name"], name="school_area_list"),
            models.Index(fields=["postcode"], name="school_postcode"),
        ]

    class Privacy:
        open = (
            "urn", "laestab", "ukprn", "name", "search_name", "authority", "phase", "type_name", "type_group", "status", "opened_on",
            "closed_on", "low_age", "high_age", "gender", "religious_character", "diocese", "admissions", "sixth_form", "pupils",
            "capacity", "trust", "federation", "street", "town", "postcode", "website", "telephone", "easting", "northing", "lsoa_code",
            "urban_rural", "fictitious", "described_by",
        )  # fmt: skip
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.name


class SchoolRecord(models.Model):
    """What one edition says of one school: the history of the register, from which `School` is the newest view."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    urn = models.CharField(max_length=8)
    authority_code = models.CharField(max_length=3, blank=True)
    phase = models.CharField(max_length=30, blank=True)
    type_name = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=30, blank=True)
    opened_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    facts = models.JSONField(default=dict, help_text="The other fields of `School` that this edition gives")

    class Meta:
        indexes = [
            models.Index(fields=["edition", "authority_code"], name="record_edition"),
            models.Index(fields=["urn"], name="record_urn"),
        ]

    class Privacy:
        open = ("id", "edition", "urn", "authority_code", "phase", "type_name", "status", "opened_on", "closed_on", "facts")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.urn


class SchoolLink(models.Model):
    """A published link from one URN to another: predecessor, successor, merger, split, sixth-form centre ..."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    urn = models.CharField(max_length=8)
    linked_urn = models.CharField(max_length=8)
    linked_name = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=60, help_text="As published, as in 'Predecessor - merged'")
    established_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["urn"], name="link_urn"),
            models.Index(fields=["linked_urn"], name="link_linked_urn"),
            models.Index(fields=["edition"], name="link_edition"),
        ]

    class Privacy:
        open = ("id", "edition", "urn", "linked_urn", "linked_name", "kind", "established_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.urn} {self.kind} {self.linked_urn}"


class GroupRecord(models.Model):
    """What one edition says of one group: the history from which `Group` is the newest view."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    uid = models.CharField(max_length=10)
    facts = models.JSONField(default=dict, help_text="The fields of `Group` that this edition gives")

    class Meta:
        indexes = [
            models.Index(fields=["uid"], name="group_record_uid"),
            models.Index(fields=["edition"], name="group_record_edition"),
        ]

    class Privacy:
        open = ("id", "edition", "uid", "facts")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return self.uid


class GroupMembership(models.Model):
    """A school's time in a group."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, db_index=False)
    urn = models.CharField(max_length=8)
    group_uid = models.CharField(max_length=10)
    joined_on = models.DateField(null=True)
    left_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["urn"], name="group_membership_urn"),
            models.Index(fields=["group_uid"], name="group_membership_group"),
            models.Index(fields=["edition"], name="group_membership_edition"),
        ]

    class Privacy:
        open = ("id", "edition", "urn", "group_uid", "joined_on", "left_on")
        shared = ()
        personal = ()
        secret = ()

    class Keeping:
        period = PUBLISHED
        authority = PUBLISHED_AUTHORITY
        rule = keeping.published()

    def __str__(self) -> str:
        return f"{self.urn} in {self.group_uid}"


class HeadOfSchool(models.Model):
    """The head's name as the public register gives it: kept only for a partnership's own schools, never in samples or pictures."""

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE)
    urn = models.CharField(max_length=8, db_index=True)
    title = models.CharField(max_length=30, blank=True)
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100, blank=True)
    job_title = models.CharField(max_length=100, blank=True)

    class Privacy:
        open = ("id", "edition", "urn", "job_title")
        shared = ()
        personal = ("title", "first_name", "last_name")
        secret = ()

    class Keeping:
        period = "until the next edition of the register, or until the school leaves the partnership"
        authority = "UK GDPR Article 5(1)(c) and (e); public task of the partnership"
        rule = keeping.until_act("the next edition of the register comes, or the school leaves the partnership")

    def __str__(self) -> str:
        return self.urn
