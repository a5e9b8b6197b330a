"""Peer review as each comes to it: what is one's own, how the engine runs in totals, and whether rounds are fair."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage
from convenor.peer_review.queries.engine import EngineSeen, engine
from convenor.peer_review.queries.fairness import fairness
from convenor.peer_review.queries.reviews_home import reviews_home
from convenor.peer_review.rules.health import Measure, Share
from convenor.peer_review.rules.states import Step

ROOM = "peer-review"
SEE, TOTALS, RUN = Permission.PARTNERSHIP_SEE, Permission.REVIEW_TOTALS_SEE, Permission.ROUND_RUN
#: Further pages: address, whom it is open to, label and what is there. A door that would not open is not shown.
FURTHER = (
    ("review-rounds", RUN, "Rounds", "open one, see who has answered, match its teams"),
    ("reviewers", Permission.REVIEWER_REGISTER, "Reviewers", "the register, and whose training ends"),
    ("reviewer-me", Permission.REVIEW_OFFER, "You as a reviewer", "your training, what you know well, and what you declare in private"),
    ("calendar", SEE, "Your calendar", "visits, workshops and days by which something is due, in your own calendar"),
    ("review-engine", TOTALS, "How it goes", "days kept, workshops held and what came of it, in totals"),
    ("review-fairness", RUN, "Whether it is fair", "days given and received, new faces, who leads"),
    ("review-themes", TOTALS, "Themes", "what reviews found, where five or more schools contribute"),
    ("review-excellence", SEE, "Areas of excellence", "what schools invite others to come and see"),
    ("terms", SEE, "Terms and holidays", "the area’s school days, from which visits are placed"),
)  # fmt: skip

IN_TIME = {
    Step.DATA_SHARED.value: ("Self-review shared in time", "two weeks before the visit"),
    Step.FED_BACK.value: ("Fed back before leaving", "on the last day of the visit"),
    Step.REPORT_DRAFT.value: ("Draft report in time", "ten working days after the visit"),
    Step.WORKSHOP_DONE.value: ("Workshop in time", "two weeks after the visit"),
    Step.IMPACT_REVIEWED.value: ("Impact visit in time", "six months after the visit, thirty days either way"),
}
MILESTONES = {
    Step.SCHEDULED.value: "Visit has a date",
    Step.FED_BACK.value: "Visit held",
    Step.REPORT_FINAL.value: "Report final",
    Step.WORKSHOP_DONE.value: "Workshop held",
    Step.ACTIONS_AGREED.value: "Priorities agreed",
    Step.IMPACT_REVIEWED.value: "Impact visit held",
}


def door(name: str, *args: object) -> str:
    """The address of a page; empty where there is none such."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class Reviews(PartnershipPage):
    """Where peer review begins: what is one's own first."""

    permission = SEE
    room, tab = ROOM, "reviews"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page, made of what this viewer has a part in."""
        seen = self.found(reviews_home(slug, viewer=self.viewer, at=self.today))
        further = [(door(name, slug), label, says) for name, asked, label, says in FURTHER if door(name, slug) and self.viewer.may(asked)]
        stand = [{"says": says[:1].upper() + says[1:], "count": count} for says, count in seen.stand]
        return self.page("peer_review/reviews.jinja", seen=seen, stand=stand, further=further, door=door)


class Engine(PartnershipPage):
    """How the engine runs, in totals that name no school."""

    permission = TOTALS
    room, tab = ROOM, "review-engine"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page. Whatever is asked beside the address changes nothing: totals are not to be narrowed."""
        seen = self.found(engine(slug, viewer=self.viewer, at=self.today))
        return self.page(
            "peer_review/engine.jinja",
            seen=seen,
            milestones=[row(each.whole, MILESTONES[each.key]) for each in seen.milestones],
            in_time=[row(each.whole, *IN_TIME[each.key]) for each in seen.in_time],
            workshops=row(seen.workshops.whole, "Workshops held"),
            actions=[row(seen.actions_done.whole, "Done"), row(seen.actions_begun.whole, "Done or partly done")],
            clusters=clusters(seen),
        )


def row(share: Share, label: str, note: str = "") -> dict[str, Any]:
    """A share as the pictures and their tables want it: its middle, what rounding and chance leave open, and the numbers in words."""
    low, high = (round(end) for end in share.interval_percent) if share.interval_percent else (None, None)
    return {
        "label": label, "note": note, "of": share.says, "value": share.middle_percent, "low": low, "high": high, "unit": share.unit,
        "mark": "" if share.told else "too few to say", "shown": share.says, "told": share.told,
    }  # fmt: skip


def clusters(seen: EngineSeen) -> list[dict[str, Any]]:
    """By cluster, in the order of their names: what a cluster can act on, each a table of ranges."""
    measures = [(IN_TIME[each.key][0], each) for each in seen.in_time]
    return [
        {"title": title, "rows": [{"name": each.name, "says": each.says} for each in measure.groups], "together": _together(measure)}
        for title, measure in measures
        if measure.groups
    ]


def _together(measure: Measure) -> list[str]:
    """Which clusters are told together."""
    return [name for each in measure.groups for name in each.names]


class Fairness(PartnershipPage):
    """Whether rounds are fair: days, new faces, power. For whoever runs rounds; observations, never scores."""

    permission = RUN
    room, tab = ROOM, "review-fairness"

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """The page, for the schools whose reviews this viewer follows."""
        seen = self.found(fairness(slug, viewer=self.viewer, at=self.today))
        return self.page(
            "peer_review/fairness.jinja",
            seen=seen,
            faces=[{"name": name, "says": each.says} for name, each in seen.faces],
            schools=[load_row(each.name, each.load) for each in seen.schools],
            trusts=[load_row(each.name, each.load) | {"schools": each.load.schools} for each in seen.trusts],
        )


def load_row(name: str, load: Any) -> dict[str, Any]:
    """Days given and received as a row of the table."""
    return {"name": name, "given": load.given_days, "received": load.received_days, "people": load.people, "says": load.says}
