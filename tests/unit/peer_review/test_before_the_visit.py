"""Before a visit: questions, two people's words joined, an agenda without clashes, what each side expects, how it is all told."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from convenor.peer_review.rules import telling
from convenor.peer_review.rules.agenda import Slot, check_slot, suggested
from convenor.peer_review.rules.figures import as_rows, first_and_rest, written
from convenor.peer_review.rules.gates import Facts
from convenor.peer_review.rules.mirror import Expected, Overlap, check_expected, expected_from, overlap
from convenor.peer_review.rules.preparing import HEADING_AT_MOST, check_focus, check_words, merge_words, print_of
from convenor.peer_review.rules.refusals import Clash, Missing, NoWords, ReviewRefused, WrongDay
from convenor.peer_review.rules.safeguarding import worried
from convenor.peer_review.rules.states import ReviewKind, State, Step
from convenor.peer_review.rules.themes import THEMES
from convenor.peer_review.rules.ways import SuggestedActivity, ways
from tests.factories.refusals import refusal_of

TUESDAY, WEDNESDAY = date(2026, 12, 1), date(2026, 12, 2)


def test_focus_trims_and_orders() -> None:
    focus = check_focus([" How  well? ", ""], ReviewKind.ENQUIRY, ["writing", "no such theme", "reading"])
    assert (focus.questions, focus.themes) == (("How well?",), ("reading", "writing"))


@pytest.mark.parametrize(
    ("questions", "kind", "refusal"),
    [
        ([" "], ReviewKind.ENQUIRY, Missing),
        (["a", "b", "c"], ReviewKind.ENQUIRY, NoWords),
        (["The same?", "the  same?"], ReviewKind.ENQUIRY, NoWords),
        (["x" * 251], ReviewKind.ENQUIRY, NoWords),
        (["a"], None, Missing),
    ],
)
def test_focus_is_refused(questions: list[str], kind: ReviewKind | None, refusal: type[ReviewRefused]) -> None:
    with pytest.raises(refusal):
        check_focus(questions, kind)


def test_words_of_a_self_review_keep_to_its_headings() -> None:
    assert check_words({"a": "One\r\ntwo \n", "z": "no such heading"}, ["a", "b"]) == {"a": "One\ntwo"}
    with pytest.raises(NoWords):
        check_words({"a": "x" * (HEADING_AT_MOST + 1)}, ["a"])


def test_two_who_write_under_different_headings_both_stand() -> None:
    merged = merge_words({"a": "Theirs"}, {"a": "", "b": "Mine"}, {})
    assert (merged.words, merged.both) == ({"a": "Theirs", "b": "Mine"}, ())


def test_two_who_write_under_one_heading_are_told() -> None:
    merged = merge_words({"a": "Theirs"}, {"a": "Mine"}, {"a": print_of("Before")})
    assert (merged.words, merged.both) == ({"a": "Theirs"}, ("a",))


texts = st.dictionaries(st.sampled_from("abc"), st.text(max_size=4))


@given(texts, texts, texts)
def test_no_words_are_ever_lost_in_joining(read: dict[str, str], kept: dict[str, str], given_: dict[str, str]) -> None:
    was = {key: print_of(words) for key, words in read.items()}
    merged = merge_words(kept, given_, was)
    for key in {*kept, *given_}:
        stands = merged.words.get(key, "")
        assert stands in (kept.get(key, ""), given_.get(key, ""))
        mine = given_.get(key, "")
        changed = key in given_ and print_of(mine) != print_of(read.get(key, ""))
        assert not changed or stands == mine or key in merged.both
        theirs = kept.get(key, "")
        others = print_of(theirs) != print_of(read.get(key, ""))
        assert not others or stands == theirs


TEAM = {1: "Dele Stone", 2: "Sol Carr"}


def slot(starts: str = "09:00", ends: str = "10:00", *, on: date = TUESDAY, who: set[int] | None = None, **more: Any) -> Slot:
    words = {"title": "Reading", "host_partner": "Reading lead"} | more
    return Slot(on=on, starts=time.fromisoformat(starts), ends=time.fromisoformat(ends), reviewers=frozenset(who or ()), **words)


def check(one: Slot, *others: Slot, **more: Any) -> None:
    check_slot(one, others, **{"team": TEAM, "from_on": TUESDAY, "until_on": date(2026, 12, 3)} | more)


def test_activities_stand_beside_each_other() -> None:
    others = (slot(who={2}), slot("10:00", "11:00"), slot(on=WEDNESDAY))
    assert refusal_of(check, slot(who={1}), *others) is None


@pytest.mark.parametrize(
    ("one", "more", "refusal"),
    [
        (slot(title=" "), {}, Missing),
        (slot(host_partner=""), {}, Missing),
        (slot(), {"from_on": None}, Missing),
        (slot(on=date(2026, 12, 3)), {}, WrongDay),
        (slot(on=date(2026, 11, 30)), {"until_on": WEDNESDAY}, WrongDay),
        (slot("10:00", "10:00"), {}, WrongDay),
        (slot(who={9}), {}, Missing),
    ],
)
def test_an_activity_is_refused(one: Slot, more: dict[str, Any], refusal: type[ReviewRefused]) -> None:
    with pytest.raises(refusal):
        check(one, **more)


def test_nobody_is_in_two_places() -> None:
    with pytest.raises(Clash, match=r"^Sol Carr would be in two places: “Reading” is from 09:00 to 10:00 on Tuesday 1 December"):
        check(slot("09:30", "10:30", who={2}), slot())
    with pytest.raises(Clash, match=r"^Dele Stone and Sol Carr would be"):
        check(slot("09:30", "10:30"), slot())


hours = st.integers(8 * 60, 16 * 60)


@given(st.lists(st.tuples(hours, st.integers(5, 120), st.sets(st.sampled_from([1, 2]))), max_size=8))
def test_what_is_let_through_never_has_anybody_twice(wanted: list[tuple[int, int, set[int]]]) -> None:
    taken: list[Slot] = []
    for start, took, who in wanted:
        ends = start + took
        one = slot(f"{start // 60:02}:{start % 60:02}", f"{ends // 60:02}:{ends % 60:02}", who=who)
        try:
            check(one, *taken)
        except Clash:
            continue
        taken.append(one)
    for person in TEAM:
        mine = sorted((each.starts, each.ends) for each in taken if person in each.who(frozenset(TEAM)))
        assert all(earlier[1] <= later[0] for earlier, later in itertools.pairwise(mine))


@pytest.mark.parametrize("way", ways(), ids=lambda each: each.key)
def test_every_way_suggests_an_agenda_that_can_be_kept(way: Any) -> None:
    days = [date(2026, 12, 1 + ahead) for ahead in range(way.visit_days)]
    found = suggested(way.activities, days)
    others: list[Slot] = []
    for each in found:
        one = Slot(each.title, each.on, each.starts, each.ends, "Headteacher")
        check_slot(one, others, team=TEAM, from_on=days[0], until_on=date(2026, 12, 9))
        others.append(one)
    assert {each.on for each in found} == set(days)


def test_a_suggestion_pauses_at_noon_ends_by_five_and_closes_with_the_team() -> None:
    long = [SuggestedActivity("One", "talk", 100), SuggestedActivity("Two", "feedback", 30), SuggestedActivity("Three", "lessons", 100)]
    found = suggested(long, [TUESDAY])
    assert [(each.title, each.starts.isoformat("minutes")) for each in found] == [("One", "09:00"), ("Three", "13:00"), ("Two", "14:50")]
    assert [each.title for each in suggested([replace(long[0], minutes=170)] * 3, [TUESDAY])] == ["One", "One"]
    assert (suggested(long, []), suggested([], [TUESDAY])) == ((), ())


THREE = (Expected("reading", True, " Phonics "), Expected("writing", False), Expected("reading", False))


def test_three_findings_are_named() -> None:
    assert [each.words for each in check_expected(THREE)] == ["Phonics", "", ""]
    assert expected_from([each.as_dict() for each in THREE]) == THREE


@pytest.mark.parametrize(
    ("findings", "refusal"),
    [
        (THREE[:2], Missing),
        ((*THREE[:2], Expected("no such theme", True)), Missing),
        ((*THREE[:2], THREE[0]), Missing),
        ((*THREE[:2], Expected("science", True, "x" * 161)), NoWords),
    ],
)
def test_what_is_no_three_findings_is_refused(findings: tuple[Expected, ...], refusal: type[ReviewRefused]) -> None:
    with pytest.raises(refusal):
        check_expected(findings)


def test_overlap_counts_by_theme_and_side() -> None:
    team = (Expected("reading", True), Expected("science", True), Expected("staff", False))
    found = overlap(THREE, team, [("reading", True), ("staff", True), ("reading", True), ("writing", False)])
    assert found == Overlap(THREE[:2], THREE[2:], team[:1], team[1:], (("staff", True),), 3)
    assert (round(found.share_new_percent or 0, 1), overlap(THREE, (), []).share_new_percent) == (33.3, None)


sides = st.tuples(st.sampled_from(sorted(THEMES)), st.booleans())


@given(st.lists(sides, max_size=3), st.lists(sides, max_size=3), st.lists(sides, max_size=8))
def test_overlap_loses_and_invents_nothing(host: list[tuple[str, bool]], team: list[tuple[str, bool]], found: list[Any]) -> None:
    said = overlap([Expected(*each) for each in host], [Expected(*each) for each in team], found)
    assert sorted(said.host_met + said.host_unmet) == sorted(Expected(*each) for each in host)
    assert sorted(said.team_met + said.team_unmet) == sorted(Expected(*each) for each in team)
    assert {each.what for each in (*said.host_met, *said.team_met)} | set(said.new) == set(found)


def test_the_panel_names_the_authority_where_it_is_known() -> None:
    assert ["of Fernshire" in worried("Fernshire").lines[1], "of the local authority" in worried("").lines[1]] == [True, True]


AT = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
FACTS = Facts(state=State.DATA_SHARED, visit_from_on=TUESDAY, visit_until_on=date(2026, 12, 3))


def test_the_way_is_told_with_who_and_when_and_quietly_how_late() -> None:
    told = telling.waypoints(FACTS, [(Step.SCHEDULED, AT, "Mara", False), (Step.DATA_SHARED, AT, "Ada", True)])
    assert [(each.says, each.on, each.by, each.planned_on, each.late_says, each.now) for each in told[:4]] == [
        ("Days set", AT.date(), "Mara", None, "", False),
        ("Questions asked", None, "", date(2026, 11, 17), "", False),
        ("Self-review shared", AT.date(), "Ada", date(2026, 11, 17), "two days after the planned day", True),
        ("Visit", None, "", TUESDAY, "", False),
    ]
    assert len(told) == 11


def test_a_review_taken_back_before_it_began_stands_at_its_beginning() -> None:
    told = telling.waypoints(replace(FACTS, state=State.WITHDRAWN), [])
    assert [each.now for each in told] == [False] * 11


@pytest.mark.parametrize(
    ("due", "on", "said"),
    [
        (None, TUESDAY, ""), (TUESDAY, None, ""), (TUESDAY, TUESDAY, ""), (TUESDAY, WEDNESDAY, "one day after the planned day"),
        (TUESDAY, date(2026, 12, 20), "19 days after the planned day"),
    ],
)  # fmt: skip
def test_lateness_is_said_quietly(due: date | None, on: date | None, said: str) -> None:
    assert telling.late_by(due, on) == said


def test_days_and_counts_are_said_in_words() -> None:
    assert [
        telling.days_said(None, None), telling.days_said(TUESDAY, WEDNESDAY), telling.days_said(TUESDAY, date(2026, 12, 3)),
        telling.days_said(date(2026, 11, 30), date(2026, 12, 3)),
    ] == ["not set yet", "1 December 2026", "1 and 2 December 2026", "30 November to 2 December 2026"]  # fmt: skip
    assert [telling.due_said(due, TUESDAY) for due in (None, TUESDAY, WEDNESDAY, date(2026, 11, 29))] == [
        "", "Today.", "By Wednesday 2 December.", "Planned for 29 November, two days ago.",
    ]  # fmt: skip
    assert telling.due_said(date(2027, 6, 2), TUESDAY) == "By Wednesday 2 June 2027."
    opens = [telling.due_said(WEDNESDAY, TUESDAY, opens=each) for each in (WEDNESDAY, date(2026, 12, 3), TUESDAY)]
    assert opens == ["On Wednesday 2 December.", "From Thursday 3 December.", "By Wednesday 2 December."]
    assert [telling.count_said(each) for each in (0, 1, 7)] == ["nothing planned yet", "one activity", "7 activities"]
    assert [telling.stands_says(FACTS, own) for own in (True, False)] == ["The self-review is shared"] * 2
    drafted = replace(FACTS, state=State.REPORT_DRAFT)
    assert telling.stands_says(drafted, True) == "The draft report is with your school"


def test_every_step_and_state_has_its_words() -> None:
    assert (set(telling.STEP_SAYS), set(telling.WAYPOINT) | {State.POSTPONED, State.WITHDRAWN}) == (set(Step), set(State))


class Figure:
    """A figure as a table of figures reads it."""

    def __init__(self, key: str, **more: Any) -> None:
        self.key = key
        given = {
            "name": key, "unit": "%", "period": "2022-23", "value": 52.0, "low": 35.2, "high": 68.8, "cohort": 30, "mark_says": "",
            "england": 60.4, "authority": None, "edition_title": "Tables",
        }  # fmt: skip
        self.__dict__ |= given | more


def test_published_figures_are_told_with_all_that_says_what_they_are() -> None:
    withheld = Figure("b", value=None, low=None, mark_says="suppressed", cohort=None, england=None, authority=61.0)
    rows = as_rows([Figure("a"), withheld, Figure("c", value=None, low=None)])
    assert [(row["shown"], row["beside"]) for row in rows] == [
        ("52%", "2022/23; 30 pupils; chance alone could make it 35.2% to 68.8%; England 60.4%"),
        ("", "2022/23; local authority 61%"),
        ("", "2022/23; 30 pupils; England 60.4%"),
    ]
    assert rows[0]["evidence"] == {
        "label": "a", "cohort": "30 pupils", "interval": ("35.2%", "68.8%"), "year": "2022/23", "edition": "Tables", "mark": "not known",
    }  # fmt: skip
    assert [row["evidence"]["mark"] for row in rows[1:]] == ["suppressed", "not known"]


def test_headlines_come_first() -> None:
    many = [Figure(key) for key in ("x", "absence_overall", "ks2_rwm_expected")]
    assert [[each.key for each in part] for part in first_and_rest(many, key=lambda each: each.key)] == [
        ["ks2_rwm_expected", "absence_overall"], ["x"],
    ]  # fmt: skip
    assert [len(part) for part in first_and_rest([Figure("x")] * 9, key=lambda each: each.key)] == [8, 1]


def test_figures_are_written_for_people() -> None:
    assert [written(*each) for each in ((None, "%"), (104.0, ""), (-0.31, ""), (12345.6, "pupils"))] == ["", "104", "−0.3", "12,346"]
