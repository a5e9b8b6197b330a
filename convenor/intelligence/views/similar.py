"""A school's similar schools: who they are, how far off, on which published figures, and where the school lies among them."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convenor.intelligence.queries.similar import CONVENOR, DFE, METHODS, AxisSeen, SimilarSchools, similar_to
from convenor.intelligence.rules.similar import KEPT
from convenor.intelligence.rules.similar_dfe import NOT_LOADED, SET
from convenor.intelligence.rules.strips import REACH, Strip, strip
from convenor.partnership.gate import Permission
from convenor.partnership.views.pages import PartnershipPage
from convenor.registers.queries.schools import EditionLine, editions, school, sees_fictitious

#: How many are shown unless all are asked for.
SHOWN = 30


@dataclass(frozen=True, slots=True)
class AxisDrawn:
    """A variable with its picture and the editions it comes from."""

    seen: AxisSeen
    strip: Strip
    sources: tuple[EditionLine, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way of looking at the page."""

    label: str
    href: str
    current: bool


class Similar(PartnershipPage):
    """The page, for every member: all of it is published, about any school."""

    permission = Permission.PARTNERSHIP_SEE
    room = "early-identification"
    tab = "early"

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """By the method asked for (`?method=dfe30`), all that are kept with `?all=1`."""
        method = request.GET.get("method", CONVENOR)
        if method not in METHODS:
            raise Http404("There is no such method of finding similar schools.")
        about = school(urn, viewer=self.viewer)
        if about is None or (about.fictitious and not sees_fictitious(self.viewer)):
            raise Http404(f"No loaded edition describes a school with the URN {urn}.")
        whole = request.GET.get("all") == "1"
        found = similar_to(urn, n=KEPT if whole else SHOWN, method=method, viewer=self.viewer)
        return self.page(
            "intelligence/similar.jinja",
            about=about,
            own=urn in self.viewer.urns,
            seen=found,
            drawn=self._drawn(found) if found else (),
            methods=[Choice(_LABELS[key], self._address(urn, key, whole), key == method) for key in METHODS],
            dfe=method == DFE,
            set_of=SET,
            not_loaded=NOT_LOADED,
            short=SHORT,
            more_href=self._address(urn, method, whole=True) if found and method == CONVENOR and not whole else "",
            kept=KEPT,
        )

    def _address(self, urn: str, method: str, whole: bool) -> str:
        query = {key: value for key, value in (("method", "" if method == CONVENOR else method), ("all", "1" if whole else "")) if value}
        return reverse("early-similar", args=[self.slug, urn], query=query or None)

    def _drawn(self, found: SimilarSchools) -> tuple[AxisDrawn, ...]:
        """Each variable with its strip; the Department's are scaled by the range of the phase, so one range fits."""
        sources = {each.key: each for each in editions(found.editions, viewer=self.viewer)}
        reach = 1.0 if found.method == DFE else REACH
        return tuple(
            AxisDrawn(
                axis,
                strip(axis.value, [each.values[place] for each in found.schools], axis.axis, reach=reach),
                tuple(sources[key] for key in axis.editions if key in sources),
            )
            for place, axis in enumerate(found.axes)
        )


#: What the variables are called at the head of a narrow column.
SHORT = {
    "prior_attainment": "Start, KS2 score",
    "size": "Pupils",
    "disadvantage": "Free meals, six years",
    "eal": "Additional language",
    "sen_support": "SEN support",
    "ehcp": "Plans",
    "mobility": "Did not move",
    "deprivation": "Deprivation rank",
    "pupils": "Pupils",
    "fsm": "Free meals",
    "sen": "SEN",
}
_LABELS = {CONVENOR: "Our method", DFE: "DfE 30"}
