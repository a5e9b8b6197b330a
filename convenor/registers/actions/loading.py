"""Loading publishers' files: each whole or not at all, each once, every refused row named."""

from __future__ import annotations

import csv
import gc
import hashlib
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import IntegrityError, connection, transaction

from convenor.journal.actions import Actor, record
from convenor.registers import parquet
from convenor.registers.actions import projecting, writing
from convenor.registers.actions.context import compute_contexts
from convenor.registers.models import Edition, LocalAuthority, RefusedRow, School, SchoolRecord
from convenor.registers.rules.recognise import UnknownEditionError, second_header
from convenor.registers.sources import LINKS, REGISTERS, EditionFacts, Hint, KnownSchool, Parsed, Refusal, Refused, Source
from convenor.registers.sources.opening import File
from convenor.registers.sources.registry import is_header, source_for

#: Kinds of file that are dear to open, and so are kept open between being recognised and being read.
DEAR = ("rda", "xlsx")
#: What a reader may stumble over in a file that is not what it seems.
BROKEN_PROMISES = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RecursionError, csv.Error, pa.ArrowException)
#: Whole files end with a line end, or with the rows of England.
UNENDED = (
    "The last row is a school's and its line is not ended: the file was cut short. Fetch it again from its publisher. If it is whole, "
    "put a line end after its last row."
)
MIXED = "Line {line} is itself a header: two files were joined into one. Load them as separate files."


@dataclass
class LoadReport:
    """What became of one file. `as_dict` is the shape that the command prints."""

    file: str
    source: str = ""
    edition: str = ""
    as_at: date | None = None
    rows_read: int = 0
    rows_loaded: int = 0
    rows_refused: int = 0
    rows_aggregate: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    already_loaded: bool = False
    status: str = "refused"
    reason: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As `convenor load --json` prints it."""
        return {
            "file": self.file,
            "source": self.source or None,
            "edition": self.edition or None,
            "as_at": self.as_at.isoformat() if self.as_at else None,
            "rows_read": self.rows_read,
            "rows_loaded": self.rows_loaded,
            "rows_refused": self.rows_refused,
            "rows_aggregate": self.rows_aggregate,
            "refusals": [
                {"row": each.row, "urn": each.urn or None, "field": each.field or None, "reason": _told(each)} for each in self.refusals
            ],
            "warnings": self.warnings,
            "already_loaded": self.already_loaded,
            "status": self.status,
            "reason": self.reason or None,
        }


def _told(refusal: Refusal) -> str:
    return f"{refusal.sheet}: {refusal.reason}" if refusal.sheet else refusal.reason


Progress = Callable[[int, int, str], None]
_Waiting = tuple[int, int, Source, File | None]


def load(
    *,
    files: Iterable[Path | str],
    by: Actor | str,
    at: datetime,
    as_at: date | None = None,
    simulate: bool = False,
    heads_for: frozenset[str] = frozenset(),
    progress: Progress | None = None,
) -> list[LoadReport]:
    """Load publishers' files, each in one transaction, and report on each in the order given.

    The kind of a file is told by its header. Files are taken in the order in which they lean on each other: facts of areas, registers
    of schools,
    links, readings, and last those that name schools otherwise than by URN. A file whose bytes stand already changes nothing. A file
    that cannot
    be taken leaves nothing behind, and its report says why and what to do; no error is raised for it. `simulate` reports and writes
    nothing.
    `heads_for`: the URNs whose head teachers' names may be kept. `progress(done, total, name)` is called before each file.
    """
    paths = [Path(each) for each in files]
    with transaction.atomic() if simulate else nullcontext():
        reports = _Loading(by, at, as_at, simulate, heads_for, progress).run(paths)
        if simulate:
            transaction.set_rollback(True)
    if not simulate and any(each.status == "loaded" and not each.already_loaded for each in reports):
        compute_contexts(by=by, at=at)
    return reports


@dataclass
class _Loading:
    by: Actor | str
    at: datetime
    as_at: date | None
    simulate: bool
    heads_for: frozenset[str]
    progress: Progress | None
    done: int = 0
    total: int = 0
    #: Editions of this command from which schools are still to be put together.
    projected: list[Edition] = field(default_factory=list)
    #: Parquet files under a passing name, each with its digest, whose editions are not in the database for good yet.
    passing: list[tuple[Path, str]] = field(default_factory=list)
    #: Whether an outer transaction holds several files together.
    together: bool = False

    def run(self, paths: list[Path]) -> list[LoadReport]:
        reports = {index: LoadReport(file=str(path)) for index, path in enumerate(paths)}
        self.known = _Register(self.heads_for)
        if not self.simulate:
            parquet.tidy(set(Edition.objects.filter(withdrawn_at=None).exclude(parquet="").values_list("digest", flat=True)))
        with _room_to_write():
            waiting = sorted(self._look_at_all(paths, reports), key=lambda each: each[:2])
            self.total = len(waiting)
            areas = deque(each for each in waiting if each[0] < REGISTERS)
            registers = deque(each for each in waiting if REGISTERS <= each[0] <= LINKS)
            others = deque(each for each in waiting if each[0] > LINKS)
            del waiting
            self._take_all(areas, paths, reports)
            self._take_registers(registers, paths, reports)
            self._take_all(others, paths, reports)
        if self.progress:
            self.progress(self.total, self.total, "")
        return [reports[index] for index in sorted(reports)]

    def _look_at_all(self, paths: list[Path], reports: dict[int, LoadReport]) -> Iterator[_Waiting]:
        """Which files are to be read, by whom and in which stage; the others' reports say why not."""
        for index, path in enumerate(paths):
            try:
                source, kept = self._look(path, reports[index], alone=len(paths) == 1)
            except (Refused, OSError, *BROKEN_PROMISES) as reason:
                reports[index].reason = _reason(reason)
                continue
            if source:
                yield source.stage, index, source, kept

    def _take_all(self, waiting: deque[_Waiting], paths: list[Path], reports: dict[int, LoadReport]) -> None:
        while waiting:
            _, index, source, kept = waiting.popleft()
            if self.progress:
                self.progress(self.done, self.total, paths[index].name)
            self._take(paths[index], source, kept, reports[index])
            self.done += 1
            del kept
            gc.collect(1)
            pa.default_memory_pool().release_unused()

    def _take_registers(self, waiting: deque[_Waiting], paths: list[Path], reports: dict[int, LoadReport]) -> None:
        """The registers of one command go in together, each whole or not at all, and schools are put together once from all of them."""
        if not waiting:
            return
        self.together = True
        try:
            with transaction.atomic():
                self._take_all(waiting, paths, reports)
                if self.projected:
                    projecting.project(self.projected)
                    self.projected.clear()
                    self.known.forget()
            self._settle()
        finally:
            self.together = False
            for passing, _ in self.passing:
                passing.unlink(missing_ok=True)
            self.passing.clear()

    def _settle(self) -> None:
        """Name the Parquet files of editions that are in the database for good: a load that is killed leaves none behind."""
        while self.passing:
            passing, digest = self.passing.pop()
            parquet.settle(passing, digest=digest)

    def _look(self, path: Path, report: LoadReport, *, alone: bool) -> tuple[Source | None, File | None]:
        """Which source a file is of; nothing when it stands already."""
        if path.exists() and not path.is_file():
            raise Refused("This is no file that could be read: a folder, a device or a pipe.")
        if self._stands(hashlib.sha256(path.read_bytes()).hexdigest(), report):
            return None, None
        file = File(path)
        source = source_for(file.header)
        report.source = source.family
        return source, file if alone or file.header.kind in DEAR else None

    def _stands(self, digest: str, report: LoadReport) -> bool:
        edition = Edition.objects.filter(digest=digest, withdrawn_at=None).first()
        if edition is None:
            return False
        report.already_loaded, report.status, report.reason = True, "loaded", ""
        report.source, report.edition, report.as_at = edition.family, edition.key, edition.as_at
        report.rows_read, report.rows_loaded = edition.rows_read, edition.rows_loaded
        report.rows_refused, report.rows_aggregate = edition.rows_refused, edition.rows_aggregate
        report.warnings = list(edition.warnings)
        report.refusals = [Refusal(each.row, each.reason, each.urn, each.field) for each in edition.refused_rows.order_by("row", "id")]
        return True

    def _take(self, path: Path, source: Source, kept: File | None, report: LoadReport) -> None:
        """One file, all or nothing."""
        try:
            file = kept or File(path)
            if self._stands(file.digest, report):  # the same bytes came earlier in this command
                return
            with transaction.atomic():
                waits = self._read_and_write(file, source, report)
            if waits:
                self.projected.append(waits)
            if not self.together:
                self._settle()
        except IntegrityError:  # another command loaded it, or an edition of its name, while this one read
            _refuse(report, "Another command loaded it, or its like, at the same moment. Load it again.")
            self._stands(file.digest, report)
        except (Refused, UnknownEditionError, OSError, *BROKEN_PROMISES) as reason:
            _refuse(report, _reason(reason))

    def _read_and_write(self, file: File, source: Source, report: LoadReport) -> Edition | None:
        """Read and write one file; the edition, where schools are still to be put together from it."""
        path = file.path
        hint = Hint(path.name, tuple(path.resolve().parts[1:-1][-4:]), self.as_at)
        facts = source.edition(file, hint)
        if facts.as_at > self.at.date():
            raise Refused(f"The file says it describes {facts.as_at}, a day that has not come. Check its name, or --as-at.")
        parsed = source.parse(file, facts, self.known)
        refuse_a_mixture(file)
        if file.unended and parsed.ends_with_school:
            raise Refused(UNENDED)
        count(file, parsed, report)
        report.edition, report.as_at = _key(source, facts), facts.as_at
        report.warnings = [*file.warnings, *facts.warnings, *parsed.warnings]
        if not report.rows_loaded and not report.rows_aggregate:
            first = f" The first: row {report.refusals[0].row}, {report.refusals[0].reason}." if report.refusals else ""
            raise Refused(f"No row of the file could be taken.{first}")
        waits = self._write(file, source, facts, parsed, report)
        report.status = "loaded"
        return waits

    def _write(self, file: File, source: Source, facts: EditionFacts, parsed: Parsed, report: LoadReport) -> Edition | None:
        passing = None
        try:
            if not self.simulate and (parsed.keep is not None or file.taken):
                frames = {"": parsed.keep} if parsed.keep is not None else file.taken
                passing = parquet.write(frames, digest=file.digest, without=source.personal_columns)
            edition = self._edition(file, source, facts, report)
            refused = ((each.row, each.urn[:20], each.field[:100], _told(each)[:300]) for each in report.refusals)
            writing.write_rows(RefusedRow, ("row", "urn", "field", "reason"), refused, constants={"edition_id": edition.id})
            tables = set()
            for batch in writing.gathered(parsed.batches):
                if batch.table == "local_authority":
                    writing.upsert(LocalAuthority, "code", batch.columns, writing.rows_of(batch))
                else:
                    writing.write_batch(batch, edition_id=edition.id)
                tables.add(batch.table)
            describes = bool(tables & {"school_record", "school_link", "group_record"})
            if describes and not REGISTERS <= source.stage <= LINKS:
                projecting.project([edition])
                describes = False
            record(
                by=self.by, at=self.at, verb="edition.loaded", subject_kind="edition", subject_key=edition.key, subject_label=str(edition),
                detail={"read": edition.rows_read, "loaded": edition.rows_loaded, "refused": edition.rows_refused},
            )  # fmt: skip
            if passing:
                edition.parquet = parquet.name_of(file.digest)
                edition.save(update_fields=["parquet"])
                self.passing.append((passing, file.digest))
            return edition if describes else None
        except BaseException:
            if passing:
                passing.unlink(missing_ok=True)
            raise

    def _edition(self, file: File, source: Source, facts: EditionFacts, report: LoadReport) -> Edition:
        return Edition.objects.create(
            key=report.edition,
            family=source.family,
            publisher=facts.publisher or source.publisher,
            title=facts.title[:200],
            as_at=facts.as_at,
            period=facts.period,
            licence=source.licence,
            note=facts.note,
            digest=file.digest,
            file_name=file.path.name[:255],
            rows_read=report.rows_read,
            rows_loaded=report.rows_loaded,
            rows_refused=report.rows_refused,
            rows_aggregate=report.rows_aggregate,
            warnings=report.warnings,
            loaded_at=self.at,
            loaded_by=(self.by if isinstance(self.by, str) else self.by.label)[:200],
        )


def refuse_a_mixture(file: File) -> None:
    """Refuse a file in which a second header stands among the rows, of their length or another."""
    for line, cells in file.odd[:1_000]:
        if any(_glued(cells, sheet.columns) for sheet in file.header.sheets):
            raise Refused(MIXED.format(line=line))
    wordy = [(line, cells) for line, cells in file.odd[:1_000] if not any(cell[:1].isdigit() for cell in cells)]
    if among_odd := second_header((), wordy, is_header):
        raise Refused(MIXED.format(line=among_odd))
    for name, frame in file.taken.items():
        names = tuple(column for column in frame.column_names if column != "_row")
        own = pa.array([*names, "URN", "LAESTAB", "LEA", "RECTYPE", "time_period"])
        suspect = None
        for column in names[:4]:
            hit = pc.is_in(frame[column], value_set=own)
            suspect = hit if suspect is None else pc.or_(suspect, hit)
        if suspect is None or not pc.any(suspect).as_py():
            continue
        rows = frame.filter(suspect).to_pylist()
        found = second_header(names, ((row["_row"], tuple(row[column] for column in names)) for row in rows), is_header)
        if found:
            where = f" of {name}" if name and len(file.taken) > 1 else ""
            raise Refused(MIXED.format(line=f"{found}{where}"))


def _glued(cells: tuple[str, ...], names: tuple[str, ...]) -> bool:
    """Whether a row that is too long ends with the file's own header: the second file began where the first one's last line stopped."""
    return len(cells) > len(names) > 1 and cells[1 - len(names) :] == names[1:] and cells[-len(names)].endswith(names[0])


def count(file: File, parsed: Parsed, report: LoadReport) -> None:
    """Work out the four counts: read = loaded + refused + aggregate, always."""
    report.refusals = sorted([*file.refusals, *parsed.refusals], key=lambda each: (each.sheet, each.row))
    report.rows_read = file.rows_read if parsed.rows_read is None else parsed.rows_read
    report.rows_refused = len({(each.sheet, each.row) for each in report.refusals})
    report.rows_aggregate = parsed.aggregate
    report.rows_loaded = report.rows_read - report.rows_refused - report.rows_aggregate
    if report.rows_loaded < 0:
        raise AssertionError(f"{report.source}: more rows refused and aggregate than were read")


def _reason(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The file cannot be read: {error.strerror or error}."
    if isinstance(error, (Refused, UnknownEditionError)):
        return str(error)
    return f"Its content is not what its header promises ({type(error).__name__}: {str(error)[:160]}). Fetch it again from its publisher."


def _refuse(report: LoadReport, reason: str) -> None:
    """A refused file loads nothing: what was counted before the refusal is forgotten."""
    report.status, report.reason, report.edition = "refused", reason, ""
    report.rows_read = report.rows_loaded = report.rows_refused = report.rows_aggregate = 0
    report.refusals = []


def _key(source: Source, facts: EditionFacts) -> str:
    """A key that no edition has yet."""
    key = re.sub(r"[^a-z0-9]+", "-", (facts.key or f"{source.family}-{facts.period or facts.as_at}").lower()).strip("-")[:100]
    taken = set(Edition.objects.filter(key__startswith=key).values_list("key", flat=True))
    number = 1
    while (free := key if number == 1 else f"{key}-{number}") in taken:
        number += 1
    return free


@contextmanager
def _room_to_write() -> Iterator[None]:
    """While much is written: more of SQLite's pages in memory, none of the file mapped into it, and no search for circles of objects.

    Millions of small rows pass through; Python's collector would look at all of them again and again and find nothing.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        with _larger_cache() if connection.vendor == "sqlite" else nullcontext():
            yield
    finally:
        if collecting:
            gc.enable()


@contextmanager
def _larger_cache() -> Iterator[None]:
    with connection.cursor() as cursor:
        before = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("cache_size", "mmap_size")]
        cursor.execute("PRAGMA cache_size=-96000")
        cursor.execute("PRAGMA mmap_size=0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size={int(before[0])}")
            cursor.execute(f"PRAGMA mmap_size={int(before[1])}")


class _Register:
    """What sources may ask of the register; read once, and again after a load changed it."""

    def __init__(self, heads_for: frozenset[str]) -> None:
        self.heads_for = heads_for
        self._schools: tuple[KnownSchool, ...] | None = None

    def forget(self) -> None:
        """Read again when next asked."""
        self._schools = None

    def schools(self) -> tuple[KnownSchool, ...]:
        """Every real school, with its former LAESTABs."""
        if self._schools is None:
            former: dict[str, set[str]] = {}
            for urn, laestab in SchoolRecord.objects.values_list("urn", "facts__laestab").iterator(chunk_size=5_000):
                if laestab:
                    former.setdefault(urn, set()).add(str(laestab))
            rows = School.objects.filter(fictitious=False).values_list(
                "urn", "name", "authority_id", "phase", "status", "opened_on", "closed_on", "laestab"
            )
            self._schools = tuple(
                KnownSchool(urn, name, code or "", phase, status, opened, closed, frozenset({laestab, *former.get(urn, ())} - {""}))
                for urn, name, code, phase, status, opened, closed, laestab in rows
            )
        return self._schools
