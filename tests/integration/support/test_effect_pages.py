"""The pages of effect: fixing, the verdict with its picture and table, what all packages show together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from convenor.journal.models import Look
from convenor.registers.models import School
from convenor.support.actions.effect import freeze
from convenor.support.models import EffectReading, EffectStudy, Package
from tests.factories.partnership import SLUG, World
from tests.factories.support import package, supporting
from tests.factories.support_effect import RWM, england_after, england_before
from tests.integration.support.test_effect import LATER, START, UNDER_WAY, begin, pool
from tests.integration.web.people import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    return supporting()


@pytest.fixture
def england(here: World) -> list[School]:
    """Needs Fernshire first: the package's school is one of it."""
    return england_before()


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """The day that the site believes it is."""
    with patch("django.utils.timezone.now", return_value=START) as now:
        yield now


def browser(here: World, who: str) -> Client:
    return signed_in(here.people[who], code=True)


def shown(client: Client, name: str, *parts: object) -> str:
    answer = client.get(reverse(name, args=[SLUG, *parts]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def row(here: World, england: list[School]) -> Package:
    """A package for which all was fixed, whose support began."""
    made = package(here, "agreeing")
    freeze(slug=SLUG, package_id=made.pk, outcomes=(RWM,), by=here["head"], at=START)
    begin(made)
    return made


@pytest.mark.usefixtures("england")
def test_a_head_fixes_what_will_be_compared_on_one_page(here: World) -> None:
    made = package(here, "agreeing")
    client = browser(here, "head")
    assert shown(client, "support-effect", made.pk).count("Nothing was fixed to compare") == 1
    assert shown(client, "support-effect-fix", made.pk).count("Expected standard in reading, writing and maths (2023-24 to 2025-26)") == 2
    answer = client.post(reverse("support-effect-fix", args=[SLUG, made.pk]), {"main": RWM, "further": [RWM]})
    assert (answer.status_code, answer.url) == (302, reverse("support-effect", args=[SLUG, made.pk]))
    assert list(EffectStudy.objects.values_list("outcome", flat=True)) == [RWM]
    assert client.get(reverse("support-effect-fix", args=[SLUG, made.pk])).status_code == 200
    again = client.post(reverse("support-effect-fix", args=[SLUG, made.pk]), {"main": RWM})
    assert (again.status_code, again.content.decode().count("is fixed already, and stands")) == (422, 1)


def test_where_nothing_is_published_the_form_says_only_so(here: World) -> None:
    made = package(here, "agreeing")
    client = browser(here, "broker")
    assert "And besides" not in shown(client, "support-effect-fix", made.pk)
    assert client.post(reverse("support-effect-fix", args=[SLUG, made.pk]), {}).status_code == 422
    assert client.post(reverse("support-effect-fix", args=[SLUG, made.pk]), {"main": "none"}).status_code == 302
    assert shown(client, "support-effect", made.pk).count("Not measurable.") == 1


def test_two_terms_on_the_page_says_too_early_and_keeps_it(here: World, row: Package, clock: Any) -> None:
    clock.return_value = UNDER_WAY
    client = browser(here, "head")
    text = shown(client, "support-effect", row.pk)
    assert text.count("<strong>Too early.</strong>") == 1
    assert text.count("Its figures are usually out by 15 December 2028.") == 1
    shown(client, "support-effect", row.pk)
    assert list(EffectReading.objects.values_list("verdict", flat=True)) == ["too early"]


def test_the_verdict_stands_with_picture_sums_and_table(here: World, row: Package, england: list[School], clock: Any) -> None:
    england_after(england, 75.0)
    clock.return_value = LATER
    text = shown(browser(here, "head"), "support-effect", row.pk)
    assert text.count("<strong>Better than expected.</strong>") == 1
    assert text.count('role="img"') == 2
    assert text.count("expected without support 50%") == 2
    assert text.count("60.0 \N{MINUS SIGN} 10.0 = 50.0") == 1
    assert text.count("Before and after alone say +45.0. Without support +20.0 was to be expected") == 1
    assert text.count("Show as a table") == 1
    assert text.count("It does not show that the support was the reason.") == 3
    assert "caused" not in text


def test_several_outcomes_are_said_to_be_several(here: World, england: list[School], clock: Any) -> None:
    made = package(here, "agreeing")
    freeze(slug=SLUG, package_id=made.pk, outcomes=(RWM,), by=here["head"], at=START)
    study = EffectStudy.objects.get()
    EffectStudy.objects.create(
        package=made,
        outcome="none",
        started_on=study.started_on,
        comparators=[],
        years=[],
        series=[],
        basis={},
        frozen_at=START,
        by=study.by,
    )
    text = shown(browser(here, "head"), "support-effect", made.pk)
    assert text.count("the main outcome</span>") == 1
    assert text.count("With 2 outcomes one of them stands out by chance more easily than one alone.") == 1


def test_a_broker_s_look_is_written_down_and_the_school_s_is_not(here: World, row: Package) -> None:
    shown(browser(here, "head"), "support-effect", row.pk)
    assert not Look.objects.filter(record="support package: review of effect").exists()
    shown(browser(here, "broker"), "support-effect", row.pk)
    assert Look.objects.filter(record="support package: review of effect", urn=row.school_id).count() == 1


@pytest.mark.parametrize("who", ["supporter", "lender", "manager", "other head"])
def test_nobody_else_is_told_that_there_is_such_a_page(here: World, row: Package, who: str) -> None:
    client = browser(here, who)
    assert client.get(reverse("support-effect", args=[SLUG, row.pk])).status_code == 404
    assert client.get(reverse("support-effect-fix", args=[SLUG, row.pk])).status_code == 404


def test_seven_packages_are_not_even_counted(here: World) -> None:
    pool(here, [1.0] * 7)
    text = shown(browser(here, "manager"), "support-effects")
    assert text.count("Packages are counted together from 8 up that can be measured, and there are fewer.") == 1
    assert "7 of" not in text


def test_eight_packages_are_told_together(here: World) -> None:
    pool(here, [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0], stopped=2)
    text = shown(browser(here, "board member"), "support-effects")
    assert text.count("<strong>Better than expected.</strong>") == 1
    assert text.count("8 of 8 packages lie above what was expected without support") == 1
    assert "Look at every package again" not in text
    assert "Fernhollow" not in text


def test_a_manager_has_every_package_read_again(here: World, row: Package, clock: Any) -> None:
    clock.return_value = UNDER_WAY
    client = browser(here, "manager")
    assert client.post(reverse("support-effects", args=[SLUG])).status_code == 302
    assert EffectReading.objects.get().verdict == "too early"
    assert browser(here, "board member").post(reverse("support-effects", args=[SLUG])).status_code == 404


def test_what_has_not_begun_is_never_said_to_have_begun(here: World, england: list[School]) -> None:
    made = package(here, "agreeing")
    freeze(slug=SLUG, package_id=made.pk, outcomes=(RWM,), by=here["head"], at=START)
    assert "support began" not in shown(browser(here, "head"), "support-effect", made.pk)


def test_the_evaluation_shows_what_the_figures_say(here: World, row: Package, clock: Any) -> None:
    clock.return_value = UNDER_WAY
    client = browser(here, "head")
    before = shown(client, "support-evaluation", row.pk)
    shown(client, "support-effect", row.pk)
    after = shown(client, "support-evaluation", row.pk)
    assert [text.count("<strong>Too early</strong>, read on") for text in (before, after)] == [0, 1]
    assert "What the figures say" not in shown(browser(here, "manager"), "support-evaluation", row.pk)
