"""Early identification in a demonstration: two brokers, and conversations at every stage, each walked there by the real actions.

It comes after the run over the invented schools. Everything here is done in the name of invented people, on days before the building, so
that whoever signs in finds a term's life: something to reply to, to answer, to agree and to review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.db import transaction

from convenor.accounts.actions import add_person
from convenor.accounts.queries import person_by_id
from convenor.england.working_days import BeyondTheListError, add_working_days
from convenor.intelligence import actions
from convenor.intelligence.queries.conversation_people import speakers
from convenor.intelligence.queries.reach import Member, member_list
from convenor.intelligence.queries.suggestions import suggestions
from convenor.intelligence.rules.conversation import Outcome, ReplyKind
from convenor.intelligence.rules.soft_signals import KINDS
from convenor.partnership import actions as partnership
from convenor.partnership.gate import ANYONE, Viewer, day_of, viewer_for
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import Broker
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.names import address
from convenor.web.demonstration.names import people as names

BY = "the demonstration"
#: The names of the demonstration's other posts come first in the same order.
NAMES_TAKEN = 60
BROKERS = ("Alliance broker", "Broker")
SHARED = "These lines are yours first. Have a look when you have ten minutes, and ring me when it suits."


@dataclass
class Story:
    """What a conversation needs to go on: the partnership, its brokers, and the day of the building."""

    slug: str
    at: datetime
    brokers: tuple[Viewer, Viewer]
    _heads: dict[str, Viewer] = field(default_factory=dict)

    def before(self, working_days: int, hour: int = 10) -> datetime:
        """An instant so many working days before the building."""
        try:
            day = add_working_days(self.at.date(), -working_days)
        except BeyondTheListError:
            day = self.at.date() - timedelta(days=working_days * 7 // 5)
        return datetime.combine(day, time(hour), self.at.tzinfo)

    def head(self, urn: str) -> Viewer:
        """Whoever speaks for a school; its head where it has one."""
        if urn not in self._heads:
            people = [viewer(each.person_id, self.slug, self.at) for each in speakers(urn, viewer=self.brokers[0], at=self.at)]
            self._heads[urn] = next((one for one in people if one.holds("head")), people[0])
        return self._heads[urn]

    def share(self, urn: str, days: int, *, broker: int = 0) -> int:
        """Take a school's conversation up and share its lines, so many working days ago. The conversation's key."""
        by = self.brokers[broker]
        row = actions.take_up(slug=self.slug, urn=urn, by=by, at=self.before(days, 9))
        actions.share(slug=self.slug, conversation_id=row.pk, words=SHARED, by=by, at=self.before(days))
        return int(row.pk)

    def say(self, urn: str, days: int, words: str, *, kind: ReplyKind = ReplyKind.COMMENT, line: str = "", source: str = "") -> int:
        """The school says something. The reply's key."""
        said = actions.reply(
            slug=self.slug, urn=urn, kind=kind, words=words, line=line, source=source, by=self.head(urn), at=self.before(days, 15)
        )
        return int(said.pk)

    def agree(self, pk: int, days: int, outcome: Outcome, why: str, *, broker: int = 0, until: date | None = None) -> None:
        """Both agree what comes next."""
        actions.triage(
            slug=self.slug, conversation_id=pk, outcome=outcome, why=why, watch_until_on=until, by=self.brokers[broker],
            at=self.before(days, 16),
        )  # fmt: skip


def viewer(person_id: int, slug: str, at: datetime) -> Viewer:
    """An invented person with what they hold on the day."""
    return viewer_for(person_by_id(person_id), partnership_slug=slug, on=day_of(at))


def begin(area: Area, slug: str, at: datetime) -> None:
    """Everything of early identification that a demonstration shows; what is there already is left."""
    listed = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    if Broker.key in listed:
        return
    with transaction.atomic():
        story = Story(slug, at, _brokers(area, slug, at))
        here = story.brokers[0].partnership
        assert here is not None
        members = {each.urn: each for each in member_list(slug, viewer=story.brokers[0], at=at)}
        found = suggestions(members, partnership_id=here.id, viewer=story.brokers[0], at=day_of(at))
        first = min(members, default="")  # the school whose head is offered first to whoever tries the demonstration
        suggested = iter(sorted(found, key=lambda urn: (urn != first, urn)))
        for tell in STORIES:
            urn = next(suggested, None)
            if urn is not None:
                tell(story, urn)
        quiet = (urn for urn in sorted(members) if urn not in found)
        _ask_oneself(story, next(quiet))
        _enter(story, viewer(listed["officer"], slug, at), islice((members[urn] for urn in quiet), 40))


def _brokers(area: Area, slug: str, at: datetime) -> tuple[Viewer, Viewer]:
    fresh = islice(names(f"{area.key} posts"), NAMES_TAKEN, None)
    found = []
    for title in BROKERS:
        name = next(fresh)
        person = add_person(name=name, email=address(name, area.key), by=BY, at=at, fictitious=True)
        partnership.take_post(
            slug=slug, role=Broker.key, title=title, person_id=person.pk, from_on=day_of(at) - timedelta(days=800), by=BY, at=at
        )
        found.append(viewer(person.pk, slug, at))
    return found[0], found[1]


def _to_reply_to(story: Story, urn: str) -> None:
    """Shared four working days ago: the school's to-do."""
    story.share(urn, 4)


def _disputed(story: Story, urn: str) -> None:
    """The school disputes one line and corrects another; one is answered, the other is the broker's to-do."""
    story.share(urn, 15)
    said = story.say(urn, 11, "Six of these pupils came to us in year 6 from a school that closed.", kind=ReplyKind.DISPUTE, line="ATT")
    actions.answer(
        slug=story.slug, reply_id=said, by=story.brokers[0], at=story.before(9),
        words="That matters, and the figure cannot show it. Your words stand beside it; let us look at the five years before.",
    )  # fmt: skip
    story.say(
        urn, 8, "The roll is wrong: our bulge class left in July as planned.", kind=ReplyKind.CORRECTION, line="ROL",
        source="Our own census return of October, which the office can send.",
    )  # fmt: skip


def _peer_review(story: Story, urn: str) -> None:
    """Replied, agreed on a peer review, and the cluster lead reads along."""
    pk = story.share(urn, 30)
    story.say(urn, 26, "We see the same in our own data. Attendance on Fridays is where we would like another pair of eyes.")
    story.agree(pk, 12, Outcome.PEER_REVIEW, "A peer review of attendance in the spring, with two schools of the next cluster.")
    actions.let_cluster_lead_see(slug=story.slug, conversation_id=pk, agreed=True, by=story.head(urn), at=story.before(11))


def _support(story: Story, urn: str) -> None:
    """Support agreed nearly a term ago: the review is due."""
    pk = story.share(urn, 74, broker=1)
    story.say(urn, 70, "Help with reading in years 3 and 4 would be welcome.")
    story.agree(pk, 62, Outcome.SUPPORT, "Six days of a reading lead from another school, this term.", broker=1)


def _watched(story: Story, urn: str) -> None:
    """To be looked at again on a day."""
    pk = story.share(urn, 18, broker=1)
    story.say(urn, 15, "A new head of phase began in September; we would rather give that its time.")
    story.agree(pk, 9, Outcome.WATCH, "Look at the autumn's attendance together.", broker=1, until=day_of(story.at) + timedelta(days=40))


def _going_on(story: Story, urn: str) -> None:
    """Reviewed, and goes on."""
    pk = story.share(urn, 90)
    story.say(urn, 86, "Agreed that we should talk.")
    story.agree(pk, 80, Outcome.SUPPORT, "Coaching for two leaders of mathematics.")
    actions.review(
        slug=story.slug, conversation_id=pk, ends=False, by=story.brokers[0], at=story.before(6),
        words="Both say the coaching helped planning; results will show next summer. We go on for a term.",
    )  # fmt: skip


def _ended(story: Story, urn: str) -> None:
    """Reviewed and ended."""
    pk = story.share(urn, 110, broker=1)
    story.say(urn, 104, "The fall was one cohort of eleven; the years beside it are fine.")
    story.agree(pk, 98, Outcome.NO_ACTION, "The cohort explains it, and both years beside it say so.", broker=1)
    actions.review(
        slug=story.slug, conversation_id=pk, ends=True, by=story.brokers[1], at=story.before(40), words="This year's figures are as before."
    )  # fmt: skip


def _formal(story: Story, urn: str) -> None:
    """The authority took a step of its own; that it did is noted."""
    pk = story.share(urn, 45)
    story.say(urn, 41, "We are in touch with the authority already.")
    story.agree(pk, 33, Outcome.FORMAL_ROUTE, "The authority wrote to the governing board on its own account.")


#: One for each suggested school, in the order of their URNs; schools beyond these wait to be taken up.
STORIES: tuple[Callable[[Story, str], None], ...] = (
    _to_reply_to, _disputed, _peer_review, _support, _watched, _going_on, _ended, _formal,
)  # fmt: skip


def _ask_oneself(story: Story, urn: str) -> None:
    """A school asks for a conversation itself."""
    actions.refer_self(
        slug=story.slug, urn=urn, about=["staff", "inclusion"], by=story.head(urn), at=story.before(3),
        words="We have more pupils with plans than we planned for, and one teacher fewer. We would like to think aloud with somebody.",
    )  # fmt: skip


def _enter(story: Story, officer: Viewer, schools: Iterator[Member]) -> None:
    """Figures entered by schools and by an officer, and soft signals, one of them disputed: all seen by the school at once."""
    chosen = list(schools)
    for number, (ticks, numbers, code) in enumerate(ENTERED):
        head = story.head(chosen[number].urn)
        actions.enter_figures(
            slug=story.slug, urn=chosen[number].urn, entries=[(code, ticks, numbers)], as_of_on=day_of(story.before(20)), by=head,
            at=story.before(20),
        )  # fmt: skip
    near = [each for each in chosen if each.authority_code in {one.authority_code for one in officer.holdings}]
    for each, (kind, confidence, source) in zip(near, SIGNALS, strict=False):
        _note(story, officer, each, kind=kind, confidence=confidence, source=source)


#: Ticked, numbers, code: one for each of the first schools of which nothing is suggested.
ENTERED: tuple[tuple[tuple[str, ...], dict[str, int | None], str], ...] = (
    (("first-year",), {}, "HD"),
    (("inquorate",), {"empty": 3, "places": 11}, "GOV"),
    (("none",), {}, "FIN"),
    (("unfilled",), {}, "STF"),
)
SIGNALS = (("places", "seen", ""), ("buildings", "told", "staff"), ("families", "second-hand", "community"), ("strength", "seen", ""))


def _note(story: Story, officer: Viewer, school: Member, *, kind: str, confidence: str, source: str) -> None:
    row: Any = actions.note_signal(
        slug=story.slug, urn=school.urn, kind=kind, words=KINDS[kind].example, confidence=confidence, source=source, sensitivity="circle",
        happened_on=day_of(story.before(25)), by=officer, at=story.before(22),
    )  # fmt: skip
    if kind == "families":
        actions.answer_signal(
            slug=story.slug, urn=school.urn, signal_id=row.pk, disputes=True, by=story.head(school.urn), at=story.before(19),
            words="The letter was about the council's bus, and was handed to the council.",
        )  # fmt: skip
