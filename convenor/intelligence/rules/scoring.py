"""The score: how far down among England's schools of its phase a school stands in results and attendance, in points of a hundred.

One function, `score`, is used for every school (`convenor signals`) and for the back-test, so that what is tested is what is used. It can
be followed by hand:

1. Each figure becomes a *position* from 0 (the best figure of England's schools of that phase) to 1 (the furthest from it).
2. A figure that rests on few pupils is drawn towards the middle: its distance from 0.5 times n / (n + 25).
3. An indicator's *share* is the mean of its positions; its contribution is its maximum times its share; the contributions add up to the
   score. The maxima and their reasons stand in `weights`.
4. A figure that other schools of the phase have and this school has not, is taken as the greater of the middle and the mean of the
   school's other positions: a suppressed figure is never better than a middling one. An indicator that no school of the phase has counts
   as the middle for all of them; for progress, attainment then stands in (`weights`).
5. What is missing, and what rests on few pupils, is counted as uncertainty, in points, beside the score.

Pure: arrays in, arrays out. A score is a place in a queue for a conversation, not a judgement.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from convenor.england.phases import ALL_THROUGH, PRIMARY, PRU, SECONDARY, SPECIAL
from convenor.intelligence.rules.weights import CURRENT, LIKE_INTAKE, STARTING_POINT, Family, Slot, Weights
from convenor.registers.rules.measures import MEASURES, Direction

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]

MIDDLE: Final = 0.5
#: A measure counts as published for a group of schools when at least this share of them has it.
PUBLISHED_FOR_SHARE: Final = 0.1
#: A comparison with schools of like intake is made among at least so many.
LIKE_INTAKE_SCHOOLS: Final = 30
NOT_OF_THE_PHASE: Final = "-"

# Where the share of an indicator comes from, for the page and for `not_assessable`.
PUBLISHED: Final = "published"
PARTLY: Final = "partly withheld"
WITHHELD: Final = "withheld"
NOT_PUBLISHED: Final = "not published for these schools"
STAND_IN: Final = "attainment stands in"


@dataclass(frozen=True)
class Figures:
    """The figures of many schools, as parallel arrays.

    `phases`: Ofsted's words, "" where unknown. `values`: by key of the catalogue of measures, nan where missing, in the publisher's units.
    `cohorts`: by the same keys, the pupils a figure is about, nan where unknown. `counts`: whether a school belongs to England's schools;
    one that does not (an invented one) is scored against them and changes nobody's score.
    """

    urns: list[str]
    phases: Words
    values: dict[str, Floats]
    cohorts: dict[str, Floats] = field(default_factory=dict)
    counts: Bools | None = None

    def counted(self) -> Bools:
        """Who belongs to England's schools: everyone, unless said otherwise."""
        return np.ones(len(self.urns), dtype=bool) if self.counts is None else self.counts


@dataclass(frozen=True)
class Scored:
    """What `score` gives, school by school, in the order of the figures.

    `score` and `uncertainty` in points of `maximum`; `contributions`, `maxima`, `shares` (0 to 1) and `basis` (where the share comes from)
    by code of the indicator. The contributions of a school add up to its score. `known` says whether any scored figure is known at all.
    """

    score: Floats
    maximum: Floats
    uncertainty: Floats
    contributions: dict[str, Floats]
    maxima: dict[str, Floats]
    shares: dict[str, Floats]
    basis: dict[str, Words]
    known: Bools


@dataclass(frozen=True)
class _Reading:
    """One slot of a family: for whom it is published, the position (nan where missing), and how much of it is not chance (0 to 1)."""

    in_play: Bools
    position: Floats
    reliability: Floats

    @property
    def known(self) -> Bools:
        """Who has it."""
        return self.in_play & ~np.isnan(self.position)


def compared_as(phases: Words, measure: str) -> Words:
    """The group in which a school is placed for a measure: the phase, where an all-through school is a primary for key stage 2 and a
    secondary for all else. `NOT_OF_THE_PHASE` where the measure is not for the school; "" is a group of its own, of unknown phase.

    The results of special schools and referral units are published and not scored: most of their pupils work below the level of the tests,
    or came late, so that results there tell of pupils' needs and not of the school.
    """
    groups = phases.astype("<U16").copy()
    groups[phases == ALL_THROUGH] = PRIMARY if measure.startswith("ks2_") else SECONDARY
    groups[~np.isin(phases, [*MEASURES[measure].phases, ""])] = NOT_OF_THE_PHASE
    if measure.startswith(("ks2_", "ks4_")):
        groups[np.isin(phases, [SPECIAL, PRU])] = NOT_OF_THE_PHASE
    return groups


def positions(values: Floats, groups: Words, counted: Bools, *, worst_is_high: bool) -> Floats:
    """Where each value stands among the counted schools of its group: 0 the best, 1 the furthest from it, ties shared; nan where there is
    no value, no group, or nobody to compare with."""
    found = np.full(len(values), np.nan)
    has = ~np.isnan(values) & (groups != NOT_OF_THE_PHASE)
    for group in np.unique(groups[has]):
        here = has & (groups == group)
        among = np.sort(values[here & counted])
        if not len(among):
            continue
        place = _place(among, values[here])
        found[here] = place if worst_is_high else 1 - place
    return found


def _place(among: Floats, values: Floats) -> Floats:
    """The share of sorted values that lie below each value, ties counting half."""
    below = np.searchsorted(among, values, side="left")
    up_to = np.searchsorted(among, values, side="right")
    return np.asarray((below + up_to) / (2 * len(among)), dtype=np.float64)


def published_for(values: Floats, groups: Words, counted: Bools) -> Bools:
    """For whom a measure is published: every school of a group of which at least a tenth has it."""
    found = np.zeros(len(values), dtype=bool)
    has = ~np.isnan(values)
    for group in np.unique(groups):
        if group == NOT_OF_THE_PHASE:
            continue
        here = (groups == group) & counted
        with_it = int((here & has).sum())
        if with_it and with_it >= PUBLISHED_FOR_SHARE * here.sum():
            found[groups == group] = True
    return found


def reliability(cohorts: Floats, middling_pupils: int) -> Floats:
    """How much of a figure is not chance: n / (n + middling), 1 where the number of pupils is not known."""
    return np.where(np.isnan(cohorts), 1.0, cohorts / (cohorts + middling_pupils))


def _cohorts(figures: Figures, measure: str, has: Bools) -> Floats:
    """The pupils behind each figure. A school without a number is taken to have the middling one, where others have one."""
    nothing = np.full(len(figures.urns), np.nan)
    stage = f"{measure[:3]}_cohort" if measure.startswith(("ks2_", "ks4_")) else ""
    cohorts = figures.cohorts.get(measure, nothing)
    cohorts = np.where(np.isnan(cohorts), figures.values.get(stage, nothing), cohorts)
    cohorts = np.where(cohorts > 0, cohorts, np.nan)
    known = has & ~np.isnan(cohorts)
    return np.where(np.isnan(cohorts), np.median(cohorts[known]), cohorts) if known.any() else nothing


def _reading(figures: Figures, slot: Slot, weights: Weights) -> _Reading:
    """A slot as it stands for each school: the first of its measures that is published for the school's group."""
    size = len(figures.urns)
    in_play, position, reliable = np.zeros(size, dtype=bool), np.full(size, np.nan), np.zeros(size)
    counted = figures.counted()
    for measure in slot:
        if measure not in figures.values:
            continue
        values = figures.values[measure]
        groups = compared_as(figures.phases, measure)
        here = published_for(values, groups, counted) & ~in_play
        if not here.any():
            continue
        place = positions(values, groups, counted, worst_is_high=MEASURES[measure].direction is Direction.LOWER)
        has = ~np.isnan(place)
        trust = reliability(_cohorts(figures, measure, has), weights.middling_pupils)
        position[here] = (MIDDLE + (place - MIDDLE) * trust)[here]
        reliable[here] = np.where(has, trust, 0.0)[here]
        in_play |= here
    return _Reading(in_play, position, reliable)


def score(figures: Figures, weights: Weights = CURRENT) -> Scored:
    """The score of each school, with everything needed to follow it by hand.

    Positions are among the counted schools of a phase in these very figures. A school of which nothing is known stands in the middle, with
    the greatest uncertainty and `known` false. Never raises for missing figures.
    """
    readings = {family.code: [_reading(figures, slot, weights) for slot in family.slots] for family in weights.families}
    usual = _usual_position(readings, weights)
    shares: dict[str, Floats] = {}
    trust: dict[str, Floats] = {}
    basis: dict[str, Words] = {}
    for family in weights.families:
        shares[family.code], trust[family.code], basis[family.code] = _share(readings[family.code], usual)
    _stand_in_for_progress(figures, weights, shares, trust, basis, usual)
    size = len(figures.urns)
    maxima = {family.code: np.full(size, float(family.maximum)) for family in weights.families}
    contributions = {code: maxima[code] * share for code, share in shares.items()}
    nothing = np.zeros(size)
    return Scored(
        score=sum(contributions.values(), nothing),
        maximum=np.full(size, float(weights.maximum)),
        uncertainty=sum((maxima[code] * (1 - trust[code]) / 2 for code in maxima), nothing),
        contributions=contributions,
        maxima=maxima,
        shares=shares,
        basis=basis,
        known=np.logical_or.reduce([reading.known for each in readings.values() for reading in each]),
    )


def _usual_position(readings: dict[str, list[_Reading]], weights: Weights) -> Floats:
    """What a missing figure is taken as: the greater of the middle and the mean of the school's known positions, weighted as they count."""
    points = total = np.zeros(len(next(iter(readings.values()))[0].position))
    for family in weights.families:
        in_play = np.maximum(sum(reading.in_play.astype(float) for reading in readings[family.code]), 1)
        for reading in readings[family.code]:
            weight = np.where(reading.known, family.maximum / in_play, 0)
            points = points + weight * np.nan_to_num(reading.position)
            total = total + weight
    mean = np.divide(points, total, out=np.full(len(total), MIDDLE), where=total > 0)
    return np.asarray(np.maximum(MIDDLE, mean), dtype=np.float64)


def _share(readings: list[_Reading], usual: Floats) -> tuple[Floats, Floats, Words]:
    """The share of one indicator, how much of it is not chance, and where it comes from."""
    size = len(usual)
    total, trust, in_play, known = np.zeros(size), np.zeros(size), np.zeros(size), np.zeros(size)
    for reading in readings:
        position = np.where(reading.known, reading.position, usual)
        total += np.where(reading.in_play, position, 0)
        trust += np.where(reading.known, reading.reliability, 0)
        in_play += reading.in_play
        known += reading.known
    many = np.maximum(in_play, 1)
    share = np.where(in_play > 0, total / many, MIDDLE)
    basis = np.select([in_play == 0, known == 0, known < in_play], [NOT_PUBLISHED, WITHHELD, PARTLY], default=PUBLISHED)
    return share, trust / many, basis


def _stand_in_for_progress(
    figures: Figures, weights: Weights, shares: dict[str, Floats], trust: dict[str, Floats], basis: dict[str, Words], usual: Floats
) -> None:
    """Where no progress is published, let attainment, and attainment against schools of like intake, stand in (changes the arrays)."""
    if not {"ATT", "PRG"} <= set(shares):
        return
    wanted = (basis["PRG"] == NOT_PUBLISHED) & (basis["ATT"] != NOT_PUBLISHED)
    withheld = basis["ATT"] == WITHHELD
    groups = np.where(figures.phases == ALL_THROUGH, SECONDARY, figures.phases)
    basis["PRG"] = basis["PRG"].astype("<U48")
    for group in np.unique(groups[wanted]):
        here = wanted & (groups == group)
        found = _against_like_intake(figures, shares["ATT"], here, here & ~withheld & figures.counted())
        if found is None:
            of_attainment, of_intake, stands, middling = weights.stand_in_attainment, 0.0, usual, usual
        else:
            stands, middling, knows_the_start = found
            of_attainment = 0.0 if knows_the_start else weights.stand_in_attainment
            of_intake = 1.0 if knows_the_start else weights.stand_in_like_intake
        share = MIDDLE + of_attainment * (shares["ATT"] - MIDDLE) + of_intake * (stands - MIDDLE)
        share = np.where(withheld, np.maximum(usual, MIDDLE + of_intake * (middling - MIDDLE)), share)
        shares["PRG"] = np.where(here, share, shares["PRG"])
        trust["PRG"] = np.where(here, trust["ATT"] * (of_attainment + of_intake), trust["PRG"])
        basis["PRG"] = np.where(here, np.where(withheld, WITHHELD, STAND_IN), basis["PRG"])


def _against_like_intake(figures: Figures, attainment: Floats, here: Bools, known: Bools) -> tuple[Floats, Floats, bool] | None:
    """Where schools stand in how far their attainment falls short of that of schools of like intake (1 the furthest), the same for a
    school of middling attainment in their place, and whether the comparison knows where pupils started. None where too few can be
    compared, or nothing is known to compare them by."""
    counted = figures.counted() & here
    groups = np.where(here, "here", NOT_OF_THE_PHASE)
    for slots in (STARTING_POINT, LIKE_INTAKE):
        columns = []
        for slot in slots:
            given = [figures.values[measure] for measure in slot if measure in figures.values]
            given = [values for values in given if published_for(values, groups, counted).any()]
            if given:
                columns.append(np.nan_to_num(positions(given[0], groups, counted, worst_is_high=True), nan=MIDDLE))
        if columns and known.sum() >= LIKE_INTAKE_SCHOOLS:
            short = attainment - _expected(attainment, np.column_stack(columns), known)
            among = np.sort(short[known])
            return _place(among, short), _place(among, short - attainment + MIDDLE), slots is STARTING_POINT
    return None


def _expected(attainment: Floats, comparators: Floats, known: Bools) -> Floats:
    """The share of attainment that schools of like intake have: a smooth curve over each comparator, fitted to the known schools."""
    design = np.column_stack([np.ones(len(attainment)), comparators, comparators**2])
    fit, *_ = np.linalg.lstsq(design[known], attainment[known], rcond=None)
    return np.asarray(design @ fit, dtype=np.float64)


def explain(scored: Scored, index: int, weights: Weights = CURRENT) -> list[tuple[Family, float, float, str]]:
    """How one school's score is made: for each indicator its family, its share, its points and where they come from."""
    return [
        (
            family,
            float(scored.shares[family.code][index]),
            float(scored.contributions[family.code][index]),
            str(scored.basis[family.code][index]),
        )
        for family in weights.families
    ]
