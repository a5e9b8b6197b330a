"""What is filled in about rounds: few boxes, each with a good beginning. Choices are given by the page, from its queries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms

from convenor.peer_review.queries.answers import AnswerPage, OfferPage
from convenor.peer_review.queries.scopes import Planning
from convenor.peer_review.rules.answers import MOST_REVIEWS, Days, Week, Which, as_marked, days_of, weeks_of
from convenor.peer_review.rules.rounds import LONGEST_NAME, Plan, Problem
from convenor.peer_review.rules.states import Reach
from convenor.peer_review.rules.themes import THEMES
from convenor.peer_review.rules.ways import LARGEST_TEAM, SMALLEST_TEAM, way

REACH_WORDS = {
    Reach.CLUSTER: "From the school’s own cluster",
    Reach.ALLIANCE: "From its alliance",
    Reach.AREA: "From the whole scope",
}
WHICH_WORDS = {
    Which.ANY: "Any school day",
    Which.NOT: "Any school day but those I mark",
    Which.ONLY: "Only the days I mark",
}
HOST_WORDS = (("yes", "Host this time"), ("no", "Not this time"))
TEAMS = range(SMALLEST_TEAM, LARGEST_TEAM + 1)
PLACE = "place_"
OFFER = "offer_"


def day_field(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    """A day, in the browser's own date box."""
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-01-11"},
    )  # fmt: skip


class RoundForm(forms.Form):
    """A round as it is planned. `two` are the schools that sit in two clusters, each with the clusters it could take part in."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(label="Name of the round", max_length=LONGEST_NAME)
    way = forms.ChoiceField(label="Way of review", widget=forms.RadioSelect)
    body = forms.ChoiceField(label="Schools of", required=False)
    phases = forms.MultipleChoiceField(
        label="Phases", required=False, widget=forms.CheckboxSelectMultiple, help_text="Tick none to ask every phase"
    )
    reach = forms.ChoiceField(
        label="Where teams may come from", widget=forms.RadioSelect, choices=[(each.value, said) for each, said in REACH_WORDS.items()]
    )
    answers_by_on = day_field("Schools and reviewers answer by")
    visits_from_on = day_field("First day of visits")
    last_visit_on = day_field("Last day of visits")
    words = forms.CharField(
        label="A word to schools", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="They read it on the page where they answer; letters only say that something waits",
    )  # fmt: skip
    team_size = forms.ChoiceField(
        label="People in a team", required=False,
        choices=[("", "As the way of review has it"), *((str(n), f"{n}, the lead among them") for n in TEAMS)],
    )  # fmt: skip
    school_serves_at_most = forms.IntegerField(
        label="Places on teams that one school fills at the most", required=False, min_value=0, max_value=99,
        widget=forms.NumberInput(attrs={"width": "4"}), help_text="Empty: as the way of review has it. 0: any number",
    )  # fmt: skip
    waive_same_trust = forms.BooleanField(label="People may review schools of their own trust in this round", required=False)
    waive_why = forms.CharField(label="Why", required=False, max_length=300, help_text="Everybody in the round reads it")

    def __init__(self, *args: Any, planning: Planning, two: Sequence[tuple[Any, Sequence[tuple[str, str]]]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = [(each.key, each.name) for each in planning.ways]  # type: ignore[attr-defined]
        self.fields["body"].choices = list(planning.scopes)  # type: ignore[attr-defined]
        self.fields["phases"].choices = [(each, each) for each in planning.phases]  # type: ignore[attr-defined]
        self.asked_places(two)

    def asked_places(self, two: Sequence[tuple[Any, Sequence[tuple[str, str]]]]) -> None:
        """One box for each school of two clusters."""
        for school, clusters in two:
            self.fields[PLACE + school.urn] = forms.ChoiceField(
                label=school.name, required=False, choices=[("", "Choose its cluster"), *clusters]
            )

    @property
    def places(self) -> list[Any]:
        """The boxes of the schools that sit in two clusters."""
        return [self[name] for name in self.fields if name.startswith(PLACE)]

    @property
    def plan(self) -> Plan:
        """What was planned; only after the form is valid."""
        data = self.cleaned_data
        chosen = way(data["way"])
        serves = data["school_serves_at_most"]
        return Plan(
            name=data["name"], way=chosen.key, reach=Reach(data["reach"]), answers_by_on=data["answers_by_on"],
            visits_from_on=data["visits_from_on"], visits_until_on=data["last_visit_on"] + timedelta(days=1),
            team_size=int(data["team_size"] or chosen.team_size), body=data["body"], phases=tuple(data["phases"]),
            school_serves_at_most=chosen.school_serves_at_most if serves is None else serves, words=data["words"],
            waive_same_trust=data["waive_same_trust"], waive_why=data["waive_why"],
            placed={key.removeprefix(PLACE): str(value) for key, value in self.data.items() if key.startswith(PLACE) and value},
        )  # fmt: skip

    def say(self, problems: Iterable[Problem]) -> None:
        """Each problem at the box that has to change."""
        names = {"visits_until_on": "last_visit_on", "placed": ""}
        for each in problems:
            name = names.get(each.field, each.field)
            self.add_error(name if name in self.fields else None, each.message)


def filled(plan: Plan, version: int | None = None) -> dict[str, Any]:
    """A plan as the form begins with it."""
    usual = way(plan.way)
    return {
        "version": version, "name": plan.name, "way": plan.way, "body": plan.body, "phases": list(plan.phases), "reach": plan.reach.value,
        "answers_by_on": plan.answers_by_on, "visits_from_on": plan.visits_from_on,
        "last_visit_on": plan.visits_until_on - timedelta(days=1),
        "words": plan.words, "team_size": "" if plan.team_size == usual.team_size else str(plan.team_size),
        "school_serves_at_most": None if plan.school_serves_at_most == usual.school_serves_at_most else plan.school_serves_at_most,
        "waive_same_trust": plan.waive_same_trust, "waive_why": plan.waive_why,
    } | {PLACE + urn: key for urn, key in plan.placed.items()}  # fmt: skip


class VersionForm(forms.Form):
    """Nothing to fill in but the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawRoundForm(VersionForm):
    """Why a round is withdrawn."""

    why = forms.CharField(label="Why it is withdrawn", required=False, max_length=300, help_text="Everybody who was asked reads it")


class NothingForm(forms.Form):
    """Nothing to fill in."""


class WhyForm(forms.Form):
    """A reason, if somebody wants to give one."""

    why = forms.CharField(label="Why, if you want to say", required=False, max_length=300)


class AskedFilter(forms.Form):
    """Narrows the schools of a round."""

    answer = forms.ChoiceField(label="Answer", required=False)
    cluster = forms.ChoiceField(label="Cluster", required=False)
    text = forms.CharField(label="Name", required=False)

    def __init__(self, *args: Any, answers: Mapping[str, int], clusters: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [("", "All"), *((key, f"{key[:1].upper()}{key[1:]} ({n})") for key, n in answers.items())]  # type: ignore[attr-defined]
        self.fields["cluster"].choices = [("", "All"), *((key, f"{key or 'In no cluster'} ({n})") for key, n in clusters.items())]  # type: ignore[attr-defined]


class DaysForm(forms.Form):
    """Days, said with the fewest taps: any, any but those marked, or only those marked. A whole week is one tap."""

    which = forms.ChoiceField(
        label="Which days", widget=forms.RadioSelect, choices=[(each.value, said) for each, said in WHICH_WORDS.items()]
    )
    marked = forms.MultipleChoiceField(label="Days", required=False, widget=forms.CheckboxSelectMultiple)
    weeks = forms.MultipleChoiceField(label="Whole weeks", required=False, widget=forms.CheckboxSelectMultiple)

    def set_days(self, school_days: Sequence[date], days: Days) -> None:
        """The school days to mark, and those marked so far."""
        self.school_days = tuple(school_days)
        self.shown: tuple[Week, ...] = weeks_of(school_days)
        self.fields["marked"].choices = [(each.isoformat(), f"{each:%a} {each.day}") for each in school_days]  # type: ignore[attr-defined]
        self.fields["weeks"].choices = [(each.monday.isoformat(), f"{each.monday:%-d %B}") for each in self.shown]  # type: ignore[attr-defined]
        which, marked = as_marked(days, school_days)
        self.initial.setdefault("which", which.value)
        self.initial.setdefault("marked", [each.isoformat() for each in marked])

    @property
    def days(self) -> Days:
        """The days that suit; only after the form is valid. Raises AnswerRefused."""
        data = self.cleaned_data
        marked = {date.fromisoformat(each) for each in data["marked"]}
        whole = set(data["weeks"])
        marked |= {day for week in self.shown if week.monday.isoformat() in whole for day in week.days}
        return days_of(Which(data["which"]), marked, self.school_days)

    @property
    def chosen(self) -> frozenset[str]:
        """The days that are marked as the page shows them, ISO."""
        return frozenset(str(each) for each in self["marked"].value() or ())

    @property
    def chosen_weeks(self) -> frozenset[str]:
        """The weeks that are marked whole as the page shows them."""
        return frozenset(str(each) for each in self["weeks"].value() or ())


class AnswerForm(DaysForm):
    """A school's answer: one page, filled with what it said last time."""

    hosts = forms.ChoiceField(label="Will your school host a review?", widget=forms.RadioSelect, choices=HOST_WORDS, required=False)
    focus = forms.MultipleChoiceField(
        label="What would you like other eyes on?", required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(each.key, each.name) for each in THEMES.values()],
    )  # fmt: skip
    read_at = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, page: AnswerPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.page = page
        self.initial.setdefault("hosts", "" if page.hosts is None else "yes" if page.hosts else "no")
        self.initial.setdefault("focus", list(page.focus))
        self.initial.setdefault("read_at", page.answered_at.isoformat() if page.answered_at else "")
        self.set_days(page.school_days, page.days)
        if not page.may_speak:
            del self.fields["hosts"]
        for each in page.colleagues if page.may_speak else ():
            self.fields[f"{OFFER}{each.reviewer.pk}"] = offer_field(each.reviewer.name, none="They say themselves", initial=each.reviews)

    @property
    def offers(self) -> list[Any]:
        """The boxes of the school's reviewers."""
        return [self[name] for name in self.fields if name.startswith(OFFER)]

    @property
    def offered(self) -> list[tuple[int, int]]:
        """How many reviews each of them offers, where it was said."""
        data = self.cleaned_data
        return [(int(name.removeprefix(OFFER)), int(data[name])) for name in self.fields if name.startswith(OFFER) and data[name] != ""]

    @property
    def hosting(self) -> bool | None:
        """Whether the school hosts; None where it was not said."""
        said = self.cleaned_data.get("hosts", "")
        return None if not said else said == "yes"


def offer_field(label: str, *, none: str = "", initial: int | None = None) -> forms.ChoiceField:
    """How many reviews somebody offers."""
    numbers = [("0", "Not this time"), ("1", "1 review"), *((str(n), f"{n} reviews") for n in range(2, MOST_REVIEWS + 1))]
    return forms.ChoiceField(
        label=label, required=not none, choices=[("", none), *numbers] if none else numbers, initial="" if initial is None else str(initial)
    )


class OfferForm(DaysForm):
    """A reviewer's own offer."""

    reviews = offer_field("How many reviews do you offer?")

    def __init__(self, *args: Any, page: OfferPage, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("reviews", str(page.usual if page.reviews is None else page.reviews))
        self.set_days(page.school_days, page.days)
