"""People who may sign in, or who hold a seat without ever signing in."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from convenor.england import keeping


class PersonManager(BaseUserManager["Person"]):
    """Finds people by e-mail address, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """The person with this e-mail address, in any case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody the partnership knows: a head, a governor, an officer, a reviewer.

    What they may do is never said here: that is the post they hold, in `partnership`.
    """

    name = models.CharField(max_length=200)
    email = models.EmailField(unique=True, null=True, blank=True)
    is_active = models.BooleanField(default=True)
    fictitious = models.BooleanField(default=False, help_text="Invented for a demonstration")
    created_at = models.DateTimeField()

    objects = PersonManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name_plural = "people"
        ordering = ("name",)

    class Privacy:
        open = ("id", "fictitious")
        shared = ("name", "is_active", "created_at")
        personal = ("email", "last_login")
        secret = ("password",)

    class Keeping:
        period = "while a post is held, then six years with the records they made"
        authority = "Limitation Act 1980, section 5; the partnership's data-sharing agreement"
        rule = keeping.years_after_year_end(6, "last_login", "created_at")

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        """The name as the person writes it."""
        return self.name

    def get_short_name(self) -> str:
        """The first word of the name."""
        return self.name.split()[0] if self.name.split() else self.name


class Pin(models.Model):
    """Six digits that somebody whose session began by a mailed link gives before a confidential page."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="pin")
    sealed = models.CharField(max_length=200, help_text="Made with the site's secret key, so that a copy of the database opens nothing")
    chosen_at = models.DateTimeField()
    failed = models.PositiveIntegerField(default=0, help_text="Wrong tries in a row")
    last_failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "PIN"
        verbose_name_plural = "PINs"

    class Privacy:
        open = ("id",)
        shared = ()
        personal = ("person", "chosen_at", "failed", "last_failed_at")
        secret = ("sealed",)

    class Keeping:
        period = "until it is changed or taken off, and no longer than the person is kept"
        authority = "UK GDPR Article 5(1)(e) and (f); the partnership's data-sharing agreement"
        rule = keeping.until_act("its person changes it, or it is taken off", within=("person",))

    def __str__(self) -> str:
        return f"PIN of {self.person_id}"
