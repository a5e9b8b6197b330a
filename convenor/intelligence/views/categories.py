"""Categories, where a board has decided to use them: criteria for members, a school's own page, judgements, moderation."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.governance.queries import board_decisions
from convenor.intelligence import actions
from convenor.intelligence.forms.categories import DrawForm, EndSchemeForm, JudgementForm, SchemeForm
from convenor.intelligence.queries.categories import CategoriesPage, CategoryPage, categories_page, category_page
from convenor.intelligence.rules.categories import SCHEMES, VOICE_WORDS, Voice
from convenor.intelligence.views.entered import ROOM, SchoolAction
from convenor.intelligence.views.secrecy import truth
from convenor.partnership.gate import NotAllowed, Permission, record_look
from convenor.partnership.views.pages import PartnershipPage

LOOKED_AT = "the school's category"
#: By what right somebody not of the school speaks in each voice.
RIGHTS = {
    Voice.BROKER: Permission.CATEGORY_PROPOSE, Voice.MODERATOR: Permission.CATEGORY_MODERATE, Voice.PEERS: Permission.BODY_LEAD,
}  # fmt: skip


class Categories(PartnershipPage):
    """What categories mean in this partnership, or that it uses none."""

    permission = Permission.PARTNERSHIP_SEE
    room = ROOM
    tab = "early"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Criteria, how it is decided, what schools said, draws; and what waits for this viewer."""
        seen: CategoriesPage = self.found(categories_page(slug, viewer=self.viewer, at=self.today))
        return self.page("intelligence/categories.jinja", seen=seen, schemes=list(SCHEMES.values()), voices=VOICE_WORDS)


class CategoriesAction(SchoolAction):
    """An action about the scheme itself."""

    permission = Permission.CATEGORY_SET
    template = "intelligence/school_action.jinja"

    def back(self) -> str:
        return reverse("categories", args=[self.slug])

    def about(self) -> dict[str, Any]:
        return {"eyebrow": "Categories"}


class SwitchOn(CategoriesAction):
    """A scheme begins, by the board's decision and after schools were asked."""

    template = "intelligence/switch_on.jinja"
    button = "Switch categories on"
    done = "Categories are on. Members read the criteria, the decision and what schools said."

    @property
    def scheme(self) -> str:
        """The scheme of the address."""
        key = str(self.kwargs["scheme"])
        if key not in SCHEMES:
            raise Http404("There is no such scheme.")
        return key

    def form(self, data: Any = None) -> SchemeForm:
        found = board_decisions(self.slug, viewer=self.viewer)
        decisions = [(str(each.id), f"{each.decided_on:%-d %B %Y}: {each.words[:90]}") for each in found]
        return SchemeForm(data, scheme=self.scheme, decisions=decisions)

    def perform(self, form: Any) -> None:
        data = form.cleaned_data
        actions.switch_categories_on(
            slug=self.slug, scheme=self.scheme, categories=form.categories, decision_id=int(data["decision"]),
            consulted_on=data["consulted_on"], said=data["said"], by=self.viewer, at=self.now,
        )  # fmt: skip

    def about(self) -> dict[str, Any]:
        return {"scheme": SCHEMES[self.scheme], "voices": VOICE_WORDS}


class SwitchOff(CategoriesAction):
    """Categories end."""

    title, button, done = (
        "Switch categories off",
        "Switch categories off",
        "Categories are off. What was said stays on each school's record.",
    )
    lede = "No category stands any more. What was said of each school stays on its record."

    def form(self, data: Any = None) -> EndSchemeForm:
        return EndSchemeForm(data)

    def perform(self, form: Any) -> None:
        actions.switch_categories_off(slug=self.slug, why=form.cleaned_data["why"], by=self.viewer, at=self.now)


class Draw(CategoriesAction):
    """Schools are drawn to be moderated, once a school year."""

    title, button, done = (
        "Draw whom to moderate",
        "Draw a third, now",
        "Drawn. The seed and the list are on record, and anybody can repeat it.",
    )
    lede = (
        "One in three member schools is drawn by lot, once a school year, and its own judgement is moderated. Nothing is filled in, so "
        "nothing can be chosen; the seed is made when you press the button, and kept."
    )

    def form(self, data: Any = None) -> DrawForm:
        return DrawForm(data)

    def perform(self, form: Any) -> None:
        actions.draw_moderation(slug=self.slug, seed=secrets.token_hex(16), by=self.viewer, at=self.now)


class SchoolCategory(PartnershipPage):
    """One school's category: what each voice said, side by side, and whether one stands."""

    permission = Permission.PARTNERSHIP_SEE
    room = ROOM
    confidential = True
    tab = "early"

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The page; a look by anybody not of the school is written down first."""
        seen: CategoryPage | None = category_page(slug, urn, viewer=self.viewer, at=self.today)
        if seen is None:
            raise NotAllowed("You cannot see this school's category: you have no part in it, or the partnership uses none.")
        if not seen.own_people:
            record_look(self.viewer, urn=urn, record=LOOKED_AT, at=self.now, by_right=right_of(seen))
        return self.page("intelligence/category.jinja", seen=seen, voices=VOICE_WORDS, truth=truth("category"))


def right_of(seen: CategoryPage) -> Permission:
    """By what right somebody not of the school reads its category: as its broker, or in the voice in which they may speak."""
    if seen.sees_all:
        return Permission.CONVERSATION_HOLD
    return next((RIGHTS[voice] for voice in seen.may_speak if voice in RIGHTS), Permission.CATEGORY_PROPOSE)


class Judge(SchoolAction):
    """One voice says which category a school is in, and why."""

    permission = Permission.PARTNERSHIP_SEE
    template = "intelligence/judge.jinja"

    @property
    def done(self) -> str:  # type: ignore[override]
        """What it means, for the school itself and for others."""
        own = "Kept. It stands beside what others say of your school, and may move at any time."
        return own if self.voice is Voice.SCHOOL else "Kept, with your role and your reason. The school reads it now."

    @property
    def voice(self) -> Voice:
        """The voice of the address."""
        try:
            return Voice(str(self.kwargs["voice"]))
        except ValueError as error:
            raise Http404("There is no such voice.") from error

    @cached_property
    def seen(self) -> CategoryPage:
        """The school's category; refused to whoever may not speak in this voice."""
        seen: CategoryPage | None = category_page(self.slug, self.urn, viewer=self.viewer, at=self.today)
        if seen is None or self.voice not in seen.may_speak:
            raise NotAllowed("You cannot speak about this school in this way: no post you hold today allows it.")
        return seen

    @property
    def button(self) -> str:  # type: ignore[override]
        """The verb of the voice."""
        return "Propose this category" if self.voice is Voice.BROKER else "Keep this judgement"

    def form(self, data: Any = None) -> JudgementForm:
        before = next((each for each in self.seen.on.scheme.categories if each.name == self._last()), None)
        return JudgementForm(data, categories=self.seen.on.scheme.categories, initial={"category": before.key if before else ""})

    def _last(self) -> str:
        return next((each.category for each in self.seen.voices if each.voice is self.voice), "")

    def perform(self, form: Any) -> None:
        actions.judge_category(slug=self.slug, urn=self.urn, voice=self.voice, by=self.viewer, at=self.now, **form.cleaned_data)

    def back(self) -> str:
        return reverse("category-school", args=[self.slug, self.urn])

    def about(self) -> dict[str, Any]:
        own = self.voice is Voice.SCHOOL
        return {
            "seen": self.seen, "voice": self.voice, "voices": VOICE_WORDS, "truth": truth("category"),
            "title": "Your school's own judgement" if own else f"{VOICE_WORDS[self.voice]}: {self.seen.school.name}",
        }  # fmt: skip
