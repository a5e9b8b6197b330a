"""Letters to many: one's own to each, nobody's address in another's, consent kept, and no more of them without an account."""

import pytest
from django.core import mail

from convenor.contacts.actions import (
    begin_practice,
    drop_circular,
    note_bounce,
    send_circular,
    set_contact,
    stop_circulars,
    write_circular,
)
from convenor.contacts.models import Circular, Contact, LeftOut
from convenor.contacts.queries.circulars import circular, circulars, filters, stop_key, stop_of
from convenor.contacts.rules.refusals import AlreadySent, ChangedMeanwhile, NobodyToWriteTo, NotAContact
from convenor.journal.models import Entry
from convenor.partnership.gate import NotAllowed
from convenor.partnership.rules.refusals import NotThere, Refused
from convenor.post.actions import deliver_waiting
from convenor.post.models import Letter
from tests.factories.partnership import AT, SLUG, World, world

pytestmark = pytest.mark.django_db
SITE = "https://here.example"
PEOPLE = [
    ("990001", "head", "Ada Example", "head@fernhollow.example"),
    ("990002", "head", "Ada Example", "head@fernhollow.example"),
    ("990005", "head", "Dele Stone", "head@dunmarsh.example"),
    ("990005", "senco", "Sol Carr", "senco@dunmarsh.example"),
    ("990003", "head", "", ""),
]


@pytest.fixture
def here() -> World:
    found = world()
    for urn, role, name, email in PEOPLE:
        set_contact(slug=SLUG, urn=urn, role=role, name=name or "Not known", email=email, by="the test", at=AT)
    return found


def written(here: World, **given: object) -> Circular:
    said = {
        "slug": SLUG,
        "subject": "The autumn  conference",
        "words": "Come on Friday.",
        "roles": ["head"],
        "by": here["manager"],
        "at": AT,
    }
    return write_circular(**said | given)


def sent(here: World, row: Circular, **given: object) -> object:
    return send_circular(
        **{"slug": SLUG, "circular_id": row.pk, "version": row.version, "site": SITE, "by": here["manager"], "at": AT} | given
    )


def test_each_address_gets_one_letter_with_no_other_address_in_it(here: World) -> None:
    row = written(here)
    sent(here, row)
    row.refresh_from_db()
    letters = {each.to_address: each for each in Letter.objects.all()}
    assert sorted(letters) == ["head@dunmarsh.example", "head@fernhollow.example"]
    assert "head of Fernhollow Primary School; head of Ashwater Primary School" not in letters["head@dunmarsh.example"].body
    assert [each.body.count("@") for each in letters.values()] == [0, 0]
    assert [each.subject for each in letters.values()] == ["The autumn conference"] * 2
    assert (row.sent_at, row.letters, row.schools, row.left) == (AT, 2, 3, {"no address": 1})
    assert Entry.objects.get(verb="circular.sent").detail == {"letters": 2, "schools": 3}


def test_page_shows_who_gets_it_and_who_not_and_never_an_address(here: World) -> None:
    seen = circular(SLUG, written(here).pk, viewer=here["manager"], at=AT)
    assert [(each.name, each.standing_for) for each in seen.readers] == [
        ("Ada Example", ("head of Ashwater Primary School", "head of Fernhollow Primary School")),
        ("Dele Stone", ("head of Dunmarsh High School",)),
    ]
    assert [(each.standing_for, each.why) for each in seen.left] == [
        ("head of Brookmoor Church of England Primary School", "no e-mail address is known")
    ]
    assert "@" not in repr(seen)


def test_filter_narrows_by_role_phase_and_body(here: World) -> None:
    assert [key for key, _ in filters(SLUG, viewer=here["manager"], at=AT).phases] == ["Primary", "Secondary", "Special"]

    def readers(**given: object) -> list[str]:
        return [each.name for each in circular(SLUG, written(here, **given).pk, viewer=here["manager"], at=AT).readers]

    assert readers(roles=["senco"]) == ["Sol Carr"]
    assert readers(phases=["Primary"]) == ["Ada Example"]
    assert readers(clusters=["south-cluster"]) == ["Dele Stone"]


def test_one_who_said_no_and_one_whose_letters_come_back_are_left(here: World) -> None:
    set_contact(slug=SLUG, urn="990005", role="head", name="Dele Stone", email="head@dunmarsh.example", consent="no", by="the test", at=AT)
    note_bounce(address="head@fernhollow.example", why="550", by="the system", at=AT)
    row = written(here)
    with pytest.raises(NobodyToWriteTo, match="Nobody of this list can be written to"):
        sent(here, row)
    assert Letter.objects.count() == 0


def test_letter_leaves_once(here: World) -> None:
    row = written(here)
    sent(here, row)
    for again in (
        lambda: sent(here, row),
        lambda: written(here, circular_id=row.pk),
        lambda: drop_circular(slug=SLUG, circular_id=row.pk, by=here["manager"], at=AT),
    ):
        with pytest.raises(AlreadySent, match="has left already"):
            again()
    assert Letter.objects.count() == 2


def test_letter_changed_by_another_is_looked_at_again_before_it_leaves(here: World) -> None:
    row = written(here)
    written(here, circular_id=row.pk, version=row.version, words="Come on Saturday.")
    with pytest.raises(ChangedMeanwhile, match="Somebody changed this letter"):
        sent(here, row)
    assert Letter.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "kind", "said"),
    [
        ({"words": "Your school is in special measures."}, Refused, "A letter never carries a concern"),
        ({"subject": " "}, Refused, "A letter needs a subject"),
        ({"roles": []}, NotAContact, "Choose to whom it goes"),
        ({"roles": ["caretaker"]}, NotAContact, "Choose to whom it goes"),
    ],
)
def test_letter_that_may_not_be_posted_is_refused_in_words(here: World, given: dict[str, object], kind: type[Exception], said: str) -> None:
    with pytest.raises(kind, match=said):
        written(here, **given)
    assert Circular.objects.count() == 0


def test_nobody_but_the_manager_writes_to_many_or_sees_what_was_written(here: World) -> None:
    row = written(here)
    for who, viewer in here.viewers.items():
        if who == "manager":
            continue
        assert (
            circulars(SLUG, viewer=viewer, at=AT),
            circular(SLUG, row.pk, viewer=viewer, at=AT),
            filters(SLUG, viewer=viewer, at=AT),
        ) == (None,) * 3
        assert stop_key(SLUG, "head@dunmarsh.example", viewer=viewer) == ""
        for do in (
            lambda viewer=viewer: written(here, by=viewer),
            lambda viewer=viewer: sent(here, row, by=viewer),
            lambda viewer=viewer: drop_circular(slug=SLUG, circular_id=row.pk, by=viewer, at=AT),
        ):
            with pytest.raises(NotAllowed):
                do()
    assert (Circular.objects.count(), Letter.objects.count()) == (1, 0)


def test_draft_may_be_thrown_away_once(here: World) -> None:
    row = written(here)
    drop_circular(slug=SLUG, circular_id=row.pk, by=here["manager"], at=AT)
    with pytest.raises(NotThere, match="There is no such letter"):
        drop_circular(slug=SLUG, circular_id=row.pk, by=here["manager"], at=AT)


@pytest.mark.django_db(transaction=True)
def test_in_practice_nothing_leaves_and_the_letter_stays_to_be_sent(here: World) -> None:
    begin_practice(slug=SLUG, by=here["manager"], at=AT)
    row = written(here)
    assert [sent(here, row).held for _ in range(2)] == [True, True]
    row.refresh_from_db()
    assert deliver_waiting(by="the test", at=AT) == (0, 0)
    assert (row.sent_at, len(mail.outbox), Letter.objects.filter(practice=True).count()) == (None, 0, 2)


def test_own_link_stops_letters_without_an_account_and_pressed_twice_says_it_once(here: World) -> None:
    key = stop_key(SLUG, "Head@Fernhollow.example", viewer=here["manager"])
    assert [stop_circulars(key=key, by="its holder", at=AT) for _ in range(2)] == ["Fernshire Education Partnership"] * 2
    assert list(Contact.objects.filter(consent="no").order_by("school_id").values_list("school_id", flat=True)) == ["990001", "990002"]
    assert (LeftOut.objects.count(), Entry.objects.filter(verb="contact.left-out").count()) == (1, 2)
    assert [each.name for each in circular(SLUG, written(here).pk, viewer=here["manager"], at=AT).readers] == ["Dele Stone"]


@pytest.mark.parametrize("key", ["", "nonsense", "eyJh:bc:d"])
def test_altered_link_is_told_what_to_do(here: World, key: str) -> None:
    with pytest.raises(NotThere, match="This link is not whole"):
        stop_circulars(key=key, by="its holder", at=AT)
    assert stop_of(key) is None
