"""A year's life of an invented partnership: who holds which post, who took part, which seats are called, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from convenor.accounts.actions import add_person
from convenor.partnership import actions as partnership
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.rules.constitution import months_later
from convenor.partnership.rules.structure import vacancies
from convenor.partnership.rules.vocabulary import How
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.names import address
from convenor.web.demonstration.names import people as names
from convenor.web.demonstration.partnership import InventedPerson
from convenor.web.demonstration.schools import InventedGroup, InventedSchool

BY = "the demonstration"
#: How likely a school is to have taken part in each of these since September, and what it was.
TOOK_PART = (
    ("attended", "Autumn meeting of the cluster", 0.72),
    ("attended", "Autumn conference of the partnership", 0.41),
    ("answered", "What would you like to learn this year?", 0.55),
    ("offered", "Opened its doors for a visit", 0.18),
)
POSTS = (
    ("manager", "Partnership manager"), ("auditor", "Auditor"), ("reviewer", "Peer reviewer"), ("diocese", "Diocesan director of education"),
    ("regional-link", "DfE regional director's link"),
)  # fmt: skip


def live(
    area: Area,
    slug: str,
    schools: Sequence[InventedSchool],
    groups: Sequence[InventedGroup],
    people: Sequence[InventedPerson],
    keys: Mapping[str, int],
    at: datetime,
) -> None:
    """Give everyone their post, note who took part since September, and open two calls."""
    chance = Random(f"life {area.key}")
    begun = months_later(date(at.year - (at.month < 9), 9, 1), -36)
    _school_posts(slug, people, keys, begun, chance, at)
    _other_posts(area, slug, schools, people, keys, begun, at)
    _engagement(slug, schools, chance, at)
    _calls(slug, at)


def _school_posts(slug: str, people: Sequence[InventedPerson], keys: Mapping[str, int], begun: date, chance: Random, at: datetime) -> None:
    """Heads, chairs of governors, and in larger schools a deputy; trust leaders at their trust. A few heads are acting, a few are new."""
    titles = {"chair-of-governors": "Chair of governors", "senior-leader": "Deputy headteacher"}
    roles = {"headteacher": "head", "chair-of-governors": "chair-of-governors", "senior-leader": "school-leader"}
    leads: dict[str, int] = {}
    for person in people:
        if person.school is None:
            continue
        if person.role == "trust-leader":
            partnership.take_post(
                slug=slug, role="trust-lead", title="Chief executive of the trust", person_id=keys[person.name], from_on=begun,
                trust_uid=person.school.trust, by=BY, at=at,
            )  # fmt: skip
            continue
        leads[person.name] = leads.get(person.name, 0) + (person.role == "headteacher")
        acting = person.role == "headteacher" and chance.random() < 0.03
        new = person.role == "headteacher" and chance.random() < 0.08
        title = titles.get(person.role) or ("Acting headteacher" if acting else "Headteacher")
        partnership.take_post(
            slug=slug, role=roles[person.role], title=title, person_id=keys[person.name], urn=person.school.urn, acting=acting,
            from_on=date(at.year - (at.month < 9), 9, 1) if new else begun, by=BY, at=at,
        )  # fmt: skip


def _other_posts(
    area: Area,
    slug: str,
    schools: Sequence[InventedSchool],
    people: Sequence[InventedPerson],
    keys: Mapping[str, int],
    begun: date,
    at: datetime,
) -> None:
    """The manager, an officer, an auditor and the others, taken from those outside schools; office and clerk for the first school."""
    fresh = (name for name in names(f"{area.key} posts") if name not in keys)

    def somebody() -> int:
        name = next(fresh)
        return add_person(name=name, email=address(name), by=BY, at=at, fictitious=True).pk

    for role, title in POSTS:
        partnership.take_post(slug=slug, role=role, title=title, person_id=somebody(), from_on=begun, by=BY, at=at)
    partnership.take_post(
        slug=slug, role="officer", title="Head of school improvement", person_id=somebody(), from_on=begun,
        authority_code=area.authorities[0], by=BY, at=at,
    )  # fmt: skip
    first = schools[0].urn
    for role, title in (
        ("school-office", "School business manager"),
        ("clerk", "Clerk to the governors"),
        ("system-leader", "System leader"),
    ):
        partnership.take_post(slug=slug, role=role, title=title, person_id=somebody(), from_on=begun, urn=first, by=BY, at=at)


def _engagement(slug: str, schools: Sequence[InventedSchool], chance: Random, at: datetime) -> None:
    autumn = date(at.year - (at.month < 9), 9, 1)
    for school in schools:
        willing = chance.uniform(0.35, 1.35)
        for number, (kind, what, likely) in enumerate(TOOK_PART):
            day = min(autumn + timedelta(days=18 + 19 * number + chance.randrange(12)), at.date())
            if chance.random() < likely * willing:
                partnership.record_engagement(
                    slug=slug, urn=school.urn, kind=kind, what=what, on=day, source=f"demonstration-{number}", by=BY, at=at
                )


def _calls(slug: str, at: datetime) -> None:
    """A call for each of the first two seats that stand empty and are filled by people putting themselves forward."""
    day = at.date()
    whole = read_whole(slug, members=True)
    if whole is None:
        return
    open_to_all = [
        v for v in vacancies(whole.constitution, day) if not v.derived and v.how in (How.ELECTION, How.NOMINATION, How.SELF_NOMINATION)
    ]
    for vacancy in open_to_all[:2]:
        partnership.open_call(
            slug=slug, body=vacancy.body, seat=vacancy.seat, places=1, closes_on=day + timedelta(days=21),
            term_from_on=day + timedelta(days=41), by=BY, at=at, words="About an hour a week; release is paid for. Ring me if you wonder whether it is for you.",
        )  # fmt: skip
