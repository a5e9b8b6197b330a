"""What people fill in about seats, members, taking part and rooms. Choices are given by the page, from its queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from convenor.england.dates import NotADateError, read_date
from convenor.partnership.queries.seats import PersonChoice, StandingSeen
from convenor.partnership.roles import ROLES, SEAT_ROLES, HeldAt
from convenor.partnership.rules.engagement import Kind
from convenor.partnership.rules.rooms import ROOMS
from convenor.partnership.rules.terms import DAY, USUAL_NAMES, Closed, Stretch
from convenor.partnership.rules.vocabulary import How

HOW_WORDS = {
    How.ELECTION: "An election", How.NOMINATION: "Nomination", How.SELF_NOMINATION: "People putting themselves forward",
    How.APPOINTMENT: "Appointment", How.CO_OPTION: "Co-option", How.INVITATION: "Invitation",
}  # fmt: skip
KIND_WORDS = {
    Kind.ATTENDED: "Attended something", Kind.REVIEWED: "Reviewed, or was reviewed", Kind.ANSWERED: "Answered a question or consultation",
    Kind.OFFERED: "Offered time or expertise",
}  # fmt: skip


def day_field(label: str, hint: str = "", *, required: bool = True, initial: date | None = None) -> forms.DateField:
    """A day, in the browser's own date box."""
    return forms.DateField(
        label=label, help_text=hint, required=required, initial=initial, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2026-09-01"},
    )  # fmt: skip


def words_field(label: str, hint: str = "", *, required: bool = False, rows: int = 4) -> forms.CharField:
    """Several lines of words."""
    return forms.CharField(label=label, help_text=hint, required=required, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}))


class ChoosePerson(forms.Form):
    """Somebody, with the school and the role in which they would sit: one choice for each post they hold."""

    person = forms.ChoiceField(label="Who")

    def __init__(self, *args: Any, people: Iterable[PersonChoice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {f"{each.person_id}-{each.urn}-{each.role}": each for each in people}
        choices = [(key, f"{each.name} – {each.said}") for key, each in self.people.items()]
        self.fields["person"].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> PersonChoice:
        """Whom they chose; only after the form is valid."""
        return self.people[self.cleaned_data["person"]]


class AppointForm(ChoosePerson):
    """Somebody takes a seat."""

    field_order = ("person", "from_on", "until_on", "how")
    from_on = day_field("First day")
    until_on = day_field("First day no longer", "Leave empty when the term in the constitution says it", required=False)
    how = forms.ChoiceField(
        label="How they were chosen",
        required=False,
        choices=[("", "As the constitution says"), *((how.value, words) for how, words in HOW_WORDS.items())],
    )


class EndForm(forms.Form):
    """Somebody leaves a seat, or a school leaves."""

    until_on = day_field("First day no longer", "What the seat or post allowed ends on this day")
    why = forms.CharField(label="Why", help_text="For the partnership's own record", required=False, max_length=200)


class SuccessorForm(ChoosePerson):
    """Who is to follow."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].required = False
        self.fields["person"].label = "Who follows"
        self.fields["person"].help_text = "Choose nobody to take a name back. Naming fills no seat: that is an appointment or a call."


class HandOverForm(forms.Form):
    """What the next holder needs to know."""

    words = words_field("What the next holder needs to know", "Work in hand, promises made, people to meet. No pupil is named.", rows=8)


class CallForm(forms.Form):
    """A call for names."""

    places = forms.IntegerField(label="Places to fill", min_value=1, max_value=99, widget=forms.NumberInput(attrs={"width": "3"}))
    closes_on = day_field("Last day to put somebody forward")
    term_from_on = day_field("First day of the term")
    method = forms.ChoiceField(
        label="How it will be decided",
        required=False,
        choices=[("", "As the constitution says"), *((how.value, words) for how, words in HOW_WORDS.items())],
    )
    words = words_field("What is asked of the holder", "How much time, how often, what help comes with it")


class NominateForm(ChoosePerson):
    """Somebody is put forward."""

    statement = words_field("In a few words, why", "Shown to members of the partnership")


class WithdrawForm(forms.Form):
    """A call ends without filling the seat."""

    why = forms.CharField(label="Why the call is withdrawn", max_length=200)


class DecideForm(forms.Form):
    """How a call came out: votes as counted, or a choice and how it was made."""

    why = words_field("How it was decided", "Needed when you choose rather than count votes; otherwise as you like", rows=3)

    def __init__(self, *args: Any, standing: Iterable[StandingSeen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standing = list(standing)
        for each in self.standing:
            self.fields[f"votes-{each.id}"] = forms.IntegerField(
                label=f"Votes for {each.name}", required=False, min_value=0, widget=forms.NumberInput(attrs={"width": "4"})
            )
        self.fields["chosen"] = forms.MultipleChoiceField(
            label="Or choose", required=False, widget=forms.CheckboxSelectMultiple,
            choices=[(str(each.id), f"{each.name}, {each.school}" if each.school else each.name) for each in self.standing],
            help_text="Only where votes do not settle it: say below how it was decided",
        )  # fmt: skip
        self.order_fields([*(f"votes-{each.id}" for each in self.standing), "chosen", "why"])

    def votes(self) -> dict[int, int] | None:
        """The votes of each, or None where not every one was entered."""
        found = {each.id: self.cleaned_data.get(f"votes-{each.id}") for each in self.standing}
        return {key: value for key, value in found.items() if value is not None} if None not in found.values() else None

    def chosen(self) -> list[int]:
        """The keys of those chosen by hand."""
        return [int(key) for key in self.cleaned_data.get("chosen", ())]


class JoinForm(forms.Form):
    """A school joins."""

    school = forms.ChoiceField(label="School")
    from_on = day_field("First day as a member")

    def __init__(self, *args: Any, schools: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", "Choose"), *((urn, f"{name} ({urn})") for urn, name in schools)]  # type: ignore[attr-defined]


class PlaceForm(forms.Form):
    """A school comes to sit in a cluster or other body, or leaves it."""

    body = forms.ChoiceField(label="Cluster or other body")
    on = day_field("From which day")

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].choices = [("", "Choose"), *bodies]  # type: ignore[attr-defined]


class TookPartForm(forms.Form):
    """A school attended, reviewed, answered or offered something."""

    school = forms.ChoiceField(label="School")
    kind = forms.ChoiceField(
        label="What it did", widget=forms.RadioSelect, choices=[(kind.value, words) for kind, words in KIND_WORDS.items()]
    )
    what = forms.CharField(label="In a few words", max_length=200, help_text="Such as: autumn conference; no pupil is named")
    on = day_field("On which day")

    def __init__(self, *args: Any, schools: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school"].choices = [("", "Choose"), *schools]  # type: ignore[attr-defined]


class RoomForm(forms.Form):
    """One room switched on or off."""

    room = forms.ChoiceField(choices=[(key, room.name) for key, room in ROOMS.items()], widget=forms.HiddenInput)
    on = forms.ChoiceField(choices=[("on", "on"), ("off", "off")], widget=forms.HiddenInput)


class MembersFilter(forms.Form):
    """Which members to show. Everything may be left empty."""

    text = forms.CharField(label="Name", required=False)
    phase = forms.ChoiceField(label="Phase", required=False)
    type_ = forms.ChoiceField(label="Type", required=False)
    trust = forms.ChoiceField(label="Trust", required=False)
    cluster = forms.ChoiceField(label="Cluster", required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Iterable[tuple[str, int]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, found in choices.items():
            self.fields[name].choices = [("", "All"), *((key, f"{key} ({count})") for key, count in found)]  # type: ignore[attr-defined]


class PostForm(forms.Form):
    """Somebody takes a post: which, where, and who."""

    role = forms.ChoiceField(label="Role", choices=[(key, role.name) for key, role in ROLES.items() if key not in SEAT_ROLES])
    place = forms.ChoiceField(label="Where it is held", required=False, help_text="Leave empty for a post of the partnership itself")
    title = forms.CharField(label="Title of the post", required=False, max_length=120, help_text="As the field says it: Acting headteacher")
    name = forms.CharField(label="Name", max_length=200)
    email = forms.EmailField(
        label="E-mail address", required=False, help_text="Where the link to sign in goes; without one they never sign in"
    )
    from_on = day_field("First day")
    acting = forms.BooleanField(label="Acting or interim", required=False)

    def __init__(self, *args: Any, places: dict[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        heads = {"school": "Schools", "trust": "Trusts", "body": "Bodies", "authority": "Local authorities"}
        groups = [(heads[kind], [(f"{kind}:{key}", name) for key, name in found]) for kind, found in places.items() if found]
        self.fields["place"].choices = [("The partnership", [("", "The partnership itself")]), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The role says at what kind of place it is held."""
        given = super().clean() or {}
        role = ROLES.get(given.get("role", ""))
        kind = given.get("place", "").partition(":")[0]
        if role is not None and kind != ("" if role.held_at is HeldAt.PARTNERSHIP else role.held_at.value):
            said = (
                "the partnership itself: leave this empty" if role.held_at is HeldAt.PARTNERSHIP else f"a {role.held_at.value}: choose one"
            )
            self.add_error("place", f"{role.name} is held at {said}")
        return given

    def place_given(self) -> dict[str, str]:
        """The place as the action takes it."""
        kind, _, key = self.cleaned_data["place"].partition(":")
        names = {"school": "urn", "trust": "trust_uid", "body": "body", "authority": "authority_code"}
        return {names[kind]: key} if kind else {}


class LeavePostForm(forms.Form):
    """Somebody leaves a post."""

    until_on = day_field("First day no longer", "Access ends on this day")
    hand_over = words_field("What the next holder needs to know")


class TermsForm(forms.Form):
    """The terms of a school year, first and last day of each, and its days off. A row without any day is left out."""

    days_off = forms.CharField(
        label="Other days on which all schools are closed",
        required=False,
        max_length=2000,
        help_text="One on a line: the day, a comma, why. Such as: 4 January 2027, training day. Bank holidays are known already.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, stretches: Iterable[Stretch] = (), closed: Iterable[Closed] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        given: list[tuple[str, date | None, date | None]] = []
        given += [(each.name, each.from_on, each.last_on) for each in stretches]
        given += [(name, None, None) for name in USUAL_NAMES if name not in {row[0] for row in given}][
            : max(0, len(USUAL_NAMES) - len(given))
        ]
        given.append(("", None, None))
        self.many = len(given)
        for number, (name, first, last) in enumerate(given):
            self.fields[f"name_{number}"] = forms.CharField(label="Name", required=False, max_length=60, initial=name)
            self.fields[f"first_{number}"] = day_field("First day", required=False, initial=first)
            self.fields[f"last_{number}"] = day_field("Last day", required=False, initial=last)
        self.fields["days_off"].initial = "\n".join(f"{each.on.day} {each.on:%B %Y}, {each.why}".rstrip(", ") for each in closed)

    def rows(self) -> list[tuple[forms.BoundField, forms.BoundField, forms.BoundField]]:
        """The boxes of each term."""
        return [(self[f"name_{number}"], self[f"first_{number}"], self[f"last_{number}"]) for number in range(self.many)]

    def clean_days_off(self) -> list[Closed]:
        """The days off, each with why."""
        found = []
        for line in self.cleaned_data["days_off"].splitlines():
            day, _, why = line.partition(",")
            if not line.strip():
                continue
            try:
                on = read_date(day)
            except NotADateError as error:
                raise forms.ValidationError(f"“{day.strip()[:40]}” is no day we can read. Write it as 4 January 2027.") from error
            if on is not None:
                found.append(Closed(on, why.strip()[:60]))
        return found

    def clean(self) -> dict[str, Any]:
        """Puts the rows together as terms; a row with one day alone is asked about."""
        given = super().clean() or {}
        terms = []
        for number in range(self.many):
            name, first, last = (given.get(f"{part}_{number}") for part in ("name", "first", "last"))
            if f"first_{number}" in self.errors or f"last_{number}" in self.errors or (first is None and last is None):
                continue
            if first is None or last is None:
                self.add_error(f"{'last' if first else 'first'}_{number}", "Enter both the first and the last day of this term")
            else:
                terms.append(Stretch(first, last + DAY, name or f"Term {number + 1}"))
        return given | {"stretches": terms}
