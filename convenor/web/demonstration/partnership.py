"""An invented partnership in the shape of a shipped constitution: members in clusters, people in seats, some seats empty.

Pure: it takes the constitution's file as read and returns one with clusters, members and appointments, which is then loaded as any
partnership's own file would be.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from convenor.partnership.rules.checking import check
from convenor.partnership.rules.constitution import (
    Appointment,
    Body,
    Constitution,
    ExOfficio,
    Member,
    Places,
    Seat,
    Tier,
    in_force,
    months_later,
)
from convenor.partnership.rules.vocabulary import CHAIRING_PARTS, How, Hue, Part, Severity, Status, phase_within, role_within, type_within
from convenor.web.demonstration import names
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.schools import InventedGroup, InventedSchool

PHASE_WORDS = {"Primary": "primary", "Secondary": "secondary", "Special": "special", "Nursery": "nursery", "PRU": "alternative"}
TYPE_WORDS = {
    "Community school": "community", "Voluntary controlled school": "voluntary-controlled", "Voluntary aided school": "voluntary-aided",
    "Foundation school": "foundation", "Academy converter": "academy-converter", "Academy sponsor led": "academy-sponsor-led",
    "Free schools": "free-school", "University technical college": "university-technical-college", "Community special school": "community",
    "Academy special converter": "academy-converter", "Local authority nursery school": "maintained-nursery",
    "Pupil referral unit": "pupil-referral-unit",
}  # fmt: skip
#: About one place in nine stands empty: an honest partnership is never full.
EMPTY = 0.11
CLUSTER_OF = 6
INVENTED = "Invented for this demonstration."
#: Kinds of body at which people meet; they hold no schools of their own.
MEETING_KINDS = frozenset({
    "board", "shadow-board", "steering-group", "sub-group", "committee", "panel", "forum", "members-meeting", "network", "hub",
    "task-and-finish-group",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody who does not exist. `role` is a role of the constitution's vocabulary; a person from outside schools has no school."""

    name: str
    role: str
    school: InventedSchool | None = None


def phase_of(school: InventedSchool) -> str:
    """The school's phase in the constitution's words."""
    return "all-through" if school.phase == "Secondary" and school.low_age < 11 else PHASE_WORDS[school.phase]


def split(schools: Sequence[InventedSchool], parts: int, across: bool = True) -> list[list[InventedSchool]]:
    """The schools in so many neighbourhoods of near-equal size: cut along the map, west to east and south to north in turn."""
    if parts <= 1:
        return [list(schools)]
    ordered = sorted(schools, key=lambda s: (s.easting, s.urn) if across else (s.northing, s.urn))
    left = parts // 2
    cut = round(len(ordered) * left / parts)
    return split(ordered[:cut], left, not across) + split(ordered[cut:], parts - left, not across)


def invent(
    area: Area, shipped: Constitution, schools: Sequence[InventedSchool], groups: Sequence[InventedGroup], on: date
) -> tuple[Constitution, list[InventedPerson]]:
    """The whole partnership as one constitution, and everybody in its schools.

    Any appointment that the constitution's own rules would call an error is left out, so that what is loaded is right by its own law.
    """
    chance = Random(f"partnership {area.key}")
    given = names.people(area.key)
    people = list(_people_of(schools, given))
    begun = months_later(date(on.year - (on.month < 9), 9, 1), -36)
    shaped, belongs = _with_clusters(area, shipped, schools, begun)
    members = tuple(_member(school, belongs.get(school.urn, ()), groups, begun) for school in schools)
    base = replace(
        shaped,
        id=f"{area.key}-demonstration",
        name=f"{area.name} Education Partnership (demonstration)",
        status=Status.IN_USE,
        from_on=begun,
        until_on=None,
        review_on=date(on.year + 1, 9, 1),
        members=members,
        appointments=(),
    )
    seating = _Seating(base, people, given, belongs, chance, begun, on)
    filled = replace(base, appointments=tuple(seating.appointments()))
    return _without_errors(filled, on), [*people, *seating.outsiders]


def _people_of(schools: Sequence[InventedSchool], given: Iterator[str]) -> Iterator[InventedPerson]:
    """A head for each school (one executive head for a whole federation), a chair, and in larger schools a senior leader."""
    executive: dict[str, str] = {}
    for school in schools:
        head = executive.get(school.federation) or next(given)
        if school.federation:
            executive[school.federation] = head
        yield InventedPerson(head, "headteacher", school)
        yield InventedPerson(next(given), "chair-of-governors", school)
        if school.pupils > 180:
            yield InventedPerson(next(given), "senior-leader", school)
    led: set[str] = set()
    for school in schools:
        if school.trust and school.trust not in led:
            led.add(school.trust)
            yield InventedPerson(next(given), "trust-leader", school)


def _with_clusters(
    area: Area, shipped: Constitution, schools: Sequence[InventedSchool], begun: date
) -> tuple[Constitution, dict[str, tuple[str, ...]]]:
    """The constitution with alliances and clusters added where its tiers name none, and the bodies to which each school belongs.

    Bodies that the evidence names hold schools by neighbourhood. Where it describes no level that holds schools at all, a tier of
    clusters is added that says of itself that it was invented.
    """
    belongs: dict[str, list[str]] = {school.urn: [] for school in schools}
    bodies = [replace(body, from_on=None, until_on=None) for body in shipped.bodies]
    sizes = dict(area.sizes)
    levels = {hue: [b for b in bodies if _hue(shipped, b) is hue and b.kind not in MEETING_KINDS and b.id not in sizes] for hue in Hue}
    for hue in (Hue.ALLIANCE, Hue.CLUSTER):
        for phases, same in _by_phases(levels[hue]).items():
            fitting = [school for school in schools if not phases or phase_within(phase_of(school), phases)]
            for body, part in zip(same, split(fitting, len(same)), strict=True):
                for school in part:
                    belongs[school.urn].append(body.id)
    for key, size in sizes.items():
        primaries = sorted((s for s in schools if s.phase == "Primary"), key=lambda s: (s.easting + s.northing, s.urn))
        for school in primaries[:size]:
            belongs[school.urn].append(key)
    tiers = list(shipped.tiers)
    top = next((body.id for body in bodies if body.tier == tiers[-1].key and not body.reports_to), "")
    if not levels[Hue.ALLIANCE] and not levels[Hue.CLUSTER] and all(tier.hue is not Hue.CLUSTER for tier in tiers):
        tiers.insert(0, Tier("cluster", "Clusters (invented for this demonstration)", Hue.CLUSTER, purpose=INVENTED))
    called = list(names.places(f"{area.key} clusters"))
    alliance = next((tier for tier in tiers if tier.hue is Hue.ALLIANCE), None)
    if alliance is not None and not levels[Hue.ALLIANCE] and any(tier.hue is Hue.CLUSTER for tier in shipped.tiers):
        levels[Hue.ALLIANCE] = _alliances(called[-5:], alliance.key, schools, top, belongs, begun)
        bodies += levels[Hue.ALLIANCE]
    cluster = next((tier for tier in tiers if tier.hue is Hue.CLUSTER), None)
    if cluster is not None and not levels[Hue.CLUSTER]:
        bodies += _clusters(called, cluster.key, schools, {body.id for body in levels[Hue.ALLIANCE]}, top, belongs, begun)
    return replace(shipped, tiers=tuple(tiers), bodies=tuple(bodies)), {urn: tuple(ids) for urn, ids in belongs.items()}


def _hue(constitution: Constitution, body: Body) -> Hue | None:
    return next((tier.hue for tier in constitution.tiers if tier.key == body.tier), None)


def _by_phases(bodies: Sequence[Body]) -> dict[tuple[str, ...], list[Body]]:
    grouped: dict[tuple[str, ...], list[Body]] = {}
    for body in bodies:
        grouped.setdefault(body.phases, []).append(body)
    return grouped


def _alliances(
    called: Sequence[str], tier: str, schools: Sequence[InventedSchool], top: str, belongs: dict[str, list[str]], begun: date
) -> list[Body]:
    """Invented alliances, each of a fifth of the area, led by heads; the leads of their clusters sit on them by right."""
    made = []
    for name, part in zip(called, split(schools, len(called)), strict=True):
        key = f"{name.lower()}-alliance"
        seats = (
            Seat("chair", "Chair", Part.CHAIR, who=("headteacher",), how=How.ELECTION, by="its heads", term_months=24),
            Seat("deputy", "Deputy chair", Part.DEPUTY, who=("headteacher",), how=How.ELECTION, by="its heads", term_months=24),
            Seat("cluster-leads", "Lead of each cluster", how=How.EX_OFFICIO, places=Places(0, None),
                 ex_officio=ExOfficio((Part.LEAD,), (f"under:{key}",))),
            Seat("governor", "Governor", who=("governor",), how=How.SELF_NOMINATION, by="governors of the alliance", term_months=24),
            Seat("adviser", "Local authority adviser", Part.ADVISER, who=("officer",), how=How.APPOINTMENT, by="the local authority"),
        )  # fmt: skip
        purpose = "Shares intelligence across its clusters and brokers support. " + INVENTED
        review_on = months_later(begun, 48)
        made.append(Body(key, f"{name} alliance", "alliance", tier, top, begun, None, review_on, purpose, meets="Termly", seats=seats))
        for school in part:
            belongs[school.urn].append(key)
    return made


def _clusters(
    called: Sequence[str],
    tier: str,
    schools: Sequence[InventedSchool],
    middle: set[str],
    top: str,
    belongs: dict[str, list[str]],
    begun: date,
) -> list[Body]:
    """Invented clusters of about six neighbouring schools of every phase, each within one alliance where there are any."""
    made: list[Body] = []
    homes: dict[str, list[InventedSchool]] = {}
    for school in schools:
        homes.setdefault(next((body for body in belongs[school.urn] if body in middle), top), []).append(school)
    for home, here in homes.items():
        for part in split(here, max(1, len(here) // CLUSTER_OF)):
            name = f"{called[len(made)]} cluster"
            key = name.lower().replace(" ", "-")
            made.append(
                Body(
                    id=key, name=name, kind="cluster", tier=tier, reports_to=home, from_on=begun, review_on=months_later(begun, 48),
                    purpose="Peer review and mutual support among neighbours. " + INVENTED, meets="Half-termly", schools=Places(3, 10),
                    seats=(
                        Seat("lead", "Cluster lead", Part.LEAD, who=("headteacher",), how=How.ELECTION, by="its heads", term_months=24),
                        Seat("deputy", "Deputy lead", Part.DEPUTY, who=("headteacher",), how=How.NOMINATION, term_months=24),
                    ),
                )
            )  # fmt: skip
            for school in part:
                belongs[school.urn].append(key)
    return made


def _member(school: InventedSchool, bodies: tuple[str, ...], groups: Sequence[InventedGroup], begun: date) -> Member:
    called = {group.uid: group.name for group in groups}
    return Member(
        school=school.urn, name=school.name, phase=phase_of(school), type=TYPE_WORDS[school.type_name], trust=called.get(school.trust, ""),
        federation=called.get(school.federation, ""), bodies=bodies, from_on=begun,
    )  # fmt: skip


class _Seating:
    """Fills the seats of every body, from the schools that belong to it where it has schools, else from all."""

    def __init__(self, base: Constitution, people: Sequence[InventedPerson], given: Iterator[str], belongs: dict[str, tuple[str, ...]],
                 chance: Random, begun: date, on: date) -> None:  # fmt: skip
        self.base, self.people, self.given, self.belongs, self.chance, self.begun, self.on = base, people, given, belongs, chance, begun, on
        self.outsiders: list[InventedPerson] = []
        self.seats_held: Counter[str] = Counter()
        self.leading: set[str] = (
            set()
        )  # schools and trusts that lead a sub-group already: together they sit on the board, which may cap them
        self.trusts = {member.school: member.trust for member in base.members}

    def appointments(self) -> Iterator[Appointment]:
        for body in self.base.bodies:
            if not in_force(body, self.on):
                continue
            on_body: set[str] = set()
            schools_here = {urn for urn, ids in self.belongs.items() if body.id in ids}
            first, among = [s for s in body.seats if not s.among_members], [s for s in body.seats if s.among_members]
            sat: list[Appointment] = []
            for seat in first:
                sat += self._fill(body, seat, schools_here, on_body)
            yield from sat
            for seat in among:
                yield from self._from_members(seat, sat)

    def _fill(self, body: Body, seat: Seat, schools_here: set[str], on_body: set[str]) -> list[Appointment]:
        if seat.how is How.EX_OFFICIO or seat.ex_officio or not in_force(seat, self.on):
            return []
        filled = []
        most = seat.places.maximum if seat.places.maximum is not None else max(seat.places.minimum, 3)
        least = max(seat.places.minimum, 1) if seat.places.maximum is None else seat.places.minimum
        wanted = self.chance.randint(least, max(least, most))
        for _ in range(wanted):
            left = self.chance.random() < EMPTY and seat.part is not Part.CHAIR
            person = self._somebody(body, seat, schools_here, on_body)
            if person is None:
                break
            on_body.add(person.name)
            if person.school is not None:
                on_body.update({person.school.urn, self.trusts.get(person.school.urn) or person.school.urn})
            term = self._term(body, seat, person)
            filled.append(self._cut_short(term) if left else term)
        return filled

    def _somebody(self, body: Body, seat: Seat, schools_here: set[str], on_body: set[str]) -> InventedPerson | None:
        """A person who may sit there, the least burdened first; somebody from outside where the seat is not a school's."""
        roles = seat.who or (() if seat.independent else ("headteacher",))
        leads = seat.part in CHAIRING_PARTS and body.kind in MEETING_KINDS
        fitting = [
            person
            for person in self.people
            if person.school is not None
            and role_within(person.role, roles)
            and person.name not in on_body
            and person.school.urn not in on_body
            and (self.trusts.get(person.school.urn) or person.school.urn) not in on_body
            and (not leads or (self.trusts.get(person.school.urn) or person.school.urn) not in self.leading)
            and (not schools_here or person.school.urn in schools_here)
            and (not (seat.phases or body.phases) or phase_within(phase_of(person.school), seat.phases or body.phases))
            and (not seat.types or type_within(TYPE_WORDS[person.school.type_name], seat.types))
        ]
        if fitting and not seat.independent:
            least = min(self.seats_held[person.name] for person in fitting)
            chosen = self.chance.choice([person for person in fitting if self.seats_held[person.name] == least])
        else:
            outside = [
                role
                for role in roles
                if role not in ("headteacher", "senior-leader", "teacher", "governor", "chair-of-governors", "trust-leader")
            ]
            if roles and not outside:
                return None
            chosen = InventedPerson(next(self.given), outside[0] if outside else "independent")
            self.outsiders.append(chosen)
        if leads and chosen.school is not None:
            self.leading.add(self.trusts.get(chosen.school.urn) or chosen.school.urn)
        self.seats_held[chosen.name] += 1
        return chosen

    def _term(self, body: Body, seat: Seat, person: InventedPerson) -> Appointment:
        months = seat.term_months or 24
        earliest = max(self.begun, months_later(self.on, -months) + timedelta(days=20))
        starts = [day for year in range(earliest.year, self.on.year + 1) for day in (date(year, 1, 1), date(year, 4, 1), date(year, 9, 1))
                  if earliest <= day <= self.on] or [earliest]  # fmt: skip
        start = self.chance.choice(starts)
        until = months_later(start, months) if seat.term_months else None
        ends_soon = until is not None and until < months_later(self.on, 6)
        successor = next(self.given) if ends_soon and self.chance.random() < 0.4 else ""
        handover = "The dates for next year are agreed; the data request still needs an answer." if successor else ""
        school = person.school
        return Appointment(
            body=body.id, seat=seat.id, person=person.name, from_on=start, until_on=until, role=person.role,
            school=school.urn if school else "", trust=self.trusts.get(school.urn, "") if school else "",
            phase=phase_of(school) if school else "", type=TYPE_WORDS[school.type_name] if school else "",
            how=seat.how, successor=successor, handover=handover,
        )  # fmt: skip

    def _cut_short(self, term: Appointment) -> Appointment:
        """Somebody who has left: the seat has stood empty since, and is remembered."""
        began = self.begun if term.from_on is None or term.from_on > months_later(self.on, -9) else term.from_on
        ended = months_later(date(self.on.year, self.on.month, 1), -self.chance.randint(0, 5))
        return replace(term, from_on=began, until_on=max(ended, began), successor="", handover="")

    def _from_members(self, seat: Seat, sat: list[Appointment]) -> Iterator[Appointment]:
        fitting = [one for one in sat if not seat.who or role_within(one.role, seat.who)]
        for one in fitting[: max(1, seat.places.minimum)]:
            yield replace(one, seat=seat.id, how=seat.how, until_on=None if not seat.term_months else one.until_on)


def _without_errors(constitution: Constitution, on: date) -> Constitution:
    """The same without those appointments that its own rules call an error, found by trying body by body."""
    wrong = {problem.body for problem in check(constitution, on) if problem.severity is Severity.ERROR}
    for body in sorted(wrong):
        kept: list[Appointment] = []
        others = tuple(a for a in constitution.appointments if a.body != body)
        accepted = {p.message for p in check(replace(constitution, appointments=others), on) if p.severity is Severity.ERROR}
        for one in (a for a in constitution.appointments if a.body == body):
            trial = replace(constitution, appointments=(*others, *kept, one))
            if {p.message for p in check(trial, on) if p.severity is Severity.ERROR} <= accepted:
                kept.append(one)
        constitution = replace(constitution, appointments=(*others, *kept))
    return constitution
