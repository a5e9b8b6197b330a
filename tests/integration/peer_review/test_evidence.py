"""Evidence: what arrives from phones, once each and in order; who reads it; what is refused, in words; what it asks of the database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.journal.models import Entry, Look
from convenor.partnership.rules.refusals import NotThere, TooMany
from convenor.peer_review.actions.evidence import Taken, take_evidence
from convenor.peer_review.models import Activity, EvidenceNote, EvidenceText, PeerReview
from convenor.peer_review.queries import evidence as queries
from convenor.peer_review.queries.standing import ReviewHere, review_here
from convenor.peer_review.rules.states import State
from tests.factories.peer_review import MOMENTS, NEIGHBOUR, SECRETS, SLUG, VISIT_FROM_ON, World, review, reviewing
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db
ON_SITE = MOMENTS[State.ON_SITE] + timedelta(minutes=45)  # 9.45 on the first day of the visit
SAID = SECRETS["evidence"]


@pytest.fixture
def here() -> World:
    return reviewing()


@pytest.fixture
def clock() -> Iterator[Any]:
    """The moment that the site believes it is; `clock.return_value` may be moved."""
    with patch("django.utils.timezone.now", return_value=ON_SITE) as now:
        yield now


def wrote(words: str = SAID, *parents: str, note: str = "", minute: int = 0, **more: Any) -> dict[str, Any]:
    """A writing as a phone sends it."""
    written_at = (ON_SITE + timedelta(minutes=minute - 60)).isoformat()
    given = {"uid": str(uuid4()), "note": note or str(uuid4()), "parents": list(parents), "words": words, "written_at": written_at}
    return given | {"device": "phone", "sequence": minute} | more


def take(here: World, row: PeerReview, *items: dict[str, Any], who: str = "lead", at: datetime = ON_SITE) -> Taken:
    return take_evidence(slug=SLUG, review_id=row.pk, items=items, by=here[who], at=at)


def seen(here: World, row: PeerReview, who: str = "lead", at: datetime = ON_SITE) -> ReviewHere:
    found = review_here(SLUG, row.pk, viewer=here[who], at=at)
    assert found is not None
    return found


def log(here: World, row: PeerReview, who: str = "lead", at: datetime = ON_SITE, theme: str = "") -> queries.EvidenceLog | None:
    return queries.log(seen(here, row, who, at), viewer=here[who], at=at, theme=theme)


def words(found: queries.EvidenceLog | None) -> list[list[str]]:
    assert found is not None
    return [[each.words for each in note.says] for note in found.notes]


def test_a_batch_arrives_once_each_and_in_order(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    batch = [wrote(f"Note {number}", minute=number) for number in range(50)]
    for part in (batch[20:], batch[:30], batch):
        assert take(here, row, *part) == Taken(tuple(each["uid"] for each in part), ())
    assert words(log(here, row)) == [[f"Note {number}"] for number in range(50)]
    assert (EvidenceNote.objects.count(), EvidenceText.objects.count()) == (50, 50)


def test_what_arrived_is_recorded_without_a_word_of_it(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    take(here, row, one := wrote(), wrote())
    take(here, row, one)
    entries = list(Entry.objects.filter(verb="review.evidence").values_list("by_key", "urn", "why", "detail", "subject_kind"))
    assert entries == [(str(here["lead"].person_id), row.school_id, "", {"writings": 2}, "peer-review")]


def test_a_note_written_on_two_devices_keeps_both_until_it_is_joined(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    first = wrote("They read together.")
    mine = wrote("They read together, daily.", first["uid"], note=first["note"], minute=1)
    theirs = wrote("They read together, in pairs.", first["uid"], note=first["note"], minute=2, device="tablet")
    take(here, row, first)
    take(here, row, theirs, who="second")
    take(here, row, mine)
    found = log(here, row)
    assert words(found) == [["They read together, daily.", "They read together, in pairs."]]
    assert found is not None
    assert (found.apart, found.notes[0].tips) == (1, (mine["uid"], theirs["uid"]))
    take(here, row, wrote("Daily, in pairs.", *found.notes[0].tips, note=first["note"], minute=3))
    assert (words(log(here, row)), EvidenceText.objects.count()) == ([["Daily, in pairs."]], 4)


def test_a_note_that_was_taken_back_stays_in_the_log_and_does_not_count(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    take(here, row, first := wrote("Mistaken."), wrote("Stands."))
    strike = wrote("Mistaken.", first["uid"], note=first["note"], minute=1, struck=True)
    assert take(here, row, strike, who="second").refused[0].why == (
        "Only whoever wrote a note takes it back. You can write on it, and both stay in the log."
    )
    assert take(here, row, strike).refused == ()
    found = log(here, row)
    assert found is not None
    assert (found.number, sorted((each.words, each.struck) for each in found.notes)) == (1, [("Mistaken.", True), ("Stands.", False)])


def test_one_bad_note_holds_up_no_other(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    good, long, empty = wrote("Seen."), wrote("x" * 4001), wrote(" ")
    broken = wrote() | {"written_at": "yesterday"}
    answer = take(here, row, long, good, empty, broken)
    assert answer.taken == (good["uid"],)
    assert [(each.uid, each.why, each.later) for each in answer.refused] == [
        (long["uid"], "This note is 1 character too long; 4,000 at most. Write the rest as a second note.", False),
        (empty["uid"], "There are no words in this note.", False),
        (broken["uid"], "This note cannot be read. Copy its words and write it again.", False),
    ]


def test_another_note_with_a_number_that_is_taken_is_refused_and_both_texts_live(here: World) -> None:
    row, other = review(here, until=State.ON_SITE), review(here, until=State.ON_SITE, school=NEIGHBOUR)
    first, elsewhere = wrote("Kept."), wrote("Elsewhere.")
    take(here, row, first)
    take(here, other, elsewhere)
    said = "Another note bears this one’s number. Copy its words and write it again."
    again = take(here, row, first | {"words": "Another."}, wrote(note=elsewhere["note"]), elsewhere)
    assert [each.why for each in again.refused] == [said] * 3
    assert (words(log(here, row)), words(log(here, other))) == ([["Kept."]], [["Elsewhere."]])


@pytest.mark.parametrize(
    ("until", "resumes", "later"),
    [(State.DATA_SHARED, None, True), (State.REPORT_FINAL, None, False), (State.POSTPONED, State.DATA_SHARED, True)],
)
def test_a_note_outside_the_visit_waits_or_is_refused_and_is_never_lost(
    here: World, until: State, resumes: State | None, later: bool
) -> None:
    row = review(here, until=until, resumes=resumes)
    answer = take(here, row, one := wrote(), at=MOMENTS[State.REPORT_FINAL])
    assert [(each.uid, each.later) for each in answer.refused] == [(one["uid"], later)]
    assert EvidenceText.objects.count() == 0


def test_a_note_that_arrived_before_the_report_was_final_is_known_after_it(here: World) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    take(here, row, one := wrote())
    PeerReview.objects.filter(pk=row.pk).update(state=State.REPORT_FINAL.value, final_on=MOMENTS[State.REPORT_FINAL].date())
    assert take(here, row, one, at=MOMENTS[State.REPORT_FINAL]).taken == (one["uid"],)


def test_only_the_team_writes_and_only_while_it_reads_the_review(here: World) -> None:
    row = review(here, until=State.REPORT_FINAL)
    outside = ("head", "manager", "cluster lead", "third", "broker", "officer", "somebody with no post")
    for who in outside:
        with pytest.raises(NotThere):
            take(here, row, wrote(), who=who)
    with pytest.raises(NotThere):
        take(here, row, wrote(), at=MOMENTS[State.REPORT_FINAL] + timedelta(days=31))
    assert EvidenceText.objects.count() == 0


def test_more_than_fifty_at_one_time_are_refused_whole(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    with pytest.raises(TooMany):
        take(here, row, *(wrote() for _ in range(51)))
    assert EvidenceText.objects.count() == 0


def test_a_clock_that_runs_ahead_and_things_unknown_lose_no_words(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    other = Activity.objects.create(
        review=review(here, until=State.ON_SITE, school=NEIGHBOUR), title="Elsewhere", on=VISIT_FROM_ON, starts="09:00", ends="10:00",
        host_partner="Head",
    )  # fmt: skip
    ahead = wrote(minute=6000, activity=other.pk, kind="outstanding", theme="gossip", begun_at="2031-01-01T00:00:00Z")
    take(here, row, ahead)
    text = EvidenceText.objects.select_related("note").get()
    assert (text.words, text.activity_id, text.kind, text.theme) == (SAID, None, "", "")
    assert (text.written_at, text.note.begun_at) == (ON_SITE, ON_SITE)
    assert take(here, row, ahead).taken == (ahead["uid"],)


def test_the_log_is_grouped_by_activity_and_filtered_by_theme(here: World) -> None:
    row = review(here, until=State.ON_SITE)
    activity = Activity.objects.get(review=row)
    take(
        here, row, wrote("Loose."), wrote("Of reading.", activity=activity.pk, theme="reading", kind="strength", minute=1),
        wrote("Of writing.", activity=activity.pk, theme="writing", minute=2),
    )  # fmt: skip
    found = log(here, row)
    assert found is not None
    assert [(each.title, [note.words for note in each.notes]) for each in found.groups] == [
        ("Reading with year 2", ["Of reading.", "Of writing."]), ("Beside the activities", ["Loose."]),
    ]  # fmt: skip
    assert found.themes == (("reading", "Reading", 1), ("writing", "Writing", 1))
    assert (found.nearest, found.review_themes) == (activity.pk, ("reading",))
    assert words(log(here, row, theme="reading")) == [["Of reading."]]


# Who reads it


SEES_FROM_DRAFT = {"head", "school leader", "chair of governors"}


@pytest.mark.parametrize(("until", "host"), [(State.ON_SITE, False), (State.FED_BACK, False), (State.REPORT_DRAFT, True)])
def test_the_host_reads_the_log_only_once_there_is_a_draft_and_no_outsider_ever(here: World, clock: Any, until: State, host: bool) -> None:
    row = review(here, until=State.ON_SITE)
    take(here, row, wrote())
    PeerReview.objects.filter(pk=row.pk).update(state=until.value)
    clock.return_value = MOMENTS[State.REPORT_DRAFT]
    address = reverse("review-evidence", args=[SLUG, row.pk])
    shown = {who: signed_in(person, code=True).get(address) for who, person in here.people.items()}
    readers = {who for who, answer in shown.items() if SAID in answer.content.decode()}
    team = {"lead", "other head", "second", "system leader", "champion", "reviewer"}
    assert readers == team | (SEES_FROM_DRAFT if host else set())
    others = {who: answer.status_code for who, answer in shown.items() if who not in readers}
    assert others == {who: 403 if who in ("somebody with no post", "third") else 404 for who in others}
    assert Client().get(address).status_code == 302


def test_the_team_reads_no_evidence_after_thirty_days(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    take(here, row, wrote())
    PeerReview.objects.filter(pk=row.pk).update(state=State.REPORT_FINAL.value, final_on=MOMENTS[State.REPORT_FINAL].date())
    clock.return_value = MOMENTS[State.REPORT_FINAL] + timedelta(days=29)
    client, address = signed_in(here.people["lead"]), reverse("review-evidence", args=[SLUG, row.pk])
    got = {}
    for days in (30, 31):
        clock.return_value = MOMENTS[State.REPORT_FINAL] + timedelta(days=days)
        got[days] = (client.get(address).status_code, client.get(f"{address}sync/").status_code)
    assert got == {30: (200, 200), 31: (404, 404)}
    assert log(here, row, at=clock.return_value) is None
    assert queries.changes(seen(here, row, at=clock.return_value), viewer=here["lead"], since=0).texts == ()
    assert sorted(queries.for_device(seen(here, row, at=clock.return_value), viewer=here["lead"])) == ["stands", "why"]
    assert signed_in(here.people["head"]).get(address).status_code == 200


def test_a_look_of_the_team_is_written_down_and_the_hosts_own_is_not(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    address = reverse("review-evidence", args=[SLUG, row.pk])
    signed_in(here.people["second"]).get(address)
    for _ in range(3):
        signed_in(here.people["second"]).get(f"{address}sync/")
    signed_in(here.people["head"]).get(address)
    looks = list(Look.objects.values_list("by_key", "urn", "record"))
    assert looks == [(str(here["second"].person_id), row.school_id, "peer review: evidence")]  # the phone asks often: once a day


# What a phone asks


def synced(client: Client, row: PeerReview, *items: dict[str, Any], person: str, since: int = 0) -> Any:
    body = json.dumps({"person": person, "since": since, "writings": items})
    return client.post(reverse("review-evidence-sync", args=[SLUG, row.pk]), body, content_type="application/json")


def test_a_phone_is_told_what_was_taken_and_what_came_from_others(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    take(here, row, theirs := wrote("From the other phone."), who="second")
    client, key = signed_in(here.people["lead"]), queries.device_key(here["lead"].person_id)
    said = synced(client, row, mine := wrote("Mine.", minute=1), long := wrote("x" * 5000), person=key).json()
    assert (said["taken"], [each["uid"] for each in said["refused"]]) == ([mine["uid"]], [long["uid"]])
    assert [(each["uid"], each["words"], each["by"], each["own"]) for each in said["changes"]] == [
        (theirs["uid"], "From the other phone.", "Sol Carr", False), (mine["uid"], "Mine.", "Dele Stone", True),
    ]  # fmt: skip
    again = client.get(reverse("review-evidence-sync", args=[SLUG, row.pk]), {"since": said["cursor"]}).json()
    assert (again["changes"], again["cursor"], again["more"], again["person"]) == ([], said["cursor"], False, key)
    assert [each["title"] for each in again["review"]["activities"]] == ["Reading with year 2"]


def test_what_came_is_brought_in_parts(here: World, clock: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "CHANGES_AT_MOST", 2)
    row = review(here, until=State.ON_SITE)
    take(here, row, *(wrote(str(number), minute=number) for number in range(5)))
    review_seen, since, parts = seen(here, row), 0, []
    while True:
        came = queries.changes(review_seen, viewer=here["lead"], since=since)
        parts.append([each["words"] for each in came.texts])
        since = came.cursor
        if not came.more:
            break
    assert parts == [["0", "1"], ["2", "3"], ["4"]]


def test_nobodys_notes_go_under_anothers_name(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    key = queries.device_key(here["lead"].person_id)
    answer = synced(signed_in(here.people["second"]), row, wrote(), person=key)
    assert (answer.status_code, answer.json(), EvidenceText.objects.count()) == (409, {"why": "Somebody else is signed in."}, 0)


def test_a_stale_token_is_refused_and_a_fresh_one_taken(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    client = Client(enforce_csrf_checks=True)
    client.force_login(here.people["lead"], backend="allauth.account.auth_backends.AuthenticationBackend")
    address, key = reverse("review-evidence-sync", args=[SLUG, row.pk]), queries.device_key(here["lead"].person_id)
    body = json.dumps({"person": key, "since": 0, "writings": [wrote()]})
    old = client.post(address, body, content_type="application/json", headers={"x-csrftoken": "x" * 64})
    token = client.get(address).json()["csrf"]
    new = client.post(address, body, content_type="application/json", headers={"x-csrftoken": token})
    assert (old.status_code, new.status_code, EvidenceText.objects.count()) == (403, 200, 1)


def test_a_phone_that_is_signed_out_is_led_to_the_door(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    assert synced(Client(), row, wrote(), person="").status_code == 302


@pytest.mark.parametrize("body", [b"", b"[]", b'{"writings": 7}', b'{"writings": [7]}', b"[" * 5000, b"\xff"])
def test_what_is_no_batch_is_refused_in_words(here: World, clock: Any, body: bytes) -> None:
    row = review(here, until=State.ON_SITE)
    client = signed_in(here.people["lead"])
    answer = client.post(reverse("review-evidence-sync", args=[SLUG, row.pk]), body, content_type="application/json")
    assert (answer.status_code, answer.json()) == (400, {"why": "This is no batch of notes."})


def test_a_batch_of_too_many_is_refused_in_words(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    key = queries.device_key(here["lead"].person_id)
    answer = synced(signed_in(here.people["lead"]), row, *(wrote() for _ in range(51)), person=key)
    assert (answer.status_code, answer.json()) == (400, {"why": "At most 50 notes are sent at one time. Nothing was changed."})


def test_the_host_and_those_outside_ask_the_phones_door_in_vain(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    outside = ("head", "manager", "cluster lead", "third")
    got = {}
    for who in outside:
        client, key = signed_in(here.people[who], code=True), queries.device_key(here[who].person_id)
        asked = client.get(reverse("review-evidence-sync", args=[SLUG, row.pk]))
        got[who] = (asked.status_code, synced(client, row, wrote(), person=key).status_code)
    assert got == {who: (403, 403) if who == "third" else (404, 404) for who in outside}
    assert EvidenceText.objects.count() == 0


def test_what_a_phone_keeps_to_open_the_page_says_nothing_of_anybody(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    take(here, row, wrote())
    client = signed_in(here.people["lead"])
    pages = [reverse(name, args=[SLUG, pk]) for name in ("review-evidence-offline", "review-evidence-worker") for pk in (row.pk, 999)]
    got = [client.get(address).content for address in pages]
    assert (got[0], got[2]) == (got[1], got[3])
    assert [word for word in (SAID, "Fernhollow", "Dele Stone", "Reading with year 2") for each in got if word in each.decode()] == []
    assert [client.get(address).headers["Content-Type"] for address in pages[::2]] == [
        "text/html; charset=utf-8", "text/javascript; charset=utf-8",
    ]  # fmt: skip
    assert [Client().get(address).status_code for address in pages] == [200] * 4


# The page without script


def filled(row: PeerReview, **more: str) -> dict[str, str]:
    return {"uid": str(uuid4()), "note": str(uuid4()), "words": SAID, "kind": "strength", "theme": "reading"} | more


def test_a_note_is_written_again_and_taken_back_without_script(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    client, address = signed_in(here.people["lead"]), reverse("review-evidence", args=[SLUG, row.pk])
    first = filled(row, activity=str(Activity.objects.get(review=row).pk))
    assert [client.post(address, first).headers["Location"] for _ in range(2)] == [address] * 2  # an impatient finger
    page = client.get(address, {"note": first["note"]}).content.decode()
    assert (page.count(SAID), page.count(f'name="parents" value="{first["uid"]}"')) == (5, 2)
    again = filled(row, note=first["note"], parents=first["uid"], words="Better said.")
    client.post(address, again)
    client.post(address, filled(row, note=first["note"], parents=again["uid"], words="Better said.", struck="on"))
    found = log(here, row)
    assert found is not None
    assert [(each.struck, [says.words for says in each.written]) for each in found.notes] == [
        (True, [SAID, "Better said.", "Better said."])
    ]


def test_a_note_of_an_activity_that_is_off_the_plan_keeps_it(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    client, address = signed_in(here.people["lead"]), reverse("review-evidence", args=[SLUG, row.pk])
    activity = Activity.objects.get(review=row)
    client.post(address, first := filled(row, activity=str(activity.pk)))
    Activity.objects.update(removed_at=ON_SITE)
    again = filled(row, note=first["note"], parents=first["uid"], activity=str(activity.pk), struck="on")
    assert client.post(address, again).status_code == 302
    assert set(EvidenceText.objects.values_list("activity_id", "struck")) == {(activity.pk, False), (activity.pk, True)}


def test_a_refused_note_is_shown_again_with_why(here: World, clock: Any) -> None:
    row = review(here, until=State.DATA_SHARED)
    client, address = signed_in(here.people["lead"]), reverse("review-evidence", args=[SLUG, row.pk])
    clock.return_value = MOMENTS[State.DATA_SHARED]
    got = [
        client.post(address, filled(row)),
        client.post(address, filled(row, words="x" * 4001)),
        client.post(address, filled(row, words="")),
    ]
    assert [each.status_code for each in got] == [422] * 3
    said = ("The visit has not been started yet.", "4,000 characters at most.", "There are no words in this note.")
    assert [words in each.content.decode() for words, each in zip(said, got, strict=True)] == [True] * 3
    assert SAID in got[0].content.decode()
    assert signed_in(here.people["manager"], code=True).post(address, filled(row)).status_code == 404


def test_the_host_cannot_write_where_it_reads(here: World, clock: Any) -> None:
    row = review(here, until=State.REPORT_DRAFT)
    client, address = signed_in(here.people["head"]), reverse("review-evidence", args=[SLUG, row.pk])
    assert (client.get(address).content.decode().count("<textarea"), client.post(address, filled(row)).status_code) == (0, 404)
    assert EvidenceText.objects.count() == 0


def asked(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as found:
        client.get(address)
    return len(found)


def test_what_is_asked_of_the_database_does_not_grow_with_the_notes(here: World, clock: Any) -> None:
    row = review(here, until=State.ON_SITE)
    client, address = signed_in(here.people["lead"]), reverse("review-evidence", args=[SLUG, row.pk])
    pages = (address, f"{address}?log", f"{address}sync/")
    take(here, row, wrote())
    few = [asked(client, each) for each in pages]
    take(here, row, *(wrote(str(number), minute=number, theme="reading") for number in range(40)))
    assert [asked(client, each) for each in pages] == few
    assert max(few) <= 24
    with CaptureQueriesContext(connection) as one:
        take(here, row, wrote())
    with CaptureQueriesContext(connection) as fifty:
        take(here, row, *(wrote() for _ in range(50)))
    assert len(fifty) == len(one)
