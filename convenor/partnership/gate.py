"""The gate: who is looking, what they may see and do, and the page that asks before it answers.

Everything a person may do follows from the posts and seats they hold today. A page names its permission; the gate refuses
or lets through, and writes down each look at a school's record that is not public before the page is answered.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from urllib.parse import urlencode, urlsplit

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views import View

from convenor.accounts.rules import pins
from convenor.journal import actions as journal
from convenor.partnership.queries.holdings import PartnershipHere, SeatRow, day_of, partnership_here, posts_of, seats_of
from convenor.partnership.roles import PUBLIC, ROLES, SIGNED_IN, HeldAt, Open, Permission, role_of_seat
from convenor.partnership.rules.offices import brings_office

__all__ = [
    "ANYONE", "PUBLIC", "SIGNED_IN", "Holding", "NotAllowed", "Page", "PartnershipHere", "Permission", "Viewer", "allow",
    "ask_who", "day_of", "proof_wanted", "record_look", "record_looks", "viewer_for", "viewer_of_request",
]  # fmt: skip


class NotAllowed(PermissionDenied):
    """Somebody tried what no post of theirs allows. The message says what, in words."""


@dataclass(frozen=True, slots=True)
class Holding:
    """One role somebody holds, and where. `urns` are the schools it reaches; `place` is where it is held, in words.

    `post_id` tells a post from another; it is None for a role that comes with a seat.
    """

    role: str
    title: str
    partnership_id: int
    partnership_slug: str
    urn: str = ""
    trust_uid: str = ""
    body_id: int | None = None
    authority_code: str = ""
    place: str = ""
    acting: bool = False
    urns: tuple[str, ...] = ()
    post_id: int | None = None

    def allows(self, permission: Permission, *, urn: str | None = None, body_id: int | None = None) -> bool:
        """Whether the role carries the permission and reaches the school or body asked about."""
        role = ROLES.get(self.role)
        if role is None or permission not in role.permissions:
            return False
        if role.held_at is HeldAt.PARTNERSHIP:
            return True
        if urn is not None:
            return urn in self.urns
        if body_id is not None:
            return self.body_id == body_id
        return True

    @property
    def label(self) -> str:
        """The role and its place in words: "headteacher, Fernhollow Primary School"."""
        title = self.title or ROLES[self.role].name
        first = title.split()[0]
        said = title if any(letter.isupper() for letter in first[1:]) else title[:1].lower() + title[1:]
        return f"{said}, {self.place}" if self.place else said


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is looking: nobody known, or a person with what they hold today in one partnership.

    `elsewhere` names the other partnerships in which they hold something.
    """

    person_id: int | None
    name: str
    partnership: PartnershipHere | None = None
    holdings: tuple[Holding, ...] = ()
    elsewhere: tuple[PartnershipHere, ...] = field(default=(), compare=False)

    @property
    def signed_in(self) -> bool:
        """Whether we know who this is."""
        return self.person_id is not None

    def may(self, permission: Permission, *, urn: str | None = None, body_id: int | None = None) -> bool:
        """Whether any role they hold carries the permission, at this school or body where one is named."""
        return any(each.allows(permission, urn=urn, body_id=body_id) for each in self.holdings)

    def holds(self, *roles: str) -> bool:
        """Whether they hold any of these roles anywhere in the partnership."""
        return any(each.role in roles for each in self.holdings)

    def bodies(self, permission: Permission) -> tuple[int, ...]:
        """The bodies at which they hold the permission by a role held at a body."""
        return tuple(each.body_id for each in self.holdings if each.body_id is not None and each.allows(permission, body_id=each.body_id))

    @property
    def urns(self) -> tuple[str, ...]:
        """The schools they act for, each once."""
        return tuple(dict.fromkeys(urn for each in self.holdings for urn in each.urns))

    @property
    def label(self) -> str:
        """As the journal names them: "Ada Example, headteacher, Fernhollow Primary School"."""
        return f"{self.name}, {self.holdings[0].label}" if self.holdings else self.name

    @property
    def journal_of(self) -> str:
        """The slug of the partnership whose journal they may read, "" for none."""
        return self.partnership.slug if self.partnership is not None and self.may(Permission.JOURNAL_SEE) else ""

    def sees_record(self, urn: str) -> bool:
        """Whether they may open what is held about a school and is not public."""
        return self.may(Permission.SCHOOL_RECORD_SEE, urn=urn)

    @property
    def needs_second_factor(self) -> bool:
        """Whether a role they hold asks for a second factor at sign-in."""
        return any(ROLES[each.role].second_factor for each in self.holdings if each.role in ROLES)


ANYONE = Viewer(person_id=None, name="")


def viewer_for(person: Any, *, partnership_slug: str | None = None, on: date, post_id: int | None = None) -> Viewer:
    """What a person holds on the day, in the partnership named or else the first in which they hold anything. Two queries.

    `post_id` puts one of their posts first: it names them and opens their home. A person who holds nothing is known by
    name and may do what anyone may.
    """
    if person is None or not person.is_authenticated:
        return ANYONE
    found: list[tuple[PartnershipHere, Holding]] = [*_from_posts(person.pk, on), *_from_seats(seats_of(person.pk, on=on))]
    places = {here.id: here for here, _ in found}
    preferred = next((here for here, each in found if post_id is not None and each.post_id == post_id), None)
    if partnership_slug is not None:
        chosen = next((here for here in places.values() if here.slug == partnership_slug), None)
    else:
        chosen = preferred or next(iter(places.values()), None)
    if chosen is None:
        return Viewer(person.pk, person.name, elsewhere=tuple(places.values()))
    holdings = [each for here, each in found if here.id == chosen.id]
    holdings.sort(key=lambda each: post_id is None or each.post_id != post_id)
    others = tuple(here for here in places.values() if here.id != chosen.id)
    return Viewer(person.pk, person.name, chosen, tuple(holdings), others)


def viewer_of_request(request: HttpRequest, *, slug: str | None, on: date) -> Viewer:
    """Who is looking, in the partnership of the address, or else the one they chose to work in; asked once in a request."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return ANYONE
    chosen, here = request.session.get("post"), slug or request.session.get("in")
    known: dict[Any, Viewer] = request.__dict__.setdefault("_viewers", {})
    key = (person.pk, slug, on, chosen, here)
    if key not in known:
        post_id = chosen if isinstance(chosen, int) else None
        found = viewer_for(person, partnership_slug=here, on=on, post_id=post_id)
        if found.partnership is None and slug is None and found.elsewhere:  # the place chosen earlier is held no longer
            found = viewer_for(person, on=on, post_id=post_id)
        known[key] = found
    return known[key]


def _from_posts(person_id: int, on: date) -> Iterable[tuple[PartnershipHere, Holding]]:
    """One holding for each post; a trust's rows, one for each of its schools, become one."""
    found: dict[int, tuple[PartnershipHere, Holding]] = {}
    for row in posts_of(person_id, on=on):
        if row.role not in ROLES:
            continue
        before = found[row.post_id][1].urns if row.post_id in found else ()
        found[row.post_id] = (
            row.partnership,
            Holding(
                role=row.role,
                title=row.title,
                partnership_id=row.partnership.id,
                partnership_slug=row.partnership.slug,
                urn="" if row.trust_uid else row.urn,
                trust_uid=row.trust_uid,
                body_id=row.body_id,
                authority_code=row.authority_code,
                place=row.place,
                acting=row.acting,
                urns=tuple(dict.fromkeys((*before, row.urn))) if row.urn else before,
                post_id=row.post_id,
            ),
        )
    return found.values()


def _from_seats(rows: Iterable[SeatRow]) -> Iterable[tuple[PartnershipHere, Holding]]:
    """The roles that come with seats, seats held by right of office among them; each role at a body once."""
    found: dict[tuple[str, int], tuple[PartnershipHere, Holding]] = {}

    def add(row: SeatRow, role: str, title: str, body_id: int, place: str) -> None:
        here = row.partnership
        found.setdefault((role, body_id), (here, Holding(role, title, here.id, here.slug, body_id=body_id, place=place)))

    for row in rows:
        add(row, role_of_seat(row.part, row.hue), row.title, row.body_id, row.body_name)
        office = row.office_rules.get("ex_officio")
        if row.office_body_id is not None and brings_office(
            office, part=row.part, body=row.body_key, kind=row.body_kind, tier=row.tier, under=row.reports_to
        ):
            add(row, role_of_seat("member", row.office_hue), row.office_title, row.office_body_id, row.office_body_name)
    return found.values()


def allow(by: Viewer | str, permission: Permission, *, partnership: str, urn: str | None = None, body_id: int | None = None) -> None:
    """The first line of every action: raises NotAllowed unless they may, in this very partnership (a slug).

    A string is the name of an operator at the command line, or "the system": whoever can run commands may do anything.
    """
    if isinstance(by, str):
        return
    here = by.partnership.slug if by.partnership is not None else None
    if here != partnership or not by.may(permission, urn=urn, body_id=body_id):
        raise NotAllowed(f"You cannot {permission.value}: no post you hold today allows it. Nothing was changed.")


def record_look(viewer: Viewer, *, urn: str, record: str, at: datetime, by_right: Permission = Permission.SCHOOL_RECORD_SEE) -> None:
    """Writes down that somebody looks at a school's record that is not public, before they see it.

    `record` says what in the field's words. The role written down is the one that allowed it: the one that carries `by_right`.
    """
    slug = viewer.partnership.slug if viewer.partnership else ""
    journal.look(by=viewer, at=at, role=_allowing(viewer, by_right, urn), partnership=slug, urn=urn, record=record)


def record_looks(viewer: Viewer, *, urns: Iterable[str], record: str, at: datetime, by_right: Permission) -> None:
    """Writes down that somebody was shown these schools in a list that is not public, once a day for each school. Two queries."""
    slug = viewer.partnership.slug if viewer.partnership else ""
    role = _allowing(viewer, by_right, None)
    journal.look_at_list(by=viewer, at=at, day=day_of(at), role=role, partnership=slug, urns=urns, record=record)


def _allowing(viewer: Viewer, right: Permission, urn: str | None) -> str:
    """The name of the role that allowed a look; the first held where none carries the right."""
    allowing = next((each for each in viewer.holdings if each.allows(right, urn=urn)), None)
    if allowing is None:  # the lead of a body holds no school, and reads what a school of it lets them read
        allowing = next((each for each in viewer.holdings if each.body_id is not None and each.allows(right)), None)
    return ROLES[allowing.role].name if allowing else (ROLES[viewer.holdings[0].role].name if viewer.holdings else "")


def proof_wanted(request: HttpRequest, *, at: datetime, form_sent: bool = False) -> bool:
    """Whether this session began by a mailed link and nobody has shown of late who is there: mailboxes of schools are shared."""
    person = getattr(request, "user", None)
    records = get_authentication_records(request, person) if person is not None and person.is_authenticated else []
    given = [(str(one.get("method", "")), bool(one.get("reauthenticated")), float(one.get("at", 0))) for one in records]
    return pins.proof_wanted(given, now=at.timestamp(), form_sent=form_sent)


def ask_who(request: HttpRequest) -> HttpResponse:
    """Leads to the page that asks for a passkey, a code or a PIN, and from there back."""
    back = request.get_full_path()
    if request.method not in ("GET", "HEAD"):  # a form sent has no page of its own to come back to: the one it stood on has
        came = urlsplit(request.headers.get("Referer", ""))
        back = f"{came.path}?{came.query}" if came.query else came.path or "/"
        back = back if came.netloc == request.get_host() and back.startswith("/") and not back.startswith("//") else "/"
    there = f"{settings.PROVE_URL}?{urlencode({'next': back})}"
    if request.headers.get("HX-Request"):  # a part of a page cannot hold the question: the whole page goes there
        return HttpResponse(headers={"HX-Redirect": there})
    return HttpResponseRedirect(there)


@dataclass(frozen=True, slots=True)
class Room:
    """One entry of the navigation. `current` is "page" on that very page, True inside the room, False elsewhere."""

    label: str
    href: str
    current: str | bool = False


class Page(View):
    """A page: it names the permission it asks for, knows its viewer, and draws a template.

    A page of a partnership takes its `slug` from the address. `room` names a room that a partnership may switch off; the
    page is then not found. `confidential` says that the page holds what a school keeps for itself: whoever began by a mailed
    link is asked, once in half an hour, for what the mailbox does not hold; one that `stands_open` through a visit, and asks again
    by itself, is shown for as long as a form is taken. Only pages and commands read the clock.
    """

    permission: ClassVar[Permission | Open]
    room: ClassVar[str] = ""
    confidential: ClassVar[bool] = False
    stands_open: ClassVar[bool] = False
    viewer: Viewer

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Finds out who is looking, refuses or lets through."""
        self.now: datetime = timezone.now()
        self.today: date = day_of(self.now)
        self.viewer = self._viewer(request)
        request.viewer = self.viewer  # type: ignore[attr-defined]
        refusal = self._refusal(request)
        longer = self.stands_open or request.method == "POST"
        if refusal is None and self.in_confidence() and proof_wanted(request, at=self.now, form_sent=longer):
            refusal = ask_who(request)
        return refusal if refusal is not None else super().dispatch(request, *args, **kwargs)

    def _viewer(self, request: HttpRequest) -> Viewer:
        return viewer_of_request(request, slug=self.kwargs.get("slug"), on=self.today)

    def subject(self) -> dict[str, Any]:
        """The school (`urn`) or body (`body_id`) that the page is about, where its permission is asked for that alone."""
        return {}

    def in_confidence(self) -> bool:
        """Whether what this viewer is about to see is a school's own; a page that shows more to some than to others says so here."""
        return self.confidential

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        """What is said to somebody who may not: sign in first, or, signed in already, PermissionDenied (403)."""
        here = self.viewer.partnership
        if self.room and here is not None and self.room in here.rooms_off:
            raise Http404(f"{here.name} does not use this room.")
        if self.permission is PUBLIC:
            return None
        if not self.viewer.signed_in:
            return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': request.get_full_path()})}")
        if self.permission is SIGNED_IN:
            return None
        assert isinstance(self.permission, Permission)
        if not self.viewer.may(self.permission, **self.subject()):
            raise NotAllowed(f"You cannot {self.permission.value}: no post you hold today allows it.")
        return None

    def partnership(self) -> PartnershipHere:
        """The partnership of the address, whoever is looking. Raises Http404 when there is none of that name."""
        here = self.viewer.partnership or partnership_here(self.kwargs["slug"])
        if here is None:
            raise Http404("No partnership has that address.")
        return here

    def page(self, template: str, *, status: int = 200, **context: Any) -> HttpResponse:
        """Draws the template with the viewer and the navigation beside what the page gives it."""
        here = self.viewer.partnership
        context.setdefault("partnership_name", here.name if here else "")
        frame = {"viewer": self.viewer, "navigation": navigation(self.viewer, self.request.path), "today": self.today}
        return render(self.request, template, frame | context, status=status)


def navigation(viewer: Viewer, path: str = "") -> list[Room]:
    """The rooms this viewer can go to, in the order of the day; rooms a partnership has switched off are not among them."""
    here = viewer.partnership
    area = f"/areas/{here.area}/" if here and here.area else "/areas/"
    rooms = [("Today", "/", "")]
    rooms += [("Area", area, "area")]
    if here and here.area:
        rooms += [("Schools", f"{area}schools/", "schools")]
    own = {"Reviews": f"/p/{here.slug}/reviews/", "Support": f"/p/{here.slug}/support/"} if here else {}
    if here:
        rooms += [("Partnership", f"/p/{here.slug}/structure/", "partnership")]
        rooms += [(label, own[label], key) for label, key in (("Reviews", "peer-review"), ("Support", "support"))]
    off = here.rooms_off if here else ()
    found = []
    for label, href, room in rooms:
        if room and room in off:
            continue
        root = f"/p/{here.slug}/" if here and room == "partnership" else href
        elsewhere = {"area": (f"{area}schools/",), "partnership": tuple(own.values())}.get(room, ())
        inside = href != "/" and path.startswith(root) and not path.startswith(elsewhere)
        found.append(Room(label, href, "page" if path == href else inside))
    return found
