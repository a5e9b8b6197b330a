"""What people fill in about a report and what comes of it. The boxes hold what was saved; nothing that is published is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from convenor.peer_review.rules.priorities import MEASURE_AT_MOST, OUTCOME_SAYS, OWNER_AT_MOST, RESULT_SAYS, TITLE_AT_MOST, Priority
from convenor.peer_review.rules.priorities import WORDS_AT_MOST as AFTER_AT_MOST
from convenor.peer_review.rules.report import CHECK_AT_MOST, FINDING_AT_MOST, FINDINGS_AT_MOST, SUMMARY_AT_MOST, Finding, Writing
from convenor.peer_review.rules.scale import LONGEST, MOST_WORDS
from convenor.peer_review.rules.states import Outcome
from convenor.peer_review.rules.themes import THEMES

THEME_CHOICES = [("", "Choose"), *((each.key, each.name) for each in THEMES.values())]
#: The two sides of a report: the key of its boxes, and how one of them is called.
SIDES = (("strength", "Strength"), ("even", "Even better if"))


def _words(label: str, hint: str = "", *, required: bool = False, rows: int = 3, most: int) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most, widget=forms.Textarea(attrs={"rows": rows}))


def _line(label: str, hint: str = "", *, required: bool = False, most: int, width: str = "") -> forms.CharField:
    attrs = {"width": width} if width else {}
    return forms.CharField(label=label, help_text=hint, required=required, max_length=most, widget=forms.TextInput(attrs=attrs))


def _day(label: str, hint: str = "", *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=required, widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Enter a day, such as 2027-05-28"},
    )  # fmt: skip


class DraftForm(forms.Form):
    """The report as the lead writes it: a summary, findings that name the notes they rest on by number, and one empty box on each side."""

    working_version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    summary = _words("Summary", "What you were asked, and the answer in a few sentences", rows=5, most=SUMMARY_AT_MOST)
    excellence_theme = forms.ChoiceField(label="Theme", required=False, choices=THEME_CHOICES)
    excellence_words = _words("What others should come and see", rows=2, most=FINDING_AT_MOST)

    def __init__(
        self, data: Any = None, *, writing: Writing, version: int, notes: Sequence[tuple[int, str]], scale: Iterable[str] = ()
    ) -> None:
        """`notes` are the numbers and uids of the notes of the log."""
        named = writing.excellence or Finding()
        stands: dict[str, Any] = {
            "working_version": version, "summary": writing.summary, "excellence_theme": named.theme, "excellence_words": named.words,
            "grade": writing.grade,
        }  # fmt: skip
        super().__init__(data, initial=stands)
        self._uid, self._number = dict(notes), {uid: number for number, uid in notes}
        self.rows: dict[str, list[dict[str, Any]]] = {}
        for key, name in SIDES:
            saved = writing.strengths if key == "strength" else writing.even_better
            self.rows[key] = [self._add(key, name, at, saved) for at in range(self._many(key, len(saved)))]
        words = tuple(scale)
        if words:
            self.fields["grade"] = forms.ChoiceField(
                label="In the school’s own scale", required=False, choices=[("", "Choose"), *((each, each) for each in words)],
                help_text="The school asked for it. It is no inspection grade",
            )  # fmt: skip

    def _many(self, key: str, saved: int) -> int:
        """How many boxes a side has: those that were sent, or the findings saved and an empty one."""
        if self.is_bound:
            sent = [int(at) for name in self.data for at in re.findall(rf"^{key}-(\d{{1,2}})-words$", name)]
            return min(max(sent, default=-1) + 1, FINDINGS_AT_MOST + 1)
        return min(saved + 1, FINDINGS_AT_MOST)

    def _add(self, key: str, name: str, at: int, saved: Sequence[Finding]) -> dict[str, Any]:
        """The boxes of one finding."""
        one = saved[at] if at < len(saved) else Finding()
        theme, words, notes = f"{key}-{at}-theme", f"{key}-{at}-words", f"{key}-{at}-notes"
        said = f"{name} {at + 1}"
        self.fields[theme] = forms.ChoiceField(label=f"{said}: theme", required=False, choices=THEME_CHOICES, initial=one.theme)
        self.fields[words] = _words(f"{said}: in words", most=FINDING_AT_MOST)
        self.fields[words].initial = one.words
        self.fields[notes] = forms.CharField(
            label=f"{said}: rests on notes", help_text="Their numbers in the log, such as 3, 7", required=False, max_length=120,
            initial=", ".join(str(self._number[uid]) for uid in one.evidence if uid in self._number),
            widget=forms.TextInput(attrs={"width": "10", "inputmode": "numeric"}),
        )  # fmt: skip
        return {"theme": theme, "words": words, "notes": notes, "new": at >= len(saved), "said": said}

    def clean(self) -> dict[str, Any]:
        """Numbers that no note of the log bears are pointed out beside the box."""
        for some in self.rows.values():
            for row in some:
                unknown = [each for each in _numbers(self.cleaned_data.get(row["notes"], "")) if each not in self._uid]
                if unknown:
                    self.add_error(row["notes"], f"No note of the log has the number {unknown[0]}")
        return self.cleaned_data

    @property
    def writing(self) -> Writing:
        """What was typed."""
        given = self.cleaned_data
        sides = {
            key: tuple(
                Finding(
                    given.get(row["theme"], ""), given.get(row["words"], ""),
                    tuple(self._uid[each] for each in _numbers(given.get(row["notes"], "")) if each in self._uid),
                )
                for row in self.rows[key]
            )
            for key, _ in SIDES
        }  # fmt: skip
        named = Finding(given["excellence_theme"], given["excellence_words"])
        excellence = named if named.theme or named.words else None
        return Writing(given["summary"], sides["strength"], sides["even"], excellence, given.get("grade", ""))


def _numbers(text: str) -> list[int]:
    return list(dict.fromkeys(int(each) for each in re.findall(r"\d{1,4}", text)))


def ticked(data: Mapping[str, Any], known: Iterable[str]) -> list[str]:
    """The notes of the log that were ticked, in the order of the log."""
    sent = set(data.getlist("tick")) if hasattr(data, "getlist") else set()
    return [uid for uid in known if uid in sent]


class CheckForm(forms.Form):
    """The host's check of a draft."""

    accurate = forms.ChoiceField(
        label="Is what the draft says accurate?", widget=forms.RadioSelect,
        choices=[("yes", "Yes. It becomes the final report"), ("no", "Not all of it")],
        error_messages={"required": "Say whether it is accurate"},
    )  # fmt: skip
    words = _words(
        "What is not accurate, and what is right?", "Only where not all of it is. It stands beside the draft for ever", rows=5,
        most=CHECK_AT_MOST,
    )  # fmt: skip


class ScaleForm(forms.Form):
    """A scale of the host's own words, from least to most; empty for none."""

    def __init__(self, data: Any = None, *, stands: Sequence[str]) -> None:
        super().__init__(data)
        for at in range(MOST_WORDS):
            self.fields[f"word_{at + 1}"] = _line(f"Word {at + 1}", most=LONGEST, width="20")
            self.fields[f"word_{at + 1}"].initial = stands[at] if at < len(stands) else ""

    @property
    def words(self) -> tuple[str, ...]:
        """What was typed, in its order."""
        return tuple(self.cleaned_data[f"word_{at + 1}"] for at in range(MOST_WORDS))


class WorkshopForm(forms.Form):
    """That the workshop was held."""

    held_on = _day("When was it held?")
    words = _words("What was worked out?", "For the school alone. Name no pupil and no member of staff", rows=5, most=AFTER_AT_MOST)


class PrioritiesForm(forms.Form):
    """Up to three priorities; those left quite empty are none."""

    PARTS = ("title", "theme", "owner", "by_on", "measure", "baseline")

    def __init__(self, data: Any = None, *, stands: Sequence[Priority]) -> None:
        super().__init__(data)
        for at in (1, 2, 3):
            one = stands[at - 1] if at <= len(stands) else Priority()
            self.fields |= {
                f"title_{at}": _line("What will you do?", most=TITLE_AT_MOST),
                f"theme_{at}": forms.ChoiceField(label="Theme", required=False, choices=THEME_CHOICES),
                f"owner_{at}": _line("Who sees to it?", "A role, such as reading lead. No name", most=OWNER_AT_MOST),
                f"by_on_{at}": _day("By when?", required=False),
                f"measure_{at}": _line("How will you know?", "Something one can count or see", most=MEASURE_AT_MOST),
                f"baseline_{at}": _line("Where does it stand now?", "By the same measure", most=MEASURE_AT_MOST),
            }  # fmt: skip
            for part in self.PARTS:
                self.fields[f"{part}_{at}"].initial = getattr(one, part)

    @property
    def priorities(self) -> list[Priority]:
        """What was typed."""
        return [Priority(**{part: self.cleaned_data[f"{part}_{at}"] for part in self.PARTS}) for at in (1, 2, 3)]


class ImpactForm(forms.Form):
    """What came of each priority."""

    held_on = _day("When was the impact visit?")

    def __init__(self, data: Any = None, *, numbers: Sequence[int], held_on: date | None = None) -> None:
        super().__init__(data, initial={"held_on": held_on})
        self._numbers = tuple(numbers)
        for number in self._numbers:
            self.fields[f"result_{number}"] = forms.ChoiceField(
                label="What came of it?", widget=forms.RadioSelect, choices=[(each.value, says) for each, says in RESULT_SAYS.items()],
                error_messages={"required": "Say what came of it"},
            )  # fmt: skip
            self.fields[f"words_{number}"] = _words("How do you know?", "By its measure", rows=2, most=AFTER_AT_MOST)
        self.fields["words"] = _words("What else did you see?", rows=4, most=AFTER_AT_MOST)

    @property
    def results(self) -> dict[int, tuple[str, str]]:
        """What was said of each priority, by number."""
        return {each: (self.cleaned_data[f"result_{each}"], self.cleaned_data[f"words_{each}"]) for each in self._numbers}


class CloseForm(forms.Form):
    """How a review ends."""

    outcome = forms.TypedChoiceField(
        label="How does it end?", widget=forms.RadioSelect, coerce=Outcome,
        choices=[(each.value, says) for each, says in OUTCOME_SAYS.items()], error_messages={"required": "Say how it ends"},
    )  # fmt: skip


class SearchForm(forms.Form):
    """Looks for a person of the partnership."""

    q = forms.CharField(label="Name", required=False, max_length=80, widget=forms.SearchInput)


class LetReadForm(forms.Form):
    """Until when somebody may read."""

    until_on = _day("Until when?", "The last day. Leave it empty to let them read until you take it back", required=False)

    def __init__(self, data: Any = None, *, until_on: date | None = None) -> None:
        super().__init__(data, initial={"until_on": until_on})


class ExcellenceForm(forms.Form):
    """What a school offers for others to come and see."""

    theme = forms.ChoiceField(label="Theme", choices=THEME_CHOICES)
    words = _words(
        "What can others come and see?",
        "Everybody in the partnership reads this, with your school’s name",
        required=True,
        rows=4,
        most=FINDING_AT_MOST,
    )
