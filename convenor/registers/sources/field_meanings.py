"""What publishers say their columns and abbreviations mean: the metadata files that go with the performance tables."""

from __future__ import annotations

from convenor.registers.sources import AREAS, Batch, EditionFacts, Header, Hint, Known, OpenedFile, Parsed, Refusal, Sheet, Source
from convenor.registers.sources.figures import year_of
from convenor.registers.sources.performance_tables import DFE

#: The columns that name a field and those that say what it means, by form of metadata file.
FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Metafile heading", ("Metafile description",)),
    ("Field Reference", ("Field Name",)),
    ("Variable", ("Label", "Description")),
    ("Field Name", ("Label/Description",)),
    ("FieldName", ("Label/Description",)),
    ("Field Name", ("Description",)),
)
ABBREVIATIONS = "Abbreviations used in"
#: Which file's columns are explained, told from the columns themselves: (columns, key, words). The first that fits is taken.
SUBJECTS: tuple[tuple[frozenset[str], str, str], ...] = (
    (frozenset({"TRUST_UID"}), "trusts", "results of multi-academy trusts"),
    (frozenset({"OVERALL_DESTPER"}), "ks4-destinations", "key stage 4 destinations"),
    (frozenset({"PTRWM_EXP"}), "ks2", "key stage 2 results"),
    (frozenset({"P8MEA"}), "ks4", "key stage 4 results"),
    (frozenset({"TSENELSE", "NOR"}), "census", "the school census"),
    (frozenset({"PERCTOT"}), "absence", "absence"),
    (frozenset({"URN"}), "schools", "school information"),
)


def form_of(sheet: Sheet) -> tuple[str, tuple[str, ...]] | None:
    """The columns of a table of meanings, or None for any other table."""
    names = set(sheet.columns)
    if "Measure" in names or "LEA" in names:
        return None
    return next(((name, says) for name, says in FORMS if name in names and set(says) <= names and name not in says), None)


def _is_abbreviations(sheet: Sheet) -> bool:
    return any(cell.startswith(ABBREVIATIONS) for row in sheet.top for cell in row)


def _recognise(header: Header) -> bool:
    if not header.sheets or header.kind not in ("csv", "xlsx"):
        return False
    return form_of(header.sheets[0]) is not None or _is_abbreviations(header.sheets[0])


def _edition(file: OpenedFile, hint: Hint) -> EditionFacts:
    year, sheet = year_of(hint), file.header.sheets[0]
    if _is_abbreviations(sheet):
        return EditionFacts(
            f"Abbreviations of the performance tables, {year}", year.ends_on, year.label, key=f"field-meanings-abbreviations-{year}"
        )
    form = form_of(sheet)
    fields = {text.upper() for text in file.peek(sheet.name)[form[0]].to_pylist()} if form else set()
    key, words = next(((key, words) for columns, key, words in SUBJECTS if columns <= fields), ("other", "another file"))
    return EditionFacts(f"What the columns of {words} mean, {year}", year.ends_on, year.label, key=f"field-meanings-{key}-{year}")


def _pairs(names: list[str], rows: list[dict[str, str]], sheet: str) -> tuple[list[tuple[str, str]], list[Refusal]]:
    """Code and meaning from rows that hold nothing else."""
    pairs, refusals = [], []
    for row in rows:
        cells = [row[name] for name in names if row[name]]
        if len(cells) == 2:
            pairs.append((cells[0].rstrip(), cells[1]))
        else:
            refusals.append(Refusal(int(row["_row"]), f"'{cells[0][:80]}' is a heading, or a meaning without a code", sheet=sheet))
    return pairs, refusals


def _parse_abbreviations(file: OpenedFile) -> Parsed:
    sheet = file.header.sheets[0].name
    table = file.frame(sheet)
    names = [name for name in table.column_names if name != "_row"]
    pairs, refusals = _pairs(names, table.to_pylist(), sheet)
    # The file has no header: the first pair stands where a header would, so it is taken from the names of columns.
    first = [name for name in names if not name.startswith("column ")]
    if len(first) == 2:
        pairs.insert(0, (first[0], first[1]))
    return Parsed([Batch("field_meaning", ("field", "meaning"), pairs)], refusals)


def _parse(file: OpenedFile, _facts: EditionFacts, _known: Known) -> Parsed:
    if _is_abbreviations(file.header.sheets[0]):
        return _parse_abbreviations(file)
    meanings, refusals = [], []
    for sheet in file.header.sheets:
        form = form_of(sheet)
        if form is None:
            continue
        name, says = form
        for row in file.frame(sheet.name).to_pylist():
            words = list(dict.fromkeys(row[column] for column in says if row[column]))
            if row[name] and words:
                meanings.append((row[name][:120], ". ".join(words)))
            else:
                reason = f"{row[name][:60]} has no meaning printed" if row[name] else "the row names no field"
                refusals.append(Refusal(int(row["_row"]), reason, field=row[name][:100], sheet=sheet.name))
    return Parsed([Batch("field_meaning", ("field", "meaning"), meanings)], refusals)


SOURCES: tuple[Source, ...] = (
    Source(
        family="field-meanings",
        publisher=DFE,
        cadence="with each edition of the files they explain",
        takes="each column's name and meaning in the publisher's words, and each abbreviation",
        leaves="formats, notes on methodology, for which rows a column is blank",
        recognise=_recognise,
        edition=_edition,
        parse=_parse,
        stage=AREAS,
    ),
)
