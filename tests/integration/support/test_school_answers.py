"""Every school says once a year what it can offer and what it wants to learn; who wants what is told by number alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import pytest
from django.urls import reverse

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Engagement, Membership
from convenor.partnership.rules.refusals import NotThere
from convenor.peer_review.models import ExcellenceOffer
from convenor.peer_review.rules.states import State
from convenor.support.actions.answers import answer_year
from convenor.support.models import SchoolAnswer
from convenor.support.queries.answers import area_answers, own_answer
from convenor.support.rules.answers import Answer
from convenor.support.rules.refusals import ChangedMeanwhile, NoWords
from tests.factories.peer_review import review
from tests.factories.support_directory import AT, SLUG, World, directory_world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
OWN, OTHER = "990001", "990005"
LAST_YEAR = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
SAID = Answer(("writing",), ("science",), "Ask us about poets.", 3, False)


@pytest.fixture
def here() -> World:
    return directory_world()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


def answer(here: World, who: str = "head", urn: str = OWN, *, version: int = 0, at: datetime = AT, said: Answer = SAID) -> SchoolAnswer:
    return answer_year(slug=SLUG, urn=urn, answer=said, version=version, by=here[who], at=at)


def test_a_school_answers_and_answers_anew(here: World) -> None:
    row = answer(here, "school leader")
    assert (row.year, row.offers, row.wants, row.half_days, row.ring, row.version) == ("2026-27", ["writing"], ["science"], 3, False, 1)
    again = answer(here, "chair of governors", version=1, said=Answer((), ("reading",)))
    assert (again.pk, again.wants, again.version) == (row.pk, ["reading"], 2)
    assert Engagement.objects.filter(school_id=OWN, kind="answered").count() == 1
    assert list(Entry.objects.filter(verb="support.answered").values_list("detail", flat=True)) == [{}, {}]


def test_two_colleagues_do_not_overwrite_each_other(here: World) -> None:
    answer(here)
    with pytest.raises(ChangedMeanwhile, match=r"^Ada Example, headteacher, Fernhollow Primary School answered for your school"):
        answer(here, "school leader")
    with pytest.raises(NoWords):
        answer(here, version=1, said=Answer())
    assert SchoolAnswer.objects.get().version == 1


def test_nobody_answers_for_another_school(here: World) -> None:
    for who in ("other head", "manager", "broker", "clerk", "system leader"):
        with pytest.raises(NotAllowed):
            answer(here, who)
    Membership.objects.filter(school_id=OWN).update(until_on=AT.date())
    with pytest.raises(NotThere):
        answer(here)


def test_the_page_begins_with_last_years_answer_and_what_the_review_found(here: World) -> None:
    answer(here, at=LAST_YEAR)
    for who, known in (("lead", "other head"), ("second", "system leader"), ("champion", "reviewer")):
        here.people[who], here.viewers[who] = here.people[known], here.viewers[known]
    ExcellenceOffer.objects.create(review=review(here, until=State.CLOSED), theme="reading", words="Come.", offered_at=AT)
    seen = own_answer(SLUG, "", viewer=here["head"], at=AT)
    assert seen is not None
    assert (seen.answer.offers, seen.answer.wants, seen.from_year, seen.excellent, seen.version, seen.answered_at) == (
        ("reading", "writing"), ("science",), "2025-26", ("reading",), 0, None,
    )  # fmt: skip
    answer(here, said=Answer(("staff",)))
    now = own_answer(SLUG, OWN, viewer=here["head"], at=AT)
    assert now is not None
    assert (now.answer.offers, now.from_year, now.excellent, now.version) == (("staff",), "", (), 1)


def test_an_answer_is_opened_by_its_school_alone(here: World) -> None:
    answer(here)
    seen = {who: own_answer(SLUG, OWN, viewer=viewer, at=AT) for who, viewer in here.viewers.items()}
    assert {who for who, page in seen.items() if page} == {"head", "school leader", "chair of governors"}
    assert own_answer("elsewhere", OWN, viewer=here["head"], at=AT) is None


def test_the_area_reads_who_offers_and_how_many_want(here: World) -> None:
    answer(here)
    for number, urn in enumerate(("990002", "990003")):
        SchoolAnswer.objects.create(
            partnership=here.partnership, school_id=urn, year="2026-27", offers=["reading"] * number, wants=["science"], words="Secret.",
            answered_at=AT, answered_by="the test",
        )  # fmt: skip
    seen = area_answers(SLUG, viewer=here["other head"], at=AT)
    assert seen is not None
    assert (seen.answered, seen.members, [each[0] for each in seen.own]) == (3, 6, [OTHER])
    assert [(each.key, each.wanted_by, len(each.offered_by)) for each in seen.themes] == [
        ("reading", None, 1), ("writing", None, 1), ("science", 3, 0),
    ]  # fmt: skip
    SchoolAnswer.objects.filter(school_id="990003").delete()
    fewer = area_answers(SLUG, viewer=here["other head"], at=AT)
    assert fewer is not None
    assert [each.key for each in fewer.themes] == ["writing"]
    assert area_answers(SLUG, viewer=here["somebody with no post"], at=AT) is None


def test_a_head_answers_on_one_page(here: World) -> None:
    client = signed_in(here.people["head"], code=True)
    address = reverse("support-answer", args=[SLUG])
    assert "Fernhollow Primary School" in client.get(address).content.decode()
    boxes = {"version": "0", "offers": ["reading"], "wants": ["reading"], "half_days": "2", "ring": "on", "words": "Kept."}
    wrong = client.post(address, boxes)
    shown = wrong.content.decode()
    assert (wrong.status_code, "Reading is ticked on both sides" in shown, "Kept." in shown) == (422, True, True)
    done = client.post(address, boxes | {"wants": ["science"]})
    assert (done.status_code, done.headers["Location"]) == (302, reverse("support-answers", args=[SLUG]))
    assert SchoolAnswer.objects.get().ring is True
    late = client.post(address, boxes | {"wants": ["science"]})
    assert (late.status_code, 'name="version" value="1"' in late.content.decode()) == (422, True)
    other = signed_in(here.people["other head"], code=True)
    assert other.get(f"{address}?school={OWN}").status_code == 403
    assert "Kept." not in other.get(reverse("support-answers", args=[SLUG])).content.decode()


def test_whoever_leads_several_schools_goes_on_to_the_next(here: World) -> None:
    client = signed_in(here.people["trust lead"], code=True)
    mine = here["trust lead"].urns
    address = reverse("support-answer", args=[SLUG])
    done = client.post(address, {"version": "0", "offers": ["reading"], "half_days": ""})
    expected = reverse("support-answer", args=[SLUG]) + "?school=" if len(mine) > 1 else reverse("support-answers", args=[SLUG])
    assert done.headers["Location"].startswith(expected)
    assert SchoolAnswer.objects.get().half_days == 0
