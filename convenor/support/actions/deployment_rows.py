"""What the actions on plan, visits, notes, reviews and money share: whose a thing is, and whether the package still runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import Model

from convenor.partnership.gate import NotAllowed, Viewer
from convenor.partnership.roles import Permission
from convenor.partnership.rules.refusals import NotThere
from convenor.partnership.rules.terms import said
from convenor.support.actions.package_rows import NOT_THERE, locked
from convenor.support.models import Package
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import NotYours, OutOfTurn
from convenor.support.rules.states import Met, StateKind, Who

#: Those who work with one another in a package.
WORKING = (Who.RECEIVING, Who.SUPPLYING, Who.SUPPORTER, Who.BROKER)


def held(
    slug: str, pk: int, *whom: Who, sight: Sight, by: Viewer, at: datetime, version: int | None = None
) -> tuple[Package, PackageHere]:  # fmt: skip
    """The package, held until the transaction ends, for somebody who takes one of these parts in it and sees what is to be changed.

    Raises NotThere for whoever sees nothing of it, NotYours for whoever sees it and takes no such part, ChangedMeanwhile.
    """
    row, here = locked(slug, pk, by=by, at=at, version=version)
    if not here.sees(sight):
        raise NotThere(NOT_THERE)
    if not any(here.acts_as(each) for each in whom):
        raise NotYours("That is for somebody else of this package to do. Nothing was changed.")
    return row, here


def speaks_for(here: PackageHere, by: Viewer) -> Who:
    """For which side they agree, where they speak for it: a head, chair or trust leader; a supporter whom no school lends for themselves.

    Raises NotAllowed for those who only work there.
    """
    side = Who.RECEIVING if here.acts_as(Who.RECEIVING) else Who.SUPPLYING
    urn = here.urn if side is Who.RECEIVING else here.supplying_urn
    if urn and not by.may(Permission.SCHOOL_SPEAK, urn=urn):
        raise NotAllowed("The head agrees, or whoever else speaks for the school. Nothing was changed.")
    return side


def writer(by: Viewer) -> int:
    """Whoever does it. Whoever sees anything of a package is known."""
    assert by.person_id is not None, "whoever takes part in a package is known"
    return by.person_id


def running(row: Package) -> None:
    """Raises OutOfTurn where the package has ended or was stopped."""
    if row.ended_on is not None or row.met == Met.STOPPED.value or row.kind == StateKind.ENDED.value:
        raise OutOfTurn("This package has ended. Nothing was changed.")


def not_resting(row: Package, on: date) -> None:
    """Raises OutOfTurn where the package was paused before a day: nothing of that day is planned or written down until it goes on."""
    if row.paused_on is not None and on >= row.paused_on:
        until = f" until {said(row.paused_until_on)}" if row.paused_until_on is not None else ""
        raise OutOfTurn(
            f"This package is paused{until}. A head or its broker presses “Go on with the support” on the page of the package; then "
            "visits and reviews go on. Nothing was changed."
        )


def package_id_of(model: type[Model], slug: str, pk: int, path: str) -> int:
    """The package to which a row belongs, by the path to it; raises NotThere for none in this partnership."""
    manager: Any = model._default_manager
    found: int | None = manager.filter(pk=pk, **{f"{path}__partnership__slug": slug}).values_list(f"{path}_id", flat=True).first()
    if found is None:
        raise NotThere(NOT_THERE)
    return found
