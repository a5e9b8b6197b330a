"""The register of requests: what is found, what a person decides, and what leaves in the archive."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from convenor.journal.models import Entry, Look
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.records import actions
from convenor.records.models import InformationRequest, RequestItem
from convenor.records.queries import requests as queries
from convenor.records.queries.finding import people_to_ask_about
from convenor.records.rules.classes import Holder
from convenor.records.rules.clock import RequestKind, StopKind
from convenor.records.rules.decisions import Decision
from convenor.records.rules.refusals import ChangedMeanwhile, NoWords, OutOfTurn, Undecided, WrongDay
from convenor.records.views.requests import docx
from convenor.support.models import NoteOfVisit
from tests.factories.partnership import SLUG, World
from tests.factories.support import RECEIVER, SECRETS, package, supporting
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 16, 9, tzinfo=UTC)
SAR, FOI, OTHER = RequestKind.SUBJECT_ACCESS, RequestKind.FREEDOM_OF_INFORMATION, RequestKind.OTHER
Known = dict[str, Any]


@pytest.fixture
def here() -> World:
    return supporting()


@pytest.fixture
def known(here: World) -> Known:
    """What every action is given."""
    return {"slug": SLUG, "by": here["manager"], "at": NOW}


def asked(known: Known, person: int | None = None, *, kind: RequestKind = SAR, urn: str = "", **more: Any) -> InformationRequest:
    """A request that came on 2 November."""
    given: Known = {
        "kind": kind, "asker": "Sol Carr", "answer_to": "", "words": "All about me.", "received_on": date(2026, 11, 2), "person_id": person,
        "urn": urn, "own_day": None,
    }  # fmt: skip
    return actions.record_request(**known | given | more)


@pytest.fixture
def found(here: World, known: Known) -> InformationRequest:
    """A subject access request of the supporter, for which everything was looked for."""
    package(here, "closed")
    row = asked(known, here.people["supporter"].pk)
    actions.search(request_id=row.pk, words="", **known)
    return row


def decided(row: InformationRequest, known: Known, decision: Decision, why: str = "", **of: Any) -> int:
    """The same decision on everything found that waits."""
    items = list(row.items.filter(decision="", **of).values_list("pk", flat=True))
    given: Known = {"decision": decision, "why": why, "note": "", "holder": None, "left_out": (), "version": None}
    return actions.decide_on(request_id=row.pk, items=items, **given, **known)


def files_of(content: bytes) -> dict[str, str]:
    """What stands in an archive, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as bundle:
        return {name.split("/", 1)[1]: bundle.read(name).decode("utf-8", "replace") for name in bundle.namelist()}


def test_everything_that_names_the_person_is_found_once_and_nothing_that_opens(here: World, found: InformationRequest) -> None:
    tables = set(found.items.values_list("table", flat=True))
    assert {"accounts.Person", "partnership.Tenure", "support.Supporter", "support.Visit", "support.NoteOfVisit"} <= tables
    assert found.items.count() == len(set(found.items.values_list("table", "key")))
    person = found.items.get(table="accounts.Person")
    assert [line["name"] for line in person.content if line["name"] in ("password", "last_login")] == []
    assert SECRETS["note"] in str(found.items.get(table="support.NoteOfVisit").content)


def test_lines_about_others_are_marked_and_none_is_taken_out(found: InformationRequest) -> None:
    row = found.items.get(table="support.Package")
    assert row.marks["broker_id"] == "names somebody else"
    assert "Bea Marlow" in [line["value"] for line in row.content]
    assert "by_id" not in found.items.get(table="support.NoteOfVisit").marks


def test_words_of_a_letter_that_has_not_left_are_not_shown(here: World, known: Known) -> None:
    sol = here.people["supporter"]
    for sent in (None, NOW):
        Letter.objects.create(
            partnership=SLUG,
            to_address=sol.email,
            to_name=sol.name,
            kind="x",
            subject="A letter",
            body="opens",
            queued_at=NOW,
            sent_at=sent,
        )
    row = asked(known, sol.pk)
    actions.search(request_id=row.pk, words="", **known)
    bodies = [[line["value"] for line in each.content if line["name"] == "body"] for each in row.items.filter(table="post.Letter")]
    assert bodies == [[], ["opens"]]


def test_looking_again_keeps_decisions_and_asks_anew_for_what_changed(found: InformationRequest, known: Known) -> None:
    decided(found, known, Decision.DISCLOSE)
    note = NoteOfVisit.objects.get()
    QuerySet(NoteOfVisit).filter(pk=note.pk).update(seen="Something else")
    assert actions.search(request_id=found.pk, words="", **known) == (0, 1)
    row = found.items.get(table="support.NoteOfVisit")
    assert (row.changed, row.decision) == (True, "disclose")
    with pytest.raises(Undecided):
        actions.make_archive(request_id=found.pk, as_docx=docx, **known)


def test_search_of_words_alone_needs_words(here: World, known: Known) -> None:
    row = asked(known, kind=FOI)
    with pytest.raises(NoWords, match="a few words to look for"):
        actions.search(request_id=row.pk, words="abc", **known)
    package(here, "closed")
    new, _ = actions.search(request_id=row.pk, words="kinder than the first", **known)
    assert (new, row.items.get().table) == (1, "support.NoteOfVisit")


def test_what_is_withheld_is_named_in_the_list_and_its_words_are_nowhere(found: InformationRequest, known: Known) -> None:
    decided(found, known, Decision.WITHHOLD, "Schedule 2, paragraph 16", table="support.NoteOfVisit")
    part = found.items.get(table="support.Package")
    actions.decide_on(
        request_id=found.pk, items=[part.pk], decision=Decision.PART, why="names the broker", note="for us", holder=Holder.SCHOOL,
        left_out=["broker_id"], version=part.version, **known,
    )  # fmt: skip
    decided(found, known, Decision.DISCLOSE)
    made = actions.make_archive(request_id=found.pk, as_docx=docx, **known)
    files = files_of(made.content)
    everything = "\n".join(files.values())
    rows = {each["What"]: each for each in csv.DictReader(io.StringIO(files["decisions.csv"].removeprefix("\ufeff")))}
    told = {(row[1], row[2]): row[3] for row in csv.reader(io.StringIO(files["disclosed/support.csv"]))}
    assert (SECRETS["note"] in everything, "for us" in everything, told[part.title, "Broker"]) == (False, False, "(left out)")
    assert (SECRETS["choice"] in everything, "(left out)" in files["disclosed/support.html"]) == (True, True)
    assert {each["Decision"]: each["Why"] for each in rows.values() if each["Why"]} == {
        "withheld": "Schedule 2, paragraph 16", "disclosed in part": "names the broker",
    }  # fmt: skip
    assert (rows[part.title]["Who answers for it"], made.disclosed) == ("the school", found.items.count() - 1)
    entry = Entry.objects.get(verb="request.archive-taken")
    assert (entry.detail["sha256"], entry.subject_label) == (made.digest, f"Request {found.pk}: subject access")


def test_archive_is_the_same_bytes_again_and_is_safe_to_open(found: InformationRequest, known: Known) -> None:
    one = found.items.get(table="support.NoteOfVisit")
    one.content = [{"name": "seen", "label": "=1+1", "value": '=HYPERLINK("x")<script>'}]
    one.save()
    decided(found, known, Decision.DISCLOSE)
    first, again = (actions.make_archive(request_id=found.pk, as_docx=lambda title, words: b"docx", **known) for _ in range(2))
    files = files_of(first.content)
    assert first.content == again.content
    assert ["'=1+1", '\'=HYPERLINK("x")<script>'] in [row[2:] for row in csv.reader(io.StringIO(files["disclosed/support.csv"]))]
    assert "<script>" not in files["disclosed/support.html"]


def test_what_is_disclosed_of_a_schools_own_record_is_written_down_as_a_look(found: InformationRequest, known: Known) -> None:
    decided(found, known, Decision.DISCLOSE)
    assert Look.objects.count() == 0
    actions.make_archive(request_id=found.pk, as_docx=docx, **known)
    looks = set(Look.objects.values_list("urn", "record", "role"))
    assert (RECEIVER, "what was found for a request for information", "Partnership manager") in looks


def test_journal_never_says_who_asked_or_about_whom(found: InformationRequest, known: Known) -> None:
    decided(found, known, Decision.DISCLOSE)
    actions.answer_request(request_id=found.pk, ended_on=NOW.date(), note="Sent to Sol Carr", **known)
    rows = Entry.objects.filter(verb__startswith="request.")
    assert list(rows.order_by("pk").values_list("verb", flat=True)) == [
        "request.recorded", "request.searched", "request.decided", "request.answered",
    ]  # fmt: skip
    assert [row for row in rows if "Carr" in f"{row.subject_label}{row.why}{row.detail}"] == []


def test_nothing_more_is_done_with_a_request_that_is_over(found: InformationRequest, known: Known) -> None:
    actions.take_back_request(request_id=found.pk, ended_on=NOW.date(), note="", **known)
    for act, given in (
        (actions.search, {"words": ""}), (actions.lengthen, {"why": "x"}), (actions.go_on, {"until_on": NOW.date()}),
        (actions.write_letter, {"words": "x", "version": 1}), (actions.make_archive, {"as_docx": docx}),
    ):  # fmt: skip
        with pytest.raises(OutOfTurn, match="is over"):
            act(request_id=found.pk, **given, **known)  # type: ignore[operator]
    found.refresh_from_db()
    assert (found.state, found.ended_on) == ("taken-back", NOW.date())


def test_request_is_not_answered_while_something_waits(found: InformationRequest, known: Known) -> None:
    with pytest.raises(Undecided) as error:
        actions.answer_request(request_id=found.pk, ended_on=NOW.date(), note="", **known)
    assert error.value.left == found.items.count()


def test_clock_stops_goes_on_and_is_lengthened(here: World, known: Known) -> None:
    row = asked(known, here.people["supporter"].pk)
    actions.stop_clock(request_id=row.pk, kind=StopKind.CLARITY, from_on=date(2026, 11, 4), note="Which years?", **known)
    with pytest.raises(OutOfTurn, match="stands still already"):
        actions.stop_clock(request_id=row.pk, kind=StopKind.FEE, from_on=date(2026, 11, 4), note="", **known)
    with pytest.raises(OutOfTurn, match="say that the clock goes on"):
        actions.make_archive(request_id=row.pk, as_docx=docx, **known)
    with pytest.raises(WrongDay):
        actions.go_on(request_id=row.pk, until_on=date(2026, 11, 3), **known)
    actions.go_on(request_id=row.pk, until_on=date(2026, 11, 9), **known)
    with pytest.raises(OutOfTurn, match="is running"):
        actions.go_on(request_id=row.pk, until_on=date(2026, 11, 9), **known)
    actions.lengthen(request_id=row.pk, why="Many years", **known)
    with pytest.raises(OutOfTurn, match="only once"):
        actions.lengthen(request_id=row.pk, why="Again", **known)
    seen = queries.request(SLUG, row.pk, viewer=here["manager"], at=NOW)
    assert seen is not None
    assert (seen.due.on, seen.stops[0].says, seen.longer_why) == (date(2027, 2, 8), "We asked what exactly is meant", "Many years")


@pytest.mark.parametrize(
    ("more", "refusal", "words"),
    [
        ({"words": " "}, NoWords, "Say who asked"),
        ({"words": "x" * 4001}, NoWords, "At most 4000"),
        ({"received_on": date(2026, 11, 17)}, WrongDay, "in the future"),
        ({"person_id": None}, OutOfTurn, "Choose whom it is about"),
        ({"person_id": 10**9}, NotThere, "Nobody here"),
        ({"urn": "123456"}, NotThere, "No school"),
        ({"kind": OTHER, "own_day": date(2026, 11, 1)}, WrongDay, "lies before"),
    ],
)
def test_request_that_cannot_be_is_refused(here: World, known: Known, more: Known, refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        asked(known, **{"person": here.people["supporter"].pk} | more) if "person_id" not in more else asked(known, **more)
    assert InformationRequest.objects.count() == 0


def test_stops_that_no_law_knows_are_refused(known: Known) -> None:
    row = asked(known, kind=FOI)
    with pytest.raises(OutOfTurn, match="No law stops"):
        actions.stop_clock(request_id=row.pk, kind=StopKind.IDENTITY, from_on=date(2026, 11, 4), note="", **known)
    with pytest.raises(WrongDay):
        actions.stop_clock(request_id=row.pk, kind=StopKind.FEE, from_on=date(2026, 11, 1), note="", **known)
    with pytest.raises(OutOfTurn, match="Only a subject access"):
        actions.lengthen(request_id=row.pk, why="x", **known)


def test_what_is_held_elsewhere_is_named_and_decided_on_like_the_rest(known: Known) -> None:
    row = asked(known, kind=FOI)
    given: Known = {"request_id": row.pk, "record_class": "governance", "holder": Holder.AUTHORITY, "note": "", **known}
    for wrong in ({"title": " "}, {"title": "Minutes", "record_class": "nothing"}):
        with pytest.raises(NoWords):
            actions.add_found(**given | wrong)
    actions.add_found(title="Minutes on paper", **given)
    assert decided(row, known, Decision.NOT_HELD) == 1
    files = files_of(actions.make_archive(request_id=row.pk, as_docx=docx, **known).content)
    assert sorted(files) == ["decisions.csv", "decisions.html", "letter.docx", "letter.html"]


def test_two_who_decide_at_once_and_keys_of_another_request(found: InformationRequest, known: Known) -> None:
    one = found.items.order_by("pk")[0]
    given: Known = {"decision": Decision.DISCLOSE, "why": "", "note": "", "holder": None, "left_out": ()}
    actions.decide_on(request_id=found.pk, items=[one.pk], version=one.version, **given, **known)
    with pytest.raises(ChangedMeanwhile):
        actions.decide_on(request_id=found.pk, items=[one.pk], version=one.version, **given, **known)
    other = asked(known, kind=FOI)
    for items in ([one.pk], []):
        with pytest.raises(NotThere, match="Tick what you decide on"):
            actions.decide_on(request_id=other.pk, items=items, version=None, **given, **known)


def test_letter_is_kept_and_a_change_meanwhile_is_told(known: Known) -> None:
    row = asked(known, kind=FOI)
    with pytest.raises(NoWords):
        actions.write_letter(request_id=row.pk, words=" ", version=row.version, **known)
    actions.write_letter(request_id=row.pk, words="Dear all\r\n\r\nNo.", version=row.version, **known)
    with pytest.raises(ChangedMeanwhile, match="Copy your words"):
        actions.write_letter(request_id=row.pk, words="Mine", version=row.version, **known)
    row.refresh_from_db()
    assert row.letter == "Dear all\n\nNo."


@pytest.mark.parametrize("who", ["head", "auditor", "broker", "officer"])
def test_nobody_else_reads_or_writes_the_register(here: World, known: Known, found: InformationRequest, who: str) -> None:
    other = known | {"by": here[who]}
    with pytest.raises(NotAllowed):
        asked(other, here.people["supporter"].pk)
    with pytest.raises(NotAllowed):
        actions.search(request_id=found.pk, words="", **other)
    item = found.items.order_by("pk")[0]
    read = (
        queries.requests(SLUG, viewer=here[who], at=NOW), queries.request(SLUG, found.pk, viewer=here[who], at=NOW),
        queries.item(SLUG, found.pk, item.pk, viewer=here[who], at=NOW), queries.answering(SLUG, found.pk, viewer=here[who], at=NOW),
        people_to_ask_about(SLUG, viewer=here[who], at=NOW) or None,
    )  # fmt: skip
    assert read == (None,) * 5


def test_request_of_another_partnership_is_not_there(here: World, known: Known, found: InformationRequest) -> None:
    assert queries.request("elsewhere", found.pk, viewer=here["manager"], at=NOW) is None
    with pytest.raises(NotAllowed):
        actions.search(request_id=found.pk, words="", **known | {"slug": "elsewhere"})
    with pytest.raises(NotThere):
        actions.search(request_id=found.pk + 1000, words="", **known)


def test_page_of_a_schools_record_is_a_look_and_its_list_is_none(here: World, found: InformationRequest) -> None:
    browser = signed_in(here.people["manager"], code=True)
    note = found.items.get(table="support.NoteOfVisit")
    whole = browser.get(reverse("information-request", args=[SLUG, found.pk])).content.decode()
    assert (SECRETS["note"] in whole, Look.objects.count()) == (False, 0)
    said = browser.get(reverse("information-request-item", args=[SLUG, found.pk, note.pk])).content.decode()
    looks = list(Look.objects.values_list("urn", "record", "by_key"))
    assert (SECRETS["note"] in said, looks) == (
        True, [(RECEIVER, "what was found for a request for information", str(here.people["manager"].pk))],
    )  # fmt: skip


def test_what_was_typed_is_not_lost_when_it_is_refused(here: World, found: InformationRequest) -> None:
    browser = signed_in(here.people["manager"], code=True)
    note = RequestItem.objects.get(request=found, table="support.NoteOfVisit")
    page = reverse("information-request-item", args=[SLUG, found.pk, note.pk])
    typed = {"decision": "withhold", "why": "", "note": "Ask the officer first", "holder": note.holder, "version": note.version}
    answer = browser.post(page, typed)
    assert (answer.status_code, "Ask the officer first" in answer.content.decode()) == (422, True)
    assert "Say in your own words which exemption" in answer.content.decode()
