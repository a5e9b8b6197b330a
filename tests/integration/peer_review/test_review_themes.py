"""What the partnership learns of its reviews: told once, frozen, in ranges, the same for everybody; and what schools offer."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.peer_review.actions.excellence import offer_excellence, take_back_excellence
from convenor.peer_review.actions.telling import tell_themes
from convenor.peer_review.models import PeerReview, Report, ReviewRound, RoundThemes
from convenor.peer_review.queries.themes import excellences, themes
from convenor.peer_review.rules.refusals import OutOfTurn
from convenor.peer_review.rules.states import State
from convenor.peer_review.rules.themes_shared import ShareTold, ThemeTold
from tests.factories.peer_review import HOST, MOMENTS, SLUG, World, after, review, reviewing
from tests.factories.review_reports import ended_round
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
AT = MOMENTS[State.CLOSED]
TOTALS = {"board member", "cluster lead", "alliance lead", "diocese", "regional link", "officer", "manager", "auditor"} | {
    "head"
}  # who sits on the board


@pytest.fixture
def here() -> World:
    return reviewing()


def opens(here: World, address: str) -> set[str]:
    got = {who: signed_in(person, code=True).get(address).status_code for who, person in here.people.items()}
    assert {status for status in got.values() if status != 200} <= {403, 404}
    assert Client().get(address).status_code == 302
    return {who for who, status in got.items() if status == 200}


def told_part(page: str) -> str:
    """What the page itself says, without the frame and its tokens."""
    return page.split("<h1")[1].split("</main>")[0]


def test_themes_are_told_once_in_ranges_and_without_a_school(here: World) -> None:
    row = ended_round(here, reports=12, reading=6, hosts=6)
    told = tell_themes(slug=SLUG, round_id=row.pk, by=here["manager"], at=AT)
    assert told.content == {
        "reports": 12, "themes": [{"theme": "reading", "strength": True, "least": 5, "most": 7}],
        "share": {"hosts": 6, "least": 0, "most": 34},
    }  # fmt: skip
    Report.objects.create(
        review=PeerReview.objects.filter(round=row)[0], number=2, stage="final", at=AT, by=here.people["head"], strengths=[], even_better=[]
    )
    with pytest.raises(AlreadyThere):
        tell_themes(slug=SLUG, round_id=row.pk, by=here["manager"], at=AT)
    seen = themes(SLUG, viewer=here["board member"])
    assert seen is not None
    assert [(each.name, each.strengths, each.even_better) for each in seen] == [("Spring 2026", (ThemeTold("reading", True, 5, 7),), ())]
    assert seen[0].table is not None
    assert seen[0].table.share == ShareTold(6, 0, 34)


@pytest.mark.parametrize(("reports", "reading", "hosts"), [(8, 8, 4), (12, 4, 0), (3, 3, 3)])
def test_what_too_few_hold_is_not_told(here: World, reports: int, reading: int, hosts: int) -> None:
    row = ended_round(here, reports=reports, reading=reading, hosts=hosts)
    content = tell_themes(slug=SLUG, round_id=row.pk, by=here["manager"], at=AT).content
    assert ([each for each in content["themes"] if each["theme"] == "reading"], content["share"]) == ([], {})


def test_only_final_reports_count_and_each_review_once(here: World) -> None:
    row = ended_round(here, reports=12, reading=5)
    reviews = list(PeerReview.objects.filter(round=row))
    for one in reviews[:4]:
        Report.objects.create(
            review=one,
            number=0,
            stage="draft",
            at=AT,
            by=here.people["head"],
            strengths=[{"theme": "science", "words": "", "evidence": []}],
        )
    for number in range(5):
        Report.objects.create(
            review=reviews[0], number=number + 2, stage="final", at=AT, by=here.people["head"],
            strengths=[{"theme": "reading", "words": "", "evidence": []}] * 2,
        )  # fmt: skip
    content = tell_themes(slug=SLUG, round_id=row.pk, by=here["manager"], at=AT).content
    assert [(each["theme"], each["least"], each["most"]) for each in content["themes"]] == [("reading", 5, 7)]


def test_themes_wait_until_the_round_has_ended(here: World) -> None:
    row = ended_round(here, reports=12, reading=12)
    ReviewRound.objects.update(state="published")
    with pytest.raises(OutOfTurn):
        tell_themes(slug=SLUG, round_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(NotThere):
        tell_themes(slug=SLUG, round_id=0, by=here["manager"], at=AT)
    assert (RoundThemes.objects.count(), themes(SLUG, viewer=here["manager"])) == (0, ())


@pytest.mark.parametrize("who", ["head", "lead", "board member", "officer", "auditor", "cluster lead"])
def test_themes_are_told_by_whoever_runs_the_round(here: World, who: str) -> None:
    row = ended_round(here, reports=12, reading=12)
    with pytest.raises(NotAllowed):
        tell_themes(slug=SLUG, round_id=row.pk, by=here[who], at=AT)
    assert RoundThemes.objects.count() == 0


def test_the_page_is_for_whoever_sees_totals_and_names_no_school(here: World) -> None:
    row = ended_round(here, reports=12, reading=6, hosts=6)
    tell = reverse("review-themes-tell", args=[SLUG, row.pk])
    assert opens(here, tell) == {"manager"}
    manager = signed_in(here.people["manager"], code=True)
    assert manager.post(tell).status_code == 302
    address = reverse("review-themes", args=[SLUG])
    assert opens(here, address) == TOTALS
    manager.get(address)  # which shows, once, that it was done
    page = manager.get(address).content.decode()
    assert ("5 to 7 reports" in page, "Report School" in page, "Secret of school" in page) == (True, False, False)
    plain = manager.get(address, {"phase": "Primary", "cluster": "1", "round": "2"}).content.decode()
    assert told_part(plain) == told_part(page)
    assert manager.get(tell).status_code == 404


def test_what_a_school_offers_is_read_by_members_until_it_is_taken_back(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    at = after(State.REPORT_FINAL)
    address = reverse("review-excellence", args=[SLUG])
    offer_excellence(slug=SLUG, review_id=row.pk, theme="reading", words="Our story corner.", by=here["head"], at=at)
    found = excellences(SLUG, viewer=here["clerk"])
    assert found is not None
    assert [(each.urn, each.theme_name, each.words) for each in found] == [(HOST, "Reading", "Our story corner.")]
    assert opens(here, address) == set(here.people) - {"somebody with no post", "third"}
    page = signed_in(here.people["lead"]).get(address).content.decode()
    assert ("Our story corner." in page, "Reading is taught with real care." in page) == (True, False)
    take_back_excellence(slug=SLUG, review_id=row.pk, by=here["head"], at=at)
    assert excellences(SLUG, viewer=here["clerk"]) == ()
    assert excellences("elsewhere", viewer=here["clerk"]) is None
