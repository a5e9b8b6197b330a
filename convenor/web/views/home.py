"""The first page: a calm front for anyone, and for each person their own next things to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from convenor.governance import queries as governance
from convenor.journal import queries as journal
from convenor.partnership.actions import ask_colleague
from convenor.partnership.gate import PUBLIC, Holding, Page, Permission
from convenor.partnership.queries.fronts import partnerships_to_visit
from convenor.partnership.queries.members import engagement
from convenor.partnership.queries.today import calls_now, colleagues, empty_seats, heard_from, own_schools, schools_to_invite, terms_ending
from convenor.post.queries import letters_with_problems
from convenor.registers.queries.newest import families_by_age, latest_contexts
from convenor.web import asked_parts, doors, early_parts, home_parts, review_parts, support_parts, todo
from convenor.web.addresses import address
from convenor.web.forms import GiveForm
from convenor.web.homes import HomeKind, chosen_holding, holding_key, home_of
from convenor.web.words import LONDON, clock, day

OPEN_PAGES = (
    ("Areas", "areas", "every local authority in England beside its neighbours, its region and the country"),
    ("Search", "search", "find a school, an area or a body, however it is spelt"),
    ("Where the figures come from", "editions", "each published file that is loaded, and each row of it that was refused"),
    ("About Convenor", "about", "what it does, and what it holds to"),
)

#: How many rows of a list a home shows before it leads to the whole of it.
SHOWN = 8

#: A family of files is called old when the newest day it describes lies further back than this.
OLD_DAYS = 400


class Home(Page):
    """Each person's own page."""

    permission = PUBLIC
    holding: Holding

    def get(self, request: HttpRequest) -> HttpResponse:
        """The home that belongs to the post they work under."""
        holding = chosen_holding(self.viewer, request.session.get("home") if self.viewer.signed_in else None)
        kind = home_of(self.viewer, holding)
        if holding is not None:
            self.holding = holding
        compose = self.homes.get(kind)
        context = compose(self) if compose else {}
        here = self.viewer.partnership
        return self.page(
            f"web/home_{kind.value}.jinja", holding=holding, key_of=holding_key,
            greeting=home_parts.greeting(self.now.astimezone(LONDON).hour),
            partnership_href=address("partnership", here.slug) if here else "", **context,
        )  # fmt: skip

    @property
    def slug(self) -> str:
        """The partnership in which they work."""
        assert self.viewer.partnership is not None
        return self.viewer.partnership.slug

    def front(self) -> dict[str, Any]:
        """Anyone: the partnerships there are, and their areas."""
        partnerships = [
            {
                "name": one.name, "purpose": one.purpose, "area": one.area, "demonstration": one.demonstration,
                "href": address("partnership", one.slug), "area_href": address("area", one.area_code) if one.area_code else "",
            }
            for one in partnerships_to_visit(viewer=self.viewer)
        ]  # fmt: skip
        pages = [(label, address(name), says) for label, name, says in OPEN_PAGES if address(name)]
        return {"partnerships": partnerships, "open_pages": pages}

    def head(self) -> dict[str, Any]:
        """A head's ten minutes; a trust's leader and a chair have the same, at the school they choose."""
        if "school" in self.request.GET:
            self.request.session["school"] = self.request.GET["school"]
        schools, school = home_parts.chosen_school(self.viewer, self.today, self.request.session.get("school"), self.holding)
        things = home_parts.own_term_things(self.viewer, self.today)
        own, days = self.personal((school.urn,) if school else ())
        things += own
        if school is None:
            return {"todo": todo.choose(things), "schools": [], "school": None, "strip": [], "days": days}
        strip = home_parts.strip(self.viewer, school)
        may_join = self.viewer.may(Permission.SCHOOL_SPEAK, urn=school.urn)
        at_school = home_parts.things_at_school(self.viewer, self.today, school, self.holding.role, may_join=may_join)
        things += [home_parts.delegable(thing, school.urn) for thing in at_school]
        things += early_parts.school_things(self.viewer, self.today, school.urn, school.name)
        return {
            "todo": todo.choose(things),
            "schools": schools,
            "school": school,
            "strip": strip,
            "data_line": home_parts.data_line(small.caption for small in strip),
            "bodies": [(name, doors.body(self.slug, key)) for key, name in school.bodies],
            "school_href": doors.school(school.urn),
            "ask_href": support_parts.ask_door(self.viewer, school.urn) if school.member else "",
            "days": days,
        }

    def office(self) -> dict[str, Any]:
        """The school office and the clerk: the school's everyday business, and none of its confidential pages."""
        schools, school = home_parts.chosen_school(self.viewer, self.today, self.request.session.get("school"), self.holding)
        things = home_parts.own_term_things(self.viewer, self.today)
        if school is not None:
            things += home_parts.things_at_school(self.viewer, self.today, school, self.holding.role, may_join=False)
        bodies = [(name, doors.body(self.slug, key)) for key, name in school.bodies] if school else []
        return {
            "todo": todo.choose(things),
            "schools": schools,
            "school": school,
            "bodies": bodies,
            "school_href": doors.school(school.urn) if school else "",
        }

    def manager(self) -> dict[str, Any]:
        """The manager's day."""
        on, viewer, slug = self.today, self.viewer, self.slug
        terms, calls = terms_ending(viewer=viewer, on=on), calls_now(viewer=viewer, on=on)
        empty = empty_seats(viewer=viewer, on=on)
        closed = [call for call in calls if call.closes_on < on]
        things = [
            todo.decide_thing(
                title=call.title,
                body=call.body,
                closed_on=call.closes_on,
                names=call.names,
                href=doors.decide(slug, call.id),
                key=str(call.id),
            )
            for call in closed
        ]
        things += [
            todo.fill_thing(
                title=seat.title,
                body=seat.body,
                empty=seat.empty,
                href=doors.open_call(slug, seat.body_key, seat.seat_key),
                key=f"{seat.body_key}-{seat.seat_key}",
            )
            for seat in empty
            if not seat.called
        ]
        rounds, round_days = review_parts.coordinator_things(viewer, on)
        things += [*rounds, *support_parts.coordinator_things(viewer, on), *asked_parts.coordinator_things(viewer, on)]
        wheel = [*self.dated(calls, terms), *round_days]
        families = families_by_age(viewer=viewer)
        return {
            "todo": todo.choose(things),
            "terms": terms,
            "terms_shown": [
                {
                    "title": one.title,
                    "body": one.body,
                    "holder": one.holder,
                    "ends": day(one.ends_on),
                    "follow": one.successor or "nobody named yet",
                    "hand": "written" if one.handed_over else "not yet",
                }
                for one in terms[:SHOWN]
            ],
            "terms_more": max(0, len(terms) - SHOWN),
            "calls": [call for call in calls if call.closes_on >= on],
            "empty": empty,
            "empty_number": sum(seat.empty for seat in empty),
            "heard": heard_from(viewer=viewer, on=on, since=home_parts.school_year_began(on)),
            "letters": letters_with_problems(slug, viewer=viewer),
            "old_families": [one for one in families if (on - one.as_at).days > OLD_DAYS],
            "newest_family": families[-1] if families else None,
            "wheel": todo.year_wheel(wheel, on),
            "wheel_empty": not wheel,
            "seats_href": doors.seats(slug),
            "engagement_href": doors.engagement(slug),
        }

    def personal(self, urns: tuple[str, ...]) -> tuple[list[todo.Thing], list[todo.Entry]]:
        """What waits for this very person in reviews and packages, and their days to come, at most six."""
        reviews, visits = review_parts.personal_things(self.viewer, self.today, urns)
        questions = asked_parts.questions(self.viewer, self.today, urns)
        packages, more, so = support_parts.personal_things(self.viewer, self.today, urns, questions)
        asked = asked_parts.personal_things(self.viewer, self.today, urns, frozenset(questions) if so is None else so)
        return [*reviews, *packages, *asked], sorted([*visits, *more], key=lambda entry: (entry.on, entry.label))[:6]

    def dated(self, calls: list[Any], terms: list[Any]) -> list[todo.Entry]:
        """The days on which calls close and terms end, for the year's wheel."""
        closing = [todo.Entry(call.closes_on, f"call closes: {call.title}", doors.call(self.slug, call.id)) for call in calls]
        ending = [(term.ends_on, f"term ends: {term.title}, {term.body}") for term in terms]
        return closing + todo.gathered(ending, "terms end", doors.seats(self.slug))

    def board(self) -> dict[str, Any]:
        """A board member's papers: the partnership whole, in aggregate; nothing here names a school."""
        pictures = self.pictures()
        things = home_parts.own_term_things(self.viewer, self.today)
        return {
            "todo": todo.choose(things),
            "pictures": pictures,
            "data_line": home_parts.data_line(one["edition"] for one in pictures),
            "priorities": self.priorities(),
            "decisions": self.decisions(),
            "heard": engagement(self.slug, viewer=self.viewer, at=self.today),
            "engine_href": review_parts.engine_door(self.viewer),
            "totals_href": support_parts.totals_door(self.viewer),
        }

    def priorities(self) -> list[Any]:
        """What the partnership has agreed to work on."""
        return list(governance.priorities(self.slug, viewer=self.viewer, at=self.today))

    def decisions(self) -> list[Any]:
        """The last decisions of the bodies whose papers the viewer reads; one that a later decision replaced is left out."""
        return [one for one in governance.decisions(self.slug, viewer=self.viewer, limit=8) if not one.replaced][:5]

    def entries(self) -> list[Any]:
        """The newest entries of the journal, for whoever may read it."""
        found = journal.entries(self.slug, viewer=self.viewer)
        return [
            {"when": clock(one.at), "by": one.by, "what": f"{one.said}: {one.subject}", "why": one.why}
            for one in (found.entries if found else ())
        ]

    def pictures(self) -> list[dict[str, Any]]:
        """The area in at most five pictures, each beside England."""
        here = self.viewer.partnership
        if here is None or not here.area:
            return []
        return home_parts.area_pictures(here.area, latest_contexts(home_parts.context_codes(here.area), viewer=self.viewer))

    def officer(self) -> dict[str, Any]:
        """A local authority officer: the partnership's line, and the statutory line kept apart."""
        pictures = self.pictures()[:2]
        things = home_parts.own_term_things(self.viewer, self.today)
        things += home_parts.call_things(self.viewer, self.today, self.holding.role)
        return {
            "todo": todo.choose(things),
            "pictures": pictures,
            "data_line": home_parts.data_line(one["edition"] for one in pictures),
            "priorities": self.priorities(),
            "heard": engagement(self.slug, viewer=self.viewer, at=self.today),
        }

    def lead(self) -> dict[str, Any]:
        """A cluster's or an alliance's lead: its schools, and whom to invite."""
        things = home_parts.own_term_things(self.viewer, self.today)
        things += home_parts.call_things(self.viewer, self.today, self.holding.role)
        things += review_parts.coordinator_things(self.viewer, self.today)[0]
        own, days = self.personal(())
        schools = []
        if self.holding.body_id is not None:
            since = home_parts.school_year_began(self.today)
            schools = schools_to_invite(viewer=self.viewer, on=self.today, since=since, body_id=self.holding.body_id)
        return {
            "todo": todo.choose([*things, *own]),
            "days": days,
            "schools": schools,
            "not_yet": [school for school in schools if not school.heard],
            "map_href": home_parts.map_of(self.viewer),
        }

    def auditor(self) -> dict[str, Any]:
        """An auditor: the journal, newest first."""
        return {"entries": self.entries(), "journal_href": home_parts.journal_of(self.viewer)}

    def member(self) -> dict[str, Any]:
        """Everyone else who holds something: what waits for them, and where the partnership is."""
        things = home_parts.own_term_things(self.viewer, self.today)
        things += home_parts.call_things(self.viewer, self.today, self.holding.role)
        things += early_parts.broker_things(self.viewer, self.today)
        things += support_parts.broker_things(self.viewer, self.today)
        own, days = self.personal(())
        return {"todo": todo.choose([*things, *own]), "priorities": self.priorities(), "days": days}

    homes: ClassVar[dict[HomeKind, Callable[[Home], dict[str, Any]]]] = {
        HomeKind.FRONT: front,
        HomeKind.HEAD: head,
        HomeKind.OFFICE: office,
        HomeKind.MANAGER: manager,
        HomeKind.BOARD: board,
        HomeKind.OFFICER: officer,
        HomeKind.LEAD: lead,
        HomeKind.AUDITOR: auditor,
        HomeKind.MEMBER: member,
    }


class Give(Page):
    """Ask a colleague of the same school to do one of the things that wait."""

    permission = Permission.SCHOOL_ACT

    def subject(self) -> dict[str, Any]:
        """The school it is about."""
        return {"urn": self.kwargs["urn"]}

    def thing(self, urn: str, key: str) -> todo.Thing:
        """The thing of that key that waits at the school now, if it may be given. Raises Http404."""
        roles = [one.role for one in self.viewer.holdings if urn in one.urns]
        schools = own_schools(viewer=self.viewer, on=self.today)
        school = next((one for one in schools if one.urn == urn), None)
        if school is None:
            raise Http404("That is not one of your schools.")
        waiting = home_parts.things_at_school(self.viewer, self.today, school, roles[0], may_join=False)
        found = next((one for one in waiting if one.key == key and one.delegable), None)
        if found is None:
            raise Http404("Nothing of that kind waits any more.")
        return found

    def get(self, request: HttpRequest, urn: str, thing: str) -> HttpResponse:
        """Whom to ask."""
        return self.show(urn, self.thing(urn, thing), GiveForm(people=self.people(urn)))

    def post(self, request: HttpRequest, urn: str, thing: str) -> HttpResponse:
        """Ask them."""
        waiting, form = self.thing(urn, thing), GiveForm(request.POST, people=self.people(urn))
        if not form.is_valid():
            return self.show(urn, waiting, form, status=400)
        assert self.viewer.partnership is not None
        asked = ask_colleague(
            slug=self.viewer.partnership.slug, urn=urn, person_id=int(form.cleaned_data["person"]), what=waiting.title,
            address=request.build_absolute_uri("/"), by=self.viewer, at=self.now,
        )  # fmt: skip
        messages.success(request, f"{asked.name} is asked, by letter. It stays on your page as well until it is done.")
        return redirect("home")

    def people(self, urn: str) -> list[Any]:
        """Who else acts for the school."""
        return colleagues(viewer=self.viewer, on=self.today, urn=urn)

    def show(self, urn: str, waiting: todo.Thing, form: GiveForm, *, status: int = 200) -> HttpResponse:
        """The page."""
        return self.page("web/give.jinja", thing=waiting, form=form, anybody=bool(form.people), status=status)
