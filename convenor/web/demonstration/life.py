"""A year's life of an invented partnership: who holds which post, who took part, which seats are called, what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random

from convenor.accounts.actions import add_person
from convenor.funding import actions as funding
from convenor.governance import actions as governance
from convenor.partnership import actions as partnership
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.rules.constitution import months_later
from convenor.partnership.rules.structure import vacancies
from convenor.partnership.rules.vocabulary import How
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.names import address
from convenor.web.demonstration.names import people as names
from convenor.web.demonstration.partnership import InventedPerson
from convenor.web.demonstration.schools import InventedSchool

BY = "the demonstration"
CALL = "About an hour a week; release is paid for. Ring me if you wonder whether it is for you."
#: How likely a school is to have taken part in each of these since September, and what it was.
TOOK_PART = (
    ("attended", "Autumn meeting of the cluster", 0.72),
    ("attended", "Autumn conference of the partnership", 0.41),
    ("answered", "What would you like to learn this year?", 0.55),
    ("offered", "Opened its doors for a visit", 0.18),
)
POSTS = (
    ("manager", "Partnership manager"), ("auditor", "Auditor"), ("reviewer", "Peer reviewer"),
    ("independent-supporter", "Independent supporter"),
    ("diocese", "Diocesan director of education"),
    ("regional-link", "DfE regional director's link"),
)  # fmt: skip


def live(
    area: Area,
    slug: str,
    schools: Sequence[InventedSchool],
    people: Sequence[InventedPerson],
    keys: Mapping[str, int],
    at: datetime,
) -> None:
    """Give everyone their post, note who took part since September, open two calls, and record what the board decided."""
    chance = Random(f"life {area.key}")
    begun = months_later(date(at.year - (at.month < 9), 9, 1), -36)
    _school_posts(slug, people, keys, begun, chance, at)
    _other_posts(area, slug, schools, keys, begun, at)
    _engagement(slug, schools, chance, at)
    _calls(slug, at)
    _business(slug, at)


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
    keys: Mapping[str, int],
    begun: date,
    at: datetime,
) -> None:
    """The manager, an officer, an auditor and the others, taken from those outside schools; office and clerk for the first school."""
    fresh = (name for name in names(f"{area.key} posts") if name not in keys)

    def somebody() -> int:
        name = next(fresh)
        return add_person(name=name, email=address(name, area.key), by=BY, at=at, fictitious=True).pk

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
            term_from_on=day + timedelta(days=41), by=BY, at=at, words=CALL,
        )  # fmt: skip


def _business(slug: str, at: datetime) -> None:
    """Two priorities with their measures, what the board decided about them, and the money that stands behind one."""
    whole = read_whole(slug, members=False)
    if whole is None:
        return
    top = whole.constitution.tiers[-1].key
    board = next((body.id for body in whole.constitution.bodies if body.tier == top and body.id), "")
    begun = date(at.year - (at.month < 9), 9, 1)
    reading = governance.set_priority(
        slug=slug, title="Every child a reader by seven", why="Heads named early reading more often than anything else last summer.",
        measure="Pupils at the expected standard in reading: from 71 % to 75 % by summer 2028 (invented figures).",
        from_on=begun, until_on=date(begun.year + 2, 8, 31), lead_body=board, came_from="Heads' conference, June", by=BY, at=at,
    )  # fmt: skip
    governance.set_priority(
        slug=slug, title="Back in school, back in class", why="Persistent absence has stayed above its level of 2019 in every alliance.",
        measure="Persistent absence: from 18 % to 14 % by summer 2028 (invented figures).", from_on=begun,
        until_on=date(begun.year + 2, 8, 31),
        lead_body=board, came_from="The area's context, September", by=BY, at=at,
    )  # fmt: skip
    governance.record_decision(
        slug=slug, body=board, words="Both priorities stand for two years, and are looked at again each June.",
        why="Two are enough to be remembered.", decided_on=begun + timedelta(days=24), votes_for=11, votes_against=1, abstained=0,
        by=BY, at=at,
    )  # fmt: skip
    fund = funding.record_fund(
        slug=slug, name="Release of leaders", source="The local authority", year=f"{begun.year}-{(begun.year + 1) % 100:02d}",
        pence=16_000_000,
        purpose="Half a day a week for each chair of an alliance.", by=BY, at=at,
    )  # fmt: skip
    funding.commit_money(
        slug=slug, fund_id=fund.pk, what="Reading leads, autumn and spring", pence=4_250_000, committed_on=begun + timedelta(days=30),
        priority_id=reading.pk, by=BY, at=at,
    )  # fmt: skip
