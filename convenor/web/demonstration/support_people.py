"""Who gives support in the demonstration: the rate card, the directory with its evidence of quality, and what schools offer and want.

All of them are invented people and bodies: heads and leaders of the invented schools, two hubs and a service named as invented, each put
into the directory by the real actions, with assurance in date, ending, ended and none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Final

from convenor.england.phases import PRIMARY
from convenor.england.school_years import school_year_of
from convenor.funding import actions as funding
from convenor.funding.rules import Rate
from convenor.partnership.gate import Viewer
from convenor.partnership.queries.structure import structure
from convenor.partnership.roles import Broker, IndependentSupporter, SchoolLeader, SystemLeader
from convenor.peer_review.rules.themes import THEMES
from convenor.support.actions import answers, capacity, directory
from convenor.support.rules.answers import Answer
from convenor.support.rules.entries import Offering
from convenor.support.rules.states import AssuranceKind, ConflictKind, SupporterKind
from convenor.web.demonstration.reviews_people import Telling

PANEL: Final = "The partnership’s own panel (invented)"
SEEN: Final = "Two days of work seen, and two references read"
#: Designation, name, pence a day, the broker's share in hundredths of a per cent.
RATES: Final = (
    ("specialist-leader", "Specialist leader", 35_000, 1500),
    ("system-leader", "System leader", 45_000, 1500),
    ("supporting-school", "Supporting school", 35_000, 1500),
    ("improvement-partner", "School improvement partner", 55_000, 0),
)
#: How many people of schools stand in the directory, how many schools, and how many heads who mentor.
PEOPLE, SCHOOLS, MENTORS = 14, 3, 2
#: What they know well, in turn.
KNOWN: Final = (
    ("reading", "writing", "assessment"), ("mathematics", "wider-curriculum", "assessment"), ("attendance", "behaviour", "parents"),
    ("inclusion", "teaching", "behaviour"), ("leadership", "staff", "parents"), ("early-years", "reading", "teaching"),
)  # fmt: skip
SAYS: Final = "I have done this in my own school and in two others. I begin by watching and asking."
#: Which share of primary schools has said what it offers and wants this year.
ANSWERED: Final = 0.35
#: Years of days are offered from so many days ago on.
BEGAN: Final = 1000


@dataclass(frozen=True, slots=True)
class Lends:
    """A supporter of the directory: who visits, from which school ("" for those outside every school), and what they know well."""

    pk: int
    who: Viewer
    urn: str
    themes: tuple[str, ...]
    rate: Rate


@dataclass
class Stock:
    """What the telling of support needs: the telling itself, the brokers and whoever may be chosen; `outside` is no school's.

    `given` counts how often somebody was chosen, `taken` the days on which they visit; `fund` pays for some; `tiers` are keys, the
    board's first.
    """

    tell: Telling
    brokers: tuple[Viewer, ...]
    lenders: list[Lends] = field(default_factory=list)
    outside: Lends | None = None
    given: dict[int, int] = field(default_factory=dict)
    taken: set[tuple[int, date]] = field(default_factory=set)
    fund: int = 0
    tiers: tuple[str, ...] = ()


def stock(tell: Telling) -> Stock:
    """The brokers of the partnership, in the order of their names."""
    people = sorted({(each.person_id, each.name) for each in tell.posts if each.role == Broker.key}, key=lambda each: each[1])
    return Stock(tell, tuple(tell.who(pk) for pk, _ in people))


def fill_directory(here: Stock, first: str) -> None:
    """The rate card and the directory. `first` is the school of whoever tries it: its own leader stands in the directory too."""
    tell, at = here.tell, here.tell.ago(BEGAN)
    for key, name, pence, share in RATES:
        rate = Rate(pence, share_basis_points=share)
        funding.set_day_rate(slug=tell.slug, key=key, name=name, rate=rate, from_on=at.date(), by=tell.manager, at=at)
    seen, start = structure(tell.slug, viewer=tell.manager, at=tell.at), school_year_of(tell.at.date()).start_year
    here.tiers = tuple(each.key for each in seen.tiers) if seen else ()
    here.fund = funding.record_fund(
        slug=tell.slug, name="Support for schools", source="The partnership’s members", year=f"{start}-{(start + 1) % 100:02d}",
        pence=9_000_000, tier=here.tiers[0] if here.tiers else "", purpose="Days of support that a school cannot pay.",
        by=tell.manager, at=at,
    ).pk  # fmt: skip
    directory.name_designation(
        slug=tell.slug, name="Reading friend", says="A teacher who has led reading well and opens the classroom", by=tell.manager, at=at
    )
    leaders = [each for each in tell.posts if each.role == SchoolLeader.key and each.from_on <= at.date() and each.place in tell.urn_of]
    primary = {each.urn for each in tell.schools if each.phase == PRIMARY}
    chosen = [each for each in leaders if tell.urn_of[each.place] in primary and tell.urn_of[each.place] != first][:PEOPLE]
    for number, each in enumerate(chosen):
        _person(here, each.person_id, tell.urn_of[each.place], KNOWN[number % len(KNOWN)], number)
    taken = {each.person_id for each in chosen}
    heads = [(tell.heads[urn], urn) for urn in sorted(primary - {first}) if urn in tell.heads and tell.heads[urn] not in taken]
    for person_id, urn in dict(heads[20 : 20 + MENTORS]).items():
        _person(here, person_id, urn, KNOWN[4], 0, given="mentor-head", formats=("mentoring",))
    own = next((each for each in tell.posts if each.role == SystemLeader.key), None)
    if own is not None:
        _person(here, own.person_id, tell.urn_of.get(own.place, first), KNOWN[0], 0, given="system-leader", rate=1)
    _outside(here, sorted(primary)[-1] if primary else "")
    _bodies(here, sorted(primary - {first})[40 : 40 + SCHOOLS])


def _person(
    here: Stock, person_id: int, urn: str, themes: tuple[str, ...], number: int, *, given: str = "specialist-leader", rate: int = 0,
    formats: tuple[str, ...] = ("coaching", "visits", "modelling"),
) -> None:  # fmt: skip
    """A leader whom a school lends. Assurance as `number` says: most in date; some ending, ended, none."""
    tell, at = here.tell, here.tell.ago(BEGAN)
    row = directory.add_supporter(
        slug=tell.slug, kind=SupporterKind.PERSON, person_id=person_id, urn=urn, given=(given,), half_days=0,
        offering=Offering(themes, (PRIMARY,), formats, SAYS, None, number % 3 == 0), by=tell.manager, at=at,
    )  # fmt: skip
    _offers(here, row.pk, 16 + 4 * (number % 4))
    if _assured(here, row.pk, number) and "visits" in formats:
        _, _, pence, share = RATES[rate]
        here.lenders.append(Lends(row.pk, tell.who(person_id), urn, themes, Rate(pence, share_basis_points=share)))
    if number % 5 == 1:
        other = next(each.urn for each in tell.schools if each.urn not in (urn, "900001"))
        directory.declare_interest(
            slug=tell.slug, supporter_id=row.pk, urn=other, kind=ConflictKind.FAMILY, by=tell.who(person_id), at=tell.ago(400)
        )


def _outside(here: Stock, near: str) -> None:
    """Somebody of no school, whom a hub employs and nobody lends; chosen only where the telling asks for them."""
    tell, at = here.tell, here.tell.ago(BEGAN)
    own = next((each for each in tell.posts if each.role == IndependentSupporter.key), None)
    if own is None or not near:
        return
    row = directory.add_supporter(
        slug=tell.slug, kind=SupporterKind.PERSON, person_id=own.person_id, near=near, organisation="English hub (invented)",
        given=("specialist-leader",), half_days=0, by=tell.manager, at=at,
        offering=Offering(KNOWN[0], (PRIMARY,), ("coaching", "visits"), "I work beside one teacher at a time.", None, False),
    )  # fmt: skip
    _offers(here, row.pk, 20)
    _assured(here, row.pk, 0)
    _, _, pence, share = RATES[0]
    here.outside = Lends(row.pk, tell.who(own.person_id), "", KNOWN[0], Rate(pence, share_basis_points=share))


def _offers(here: Stock, pk: int, half_days: int) -> None:
    """The same half days in every school year since they came."""
    now = school_year_of(here.tell.at.date()).start_year
    for start in (now - 3, now - 2, now - 1, now, now + 1):
        label = school_year_of(date(start, 10, 1)).label
        capacity.offer_days(pk, label, half_days, by=here.tell.manager, at=here.tell.ago(BEGAN))


def _assured(here: Stock, pk: int, number: int) -> bool:
    """What vouches for somebody; whether it is in date. Two of fourteen end soon, one has ended, one has none."""
    kind = number % 14
    if kind == 13:
        return False
    spans = {12: [(760, -40)], 11: [(990, -690), (700, 25)], 10: [(990, -680), (688, 40)]}.get(kind, [(990, -262), (270, 455)])
    for days, last in spans:
        _vouch(here, pk, days, last)
    return kind != 12


def _vouch(here: Stock, pk: int, days: int, last: int) -> None:
    """Assured so many days ago; it counts until so many days from now, before now where below nought."""
    at = here.tell.ago(days)
    until = here.tell.at.date() + timedelta(days=last)
    directory.record_assurance(
        slug=here.tell.slug, supporter_id=pk, kind=AssuranceKind.LOCAL_PANEL, assurer=PANEL, source=SEEN, assured_on=at.date(),
        valid_until_on=until, by=here.tell.manager, at=at,
    )  # fmt: skip


def _bodies(here: Stock, urns: list[str]) -> None:
    """Schools that open their doors, two hubs and a service, named as invented."""
    tell, at = here.tell, here.tell.ago(BEGAN)
    for number, urn in enumerate(urns):
        row = directory.add_supporter(
            slug=tell.slug, kind=SupporterKind.SCHOOL, urn=urn, given=("supporting-school",), half_days=0, by=tell.manager, at=at,
            offering=Offering(KNOWN[number], (PRIMARY,), ("hosting", "visits"), "Come and see; bring your question.", 40, True),
        )  # fmt: skip
        _offers(here, row.pk, 12)
        _vouch(here, row.pk, 270, 455)
    named = (
        (SupporterKind.HUB, "Teaching school hub (invented)", "teaching-school-hub", KNOWN[4]),
        (SupporterKind.HUB, "English hub (invented)", "english-hub", KNOWN[0]),
        (SupporterKind.SERVICE, "School improvement service (invented)", "authority-service", KNOWN[1]),
    )
    for kind, name, given, themes in named:
        row = directory.add_supporter(
            slug=tell.slug, kind=kind, name=name, organisation=name, near=urns[0] if urns else "", given=(given,), half_days=0,
            offering=Offering(themes, (), ("training", "remote"), "Invented for this demonstration.", None, True), by=tell.manager, at=at,
        )  # fmt: skip
        _offers(here, row.pk, 30)
        _vouch(here, row.pk, 270, 455)


def ask_schools(here: Stock, first: str) -> None:
    """A share of the primary schools has said what it offers and wants; the school of whoever tries it has not yet."""
    tell, chance = here.tell, Random("answers")
    keys = [key for key in THEMES if key != "sixth-form"]
    for number, each in enumerate(tell.schools):
        if each.phase != PRIMARY or each.urn == first or each.urn not in tell.heads or chance.random() > ANSWERED:
            continue
        picked = chance.sample(keys, 4)
        given = Answer(tuple(picked[:2]), tuple(picked[2:]), "", 2 * chance.randint(1, 4), chance.random() < 0.7)
        at = tell.ago(12 + number % 25)
        answers.answer_year(slug=tell.slug, urn=each.urn, answer=given, version=0, by=tell.head(each.urn), at=at)
