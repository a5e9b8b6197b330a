"""The invented partnership that the other tests stand on."""

import pytest

from convenor.journal.models import Entry
from convenor.partnership.actions import load_constitution
from convenor.partnership.models import Appointment, Body, BodySchool, Membership, ReportingLine, Seat
from tests.factories.partnership import AT, file, world

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Body, Seat, ReportingLine, Membership, BodySchool, Appointment, Entry))


def test_a_constitution_loads_whole() -> None:
    world()
    assert counts()[:6] == (4, 6, 3, 6, 6, 4)


def test_the_same_file_twice_changes_nothing() -> None:
    world()
    before = counts()
    load_constitution(text=file(), by="the test", at=AT)
    assert counts() == before


def test_every_role_holds_what_the_page_of_roles_says() -> None:
    everyone = world()
    held = {who: tuple(sorted({each.role for each in viewer.holdings})) for who, viewer in everyone.viewers.items()}
    assert held == {
        "manager": ("manager",), "auditor": ("auditor",), "head": ("board-member", "head"), "other head": ("head",),
        "school leader": ("school-leader",), "chair of governors": ("chair-of-governors",), "clerk": ("clerk",),
        "school office": ("school-office",), "trust lead": ("trust-lead",), "system leader": ("system-leader",),
        "independent supporter": ("independent-supporter",),
        "reviewer": ("reviewer",), "diocese": ("diocese",), "regional link": ("regional-link",), "officer": ("officer",),
        "broker": ("broker",),
        "board member": ("board-member",), "cluster lead": ("cluster-lead",), "alliance lead": ("alliance-lead", "board-member"),
        "somebody with no post": (),
    }  # fmt: skip
