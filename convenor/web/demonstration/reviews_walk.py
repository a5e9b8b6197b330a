"""One peer review of the demonstration, led by the real actions from its date to where it stands, each step on the day it was due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from convenor.partnership.gate import Viewer
from convenor.peer_review.actions import (
    access,
    activities,
    dates,
    evidence,
    excellence,
    expectations,
    impact,
    preparing,
    priorities,
    reports,
    steps,
    workshop,
)
from convenor.peer_review.queries.evidence import NoteSeen, log
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.rules.gates import months_after
from convenor.peer_review.rules.mirror import Expected
from convenor.peer_review.rules.priorities import Priority
from convenor.peer_review.rules.refusals import Clash, WrongDay
from convenor.peer_review.rules.report import Finding, Writing
from convenor.peer_review.rules.states import WAY, ActionResult, Outcome, Part, ReviewKind, State
from convenor.web.demonstration.reviews_people import DAY, Telling
from convenor.web.demonstration.reviews_words import (
    CORRECTION,
    EXPECTED_BY_HOST,
    EXPECTED_BY_TEAM,
    IMPACT,
    STRENGTH,
    WORKSHOP,
    Subject,
)

#: Days from the visit to each step; before it where below nought.
SCHEDULED, ASKED, WRITTEN, HOST_EXPECTS, SHARED, PLANNED, TEAM_EXPECTS = -45, -30, -21, -18, -16, -12, -9
DRAFTED, CHECKED, WORKSHOP_ON, AGREED, CLOSED_AFTER = 7, 11, 13, 16, 9
#: How many days are tried where the team is taken.
TRIED: Final = 15


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a review's team, by part: whose lead it is, the others, and the improvement champion."""

    lead: Viewer
    others: tuple[Viewer, ...]
    champion: Viewer | None


@dataclass
class Walk:
    """A review on its way: `visit_on` is the day that it is meant to be visited, near which a free day is found."""

    tell: Telling
    pk: int
    urn: str
    team: Team
    subject: Subject
    visit_on: date

    def to(self, state: State, *, mirror: bool = True) -> None:
        """Leads the review from its beginning to a state of the way."""
        steps_of_the_way = dict(zip(WAY[1:], self._steps(mirror), strict=True))
        for each in WAY[1 : WAY.index(state) + 1]:
            steps_of_the_way[each]()

    def _steps(self, mirror: bool) -> Iterator[Callable[[], None]]:
        yield self.schedule
        yield self.ask
        yield lambda: self.share(mirror)
        yield self.begin
        yield self.feed_back
        yield self.draft
        yield self.check
        yield self.hold_workshop
        yield self.agree
        yield self.look_again
        yield self.close

    @property
    def host(self) -> Viewer:
        """Who speaks for the school."""
        return self.tell.head(self.urn)

    def day(self, days: int, hour: int) -> datetime:
        """The school day so many days from the visit; in the holidays, before a visit the one before, after it the next.

        Later steps have later hours, should a holiday join their days.
        """
        return self.tell.on(self.tell.school_day(self.visit_on + timedelta(days=days), later=days > 0), hour)

    def schedule(self) -> None:
        """The coordinator sets the free day next to the one that is meant: a day before it for a visit that is past, else a day after."""
        later = self.visit_on > self.tell.at.date()
        day = self.tell.school_day(self.visit_on, later=later)
        at = self.tell.on(day + timedelta(days=SCHEDULED))
        for _ in range(TRIED):
            try:
                dates.set_visit(slug=self.tell.slug, review_id=self.pk, from_on=day, asked=True, by=self.tell.manager, at=at)
            except (Clash, WrongDay):
                day = self.tell.school_day(day + (DAY if later else -DAY), later=later)
            else:
                break
        self.visit_on = day

    def ask(self) -> None:
        """The host asks its question."""
        preparing.agree_focus(
            slug=self.tell.slug, review_id=self.pk, questions=[self.subject.question], kind=ReviewKind.ENQUIRY.value,
            themes=[self.subject.theme], by=self.host, at=self.day(ASKED, 9),
        )  # fmt: skip

    def write(self) -> None:
        """The host writes its self-review."""
        said = self.subject
        words = {"strengths": said.strengths, "working-on": said.working_on, "tried": said.tried, "help": said.eyes}
        preparing.save_self_review(slug=self.tell.slug, review_id=self.pk, words=words, was={}, by=self.host, at=self.day(WRITTEN, 10))

    def share(self, mirror: bool = True) -> None:
        """The host shares what it wrote, the lead plans the day, and each side says what it expects."""
        self.write()
        if mirror:
            self._expect(
                self.host, [each for each in self.subject.found if each[0]][:2], (False, "teaching"), EXPECTED_BY_HOST, HOST_EXPECTS
            )
        preparing.share_data(slug=self.tell.slug, review_id=self.pk, by=self.host, at=self.day(SHARED, 12))
        activities.plan_suggested(
            slug=self.tell.slug, review_id=self.pk, host_partner=self.subject.owner, by=self.team.lead, at=self.day(PLANNED, 13)
        )
        if mirror:
            self._expect(self.team.lead, self.subject.found[1:3], (False, "staff"), EXPECTED_BY_TEAM, TEAM_EXPECTS)

    def _expect(self, by: Viewer, two: Iterable[tuple[bool, str, str]], third: tuple[bool, str], words: tuple[str, ...], days: int) -> None:
        named = [*((strength, theme) for strength, theme, _ in two), third]
        findings = [Expected(theme, strength, said) for (strength, theme), said in zip(named, words, strict=True)]
        expectations.name_expectations(
            slug=self.tell.slug, review_id=self.pk, findings=findings, by=by, at=self.day(days, 11 if by == self.host else 14)
        )

    def begin(self) -> None:
        """The team comes; the lead begins the visit, and everybody takes notes."""
        steps.begin_visit(slug=self.tell.slug, review_id=self.pk, by=self.team.lead, at=self.tell.on(self.visit_on, 8, 50))
        for number, by in enumerate((self.team.lead, *self.team.others)):
            seen = self.subject.seen[number :: 1 + len(self.team.others)]
            at = self.tell.on(self.visit_on, 12, 5 * number)
            items = [self._note(number, each, note, at) for each, note in enumerate(seen)]
            evidence.take_evidence(slug=self.tell.slug, review_id=self.pk, items=items, by=by, at=at)

    def _note(self, who: int, number: int, note: tuple[str, str, str], at: datetime) -> dict[str, object]:
        kind, theme, words = note
        uid = f"{self.tell.slug} {self.pk} {who} {number}"
        written = at - timedelta(minutes=55 - 20 * number)
        return {
            "uid": str(uuid5(NAMESPACE_URL, f"{uid} writing")), "note": str(uuid5(NAMESPACE_URL, uid)), "parents": [], "words": words,
            "kind": kind, "theme": theme, "written_at": written.isoformat(), "begun_at": written.isoformat(),
            "device": f"phone {who + 1}", "sequence": number + 1,
        }  # fmt: skip

    def feed_back(self) -> None:
        """Before they leave, the team tells the school what it found."""
        steps.feed_back(slug=self.tell.slug, review_id=self.pk, by=self.team.lead, at=self.tell.on(self.visit_on, 16))

    def seen(self, by: Viewer, at: datetime) -> ReviewHere:
        """The review as somebody sees it."""
        here = review_here(self.tell.slug, self.pk, viewer=by, at=at)
        assert here is not None, "whoever takes part sees it"
        return here

    def draft(self, *, more: str = "") -> None:
        """The lead writes the report, each finding resting on notes, and shares it with the school."""
        at, by = self.day(DRAFTED, 9), self.team.lead
        found = log(self.seen(by, at), viewer=by, at=at)
        assert found is not None, "the lead reads the log"
        notes = found.notes
        told = [(strength, Finding(theme, words, self._rests_on(strength, theme, notes))) for strength, theme, words in self.subject.found]
        named = Finding(self.subject.theme, self.subject.excellence) if self.subject.excellence else None
        writing = Writing(
            self.subject.summary + more, tuple(each for strength, each in told if strength),
            tuple(each for strength, each in told if not strength), named,
        )  # fmt: skip
        reports.save_working(slug=self.tell.slug, review_id=self.pk, writing=writing, working_version=0, by=by, at=at)
        reports.share_draft(slug=self.tell.slug, review_id=self.pk, by=by, at=at + timedelta(minutes=20))

    @staticmethod
    def _rests_on(strength: bool, theme: str, notes: Iterable[NoteSeen]) -> tuple[str, ...]:
        said = [(note.uid, note.now.theme, note.now.kind == STRENGTH) for note in notes]
        fitting = [uid for uid, about, good in said if about == theme and good is strength]
        return tuple(fitting or [uid for uid, _, good in said if good is strength][:1])

    def correct(self) -> None:
        """The host says what is not accurate; the lead answers with a new draft later."""
        reports.check_draft(
            slug=self.tell.slug, review_id=self.pk, accurate=False, words=CORRECTION, by=self.host, at=self.day(DRAFTED + 2, 13)
        )

    def check(self) -> None:
        """The host finds the draft accurate, and it is final."""
        reports.check_draft(slug=self.tell.slug, review_id=self.pk, accurate=True, by=self.host, at=self.day(CHECKED, 14))

    def hold_workshop(self) -> None:
        """The champion leads the workshop."""
        at = self.day(WORKSHOP_ON, 15)
        by = self.team.champion
        assert by is not None, "the way asks for a champion"
        workshop.hold_workshop(slug=self.tell.slug, review_id=self.pk, held_on=at.date(), words=WORKSHOP, by=by, at=at)

    def agree(self) -> None:
        """The school agrees what it will do."""
        said, at = self.subject, self.day(AGREED, 16)
        chosen = Priority(said.priority, said.theme, said.owner, months_after(self.visit_on, 6), said.measure, said.baseline)
        priorities.agree_priorities(slug=self.tell.slug, review_id=self.pk, priorities=[chosen], by=self.host, at=at)

    @property
    def impact_on(self) -> date:
        """The day of the impact visit: the school day nearest to six months on."""
        middle = months_after(self.visit_on, 6)
        before, after = self.tell.school_day(middle, later=False), self.tell.school_day(middle)
        return before if middle - before <= after - middle else after

    def look_again(self) -> None:
        """Six months on, the lead comes back, whom the host lets read again."""
        day = self.impact_on
        until = day + timedelta(days=30)
        lead, host = self.team.lead, self.host
        assert lead.person_id is not None, "a reviewer is known"
        access.let_read(
            slug=self.tell.slug, review_id=self.pk, person_id=lead.person_id, by=host, at=self.tell.on(day - DAY), until_on=until
        )
        impact.hold_impact_visit(
            slug=self.tell.slug, review_id=self.pk, held_on=day, results={1: (ActionResult.DONE.value, self.subject.came_of_it)},
            words=IMPACT, by=lead, at=self.tell.on(day, 15),
        )  # fmt: skip

    def close(self) -> None:
        """The school says how it ends."""
        outcome = (Outcome.DONE, Outcome.CONTINUE, Outcome.BROKERAGE)[self.pk % 3]
        at = self.tell.on(self.tell.school_day(self.impact_on + timedelta(days=CLOSED_AFTER)))
        impact.close_review(slug=self.tell.slug, review_id=self.pk, outcome=outcome, by=self.host, at=at)

    def offer(self) -> None:
        """The school offers what others can come and see."""
        excellence.offer_excellence(
            slug=self.tell.slug, review_id=self.pk, theme=self.subject.theme, words=self.subject.excellence, by=self.host,
            at=self.day(AGREED, 17),
        )  # fmt: skip

    def put_off(self) -> None:
        """The school puts its review off."""
        steps.postpone(
            slug=self.tell.slug, review_id=self.pk, why="Our hall is being repaired, and you should see us at our usual work.",
            by=self.host, at=self.day(ASKED + 3, 15),
        )  # fmt: skip

    def take_back(self) -> None:
        """The school takes its review back."""
        steps.withdraw(
            slug=self.tell.slug, review_id=self.pk, why="A new head begins next term, and the questions should be hers.", by=self.host,
            at=self.day(ASKED + 4, 15),
        )  # fmt: skip


def team_of(tell: Telling, members: list[tuple[int, str]]) -> Team | None:
    """The team of a review from its people and parts; None without a lead."""
    by_part: dict[str, list[int]] = {}
    for person_id, part in members:
        by_part.setdefault(part, []).append(person_id)
    leads = by_part.get(Part.LEAD.value, [])
    if not leads:
        return None
    others = tuple(tell.who(each) for each in by_part.get(Part.REVIEWER.value, []))
    champion = next((tell.who(each) for each in by_part.get(Part.CHAMPION.value, [])), None)
    return Team(tell.who(leads[0]), others, champion)
