"""A word of a partnership's own that a later version drops: what is past was written with it and stays readable."""

from datetime import date, timedelta

import pytest

from convenor.partnership.actions import load_constitution
from convenor.partnership.gate import ANYONE
from convenor.partnership.models import Body
from convenor.partnership.queries.structure import structure
from convenor.partnership.queries.whole import read_whole
from tests.factories.partnership import AT, CONSTITUTION, ON, SLUG

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=30)
WORDS = '[kinds]\nharbour-group = "Harbour group"\n\n[roles]\nyouth-voice = "Youth voice lead"\n\n[[area]]'
HARBOUR = """
[[body]]
id = "quay"
name = "Quay Group"
kind = "harbour group"
tier = "clusters"
reports_to = "alliance"

[[body.seat]]
id = "lead"
title = "Lead"
part = "lead"
who = ["youth-voice"]
"""
WITH_WORDS = CONSTITUTION.replace("[[area]]", WORDS) + HARBOUR


def test_dropping_a_word_of_ended_bodies_and_seats_leaves_the_partnership_readable() -> None:
    load_constitution(text=WITH_WORDS, by="the test", at=AT)
    load_constitution(text=CONSTITUTION, by="the test", at=LATER)
    assert Body.objects.get(key="quay").until_on == LATER.date()
    now, before = structure(SLUG, viewer=ANYONE, at=LATER), structure(SLUG, viewer=ANYONE, at=ON)
    assert now is not None
    assert before is not None
    assert [each.key for each in now.bodies] == ["board", "alliance", "north-cluster", "south-cluster"]
    assert [(each.kind_name, each.seat_list[0].who) for each in before.bodies if each.key == "quay"] == [
        ("Harbour group", ("Youth voice lead",))
    ]  # fmt: skip


def test_a_word_new_in_a_later_version_leaves_days_before_it_readable() -> None:
    load_constitution(text=CONSTITUTION, by="the test", at=AT)
    load_constitution(text=WITH_WORDS, by="the test", at=LATER)
    whole = read_whole(SLUG, on=date(2026, 1, 1))
    assert whole is not None
    assert (whole.constitution.kinds, whole.kinds["harbour-group"]) == ((), "Harbour group")


def test_the_title_of_a_word_is_that_of_the_version_that_is_read() -> None:
    load_constitution(text=WITH_WORDS, by="the test", at=AT)
    load_constitution(text=WITH_WORDS.replace('"Harbour group"', '"Group of the harbour"'), by="the test", at=LATER)
    before, now = read_whole(SLUG, on=ON), read_whole(SLUG)
    assert before is not None
    assert now is not None
    assert (before.kinds["harbour-group"], now.kinds["harbour-group"]) == ("Harbour group", "Group of the harbour")


def test_loading_the_older_words_again_changes_nothing() -> None:
    load_constitution(text=WITH_WORDS, by="the test", at=AT)
    load_constitution(text=CONSTITUTION, by="the test", at=LATER)
    load_constitution(text=WITH_WORDS, by="the test", at=LATER)
    now = structure(SLUG, viewer=ANYONE, at=LATER + timedelta(days=1))
    assert now is not None
    assert [each.key for each in now.bodies if each.key == "quay"] == ["quay"]
