"""Which further counts must be held back so that none can be worked out, with the proof: other truths that fit all that is told.

The proof that a count is in doubt is another *truth*: other answers of the same schools, in whole schools, under which every count that is
told, in every table, and every total is the same, and that count is another. Where such truths are kept for every count held back and for
every school, none follows from what is told, whatever is added or subtracted. The doubt must hold too for whoever knows what one school
answered: for each school there must be a truth in which that school may have answered as it did.

Truths are looked for by a solver (HiGHS, a mixed integer programme over the numbers of each kind of school with each answer). Where it
finds none, counts are held back until two schools could simply exchange their answers, which is a truth in itself. A truth that fits
still fits when more is held back, so this ends, at the latest with nothing told but the total. That a search is stopped early costs a
count that might have been told, never a school's confidence.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from convenor.consultation.rules.tally import LEAST

Codes = NDArray[np.int64]
Mask = NDArray[np.bool_]

#: So many truths are drawn at random before any is looked for on purpose.
DRAWN: Final = 20
#: What share of the kinds may answer otherwise in a search: first few, which is quick, at last all.
SHARES: Final = (0.4, 1.0)
#: A search is stopped after so many branches: by work, never by the clock.
BRANCHES: Final = 40
_SEED: Final = 20_180_215


class Cells:
    """The counts of one question in all its groupings, which are held back, and the other truths that fit what is told.

    `codes` has a line for each school and a column for each grouping; `chosen` the option of each. Schools alike in all groups are one
    kind: `truth` has how many of each kind chose each option.
    """

    def __init__(self, codes: Codes, chosen: Codes, options: int) -> None:
        kinds, kind_of = np.unique(codes, axis=0, return_inverse=True)
        self.codes: Codes = kinds
        self.truth: Codes = np.zeros((len(kinds), options), dtype=np.int64)
        np.add.at(self.truth, (kind_of.ravel(), chosen), 1)
        self.totals: Codes = self.truth.sum(axis=0)
        self.counts = [self._counted(place) for place in range(codes.shape[1])]
        self.hidden = [(counts < LEAST) & (self.totals > 0) for counts in self.counts]
        self.others: list[Codes] = []
        self._made: tuple[Any, Codes] | None = None
        self.chance = np.random.default_rng([_SEED, *self.truth.shape])

    def _counted(self, place: int) -> Codes:
        counts = np.zeros((int(self.codes[:, place].max()) + 1, self.truth.shape[1]), dtype=np.int64)
        np.add.at(counts, self.codes[:, place], self.truth)
        return counts

    def told(self, place: int, code: int) -> tuple[int | None, ...]:
        """One group as it is told. A group of which only noughts that the total tells would be left is told nothing of."""
        counts, hidden = self.counts[place][code], self.hidden[place][code]
        whole = bool(hidden[self.totals > 0].all())
        return tuple(None if whole or held else int(count) for count, held in zip(counts, hidden, strict=True))

    def protect(self) -> None:
        """Holds further counts back until each that is held back, and each school, is in doubt for whoever knows one school's answer."""
        for _ in range(min(DRAWN, len(self.codes))):
            self._draw()
        for one in range(len(self.codes)):
            within = np.zeros(len(self.codes), dtype=bool)
            within[one] = True
            for given in np.flatnonzero(self.truth[one]).tolist():
                self._put_in_doubt(within, given, self._could_tell(one, given))
        waiting = [(place, group, option) for place, hidden in enumerate(self.hidden) for group, option in np.argwhere(hidden).tolist()]
        while waiting:
            place, group, option = waiting.pop()
            waiting += self._put_in_doubt(self.codes[:, place] == group, option)

    # What is in doubt, and for whom

    def _could_tell(self, kind: int, option: int) -> Mask:
        """For which schools the number of a kind with an answer would be some school's answer: where all of the kind, but for
        themselves, gave that one. Where they answered differently, nobody outside can say which of them said what."""
        else_: Codes = self.truth[kind].copy()
        else_[option] = 0
        tell = np.full(self.truth.shape, not else_.any())
        if else_.sum() == 1:
            tell[kind] = else_ == 1
        return tell

    def certain_for(self, within: Mask, option: int) -> Mask:
        """For which schools, known by kind and answer, no truth that is kept leaves it in doubt how many of some kinds chose an option."""
        own = self.truth > 0
        doubt = np.zeros_like(own)
        count = int(self.truth[within, option].sum())
        for other in self.others:
            if int(other[within, option].sum()) != count:
                doubt |= other > 0
        certain: Mask = own & ~doubt & ~self._follows_from_total(within, option)
        return certain

    def _follows_from_total(self, within: Mask, option: int) -> Mask:
        """Which schools know the count from the total and their own answer alone: all the others chose that option, or none did."""
        everybody = int(self.totals.sum())
        follows = np.zeros(self.truth.shape, dtype=bool)
        for own in range(self.truth.shape[1]):
            follows[:, own] = int(self.totals[option]) - (own == option) in (0, everybody - 1)
        # A school that is the only one of these kinds knows what it said itself.
        if int(self.truth[within].sum()) == 1:
            follows[within] = True
        return follows

    def _put_in_doubt(self, within: Mask, option: int, whom: Mask | bool = True) -> list[tuple[int, int, int]]:
        """Looks for truths that leave a count in doubt for some schools, and holds counts back where there are none; gives those newly
        held back."""
        new: list[tuple[int, int, int]] = []
        while (certain := self.certain_for(within, option) & whom).any():
            kind, answer = np.argwhere(certain)[0].tolist()
            if self._look(within, option, certain) or self._look(within, option, _only(certain.shape, (kind, answer))):
                continue
            new += self._exchange(within, option, (kind, answer))
        return new

    # Truths that fit

    def _rows(self) -> tuple[Any, Codes]:
        """All that is told, as sums over the numbers of each kind with each answer; made anew when more is held back."""
        from scipy.sparse import csr_matrix

        if self._made is not None:
            return self._made
        kinds, options = self.truth.shape
        number = np.arange(kinds * options).reshape(kinds, options)
        sums = [*number, *number.T]
        for place, hidden in enumerate(self.hidden):
            sums += [number[self.codes[:, place] == group, option] for group, option in np.argwhere(~hidden & (self.totals > 0))]
        lines = np.repeat(np.arange(len(sums)), [len(each) for each in sums])
        matrix = csr_matrix((np.ones(len(lines)), (lines, np.concatenate(sums))), shape=(len(sums), kinds * options))
        self._made = matrix, np.asarray(matrix @ self.truth.ravel(), dtype=np.int64)
        return self._made

    def _solve(self, wish: NDArray[np.float64], least: Codes, most: Codes, more: tuple[Codes, float, float] | None = None) -> bool:
        """Looks for a truth within bounds, and keeps it."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import csr_matrix, vstack

        matrix, sums = self._rows()
        low, high = sums.astype(float), sums.astype(float)
        if more is not None:
            matrix = vstack([matrix, csr_matrix(more[0].ravel()[None, :])]).tocsr()
            low, high = np.append(low, more[1]), np.append(high, more[2])
        found = milp(
            wish.ravel(), integrality=np.ones(wish.size), bounds=Bounds(least.ravel(), most.ravel()),
            constraints=LinearConstraint(matrix, low, high), options={"node_limit": BRANCHES, "mip_rel_gap": 1e6},
        )  # fmt: skip
        if found.x is None:
            return False
        truth = np.rint(found.x).astype(np.int64).reshape(self.truth.shape)
        if not (matrix @ truth.ravel() == np.clip(matrix @ truth.ravel(), low, high)).all():
            return False
        self.others.append(truth)
        return True

    def _most(self) -> Codes:
        most: Codes = np.repeat(self.truth.sum(axis=1)[:, None], self.truth.shape[1], axis=1)
        return most

    def _draw(self) -> None:
        """A truth at random, under which one half of the kinds answered as they did."""
        kept = (self.chance.random(len(self.truth)) < 0.5)[:, None]
        wish = self.chance.normal(size=self.truth.shape)
        self._solve(wish, np.where(kept, self.truth, 0), np.where(kept, self.truth, self._most()))

    def _look(self, within: Mask, option: int, known: Mask) -> bool:
        """A truth with more, or with fewer, of some kinds for an option, under which the schools that are known answered as they did."""
        here = np.zeros_like(self.truth)
        here[within, option] = 1
        count, none = int(self.truth[within, option].sum()), np.zeros(self.truth.shape)
        for share in SHARES:
            kept = (self.chance.random(len(self.truth)) >= share)[:, None]
            if within.sum() == 1:
                kept[within] = False
            low, high = np.where(kept, self.truth, known), np.where(kept, self.truth, self._most())
            for more in ((here, -np.inf, count - 1), (here, count + 1, np.inf)):
                if self._solve(none, low, high, more):
                    return True
        return False

    # Holding back

    def _exchange(self, within: Mask, option: int, known: tuple[int, int]) -> list[tuple[int, int, int]]:
        """Holds back what an exchange of answers between two schools would change, the cheapest that leaves a known school as it is."""
        free = self.truth.copy()
        free[known] -= 1
        price = [np.where(hidden, 0, counts + 1) for counts, hidden in zip(self.counts, self.hidden, strict=True)]
        best: tuple[int, int, int, int] | None = None
        for other in np.flatnonzero(self.totals):
            if other == option:
                continue
            for one, two in ((option, int(other)), (int(other), option)):
                left, right = np.flatnonzero(within & (free[:, one] > 0)), np.flatnonzero(~within & (free[:, two] > 0))
                if len(left) and len(right):
                    cost = np.zeros((len(left), len(right)), dtype=np.int64)
                    for place, prices in enumerate(price):
                        cost += _price(prices, self.codes[:, place], left, right, one, two)
                    at = np.unravel_index(int(cost.argmin()), cost.shape)
                    found = (int(cost[at]), int(left[at[0]]), int(right[at[1]]), one * self.truth.shape[1] + two)
                    best = found if best is None else min(best, found)
        assert best is not None, "what does not follow from the total can be exchanged"
        _, left_kind, right_kind, both = best
        one, two = divmod(both, self.truth.shape[1])
        truth = self.truth.copy()
        truth[left_kind, [one, two]] += [-1, 1]
        truth[right_kind, [one, two]] += [1, -1]
        self.others.append(truth)
        return self._hold(left_kind, right_kind, (one, two))

    def _hold(self, left: int, right: int, options: tuple[int, int]) -> list[tuple[int, int, int]]:
        new = []
        self._made = None
        for place, hidden in enumerate(self.hidden):
            groups = {int(self.codes[left, place]), int(self.codes[right, place])}
            for group, option in ((group, option) for group in sorted(groups) for option in options if len(groups) > 1):
                if not hidden[group, option]:
                    hidden[group, option] = True
                    new.append((place, group, option))
        return new


def _only(shape: tuple[int, ...], at: tuple[int, ...]) -> Mask:
    mask = np.zeros(shape, dtype=bool)
    mask[at] = True
    return mask


def _price(price: Codes, codes: Codes, left: Codes, right: Codes, one: int, two: int) -> Codes:
    """What an exchange would cost in one table, for each pair: nothing where both are in one group."""
    of_both = price[:, one] + price[:, two]
    cost: Codes = np.where(codes[left][:, None] == codes[right][None, :], 0, of_both[codes[left]][:, None] + of_both[codes[right]][None, :])
    return cost
