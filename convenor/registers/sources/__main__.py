"""`python -m convenor.registers.sources`: writes the families of `docs/sources.md` from the sources themselves, so that it stays true.

`--counts REPORT.json` (what `convenor load FOLDER --json` printed) writes the table of counts anew; without it the table stays as it is.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from convenor.registers.sources.registry import all_sources

PAGE = Path(__file__).resolve().parents[3] / "docs" / "sources.md"
BEGIN, END = "<!-- counts: begin -->", "<!-- counts: end -->"
HEAD = """# Published files

What can be loaded with `convenor load`. A file is recognised by its columns, whatever it is called; it is loaded whole or not at all;
every row that is not taken is named with its reason, on the terminal, with `--json`, and on the page of its edition. The part on families
is written by `python -m convenor.registers.sources` from the readers themselves.

All of it is Crown copyright: contains public sector information licensed under the Open Government Licence v3.0. Boundaries also contain
Ordnance Survey data, Crown copyright and database right.

Each edition is kept once as Parquet, every column as published, except columns that name people. Names of head teachers are kept only for
a partnership's own schools.
"""
RULES = """
## How a school is put together

- For each field, the newest edition that says anything: by the day it describes, never by the day it was loaded. Withdrawing an edition
  puts schools together anew from the others.
- Ofsted's management information lists every open state-funded school. A school that it leaves out, and of which nothing newer speaks, is
  closed, where the list covers its area (at least 10 schools and 70 % of what any earlier list had there).
- A link to a successor, dated after the last word that a school was open, closes it on that day.
- An inspection that several lists tell is one inspection: the URN that was inspected, the day it began, and its kind.
"""


def families() -> str:
    """The part on families."""
    parts = ["## Families\n"]
    for source in all_sources():
        parts.append(
            f"### {source.family}\n\n"
            f"- **Publisher:** {source.publisher}\n- **Licence:** {source.licence}\n- **Cadence:** {source.cadence}\n"
            f"- **We take:** {source.takes}\n- **We leave:** {source.leaves}\n"
        )
    return "\n".join(parts)


def counts(report: list[dict[str, Any]]) -> str:
    """The table of counts of a load."""
    lines = [
        "| file | edition | as at | read | loaded | refused | of areas | |",
        "| --- | --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    folder = Path(*_common([Path(each["file"]).parts for each in report]))
    for each in report:
        name = Path(each["file"]).relative_to(folder)
        numbers = " | ".join(f"{each[key]:,}" for key in ("rows_read", "rows_loaded", "rows_refused", "rows_aggregate"))
        why = f"refused: {each['reason']}" if each["status"] == "refused" else _reasons(each["refusals"])
        lines.append(f"| `{name}` | {each['edition'] or ''} | {each['as_at'] or ''} | {numbers} | {why} |")
    total = [sum(each[key] for each in report) for key in ("rows_read", "rows_loaded", "rows_refused", "rows_aggregate")]
    lines.append(f"| **all {len(report)} files** | | | " + " | ".join(f"**{number:,}**" for number in total) + " | |")
    return "\n".join(lines)


def _common(paths: list[tuple[str, ...]]) -> tuple[str, ...]:
    shared: list[str] = []
    for parts in zip(*paths, strict=False):
        if len(set(parts)) > 1:
            break
        shared.append(parts[0])
    return tuple(shared)


def _reasons(refusals: list[dict[str, Any]]) -> str:
    """The first reason of a loaded file's refused rows."""
    if not refusals:
        return ""
    first = refusals[0]
    more = f", and {len(refusals) - 1:,} more" if len(refusals) > 1 else ""
    return f"row {first['row']}: {first['reason']}{more}".replace("|", "/")


def page(table: str) -> str:
    """The whole page."""
    where = (
        "\n## What became of the whole set\n\nEvery file of the set of published files that the project is checked against, loaded in one "
        "command. `read = loaded + refused + of areas`, always; rows of areas are local-authority, regional and national rows among school "
        "rows.\n\n"
    )
    return f"{HEAD}{RULES}{where}{BEGIN}\n{table}\n{END}\n\n{families()}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--counts", type=Path, help="What `convenor load FOLDER --json` printed")
    options = parser.parse_args()
    if options.counts:
        table = counts(json.loads(options.counts.read_text(encoding="utf-8")))
    else:
        table = PAGE.read_text(encoding="utf-8").split(BEGIN)[1].split(END)[0].strip()
    PAGE.write_text(page(table), encoding="utf-8")


if __name__ == "__main__":
    main()
