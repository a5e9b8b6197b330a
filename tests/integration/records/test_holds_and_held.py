"""Legal holds, the page of what is held, the impact assessment, and the commands."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Partnership
from convenor.partnership.rules.refusals import NotThere
from convenor.post.models import Letter
from convenor.records import actions
from convenor.records.actions import retention
from convenor.records.models import Hold, RetentionRun
from convenor.records.queries.dpia import dpia
from convenor.records.queries.held import held
from convenor.records.queries.holds import holds, people_to_hold
from convenor.records.rules.holds import HoldKind
from convenor.records.rules.refusals import NotRunning, NoWords, WrongDay
from tests.factories.partnership import AT, SLUG, World, world
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)
PLACE: dict[str, Any] = {
    "kind": HoldKind.SCHOOL, "urn": "990001", "person_id": None, "record_class": "", "reason": "A claim", "from_on": NOW.date(),
}  # fmt: skip


@pytest.fixture
def here() -> World:
    return world()


@pytest.fixture
def known(here: World) -> dict[str, Any]:
    return {"slug": SLUG, "by": here["manager"], "at": NOW}


@pytest.mark.parametrize(
    ("more", "refusal", "words"),
    [
        ({"reason": " "}, NoWords, "Say why"),
        ({"reason": "x" * 4001}, NoWords, "At most"),
        ({"from_on": NOW.date() + timedelta(days=1)}, WrongDay, "would be gone"),
        ({"urn": ""}, NotThere, "Choose a school"),
        ({"urn": "123456"}, NotThere, "Choose a school"),
        ({"kind": HoldKind.PERSON}, NotThere, "Choose somebody"),
        ({"kind": HoldKind.CLASS, "record_class": "nothing"}, NoWords, "Choose a class"),
    ],
)
def test_hold_that_cannot_be_is_refused(known: dict[str, Any], more: dict[str, Any], refusal: type[Exception], words: str) -> None:
    with pytest.raises(refusal, match=words):
        actions.place_hold(**PLACE | more | known)
    assert (Hold.objects.count(), Entry.objects.filter(verb="hold.placed").count()) == (0, 0)


def test_hold_is_placed_ended_and_written_down_without_a_name(here: World, known: dict[str, Any]) -> None:
    person = here.people["head"]
    row = actions.place_hold(**PLACE | {"kind": HoldKind.PERSON, "person_id": person.pk} | known)
    assert [(each.on, each.stands) for each in holds(SLUG, viewer=here["manager"], at=NOW)] == [("Ada Example", True)]
    with pytest.raises(NoWords):
        actions.end_hold(hold_id=row.pk, why=" ", **known)
    actions.end_hold(hold_id=row.pk, why="Settled", **known)
    with pytest.raises(NotRunning):
        actions.end_hold(hold_id=row.pk, why="Settled", **known)
    with pytest.raises(NotThere):
        actions.end_hold(hold_id=row.pk + 1, why="Settled", **known)
    entries = Entry.objects.filter(verb__startswith="hold.").order_by("pk")
    assert [(each.verb, each.subject_label) for each in entries] == [
        ("hold.placed", f"Legal hold {row.pk}: person"), ("hold.ended", f"Legal hold {row.pk}: person"),
    ]  # fmt: skip
    assert [each.stands for each in holds(SLUG, viewer=here["manager"], at=NOW)] == [False]


@pytest.mark.parametrize("who", ["head", "auditor", "broker"])
def test_holds_and_what_is_held_are_for_whoever_keeps_them(here: World, known: dict[str, Any], who: str) -> None:
    row = actions.place_hold(**PLACE | known)
    viewer = here[who]
    assert (holds(SLUG, viewer=viewer, at=NOW), people_to_hold(SLUG, viewer=viewer, at=NOW)) == ((), [])
    assert (held(SLUG, viewer=viewer, at=NOW), dpia(SLUG, viewer=viewer, at=NOW)) == (None, None)
    for act, given in ((actions.place_hold, PLACE), (actions.end_hold, {"hold_id": row.pk, "why": "x"})):
        with pytest.raises(NotAllowed):
            act(**given | known | {"by": viewer})  # type: ignore[operator]


def test_what_is_held_counts_the_partnerships_own_and_says_when_the_oldest_goes(here: World) -> None:
    for slug, at in ((SLUG, datetime(2026, 3, 1, tzinfo=UTC)), (SLUG, NOW), ("elsewhere", datetime(2020, 1, 1, tzinfo=UTC))):
        Letter.objects.create(partnership=slug, to_address="a@example.org", kind="x", subject="s", body="b", queued_at=at)
    seen = held(SLUG, viewer=here["manager"], at=NOW)
    assert seen is not None
    letters = next(each for of in seen.classes for each in of.tables if each.label == "post.Letter")
    assert (letters.count, letters.oldest, letters.first_to_go, letters.goes) == (
        2, date(2026, 3, 1), date(2027, 3, 1), "Goes by itself.",
    )  # fmt: skip


def test_what_went_is_told_in_numbers_by_class(here: World) -> None:
    Partnership.objects.update(demonstration=False)
    Letter.objects.create(
        partnership=SLUG, to_address="gone@example.org", kind="x", subject="s", body="b", queued_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    actions.retain(by="the system", at=NOW)
    browser = signed_in(here.people["manager"], code=True)
    with patch("django.utils.timezone.now", return_value=NOW):
        page = browser.get(reverse("holdings", args=[SLUG])).content.decode()
    assert ("1 record deleted for good (Letters: 1)" in page, "gone@example.org" in page) == (True, False)


def test_assessment_names_every_class_and_leaves_to_people_what_only_they_can_say(here: World) -> None:
    report = dpia(SLUG, viewer=here["manager"], at=NOW)
    assert report is not None
    headings = [part.words for part in report.parts if part.kind == "heading" and part.level == 2]
    assert [each.split(".")[0] for each in headings] == ["1", "2", "3", "4", "5", "6", "7", "8"]
    fields = {row[0]: row[1] for part in report.parts if part.kind == "table" and "personal fields" in part.words for row in part.rows}
    assert fields["People"] == "email; last login (closely: password)"
    readers = {row[0]: row[1] for part in report.parts if part.kind == "table" and "roles" in part.words for row in part.rows}
    assert readers["The journal, and who looked"].split("; ")[-2:] == ["Partnership manager", "Auditor"]


def test_assessment_can_be_taken_as_a_document(here: World) -> None:
    browser = signed_in(here.people["manager"], code=True)
    answer = browser.get(reverse("impact-assessment-file", args=[SLUG, "docx"]))
    with zipfile.ZipFile(io.BytesIO(answer.content)) as document:
        assert "Data protection impact assessment" in document.read("word/document.xml").decode()
    assert browser.get(reverse("impact-assessment-file", args=[SLUG, "exe"])).status_code == 404


def run(*words: str) -> dict[str, Any]:
    """The command's answer as JSON."""
    out = io.StringIO()
    with patch("django.utils.timezone.now", return_value=NOW):
        call_command("retain", *words, "--json", stdout=out)
    found: dict[str, Any] = json.loads(out.getvalue())
    return found


def test_command_says_what_would_go_and_deletes_only_without_simulate(here: World) -> None:
    Letter.objects.create(
        partnership="", to_address="a@example.org", kind="x", subject="s", body="b", queued_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    assert run("--simulate") == {"simulated": True, "rows": {"post.Letter": 1}, "held": 0, "failed": {}}
    assert Letter.objects.count() == 1
    assert run()["rows"] == {"post.Letter": 1}
    assert (Letter.objects.count(), run()["rows"]) == (0, {})


def test_command_says_it_in_words_and_fails_when_something_could_not_go(here: World) -> None:
    Letter.objects.create(
        partnership="", to_address="a@example.org", kind="x", subject="s", body="b", queued_at=datetime(2020, 1, 1, tzinfo=UTC)
    )
    out = io.StringIO()
    call_command("retain", "--simulate", stdout=out)
    assert out.getvalue() == "       1  letters (post.Letter)\n1 rows would go; 0 past their period are kept by a legal hold.\n"
    altered = patch.object(retention, "_delete", side_effect=retention._Altered("A record was changed."))
    with altered, pytest.raises(CommandError, match=r"1 rows stayed, whole\. A record was changed\."):
        call_command("retain", stdout=io.StringIO())


def test_worker_deletes_once_on_a_day_and_holds_stop_the_letters_too(here: World, known: dict[str, Any]) -> None:
    old = datetime(2020, 1, 1, tzinfo=UTC)
    for address in ("held@example.org", "gone@example.org"):
        Letter.objects.create(partnership=SLUG, to_address=address, kind="x", subject="s", body="b", queued_at=old, sent_at=old)
    person = here.people["head"]
    person.email = "held@example.org"
    person.save()
    actions.place_hold(**PLACE | {"kind": HoldKind.PERSON, "person_id": person.pk} | known)
    kept_open = patch("convenor.web.management.commands.worker.close_old_connections")
    with patch("django.utils.timezone.now", return_value=NOW), kept_open:
        for _ in range(2):
            call_command("worker", "--once", stdout=io.StringIO())
    assert list(Letter.objects.filter(queued_at=old).values_list("to_address", flat=True)) == ["held@example.org"]
    assert RetentionRun.objects.filter(partnership="").count() == 1
