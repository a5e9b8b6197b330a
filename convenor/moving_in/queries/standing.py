"""What stands in the features' tables, as a plan is made from it: for the actions of moving in, which have asked whether they may."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from convenor.accounts.models import Person as PersonRow
from convenor.contacts.models import Contact as ContactRow
from convenor.funding.models import Subscription
from convenor.moving_in.rules.planning_standing import AboutSchool, Contact, Person, Reviewer, Standing, Supporter
from convenor.moving_in.rules.schools import KnownSchool, Register
from convenor.partnership.models import Appointment, Membership, Partnership, Tenure
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.queries.whole import read_whole
from convenor.partnership.rules.published import phase_key, type_key
from convenor.peer_review.models import Reviewer as ReviewerRow
from convenor.registers.models import School, SchoolLink
from convenor.support.models import EarlierSupport
from convenor.support.models import Supporter as SupporterRow
from convenor.support.queries.supporters import designations

#: How many keys are asked for at once.
AT_ONCE = 800


def standing_for(slug: str, mentioned: Iterable[str], *, viewer: Any, at: datetime) -> Standing:
    """What stands on the day: the register's schools of the partnership's areas with those that the sheets mention, and the partnership's
    own rows. `mentioned` are URNs and LAESTABs that stand in the sheets. Some twenty queries.
    """
    on = day_of(at)
    here = Partnership.objects.get(slug=slug)
    areas = frozenset(here.areas.values_list("code", flat=True))
    members = frozenset(
        Membership.objects.filter(Q(from_on=None) | Q(from_on__lte=on), Q(until_on=None) | Q(until_on__gt=on), partnership=here)
        .values_list("school_id", flat=True)
    )  # fmt: skip
    rows = _schools(areas, members, set(mentioned))
    whole = read_whole(slug, members=True)
    return Standing(
        on=on, register=Register(_known(rows, on), areas), schools=_about(rows, areas), members=members,
        constitution=whole.constitution if whole is not None else None,
        people_of_constitution=dict(whole.people) if whole is not None else {},
        contacts=_contacts(here), people=_people(here), reviewers=_reviewers(here, on), supporters=_supporters(here, on),
        designations={
            key: (each.name, frozenset(kind.value for kind in each.kinds)) for key, each in designations(slug, viewer=viewer).items()
        },
        earlier=frozenset(EarlierSupport.objects.filter(partnership=here).values_list("school_id", "from_on", "who", "what")),
        subscriptions={
            (row[0], row[1]): row[2:]
            for row in Subscription.objects.filter(partnership=here).values_list(
                "school_id", "year", "pence", "paid", "paid_on", "invoiced_on", "note"
            )
        },
    )  # fmt: skip


FIELDS = (
    "urn", "laestab", "name", "postcode", "town", "phase", "type_name", "opened_on", "closed_on", "status", "authority_id", "trust_id",
    "federation_id",
)  # fmt: skip


def _schools(areas: frozenset[str], members: frozenset[str], mentioned: set[str]) -> dict[str, dict[str, Any]]:
    """The register's rows: all of the areas, the members, those that are mentioned, and what each of them became."""
    found = {row["urn"]: row for row in School.objects.filter(authority__in=areas).values(*FIELDS)}
    numbers = sorted((mentioned | members) - found.keys())
    for part in _parts(numbers):
        found |= {row["urn"]: row for row in School.objects.filter(Q(urn__in=part) | Q(laestab__in=part)).values(*FIELDS)}
    for _ in range(3):
        later = {to for urn, to in _links(found) if to not in found}
        if not later:
            break
        for part in _parts(sorted(later)):
            found |= {row["urn"]: row for row in School.objects.filter(urn__in=part).values(*FIELDS)}
        if not later & found.keys():
            break
    return found


def _links(rows: Iterable[str]) -> set[tuple[str, str]]:
    """Predecessor and successor, as the published links name them from either side."""
    found: set[tuple[str, str]] = set()
    for part in _parts(sorted(rows)):
        links = SchoolLink.objects.filter(Q(urn__in=part) | Q(linked_urn__in=part)).values_list("urn", "linked_urn", "kind")
        for urn, linked, kind in links:
            said = kind.lower()
            if said.startswith("successor"):
                found.add((urn, linked))
            elif said.startswith("predecessor"):
                found.add((linked, urn))
    return found


def _parts(keys: list[str]) -> Iterable[list[str]]:
    for start in range(0, len(keys), AT_ONCE):
        yield keys[start : start + AT_ONCE]


def _known(rows: dict[str, dict[str, Any]], on: date) -> list[KnownSchool]:
    became: dict[str, list[str]] = {}
    for urn, later in sorted(_links(rows)):
        became.setdefault(urn, []).append(later)
    return [
        KnownSchool(
            row["urn"], row["laestab"], row["name"], row["postcode"], row["town"], row["phase"], row["opened_on"],
            row["closed_on"] if row["status"] == "closed" or (row["closed_on"] or on) < on else None, tuple(became.get(row["urn"], ())),
            authority=row["authority_id"] or "",
        )
        for row in sorted(rows.values(), key=lambda each: each["urn"])
    ]  # fmt: skip


def _about(rows: dict[str, dict[str, Any]], areas: frozenset[str]) -> dict[str, AboutSchool]:
    return {
        urn: AboutSchool(
            urn, row["name"], phase_key(row["phase"] or ""), type_key(row["type_name"] or ""), row["trust_id"] or "",
            row["federation_id"] or "", not areas or row["authority_id"] in areas,
        )
        for urn, row in rows.items()
    }  # fmt: skip


def _contacts(here: Partnership) -> tuple[Contact, ...]:
    fields = ("id", "school_id", "role", "name", "email", "phone", "verified_on")
    return tuple(Contact(*row) for row in ContactRow.objects.filter(partnership=here).order_by("pk").values_list(*fields))


def _people(here: Partnership) -> tuple[Person, ...]:
    """Those whom the partnership knows: who holds or held a seat or post, reviews or supports. Nobody of another partnership alone."""
    keys: set[int] = set()
    for model in (Appointment, Tenure, ReviewerRow):
        keys |= set(model.objects.filter(partnership=here).values_list("person_id", flat=True))
    keys |= set(SupporterRow.objects.filter(partnership=here, person__isnull=False).values_list("person_id", flat=True))
    rows = PersonRow.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name", "email")
    return tuple(Person(pk, name, (email or "").lower()) for pk, name, email in rows)


def _reviewers(here: Partnership, on: date) -> tuple[Reviewer, ...]:
    rows = ReviewerRow.objects.filter(Q(until_on=None) | Q(until_on__gt=on), partnership=here).prefetch_related("trainings")
    return tuple(
        Reviewer(row.pk, row.person_id, row.school_id or "", frozenset((each.kind, each.trained_on) for each in row.trainings.all()))
        for row in rows.order_by("pk")
    )


def _supporters(here: Partnership, on: date) -> tuple[Supporter, ...]:
    rows = SupporterRow.objects.filter(Q(until_on=None) | Q(until_on__gt=on), partnership=here).order_by("pk")
    return tuple(Supporter(row.pk, row.kind, row.name, row.school_id or "", row.person_id) for row in rows)
