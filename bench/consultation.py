"""How much work the results of a large consultation are: 500 schools, 30 questions, every grouping, against plain counting.

    python -m bench.consultation [--schools 500] [--questions 30]

Plain counting makes the same tables with every number in them, small ones too, and tells what nobody may be told. What is on top is the
price of holding back what must be, with the proof that it cannot be worked out. Invented schools: four phases, six types of which some go
with the phase, sixty trusts, a hundred clusters, five sizes; three answers to each question, in shares that differ by question and phase.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from convenor.consultation.rules.answers import SentResponse
from convenor.consultation.rules.questions import Option, QuestionAsked
from convenor.consultation.rules.rates import GROUPINGS
from convenor.consultation.rules.results import work_out
from convenor.consultation.rules.states import QuestionKind, ResponseKind
from convenor.consultation.rules.tally import answer_to, items

SEED = 2018
SIZES = (0.15, 0.25, 0.35, 0.2, 0.05)
OPTIONS = ("yes", "partly", "no")


def invented(schools: int, questions: int) -> tuple[list[QuestionAsked], list[SentResponse]]:
    """Closed questions, and a response of each school."""
    chance = np.random.default_rng(SEED)
    asked = [
        QuestionAsked(f"q{number}", QuestionKind.CLOSED, f"Question {number}", tuple(Option(key, key) for key in OPTIONS))
        for number in range(questions)
    ]
    phases = chance.choice(["Primary", "Secondary", "Special", "All-through"], schools, p=[0.78, 0.15, 0.05, 0.02])
    leans = chance.dirichlet([4, 2, 1.5], size=(questions, 2))
    sent = []
    for number, phase in enumerate(phases):
        kinds = (
            ["Community special", "Academy special"] if phase == "Special" else ["Community", "Academy", "Voluntary aided", "Foundation"]
        )
        strata = {
            "phase": str(phase), "type": str(chance.choice(kinds)),
            "trust": f"Trust {chance.integers(60)}" if chance.random() < 0.5 else "In no trust",
            "cluster": f"Cluster {chance.integers(max(1, schools // 5))}", "size": f"Band {chance.choice(5, p=SIZES)}",
        }  # fmt: skip
        answers = {each.key: OPTIONS[chance.choice(3, p=leans[place][int(phase != "Primary")])] for place, each in enumerate(asked)}
        sent.append(SentResponse(number, ResponseKind.SCHOOL, str(number), strata, 1, answers))
    return asked, sent


def counted(asked: Sequence[QuestionAsked], sent: Sequence[SentResponse]) -> list[Mapping[tuple[str, str], int]]:
    """Every table with every number in it."""
    return [
        Counter((each.strata[grouping], answer_to(item, each.answers)) for each in sent) for item in items(asked) for grouping in GROUPINGS
    ]


def main() -> None:
    """Times both in seconds of a processor, and says how much is told."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=500)
    parser.add_argument("--questions", type=int, default=30)
    given = parser.parse_args()
    asked, sent = invented(given.schools, given.questions)
    begun = time.process_time()
    plain = counted(asked, sent)
    middle, worked = time.perf_counter(), time.process_time()
    plainly = worked - begun
    found = work_out(asked, sent, asked=given.schools)
    ended = time.perf_counter()
    worked = time.process_time() - worked
    rows = [row for each in found.schools for table in each.tables for row in table.rows]
    cells = [count for row in rows for count in row.counts]
    small = sum(count < 5 for table in plain for count in table.values())
    told = sum(count is not None for count in cells)
    seconds = ended - middle
    print(f"{given.schools} schools, {given.questions} questions, {len(GROUPINGS)} groupings")
    each, ratio = worked / given.questions, worked / plainly
    print(f"plain counting           {plainly:8.2f} s   {len(plain)} tables, {small} numbers under five in them")
    print(f"results as they are told {worked:8.2f} s   {each:.2f} s a question, {ratio:.0f} times as long; {seconds:.0f} s by the clock")
    print(f"counts told              {told} of {len(cells)} ({100 * told / len(cells):.0f}%) in {len(rows)} groups of ten schools or more")


if __name__ == "__main__":
    main()
