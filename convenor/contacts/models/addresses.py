"""Role addresses of schools, and who asked not to be written to."""

from __future__ import annotations

from django.db import models

from convenor.england import keeping
from convenor.partnership.models import Partnership
from convenor.registers.models import School


class Contact(models.Model):
    """How a school is reached in one role: its head, chair, clerk, SENCO, business manager or another."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="contacts")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="contacts")
    role = models.CharField(max_length=30, help_text="Key of a role in contacts.rules.roles")
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.CharField(max_length=200, blank=True)
    consent = models.CharField(max_length=10, default="unknown", help_text="To letters to many: yes, no or unknown")
    consent_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, help_text="Where the partnership has it from")

    class Meta:
        ordering = ("school", "role", "id")
        constraints = [
            models.UniqueConstraint(fields=["partnership", "school", "role", "name", "email"], name="contact_once"),
            models.CheckConstraint(condition=~models.Q(name="", email="", phone=""), name="contact_says_something"),
        ]
        indexes = [models.Index(fields=["partnership", "school"], name="contact_school")]

    class Privacy:
        open = ("id", "partnership", "school", "role")
        shared = ("verified_on", "verified_by", "source")
        personal = ("name", "email", "phone", "consent", "consent_on")
        secret = ()

    class Keeping:
        period = "until the school or the manager changes or removes it; whoever nobody verified for a year is asked for again"
        authority = "UK GDPR Article 5(1)(d) and (e); public task of the partnership"
        rule = keeping.until_act("the school or the manager changes or removes it")

    def __str__(self) -> str:
        return f"{self.role} of {self.school_id}"


class LeftOut(models.Model):
    """An address whose holder asked this partnership for no more letters to many. It outlives the contact, so that it stays asked."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="left_out")
    address = models.EmailField(help_text="In small letters")
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "address"], name="left_out_once")]

    class Privacy:
        open = ("id", "partnership")
        shared = ("asked_at",)
        personal = ("address",)
        secret = ()

    class Keeping:
        period = "until they ask to be written to again"
        authority = "UK GDPR Article 21: the right to object is kept by remembering it"
        rule = keeping.until_act("its holder asks to be written to again")

    def __str__(self) -> str:
        return self.address
