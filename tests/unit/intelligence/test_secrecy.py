"""The plain truth about secrecy: one sentence wherever confidence is promised, and a register without a gap."""

import pytest

from convenor.intelligence.rules.secrecy import REACH_SAYS, RECORD_CLASSES, Reach, plain_truth


def test_the_truth_is_one_sentence_that_names_every_way() -> None:
    assert plain_truth("soft-signal") == (
        "Meant for the school and its named broker; but it may be asked for under freedom of information from any school or council that "
        "holds it, by a person it is about under subject access, must be passed on where a child may be at risk or a law demands it, and "
        "could be read by whoever runs this server."
    )


def test_what_is_about_no_person_does_not_speak_of_subject_access() -> None:
    assert plain_truth("lines") == (
        "Meant for the school first, then its named broker; but it may be asked for under freedom of information from any school or "
        "council that holds it, must be passed on where a child may be at risk or a law demands it, and could be read by whoever runs this "
        "server."
    )


def test_the_host_is_named_where_the_installation_names_one() -> None:
    assert plain_truth("look", hosted_by="Fernshire Council").endswith("whoever runs this server (Fernshire Council).")


def test_nothing_is_promised_of_a_record_nobody_has_thought_about() -> None:
    with pytest.raises(KeyError):
        plain_truth("diary")


@pytest.mark.parametrize("key", RECORD_CLASSES)
def test_every_class_says_who_answers_for_it_and_for_how_long(key: str) -> None:
    each = RECORD_CLASSES[key]
    assert each.key == key
    assert all((each.name, each.holds, each.holder, each.meant_for, each.kept, each.authority, each.foi_note))
    assert plain_truth(key).count(". ") == 0
    assert not {"exempt", "refuse", "withhold"} & set(each.foi_note.lower().split())


def test_every_way_is_explained() -> None:
    assert list(REACH_SAYS) == list(Reach)
