"""The list of packages and what goes out about them: who finds which, what is filtered, what it asks of the database, who is reminded."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from convenor.post.models import Letter
from convenor.support.actions.reminders import send_reminders
from convenor.support.models import Package, PackageTask
from convenor.support.queries.packages import packages, seen_by
from convenor.support.queries.standing import package_here
from convenor.support.rules.listing import AGE_SAYS, AGES, Age, Asked, age_said, named, opened_between
from convenor.support.rules.states import PackageStatus, Who
from convenor.support.rules.workflows import workflow
from tests.factories.support import AT, MOMENTS, ON, SECRETS, SLUG, World, package, supporting
from tests.integration.web.people import signed_in
from tests.unit.support.test_workflows import SMALL

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Any]:
    with patch("django.utils.timezone.now", return_value=AT) as now:
        yield now


@pytest.fixture
def here() -> World:
    return supporting()


def page(name: str, *parts: object) -> str:
    return reverse(name, args=[SLUG, *parts])


def shown(here: World, who: str, address: str, status: int = 200) -> str:
    answer = signed_in(here.people[who], code=True).get(address)
    assert answer.status_code == status
    return str(answer.content.decode())


def line_of(row: Package) -> str:
    return f'href="{page("support-package", row.pk)}"'


# The list


@pytest.mark.usefixtures("clock")
def test_list_shows_each_viewer_what_they_have_a_part_in(here: World) -> None:
    own, other = package(here, "active"), package(here, "active", school="990002")
    ended = package(here, "active", stopped=True)
    Package.objects.filter(pk=ended.pk).update(ended_on=date(2026, 9, 1))
    rows = {"own": own, "other": other, "ended": ended}
    got = {
        who: {name for name, row in rows.items() if line_of(row) in shown(here, who, page("support-packages"))}
        for who in ("head", "broker", "manager", "supporter", "lender", "other head", "officer", "trust lead")
    }
    assert got == {
        "head": {"own", "ended"}, "broker": {"own", "other", "ended"}, "manager": {"own", "other", "ended"},
        "supporter": {"own", "other"}, "lender": {"own", "other"}, "other head": set(), "officer": set(), "trust lead": {"other"},
    }  # fmt: skip


@pytest.mark.parametrize("more", [{}, {"stopped": True}, {"paused": True}])
def test_list_and_page_agree_on_who_sees_a_package(here: World, more: dict[str, bool]) -> None:
    row = package(here, "active", **more)
    for days in (0, 29, 31, 60):
        at = MOMENTS["active"] + timedelta(days=days)
        on_page = {who for who, each in here.viewers.items() if package_here(SLUG, row.pk, viewer=each, at=at) is not None}
        in_list = {who for who, each in here.viewers.items() if seen_by(viewer=each, at=at).filter(pk=row.pk).exists()}
        assert in_list == on_page


@pytest.mark.usefixtures("clock")
def test_list_tells_a_coordinator_nothing_that_was_written(here: World) -> None:
    row = package(here, "active")
    Package.objects.filter(pk=row.pk).update(title=SECRETS["need"])
    text = shown(here, "manager", page("support-packages"))
    assert [key for key in SECRETS if SECRETS[key] in text] == []
    assert text.count("Visit for the first time") == 1


def keys(here: World, **asked: Any) -> set[int]:
    found = packages(SLUG, viewer=here["manager"], at=AT, asked=Asked(**asked))
    assert found is not None
    assert found.found == len(found.lines)
    return {each.pk for each in found.lines}


def test_list_is_filtered_by_status_state_age_and_broker(here: World) -> None:
    rows = {state: package(here, state).pk for state in ("checking", "active", "closed")}
    rows["paused"] = package(here, "active", paused=True).pk
    rows["stopped"] = package(here, "active", stopped=True).pk
    rows["targeted"] = package(here, "improving", flow=workflow("targeted")).pk
    Package.objects.filter(pk=rows["targeted"]).update(broker=None, opened_on=date(2024, 1, 8))
    status = {each: keys(here, status=each) for each in PackageStatus}
    assert status == {
        PackageStatus.WAITS: set(), PackageStatus.LATE: {rows["checking"]}, PackageStatus.ON_ITS_WAY: {rows["active"], rows["targeted"]},
        PackageStatus.PAUSED: {rows["paused"]}, PackageStatus.STOPPED: {rows["stopped"]}, PackageStatus.ENDED: {rows["closed"]},
    }  # fmt: skip
    assert keys(here, state="lifecycle:active") == {rows["active"], rows["paused"], rows["stopped"]}
    assert keys(here, state="targeted:improving") == {rows["targeted"]}
    assert keys(here, age=Age.OLDER) == {rows["targeted"]}
    assert keys(here, age=Age.TERM) == set(rows.values()) - {rows["targeted"]}
    assert keys(here, broker=0) == {rows["targeted"]}
    assert keys(here, broker=here.people["broker"].pk, status=PackageStatus.PAUSED) == {rows["paused"]}


def test_facets_count_what_the_viewer_sees_whatever_is_filtered(here: World) -> None:
    package(here, "checking")
    package(here, "active")
    package(here, "improving", flow=workflow("targeted"))
    seen = packages(SLUG, viewer=here["manager"], at=AT, asked=Asked(status=PackageStatus.PAUSED))
    assert seen is not None
    assert (seen.found, seen.total, seen.lines) == (0, 3, ())
    assert [(each.key, each.count) for each in seen.statuses] == [("waits", 1), ("late", 1), ("on-its-way", 2)]
    assert [(each.label, each.count) for each in seen.states] == [
        ("The whole way: Checking that it fits", 1), ("The whole way: Under way", 1), ("Targeted intervention: Improving", 1)
    ]  # fmt: skip
    assert packages(SLUG, viewer=here["somebody with no post"], at=AT) is None


@pytest.mark.usefixtures("clock")
def test_list_asks_the_same_of_the_database_for_few_and_many(here: World) -> None:
    from bench.packages import fill

    package(here, "active")
    client = signed_in(here.people["manager"], code=True)
    address = page("support-packages") + "?status=on-its-way&state=lifecycle:active&age=older&broker=" + str(here.people["broker"].pk)
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    fill(here.partnership, here.people["broker"], number=300, on=ON)
    with CaptureQueriesContext(connection) as many:
        text = client.get(address).content.decode()
    assert len(few) <= 12
    assert len(many) <= 12
    assert text.count('<td role="cell" data-label="Next">') > 1


@pytest.mark.usefixtures("clock")
def test_list_passes_over_what_no_filter_is(here: World) -> None:
    row = package(here, "active")
    wrong = "?status=x&age=x&broker=x&page=99999999999"
    assert line_of(row) in shown(here, "manager", page("support-packages") + wrong)
    assert "No package is like that" in shown(here, "manager", page("support-packages") + "?state=lifecycle:none")


def test_ages_follow_one_another_without_a_gap() -> None:
    bounds = list(AGES.values())
    assert [later[0] for later in bounds[1:]] == [earlier[1] for earlier in bounds[:-1]]
    assert set(AGES) == set(AGE_SAYS)
    assert opened_between(Age.MONTH, ON) == (date(2026, 10, 2), ON)
    ages = [age_said(ON - timedelta(days=days), ON) for days in (0, 1, 13, 14, 91, 92, 400, 800)]
    assert ages == ["today", "1 day", "13 days", "2 weeks", "13 weeks", "3 months", "13 months", "2 years"]
    assert [named(Who.BROKER, frozenset()), named(Who.BROKER, frozenset({Who.BROKER}))] == ["the broker", "you"]


# Reminders and the command


def test_reminders_go_out_once_a_person_and_say_nothing_of_what(here: World) -> None:
    package(here, "checking")
    package(here, "checking", school="990002")
    Letter.objects.all().delete()
    assert send_reminders(by="the system", at=AT) == 2
    letters = sorted(Letter.objects.values_list("to_name", "subject", "kind"))
    assert letters == [
        ("Bea Marlow", "2 things wait for you in Convenor, 2 of them past their day", "support-reminder"),
        ("Sol Carr", "2 things wait for you in Convenor, 2 of them past their day", "support-reminder"),
    ]
    words = " ".join(Letter.objects.values_list("body", flat=True))
    assert [each for each in ("Fernhollow", "Ashwater", "fits", *SECRETS.values()) if each in words] == []
    assert [send_reminders(by="the system", at=AT + timedelta(days=days)) for days in (0, 6, 7)] == [0, 0, 2]


@pytest.mark.parametrize("more", [{"paused": True}, {"stopped": True}])
def test_nobody_is_reminded_of_a_package_that_rests(here: World, more: dict[str, bool]) -> None:
    package(here, "checking", **more)
    assert send_reminders(by="the system", at=AT + timedelta(days=60)) == 0


def test_a_timer_reminds_too(here: World) -> None:
    row = package(here, "active")
    PackageTask.objects.filter(package=row).exclude(key="timer:review").delete()
    at = datetime.combine(date(2027, 2, 11), AT.time(), tzinfo=AT.tzinfo)
    assert send_reminders(by="the system", at=at) == 1


def test_the_command_lists_workflows_and_checks_files(tmp_path: Any, settings: Any, capsys: Any) -> None:
    settings.DATA_DIR = tmp_path
    call_command("workflows", "list")
    assert capsys.readouterr().out.splitlines() == [
        "lifecycle  version 1  The whole way", "east-sussex  version 1  Six steps", "targeted  version 1  Targeted intervention",
        f"Files of your own stand in {tmp_path / 'workflows'}",
    ]  # fmt: skip
    file = tmp_path / "own.toml"
    file.write_text(SMALL, encoding="utf-8")
    call_command("workflows", "check", str(file))
    assert capsys.readouterr().out == f"{file}: “Small” (small, version 1) can be followed: 3 states, 2 tasks, 2 moves.\n"
    file.write_text(SMALL.replace('to = "done"', 'to = "don"'), encoding="utf-8")
    says = f"{file}: Line 48, move “end”: “to” names the state “don”, which there is not. There are: asked, done, helping."
    for given, words in (
        ([str(file)], f"{says} Nothing was changed."), ([], "Say which file: convenor workflows check FILE"),
        ([str(tmp_path / "none")], f"{tmp_path / 'none'} cannot be read: No such file or directory."),
    ):  # fmt: skip
        with pytest.raises(CommandError) as refused:
            call_command("workflows", "check", *given)
        assert str(refused.value) == words
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError) as torn:
        call_command("workflows", "check", str(file))
    assert str(torn.value) == f"{file} is no text in UTF-8."
