"""Addresses, the agreement, requests for information and a hold: what a demonstration shows of people and records."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from convenor.agreements.actions import adopt_text, agree, begin_text, write_text
from convenor.agreements.queries.texts import texts
from convenor.agreements.rules.classes import DataClass
from convenor.agreements.rules.texts import TEMPLATE_KEYS
from convenor.contacts.actions import set_contact, write_circular
from convenor.partnership.gate import ANYONE, day_of
from convenor.partnership.queries.demonstration import demonstration_people
from convenor.partnership.roles import Head, Manager
from convenor.post.actions import deliver_waiting
from convenor.records.actions import place_hold, record_request, search
from convenor.records.rules.clock import RequestKind
from convenor.records.rules.holds import HoldKind
from convenor.web.demonstration.areas import Area
from convenor.web.demonstration.names import address
from convenor.web.demonstration.names import people as names
from convenor.web.demonstration.reviews_people import BY, Telling, telling

#: Days before the building: the text was put to the schools, a request came, a hold was placed. Of a hundred schools, how many agreed.
PUT, CAME, HELD = 40, 6, 90
AGREED: Final = 80
#: Schools whose office addresses are told, and roles besides the head's.
WITH_ADDRESSES: Final = 30
ROLES: Final = ("chair", "business-manager")
#: The names before these are those of the demonstration's other people.
NAMES_TAKEN: Final = 200


def begin(area: Area, slug: str, at: Any) -> None:
    """Everything of people and records that a demonstration shows; what is there already is left."""
    people = {one.role: one.person_id for one in demonstration_people(viewer=ANYONE, on=day_of(at)) if one.slug == slug}
    tell = telling(slug, at, people[Manager.key])
    if texts(slug, viewer=tell.manager).adopted:
        return
    leaves, settings.POST_LEAVES = settings.POST_LEAVES, "worker"  # invented letters of the past leave together, at the end
    try:
        with transaction.atomic():
            _addresses(area, tell)
            _agreed(tell, Random(f"agreement {area.key}"))
            _asked(tell, people[Head.key])
            _letter(tell)
    finally:
        settings.POST_LEAVES = leaves
    if leaves == "now":
        deliver_waiting(by=BY, at=at, limit=5000)


def _addresses(area: Area, tell: Telling) -> None:
    """Of some schools the addresses by which they are reached; some were verified long ago."""
    chance, fresh = Random(f"addresses {area.key}"), iter(list(names(f"{area.key} posts"))[NAMES_TAKEN:])
    for school in sorted(tell.schools, key=lambda each: each.urn)[:WITH_ADDRESSES]:
        for role in ROLES:
            name, at = next(fresh), tell.ago(chance.randint(5, 500))
            set_contact(
                slug=tell.slug, urn=school.urn, role=role, name=name, email=address(name, area.key), by=BY, at=at, verified_on=day_of(at),
                source="the demonstration",
            )  # fmt: skip


def _letter(tell: Telling) -> None:
    """A letter to many that its writer has not sent yet."""
    write_circular(
        slug=tell.slug, subject="Two mornings on early reading", words="Two places are left at each school. Come, or send a colleague.",
        roles=["head", "business-manager"], by=tell.manager, at=tell.ago(2),
    )  # fmt: skip


def _agreed(tell: Telling, chance: Random) -> None:
    """A text was put to the schools; most agreed to all of it, one in twelve not to the review reports."""
    begun = begin_text(slug=tell.slug, template_key=TEMPLATE_KEYS[0], by=tell.manager, at=tell.ago(PUT + 3))
    begun = write_text(
        slug=tell.slug, sections=begun.sections, classes=begun.classes, version=begun.version, by=tell.manager, at=tell.ago(PUT + 2),
        answers_to=f"{tell.manager.name}, partnership manager (invented)",
    )  # fmt: skip
    text, _ = adopt_text(
        slug=tell.slug, agree_by_on=day_of(tell.at) + timedelta(days=60), decided="The board, at its autumn meeting (invented)",
        version=begun.version, by=tell.manager, at=tell.ago(PUT),
    )  # fmt: skip
    for place, (urn, person_id) in enumerate(sorted(tell.heads.items())):
        if place and chance.randint(1, 100) > AGREED:
            continue
        classes = [each for each in DataClass if place % 12 != 7 or each is not DataClass.REVIEWS]
        head = tell.who(person_id)
        agree(
            slug=tell.slug, urns=[urn], classes=classes, name=head.name, role="Headteacher", number=text.number, by=head,
            at=tell.ago(chance.randint(1, PUT - 1)),
        )  # fmt: skip


def _asked(tell: Telling, head: int) -> None:
    """Two requests for information that wait for an answer, and a hold."""
    asked = record_request(
        slug=tell.slug, kind=RequestKind.SUBJECT_ACCESS, asker="A head of the demonstration", answer_to="by post",
        words="Everything that you hold about me.",
        received_on=day_of(tell.ago(CAME)), person_id=head, urn="", own_day=None, by=tell.manager, at=tell.ago(CAME - 1),
    )  # fmt: skip
    search(slug=tell.slug, request_id=asked.pk, words="", by=tell.manager, at=tell.ago(CAME - 1))
    record_request(
        slug=tell.slug, kind=RequestKind.FREEDOM_OF_INFORMATION, asker="A resident (invented)", answer_to="by e-mail",
        words="What did the partnership spend on peer review last year?", received_on=day_of(tell.ago(CAME + 4)), person_id=None, urn="",
        own_day=None, by=tell.manager, at=tell.ago(CAME + 3),
    )  # fmt: skip
    place_hold(
        slug=tell.slug, kind=HoldKind.CLASS, urn="", person_id=None, record_class="support",
        reason="The auditor reads last year’s packages (invented).", from_on=day_of(tell.ago(HELD)), by=tell.manager, at=tell.ago(HELD),
    )  # fmt: skip


__all__ = ["begin"]
