"""Three homes and more: each person sees what is theirs, and nothing of others."""

from datetime import date

import pytest
from django.utils import timezone

from convenor.journal.actions import record
from convenor.partnership.models import Appointment, Engagement, SeatCall
from convenor.post.models import Letter
from convenor.registers.models import AreaContext, Edition, Reading
from tests.integration.web.people import in_days, signed_in, world

pytestmark = pytest.mark.django_db


def figures_and_letters(there):
    """Published figures of both schools, an act of taking part, a letter that met a problem, the area's context, a journal entry."""
    edition = Edition.objects.create(
        key="ks2",
        family="ks2-final",
        publisher="Department for Education",
        title="Key stage 2 results",
        as_at=date(2024, 9, 1),
        licence="OGL",
        digest="d",
        file_name="f.csv",
        rows_read=2,
        rows_loaded=2,
        rows_refused=0,
        rows_aggregate=0,
        loaded_at=timezone.now(),
        loaded_by="test",
    )
    for school, value in ((there.near, 52.0), (there.far, 77.0)):
        for period in ("2022-23", "2023-24"):
            Reading.objects.create(edition=edition, urn=school.urn, measure="ks2_rwm_expected", period=period, value=value, cohort=30)
    Engagement.objects.create(
        partnership=there.partnership, school=there.near, kind="attended", what="Autumn workshop", on=timezone.localdate()
    )
    Letter.objects.create(
        partnership=there.partnership.slug,
        to_address="lost@example.example",
        to_name="Lost Letter",
        kind="seat-call",
        subject="A seat",
        body="It waits.",
        queued_at=timezone.now(),
        attempts=5,
        problem="No such mailbox",
    )
    context = {"fsm_percent": {"value": 21.5, "numerator": 43, "denominator": 200, "definition": "Pupils currently eligible.", "mark": ""}}
    AreaContext.objects.create(
        run="r",
        area_kind="authority",
        area_code=there.authority.code,
        as_at=date(2024, 1, 18),
        indicators=context,
        computed_at=timezone.now(),
    )
    record(
        by="the system",
        at=timezone.now(),
        verb="member.joined",
        subject_kind="school",
        subject_key=there.far.urn,
        subject_label=there.far.name,
        partnership=there.partnership.slug,
        urn=there.far.urn,
    )


@pytest.fixture
def here():
    """Everything a home could tell: schools with figures, terms, calls, empty seats, letters, acts of taking part."""
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    there.post("Fay Far", "head", "Headteacher", school=there.far)
    there.post("Olive Office", "school-office", "School office", school=there.near)
    there.post("Tom Trust", "trust-lead", "Chief executive of a trust", trust=there.trust)
    there.post("Mia Manager", "manager", "Partnership manager")
    there.post("Otto Officer", "officer", "Head of school improvement", authority=there.authority)
    there.post("Ava Auditor", "auditor", "Auditor")
    there.post("Rex Reviewer", "reviewer", "Peer reviewer")
    there.seat(there.board, "Board member", name="Bea Board", until=in_days(100))
    there.seat(there.cluster, "Cluster lead", part="chair", name="Cleo Cluster")
    empty = there.seat(there.board, "Diocesan member")
    called = there.seat(there.board, "Primary heads", rules={"who": ["headteacher"], "phases": ["primary"]})
    secondary = there.seat(there.board, "Secondary heads", rules={"who": ["headteacher"], "phases": ["secondary"]})
    for seat, closes in ((called, in_days(10)), (secondary, in_days(12)), (empty, in_days(-3))):
        SeatCall.objects.create(
            partnership=there.partnership,
            seat=seat,
            method="nomination",
            opened_on=in_days(-20),
            closes_on=closes,
            term_from_on=in_days(30),
        )
    figures_and_letters(there)
    return there


def home(here, name):
    return signed_in(here.people[name], code=True).get("/").content.decode()


def test_head_sees_what_waits_for_them_and_their_own_figures(here):
    page = home(here, "hal")
    assert "A seat is open: Primary heads" in page
    assert "52% of 30 pupils, 2023/24" in page
    assert "See what is newly published about your school" in page
    assert "Say what you can offer, and what you want to learn" in page
    assert "Three things, about" in page


def test_head_sees_nothing_of_another_school_or_another_phase(here):
    page = home(here, "hal")
    hidden = [here.far.name, "77%", "Secondary heads", "Lost Letter", "not yet heard from", "Bea Board", "Diocesan member"]
    assert [word for word in hidden if word in page] == []


def test_trust_lead_moves_between_the_trusts_schools_alone(here):
    client = signed_in(here.people["tom"])
    assert "77% of 30 pupils" in client.get("/").content.decode()
    page = client.get("/", {"school": here.near.urn}).content.decode()
    assert here.near.name not in page
    assert "52% of" not in page


def test_office_sees_no_figures_and_no_seats(here):
    page = home(here, "olive")
    assert here.near.name in page
    assert [word for word in (here.far.name, "77%", "Lost Letter", "A seat is open") if word in page] == []


def test_manager_sees_the_day(here):
    page = home(here, "mia")
    assert "Record the outcome: Diocesan member" in page
    assert "Lost Letter" in page
    assert "Bea Board" in page
    assert "1 of 2 member schools has taken part" in page


def test_manager_is_told_how_many_are_not_heard_from_but_no_figure_of_a_school(here):
    page = home(here, "mia")
    assert [word for word in ("52%", "77%") if word in page] == []


def test_board_member_sees_the_area_and_no_schools_name(here):
    page = home(here, "bea")
    assert "Write your hand-over as Board member" in page
    assert "21.5% (43 of 200)" in page
    assert "There are 2 member schools; how many took part is not told" in page
    assert [
        word for word in (here.near.name, here.far.name, here.near.urn, here.far.urn, "Lost Letter", "52%", "77%") if word in page
    ] == []


def test_picture_says_the_day_of_its_own_figure_and_how_many_are_not_judged(here):
    row = AreaContext.objects.get()
    row.indicators["fsm_percent"] |= {"as_at": "2023-01-19", "edition": "census-2022-23"}
    row.indicators["primary_good_or_outstanding_percent"] = {"value": 90.0, "numerator": 9, "denominator": 10, "not_judged": 4, "mark": ""}
    row.save()
    page = home(here, "bea")
    assert "As at 19 January 2023. Pupils currently eligible." in page
    assert "90.0% (9 of 10); 4 more have no overall grade" in page
    assert "Figures from: census-2022-23." in page
    assert "As at 18 January 2024." in page


def test_officers_line_is_kept_apart_and_names_no_school(here):
    page = home(here, "otto")
    assert "The authority's own line" in page.replace("&#39;", "'")
    assert [word for word in (here.near.name, here.far.name, "Lost Letter", "52%", "77%") if word in page] == []


def test_cluster_lead_sees_whom_to_invite(here):
    page = home(here, "cleo")
    assert (page.count(here.near.name), page.count(here.far.name)) == (1, 1)
    assert "1 school not yet heard from" in page
    assert [word for word in ("Lost Letter", "77%", "Autumn workshop") if word in page] == []


def test_reviewer_sees_only_the_partnership(here):
    page = home(here, "rex")
    assert [
        word for word in (here.near.name, here.far.name, "Lost Letter", "A seat is open", "52%", "member schools") if word in page
    ] == []


def test_stranger_sees_the_front_and_nobodys_affairs(here, client):
    page = client.get("/").content.decode()
    assert here.partnership.name in page
    hidden = [here.near.name, here.far.name, "Hal Head", "Bea Board", "Lost Letter", "Primary heads", "52%"]
    assert [word for word in hidden if word in page] == []


def test_another_partnerships_affairs_are_in_nobodys_home(here):
    there = world("otherton")
    there.post("Una Unconcerned", "manager", "Partnership manager")
    page = home(there, "una")
    hidden = ["Diocesan member", "Bea Board", "Lost Letter", "Fernshire", here.near.name]
    assert [word for word in hidden if word in page] == []


def test_leaver_sees_nothing_from_the_day_the_post_ends(here):
    here.post("Lee Leaver", "manager", "Partnership manager", until=timezone.localdate())
    page = home(here, "lee")
    assert "You hold no post in a partnership today" in page
    assert [word for word in ("Lost Letter", "Bea Board", "Diocesan member") if word in page] == []


def test_call_leaves_the_list_once_a_name_is_put_forward(here):
    call = SeatCall.objects.get(seat__key="primary-heads")
    call.nominations.create(partnership=here.partnership, person=here.people["hal"], put_forward_by="Hal Head", at=timezone.now())
    assert "A seat is open: Primary heads" not in home(here, "hal")
    assert "A seat is open: Primary heads" in home(here, "fay")


def test_call_of_a_cluster_is_for_its_own_schools(here):
    from convenor.partnership.models import BodySchool

    call = SeatCall.objects.get(seat__key="primary-heads")
    call.seat.body = here.cluster
    call.seat.save()
    assert "A seat is open: Primary heads" in home(here, "hal")
    BodySchool.objects.filter(school=here.near).delete()
    assert "A seat is open: Primary heads" not in home(here, "hal")
    assert "A seat is open: Primary heads" in home(here, "fay")


def test_board_reads_priorities_and_its_own_decisions(here):
    from convenor.governance.models import Decision, Priority

    Priority.objects.create(partnership=here.partnership, title="Reading for all", from_on=in_days(-30), until_on=in_days(300))
    for body, words in ((here.board, "Adopt the priority"), (here.cluster, "Meet in the library")):
        Decision.objects.create(partnership=here.partnership, body=body, decided_on=in_days(-5), words=words, recorded_at=timezone.now())
    page = home(here, "bea")
    assert (page.count("Reading for all"), page.count("Adopt the priority"), page.count("Meet in the library")) == (1, 1, 0)
    assert "Adopt the priority" not in home(here, "rex")


def test_hand_over_leaves_the_list_once_written(here):
    assert "Say who could follow you as Board member" in home(here, "bea")
    Appointment.objects.filter(person=here.people["bea"]).update(hand_over="Read the minutes first.")
    assert "Write your hand-over" not in home(here, "bea")


def test_whoever_holds_several_posts_chooses_among_them(here):
    here.seat(here.board, "Head on the board", name="Hal Head")
    client = signed_in(here.people["hal"])
    assert "Your school" in client.get("/").content.decode()
    assert client.post("/account/post/", {"holding": f"board-member..{here.board.pk}", "partnership": "fernshire"}).url == "/"
    assert "Your papers" in client.get("/").content.decode()
    assert client.post("/account/post/", {"holding": "manager.1.", "partnership": "fernshire"}).status_code == 404


@pytest.mark.parametrize("name", ["hal", "tom", "olive", "mia", "bea", "otto", "cleo", "ava", "rex", None])
def test_home_asks_the_database_at_most_fifteen_times(here, name, client, django_assert_max_num_queries):
    browser = signed_in(here.people[name], code=True) if name else client
    browser.get("/")
    with django_assert_max_num_queries(15):
        assert browser.get("/").status_code == 200


# Giving a thing to a colleague


@pytest.mark.django_db(transaction=True)
def test_head_gives_a_thing_to_a_colleague_by_letter(here):
    from django.core import mail

    from convenor.journal.models import Entry

    client = signed_in(here.people["hal"])
    call = SeatCall.objects.get(seat__key="primary-heads")
    path = f"/give/{here.near.urn}/call-{call.pk}/"
    assert path in client.get("/").content.decode()
    page = client.get(path).content.decode()
    assert (page.count("Olive Office"), page.count("Fay Far")) == (1, 0)
    assert client.post(path, {"person": here.people["olive"].pk}).url == "/"
    assert [(letter.to, letter.subject) for letter in mail.outbox] == [(["olive@example.example"], "Hal Head asks you to do something")]
    assert "A seat is open: Primary heads" in mail.outbox[0].body
    entry = Entry.objects.get(verb="task.given")
    assert (entry.subject_label, entry.urn, entry.by_label.split(",")[0]) == ("Olive Office", here.near.urn, "Hal Head")


def test_thing_is_given_to_nobody_of_another_school(here):
    client = signed_in(here.people["hal"])
    assert client.post(f"/give/{here.near.urn}/facts/", {"person": here.people["fay"].pk}).status_code == 400
    assert client.get(f"/give/{here.far.urn}/facts/").status_code == 403
    assert client.get(f"/give/{here.near.urn}/nothing/").status_code == 404
    assert Letter.objects.filter(kind="task-given").count() == 0


def test_asking_somebody_who_acts_for_no_such_school_is_refused(here):
    from convenor.partnership.actions import ask_colleague
    from convenor.partnership.gate import NotAllowed, viewer_for
    from convenor.partnership.rules.refusals import NotThere

    hal = viewer_for(here.people["hal"], on=timezone.localdate())
    asking = {"slug": "fernshire", "what": "Something", "address": "/", "by": hal, "at": timezone.now()}
    with pytest.raises(NotThere):
        ask_colleague(urn=here.near.urn, person_id=here.people["fay"].pk, **asking)
    with pytest.raises(NotAllowed):
        ask_colleague(urn=here.far.urn, person_id=here.people["fay"].pk, **asking)
    assert Letter.objects.filter(kind="task-given").count() == 0
