"""Every rule broken once, each by one change to a constitution that breaks none."""
# ruff: noqa: E501  (files and messages stand here as they are written)

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from convenor.partnership.rules.checking import RULES, check, has_errors
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.vocabulary import Severity
from tests.unit.partnership.sound import DAY, SOUND, appointment, broken, changed


@dataclass(frozen=True)
class Breach:
    """A change to the sound file and the rules it breaks, each with its body."""

    expected: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, str], ...] = ()
    add: str = ""
    on: date = DAY
    text: str = ""

    @property
    def file(self) -> str:
        return self.text or changed(*self.changes, add=self.add)


def one(rule: str, body: str, *changes: tuple[str, str], add: str = "", on: date = DAY, also: tuple[tuple[str, str], ...] = ()) -> Breach:
    return Breach(((rule, body), *also), changes, add, on)


HARBOUR = 'id = "harbour"\nname = "Harbour Cluster"\nkind = "cluster"\ntier = "cluster"\nreports_to = "coast"'
DUNES = 'id = "dunes"\nname = "Dunes Cluster"\nkind = "cluster"\ntier = "cluster"\nreports_to = "coast"'
COAST = 'id = "coast"\nname = "Coast Alliance"\nkind = "alliance"\ntier = "alliance"\nreports_to = "board"'
INCLUSION = 'id = "inclusion"\nname = "Inclusion"\nkind = "sub-group"\ntier = "board"\nreports_to = "board"'
CHAIR = 'id = "chair"\ntitle = "Chair"\npart = "chair"'
HEADS = 'title = "Primary head"\nplaces = "1 or 2"'
LEAD = 'id = "lead"\ntitle = "Lead head"\npart = "lead"'
FENWHISTLE = 'person = "Fenwhistle"\nrole = "headteacher"\nschool = "900001"\nfrom = 2025-09-01\nuntil = 2027-09-01'
QUILL = 'person = "Quill"\nrole = "independent"\nfrom = 2024-09-01\nuntil = 2028-09-01'
WASH = 'person = "Wash"\nfrom = 2025-09-01'
PENNYROYAL = 'seat = "members"\nperson = "Pennyroyal"\nfrom = 2025-09-01'
GROUP = '\n[[body]]\nid = "group"\nname = "Attendance"\nkind = "task-and-finish group"\ntier = "board"\nreports_to = "board"\n'
OLD = '\n[[body]]\nid = "old"\nname = "Old Board"\nkind = "board"\ntier = "board"\nuntil = 2026-01-01\n'
BOARD_TIER = '\n[[tier]]\nkey = "board"\nname = "Board"\nhue = "board"\n'

BREACHES = [
    Breach((("partnership-empty", ""),), text='[partnership]\nid = "x"\nname = "X"\nkind = "charitable company"\n'),
    Breach((("partnership-empty", ""),), text=f'[partnership]\nid = "x"\nname = "X"\nkind = "charitable company"\n{BOARD_TIER}{OLD}'),
    one("partnership-not-in-force", "", on=date(2019, 12, 31)),
    one("id-repeated", "dunes", add='\n[[body]]\nid = "dunes"\nname = "Twin"\nkind = "cluster"\ntier = "cluster"\nreports_to = "coast"\n'),
    one("id-repeated", "", add='\n[[tier]]\nkey = "board"\nname = "Twin"\nhue = "board"\n\n[[source]]\nid = "papers"\ntitle = "Papers"\n'),
    one("id-repeated", "", add='\n[[source]]\nid = "terms"\ntitle = "Twin"\n'),
    one("id-repeated", "", add='\n[[area]]\ncode = "999"\nname = "Twin"\n'),
    one("id-repeated", "coast", (LEAD, LEAD + '\n\n[[body.seat]]\n' + LEAD.replace("Lead head", "Twin")), also=(("two-seats-one-person", "coast"),)),
    one("tier-unknown", "dunes", (DUNES, DUNES.replace('tier = "cluster"', 'tier = "clutser"'))),
    one("body-unknown", "board", ('members = "4 to 6"', 'members = "4 to 6"\nreplaces = ["council"]')),
    one("body-unknown", "", ('bodies = ["board"]', 'bodies = ["bored", "board"]')),
    one("body-unknown", "", ('bodies = ["board"]', 'bodies = ["under:bored", "tier:board"]')),
    one("body-unknown", "", ('bodies = ["board"]', 'bodies = ["tier:bored", "kind:sub-group", "under:board"]')),
    one("body-unknown", "", ('bodies = ["board"]', 'bodies = ["kind:bored", "board"]')),
    one("body-unknown", "", ('bodies = ["dunes"]', 'bodies = ["dunes", "downs"]')),
    one("seat-unknown", "bored", add=appointment("bored", "chair", "Brine")),
    one("seat-unknown", "board", add=appointment("board", "chairs", "Brine")),
    one("source-unknown", "", ('sources = ["terms"]', 'sources = ["term"]')),
    one("source-unknown", "board", ('members = "4 to 6"', 'members = "4 to 6"\nsources = ["term"]')),
    one("source-unknown", "board", (CHAIR, CHAIR + '\nsources = ["term"]')),
    one("source-unknown", "", ('name = "Clusters"', 'name = "Clusters"\nsources = ["term"]')),
    one("reports-to-unknown", "dunes", (DUNES, DUNES.replace('"coast"', '"coats"'))),
    one("reports-to-ended", "dunes", (DUNES, DUNES.replace('"coast"', '"old"')), add=OLD),
    one("reports-to-lower-tier", "coast", (COAST, COAST.replace('"board"', '"dunes"')), (DUNES, DUNES.replace('"coast"', '"board"'))),
    one(
        "reports-in-a-circle", "board", ('kind = "board"\ntier = "board"', 'kind = "board"\ntier = "board"\nreports_to = "inclusion"')
    ),
    one("reports-in-a-circle", "inclusion", (INCLUSION, INCLUSION.replace('to = "board"', 'to = "inclusion"'))),
    one(
        "two-reporting-lines",
        "dunes",
        (DUNES, DUNES + '\n[[body.reporting_line]]\nto = "coast"\nuntil = 2027-01-01\n[[body.reporting_line]]\nto = "board"\nfrom = 2026-12-01'),
    ),
    one("dates-reversed", "", ('code = "999"\nname = "Marlshire"', 'code = "999"\nname = "Marlshire"\nfrom = 2023-04-01\nuntil = 2023-04-01')),
    one("dates-reversed", "", ('at_most = 1', 'at_most = 1\nfrom = 2023-04-02\nuntil = 2023-04-01')),
    one("dates-reversed", "", ('per = ["school", "trust", "federation"]', 'per = "trust"\nfrom = 2023-04-02\nuntil = 2023-04-01')),
    one("dates-reversed", "coast", add=appointment("coast", "members", "Brine", "from = 2024-01-01\nuntil = 2023-01-01")),
    one("dates-outside", "dunes", (DUNES, DUNES + "\nfrom = 2019-01-01")),
    one("dates-outside", "", ('bodies = ["dunes"]', 'bodies = ["dunes"]\nfrom = 2019-12-31')),
    one(
        "dates-outside", "group", add=GROUP + 'until = 2027-01-01\nchair = "none"\n[[body.seat]]\nid = "m"\ntitle = "M"\nuntil = 2027-02-01\n'
        + appointment("group", "m", "Brine")
    ),
    one("dates-outside", "old", add=OLD + '[[body.reporting_line]]\nto = "board"\nfrom = 2026-01-01\n'),
    one("dates-outside", "group", add=GROUP + 'from = 2026-01-01\nuntil = 2027-01-01\n[[body.reporting_line]]\nto = "board"\nuntil = 2026-01-01\n'),
    one("places-reversed", "coast", ('places = "up to 4"', 'places = "4 to 1"'), also=(("vacancy", "coast"),)),
    one("places-reversed", "", ("at_least = 1\nat_most = 1", "at_least = 2\nat_most = 1"), also=(("in-none-of-a-kind", ""),) * 3),
    one("end-date-missing", "group", add=GROUP),
    one("chair-missing", "group", add=GROUP + 'until = 2027-01-01\n[[body.seat]]\nid = "m"\ntitle = "M"\nplaces = "up to 2"\n'),
    one("two-chairs", "board", (CHAIR, CHAIR + '\nplaces = "1 or 2"')),
    one("two-chairs", "board", (CHAIR, CHAIR + '\nplaces = "at least 1"')),
    one(
        "two-chairs", "inclusion", ('part = "co-chair"\nplaces = "2 or 3"\nwho = ["headteacher"]',
        'part = "co-chair"\nplaces = "2 or 3"\nwho = ["headteacher"]\n\n[[body.seat]]\nid = "chair"\ntitle = "Chair"\npart = "chair"\nplaces = "up to 1"'),
    ),
    one("co-chairs-too-few", "inclusion", ('part = "co-chair"\nplaces = "2 or 3"', 'part = "co-chair"'), also=(("too-many-holders", "inclusion"),)),
    one("deputy-without-chair", "group", add=GROUP + 'until = 2027-01-01\nchair = "none"\n[[body.seat]]\nid = "d"\ntitle = "D"\npart = "deputy"\nplaces = "up to 1"\n'),
    one("quorum-too-large", "board", ("quorum = 3", "quorum = 7"), also=(("quorum-out-of-reach", "board"),)),
    one("quorum-too-large", "group", add=GROUP + 'until = 2027-01-01\nquorum = 3\n[[body.seat]]\nid = "l"\ntitle = "L"\npart = "lead"\nplaces = "up to 2"\n',
        also=(("chair-empty", "group"),)),
    one("quorum-twice", "board", ("quorum = 3", "quorum = 3\nquorum_percent = 50")),
    one("too-many-holders", "coast", add=appointment("coast", "lead", "Brine")),
    one("members-too-many", "board", ('members = "4 to 6"', 'members = "2 or 3"')),
    one("appointments-overlap", "coast", add=appointment("coast", "members", "Pennyroyal", "from = 2030-01-01")),
    one("appointments-overlap", "coast", add=appointment("coast", "lead", "Brine", "from = 2027-01-01")),
    one("appointments-overlap", "coast", (WASH, 'person = "Wash"\nuntil = 2026-01-01'), add=appointment("coast", "lead", "Brine")),
    one("ex-officio-source-missing", "board", ('bodies = "kind:sub-group"', 'bodies = ["kind:subgroup", "inclusion"]')),
    one("ex-officio-source-missing", "coast", (LEAD, LEAD + '\nhow = "ex officio"')),
    one("ex-officio-by-hand", "board", add=appointment("board", "sub-group-chairs", "Brine")),
    one("role-not-allowed", "board", (FENWHISTLE, FENWHISTLE.replace('"headteacher"', '"governor"'))),
    one("phase-not-allowed", "board", (FENWHISTLE, FENWHISTLE + '\nphase = "special"')),
    one("type-not-allowed", "board", (FENWHISTLE, FENWHISTLE + '\ntype = "free-school"')),
    one("cap-broken", "board", (FENWHISTLE, FENWHISTLE.replace('"900001"', '"900003"'))),
    one("cap-broken", "board", (FENWHISTLE, FENWHISTLE + '\ntrust = "Beacon Trust"')),
    one("cap-broken", "board", (FENWHISTLE, FENWHISTLE + '\nfederation = "Shingle Federation"')),
    one("not-independent", "board", (QUILL, QUILL + '\nschool = "900002"'), ('who = ["senior-leader", "trust-leader"]', 'who = ["governor"]')),
    one("not-independent", "board", (QUILL, QUILL + '\ntrust = "Beacon Trust"')),
    one("not-independent", "board", (QUILL, QUILL + '\nfederation = "Shingle Federation"')),
    one("not-a-member", "coast", (PENNYROYAL, PENNYROYAL + "\nuntil = 2026-01-01")),
    one("two-seats-one-person", "coast", add=appointment("coast", "members", "Wash")),
    one("two-seats-one-person", "board", (FENWHISTLE, FENWHISTLE.replace("Fenwhistle", "Brack")), also=(("members-too-few", "board"),)),
    one("term-too-long", "board", (FENWHISTLE, FENWHISTLE.replace("2027-09-01", "2027-09-02"))),
    one(
        "too-many-terms",
        "board",
        add=appointment("board", "heads", "Fenwhistle", "from = 2023-09-01\nuntil = 2025-08-01")
        + appointment("board", "heads", "Fenwhistle", "from = 2021-09-01\nuntil = 2023-09-01"),
    ),
    one("member-repeated", "", add='\n[[member]]\nschool = "900003"\nphase = "primary"\nbodies = ["dunes"]\nfrom = 2030-01-01\n'),
    one("too-many-of-a-kind", "dunes", ('bodies = ["dunes"]', 'bodies = ["dunes", "harbour"]'), also=(("schools-too-many", "harbour"),)),
    one("schools-too-many", "harbour", ('schools = "1 to 2"', 'schools = 1')),
    one("no-reporting-line", "dunes", (DUNES, DUNES.replace('\nreports_to = "coast"', ""))),
    one("no-reporting-line", "inclusion", (INCLUSION, INCLUSION.replace('\nreports_to = "board"', ""))),
    Breach(
        tuple(("review-date-missing", body) for body in ("board", "inclusion", "harbour", "dunes")),
        (("\nreview_on = 2030-01-01", ""), (COAST, COAST + "\nreview_on = 2030-01-01")),
    ),
    one("review-overdue", "coast", (COAST, COAST + "\nreview_on = 2026-11-21")),
    one("vacancy", "board", (FENWHISTLE, FENWHISTLE.replace("2027-09-01", "2026-09-01")), also=(("members-too-few", "board"),)),
    one("members-too-few", "board", ('members = "4 to 6"', 'members = "at least 5"')),
    one("chair-empty", "coast", (LEAD, LEAD + '\nplaces = "up to 1"'), (WASH, WASH + "\nuntil = 2026-01-01")),
    one("quorum-out-of-reach", "board", ("quorum = 3", "quorum = 5")),
    one("ex-officio-source-empty", "board", ('bodies = "kind:sub-group"', 'bodies = "dunes"'), also=(("members-too-few", "board"), ("quorum-out-of-reach", "board"))),
    one("cannot-tell", "board", (FENWHISTLE, FENWHISTLE.replace('school = "900001"', 'school = "900009"\nphase = "primary"'))),
    one("cannot-tell", "board", (QUILL, QUILL.replace('role = "independent"\n', ""))),
    one("cannot-tell", "board", (QUILL, QUILL.replace('role = "independent"', 'trust = "Tern Trust"')), ('who = ["independent"]', "independent = false"),
        ("independent = true\n", "")),
    one("filled-another-way", "board", (FENWHISTLE, FENWHISTLE + '\nhow = "nomination"')),
    one("term-ended", "board", (FENWHISTLE, FENWHISTLE.replace("from = 2025-09-01\nuntil = 2027-09-01", "from = 2024-11-21"))),
    one("term-ending", "board", (FENWHISTLE, FENWHISTLE.replace("2027-09-01", "2027-05-21"))),
    one("schools-too-few", "harbour", ('schools = "1 to 2"', 'schools = "at least 3"')),
    one("in-none-of-a-kind", "", ('bodies = ["dunes"]', "bodies = []")),
    one("phase-not-served", "harbour", ('phases = ["primary", "secondary"]', 'phases = ["primary"]')),
    one("nobody-sits", "dunes", (DUNES, DUNES + '\nchair = "none"\n\n[[body.seat]]\nid = "m"\ntitle = "Head"\nplaces = "any number"')),
    one("urn-not-six-figures", "", ('school = "900002"\nphase', 'school = "90002"\nphase')),
    one("spelt-almost-alike", "", (FENWHISTLE, FENWHISTLE + '\nfederation = "Shingel Federation"')),
    one("until-a-day-early", "board", (FENWHISTLE, FENWHISTLE.replace("2027-09-01", "2027-08-31"))),
    one("member-of-ended-body", "old", ('bodies = ["dunes"]', 'bodies = ["dunes", "old"]'), add=OLD),
]  # fmt: skip


def test_sound_constitution_breaks_nothing() -> None:
    assert broken() == []


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.expected[0][0])
def test_breach_is_named(breach: Breach) -> None:
    problems = check(parse(breach.file), breach.on)
    assert sorted((problem.rule, problem.body) for problem in problems) == sorted(breach.expected)


def test_every_rule_is_broken_once() -> None:
    assert {rule for breach in BREACHES for rule, _ in breach.expected} == set(RULES)


@pytest.mark.parametrize("breach", BREACHES, ids=lambda breach: breach.expected[0][0])
def test_message_is_a_sentence_with_no_code_in_it(breach: Breach) -> None:
    for problem in check(parse(breach.file), breach.on):
        assert (problem.message[0].isupper() or problem.message[0].isdigit(), problem.message[-1] in ".?") == (True, True)
        assert "None" not in problem.message


def test_errors_come_first() -> None:
    problems = check(
        parse(changed((LEAD, LEAD + '\nplaces = "up to 1"'), (WASH, WASH + "\nuntil = 2026-01-01"), ("quorum = 3", "quorum = 7"))), DAY
    )
    assert [problem.severity for problem in problems] == [Severity.ERROR, Severity.WARNING, Severity.WARNING]
    assert has_errors(problems) is True
    assert has_errors(problems[1:]) is False


def test_sound_is_as_written() -> None:
    assert changed() == SOUND


def test_body_may_replace_another() -> None:
    assert broken(('members = "4 to 6"', 'members = "4 to 6"\nreplaces = ["old"]'), add=OLD) == []


def test_independence_is_judged_by_any_school_where_no_members_are_listed() -> None:
    text = SOUND[: SOUND.index("[[member]]")] + SOUND[SOUND.index("[[appointment]]") :]
    bare = text.replace('[[belonging]]\nkind = "cluster"\nat_least = 1\nat_most = 1\n', "")
    free = [problem.rule for problem in check(parse(bare), DAY)]
    bound = [problem.rule for problem in check(parse(bare.replace(QUILL, QUILL + '\nschool = "900777"')), DAY)]
    assert (free.count("not-independent"), bound.count("not-independent")) == (0, 1)


def test_terms_with_a_summer_between_run_on_and_with_a_year_between_do_not() -> None:
    def terms(*until: str) -> list[tuple[str, str]]:
        earlier = zip(("2021-09-01", "2023-09-01"), until, strict=True)
        rows = [appointment("board", "heads", "Fenwhistle", f"from = {first}\nuntil = {last}") for first, last in earlier]
        return broken(add="".join(rows) + appointment("board", "heads", "Fenwhistle", "from = 2027-09-01\nuntil = 2029-09-01"))

    assert terms("2023-07-20", "2025-07-20") == [("too-many-terms", "board")]
    assert terms("2022-09-01", "2025-07-20") == []


def test_person_who_has_left_is_not_in_too_many_terms() -> None:
    gone = "".join(appointment("board", "heads", "Brine", f"from = {year}-01-01\nuntil = {year + 1}-01-01") for year in (2021, 2022, 2023))
    assert broken(add=gone) == []


def test_rules_of_a_day_are_judged_on_that_day_only() -> None:
    later = ('bodies = ["dunes"]\n', 'bodies = ["dunes"]\nuntil = 2027-01-01\n')
    moved = '\n[[member]]\nschool = "900003"\nbodies = ["dunes", "harbour"]\nfrom = 2027-01-01\n'
    assert broken(later, add=moved) == []
    assert sorted(broken(later, add=moved, on=date(2027, 1, 1))) == sorted(
        [("schools-too-many", "harbour"), ("too-many-of-a-kind", "dunes")]
    )
