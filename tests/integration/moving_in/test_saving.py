"""A move-in saved all or nothing and undone whole, through the features' own actions and without a letter."""

from __future__ import annotations

import pytest
from django.core import mail

from convenor.archive.queries.reading import photograph
from convenor.archive.rules.refusals import ChangedSince
from convenor.contacts.actions import set_contact
from convenor.contacts.models import Contact
from convenor.journal.models import Entry
from convenor.moving_in.actions import add_file, answer, begin, drop, drop_file, save, undo
from convenor.moving_in.models import BroughtFile, BroughtSheet, LegacyNote, MoveIn
from convenor.moving_in.queries.constitution_file import constitution_file
from convenor.moving_in.rules.refusals import NoLongerFits
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models import Membership
from convenor.partnership.rules.checking import check, has_errors
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.refusals import Refused
from convenor.post.models import Letter, Practice
from convenor.support.models import EarlierSupport
from tests.factories.moving_in import AT, LATER, ON, SLUG, Arriving, arriving_world, bring, dirty, saved_world, seen, settle, settled_world
from tests.factories.partnership import someone

pytestmark = pytest.mark.django_db
MANAGER = "Mara Hollis, partnership manager, Fernshire Education Partnership"


def one(here: Arriving, name: str = "Ada Example", email: str = "ada@one.example", file: str = "heads.csv") -> dict[str, bytes]:
    """A file with the head of the first open school, by its URN."""
    urn = next(each.urn for each in here.schools if each.closed_on is None)
    return {file: f"URN,Role,Name,Email\n{urn},Head,{name},{email}\n".encode()}


def saved(here: Arriving, files: dict[str, bytes]) -> MoveIn:
    """A move-in with every question answered, saved."""
    row = bring(here, files)
    settle(here, row)
    return save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=seen(here, row).version)


def test_a_dirty_set_comes_in_whole_without_a_letter_and_goes_out_to_the_very_rows() -> None:
    here, row = settled_world()
    before, top = photograph(SLUG, viewer=here.manager), seen(here, row)
    assert Practice.objects.get().partnership == SLUG
    brought = {kind: counts["new"] + counts["changed"] for kind, counts in top.counts.items()}
    save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=top.version)
    assert (Contact.objects.count(), EarlierSupport.objects.count()) == (brought["contacts"], brought["support-log"])
    assert Membership.objects.count() == len([each for each in here.schools if each.closed_on is None])
    assert (Letter.objects.count(), len(mail.outbox)) == (0, 0)
    text = constitution_file(SLUG, viewer=here.manager, at=AT)
    assert text is not None
    assert has_errors(check(parse(text), ON)) is False
    entry = Entry.objects.get(verb="move-in.saved")
    assert (entry.detail["brought"], entry.by_label) == (top.counts, MANAGER)
    undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    assert photograph(SLUG, viewer=here.manager) == before
    again = seen(here, row)
    assert (again.state, again.can_save, again.undone_since) == ("undone", True, LATER)
    save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER, version=again.version)
    assert Contact.objects.count() == brought["contacts"]


def test_the_same_files_again_change_nothing() -> None:
    here, _ = saved_world()
    row = bring(here, dirty(here).files)
    settle(here, row)
    top = seen(here, row)
    assert {kind: counts["new"] for kind, counts in top.counts.items()} == dict.fromkeys(top.counts, 0)
    with pytest.raises(Refused) as refused:
        save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER, version=top.version)
    assert str(refused.value) == "There is nothing new in it: all of it stands already, or is left out. Nothing was saved."


def test_ratings_and_notes_are_set_apart_for_their_schools_and_come_back_with_an_undoing() -> None:
    here, row = settled_world()
    cells = list(BroughtSheet.objects.order_by("pk").values_list("rows", flat=True))
    save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=seen(here, row).version)
    words = set(LegacyNote.objects.values_list("words", flat=True))
    assert len(words) > 2
    left = {cell for rows in BroughtSheet.objects.values_list("rows", flat=True) for each in rows for cell in each}
    held = {text for pair in EarlierSupport.objects.values_list("what", "note") for text in pair}
    said = str(list(Entry.objects.values_list("detail", "subject_label", "why"))) + str(MoveIn.objects.get().plan)
    long = {each for each in words if len(each) > 9}
    assert (long & left, long & held, [each for each in long if each in said]) == (set(), set(), [])
    undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    assert LegacyNote.objects.count() == 0
    assert list(BroughtSheet.objects.order_by("pk").values_list("rows", flat=True)) == cells


def test_ratings_and_notes_that_are_deleted_stand_nowhere() -> None:
    here, row = settled_world()
    for question in seen(here, row).answered:
        if question.key.startswith("legacy:"):
            answer(slug=SLUG, move_in_id=row.pk, key=question.key, said="delete", by=here.manager, at=AT)
    save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=seen(here, row).version)
    assert LegacyNote.objects.count() == 0
    left = {cell for rows in BroughtSheet.objects.values_list("rows", flat=True) for each in rows for cell in each}
    assert {each for each in left if "struggling" in each or "capability" in each} == set()


def test_nothing_is_saved_while_a_question_is_open() -> None:
    here = arriving_world()
    row = bring(here, one(here))
    with pytest.raises(Refused) as refused:
        save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=seen(here, row).version)
    assert str(refused.value) == "1 question is open: answer first. Nothing was saved."
    assert Contact.objects.count() == 0


def test_a_preview_that_no_longer_fits_is_made_anew() -> None:
    here = arriving_world()
    row = bring(here, one(here, "Ada Example"))
    settle(here, row)
    top = seen(here, row)
    other = bring(here, one(here, "Ada Example", "ada.example@one.example", "other.csv"))
    settle(here, other)
    save(slug=SLUG, move_in_id=other.pk, by=here.manager, at=AT, version=seen(here, other).version)
    with pytest.raises(NoLongerFits) as refused:
        save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER, version=top.version)
    words = "What stands has changed since this preview was made, so it no longer fits. Nothing was saved."
    assert str(refused.value) == f"{words} The preview below was made anew: look at it again, then save."
    again = seen(here, row)
    assert again.version > top.version
    assert [each.words.partition(":")[0] for each in again.questions] == [top.changes["contacts"][0].words.replace("Head", "Ada Example")]
    assert list(Contact.objects.values_list("email", flat=True)) == ["ada.example@one.example"]


def test_of_two_who_save_the_second_is_told() -> None:
    here = arriving_world()
    row = saved(here, one(here))
    with pytest.raises(Refused) as refused:
        save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER, version=row.version)
    told = f"{MANAGER} saved this move-in on 2 November 2026. Undo it first, or begin another. Nothing was changed."
    assert str(refused.value) == told
    with pytest.raises(Refused) as dropped:
        drop(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    assert str(dropped.value) == told


def test_an_undo_after_a_later_change_is_refused_and_names_it() -> None:
    here = arriving_world()
    row = saved(here, one(here))
    contact = Contact.objects.get()
    set_contact(
        slug=SLUG, urn=contact.school_id, role="head", name="Ada Example", email="ada.new@one.example", contact_id=contact.pk,
        by=here.manager, at=LATER,
    )  # fmt: skip
    with pytest.raises(ChangedSince) as refused:
        undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    assert len(refused.value.what) == 1
    assert Contact.objects.get().email == "ada.new@one.example"
    assert MoveIn.objects.get(pk=row.pk).state == "saved"


def test_an_undo_that_would_lose_a_schools_reply_is_refused() -> None:
    here, row = saved_world()
    note = LegacyNote.objects.order_by("pk").first()
    assert note is not None
    LegacyNote.objects.filter(pk=note.pk).update(reply="We disagree", replied_at=AT)
    with pytest.raises(Refused) as refused:
        undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    first = f"{note.school.name} answered about what was set apart, and that would be lost, so it is not undone. Nothing was changed."
    assert str(refused.value) == f"{first} Mend by hand what is wrong, or ask the school to have it deleted first."
    assert LegacyNote.objects.filter(pk=note.pk).count() == 1


def test_what_is_not_saved_cannot_be_undone() -> None:
    here = arriving_world()
    row = bring(here, one(here))
    with pytest.raises(Refused) as refused:
        undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT)
    assert str(refused.value) == "It is not saved, so there is nothing to undo. Nothing was changed."


def test_a_failure_in_the_middle_saves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    here, row = settled_world()
    before, top = photograph(SLUG, viewer=here.manager), seen(here, row)

    def fails(**_: object) -> None:
        raise Refused("Something that nobody foresaw. Nothing was changed.")

    monkeypatch.setattr("convenor.moving_in.actions._doing.record_earlier", fails)
    with pytest.raises(Refused) as refused:
        save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=top.version)
    assert str(refused.value) == "Something that nobody foresaw. Nothing was changed."
    assert photograph(SLUG, viewer=here.manager) == before
    assert (MoveIn.objects.get(pk=row.pk).state, LegacyNote.objects.count()) == ("open", 0)


def test_an_answer_is_remembered_for_the_next_move_in() -> None:
    here = arriving_world()
    urn = next(each.urn for each in here.schools if each.closed_on is None)
    csv = b"School,Date,Who,What\nThe Old Mill,04/03/2024,Sol Carr,Phonics\n"
    row = bring(here, {"log.csv": csv})
    question = seen(here, row).questions[0]
    assert question.words == "Which school is “The Old Mill”?"
    answer(slug=SLUG, move_in_id=row.pk, key=question.key, said=urn, by=here.manager, at=AT)
    drop(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT)
    assert BroughtFile.objects.count() == 0
    again = bring(here, {"log.csv": csv})
    assert [each.words for each in seen(here, again).questions] == []
    assert [each.urn for each in seen(here, again).changes["support-log"]] == [urn]


def test_a_file_is_brought_once_and_may_be_taken_out() -> None:
    here = arriving_world()
    row = bring(here, one(here))
    with pytest.raises(Refused) as refused:
        add_file(slug=SLUG, move_in_id=row.pk, name="again.csv", content=one(here)["heads.csv"], by=here.manager, at=AT)
    assert str(refused.value) == "“again.csv” is here already, cell for cell. Nothing was changed."
    file = BroughtFile.objects.get()
    drop_file(slug=SLUG, move_in_id=row.pk, file_id=file.pk, by=here.manager, at=AT)
    assert (seen(here, row).files, seen(here, row).why_not) == ((), "Bring a file, or paste cells, first.")
    with pytest.raises(Refused) as gone:
        drop_file(slug=SLUG, move_in_id=row.pk, file_id=file.pk, by=here.manager, at=AT)
    assert str(gone.value) == "That file is not in this move-in any more. Nothing was changed."


def test_an_answer_that_a_question_does_not_take_is_refused() -> None:
    here = arriving_world()
    row = bring(here, one(here))
    with pytest.raises(Refused) as refused:
        answer(slug=SLUG, move_in_id=row.pk, key="join:members", said="perhaps", by=here.manager, at=AT)
    assert str(refused.value) == "Choose one of the answers. Nothing was changed."
    with pytest.raises(Refused) as gone:
        answer(slug=SLUG, move_in_id=row.pk, key="school:none", said="x", by=here.manager, at=AT)
    assert str(gone.value) == "That is asked no longer: look at the questions again. Nothing was changed."


def test_nobody_but_the_manager_moves_in() -> None:
    here = arriving_world()
    row = bring(here, one(here))
    nobody = viewer_for(someone("Nia Stranger"), on=ON)
    with pytest.raises(NotAllowed):
        begin(slug=SLUG, by=nobody, at=AT)
    with pytest.raises(NotAllowed):
        save(slug=SLUG, move_in_id=row.pk, by=nobody, at=AT, version=1)
    with pytest.raises(NotAllowed):
        undo(slug=SLUG, move_in_id=row.pk, by=nobody, at=AT)
    assert MoveIn.objects.count() == 1
