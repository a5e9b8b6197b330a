"""What was foreseen: the ledger, adding to it, saying how likely, telling sooner, and what became of it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, Final

from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.conditions.actions import foresight as actions
from convenor.conditions.forms import over_time as forms
from convenor.conditions.queries import foresight as queries
from convenor.conditions.queries.foresight import PredictionSeen
from convenor.conditions.rules.foresight import TAPS, horizon
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import ActionPage, PartnershipPage

ROOM: Final = "conditions"
TAB: Final = "foresight"


class Ledger(PartnershipPage):
    """The ledger: what is due, what is asked, what waits, what became of the rest, and how well the group foresees."""

    permission = Permission.CONDITIONS_SEE
    room, tab = ROOM, TAB

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen = self.found(queries.ledger(slug, viewer=self.viewer, at=self.today))
        bands = [
            {"said": f"{each.low} to {each.high}%, on average {each.mean_percent:.0f}%", "count": each.count, "came": each.came_true}
            for each in (seen.foresight.bands if seen.foresight else ())
        ]
        return self.page("conditions/foresight.jinja", seen=seen, bands=bands)


class Add(ActionPage):
    """Adding a prediction."""

    permission = Permission.CONDITIONS_SAY
    room, tab = ROOM, TAB
    title = "What will have changed in 12 to 18 months?"
    lede = "For four weeks members say how likely they think it. What they think together is told then, of five people or more."
    button = "Add it to the ledger"
    done = "It stands in the ledger. Say how likely you think it, too."

    def form(self, data: Any = None) -> Form:
        return forms.PredictionForm(data, initial={"due_on": horizon(self.today)[0]})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        self.row = actions.add_prediction(
            slug=self.slug, words=given["words"], about=given["about"], due_on=given["due_on"], told_by=given["told_by"], by=self.viewer,
            at=self.now,
        )  # fmt: skip

    def back(self) -> str:
        row = getattr(self, "row", None)
        return reverse("foresight-say", args=[self.slug, row.pk]) if row else reverse("foresight", args=[self.slug])


class OfPrediction(ActionPage):
    """What every page of one prediction shares."""

    room, tab = ROOM, TAB
    template = "conditions/prediction_action.jinja"

    @cached_property
    def seen(self) -> PredictionSeen:
        """The prediction."""
        found = queries.prediction(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.today)
        return self.found(found)  # type: ignore[no-any-return]

    def about(self) -> dict[str, Any]:
        return {"seen": self.seen}

    def unless(self, barred: bool, why: str) -> None:
        """Not found where it cannot be done any more."""
        if barred:
            raise Http404(why)


class SayLikely(OfPrediction):
    """How likely one thinks it."""

    permission = Permission.CONDITIONS_SAY
    title = "How likely do you think it?"
    button = "Send"
    done = "Thank you: kept. It is told only together with what others think."
    template = "conditions/likelihood.jinja"

    def form(self, data: Any = None) -> Form:
        self.unless(not self.seen.taken, "How likely it is, is no longer asked: what the group thought stands.")
        taps = {percent for percent, _ in TAPS}
        mine = self.seen.mine
        return forms.LikelihoodForm(data, initial={"word" if mine in taps else "percent": mine})

    def perform(self, form: Any) -> None:
        actions.give_likelihood(prediction_id=self.seen.id, percent=form.said, by=self.viewer, at=self.now)

    def back(self) -> str:
        """The next of which they have not said how likely it is; else the ledger."""
        if self.request.method == "POST":
            for each in queries.to_say(self.slug, viewer=self.viewer, at=self.today):
                if each.id != self.seen.id:
                    return reverse("foresight-say", args=[self.slug, each.id])
        return reverse("foresight", args=[self.slug])


class TellNow(OfPrediction):
    """Telling the group sooner."""

    permission = Permission.WORKSHOP_RUN
    title = "Tell what the group thinks now"
    button = "End the asking and tell it"
    done = "It is told. Nobody can say how likely it is any more."

    def form(self, data: Any = None) -> Form:
        self.unless(not self.seen.may_tell, "It is told already, or not for you to tell, or fewer than five have said how likely it is.")
        return forms.Versioned(data, initial={"version": self.seen.version})

    def perform(self, form: Any) -> None:
        actions.tell_now(slug=self.slug, prediction_id=self.seen.id, by=self.viewer, at=self.now)

    def about(self) -> dict[str, Any]:
        return {
            "seen": self.seen,
            "lede": f"{self.seen.said} have said how likely it is. No more is taken afterwards, and none is changed.",
        }


class SettleIt(OfPrediction):
    """What became of it."""

    permission = Permission.CONDITIONS_ASK
    title = "What became of it?"
    button = "Settle it"
    done = "It is settled, and the ledger has learnt from it."

    def form(self, data: Any = None) -> Form:
        self.unless(bool(self.seen.outcome), "It is settled already.")
        return forms.SettleForm(data, initial={"version": self.seen.version})

    def perform(self, form: Any) -> None:
        given = form.cleaned_data
        actions.settle(
            slug=self.slug, prediction_id=self.seen.id, outcome=given["outcome"], why=given["why"], version=given["version"] or 0,
            by=self.viewer, at=self.now,
        )  # fmt: skip
