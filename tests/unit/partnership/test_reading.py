"""Reading a constitution file: what is accepted, and what is said of what is not."""
# ruff: noqa: E501  (files and messages stand here as they are written)

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convenor.partnership.rules.checking import RULES, check
from convenor.partnership.rules.constitution import ConstitutionError, ExOfficio, Places
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.roll import Roll
from convenor.partnership.rules.structure import describe
from convenor.partnership.rules.vocabulary import Part, PartnershipKind, Status
from tests.unit.partnership.sound import SOUND, changed, constitution

LEAST = '[partnership]\nid = "x"\nname = "X"\nkind = "charitable company"\n'


def said(text: str) -> list[str]:
    """Everything said of a file that cannot be read."""
    with pytest.raises(ConstitutionError) as refused:
        parse(text)
    return [problem.message for problem in refused.value.problems]


def test_least_file_is_a_constitution() -> None:
    least = parse(LEAST)
    assert (least.id, least.kind, least.status, least.bodies) == ("x", PartnershipKind.CHARITABLE_COMPANY, Status.IN_USE, ())


def test_words_of_choice_may_be_spelt_freely() -> None:
    read = constitution(('kind = "sub-group"', 'kind = "Sub Group"'), ('part = "co-chair"', 'part = "Co_Chair"'))
    assert (read.bodies[1].kind, read.bodies[1].seats[0].part) == ("sub-group", Part.CO_CHAIR)
    assert (
        parse(
            LEAST
            + '[[tier]]\nkey = "t"\nname = "T"\nhue = "board"\n[[body]]\nid = "b"\nname = "B"\ntier = "t"\nkind = "Members’ meeting"\n'
        )
        .bodies[0]
        .kind
        == "members-meeting"
    )


@pytest.mark.parametrize(
    ("written", "places"),
    [
        ("2", Places(2, 2)),
        ('"2"', Places(2, 2)),
        ('"2 or 3"', Places(2, 3)),
        ('"6 to 8"', Places(6, 8)),
        ('"6–8"', Places(6, 8)),
        ('"6-8"', Places(6, 8)),
        ('"Up  to 4"', Places(0, 4)),
        ('"at least 5"', Places(5, None)),
        ('"any number"', Places(0, None)),
        ("0", Places(0, 0)),
    ],
)
def test_count_is_read(written: str, places: Places) -> None:
    assert constitution(('places = "up to 4"', f"places = {written}")).bodies[2].seats[2].places == places


@pytest.mark.parametrize(("written", "months"), [("1 year", 12), ("2 years", 24), ("18 Months", 18), ("1 month", 1)])
def test_term_is_read_in_months(written: str, months: int) -> None:
    assert constitution(('term = "4 years"', f'term = "{written}"')).bodies[0].seats[0].term_months == months


def test_day_may_stand_in_quotes() -> None:
    assert constitution(("review_on = 2030-01-01", 'review_on = "2030-01-01"')).review_on == date(2030, 1, 1)


def test_numbers_may_stand_without_quotes_where_they_are_codes() -> None:
    read = constitution(('code = "999"', "code = 999"), ('school = "900003"\nphase', "school = 900003\nphase"))
    assert (read.areas[0].code, read.members[2].school) == ("999", "900003")


def test_ex_officio_takes_one_or_several() -> None:
    written = '{ part = ["chair", "lead"], bodies = ["coast", "under: board", "tier:alliance"] }'
    read = constitution(('{ part = "chair", bodies = "kind:sub-group" }', written))
    assert read.bodies[0].seats[2].ex_officio == ExOfficio((Part.CHAIR, Part.LEAD), ("coast", "under:board", "tier:alliance"))


def test_own_kinds_and_roles_are_known() -> None:
    read = parse(
        changed(('kind = "alliance"', 'kind = "Harbour group"'), ('who = ["independent"]', 'who = ["harbour master"]'))
        + '\n[kinds]\n"Harbour group" = "Harbour group"\n\n[roles]\nharbour-master = "Harbour master"\n'
    )
    assert (read.kinds, read.roles) == ((("harbour-group", "Harbour group"),), (("harbour-master", "Harbour master"),))
    assert (read.bodies[2].kind, read.bodies[0].seats[0].who) == ("harbour-group", ("harbour-master",))


def test_broken_toml_names_the_line() -> None:
    messages = said('[partnership]\nid = "x\n')
    assert len(messages) == 1
    assert messages[0].startswith("The file cannot be read as TOML: ")
    assert "line 2" in messages[0]


def test_empty_file_is_told_how_to_begin() -> None:
    assert said("") == ["The file has no [partnership] table: begin it with [partnership] and its id, name and kind."]


def test_all_mistakes_are_named_at_once() -> None:
    text = changed(
        ('hue = "alliance"', 'hue = "allaince"'),
        ('places = "2 or 3"', 'places = "two"'),
        ("quorum = 3", 'quorom = 3\nmeetings_a_year = "three"'),
        ('person = "Quill"\n', ""),
    )
    assert said(text) == [
        'tier 2 ("alliance"): hue should be one of: cluster, alliance, board; did you mean "alliance"?',
        'body 1 ("board"): "quorom" is not something it may hold; did you mean "quorum"?',
        'body 1 ("board"): meetings_a_year should be a whole number without quotes, at least 1.',
        'seat 1 ("co-chairs") of body "inclusion": places should be a number, or words such as "2 or 3", "6 to 8", "up to 4", '
        '"at least 5" or "any number".',
        "appointment 1: person is missing; every appointment needs one.",
    ]


def test_problem_of_a_file_has_its_body_and_rule() -> None:
    with pytest.raises(ConstitutionError) as refused:
        parse(changed(('places = "2 or 3"', 'places = "two"\npartt = "chair"'), ('id = "dunes"\n', "")))
    assert [(problem.body, problem.rule, problem.severity.value) for problem in refused.value.problems] == [
        ("inclusion", "unknown-key", "error"),
        ("inclusion", "wrong-value", "error"),
        ("", "missing", "error"),
    ]
    assert str(refused.value) == "\n".join(problem.message for problem in refused.value.problems)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Inclusion"', 'name = " "', 'body 2 ("inclusion"): name should be words in quotes, such as "Strategic Board"; '
         "leave the line out if there is nothing to say."),
        ('id = "coast"', 'id = "The Coast"', 'body 3 ("The Coast"): id should be a short name of small letters, figures and hyphens in quotes, '
         'such as "primary-board".'),
        ('school = "900001"\nname', 'school = "90A"\nname', 'member 1 ("90A"): school should be the school\'s URN in quotes, such as "100000".'),
        ('code = "999"', "code = true", 'area 1: code should be the local authority\'s three-digit code in quotes, such as "916".'),
        ("independent = true", 'independent = "yes"', 'seat 1 ("chair") of body "board": independent should be true or false, without quotes.'),
        ("quorum = 3", "quorum_percent = 101", 'body 1 ("board"): quorum_percent should be a whole number without quotes, at least 1 and at most 100.'),
        ("quorum = 3", "quorum = true", 'body 1 ("board"): quorum should be a whole number without quotes, at least 1.'),
        ("review_on = 2030-01-01", 'review_on = "1 Sept 2030"', "[partnership]: review_on should be a day written year-month-day without quotes, "
         "such as 2026-09-01."),
        ("review_on = 2030-01-01", "review_on = 2030-01-01T09:00:00", "[partnership]: review_on should be a day written year-month-day without "
         "quotes, such as 2026-09-01."),
        ('kind = "alliance"', "kind = 7", 'body 3 ("coast"): kind should be one of: board, shadow-board, steering-group, sub-group, committee, panel, '
         "forum, members-meeting, alliance, consortium, area-group, cluster, network, hub, task-and-finish-group. "
         "A word of your own goes under [kinds]."),
        ('term = "4 years"', "term = 4", 'seat 1 ("chair") of body "board": term should be a length in words, such as "2 years" or "18 months".'),
        ('term = "4 years"', 'term = "0 years"', 'seat 1 ("chair") of body "board": term should be a length in words, such as "2 years" or "18 months".'),
        ('places = "up to 4"', "places = -1", 'seat 3 ("members") of body "coast": places should be a number, or words such as "2 or 3", "6 to 8", '
         '"up to 4", "at least 5" or "any number".'),
        ('bodies = "kind:sub-group" }', 'bodies = "kind:sub-group", of = 1 }', 'seat 3 ("sub-group-chairs") of body "board": ex_officio should be written '
         '{ part = "chair", bodies = "kind:sub-group" }, with both and nothing else.'),
        ('{ part = "chair", bodies = "kind:sub-group" }', '{ part = [], bodies = "kind:sub-group" }', 'seat 3 ("sub-group-chairs") of body "board": '
         "ex_officio should name at least one part and at least one body."),
        ('bodies = "kind:sub-group" }', 'bodies = "kind:" }', 'seat 3 ("sub-group-chairs") of body "board": ex_officio should be the id of a body, or a '
         'group of bodies such as "kind:sub-group", "tier:alliance" or "under:board".'),
        ('bodies = "kind:sub-group" }', "bodies = 5 }", 'seat 3 ("sub-group-chairs") of body "board": ex_officio should be the id of a body, or a '
         'group of bodies such as "kind:sub-group", "tier:alliance" or "under:board".'),
    ],
)  # fmt: skip
def test_wrong_value_is_refused_with_its_remedy(old: str, new: str, message: str) -> None:
    assert said(changed((old, new))) == [message]


def test_seat_by_itself_is_sent_under_its_body() -> None:
    assert said(SOUND + '\n[[seat]]\nid = "x"\ntitle = "X"\n') == [
        'the file: "seat" is not something it may hold; write [[body.seat]] under the body it belongs to.'
    ]


def test_unlike_anything_known_lists_what_is() -> None:
    assert said(changed(('code = "999"', 'code = "999"\nzzz = 1'))) == [
        'area 1 ("999"): "zzz" is not something it may hold; it may hold: code, name, from, until.'
    ]


def test_single_brackets_are_sent_back() -> None:
    assert said(LEAST + '[body]\nid = "b"\n') == ["[[body]] should be written in double square brackets, once for each body."]
    assert said(LEAST + "body = [1]\n") == [
        '[partnership]: "body" is not something it may hold; it may hold: id, name, kind, purpose, status, from, until, review_on, note, sources, not_found.'
    ]


@pytest.mark.parametrize("words", ["[kinds]\nforum = 1\n", '[kinds]\n"---" = "A"\n', '[[kinds]]\nforum = "A"\n'])
def test_own_words_need_a_name_and_a_title(words: str) -> None:
    assert said(LEAST + words) == ['[kinds] should hold a short name and a title on each line, such as police = "Police".']


def test_curly_quotation_marks_are_pointed_out() -> None:
    messages = said("[partnership]\nid = “x”\n")
    assert messages[0].endswith('The file holds curly quotation marks; write straight ones, ".')


def test_mark_that_windows_puts_first_is_passed_over() -> None:
    assert parse("\ufeff" + LEAST).id == "x"


@pytest.mark.parametrize("monster", ["x = " + "[" * 20_000, "x = " + "9" * 5_000])
def test_monstrous_file_is_refused(monster: str) -> None:
    assert said(monster)[0].startswith("The file cannot be read as TOML: ")


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_day_out_of_all_reason_is_refused(day: str) -> None:
    assert said(changed(("review_on = 2030-01-01", f"review_on = {day}"))) == [
        "[partnership]: review_on should be a day written year-month-day without quotes, such as 2026-09-01."
    ]


LINES = SOUND.split("\n")


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, len(LINES) - 1), st.sampled_from(["drop", "twice", "empty", "number", "word", "table"])), max_size=6),
    st.dates(date(2019, 1, 1), date(2035, 1, 1)),
)
def test_any_mangled_file_is_refused_or_checked(mangles: list[tuple[int, str]], on: date) -> None:
    lines = list(LINES)
    for number, how in mangles:
        name, equals, value = lines[number].partition(" = ")
        if equals:
            changed_to = {"drop": "", "twice": f"{name} = {value}", "empty": f'{name} = ""', "number": f"{name} = 7"}
            lines[number] = changed_to.get(how, f'{name} = "board"' if how == "word" else f"{name} = {{ a = 1 }}")
        elif how == "drop":
            lines[number] = ""
    try:
        read = parse("\n".join(lines))
    except ConstitutionError:
        return
    assert {problem.rule for problem in check(read, on)} <= set(RULES)
    assert [body.id for body in describe(read, on).bodies] == [body.id for body in Roll(read).bodies(on)]
