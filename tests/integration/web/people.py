"""A small invented partnership to sign in to: two schools, a trust, a cluster, a board, and people who hold posts and seats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from convenor.accounts.actions import add_person
from convenor.accounts.models import Person
from convenor.partnership.models import (
    Appointment,
    Body,
    BodySchool,
    Membership,
    Partnership,
    Post,
    ReportingLine,
    Seat,
    Tenure,
    Tier,
)
from convenor.registers.models import Group, LocalAuthority, School
from tests.factories.remembered import remembered

LONG_AGO = date(2020, 9, 1)


@dataclass
class World:
    """The invented partnership, and ways to put people into it."""

    partnership: Partnership
    authority: LocalAuthority
    near: School
    far: School
    trust: Group
    board: Body
    cluster: Body
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, name: str, **more: Any) -> Person:
        """An invented person, known by the first word of the name."""
        key = name.split()[0].lower()
        if key not in self.people:
            self.people[key] = add_person(name=name, email=f"{key}@example.example", by="test", at=timezone.now(), **more)
        return self.people[key]

    def post(self, name: str, role: str, title: str, *, until: date | None = None, acting: bool = False, **place: Any) -> Tenure:
        """Give somebody a post."""
        post = Post.objects.create(partnership=self.partnership, role=role, title=title, **place)
        return Tenure.objects.create(
            partnership=self.partnership, post=post, person=self.person(name), from_on=LONG_AGO, until_on=until, acting=acting
        )

    def seat(
        self, body: Body, title: str, *, part: str = "member", name: str | None = None, until: date | None = None, **more: Any
    ) -> Seat:
        """A seat on a body, held by somebody where a name is given."""
        seat = Seat.objects.create(
            partnership=self.partnership,
            body=body,
            key=title.lower().replace(" ", "-"),
            title=title,
            part=part,
            filled_by=more.pop("filled_by", "nomination"),
            from_on=LONG_AGO,
            order=Seat.objects.filter(body=body).count(),
            **more,
        )
        if name:
            Appointment.objects.create(
                partnership=self.partnership,
                seat=seat,
                person=self.person(name),
                how="nomination",
                from_on=LONG_AGO,
                until_on=until,
                school=self.near if until else None,
            )
        return seat


@remembered
def world(slug: str = "fernshire", *, demonstration: bool = True) -> World:
    """An invented partnership with two fictitious schools in a cluster, and a board above it."""
    number = Partnership.objects.count()
    authority = LocalAuthority.objects.create(code=f"{990 + number}", name=f"{slug.title()}", region="Nowhere")
    partnership = Partnership.objects.create(
        slug=slug,
        name=f"{slug.title()} Education Partnership",
        kind="collaborative-partnership",
        demonstration=demonstration,
        began_on=LONG_AGO,
        purpose="Every child in the county thrives.",
    )
    partnership.areas.add(authority)
    trust = Group.objects.create(uid=f"F{number}1", name=f"{slug.title()} Trust", kind="Multi-academy trust")
    schools = [
        School.objects.create(
            urn=f"99{number}00{n}",
            name=name,
            authority=authority,
            phase="Primary",
            type_name="Community school",
            status="open",
            fictitious=True,
            trust=trust if n == 2 else None,
        )
        for n, name in ((1, f"{slug.title()} Near Primary School"), (2, f"{slug.title()} Far Primary School"))
    ]
    tiers = [
        Tier.objects.create(partnership=partnership, key=key, name=name, level=level, hue=key)
        for level, (key, name) in enumerate((("board", "Board"), ("cluster", "Clusters")), start=1)
    ]
    board, cluster = (
        Body.objects.create(partnership=partnership, tier=tier, key=key, name=name, kind=key, from_on=LONG_AGO)
        for tier, key, name in ((tiers[0], "board", "Partnership Board"), (tiers[1], "cluster", "North cluster"))
    )
    ReportingLine.objects.create(partnership=partnership, body=cluster, reports_to=board, from_on=LONG_AGO)
    for school in schools:
        Membership.objects.create(partnership=partnership, school=school, from_on=LONG_AGO)
        BodySchool.objects.create(partnership=partnership, body=cluster, school=school, from_on=LONG_AGO)
    return World(partnership, authority, schools[0], schools[1], trust, board, cluster)


def signed_in(person: Person, *, code: bool = False) -> Client:
    """A browser in which this person is signed in; with `code`, by a second factor too."""
    client = Client()
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    if code:
        session = client.session
        session["account_authentication_methods"] = [{"method": "mfa", "at": timezone.now().timestamp(), "type": "totp"}]
        session["account_authentication_methods_user"] = str(person.pk)
        session.save()
    return client


def in_days(days: int) -> date:
    """A day from today."""
    return timezone.localdate() + timedelta(days=days)
