"""How a writing travels: what a phone sends is read part by part, and what cannot be read is refused in words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from convenor.peer_review.rules.evidence_wire import EARLIEST, VisitActivity, begun_at, nearest, read_writing, uid_of, wire
from convenor.peer_review.rules.merging import KINDS, Writing
from convenor.peer_review.rules.refusals import NoWords
from convenor.peer_review.rules.themes import THEMES

NOW = datetime(2027, 3, 2, 12, 0, tzinfo=UTC)
UID, NOTE, OTHER = (f"5f0c0000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3))


def sent(**more: Any) -> dict[str, Any]:
    return {"uid": UID, "note": NOTE, "words": "Seen.", "written_at": "2027-03-02T10:00:00Z"} | more


def read(**more: Any) -> Writing:
    return read_writing(sent(**more), by=7, at=NOW, activities=[4])


def test_a_writing_is_read_as_it_was_sent() -> None:
    given_ = {"activity": 4, "kind": "strength", "theme": "reading", "struck": True, "device": "p", "sequence": 3, "parents": [OTHER]}
    assert read(**given_) == Writing(
        UID, NOTE, (OTHER,), "Seen.", datetime(2027, 3, 2, 10, 0, tzinfo=UTC), 4, "strength", "reading", True, "p", 3, 7,
    )  # fmt: skip


def test_half_a_character_and_a_lost_clock_stop_nothing() -> None:
    found = read(words="Seen \ud83d.", device="\ud83d", written_at="0001-01-01T00:00:00Z")
    assert (found.words, found.device, found.written_at) == ("Seen ?.", "?", EARLIEST)


def test_what_is_not_known_is_left_out_and_the_words_are_kept() -> None:
    odd = {"activity": 5, "kind": "grade", "theme": ["reading"], "struck": "yes", "device": "\x00" + "d" * 99, "sequence": -1}
    found = read(**odd, parents=[UID, OTHER, OTHER, 7, "x"])
    assert (found.activity, found.kind, found.theme, found.struck, found.device, found.sequence) == (None, "", "", False, "d" * 40, 0)
    assert (found.parents, found.words) == ((OTHER,), "Seen.")
    assert [read(sequence=each).sequence for each in (True, 2**40, "3", 3)] == [0, 0, 0, 3]
    assert [read_writing(sent(activity=each), by=7, at=NOW, activities=[1]).activity for each in ("1", True, 1)] == [None, None, 1]


@pytest.mark.parametrize(
    "odd",
    [
        {"uid": "7"}, {"uid": None}, {"note": 7}, {"written_at": "yesterday"}, {"written_at": 7}, {"words": None}, {"parents": "all"},
        {"written_at": "0001-01-01T00:00:00+14:00"},
    ],
)  # fmt: skip
def test_what_is_no_writing_is_refused_in_words(odd: dict[str, Any]) -> None:
    with pytest.raises(NoWords) as refused:
        read(**odd)
    assert str(refused.value) == "This note cannot be read. Copy its words and write it again."


def test_a_clock_that_runs_ahead_is_set_to_now_and_none_is_universal_time() -> None:
    assert read(written_at="2031-01-01T00:00:00Z").written_at == NOW
    assert read(written_at="2027-03-02T10:00:00").written_at == datetime(2027, 3, 2, 10, 0, tzinfo=UTC)
    assert read(written_at="2027-03-02T11:00:00+01:00").written_at == datetime(2027, 3, 2, 10, 0, tzinfo=UTC)


def test_a_note_was_begun_when_its_phone_says_and_never_after_it_was_written() -> None:
    writing = read()
    said = ("2027-03-02T09:00:00Z", "2027-03-02T11:00:00Z", "once", None)
    hours = [begun_at({"begun_at": each}, writing).hour for each in said]
    assert hours == [9, 10, 10, 10]


def test_a_number_is_kept_in_one_form() -> None:
    assert [uid_of(each) for each in (UID.upper(), UID.replace("-", ""), "", 7)] == [UID, UID, "", ""]


instants = st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2027, 3, 2), timezones=st.just(timezone(timedelta(0))))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.uuids(), st.uuids(), st.lists(st.uuids(), max_size=3, unique=True), st.text(min_size=1), instants,
    st.sampled_from(["", *KINDS]), st.sampled_from(["", *THEMES]), st.booleans(), st.integers(0, 2**31 - 1),
)  # fmt: skip
def test_what_travels_comes_back_as_it_was(
    uid: object, note: object, parents: list[object], words: str, at: datetime, kind: str, theme: str, struck: bool, count: int
) -> None:
    kept = words.replace("\x00", "").strip()
    if not kept or len(kept) > 4000 or uid in parents:
        return
    writing = Writing(
        str(uid), str(note), tuple(map(str, parents)), kept, at, 4, kind, theme, struck=struck, device="p", sequence=count, by=7
    )
    assert read_writing(wire(writing), by=7, at=NOW, activities=[4]) == writing


def planned(pk: int, starts: int, ends: int, *, mine: bool = True) -> VisitActivity:
    return VisitActivity(pk, f"Activity {pk}", NOW.date(), time(starts), time(ends), mine)


@pytest.mark.parametrize(
    ("hour", "chosen"),
    [(8, 1), (9, 1), (10, 1), (11, 1), (12, 2), (13, 2), (15, 2)],
)
def test_the_activity_that_goes_on_or_is_nearest_in_time_is_chosen(hour: int, chosen: int) -> None:
    day = (planned(2, 13, 14), planned(1, 9, 10))
    assert nearest(day, on=NOW.date(), at=time(hour)) == chosen


def test_ones_own_activity_comes_before_anothers_and_another_day_is_never_chosen() -> None:
    day = (planned(1, 9, 10, mine=False), planned(2, 15, 16))
    assert nearest(day, on=NOW.date(), at=time(9, 30)) == 2
    assert nearest(day[:1], on=NOW.date(), at=time(15)) == 1
    assert nearest(day, on=date(2027, 3, 3), at=time(9, 30)) is None
