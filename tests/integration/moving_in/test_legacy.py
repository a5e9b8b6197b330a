"""What was set apart: the school alone reads it, and says what becomes of it; without its word it goes."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from convenor.journal.models import Entry
from convenor.journal.queries import entries_for_school
from convenor.moving_in.actions import answer_legacy, decide_legacy, forget_due
from convenor.moving_in.models import LegacyNote
from convenor.moving_in.queries.legacy import legacy_of_school, legacy_waiting
from convenor.moving_in.rules.states import Legacy, OfSchool
from convenor.partnership.actions import take_post
from convenor.partnership.gate import NotAllowed, Viewer, viewer_for
from convenor.partnership.rules.refusals import NotThere, Refused
from tests.factories.moving_in import AT, LATER, ON, SLUG, Arriving, saved_world
from tests.factories.partnership import someone

pytestmark = pytest.mark.django_db


def head_of(urn: str, name: str = "Ada Example", role: str = "head") -> Viewer:
    """Somebody with a post at a school."""
    person = someone(name)
    take_post(slug=SLUG, role=role, title=role, person_id=person.pk, from_on=date(2026, 9, 1), urn=urn, by="the test", at=AT)
    return viewer_for(person, on=ON)


def told() -> tuple[Arriving, LegacyNote, Viewer]:
    """A saved move-in, one thing that it set apart, and the head of its school."""
    here, _ = saved_world()
    note = LegacyNote.objects.order_by("pk").first()
    assert note is not None
    return here, note, head_of(note.school_id)


def test_only_the_schools_own_people_read_what_was_set_apart() -> None:
    here, note, head = told()
    other = LegacyNote.objects.exclude(school=note.school_id).order_by("pk").first()
    assert other is not None
    assert legacy_of_school(SLUG, note.school_id, viewer=head, at=AT)[0].words == note.words
    assert legacy_of_school(SLUG, other.school_id, viewer=head, at=AT) == []
    assert legacy_of_school(SLUG, note.school_id, viewer=here.manager, at=AT) == []
    assert legacy_of_school("elsewhere", note.school_id, viewer=head, at=AT) == []
    waiting = legacy_waiting(SLUG, note.move_in_id or 0, viewer=here.manager)
    assert len(waiting) == LegacyNote.objects.count()
    assert [each for each in waiting if note.words in str(each)] == []
    assert legacy_waiting(SLUG, note.move_in_id or 0, viewer=head) == []


def test_a_school_replies_keeps_and_has_deleted() -> None:
    _, note, head = told()
    answer_legacy(slug=SLUG, legacy_id=note.pk, decision=OfSchool.REPLY, words=" We see it otherwise. ", by=head, at=LATER)
    answer_legacy(slug=SLUG, legacy_id=note.pk, decision=OfSchool.KEEP, by=head, at=LATER)
    seen = legacy_of_school(SLUG, note.school_id, viewer=head, at=LATER)[0]
    assert (seen.reply, seen.kept_at, seen.may_say) == ("We see it otherwise.", LATER, True)
    assert forget_due(by="the system", at=AT + timedelta(days=60)) == LegacyNote.objects.count() + forgotten() - 1
    assert LegacyNote.objects.get().pk == note.pk
    answer_legacy(slug=SLUG, legacy_id=note.pk, decision=OfSchool.DELETE, by=head, at=LATER)
    assert LegacyNote.objects.count() == 0
    verbs = [each.verb for each in entries_for_school(note.school_id, viewer=head) if each.verb.startswith("legacy.")]
    assert {*verbs} == {"legacy.replied", "legacy.kept", "legacy.deleted"}
    assert [each for each in Entry.objects.filter(verb__startswith="legacy.") if note.words in f"{each.detail}{each.why}"] == []


def forgotten() -> int:
    """How many the worker deleted."""
    return Entry.objects.filter(verb="legacy.deleted").count()


def test_what_no_school_kept_goes_on_its_day_and_not_before() -> None:
    _, note, _ = told()
    count = LegacyNote.objects.count()
    assert note.until_on == date(2026, 11, 17)
    assert forget_due(by="the system", at=AT + timedelta(days=14)) == 0
    assert forget_due(by="the system", at=AT + timedelta(days=15)) == count
    assert (
        Entry.objects.filter(verb="legacy.deleted").values_list("why", flat=True).distinct().get()
        == "ten working days without the school's word"
    )


def test_the_manager_may_delete_until_the_school_has_answered() -> None:
    here, note, head = told()
    answer_legacy(slug=SLUG, legacy_id=note.pk, decision=OfSchool.REPLY, words="No.", by=head, at=LATER)
    with pytest.raises(Refused) as refused:
        decide_legacy(slug=SLUG, legacy_id=note.pk, decision=Legacy.DELETE, by=here.manager, at=LATER)
    assert str(refused.value) == "The school has answered: it alone says now whether it is deleted. Nothing was changed."
    other = LegacyNote.objects.exclude(pk=note.pk).order_by("pk").first()
    assert other is not None
    decide_legacy(slug=SLUG, legacy_id=other.pk, decision=Legacy.SHOW, by=here.manager, at=LATER)
    assert LegacyNote.objects.filter(pk=other.pk).exists() is True
    decide_legacy(slug=SLUG, legacy_id=other.pk, decision=Legacy.DELETE, by=here.manager, at=LATER)
    assert LegacyNote.objects.filter(pk=other.pk).exists() is False
    with pytest.raises(NotThere) as gone:
        decide_legacy(slug=SLUG, legacy_id=other.pk, decision=Legacy.DELETE, by=here.manager, at=LATER)
    assert str(gone.value) == "It is not held any more. Nothing was changed."


def test_another_school_or_somebody_without_a_say_changes_nothing() -> None:
    _, note, head = told()
    other = LegacyNote.objects.exclude(school=note.school_id).order_by("pk").first()
    assert other is not None
    with pytest.raises(NotThere) as hidden:
        answer_legacy(slug=SLUG, legacy_id=other.pk, decision=OfSchool.DELETE, by=head, at=LATER)
    assert str(hidden.value) == "It is not held any more. Nothing was changed."
    with pytest.raises(NotAllowed) as refused:
        answer_legacy(
            slug=SLUG, legacy_id=note.pk, decision=OfSchool.DELETE, by=head_of(note.school_id, "Bo Bell", "school-leader"), at=LATER
        )  # fmt: skip
    assert str(refused.value).startswith("You cannot ") is True
    with pytest.raises(Refused) as empty:
        answer_legacy(slug=SLUG, legacy_id=note.pk, decision=OfSchool.REPLY, words=" ", by=head, at=LATER)
    assert str(empty.value) == "Write your reply first. Nothing was changed."
    assert LegacyNote.objects.filter(pk__in=[note.pk, other.pk]).count() == 2
