"""What a room said: its page, its table and slide to take away, words taken out, and the priorities it leads to."""

from __future__ import annotations

import base64
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse

from convenor.conditions.actions.priorities import bottom_three_to_priorities, hide_comment
from convenor.conditions.forms.results import PrioritiesForm
from convenor.conditions.queries import results as queries
from convenor.conditions.queries.results import Comment, Told
from convenor.conditions.queries.workshops import canvases
from convenor.conditions.rules import results_words as words
from convenor.conditions.rules.results_table import as_csv
from convenor.governance.queries import task_groups
from convenor.partnership.gate import Permission
from convenor.partnership.queries.structure import structure
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM: Final = "conditions"
TAB: Final = "workshops"
FONT: Final = "fonts/atkinson-latin.woff2"


class OfResults(PartnershipPage):
    """What every page of a result shares."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    @cached_property
    def told(self) -> Told:
        """What the room said; not found for whoever may not read it yet."""
        return self.found(queries.told(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now))  # type: ignore[no-any-return]

    @cached_property
    def number(self) -> int:
        """Which of the diamonds that fit equally well the address asks for; the first for anything else."""
        asked = self.request.GET.get("diamond", "")
        listed = len(self.told.whole.diamonds) if self.told.whole is not None else 1
        return int(asked) if asked.isdecimal() and len(asked) < 5 and 0 < int(asked) <= listed else 1

    def address(self, name: str = "workshop-results", *more: Any) -> str:
        """One of this result's addresses."""
        return reverse(name, args=[self.slug, self.kwargs["pk"], *more])


class Results(OfResults):
    """What the room said: picture, groups, what changed, words on cards, lines of canvases."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        told, whole = self.told, self.told.whole
        given: dict[str, Any] = {}
        if whole is not None:
            comments = queries.comments(told, viewer=self.viewer)
            since = told.since
            given = {
                "compared": words.compared(whole.cards, told.groups), "not_compared": words.not_compared(told.groups),
                "opinions": words.opinions(whole.cards, told.groups.opinions) if told.groups else "",
                "opinion_columns": self._opinions(), "since": since,
                "moves": list(words.moves(since)) if since else [], "pairs": words.among_pairs(since) if since else "",
                "moved": words.in_order(since) if since else [],
                "said": [(card, comments[card.key]) for card in whole.ranked if card.key in comments],
                "tables": queries.tables_agree(told, viewer=self.viewer), "other": self._other(),
            }  # fmt: skip
        return self.page(
            "conditions/results.jinja",
            told=told,
            number=self.number,
            canvases=canvases(slug, pk, viewer=self.viewer) or [],
            led_to=queries.led_to(pk, viewer=self.viewer),
            here=self.address(),
            **given,
        )

    def _other(self) -> str:
        """The address of the next diamond that fits as well; "" where there is one alone."""
        listed = len(self.told.whole.diamonds) if self.told.whole is not None else 1
        return f"{self.address()}?diamond={self.number % listed + 1}#diamond" if listed > 1 else ""

    def _opinions(self) -> list[dict[str, Any]]:
        """The opinion groups side by side on the cards that tell them apart, or on all."""
        groups, whole = self.told.groups, self.told.whole
        if groups is None or whole is None or not groups.opinions.sizes:
            return []
        found = groups.opinions
        places = found.telling or range(len(whole.cards))
        return [{"name": whole.cards[at].name} | {str(number): means[at] for number, means in enumerate(found.means)} for at in places]


class ResultsTable(OfResults):
    """The result as a table for a spreadsheet."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The file; not found while nothing may be told."""
        whole = self.found(self.told.whole)
        answer = HttpResponse(as_csv(whole, self.told.groups, self.told.since), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="workshop-{pk}-result.csv"'
        return answer


class ResultsSlide(OfResults):
    """The diamond as a picture of 1920 by 1080, fit for a slide; its type is in it, so that it looks the same anywhere."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The file; not found while nothing may be told."""
        whole = self.found(self.told.whole)
        here = self.viewer.partnership
        given = {
            "told": self.told, "picture": whole.picture(self.number), "font": font(),
            "partnership": here.name if here is not None else "",
        }  # fmt: skip
        answer = HttpResponse(render_to_string("conditions/results_slide.jinja", given), content_type="image/svg+xml; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="workshop-{pk}-diamond.svg"'
        return answer


def font() -> str:
    """The house's type, as it stands inside a file; "" where it has not been built."""
    found = finders.find(FONT)
    return base64.b64encode(Path(str(found)).read_bytes()).decode() if found else ""


class HideWords(OfResults, ActionPage):
    """Takes what somebody wrote on a card out of the result, or puts it back."""

    permission = Permission.WORKSHOP_RUN

    def form(self, data: Any = None) -> Form:
        """Nothing to fill in; not found for whoever does not lead the workshop, and for words that are not there."""
        if not self.told.leads:
            raise Http404("That is for whoever leads the workshop.")
        assert self.words
        return Form(data)

    @cached_property
    def words(self) -> Comment:
        """The words of the address."""
        there = queries.comments(self.told, viewer=self.viewer).get(self.kwargs["card"], ())
        return self.found(next((each for each in there if each.diamond == self.kwargs["diamond"]), None))  # type: ignore[no-any-return]

    def perform(self, form: Any) -> None:
        """Does it. `back` puts them back."""
        hidden = self.request.POST.get("back") != "yes"
        given = {"workshop_id": self.told.pk, "diamond_id": self.words.diamond, "card": self.kwargs["card"], "hidden": hidden}
        self.done = "The words are out of the result." if hidden else "The words are back in the result."  # type: ignore[misc]
        hide_comment(slug=self.slug, by=self.viewer, at=self.now, **given)

    def back(self) -> str:
        """The words on the result's page."""
        return f"{self.address()}#words"

    def about(self) -> dict[str, Any]:
        """The words themselves."""
        return {
            "title": "Take these words out of the result?", "lede": f"“{self.words.words}” They are kept, and you can put them back.",
            "submit": "Take them out", "eyebrow": self.told.title,
        }  # fmt: skip


class Priorities(OfResults, ActionPage):
    """Takes the bottom three on as priorities, and charges a group."""

    permission = Permission.PRIORITY_SET
    title = "From the bottom three to priorities"
    lede = "Choose what the partnership takes on. A priority names how anyone will know, and when it ends."
    button = "Record the priorities"
    done = "The priorities are recorded. Anyone can read them on the partnership’s page."
    template = "conditions/results_priorities.jinja"

    def form(self, data: Any = None) -> PrioritiesForm:
        """The bottom three, without those taken on before; not found while nothing may be told."""
        whole = self.found(self.told.whole)
        taken = {each.card for each in queries.led_to(self.told.pk, viewer=self.viewer)}
        found = structure(self.slug, viewer=self.viewer, at=self.today)
        bodies = list(found.bodies) if found else []
        charged = {each.body_key for each in task_groups(self.slug, viewer=self.viewer, at=self.now)}
        return PrioritiesForm(
            data,
            cards=[card for card in whole.bottom_three if card.key not in taken],
            entries=whole.entries,
            bodies=[(each.key, each.name) for each in bodies],
            groups=[(each.key, each.name) for each in bodies if each.until_on is not None and each.key not in charged],
            today=self.today,
        )

    def perform(self, form: Any) -> None:
        """Records them."""
        given = form.cleaned_data
        bottom_three_to_priorities(
            slug=self.slug, workshop_id=self.told.pk, chosen=form.chosen, from_on=given["from_on"], until_on=given["until_on"],
            lead_body=given["lead_body"], group=form.charge, by=self.viewer, at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        """The result."""
        return self.address()

    def about(self) -> dict[str, Any]:
        """Under the workshop's name."""
        return {"eyebrow": self.told.title}
