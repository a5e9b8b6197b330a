"""The pages of a report: who may open which, what none of them shows to others, who looked, and how much they ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.journal.models import Look
from convenor.peer_review.actions.access import let_read
from convenor.peer_review.models import Grant, PeerReview, Report, ReportWorking
from convenor.peer_review.rules.states import State
from tests.factories.peer_review import HOST, MOMENTS, SECRETS, SLUG, World, after, review, reviewing
from tests.factories.review_reports import NOTES, UIDS, WHOLE, notes
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
HOSTS = {"head", "school leader", "chair of governors"}
SPEAKS = {"head", "chair of governors"}
LEAD = {"lead", "other head"}  # one person
SECOND = {"second", "system leader"}
CHAMPION = {"champion", "reviewer"}
TEAM = LEAD | SECOND | CHAMPION


@pytest.fixture
def here() -> World:
    return reviewing()


@pytest.fixture
def clock() -> Iterator[Any]:
    """The moment that the site believes it is; `clock.return_value` may be moved."""
    with patch("django.utils.timezone.now", return_value=MOMENTS[State.DRAFT]) as now:
        yield now


def address(name: str, row: PeerReview, *parts: object) -> str:
    return reverse(name, args=[SLUG, row.pk, *parts])


def answers(here: World, at: str) -> dict[str, int]:
    clients = {who: signed_in(person, code=True) for who, person in here.people.items()} | {"nobody": Client()}
    return {who: client.get(at).status_code for who, client in clients.items()}


def who_opens(here: World, at: str) -> set[str]:
    """Who is shown the page; everybody else is refused, told there is none, or led to sign in."""
    got = answers(here, at)
    assert {status for who, status in got.items() if status != 200} <= {302, 403, 404}
    assert got["nobody"] == 302
    return {who for who, status in got.items() if status == 200}


@pytest.mark.parametrize(
    ("name", "until", "opens"),
    [
        ("review-report", State.REPORT_DRAFT, HOSTS | TEAM),
        ("review-report", State.REPORT_FINAL, HOSTS | TEAM),
        ("review-report", State.FED_BACK, set()),
        ("review-draft", State.FED_BACK, LEAD),
        ("review-draft", State.REPORT_FINAL, set()),
        ("review-check", State.REPORT_DRAFT, HOSTS),
        ("review-final", State.REPORT_DRAFT, LEAD),
        ("review-scale", State.DATA_SHARED, HOSTS),
        ("review-workshop", State.REPORT_FINAL, CHAMPION),
        ("review-priorities", State.WORKSHOP_DONE, HOSTS),
        ("review-impact", State.ACTIONS_AGREED, HOSTS),
        ("review-close", State.IMPACT_REVIEWED, HOSTS),
        ("review-access", State.REPORT_FINAL, HOSTS),
        ("review-excellence-offer", State.REPORT_FINAL, SPEAKS),
    ],
)
def test_each_page_is_opened_by_those_alone_whose_it_is(here: World, clock: Any, name: str, until: State, opens: set[str]) -> None:
    row = review(here, until=until, expectations=True)
    notes(row, here)
    clock.return_value = MOMENTS[until] + timedelta(minutes=5)
    assert who_opens(here, address(name, row)) == opens


def test_the_team_loses_sight_thirty_days_after_the_report_is_final(here: World, clock: Any) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    clock.return_value = MOMENTS[State.REPORT_FINAL] + timedelta(days=30)
    assert who_opens(here, address("review-report", row)) == HOSTS | TEAM
    clock.return_value = MOMENTS[State.REPORT_FINAL] + timedelta(days=31)
    for name in ("review-report", "review-impact"):
        assert who_opens(here, address(name, row)) == HOSTS
    documents = [address("review-document", row, "report", fmt) for fmt in ("html", "json", "pdf")]
    assert [signed_in(here.people["lead"]).get(each).status_code for each in documents] == [404, 404, 404]


def test_leave_to_read_works_at_once_and_so_does_taking_it_back(here: World, clock: Any) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    clock.return_value = at = after(State.ACTIONS_AGREED)
    head, broker = signed_in(here.people["head"]), signed_in(here.people["broker"], code=True)
    found = head.get(address("review-access", row) + "?q=marlow").content.decode()
    give = address("review-access-give", row, here.people["broker"].pk)
    assert give in found
    assert broker.get(address("review-report", row)).status_code == 404
    assert head.post(give, {"until_on": at.date().isoformat(), "version": ""}).status_code == 302
    assert broker.get(address("review-report", row)).status_code == 200
    assert who_opens(here, address("review-report", row)) == HOSTS | {"broker"}
    assert head.post(address("review-access-back", row, Grant.objects.get().pk), {"version": ""}).status_code == 302
    assert broker.get(address("review-report", row)).status_code == 404


def test_a_named_reader_is_shown_the_report_and_nothing_beside_it(here: World, clock: Any) -> None:
    row = review(here, until=State.CLOSED, expectations=True)
    notes(row, here)
    clock.return_value = MOMENTS[State.CLOSED]
    let_read(slug=SLUG, review_id=row.pk, person_id=here.people["broker"].pk, by=here["head"], at=MOMENTS[State.CLOSED])
    broker = signed_in(here.people["broker"], code=True)
    pages = [
        broker.get(address("review-report", row)),
        *(broker.get(address("review-document", row, "report", fmt)) for fmt in ("html", "json")),
    ]
    for got in pages:
        shown = got.content.decode()
        assert [key for key, words in SECRETS.items() if words in shown] == ["question", "draft"]
    for name, *parts in (
        ("review-document", "evidence", "html"),
        ("review-document", "agenda", "json"),
        ("review-impact",),
        ("review-access",),
    ):
        assert broker.get(address(name, row, *parts)).status_code in (403, 404)


def test_the_lead_let_back_in_reads_the_priorities_for_the_impact_visit(here: World, clock: Any) -> None:
    row = review(here, until=State.ACTIONS_AGREED)
    clock.return_value = at = after(State.ACTIONS_AGREED)
    let_read(slug=SLUG, review_id=row.pk, person_id=here.people["lead"].pk, by=here["head"], at=at)
    lead = signed_in(here.people["lead"])
    assert SECRETS["priority"] in lead.get(address("review-impact", row)).content.decode()
    given = {"held_on": at.date().isoformat(), "result_1": "done", "words_1": "Seen.", "words": "", "version": ""}
    assert lead.post(address("review-impact", row), given).status_code == 302
    assert PeerReview.objects.get().state == "impact_reviewed"


def test_the_overlap_is_shown_to_the_host_alone(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_FINAL, expectations=True)
    clock.return_value = after(State.REPORT_FINAL)
    shown = {who: signed_in(here.people[who]).get(address("review-report", row)).content.decode() for who in ("head", "lead", "second")}
    assert {who: (SECRETS["host expects"] in page, SECRETS["team expects"] in page) for who, page in shown.items()} == {
        "head": (True, False), "lead": (False, False), "second": (False, False),
    }  # fmt: skip
    assert {who: "The team" in page for who, page in shown.items()} == {"head": True, "lead": False, "second": False}


def test_every_look_from_outside_is_written_down_and_shown_to_the_host(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_FINAL)
    notes(row, here)
    clock.return_value = after(State.REPORT_FINAL)
    lead, head = signed_in(here.people["lead"]), signed_in(here.people["head"])
    for got in (
        address("review-report", row),
        *(address("review-document", row, kind, "html") for kind in ("report", "evidence", "agenda")),
    ):
        assert (lead.get(got).status_code, head.get(got).status_code) == (200, 200)
    looks = list(Look.objects.filter(urn=HOST).order_by("id").values_list("by_label", "record"))
    by = here["lead"].label
    assert looks == [(by, f"peer review: {what}") for what in ("report", "report", "evidence", "plan")]
    access = head.get(address("review-access", row)).content.decode()
    assert access.count("Dele Stone, headteacher") == 4
    held = head.get(reverse("school-held", args=[HOST])).content.decode()
    assert [what for what in ("report", "evidence", "plan") if f"peer review: {what}" not in held] == []


def test_the_lead_makes_findings_of_ticked_notes_saves_and_shares(here: World, clock: Any) -> None:
    row = review(here, until=State.FED_BACK)
    notes(row, here)
    clock.return_value = MOMENTS[State.REPORT_DRAFT]
    lead = signed_in(here.people["lead"])
    at = address("review-draft", row)
    sent = {"working_version": "0", "summary": WHOLE.summary, "tick": [UIDS[0]], "do": "strength"}
    assert lead.post(at, sent).status_code == 302
    page = lead.get(at).content.decode()
    assert NOTES[0][2] in page
    boxes = {"strength-0-theme": "reading", "strength-0-words": "Told with love.", "strength-0-notes": "1"}
    other = {"even-0-theme": "writing", "even-0-words": "Open more books.", "even-0-notes": "2"}
    wrong = {"working_version": "1", "summary": WHOLE.summary, **boxes, "even-0-theme": "writing", "even-0-words": "w", "even-0-notes": "9"}
    got = lead.post(at, {**wrong, "do": "share"})
    assert (got.status_code, "No note of the log has the number 9" in got.content.decode()) == (422, True)
    assert lead.post(at, {"working_version": "1", "summary": WHOLE.summary, **boxes, **other, "do": "share"}).status_code == 302
    stored = Report.objects.get()
    assert (stored.strengths[0]["evidence"], stored.even_better[0]["evidence"]) == ([UIDS[0]], [UIDS[1]])


def test_saving_as_one_goes_answers_with_the_version_and_never_with_words(here: World, clock: Any) -> None:
    row = review(here, until=State.FED_BACK)
    clock.return_value = MOMENTS[State.REPORT_DRAFT]
    lead, at = signed_in(here.people["lead"]), address("review-draft-save", row)
    got = lead.post(at, {"working_version": "0", "summary": "Kept."})
    assert (got.status_code, got.json()["was"]) == (200, {"working_version": "1"})
    again = lead.post(at, {"working_version": "0", "summary": "From another phone."})
    assert (again.status_code, "another phone" in again.content.decode()) == (409, False)
    page = lead.post(address("review-draft", row), {"working_version": "0", "summary": "From another phone."})
    shown = page.content.decode()
    assert (page.status_code, "From another phone." in shown, "Kept." in shown) == (422, True, True)
    assert ReportWorking.objects.get().content["summary"] == "Kept."
    assert {who: signed_in(here.people[who], code=True).post(at, {}).status_code for who in ("second", "head", "manager")} == {
        "second": 404, "head": 404, "manager": 403,
    }  # fmt: skip


def test_a_head_checks_the_draft_in_two_taps(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    clock.return_value = after(State.REPORT_DRAFT)
    head, at = signed_in(here.people["head"]), address("review-check", row)
    assert SECRETS["draft"] in head.get(at).content.decode()
    assert head.post(at, {"accurate": "no", "words": "", "version": str(row.version)}).status_code == 422
    got = head.post(at, {"accurate": "yes", "words": "", "version": str(row.version)})
    assert (got.status_code, got["Location"]) == (302, address("review-report", row))
    assert PeerReview.objects.get().state == "report_final"


def test_priorities_workshop_and_end_are_sent_by_their_pages(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_FINAL)
    clock.return_value = at = after(State.REPORT_FINAL)
    held = {"held_on": at.date().isoformat(), "words": "One thing.", "version": ""}
    assert signed_in(here.people["champion"]).post(address("review-workshop", row), held).status_code == 302
    head = signed_in(here.people["head"])
    agreed = {
        "title_1": "Daily reading", "theme_1": "reading", "owner_1": "Reading lead", "by_on_1": "2027-05-28", "measure_1": "Readers",
        "baseline_1": "Nine", "version": "",
    }  # fmt: skip
    assert head.post(address("review-priorities", row), agreed | {"owner_1": ""}).status_code == 422
    assert head.post(address("review-priorities", row), agreed).status_code == 302
    assert PeerReview.objects.get().state == "actions_agreed"


PAGES = ("review-report", "review-access", "review-priorities", "review-impact", "review-excellence-offer")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_the_same_of_the_database_however_much_it_shows(here: World, clock: Any, name: str) -> None:
    row = review(here, until=State.ACTIONS_AGREED, expectations=True)
    notes(row, here)
    clock.return_value = MOMENTS[State.ACTIONS_AGREED]
    head = signed_in(here.people["head"])
    head.get(address(name, row))

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as some:
            assert head.get(address(name, row)).status_code == 200
        return len(some)

    before = asked()
    for number in range(4):
        report = Report.objects.get(number=2)
        Report.objects.create(review=row, number=number + 10, stage="final", at=report.at, by=report.by, **report.content)
        row.priorities.filter(number=1).exists()
        Grant.objects.create(review=row, person=list(here.people.values())[number], granted_at=report.at, granted_by="t")
    assert (asked(), before <= 40) == (before, True)


def test_no_other_page_of_the_site_tells_a_word_of_a_report(here: World, clock: Any) -> None:
    """The host's own page shows the words; the school's page, search, homes, journal and lists show them to nobody else."""
    row = review(here, until=State.CLOSED, expectations=True)
    notes(row, here)
    clock.return_value = MOMENTS[State.CLOSED]
    own = signed_in(here.people["head"]).get(address("review-report", row)).content.decode()
    assert SECRETS["priority"] in own
    everywhere = [
        "/", *(reverse(name, args=[SLUG]) for name in ("journal", "reviews", "review-engine", "review-themes", "review-excellence")),
        reverse("school", args=[HOST]), reverse("search") + "?q=reading", reverse("school-held", args=[HOST]), address("review", row),
    ]  # fmt: skip
    secret = {key: words for key, words in SECRETS.items() if key != "question"}
    leaks = []
    for who in (
        "manager",
        "auditor",
        "cluster lead",
        "board member",
        "officer",
        "broker",
        "diocese",
        "trust lead",
        "clerk",
        "system leader",
    ):
        client = signed_in(here.people[who], code=True)
        for at in everywhere:
            got = client.get(at)
            shown = got.content.decode() if got.status_code == 200 else ""
            leaks += [(who, at, key) for key, words in secret.items() if words in shown]
    assert leaks == []


def test_the_journal_of_the_partnership_has_no_line_of_a_review(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    clock.return_value = after(State.REPORT_DRAFT)
    head = signed_in(here.people["head"])
    assert head.post(address("review-check", row), {"accurate": "yes", "words": "", "version": ""}).status_code == 302
    said = {who: signed_in(here.people[who], code=True).get(reverse("journal", args=[SLUG])) for who in ("manager", "auditor")}
    assert {who: (got.status_code, "Report became final" in got.content.decode()) for who, got in said.items()} == {
        "manager": (200, False), "auditor": (200, False),
    }  # fmt: skip
    assert "Report became final" in head.get(reverse("school-held", args=[HOST])).content.decode()
