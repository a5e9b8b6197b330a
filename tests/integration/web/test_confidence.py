"""Attempts to see what one may not, or to break what others need. Each was possible once, or is tried so that it never is."""

from __future__ import annotations

import importlib
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from convenor.accounts.queries import link_token
from convenor.partnership.actions import record_engagement, take_post
from convenor.partnership.gate import NotAllowed, viewer_for
from convenor.partnership.models import Membership, Tenure
from convenor.partnership.queries.today import heard_from
from convenor.registers.models import School
from convenor.registers.sources import Refused
from convenor.registers.sources.opening import File
from tests.integration.web.people import LONG_AGO, World, signed_in, world

pytestmark = pytest.mark.django_db


@pytest.fixture
def here() -> World:
    there = world()
    there.post("Hal Head", "head", "Headteacher", school=there.near)
    there.post("Mia Manager", "manager", "Partnership manager")
    there.post("Olga Officer", "officer", "School improvement officer", authority=there.authority)
    there.seat(there.board, "Board member", name="Bea Board")
    return there


def members(there: World, number: int) -> None:
    """So many more member schools."""
    for n in range(number):
        school = School.objects.create(
            urn=f"98000{n}", name=f"School {n}", authority=there.authority, phase="Primary", type_name="Community school", status="open",
            fictitious=True,
        )  # fmt: skip
        Membership.objects.create(partnership=there.partnership, school=school, from_on=LONG_AGO)


def took_part(there: World, urn: str) -> None:
    record_engagement(
        slug=there.partnership.slug, urn=urn, kind="attended", what="Conference", on=timezone.localdate(), by="the test", at=timezone.now()
    )


@pytest.mark.parametrize("name", ["bea", "olga"])
def test_home_does_not_tell_from_day_to_day_that_one_more_school_took_part(here: World, name: str) -> None:
    """An exact count on the home page undoes the rounding of the page on taking part."""
    members(here, 8)
    client = signed_in(here.people[name], code=True)

    def line() -> str:
        page = client.get("/").content.decode()
        return next((words.strip() for words in page.splitlines() if "taken part" in words or "how many took part" in words), "")

    before = line()
    took_part(here, here.near.urn)
    assert (before != "", line()) == (True, before)


def test_exact_count_of_those_heard_from_is_for_those_who_invite_everybody(here: World) -> None:
    took_part(here, here.near.urn)
    on = timezone.localdate()
    seen = {name: heard_from(viewer=viewer_for(here.people[name], on=on), on=on, since=LONG_AGO) for name in ("mia", "bea", "olga", "hal")}
    assert {name: found.heard if found else None for name, found in seen.items()} == {"mia": 1, "bea": None, "olga": None, "hal": None}


@pytest.mark.parametrize("role", ["head", "chair-of-governors", "school-leader"])
def test_manager_cannot_open_a_schools_record_to_themselves(here: World, role: str) -> None:
    """The manager opens no school's own record; a post at a school, given to oneself, would."""
    mia = here.people["mia"]
    given = {"slug": "fernshire", "role": role, "title": "", "person_id": mia.pk, "from_on": LONG_AGO, "at": timezone.now()}
    with pytest.raises(NotAllowed):
        take_post(**given, urn=here.near.urn, by=viewer_for(mia, on=timezone.localdate()))
    assert Tenure.objects.filter(person=mia).count() == 1
    assert signed_in(mia, code=True).get(reverse("school-held", args=[here.near.urn])).status_code == 403
    take_post(**(given | {"person_id": here.person("Nell New").pk}), urn=here.near.urn, by=viewer_for(mia, on=timezone.localdate()))


def test_manager_cannot_open_a_trusts_records_to_themselves(here: World) -> None:
    mia = here.people["mia"]
    with pytest.raises(NotAllowed):
        take_post(
            slug="fernshire", role="trust-lead", title="", person_id=mia.pk, from_on=LONG_AGO, trust_uid=here.trust.uid,
            by=viewer_for(mia, on=timezone.localdate()), at=timezone.now(),
        )  # fmt: skip


def test_manager_who_tries_it_on_the_page_is_refused(here: World) -> None:
    client = signed_in(here.people["mia"], code=True)
    answer = client.post(
        reverse("post-give", args=["fernshire"]),
        {
            "role": "head",
            "place": f"school:{here.near.urn}",
            "name": "Mia Manager",
            "email": "mia@example.example",
            "from_on": "2026-01-01",
        },
    )
    assert (answer.status_code, Tenure.objects.filter(person=here.people["mia"]).count()) == (403, 1)


def test_many_askers_do_not_push_the_counts_of_others_out(settings: pytest.FixtureRequest) -> None:
    """The table of counts used to drop a third of its rows at three hundred, and a limit on somebody's password with them."""
    kept = dict(importlib.import_module("convenor.settings").CACHES)
    settings.CACHES = kept  # type: ignore[attr-defined]
    call_command("createcachetable", verbosity=0)
    cache.clear()
    for n in range(400):
        cache.set(f"asked-{n:03}", [1.0], 3600)
    assert sum(cache.get(f"asked-{n:03}") is not None for n in range(400)) == 400


def odd_addresses() -> list[str]:
    """Addresses that no link leads to."""
    slug, far, nul = "fernshire", "9" * 20, "%00"
    return [
        f"/p/{slug}/structure/?on=9999-12-31", f"/p/{slug}/structure/?on=0001-01-01", f"/p/{slug}/bodies/board/?on=9999-12-31",
        f"/p/{slug}/people/{far}/", f"/p/{slug}/people/{far}/?on=9999-12-31", f"/p/{slug}/journal/?page={far}",
        f"/p/{slug}/posts/{far}/leave/", f"/p/{slug}/seats/calls/{far}/", f"/p/{slug}/seats/appointments/{far}/end/",
        f"/p/{slug}/members/?page={far}",
        f"/areas/916/schools/?page={'9' * 4400}", f"/areas/916/schools/?page={far}", f"/search/?q={nul}", f"/schools/{nul}/",
        f"/areas/x{nul}/", f"/p/{slug}/members/?text=a{nul}", f"/p/{slug}/posts/?text=a{nul}", f"/p/{slug}/journal/?verb=a{nul}",
        f"/editions/{nul}/", f"/?school={nul}", f"/sign-in/link/?key={nul}", f"/areas/916/schools/?trust={nul}",
    ]  # fmt: skip


def test_no_address_makes_a_page_fail(here: World) -> None:
    client = signed_in(here.people["mia"], code=True)
    client.raise_request_exception = False
    failed = [(address, client.get(address).status_code) for address in odd_addresses()]
    assert [each for each in failed if each[1] >= 500] == []


def test_page_of_a_link_is_kept_nowhere_and_tells_no_other_page_its_address(here: World, client: Client) -> None:
    answer = client.get("/sign-in/link/", {"key": link_token(here.people["hal"])})
    assert (answer.status_code, answer["Cache-Control"], answer["Referrer-Policy"]) == (200, "no-store, private", "strict-origin")


def test_recovery_codes_are_not_shown_to_a_session_that_gave_no_code(here: World) -> None:
    """They are worth a second factor: a session begun by e-mail alone must not read them."""
    assert signed_in(here.people["mia"]).get(reverse("mfa_view_recovery_codes")).url == reverse("mfa_index")


def test_leaver_is_out_within_a_running_session(here: World) -> None:
    client = signed_in(here.people["hal"])
    held = reverse("school-held", args=[here.near.urn])
    assert client.get(held).status_code == 200
    Tenure.objects.filter(person=here.people["hal"]).update(until_on=timezone.localdate())
    assert client.get(held).status_code == 403
    Tenure.objects.filter(person=here.people["hal"]).update(until_on=timezone.localdate() + timedelta(days=1))
    assert client.get(held).status_code == 200


def test_workbook_whose_last_cell_is_far_away_is_refused(tmp_path: Path) -> None:
    """A few hundred bytes that would become seventeen thousand million cells."""
    import openpyxl

    path, far = tmp_path / "far.xlsx", tmp_path / "farther.xlsx"
    book = openpyxl.Workbook()
    book.active.append(["URN", "Name"])
    book.save(path)
    row = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(far, "w") as new:
        for name in old.namelist():
            text = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = text.decode().replace("</sheetData>", row).replace("A1:B1", "A1:XFD1048576").encode()
            new.writestr(name, text)
    with pytest.raises(Refused, match="cells"):
        File(far).frame()
