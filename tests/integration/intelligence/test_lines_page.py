"""The pages a head and a board see: who reads a school's lines, what stands on them, and what a total never tells."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.intelligence import actions
from convenor.intelligence.queries import school_lines as queries
from convenor.intelligence.queries import suggestions
from convenor.intelligence.queries.overview import overview
from convenor.intelligence.queries.runs import RunShort, SchoolAssessment
from convenor.intelligence.queries.school_lines import may_read, school_lines
from convenor.intelligence.queries.totals import totals
from convenor.journal.models import Look
from convenor.partnership.actions import take_post
from convenor.partnership.gate import viewer_for
from convenor.partnership.models import Membership, Partnership
from convenor.registers.models import AreaReading, Edition, Reading, School
from tests.factories.intelligence_conversations import LATER, RUN, SCHOOL, World, circle, conversation, suggested
from tests.factories.partnership import AT, ON, SLUG
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db

LINES = reverse("early-school", args=[SLUG, SCHOOL])
EARLY = reverse("early", args=[SLUG])
METHOD = reverse("early-method", args=[SLUG])
#: Words that only somebody inside the circle may read.
INSIDE = "The whole interval lies below the mean of similar schools."


def stand_in(urns: Any, *rest: Any) -> dict[str, suggestions.LinesNow]:
    """What the newest run says, in these tests."""
    return {urn: found for urn, found in suggested(SCHOOL).items() if urn in set(urns)}


@pytest.fixture(autouse=True)
def run(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that suggests a conversation for one school."""
    monkeypatch.setattr(suggestions, "_assessed", stand_in)
    run = RunShort(1, RUN + "0" * 54, ON, 2026, "1", ("invented-2026",), 6, 1, AT)
    monkeypatch.setattr(
        queries, "assessed", lambda urns, **_: {urn: SchoolAssessment(run, each.assessment) for urn, each in stand_in(urns).items()}
    )


@pytest.fixture
def here() -> World:
    return circle()


def look(here: World, who: str, path: str = LINES, at: datetime = AT) -> Any:
    """A page as somebody gets it on a day."""
    with patch("django.utils.timezone.now", return_value=at):
        client = signed_in(here.people[who], code=True) if who else Client()
        return client.get(path)


OWN = ("head", "school leader", "chair of governors", "broker of the school")
OTHERS = (
    "other head", "clerk", "school office", "trust lead", "system leader", "reviewer", "diocese", "regional link", "officer", "manager",
    "auditor", "board member", "cluster lead", "alliance lead", "broker", "other broker", "somebody with no post",
)  # fmt: skip


@pytest.mark.parametrize("who", OWN)
def test_schools_own_people_read_its_lines_at_once(here: World, who: str) -> None:
    page = look(here, who)
    assert (page.status_code, page.content.decode().count(INSIDE)) == (200, 2)
    assert Look.objects.count() == 0


def test_nobody_else_reads_a_line_before_it_is_shared(here: World) -> None:
    pages = {who: look(here, who) for who in OTHERS}
    assert {who: (page.status_code, INSIDE in page.content.decode()) for who, page in pages.items()} == dict.fromkeys(OTHERS, (403, False))
    assert Look.objects.count() == 0


def test_whoever_is_not_signed_in_is_led_to_the_door(here: World) -> None:
    page = look(here, "")
    assert (page.status_code, page.headers["Location"]) == (302, f"/sign-in/?{urlencode({'next': LINES})}")


@pytest.mark.parametrize("until", ["suggested", "shared", "triaged", "closed"])
def test_only_the_named_broker_reads_along(here: World, until: str) -> None:
    """What was shared stays with the broker when all has ended; today's lines do not."""
    conversation(here, until=until)
    pages = {who: look(here, who, at=LATER) for who in OTHERS}
    reads = {who: who == "broker" and until != "closed" for who in OTHERS}
    assert {who: (page.status_code, INSIDE in page.content.decode()) for who, page in pages.items()} == {
        who: (200 if may else 403, may) for who, may in reads.items()
    }


def test_brokers_look_is_written_down_and_shown_to_the_school(here: World) -> None:
    conversation(here)
    look(here, "broker")
    assert list(Look.objects.values_list("by_label", "urn")) == [("Bea Marlow, broker, Fernshire Education Partnership", SCHOOL)]
    assert (
        "Bea Marlow, broker, Fernshire Education Partnership, the school’s lines of early identification"
        in look(here, "head").content.decode()
    )


def test_a_look_is_written_down_by_the_role_that_allowed_it(here: World) -> None:
    """A broker who sits on the board as well looks as a broker."""
    person = here.people["board member"]
    take_post(slug=SLUG, role="broker", title="Broker", person_id=person.pk, from_on=date(2025, 9, 1), by="the test", at=AT)
    viewer = viewer_for(person, on=ON)
    row = actions.take_up(slug=SLUG, urn=SCHOOL, by=viewer, at=AT)
    actions.share(slug=SLUG, conversation_id=row.pk, by=viewer, at=AT)
    assert look(here, "board member").status_code == 200
    assert list(Look.objects.values_list("role", flat=True)) == ["Broker"]


def test_cluster_lead_reads_only_while_the_school_agrees(here: World) -> None:
    conversation(here)
    assert look(here, "cluster lead").status_code == 403
    row = here.partnership.early_conversations.get()
    actions.let_cluster_lead_see(slug=SLUG, conversation_id=row.pk, agreed=True, by=here["head"], at=AT)
    assert look(here, "cluster lead").status_code == 200
    actions.let_cluster_lead_see(slug=SLUG, conversation_id=row.pk, agreed=False, by=here["head"], at=AT)
    assert look(here, "cluster lead").status_code == 403


def test_refusal_is_the_same_with_and_without_a_conversation(here: World) -> None:
    """What is refused must not tell, by being refused, that there is something."""
    without = part(look(here, "manager", reverse("early-school", args=[SLUG, "990003"])).content.decode())
    conversation(here)
    assert part(look(here, "manager").content.decode()) == without


def test_unknown_school_is_not_found(here: World) -> None:
    assert look(here, "manager", reverse("early-school", args=[SLUG, "999999"])).status_code == 404


def test_query_keeps_what_the_page_would_not_show(here: World) -> None:
    conversation(here)
    told = {who: school_lines(SLUG, SCHOOL, viewer=here[who], at=ON) for who in ("head", "broker", "manager", "board member")}
    assert {who: bool(seen) for who, seen in told.items()} == {"head": True, "broker": True, "manager": False, "board member": False}
    assert school_lines("othershire", SCHOOL, viewer=here["head"], at=ON) is None
    assert may_read("othershire", SCHOOL, viewer=here["head"], at=ON) is False
    looks = {who: len(seen.looks) for who, seen in told.items() if seen}
    assert looks == {"head": 0, "broker": 0}


def test_who_looked_is_for_the_school_alone(here: World) -> None:
    conversation(here)
    look(here, "broker")
    seen = {who: school_lines(SLUG, SCHOOL, viewer=here[who], at=ON) for who in ("head", "broker")}
    assert {who: len(one.looks) for who, one in seen.items() if one} == {"head": 1, "broker": 0}


def test_page_of_a_school_in_no_run_says_so(here: World) -> None:
    page = look(here, "other head", reverse("early-school", args=[SLUG, "990005"])).content.decode()
    assert ("Nothing is worked out yet" in page, "Lines that stand out" in page) == (True, False)


def test_every_line_leads_to_its_edition(here: World) -> None:
    """Line, details, edition: two clicks."""
    edition_of(ON)
    page = look(here, "head").content.decode()
    links = page.count('href="/editions/invented-2026/"')
    assert links == 4 + 1  # each line of which something is said, and the list at the foot
    assert look(here, "head", "/editions/invented-2026/").status_code == 200


def edition_of(on: date) -> Edition:
    """An invented edition."""
    return Edition.objects.create(
        key="invented-2026", family="ks2-final", publisher="Nobody", title="Invented", as_at=on, licence="none", digest="0" * 64,
        file_name="invented.csv", rows_read=0, rows_loaded=0, rows_refused=0, rows_aggregate=0, loaded_at=AT, loaded_by="the test",
    )  # fmt: skip


def test_change_stands_beside_what_chance_does(here: World) -> None:
    edition = edition_of(ON)
    for period, value, cohort in (("2021-22", 44.0, 8), ("2022-23", 62.0, 29), ("2023-24", 52.0, 30)):
        Reading.objects.create(edition=edition, urn=SCHOOL, measure="ks2_rwm_expected", period=period, value=value, cohort=cohort)
    AreaReading.objects.create(
        edition=edition, area_kind="england", area_code="E92000001", measure="ks2_rwm_expected", period="2022-23", value=59.0
    )
    seen = school_lines(SLUG, SCHOOL, viewer=here["head"], at=ON)
    assert seen is not None
    assert [(year.year, year.figure, year.pupils, year.england) for year in seen.earlier["ATT"]] == [
        ("2021/22", "too few alone", "8", ""), ("2022/23", "62%", "29", "59%"), ("2023/24", "52%", "30", ""),
    ]  # fmt: skip
    assert seen.changes["ATT"] == "18 points higher than in 2021/22: within what chance does with 8 and 29 pupils (39 points either way)"


def test_lines_page_asks_few_questions_of_the_database(here: World) -> None:
    edition_of(ON)
    conversation(here)
    with patch("django.utils.timezone.now", return_value=AT):
        client = signed_in(here.people["head"])
        client.get(LINES)
        with CaptureQueriesContext(connection) as seen:
            client.get(LINES)
    assert len(seen) <= 20


# The front of the room, and its totals


def test_head_comes_to_their_own_school_and_no_other(here: World) -> None:
    page = look(here, "chair of governors", EARLY).content.decode()
    assert ("An early conversation is suggested by 3 lines. You see it first." in page, "How many" in page) == (True, False)
    seen = overview(SLUG, viewer=here["head"], at=ON)
    assert seen is not None
    assert [school.urn for school in seen.own] == [SCHOOL]


def test_nothing_suggested_is_told_from_nothing_reckoned(here: World) -> None:
    """Before any run there is no suggestion, and that is no good news."""
    page = look(here, "other head", EARLY).content.decode()
    assert ("Nothing is worked out yet" in page, "Nothing is suggested" in page) == (True, False)


def test_broker_is_told_how_many_and_led_to_the_list(here: World) -> None:
    seen = overview(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None
    assert (seen.holds, seen.held, seen.waiting, seen.own) == (True, 0, 1, ())
    conversation(here)
    seen = overview(SLUG, viewer=here["broker"], at=ON)
    assert seen is not None
    assert (seen.held, seen.waiting) == (1, 0)


def test_overview_is_for_members(here: World) -> None:
    assert overview(SLUG, viewer=here["somebody with no post"], at=ON) is None
    assert overview("othershire", viewer=here["head"], at=ON) is None
    assert look(here, "somebody with no post", EARLY).status_code == 403


def many(number: int) -> None:
    """So many further members of Fernshire."""
    here, first = Partnership.objects.get(slug=SLUG), School.objects.get(urn=SCHOOL)
    for n in range(number):
        school = School.objects.create(
            urn=f"98{n:04d}", name=f"School {n}", authority=first.authority, phase="Primary" if n % 3 else "Secondary",
            type_name="Community school", status="open", fictitious=True,
        )  # fmt: skip
        Membership.objects.create(partnership=here, school=school, from_on=date(2020, 9, 1))


def converse(number: int, *, opened: date, state: str = "shared") -> None:
    """Open conversations with the first so many of the further members."""
    here = Partnership.objects.get(slug=SLUG)
    for n in range(number):
        row = here.early_conversations.create(
            school_id=f"98{n:04d}",
            origin="run",
            state=state,
            opened_on=opened,
            shared_on=opened,
            holder="x",
            record_class="early-conversation",
        )
        row.steps.create(
            step="shared", state=state, at=datetime(opened.year, opened.month, opened.day, tzinfo=AT.tzinfo), by_key="1", by_label="x"
        )


TOTALS = ("board member", "diocese", "regional link", "officer", "manager", "auditor", "cluster lead", "alliance lead", "broker")


def test_totals_are_the_same_for_everybody_who_sees_them_and_name_no_school(here: World) -> None:
    many(60)
    converse(9, opened=date(2026, 9, 1))
    seen = {totals(SLUG, viewer=here[who], at=ON) for who in TOTALS}
    told = next(iter(seen)).totals if len(seen) == 1 and None not in seen else None
    assert told is not None
    assert (told.on, told.whole.says, told.whole.schools) == (date(2026, 11, 1), "about 10", 66)
    assert [(cell.name, cell.says) for cell in told.groups] == [("Primary", "about 5"), ("2 smaller groups together", "fewer than 5")]
    pages = {who: look(here, who, EARLY).content.decode() for who in TOTALS}
    assert [(who, n) for who, page in pages.items() for n in range(9) if f"School {n}<" in page] == []


def test_totals_are_not_for_everybody(here: World) -> None:
    many(60)
    others = ("other head", "clerk", "reviewer", "system leader", "somebody with no post")
    assert [who for who in others if totals(SLUG, viewer=here[who], at=ON) is not None] == []


def test_totals_of_elsewhere_are_not_told(here: World) -> None:
    assert totals("othershire", viewer=here["board member"], at=ON) is None


def test_conversation_that_a_school_has_to_itself_is_in_no_total(here: World) -> None:
    """Not even in sum: the fourth week of October is within ten working days of the first of November."""
    many(60)
    before = totals(SLUG, viewer=here["board member"], at=ON)
    converse(20, opened=date(2026, 10, 20))
    assert totals(SLUG, viewer=here["board member"], at=ON) == before
    after = totals(SLUG, viewer=here["board member"], at=date(2026, 12, 1))
    assert after is not None
    assert after.totals.whole.least >= 5


def test_totals_do_not_change_within_a_month(here: World) -> None:
    """Whoever looks every day learns nothing of the day on which a conversation was opened or ended."""
    many(60)
    converse(9, opened=date(2026, 9, 1))
    first = totals(SLUG, viewer=here["board member"], at=date(2026, 11, 1))
    here.partnership.early_conversations.filter(school_id="980003").update(state="closed", ended_on=date(2026, 11, 10))
    days = [date(2026, 11, 1) + timedelta(days=day) for day in range(30)]
    assert {totals(SLUG, viewer=here["board member"], at=day) for day in days} == {first}


def test_nothing_asked_beside_the_address_narrows_the_totals(here: World) -> None:
    many(60)
    converse(9, opened=date(2026, 9, 1))
    asked = ("", "?phase=Primary", "?cluster=north-cluster", "?state=shared", "?on=2026-10-01", "?page=2")
    pages = {part(look(here, "board member", EARLY + query).content.decode()) for query in asked}
    assert len(pages) == 1


def part(page: str) -> str:
    """The middle of a page, without the numbers by which its parts are told apart."""
    return re.sub(r"(table|chart|figure)-\d+", "", page[page.index("<main") : page.index("</main>")])


def test_totals_ask_few_questions_of_the_database(here: World) -> None:
    many(60)
    converse(9, opened=date(2026, 9, 1))
    with CaptureQueriesContext(connection) as seen:
        totals(SLUG, viewer=here["board member"], at=ON)
    assert len(seen) <= 6


# The method


@pytest.mark.parametrize("who", ["", "head", "board member", "somebody with no post"])
def test_method_is_open_to_anyone(here: World, who: str) -> None:
    assert look(here, who, METHOD).status_code == 200


def test_method_tells_every_indicator_and_weight_from_the_rules(here: World) -> None:
    from html import escape

    from convenor.intelligence.rules.indicators import INDICATORS
    from convenor.intelligence.rules.weights import CURRENT

    page = look(here, "", METHOD).content.decode().replace("&#39;", "&#x27;")
    assert [each.code for each in INDICATORS.values() if escape(each.flags) not in page] == []
    assert [family.code for family in CURRENT.families if escape(family.reason) not in page] == []


def test_pages_are_not_found_where_the_room_is_off(here: World) -> None:
    Partnership.objects.filter(slug=SLUG).update(rooms_off=["early-identification"])
    assert [look(here, who, path).status_code for who, path in (("head", LINES), ("head", EARLY), ("", METHOD), ("head", METHOD))] == [
        404
    ] * 4


def test_run_is_named_at_the_foot(here: World) -> None:
    edition_of(ON)
    assert f"with the weights of 2026, run {RUN}00." in " ".join(look(here, "head").content.decode().split())


def test_viewer_of_elsewhere_reads_nothing(here: World) -> None:
    viewer = viewer_for(here.people["somebody with no post"], on=ON)
    assert may_read(SLUG, SCHOOL, viewer=viewer, at=ON) is False
