"""What every action on a review shares: whom it lets near, a version that others changed, the step, the letter."""

import pytest

from convenor.journal.models import Entry
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.actions.review_rows import locked, pass_gate, step, tell_host, tell_team
from convenor.peer_review.models import PeerReview, ReviewStep
from convenor.peer_review.rules.refusals import ChangedMeanwhile, NotYours
from convenor.peer_review.rules.states import WAY, Part, State, Step
from convenor.post.models import Letter
from tests.factories.peer_review import MOMENTS, SLUG, after, review, reviewing

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("until", [each for each in WAY if each is not State.CLOSED])
def test_locked_lets_near_whoever_has_a_part(until: State) -> None:
    here = reviewing()
    row = review(here, until=until)
    found, _ = locked(SLUG, row.pk, by=here["head"], at=after(until))
    assert (found.pk, found.state) == (row.pk, until.value)
    with pytest.raises(NotThere):
        locked(SLUG, row.pk, by=here["broker"], at=after(until))


def test_locked_refuses_a_version_that_others_changed() -> None:
    here = reviewing()
    row = review(here)
    with pytest.raises(ChangedMeanwhile) as refused:
        locked(SLUG, row.pk, by=here["head"], at=MOMENTS[State.SCHEDULED], version=row.version - 1)
    assert refused.value.now == row.version


def test_locked_finds_nothing_where_there_is_none() -> None:
    here = reviewing()
    with pytest.raises(NotThere):
        locked(SLUG, 999, by=here["head"], at=MOMENTS[State.SCHEDULED])


def test_a_step_is_written_down_and_no_word_of_it_in_the_journal() -> None:
    here = reviewing()
    row = review(here, until=State.DATA_SHARED)
    at = after(State.DATA_SHARED)
    found, seen = locked(SLUG, row.pk, by=here["lead"], at=at)
    assert pass_gate(found, seen, Step.ON_SITE, by=here["lead"], at=at, why="We begin.") is False
    kept = PeerReview.objects.get(pk=row.pk)
    assert (kept.state, kept.version) == (State.ON_SITE.value, row.version + 1)
    last = ReviewStep.objects.filter(review=row).last()
    assert last is not None
    assert (last.step, last.state, last.by_label, last.at, last.late, last.why) == (
        "on_site", "on_site", here["lead"].label, at, False, "We begin.",
    )  # fmt: skip
    entry = Entry.objects.get(verb="review.on_site")
    assert (entry.urn, entry.partnership, entry.why, entry.detail) == ("990001", SLUG, "", {})


def test_a_step_that_is_anothers_is_refused() -> None:
    here = reviewing()
    row = review(here, until=State.SCHEDULED)
    found, seen = locked(SLUG, row.pk, by=here["lead"], at=after(State.SCHEDULED))
    with pytest.raises(NotYours):
        pass_gate(found, seen, Step.FOCUS_AGREED, by=here["lead"], at=after(State.SCHEDULED))


def test_days_follow_from_steps_by_themselves() -> None:
    here = reviewing()
    row = review(here, until=State.REPORT_DRAFT)
    at = after(State.REPORT_DRAFT)
    step(row, Step.POSTPONED, slug=SLUG, by=here["head"], at=at)
    step(row, Step.WITHDRAWN, slug=SLUG, by=here["head"], at=at)
    assert (row.state, row.resumes, row.ended_on) == ("withdrawn", "report_draft", at.date())


def test_letters_say_that_something_waits_and_nothing_else() -> None:
    here = reviewing()
    row = review(here, until=State.ON_SITE)
    at = after(State.ON_SITE)
    found, seen = locked(SLUG, row.pk, by=here["lead"], at=at)
    tell_host(found, seen, by=here["lead"], at=at)
    tell_team(found, seen, by=here["lead"], at=at, only=frozenset({Part.CHAMPION}))
    tell_team(found, seen, by=here["lead"], at=at)
    written = list(Letter.objects.order_by("id").values_list("to_name", "partnership"))
    assert written == [("Gwen Ford", ""), ("Rae Holt", ""), ("Rae Holt", ""), ("Sol Carr", "")]
    assert [each for each in Letter.objects.values_list("body", flat=True) if "Fernhollow" in each] == []
