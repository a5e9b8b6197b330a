"""Early conversations in Fernshire: two brokers, what a run suggests, and a conversation at any stage of its way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from convenor.accounts.models import Person
from convenor.intelligence import actions
from convenor.intelligence.models import EarlyConversation
from convenor.intelligence.queries.suggestions import LinesNow
from convenor.intelligence.rules.conversation import Outcome, ReplyKind
from convenor.intelligence.rules.lines import Assessment, Level, Line, NotAssessable, assess
from convenor.partnership.actions import take_post
from convenor.partnership.gate import viewer_for
from tests.factories.partnership import AT, ON, SLUG, World, someone, world
from tests.factories.remembered import remembered

__all__ = ["AT", "LATER", "ON", "RUN", "SCHOOL", "SLUG", "World", "circle", "conversation", "lines", "suggested"]

#: The school that it is all about, whose head and chair are "head" and "chair of governors".
SCHOOL = "990001"
#: Another of the same cluster, of a trust.
NEIGHBOUR = "990002"
RUN = "2026-10-15"
#: Ten working days and one more have passed.
LATER = datetime(2026, 11, 17, 9, 0, tzinfo=AT.tzinfo)


@remembered
def circle() -> World:
    """Fernshire with its brokers: Bea Marlow, Bo Ridge, and Ada's own deputy, who may never be broker of that school."""
    found = world()
    Person.objects.filter(name="Ada Example").update(email="ada.example@example.org")
    other = someone("Bo Ridge")
    take_post(slug=SLUG, role="broker", title="Broker", person_id=other.pk, from_on=date(2025, 9, 1), by="the test", at=AT)
    found.people["other broker"], found.viewers["other broker"] = other, viewer_for(other, on=ON)
    inside = found.people["school leader"]
    take_post(
        slug=SLUG, role="broker", title="Broker", person_id=inside.pk, from_on=date(2025, 9, 1), by="the test", at=AT
    )  # fmt: skip
    found.viewers["broker of the school"] = viewer_for(inside, on=ON)
    found.people["broker of the school"] = inside
    return found


def line(code: str, level: Level | None, value: float | None, **more: object) -> Line:
    """One line of a school's assessment."""
    given: dict[str, object] = {
        "unit": "%", "period": "2022-23", "cohort": 30, "low": 35.2, "high": 68.8, "comparator": 71.4,
        "comparator_says": "the mean of 50 similar schools", "contribution": 4.2, "maximum": 10, "edition": "invented-2026",
        "measure": "ks2_rwm_expected", "says": "The whole interval lies below the mean of similar schools.",
    }  # fmt: skip
    return Line(code, level, value, **(given | more))  # type: ignore[arg-type]


def lines(urn: str = SCHOOL) -> Assessment:
    """An assessment with three lines that stand out, one that does not and one of which nothing can be said."""
    return assess(
        urn=urn, phase="Primary",
        lines=[
            line("ATT", Level.MEDIUM, 52.0),
            line("ABS", Level.MEDIUM, 7.9, low=None, high=None, cohort=210, comparator=6.1),
            line("INS", Level.HIGH, None, unit="", cohort=None, low=None, high=None, comparator=None, comparator_says="", maximum=0,
                 contribution=0.0, says="Leadership needs attention, after a grade below good."),
            line("ROL", None, -3.0, says="Fewer than ten in a hundred pupils fewer over three years."),
        ],
        not_assessable=[NotAssessable("DIS", "suppressed by the publisher")],
        score=12.4, score_maximum=40, uncertainty=2.5,
    )  # fmt: skip


def suggested(*urns: str, run: str = RUN) -> dict[str, LinesNow]:
    """What the newest run says of these schools, for standing in for it in a test."""
    return {urn: LinesNow(lines(urn), run, "2026") for urn in urns or (SCHOOL,)}


def conversation(here: World, *, until: str = "shared", at: datetime = AT, cluster: bool = False) -> EarlyConversation:
    """A conversation walked by its own actions until it is suggested (taken up), shared, replied, triaged, reviewed or closed."""
    broker, head = here["broker"], here["head"]
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=broker, at=at)
    later = iter(at + timedelta(minutes=minute) for minute in range(1, 10))
    known = {"slug": SLUG, "conversation_id": row.pk}
    walk = {
        "shared": lambda: actions.share(**known, words="Ring me when it suits.", by=broker, at=next(later)),
        "replied": lambda: actions.reply(
            slug=SLUG, urn=SCHOOL, kind=ReplyKind.DISPUTE, line="ATT", words="One cohort of thirty.", by=head, at=next(later)
        ),
        "triaged": lambda: actions.triage(
            **known, outcome=Outcome.SUPPORT, why="Reading in year 3, with Ashwater.", by=broker, at=next(later)
        ),
        "reviewed": lambda: actions.review(**known, words="Going well.", ends=False, by=broker, at=next(later)),
    }
    for stage, act in walk.items():
        if until == "suggested":
            break
        if until == "closed" and stage == "reviewed":
            actions.review(**known, words="All is well.", ends=True, by=broker, at=next(later))
            break
        act()
        if stage == until:
            break
    if cluster:
        actions.let_cluster_lead_see(**known, agreed=True, by=head, at=next(later))
    row.refresh_from_db()
    return row
