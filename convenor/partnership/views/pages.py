"""What every page of a partnership shares: its rooms as tabs, and how an action is asked for, refused and done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import NoReverseMatch, reverse

from convenor.partnership.gate import Page, Permission
from convenor.partnership.rules.refusals import Refused


@dataclass(frozen=True, slots=True)
class Tab:
    """One room of the partnership."""

    label: str
    href: str
    current: bool


#: Label, name of the page, the permission it asks for (None: anyone), the room that can be switched off ("" for none).
TABS: tuple[tuple[str, str, Permission | None, str], ...] = (
    ("About", "partnership", None, ""),
    ("Structure", "structure", None, ""),
    ("Seats", "seats", Permission.PARTNERSHIP_SEE, ""),
    ("Members", "members", None, ""),
    ("Taking part", "engagement", Permission.ENGAGEMENT_SEE, "engagement"),
    ("Representation", "representation", Permission.REPRESENTATION_SEE, "representation"),
    ("Early identification", "early", Permission.PARTNERSHIP_SEE, "early-identification"),
    ("Nine conditions", "conditions", Permission.CONDITIONS_SEE, "conditions"),
    ("Consultation", "consultations", None, "consultation"),
    ("Terms", "terms", Permission.PARTNERSHIP_SEE, ""),
    ("Posts", "posts", Permission.PEOPLE_CHANGE, ""),
    ("People and records", "contacts", Permission.CONTACTS_SEE, ""),
    ("Journal", "journal", Permission.JOURNAL_SEE, ""),
    ("Rooms", "rooms", Permission.ROOM_SWITCH, ""),
)
#: The tabs of a room that stands in the navigation of its own, by the room's key.
TABS_OF_ROOM: dict[str, tuple[tuple[str, str, Permission | None, str], ...]] = {
    "keeping": (
        ("Addresses", "contacts", Permission.CONTACTS_SEE, ""),
        ("Write to schools", "circulars", Permission.CIRCULAR_SEND, ""),
        ("Invite heads", "invite-heads", Permission.CONTACTS_KEEP, ""),
        ("Agreements", "agreements", Permission.AGREEMENT_RUN, ""),
        ("Bring what you have", "move-ins", Permission.MOVE_IN, ""),
        ("Requests", "information-requests", Permission.REQUEST_ANSWER, ""),
        ("What is held", "holdings", Permission.RETENTION_RUN, ""),
        ("Take everything", "archives", Permission.ARCHIVE_TAKE, ""),
    ),
    "conditions": (
        ("Nine conditions", "conditions", Permission.CONDITIONS_SEE, ""),
        ("Workshops", "workshops", Permission.CONDITIONS_SEE, ""),
        ("Foresight", "foresight", Permission.CONDITIONS_SEE, ""),
        ("Two readings", "diagnosis", Permission.CONDITIONS_SEE, ""),
    ),
    "consultation": (
        ("Consultations", "consultations", None, ""),
        ("Votes", "forum-votes", Permission.PARTNERSHIP_SEE, ""),
        ("Setting up", "set-up", Permission.SET_UP_RUN, ""),
    ),
    "peer-review": (
        ("Reviews", "reviews", Permission.PARTNERSHIP_SEE, ""),
        ("Rounds", "review-rounds", Permission.ROUND_RUN, ""),
        ("Reviewers", "reviewers", Permission.REVIEWER_REGISTER, ""),
        ("How it goes", "review-engine", Permission.REVIEW_TOTALS_SEE, ""),
        ("Fairness", "review-fairness", Permission.ROUND_RUN, ""),
        ("Themes", "review-themes", Permission.REVIEW_TOTALS_SEE, ""),
        ("You as a reviewer", "reviewer-me", Permission.REVIEW_OFFER, ""),
        ("Calendar", "calendar", Permission.PARTNERSHIP_SEE, ""),
    ),
    "support": (
        ("Support", "support", Permission.PARTNERSHIP_SEE, ""),
        ("Directory", "support-directory", Permission.PARTNERSHIP_SEE, ""),
        ("Needs", "support-needs", Permission.PARTNERSHIP_SEE, ""),
        ("Packages", "support-packages", Permission.PARTNERSHIP_SEE, ""),
        ("Rings", "support-rings", Permission.PARTNERSHIP_SEE, ""),
        ("How it goes", "support-totals", Permission.SUPPORT_TOTALS_SEE, ""),
    ),
}


def _nearest(tabs: list[Tab], path: str) -> list[Tab]:
    """The same tabs, the current one being that whose address goes furthest into the address of the page."""
    here = max((each.href for each in tabs if path.startswith(each.href)), key=len, default="")
    return [replace(each, current=each.href == here) for each in tabs]


class PartnershipPage(Page):
    """A page of one partnership, with the tabs this viewer may open. `tab` is the name of the one it belongs to."""

    tab: ClassVar[str] = ""

    @property
    def slug(self) -> str:
        """The partnership of the address."""
        return str(self.kwargs["slug"])

    def tabs(self) -> list[Tab]:
        """The rooms this viewer may open, without those switched off."""
        here = self.viewer.partnership
        inside = here is not None and here.slug == self.slug
        off = here.rooms_off if inside and here else ()
        found = []
        for label, name, permission, room in TABS_OF_ROOM.get(self.room, TABS):
            if room in off or (permission is not None and not (inside and self.viewer.may(permission))):
                continue
            try:
                found.append(Tab(label, reverse(name, args=[self.slug]), name == self.tab))
            except NoReverseMatch:
                continue
        return _nearest(found, self.request.path) if self.room in TABS_OF_ROOM else found

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Draws the template with the partnership's tabs."""
        context.setdefault("tabs", self.tabs())
        context.setdefault("slug", self.slug)
        context.setdefault("may", self.viewer.may)
        context.setdefault("P", Permission)
        return super().page(template, status=status, **context)

    @staticmethod
    def found(what: Any) -> Any:
        """What a query answered; a page of nothing is not found."""
        if what is None:
            raise Http404("There is no such page in this partnership, or it is not for you to see.")
        return what


class ActionPage(PartnershipPage):
    """A page that asks for one action: a form, what it means, and one button."""

    template: ClassVar[str] = "partnership/action.jinja"
    title: ClassVar[str] = ""
    lede: ClassVar[str] = ""
    button: ClassVar[str] = ""
    done: ClassVar[str] = ""

    def form(self, data: Any = None) -> Form:
        """The form, filled in or not."""
        raise NotImplementedError

    def perform(self, form: Any) -> None:
        """Does it. A refusal is shown above the form, and nothing has changed."""
        raise NotImplementedError

    def back(self) -> str:
        """Where to go when it is done or left."""
        return reverse(self.tab, args=[self.slug])

    def about(self) -> dict[str, Any]:
        """What else the page shows."""
        return {}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form."""
        return self._show(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Does it, or shows what is wrong."""
        form = self.form(request.POST)
        if form.is_valid():
            try:
                self.perform(form)
            except Refused as error:
                form.add_error(None, str(error))
            else:
                messages.success(request, self.done)
                return HttpResponseRedirect(self.back())
        return self._show(form, status=422)

    def _show(self, form: Form, status: int = 200) -> HttpResponse:
        words = {"title": self.title, "lede": self.lede, "submit": self.button} | self.about()
        return self.page(self.template, status=status, form=form, back=self.back(), **words)
