"""A school's lines, one by one: for its own people first, for its broker, and for whoever the school lets read along."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from convenor.intelligence.queries.school_lines import SchoolLines, may_read, school_lines
from convenor.intelligence.rules.secrecy import plain_truth
from convenor.partnership.gate import NotAllowed, Permission, record_look
from convenor.partnership.views.pages import PartnershipPage
from convenor.registers.queries.known import known_urns

LOOKED_AT = "the school’s lines of early identification"


def door(name: str, *args: object) -> str:
    """The address of another page of early identification; empty where a partnership's site has none such."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


class Lines(PartnershipPage):
    """Each indicator of one school: what it says, against what, from which edition, and what can be said back."""

    permission = Permission.PARTNERSHIP_SEE
    room = "early-identification"
    confidential = True
    tab = "early"

    def get(self, request: HttpRequest, slug: str, urn: str) -> HttpResponse:
        """The page; somebody outside the circle is refused, whatever there is to see. A look from outside the school is written down."""
        if not may_read(slug, urn, viewer=self.viewer, at=self.today):
            if not known_urns([urn], viewer=self.viewer):
                raise Http404(f"No loaded edition describes a school with the URN {urn}.")
            raise NotAllowed(
                "A school’s lines are for its own people and the one broker who holds its conversation, and for its cluster lead while the "
                "school agrees."
            )
        if all(each.urn != urn for each in self.viewer.holdings):
            rights = (Permission.SCHOOL_RECORD_SEE, Permission.CONVERSATION_HOLD, Permission.BODY_LEAD)
            by = next((right for right in rights if self.viewer.may(right, urn=urn if right is rights[0] else None)), rights[0])
            record_look(self.viewer, urn=urn, record=LOOKED_AT, at=self.now, by_right=by)
        seen: SchoolLines = self.found(school_lines(slug, urn, viewer=self.viewer, at=self.today))
        return self.page("intelligence/lines.jinja", seen=seen, truth=plain_truth("lines"), doors=self.doors(seen))

    def doors(self, seen: SchoolLines) -> dict[str, str]:
        """Where one can go from here; an address that is not there is empty."""
        slug, urn = self.slug, seen.urn
        conversation = door("early-conversation", slug, seen.conversation.id) if seen.conversation else ""
        return {
            "conversation": conversation,
            "reply": conversation or door("early-reply", slug, urn),
            "refer": door("early-refer", slug, urn),
            "enter": door("early-enter", slug, urn),
            "signals": door("early-signals", slug, urn),
            "similar": door("early-similar", slug, urn),
            "method": door("early-method", slug),
            "held": door("school-held", urn),
            "school": door("school", urn),
        }
