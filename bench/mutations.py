"""Spoilt spreadsheets, 10,000 by default: what the reading does with each, beside plain openpyxl and csv on the same files.

    python -m bench.mutations              10,000 files; the baseline reads every tenth of them
    python -m bench.mutations 1000 --seed 7 --baseline-every 1

Every file is made from the seed and its number (`tests/factories/mutated_spreadsheets.py`: cells, headings, encodings, merged cells,
formulas, ZIP and XML tricks, truncation, macros, size, other programs' files). Each is read, recognised, cut into lines, matched with a
register, its values are read, and everything is written out as a download would be. Counted: files that crash any of that (anything but
FileRefused), that take more than the bounds, that are read although they must be refused, whose rows are not all there (half-read), and
whose formulas survive into an export.
"""

from __future__ import annotations

import argparse
import csv
import io
import multiprocessing
import re
import resource
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

MEMORY_BYTES = 1536 * 1024 * 1024
SECONDS = 10
_RUN = re.compile(r"^\s*[=+\-@\t\r\n]")
Answer = tuple[str, str, int, float]


class TooLong(BaseException):
    """The time is over. No Exception, so that no reader takes it for one of its own."""


def ours() -> Callable[[str, bytes], tuple[str, str, int]]:
    """Read one file wholly, as moving in does: what came out, why, and the filled rows of the first sheet."""
    from convenor.moving_in.rules import concerns, people, values
    from convenor.moving_in.rules.reading import FileRefused, read_file
    from convenor.moving_in.rules.recognising import header_digest, recognise
    from convenor.moving_in.rules.recognising_lines import read_lines
    from convenor.moving_in.rules.refusals import NotReadable
    from convenor.moving_in.rules.schools import Register
    from convenor.web.downloads import safe
    from tests.factories.dirty_spreadsheets import invented_register

    register, known = Register(invented_register(1, 12)), people.People([])
    readers: tuple[Callable[[str], object], ...] = (
        values.read_day, values.read_pence, values.read_half_days, values.read_yes, values.read_role, values.read_year,
    )  # fmt: skip

    def one(name: str, content: bytes) -> tuple[str, str, int]:
        try:
            read = read_file(name, content)
        except FileRefused as refused:
            return "refused", refused.reason, 0
        out = io.StringIO()
        writer = csv.writer(out)
        for sheet in read.sheets:
            seen = recognise(sheet, file_name=name)
            header_digest(sheet, seen.header_rows)
            writer.writerows([safe(cell) for cell in row] for row in sheet.rows)
            for line in read_lines(sheet, seen.kind, seen.header_rows, seen.columns).lines:
                register.match(line.values)
                known.match(line.values.get("name", ""), line.values.get("email", ""))
                concerns.concerns_in(seen.kind, line.values)
                for text in line.values.values():
                    for reader in readers:
                        with suppress(NotReadable):
                            reader(text)
        alive = any(_RUN.match(cell) for row in csv.reader(io.StringIO(out.getvalue())) for cell in row if cell)
        return ("formula" if alive else "read"), "", sum(1 for row in read.sheets[0].rows if any(row))

    return one


def plain() -> Callable[[str, bytes], tuple[str, str, int]]:
    """The baseline: openpyxl for workbooks, csv as UTF-8 for text, values written out as they are."""
    import openpyxl

    def one(name: str, content: bytes) -> tuple[str, str, int]:
        if name.endswith("xlsx"):
            book = openpyxl.load_workbook(io.BytesIO(content))
            rows: list[Any] = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
        elif name.endswith("csv") or "." not in name:
            rows = list(csv.reader(io.StringIO(content.decode("utf-8"))))
        else:
            return "no reader", "", 0
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        alive = any(_RUN.match(cell) for row in csv.reader(io.StringIO(out.getvalue())) for cell in row if cell)
        return ("formula" if alive else "read"), "", sum(1 for row in rows if any(row))

    return one


def _stop(*_: object) -> None:
    raise TooLong


def _work(pipe: Connection, make: Callable[[], Callable[[str, bytes], tuple[str, str, int]]]) -> None:
    """Answer files until none comes; memory is bounded, and each file's time."""
    one = make()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGALRM, _stop)
    csv.field_size_limit(131_072)
    while (asked := pipe.recv()) is not None:
        began = time.perf_counter()
        signal.alarm(SECONDS)
        try:
            what, why, rows = one(*asked)
        except TooLong:
            what, why, rows = "crashed", "took too long", 0
        except MemoryError:
            what, why, rows = "crashed", "took too much memory", 0
        except BaseException as error:
            what, why, rows = "crashed", type(error).__name__, 0
        signal.alarm(0)
        pipe.send((what, why, rows, time.perf_counter() - began))
    peak = max(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    pipe.send(("peak", "", peak, 0.0))


@dataclass
class Reader:
    """One way to read in a process of its own, started anew when a file kills it, and what was counted."""

    name: str
    make: Callable[[], Callable[[str, bytes], tuple[str, str, int]]]
    kinds: dict[str, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    half: int = 0
    unrefused: int = 0
    slowest: float = 0.0
    seconds: float = 0.0
    peak_kib: int = 0
    examples: list[str] = field(default_factory=list)

    def start(self) -> None:
        """A fresh process."""
        self.pipe, there = multiprocessing.Pipe()
        self.process = multiprocessing.get_context("spawn").Process(target=_work, args=(there, self.make), daemon=False)
        self.process.start()
        there.close()

    def ask(self, name: str, content: bytes) -> Answer:
        """What became of a file; a process that ended is a crash."""
        try:
            self.pipe.send((name, content))
            answer: Answer = self.pipe.recv()
            return answer
        except (EOFError, OSError):
            self.process.join(5)
            self.start()
            return "crashed", "ended the process", 0, 0.0

    def end(self) -> None:
        """Stop the process and note its peak of memory."""
        with suppress(EOFError, OSError):
            self.pipe.send(None)
            self.peak_kib = self.pipe.recv()[2]
        self.process.join(10)


def main() -> int:
    """Run and print; 1 when a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", nargs="?", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--baseline-every", type=int, default=10, help="plain readers take every so many files; 0 for none")
    asked = parser.parse_args()
    from tests.factories.mutated_spreadsheets import KINDS, bases, mutated

    readers = [Reader("Convenor", ours), *([Reader("openpyxl and csv", plain)] if asked.baseline_every else [])]
    for reader in readers:
        reader.start()
    base = bases(asked.seed)
    for number in range(asked.count):
        spoilt = mutated(asked.seed, number, base)
        for at, reader in enumerate(readers):
            if at and (number // len(KINDS)) % asked.baseline_every:
                continue
            what, why, rows, took = reader.ask(spoilt.name, spoilt.content)
            counts = reader.kinds.setdefault(spoilt.kind, Counter())
            counts[what] += 1
            counts["files"] += 1
            reader.seconds += took
            reader.slowest = max(reader.slowest, took)
            if why:
                reader.reasons[f"{what}: {why}"] += 1
            alive = what in {"read", "formula"}
            reader.unrefused += alive and spoilt.refused
            reader.half += alive and spoilt.rows is not None and rows != spoilt.rows
            if reader.name == "Convenor" and (
                what in {"crashed", "formula"} or (alive and (spoilt.refused or rows != (spoilt.rows or rows)))
            ):
                reader.examples.append(f"file {number} ({spoilt.kind}, {spoilt.name}): {what} {why} {rows} of {spoilt.rows}")
    for reader in readers:
        reader.end()
    _tell(readers, KINDS, asked.count, asked.seed)
    first = readers[0]
    broken = sum(counts["crashed"] + counts["formula"] for counts in first.kinds.values()) + first.half + first.unrefused
    return 1 if broken else 0


def _tell(readers: list[Reader], kinds: tuple[str, ...], count: int, seed: int) -> None:
    """The tables of README.md."""
    print(f"{count:,} files from seed {seed}; each reader bounded to {MEMORY_BYTES // 2**20} MiB and {SECONDS} s a file\n")
    ours, theirs = (
        "files | read | refused with words | crashed | formula survives |",
        " baseline: files | read | crashed | formula survives |",
    )
    print(f"| mutation | {ours}" + theirs * (len(readers) > 1))
    print("| --- |" + " ---: |" * (5 + 4 * (len(readers) > 1)))
    total: list[Counter[str]] = [Counter() for _ in readers]
    for kind in (*kinds, "all"):
        cells = []
        for at, reader in enumerate(readers):
            counts = total[at] if kind == "all" else reader.kinds.get(kind, Counter())
            if kind != "all":
                total[at].update(counts)
            parts = ("files", "read", "refused", "crashed", "formula") if at == 0 else ("files", "read", "crashed", "formula")
            cells += [counts[part] for part in parts]
        print(f"| {kind} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    for reader in readers:
        print(f"\n{reader.name}: half-read {reader.half:,}; read although it must be refused {reader.unrefused:,};", end=" ")
        print(f"{reader.seconds:.0f} s in all, slowest file {reader.slowest:.2f} s; peak of memory {reader.peak_kib // 1024} MiB")
        for why, number in reader.reasons.most_common():
            print(f"  {why}: {number:,}")
        for example in reader.examples[:20]:
            print(f"  ! {example}")


if __name__ == "__main__":
    raise SystemExit(main())
