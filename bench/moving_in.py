"""What it takes to move in: `python -m bench.moving_in [--schools 300] [--seed 7] [--json]`.

An invented county of so many schools, and six files as they really are (`tests/factories/dirty_spreadsheets.py`): 1,200 contacts, 45
clusters, 400 lines of a log, seats, reviewers, a directory and subscriptions, with closed URNs, misspellings, wrong numbers, duplicates,
merged cells and two header rows. Counted are the questions asked, the seconds and memory of reading, planning, saving and undoing, how many
lines found their true school, and the minutes of one person by the keystroke-level model (`web/todo.py`).

The minutes are those of the model: a thought and a press for each control, a keystroke for each character; reading at the pace of a careful
reader, the questions with all their choices, and of the preview either a look (20 lines of each kind, and every line left out) or every
line. Finding the files, and asking a colleague who the new head is, are in neither. The baseline is an estimate by the same model: the same
records typed into the forms that there are, record by record, with nothing looked up, nothing misspelt and no duplicate noticed.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.functional.effort import Effort

#: Lines of each kind that somebody looks at before saving.
LOOKED_AT = 20
#: Opening the page and beginning; choosing all files at once and bringing them; saving, and saying yes.
BEGIN, CHOOSE, SAVE = 2, 4, 2


def prepared(folder: str) -> None:
    """Tables of its own, in a folder of its own, or in the database that the surroundings name."""
    os.environ.setdefault("CONVENOR_SECRET_KEY", secrets.token_urlsafe(50))
    os.environ["CONVENOR_DATA_DIR"] = folder
    os.environ["DJANGO_SETTINGS_MODULE"] = "convenor.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)


@contextmanager
def timed(told: dict[str, float], name: str) -> Iterator[None]:
    """Seconds of one step."""
    begun = time.perf_counter()
    yield
    told[name] = round(told.get(name, 0.0) + time.perf_counter() - begun, 2)


def measured(schools: int, seed: int) -> dict[str, Any]:
    """Moves the dirty set in and out again, and counts."""
    from convenor.moving_in.actions import add_file, answer, begin, save, undo
    from convenor.moving_in.models import MoveIn
    from convenor.moving_in.queries.planned import planned
    from convenor.post.models import Letter
    from tests.factories.moving_in import AT, LATER, SAID, SLUG, arriving, dirty, seen

    seconds: dict[str, float] = {}
    here = arriving(schools, seed=seed)
    brought = dirty(here, seed=seed)
    row = begin(slug=SLUG, by=here.manager, at=AT)
    with timed(seconds, "reading and recognising six files, planning after each"):
        for name, content in brought.files.items():
            add_file(slug=SLUG, move_in_id=row.pk, name=name, content=content, by=here.manager, at=AT)
    with timed(seconds, "one plan from scratch"):
        planned(MoveIn.objects.get(pk=row.pk), viewer=here.manager, at=AT)
    asked = []
    while questions := seen(here, row).questions:
        question = questions[0]
        asked.append(question)
        said = SAID.get(question.key.partition(":")[0], question.choices[0][0])
        with timed(seconds, "all answers, planning after each"):
            answer(slug=SLUG, move_in_id=row.pk, key=question.key, said=said, by=here.manager, at=AT)
    top, work = seen(here, row), planned(MoveIn.objects.get(pk=row.pk), viewer=here.manager, at=AT).work
    with timed(seconds, "saving"):
        save(slug=SLUG, move_in_id=row.pk, by=here.manager, at=AT, version=top.version)
    with timed(seconds, "undoing"):
        undo(slug=SLUG, move_in_id=row.pk, by=here.manager, at=LATER)
    return {
        "schools": schools, "seed": seed, "seconds": seconds, "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "questions": [{"words": each.words, "lines": len(each.lines)} for each in asked], "counts": top.counts, "left": len(top.left),
        "letters": Letter.objects.count(), "true_schools": true_schools(brought.truth, top), "minutes": minutes(asked, top),
        "by_hand": by_hand(work),
    }  # fmt: skip


def true_schools(truth: Any, top: Any) -> dict[str, int]:
    """How many lines found the school that they mean, another one, and none."""
    kinds = ("support-log", "subscriptions", "directory")
    meant = {(str(line.kind), line.file, line.number): line.urn for line in truth.lines if line.urn and str(line.kind) in kinds}
    sheets = {(each.kind, f"{each.file}, {each.name}"): each.file for each in top.sheets}
    found = {
        (kind, sheets.get((kind, each.file), each.file), each.line): each.urn for kind, changes in top.changes.items() for each in changes
    }
    told = {"true": 0, "another": 0, "merged or left": 0}
    for place, urn in meant.items():
        told["merged or left" if place not in found else "true" if found[place] == urn else "another"] += 1
    return told


def words_of(*texts: str) -> int:
    """How many words there are to read."""
    return sum(len(each.split()) for each in texts)


def minutes(asked: list[Any], top: Any) -> dict[str, float]:
    """The minutes of one person: doing; with reading the questions and looking at the preview; with reading every line of it."""
    doing = Effort("move in", taps=BEGIN + CHOOSE + SAVE + 2 * len(asked))
    questions = sum(words_of(each.words, each.why, *(words for _, words in each.choices)) for each in asked)
    lines = [[words_of(each.words, each.before, each.after) for each in changes] for changes in top.changes.values()]
    left = words_of(*(why for _, _, why in top.left), *top.told)
    look = questions + left + sum(sum(each[:LOOKED_AT]) for each in lines)
    every = questions + left + sum(sum(each) for each in lines)
    return {
        "doing": round(doing.minutes, 1),
        "with a look at the preview": round(Effort("", taps=doing.taps, words=look).minutes_with_reading, 1),
        "with reading every line of it": round(Effort("", taps=doing.taps, words=every).minutes_with_reading, 1),
        "presses": doing.taps,
    }


def by_hand(work: Any) -> dict[str, Any]:
    """The same records typed into the forms that there are, one after the other."""
    steps = [
        Effort("contacts: role, name, address, telephone, save", taps=3 * len(work.contacts), fields=2 * len(work.contacts),
               characters=sum(len(each.name) + len(each.email) + len(each.phone) for each in work.contacts)),
        Effort("a school joins and takes its place in a cluster", taps=8 * len(work.constitution.members),
               fields=2 * len(work.constitution.members), characters=16 * len(work.constitution.members)),
        Effort("bodies and seats written into a constitution file", taps=0, fields=len(work.constitution.bodies),
               characters=sum(90 + len(each.name) for each in work.constitution.bodies)),
        Effort("people in seats: seat, person, school, days, save", taps=5 * len(work.constitution.appointments),
               fields=3 * len(work.constitution.appointments),
               characters=sum(28 + len(each.person) for each in work.constitution.appointments)),
        Effort("reviewers, and each training", taps=sum(8 + 3 * len(each.trainings) for each in work.reviewers),
               fields=sum(2 + len(each.trainings) for each in work.reviewers),
               characters=sum(len(each.who.name) + len(each.who.email) + 10 * len(each.trainings) for each in work.reviewers)),
        Effort("the directory, and what vouches for each", taps=11 * len(work.supporters), fields=5 * len(work.supporters),
               characters=sum(len(each.name) + len(each.says) + len(each.assured_by) + 14 for each in work.supporters)),
        Effort("the log, as notes of contact", taps=5 * len(work.earlier), fields=3 * len(work.earlier),
               characters=sum(len(each.what) + len(each.who) + len(each.note) + 14 for each in work.earlier)),
        Effort("subscriptions, in a spreadsheet as before", taps=0, fields=4 * len(work.subscriptions), characters=0),
    ]  # fmt: skip
    return {"steps": {each.name: round(each.minutes) for each in steps}, "minutes": round(sum(each.minutes for each in steps))}


def told(found: dict[str, Any]) -> None:
    """The figures for a reader."""
    print(f"{found['schools']} schools, seed {found['seed']}: {len(found['questions'])} questions, {found['letters']} letters sent.")
    for each in found["questions"]:
        print(f"  {each['lines']:4} lines: {each['words'][:150]}")
    for kind, counts in found["counts"].items():
        print(f"  {kind}: {counts['new']} new, {counts['changed']} changed")
    print(f"  {found['left']} lines left out with the reason.")
    print(f"  Schools of the log, the subscriptions and the directory: {found['true_schools']}.")
    for name, seconds in found["seconds"].items():
        print(f"  {seconds:7.2f} s  {name}")
    print(f"  {found['memory_mb']} MB at the most.")
    print(f"Minutes of one person: {found['minutes']}. By hand: {found['by_hand']['minutes']} minutes: {found['by_hand']['steps']}.")
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores.")


def main() -> None:
    """Measures, and says so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--schools", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="convenor-moving-in-") as folder:
        prepared(folder)
        found = measured(options.schools, options.seed)
    if options.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
    else:
        told(found)


if __name__ == "__main__":
    main()
