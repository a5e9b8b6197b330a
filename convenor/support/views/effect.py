"""The review of effect of one package, fixing what it compares, and what all packages show together."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from convenor.partnership.gate import Permission, record_look
from convenor.partnership.views.pages import ActionPage, PartnershipPage
from convenor.support.actions import effect as actions
from convenor.support.forms.effect import FixForm
from convenor.support.queries import effect as queries
from convenor.support.queries.effect import StudySeen
from convenor.support.queries.standing import PackageHere, package_here
from convenor.support.rules import effect_words as words
from convenor.support.rules.effect import CONDITIONS
from convenor.support.rules.effect_picture import picture
from convenor.support.rules.ownership import Sight
from convenor.support.rules.states import StateKind, Who
from convenor.support.views.front import ROOM, door

#: What is written down when somebody who is not of the school looks.
LOOKED_AT = "support package: review of effect"


class OfEffect(PartnershipPage):
    """A page about one package's effect. Whoever may not see that is told the same as if there were none."""

    permission = Permission.PARTNERSHIP_SEE
    room, tab = ROOM, "support-packages"
    confidential = True

    @cached_property
    def here(self) -> PackageHere:
        """The package of the address."""
        found: PackageHere = self.found(package_here(self.slug, self.kwargs["pk"], viewer=self.viewer, at=self.now))
        if not found.sees(Sight.EFFECT):
            raise Http404("There is no such page in this partnership, or it is not for you to see.")
        return found

    @property
    def may_fix(self) -> bool:
        """Whether this viewer fixes what is compared, now."""
        theirs = self.here.acts_as(Who.RECEIVING) and self.viewer.may(Permission.SUPPORT_ASK, urn=self.here.urn)
        going = self.here.kind in (StateKind.WAITING, StateKind.WORKING) and self.here.ended_on is None
        return going and (theirs or self.here.acts_as(Who.BROKER))

    @property
    def begun(self) -> bool:
        """Whether support has begun by today."""
        return self.here.started_on is not None and self.here.started_on <= self.today

    def looked(self) -> None:
        """Writes down a look by somebody who is not of the school, before the page is made."""
        if not self.here.onlooker.receiving:
            record_look(self.viewer, urn=self.here.urn, record=LOOKED_AT, at=self.now, by_right=Permission.SUPPORT_BROKER)


class Effect(OfEffect):
    """What can be said: a verdict in words, a picture, the sums, and what was fixed when. What is said today is kept."""

    def get(self, request: HttpRequest, slug: str, pk: int) -> HttpResponse:
        """The page."""
        self.looked()
        studies = queries.studies_of(self.here, viewer=self.viewer, at=self.now)
        for each in studies:
            actions.keep_said(study_id=each.pk, said=each.said, by=self.viewer, at=self.now)
        return self.page(
            "support/effect.jinja",
            here=self.here,
            studies=[_shown(each, begun=self.begun) for each in studies],
            conditions=CONDITIONS,
            fix=reverse("support-effect-fix", args=[slug, pk]) if self.may_fix and not studies else "",
            back=door("support-package", slug, pk),
        )


def _shown(seen: StudySeen, *, begun: bool) -> dict[str, Any]:
    """One study with its picture for a desk and for a phone, its table, its sums and its similar schools."""
    said = seen.said
    return {
        "seen": seen, "wide": picture(said, begun=begun), "narrow": picture(said, width=340, height=270, begun=begun),
        "rows": words.rows(said, begun=begun),
        "breaks": words.breaks(said), "sums": words.sums(said), "naive": words.naive(said), "comparators": words.comparators(said),
    }  # fmt: skip


class Fix(OfEffect, ActionPage):
    """Fixes what will be compared, before support begins."""

    title = "Fix what will be compared"
    lede = (
        "Before support begins, so that nobody can choose it later for its result. The most similar schools, the years before and their "
        "figures are fixed with it, and none of it is ever changed."
    )
    button = "Fix it"
    done = "What will be compared is fixed."
    template = "support/action.jinja"

    def form(self, data: Any = None) -> FixForm:
        """The outcomes that are published of the school; not found for whoever does not fix it."""
        if not self.may_fix:
            raise Http404("That is not for you to do, or not now.")
        self.looked()
        return FixForm(data, loaded=queries.outcomes_to_choose(self.here, viewer=self.viewer, at=self.now))

    def perform(self, form: Any) -> None:
        """Fixes it."""
        actions.freeze(slug=self.slug, package_id=self.kwargs["pk"], outcomes=form.outcomes, by=self.viewer, at=self.now)

    def back(self) -> str:
        """The review of effect."""
        return reverse("support-effect", args=[self.slug, self.kwargs["pk"]])

    def about(self) -> dict[str, Any]:
        return super().about() | {"eyebrow": self.here.school}


class Effects(PartnershipPage):
    """What all packages show together, from eight up; whoever looks after them may have every one read again."""

    permission = Permission.SUPPORT_TOTALS_SEE
    room, tab = ROOM, "support-totals"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page."""
        seen = self.found(queries.pooled_here(slug, viewer=self.viewer))
        middle = words.change(seen.middle, 2) if seen.middle is not None else ""
        return self.page(
            "support/effects.jinja",
            seen=seen,
            why=words.pool_said(seen),
            middle=middle,
            may_read=self.viewer.may(Permission.PACKAGE_FOLLOW),
        )

    def post(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Reads every study again."""
        self.found(queries.pooled_here(slug, viewer=self.viewer))
        if not self.viewer.may(Permission.PACKAGE_FOLLOW):
            raise Http404("That is not for you to do.")
        actions.read_all(slug=slug, by=self.viewer, at=self.now)
        return HttpResponseRedirect(reverse("support-effects", args=[slug]))
