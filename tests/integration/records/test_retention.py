"""What is past its keeping period is really deleted; nothing younger, nothing under a hold, and nothing in part."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from hypothesis import Phase, given
from hypothesis import settings as how
from hypothesis import strategies as st

from convenor.journal.models import Entry, Look
from convenor.papers import actions as papers
from convenor.papers.models import Paper
from convenor.partnership.gate import NotAllowed
from convenor.partnership.models import Engagement, Partnership, Tenure
from convenor.post.models import Letter
from convenor.records import actions
from convenor.records.actions import retention
from convenor.records.models import Hold, RetentionRun
from convenor.records.queries.retention import LONDON, Going, ours, rows_of, rule_of, what_goes
from convenor.records.rules.holds import HoldKind
from convenor.support.models import NoteMark, NoteOfVisit, Package, PackageLog
from tests.factories.partnership import SLUG, World
from tests.factories.support import RECEIVER, package, supporting

pytestmark = pytest.mark.django_db

#: The package ended in the school year 2026-27: the current year and six more.
LAST, AFTER = datetime(2033, 8, 31, 12, tzinfo=UTC), datetime(2033, 9, 1, 3, tzinfo=UTC)
SYSTEM = "the system"


@pytest.fixture
def here() -> World:
    """A package of support that was closed, in a partnership that is no demonstration."""
    found = supporting()
    package(found, "closed")
    Partnership.objects.update(demonstration=False)
    return found


def counted() -> dict[str, int]:
    """How many rows every table of ours holds, but those in which the deleting itself is written down."""
    ours_alone = [model._meta.label for model in apps.get_models() if model._meta.app_label in settings.LAYERS]
    return {label: rows_of(label).count() for label in ours_alone if label not in ("journal.Entry", "records.RetentionRun")}


def hold(here: World, kind: HoldKind, on: str = "", *, at: datetime = LAST) -> Hold:
    """A hold that the manager places."""
    return actions.place_hold(
        slug=SLUG, kind=kind, urn=on if kind is HoldKind.SCHOOL else "", person_id=int(on) if kind is HoldKind.PERSON else None,
        record_class=on if kind is HoldKind.CLASS else "", reason="A claim", from_on=date(2033, 1, 1), by=here["manager"], at=at,
    )  # fmt: skip


def of_package() -> set[str]:
    """The tables of the feature that hold rows."""
    return {label for label, count in counted().items() if label.startswith("support.") and count}


def test_nothing_goes_on_the_last_day_that_it_is_kept(here: World) -> None:
    assert [label for label in what_goes(viewer=SYSTEM, today=LAST.date()).counts if label.startswith("support.Pack")] == []


def test_package_goes_whole_on_the_day_after_with_rows_that_stood_for_ever(here: World) -> None:
    before = counted()
    done = actions.retain(by=SYSTEM, at=AFTER)
    after = counted()
    assert (Package.objects.count(), NoteOfVisit.objects.count(), PackageLog.objects.count(), done.failed) == (0, 0, 0, {})
    assert {label: before[label] - after[label] for label in done.gone if label in before} == {
        label: count for label, count in done.gone.items() if label in before
    }
    connection.check_constraints()


def test_memory_of_the_partnership_stays(here: World) -> None:
    lasting = {label for label, model in ours().items() if (rule := rule_of(model)) is not None and not rule.runs and not rule.within}
    before = counted()
    actions.retain(by=SYSTEM, at=datetime(2099, 1, 1, tzinfo=UTC))
    after = counted()
    changed = {label for label in lasting if after.get(label, 0) < before.get(label, 0)}
    assert (changed, Tenure.objects.count() > 5) == (set(), True)


def test_what_went_stands_in_the_journal_and_in_a_line_of_its_own_in_numbers(here: World) -> None:
    done = actions.retain(by=SYSTEM, at=AFTER)
    entry = Entry.objects.get(verb="records.deleted", partnership=SLUG)
    run = RetentionRun.objects.get(partnership=SLUG)
    assert (entry.by_label, entry.detail["deleted"], run.counts["support.Package"], run.failed) == (SYSTEM, run.counts, 1, {})
    assert sum(run.counts.values()) + sum(RetentionRun.objects.get(partnership="").counts.values()) == done.total


def test_package_with_one_younger_row_stays_whole(here: World) -> None:
    mark = NoteMark.objects.order_by("pk")[0]
    rows_of("support.NoteMark").filter(pk=mark.pk).update(at=AFTER - timedelta(days=30))
    before = {label: count for label, count in counted().items() if label in ("support.Package", "support.PackageTask", "support.Visit")}
    actions.retain(by=SYSTEM, at=AFTER)
    assert {label: counted()[label] for label in before} == before


def test_package_that_runs_still_stays_however_old(here: World) -> None:
    Package.objects.update(ended_on=None)
    actions.retain(by=SYSTEM, at=datetime(2099, 1, 1, tzinfo=UTC))
    assert (Package.objects.count(), NoteOfVisit.objects.count() > 0) == (1, True)


@pytest.mark.parametrize("kind", list(HoldKind))
def test_hold_keeps_the_package_whole_until_it_ends(here: World, kind: HoldKind) -> None:
    on = {HoldKind.SCHOOL: RECEIVER, HoldKind.PERSON: str(here.people["broker"].pk), HoldKind.CLASS: "support"}[kind]
    row, before = hold(here, kind, on), of_package()
    kept = actions.retain(by=SYSTEM, at=AFTER)
    assert (Package.objects.count(), before <= of_package(), kept.held > 0) == (1, True, True)
    actions.end_hold(slug=SLUG, hold_id=row.pk, why="Settled", by=here["manager"], at=AFTER)
    actions.retain(by=SYSTEM, at=AFTER)
    assert Package.objects.count() == 0


def test_hold_on_a_person_keeps_letters_to_them_and_what_they_did(here: World) -> None:
    ada = here.people["head"]
    for person in (ada, here.people["other head"]):
        person.email = f"{person.pk}@example.org"
        person.save()
        Letter.objects.create(partnership=SLUG, to_address=str(person.email).upper(), kind="x", subject="s", body="b", queued_at=LAST)
        Look.objects.create(at=LAST, by_key=str(person.pk), by_label=person.name, role="", partnership=SLUG, urn=RECEIVER, record="x")
    hold(here, HoldKind.PERSON, str(ada.pk))
    actions.retain(by=SYSTEM, at=datetime(2040, 1, 1, tzinfo=UTC))
    assert list(Letter.objects.values_list("to_address", flat=True)) == [str(ada.email).upper()]
    assert list(Look.objects.values_list("by_label", flat=True)) == [ada.name]


def test_hold_of_a_class_reaches_no_other_partnership(here: World) -> None:
    for slug in (SLUG, "elsewhere"):
        Letter.objects.create(partnership=slug, to_address="a@example.org", kind="x", subject="s", body="b", queued_at=LAST)
    hold(here, HoldKind.CLASS, "post")
    actions.retain(by=SYSTEM, at=datetime(2040, 1, 1, tzinfo=UTC))
    assert list(Letter.objects.values_list("partnership", flat=True)) == [SLUG]


def test_rows_of_a_demonstration_stay_for_they_are_invented(here: World) -> None:
    Partnership.objects.update(demonstration=True)
    Letter.objects.create(partnership=SLUG, to_address="a@example.org", kind="x", subject="s", body="b", queued_at=LAST)
    actions.retain(by=SYSTEM, at=datetime(2040, 1, 1, tzinfo=UTC))
    assert (Package.objects.count(), Letter.objects.count()) == (1, 0)
    actions.retain(by=SYSTEM, at=datetime(2040, 1, 2, tzinfo=UTC), invented=True)
    assert Package.objects.count() == 0


def meanwhile(do: Any) -> Any:
    """Somebody does something between the looking and the deleting."""

    def found(**asked: Any) -> Going:
        plan = what_goes(**asked)
        do()
        return plan

    return patch.object(retention, "what_goes", found)


def test_row_that_is_changed_meanwhile_keeps_its_whole_group_and_the_rest_goes(here: World) -> None:
    school = here.partnership.memberships.order_by("pk")[0].school
    Engagement.objects.create(partnership=here.partnership, school=school, on=date(2020, 1, 1), kind="attended")
    with meanwhile(lambda: rows_of("support.NoteMark").update(at=AFTER)), patch.object(retention, "batches", lambda groups: groups):
        done = actions.retain(by=SYSTEM, at=AFTER)
    assert (Package.objects.count(), done.failed["support.Package"], done.gone["partnership.Engagement"]) == (1, 1, 1)
    assert done.why == ("A record was changed while it was to be deleted: it stays, and is looked at again in the next run.",)
    assert RetentionRun.objects.get(partnership=SLUG).failed["support.Package"] == 1


def test_group_to_which_something_new_points_stays_whole(here: World) -> None:
    note = NoteOfVisit.objects.order_by("pk")[0]

    def mark() -> None:
        NoteMark.objects.create(note=note, accuracy="accurate", words="", at=AFTER, by=here.people["head"])

    before = of_package()
    with meanwhile(mark):
        done = actions.retain(by=SYSTEM, at=AFTER)
    assert (Package.objects.count(), before <= of_package(), done.failed["support.Package"]) == (1, True, 1)


def test_hold_placed_meanwhile_stops_the_run(here: World) -> None:
    with meanwhile(lambda: hold(here, HoldKind.SCHOOL, RECEIVER, at=AFTER)):
        done = actions.retain(by=SYSTEM, at=AFTER)
    assert (Package.objects.count(), done.gone) == (1, {})
    assert done.why == ("Somebody placed or ended a hold meanwhile: the rest waits for the next run.",)


def test_the_nights_run_comes_once_on_a_day(here: World) -> None:
    first, again = (actions.retain_due(by=SYSTEM, at=AFTER + timedelta(hours=hours)) for hours in (0, 5))
    assert (first is not None and first.gone["support.Package"], again) == (1, None)
    assert actions.retain_due(by=SYSTEM, at=AFTER + timedelta(days=1)) is not None


@pytest.mark.parametrize("act", [actions.retain, actions.retain_due])
def test_nobody_who_signs_in_sets_the_deleting_off(here: World, act: Any) -> None:
    with pytest.raises(NotAllowed):
        act(by=here["manager"], at=AFTER)
    assert Package.objects.count() == 1


def test_manager_is_told_what_goes_of_their_own_partnership_and_nobody_else_is(here: World) -> None:
    Letter.objects.create(partnership="elsewhere", to_address="a@example.org", kind="x", subject="s", body="b", queued_at=LAST)
    seen = what_goes(viewer=here["manager"], today=date(2040, 1, 1), slug=SLUG)
    assert (seen.counts["support.Package"], "post.Letter" in seen.counts) == (1, False)
    for who, slug in (("head", SLUG), ("auditor", SLUG), ("manager", "elsewhere")):
        with pytest.raises(NotAllowed):
            what_goes(viewer=here[who], today=AFTER.date(), slug=slug)


def test_document_leaves_the_disk_with_the_last_row_that_names_it(here: World, tmp_path: Path) -> None:
    with patch.object(settings, "PAPERS_DIR", tmp_path):
        for title, at in (("Old", datetime(2020, 1, 1, tzinfo=UTC)), ("New", LAST)):
            papers.store(by="x", at=at, partnership=SLUG, title=title, audience="members", media_type="text/plain", content=b"same")
        papers.store(by="x", at=datetime(2020, 1, 1, tzinfo=UTC), partnership=SLUG, title="Alone", audience="members",
                     media_type="text/plain", content=b"alone")  # fmt: skip
        actions.retain(by=SYSTEM, at=AFTER)
        left = list(Paper.objects.values_list("title", "digest"))
        assert ([title for title, _ in left], sorted(each.name for each in tmp_path.iterdir())) == (["New"], [left[0][1]])


def day(value: Any) -> date | None:
    return value.astimezone(LONDON).date() if isinstance(value, datetime) else value


def last_days(plan: Going) -> Iterator[tuple[str, date | None]]:
    """Of each row that is to go and has a clock, the last day on which it is kept, reckoned by the rule on its own values."""
    for group in plan.groups:
        for label, key in group:
            rule = rule_of(ours()[label])
            if rule is not None and rule.runs:
                row = rows_of(label).filter(pk=key).values(*rule.since, *filter(None, (rule.ended, rule.named))).get()
                days = [day(row[name]) for name in rule.since]
                days += [rule.first_day_of(row[rule.named])] if rule.named else []
                yield label, rule.last_day(days, ended=not rule.ended or row[rule.ended] is not None)


@how(max_examples=6, deadline=None, database=None, derandomize=True, phases=[Phase.generate])
@given(seed=st.integers(0, 10**9), years=st.integers(5, 12))
def test_nothing_younger_than_its_period_and_nothing_under_a_hold_ever_goes(seed: int, years: int) -> None:
    chance = Random(seed)
    with transaction.atomic():
        here = supporting()
        package(here, "closed")
        Partnership.objects.update(demonstration=False)
        for label, model in ours().items():  # every row of the feature gets days of its own
            rule = rule_of(model)
            if rule is not None and rule.runs and label.startswith("support."):
                own = [name for name in rule.since if "__" not in name]
                for key in rows_of(label).values_list("pk", flat=True):
                    if own and chance.random() < 0.2:
                        moved = datetime(2027, 1, 1, 12, tzinfo=UTC) + timedelta(days=chance.randint(0, 365 * 4))
                        field = model._meta.get_field(chance.choice(own))
                        value = moved if field.get_internal_type() == "DateTimeField" else moved.date()
                        rows_of(label).filter(pk=key).update(**{field.name: value})
        today = date(2027 + years, chance.randint(1, 12), 15)
        held = chance.random() < 0.4
        if held:
            hold(here, HoldKind.SCHOOL, RECEIVER)
        plan, before = what_goes(viewer=SYSTEM, today=today), counted()
        assert [label for label, last in last_days(plan) if last is None or last >= today] == []
        assert not held or "support.Package" not in plan.counts
        actions.retain(by=SYSTEM, at=datetime(today.year, today.month, 15, 12, tzinfo=UTC))
        after = counted()
        went = {label: before[label] - after[label] for label in before if after.get(label, 0) < before.get(label, 0)}
        assert went == {label: count for label, count in plan.counts.items() if label in before}
        connection.check_constraints()
        transaction.set_rollback(True)
