"""Fixing what a review of effect will compare, before support begins, and keeping what it said on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q

from convenor.partnership.gate import Permission, Viewer, allow, day_of
from convenor.partnership.rules.refusals import NotThere
from convenor.support.actions.package_rows import NOT_THERE, locked, log
from convenor.support.models import EffectReading, EffectStudy, Package
from convenor.support.queries.effect import alike, answer_of
from convenor.support.queries.series import Life, lines, lives
from convenor.support.queries.standing import PackageHere
from convenor.support.rules.effect import Line
from convenor.support.rules.effect_shape import standing
from convenor.support.rules.effect_studies import NOTHING, as_kept, check_choice, check_fixable, kept_line
from convenor.support.rules.effect_years import years_of
from convenor.support.rules.outcomes import OUTCOMES, Outcome
from convenor.support.rules.ownership import Sight
from convenor.support.rules.refusals import Missing, OutOfTurn
from convenor.support.rules.states import PackageStep, StateKind, Who

#: What the log calls it, beside the tasks of a workflow.
FIXED: Final = "effect-frozen"


def freeze(*, slug: str, package_id: int, outcomes: Sequence[str], by: Viewer, at: datetime) -> list[EffectStudy]:
    """Fixes the outcomes, the comparators with their distances, the years before and their figures, as they are known on the day.

    For the receiving school and the broker who holds the package. `outcomes`: one to three keys of `rules.outcomes`, the main one first; or
    "none" alone, where nothing published measures what the package is for. Never changed afterwards. Raises NotThere; OutOfTurn where it is
    fixed already, the package ended, or figures from after the beginning are known; NoWords for a choice that cannot be; Missing where
    there is no figure to begin from, or nobody to compare with.
    """
    with transaction.atomic():
        row, here = locked(slug, package_id, by=by, at=at)
        _may_fix(here, by=by)
        if here.kind in (StateKind.AFTER, StateKind.ENDED) or here.ended_on is not None:
            raise OutOfTurn("The package has ended, so nothing can be fixed before its beginning any more. Nothing was changed.")
        if EffectStudy.objects.filter(package=row).exists():
            raise OutOfTurn("What will be compared is fixed already, and stands. Nothing was changed.")
        check_choice(outcomes)
        made = [_study(row, key, by=by, at=at) for key in outcomes]
        log(row, PackageStep.TASK, by=by, at=at, task=FIXED, after={"outcomes": list(outcomes)})
    return made


def _may_fix(here: PackageHere, *, by: Viewer) -> None:
    if not here.sees(Sight.EFFECT):
        raise NotThere(NOT_THERE)
    if here.acts_as(Who.RECEIVING):  # nobody else sees it but the broker who holds the package
        allow(by, Permission.SUPPORT_ASK, partnership=here.slug, urn=here.urn)


def _study(row: Package, key: str, *, by: Viewer, at: datetime) -> EffectStudy:
    """One outcome fixed."""
    on = day_of(at)
    started_on = row.started_on or on
    given: dict[str, Any] = {"package": row, "outcome": key, "started_on": started_on, "frozen_at": at, "by_id": by.person_id}
    if key == NOTHING:
        return EffectStudy.objects.create(comparators=[], years=[], series=[], basis={}, **given)
    outcome = OUTCOMES[key]
    life = lives([row.school_id], viewer=by, on=on)[row.school_id]
    found = alike(life, viewer=by)
    if not found.members:
        raise Missing(f"There is nobody to compare with. {found.why_none} Nothing was changed.")
    school, others = _figures(life, found.members, outcome, by=by, at=at)
    years = years_of(outcome, started_on)
    check_fixable(outcome, school, years)
    before = [year.label for year in years.before]
    return EffectStudy.objects.create(
        comparators=[kept_line(each, rank, before) for rank, each in enumerate(others, start=1)],
        years=before,
        series=as_kept(school, before),
        basis=dict(found.basis) | {"analysis": "regression on the years before, placebo rank", "fixed_on": on.isoformat()},
        **given,
    )


def _figures(life: Life, members: Sequence[tuple[str, float]], outcome: Outcome, *, by: Viewer, at: datetime) -> tuple[Line, list[Line]]:
    """The school's figures and its comparators', as known on the day."""
    on = day_of(at)
    others = lives([urn for urn, _ in members], viewer=by, on=on)
    kept = [others[urn] for urn, _ in members if urn in others and others[urn].urn != life.urn]
    every = lines([life, *kept], outcome, viewer=by, on=on, distances=dict(members))
    return every[0], every[1:]


def keep_reading(*, study_id: int, by: Viewer | str, at: datetime) -> EffectReading:
    """What a study says on the day, kept if it says anything else than the last time. The newest reading, new or not."""
    study = EffectStudy.objects.select_related("package").get(pk=study_id)
    return keep_said(study_id=study_id, said=answer_of(study, viewer=by if isinstance(by, Viewer) else None, at=at), by=by, at=at)


def keep_said(*, study_id: int, said: Mapping[str, Any], by: Viewer | str, at: datetime) -> EffectReading:
    """An answer that was worked out for a page, kept as it is shown unless the last one said the same."""
    last = EffectReading.objects.filter(study_id=study_id).order_by("-at", "-id").first()
    if last is not None and standing(last.answer) == standing(said):
        return last  # type: ignore[no-any-return]
    editions = sorted({year["edition"] for year in said["series"] if year["edition"]})
    return EffectReading.objects.create(study_id=study_id, verdict=said["verdict"], answer=dict(said), at=at, editions=editions)


#: So many packages are looked at in one look of the worker, so that letters never wait long.
AT_ONCE = 20


def read_due(*, by: str, at: datetime, limit: int = AT_ONCE) -> int:
    """Looks again, once a day, at packages whose outcomes are fixed and whose support began: what the worker calls at each of its looks.

    How many packages were looked at; at most `limit`, those first that waited longest. One query where none is due.
    """
    on = day_of(at)
    due = Package.objects.filter(Exists(EffectStudy.objects.filter(package_id=OuterRef("pk"))), started_on__lte=on)
    due = due.filter(Q(effect_read_on=None) | Q(effect_read_on__lt=on)).order_by(F("effect_read_on").asc(nulls_first=True), "pk")
    packages = list(due.values_list("pk", flat=True)[:limit])
    for package_id in packages:
        for study_id in EffectStudy.objects.filter(package_id=package_id).order_by("id").values_list("id", flat=True):
            keep_reading(study_id=study_id, by=by, at=at)
        Package.objects.filter(pk=package_id).update(effect_read_on=on)
    return len(packages)


def read_all(*, slug: str, by: Viewer | str, at: datetime) -> int:
    """Looks at every study of a partnership again; how many say something else than before."""
    before = EffectReading.objects.filter(study__package__partnership__slug=slug).count()
    for study_id in EffectStudy.objects.filter(package__partnership__slug=slug).order_by("id").values_list("id", flat=True):
        keep_reading(study_id=study_id, by=by, at=at)
    return EffectReading.objects.filter(study__package__partnership__slug=slug).count() - before
