"""The few questions of a move-in: like lines asked of once, one press each."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from convenor.moving_in import actions
from convenor.moving_in.forms.bringing import AnswerForm
from convenor.moving_in.views.bringing import OfMoveIn
from convenor.partnership.rules.refusals import Refused

#: Questions on one page: the rest come up as these are answered.
PAGE = 20


class Questions(OfMoveIn):
    """What is left to be asked, and what was answered."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        return self._show()

    def post(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """One answer; with no words at all, an answer is taken back."""
        form = AnswerForm(request.POST)
        if not form.is_valid():
            return self._show(error="Choose one of the answers.", status=422)
        key, said = form.cleaned_data["key"], form.cleaned_data["said"]
        if not said and "back" not in request.POST:
            return self._show(error="Choose one of the answers, or write your own.", key=key, status=422)
        try:
            actions.answer(slug=slug, move_in_id=pk, key=key, said=said, by=self.viewer, at=self.now)
        except Refused as error:
            return self._show(error=str(error), key=key, words=form.cleaned_data["words"], status=422)
        return HttpResponseRedirect(f"{self.address('move-in-questions')}#questions")

    def _show(self, *, error: str = "", key: str = "", words: str = "", status: int = 200) -> HttpResponse:
        asked = self.seen.questions[:PAGE]
        left, wrong = len(self.seen.questions) - len(asked), key if key in {each.key for each in asked} else ""
        return self.page("moving_in/questions.jinja", asked=asked, more_left=left, error=error, wrong=wrong, typed=words, status=status)
