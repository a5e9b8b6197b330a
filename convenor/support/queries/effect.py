"""Cases of effect: what can be said of a package, from what is published, or from what was fixed at its start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Subquery

from convenor.intelligence.queries.similar import CONVENOR, similar_to
from convenor.partnership.queries.holdings import day_of
from convenor.partnership.roles import Permission
from convenor.support.models import EffectReading, EffectStudy, Package
from convenor.support.queries.series import Life, OutcomeLoaded, lines, lives, outcomes_loaded
from convenor.support.rules.effect import Answer, Case, check_comparators, judge
from convenor.support.rules.effect_shape import never_shape, shape, too_early_shape
from convenor.support.rules.effect_studies import NOTHING, NOTHING_SAYS, fixed_over
from convenor.support.rules.effect_years import check_days
from convenor.support.rules.outcomes import OUTCOMES, Outcome, outcomes_for
from convenor.support.rules.ownership import Sight
from convenor.support.rules.pooled import PackageEffect, Pooled, pooled
from convenor.support.rules.refusals import Missing
from convenor.support.rules.states import Met, Verdict

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer
    from convenor.support.queries.standing import PackageHere

#: How many similar schools stand beside a school where nobody named any.
SIMILAR: Final = 50


@dataclass(frozen=True, slots=True)
class Alike:
    """A school's similar schools as the newest run has them, nearest first, and what they rest on. `why_none`: in words."""

    members: tuple[tuple[str, float], ...]
    basis: Mapping[str, Any]
    why_none: str = ""


def alike(life: Life, *, viewer: Any, n: int = SIMILAR) -> Alike:
    """The similar schools of today of a school. Four queries."""
    found = similar_to(life.urn, n=n, viewer=viewer)
    if found is None:
        return Alike(
            (), {}, "It has no similar schools: they are worked out for state-funded schools that are open, from the school census."
        )
    if not found.schools:
        return Alike((), {}, "Too little is published of the school to find similar ones: load a school census that holds it.")
    basis = {"method": CONVENOR, "run": found.run, "editions": list(found.editions), "variables": [axis.name for axis in found.axes]}
    return Alike(tuple((each.urn, each.distance) for each in found.schools), basis)


def answer_now(
    urn: str, outcome: Outcome, started_on: date, ended_on: date | None, comparators: Sequence[str] | None, *, viewer: Any, today: date
) -> Answer:
    """What can be said on a day of a case that nobody froze. `comparators` None: the similar schools of the newest run.

    Raises Missing for a school that no edition knows, Conflict for comparators given twice or the school itself, and WrongDay. At most
    sixteen queries.
    """
    check_days(started_on, ended_on, today)
    own = lives([urn], viewer=viewer, on=today).get(urn)
    if own is None:
        raise Missing(f"No loaded edition knows a school with the URN {urn}. Check the number, or load a register with it.")
    why, distances = "", {}
    if comparators is None:
        found = alike(own, viewer=viewer)
        distances, why = dict(found.members), found.why_none
        comparators = list(distances)
    check_comparators(urn, comparators, tuple(own.urns))
    others = lives(comparators, viewer=viewer, on=today)
    unknown = [each for each in comparators if each not in others]
    if unknown:
        raise Missing(f"No loaded edition knows {', '.join(unknown)}. Check the comparators’ numbers, or load a register with them.")
    _one_school_each(comparators, others)
    every = lines([own, *(others[each] for each in comparators)], outcome, viewer=viewer, on=today, distances=distances)
    answer = judge(Case(outcome, started_on, ended_on, today, every[0], tuple(every[1:])))
    return _with_note(answer, why)


def _one_school_each(comparators: Sequence[str], others: Mapping[str, Life]) -> None:
    """Refuses two numbers of one school among the comparators."""
    by_school: dict[str, str] = {}
    for each in comparators:
        first = by_school.setdefault(others[each].urn, each)
        if first != each:
            check_comparators("", [first, first])


def _with_note(answer: Answer, why: str) -> Answer:
    return replace(answer, why=f"{answer.why} {why}") if why and not answer.comparators else answer


def answer_of(study: EffectStudy, *, viewer: Any, at: date | datetime) -> dict[str, Any]:
    """What a study says on a day: the comparators and the figures before as they were fixed, those after as published. Ten queries.

    Where the package began on another day than the study foresaw, that day counts. A comparator that no edition knows any more is left out.
    """
    package = study.package
    today = day_of(at)
    if study.outcome == NOTHING:
        return never_shape(package.school_id, study.outcome, NOTHING_SAYS)
    outcome = OUTCOMES[study.outcome]
    started_on = package.started_on or study.started_on
    if today < started_on:
        return too_early_shape(package.school_id, outcome, started_on)
    urns = [each["urn"] for each in study.comparators]
    found = lives([package.school_id, *urns], viewer=viewer, on=today)
    fixed = [each for each in study.comparators if each["urn"] in found]
    distances = {each["urn"]: each["distance"] for each in fixed}
    chain = [found[package.school_id], *(found[each["urn"]] for each in fixed)]
    every = lines(chain, outcome, viewer=viewer, on=today, distances=distances)
    school = fixed_over(every[0], study.series)
    others = tuple(fixed_over(line, each["figures"]) for line, each in zip(every[1:], fixed, strict=True))
    ended_on = package.ended_on if package.ended_on is None or package.ended_on >= started_on else started_on
    return shape(judge(Case(outcome, started_on, ended_on, today, school, others)))


@dataclass(frozen=True, slots=True)
class ReadingSeen:
    """What a study said on a day."""

    verdict: Verdict
    at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class StudySeen:
    """One study as its page shows it. `years`: those before whose figures were fixed. `said`: the newest answer, as `rules.effect_shape`
    gives it. `readings`: all, newest first."""

    pk: int
    outcome: Outcome | None
    main: bool
    frozen_at: datetime
    frozen_by: str
    basis: Mapping[str, Any]
    years: tuple[str, ...]
    said: Mapping[str, Any]
    readings: tuple[ReadingSeen, ...]


def studies_of(here: PackageHere, *, viewer: Viewer, at: date | datetime) -> list[StudySeen]:
    """The studies of a package with the newest answer of each, for whoever may see its effect; none for anybody else.

    Two queries where every study has been read on this very state of the data, else ten more for each.
    """
    if not here.sees(Sight.EFFECT):
        return []
    rows = EffectStudy.objects.filter(package_id=here.pk).select_related("package", "by").prefetch_related("readings").order_by("id")
    found = []
    for place, row in enumerate(rows):
        readings = sorted(row.readings.all(), key=lambda each: (each.at, each.pk), reverse=True)
        said = answer_of(row, viewer=viewer, at=at)
        kept = tuple(each["period"] for each in row.series if each["value"] is not None)
        seen = tuple(ReadingSeen(Verdict(each.verdict), each.at, each.answer["why"]) for each in readings)
        found.append(StudySeen(row.pk, OUTCOMES.get(row.outcome), place == 0, row.frozen_at, row.by.name, row.basis, kept, said, seen))
    return found


def outcomes_to_choose(here: PackageHere, *, viewer: Viewer, at: date | datetime) -> list[OutcomeLoaded]:
    """The outcomes of which the package's school has any figure loaded, in its phase."""
    life = lives([here.urn], viewer=viewer, on=day_of(at)).get(here.urn)
    if life is None:
        return []
    fitting = {each.key for each in outcomes_for(life.phase)}
    return [each for each in outcomes_loaded(viewer=viewer, urns=life.urns) if each.outcome.key in fitting]


def verdict_here(here: PackageHere, *, viewer: Viewer) -> ReadingSeen | None:
    """The newest reading of the main outcome of a package, for whoever may see its effect; None for anybody else and where nothing was
    read yet. One query."""
    if not here.sees(Sight.EFFECT):
        return None
    first = EffectStudy.objects.filter(package_id=here.pk).order_by("id").values("pk")[:1]
    row = EffectReading.objects.filter(study_id=Subquery(first)).order_by("-at", "-id").first()
    return ReadingSeen(Verdict(row.verdict), row.at, row.answer["why"]) if row is not None else None


def pooled_here(slug: str, *, viewer: Viewer) -> Pooled | None:
    """What all packages of a partnership show together, by the newest reading of each one's main outcome.

    Packages that began count, stopped ones included; one without a study is not measurable. For whoever sees totals of support; None for
    anybody else. Three queries.
    """
    here = viewer.partnership
    if here is None or here.slug != slug or not viewer.may(Permission.SUPPORT_TOTALS_SEE):
        return None
    rows = Package.objects.filter(partnership__slug=slug, started_on__isnull=False)
    studies = EffectStudy.objects.filter(package__in=rows).order_by("package_id", "id")
    main: dict[int, int] = {}
    for pk, package_id in studies.values_list("id", "package_id"):
        main.setdefault(package_id, pk)
    newest = {each.study_id: each for each in EffectReading.objects.filter(study_id__in=main.values()).order_by("at", "id")}
    return pooled(_in_pool(pk, met, newest.get(main.get(pk, -1))) for pk, met in rows.order_by("id").values_list("id", "met"))


def _in_pool(pk: int, met: str, reading: EffectReading | None) -> PackageEffect:
    if reading is None:
        return PackageEffect(str(pk), Verdict.NOT_MEASURABLE, None, met == Met.STOPPED.value)
    verdict, said = Verdict(reading.verdict), reading.answer
    value = None
    if verdict not in (Verdict.TOO_EARLY, Verdict.NOT_MEASURABLE):
        way = 1 if said["outcome"]["better"] == "higher" else -1
        value = way * said["difference_in_differences"] / said["standard_error"]
    return PackageEffect(str(pk), verdict, value, met == Met.STOPPED.value)


def verdicts_by_supporter(supporter_ids: Iterable[int], *, viewer: Any, before: date) -> dict[int, dict[str, str]]:
    """What the newest reading before a day said of the main outcome of each school that a supporter served, by its newest package: for the
    directory, which tells no school of it. Two queries."""
    studies = EffectStudy.objects.filter(package__supporter_id__in=list(supporter_ids)).order_by("package_id", "id")
    main: dict[int, tuple[int, int, str]] = {}
    for pk, package_id, supporter_id, urn in studies.values_list("id", "package_id", "package__supporter_id", "package__school_id"):
        main.setdefault(package_id, (pk, supporter_id, urn))
    rows = EffectReading.objects.filter(study_id__in=[pk for pk, _, _ in main.values()], at__date__lt=before).order_by("at", "id")
    newest = dict(rows.values_list("study_id", "verdict"))
    found: dict[int, dict[str, str]] = {}
    for pk, supporter_id, urn in main.values():
        if pk in newest:
            found.setdefault(supporter_id, {})[urn] = newest[pk]
    return found
