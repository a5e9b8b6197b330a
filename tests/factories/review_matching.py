"""Rounds of peer review that wait for their teams: clusters of invented schools in a row, each with people who offer to review.

`county(clusters=2, size=5)` gives a round in the state MATCHING; schools are called "Cluster 1 School 2", people "Person 1.2.1".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from convenor.accounts.models import Person
from convenor.partnership.models import Body, BodySchool, Membership, ReportingLine
from convenor.peer_review.models import Reviewer, ReviewRound, RoundOffer, RoundSchool, Training
from convenor.peer_review.rules.states import Reach, RoundState
from convenor.peer_review.rules.ways import way
from convenor.registers.models import School
from tests.factories.partnership import SLUG, World, world
from tests.factories.remembered import remembered

__all__ = ["AT", "SLUG", "VISITS_FROM_ON", "County", "county", "urn"]

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
VISITS_FROM_ON, VISITS_UNTIL_ON = date(2027, 1, 11), date(2027, 3, 27)
TRAINED_UNTIL = date(2028, 8, 31)


@dataclass
class County:
    """The partnership with its people, the round, and who offers: reviewers by the name of the person."""

    here: World
    round: ReviewRound
    clusters: list[Body]
    reviewers: dict[str, Reviewer] = field(default_factory=dict)

    def reviewer(self, cluster: int, school: int, number: int = 1) -> Reviewer:
        """The reviewer "Person 1.2.1"."""
        return self.reviewers[f"Person {cluster}.{school}.{number}"]


def urn(cluster: int, school: int) -> str:
    """The URN of "Cluster 1 School 2"."""
    return str(991000 + 20 * cluster + school)


@remembered
def county(
    *, clusters: int = 2, size: int = 5, people: int = 2, reach: Reach = Reach.CLUSTER, here: World | None = None, **more: Any
) -> County:
    """A round of whole clusters that has closed its answers. Every school hosts; each has `people` who can lead and offer two reviews.

    Schools of a cluster stand four kilometres apart, clusters fifty. `more` sets fields of the round.
    """
    here = here or world()
    tier = Body.objects.get(key="north-cluster").tier
    alliance = Body.objects.get(key="alliance")
    bodies = [
        Body.objects.create(
            partnership=here.partnership, tier=tier, key=f"cluster-{n}", name=f"Cluster {n}", kind="cluster", order=100 + n
        )
        for n in range(1, clusters + 1)
    ]  # fmt: skip
    ReportingLine.objects.bulk_create(ReportingLine(partnership=here.partnership, body=body, reports_to=alliance) for body in bodies)
    pairs = [(c, s) for c in range(1, clusters + 1) for s in range(1, size + 1)]
    area = School.objects.get(urn="990001").authority
    School.objects.bulk_create(
        School(
            urn=urn(c, s), name=f"Cluster {c} School {s}", authority=area, phase="Primary", type_name="Community school", status="open",
            pupils=200, easting=400_000 + 50_000 * (c % 10) + 4_000 * (s % 5), northing=200_000 + 30_000 * (c // 10) + 4_000 * (s // 5),
            fictitious=True, type_group="maintained",
        )
        for c, s in pairs
    )  # fmt: skip
    Membership.objects.bulk_create(
        Membership(partnership=here.partnership, school_id=urn(c, s), from_on=date(2025, 9, 1)) for c, s in pairs
    )
    BodySchool.objects.bulk_create(
        BodySchool(partnership=here.partnership, body=bodies[c - 1], school_id=urn(c, s), from_on=date(2025, 9, 1)) for c, s in pairs
    )
    given: dict[str, Any] = {
        "name": "Spring 2027", "way_key": "clusters", "way": way("clusters").as_dict(), "state": RoundState.MATCHING.value,
        "reach": reach.value, "answers_by_on": date(2026, 11, 13), "visits_from_on": VISITS_FROM_ON, "visits_until_on": VISITS_UNTIL_ON,
        "opened_at": datetime(2026, 10, 12, 9, 0, tzinfo=UTC),
    }  # fmt: skip
    row = ReviewRound.objects.create(partnership=here.partnership, **given | more)
    RoundSchool.objects.bulk_create(
        RoundSchool(round=row, school_id=urn(c, s), body=bodies[c - 1], hosts=True, focus=["reading"], answered_at=AT) for c, s in pairs
    )
    found = County(here, row, bodies)
    _people(found, [(c, s, n) for c, s in pairs for n in range(1, people + 1)])
    return found


def _people(found: County, names: list[tuple[int, int, int]]) -> None:
    """Reviewers of these clusters, schools and numbers: trained, and each with an offer."""
    Person.objects.bulk_create(
        Person(name=f"Person {c}.{s}.{n}", email=f"person.{c}.{s}.{n}@example.org", created_at=AT, fictitious=True) for c, s, n in names
    )
    known = {person.name: person for person in Person.objects.filter(name__startswith="Person ")}
    Reviewer.objects.bulk_create(
        Reviewer(
            partnership=found.here.partnership, person=known[f"Person {c}.{s}.{n}"], school_id=urn(c, s), can_lead=True,
            can_champion=n == 1,
            expertise=["reading"] if n == 1 else ["attendance"], from_on=date(2025, 9, 1),
        )
        for c, s, n in names
    )  # fmt: skip
    found.reviewers = {each.person.name: each for each in Reviewer.objects.filter(person__in=known.values()).select_related("person")}
    Training.objects.bulk_create(
        Training(
            reviewer=each, kind="initial", trained_on=date(2026, 9, 1), valid_until_on=TRAINED_UNTIL, recorded_at=AT, recorded_by="the test"
        )
        for each in found.reviewers.values()
    )
    RoundOffer.objects.bulk_create(
        RoundOffer(round=found.round, reviewer=each, reviews=2, answered_at=AT) for each in found.reviewers.values()
    )
