"""What stands in the archive that answers a request: what is disclosed, the list of decisions, and the letter. Pure.

What is withheld is named in the list and its words are nowhere in the archive.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from convenor.papers.rules import never_run
from convenor.records.rules.decisions import DECIDED_SAYS, Decision, disclosed

DISCLOSES: Final = frozenset({Decision.DISCLOSE, Decision.PART})
#: Every file of the archive bears one time, so that the same answer makes the same bytes.
WHEN: Final = (2020, 1, 1, 0, 0, 0)
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:0 0 2rem}"
    "th,td{border:1px solid #999;padding:.4rem;text-align:left;vertical-align:top}th{width:30%}td{white-space:pre-wrap}"
)


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that was found, decided on. `lines`: name, label, value."""

    number: int
    title: str
    record_class: str
    holder: str
    decision: Decision
    why: str
    left_out: tuple[str, ...]
    lines: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of the request itself."""

    number: int
    kind: str
    partnership: str
    asker: str
    received_on: str
    words: str
    letter: str


def archive(answer: Answer, items: Sequence[Item], *, letter_docx: bytes) -> bytes:
    """The archive as a ZIP: the letter, the list of decisions, and what is disclosed, each as a page and as a table safe to open."""
    files: dict[str, bytes] = {
        "letter.docx": letter_docx,
        "letter.html": _page("Letter", "".join(f"<p>{_safe_html(part)}</p>" for part in answer.letter.split("\n\n"))),
        "decisions.html": _page("What was found, and what was decided", _decisions_html(answer, items)),
        "decisions.csv": _table(
            ("Number", "What", "Class of record", "Who answers for it", "Decision", "Why"),
            ((each.number, each.title, each.record_class, each.holder, DECIDED_SAYS[each.decision], each.why) for each in items),
        ),
    }
    by_class: dict[str, list[Item]] = {}
    for each in items:
        if each.decision in DISCLOSES and each.lines:
            by_class.setdefault(each.record_class, []).append(each)
    for name, found in by_class.items():
        file = f"disclosed/{_file_name(name)}"
        files[f"{file}.html"] = _page(name, "".join(_item_html(each) for each in found))
        files[f"{file}.csv"] = _table(
            ("Number", "What", "Line", "Value"),
            ((each.number, each.title, line["label"], line["value"]) for each in found for line in disclosed(each.lines, each.left_out)),
        )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bundle:
        for file, content in sorted(files.items()):
            info = zipfile.ZipInfo(f"request-{answer.number}/{file}", WHEN)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            bundle.writestr(info, content)
    return out.getvalue()


def _decisions_html(answer: Answer, items: Sequence[Item]) -> str:
    head = (
        ("Request", f"{answer.number}, {answer.kind.lower()}"), ("From", answer.asker), ("Received on", answer.received_on),
        ("What was asked", answer.words), ("Answered by", answer.partnership),
    )  # fmt: skip
    rows = "".join(f"<tr><th scope='row'>{_safe_html(name)}</th><td>{_safe_html(said)}</td></tr>" for name, said in head)
    found = "".join(
        f"<tr><td>{each.number}</td><td>{_safe_html(each.title)}</td><td>{_safe_html(each.holder)}</td>"
        f"<td>{_safe_html(DECIDED_SAYS[each.decision])}</td><td>{_safe_html(each.why)}</td></tr>"
        for each in items
    )
    titles = "".join(f"<th scope='col'>{name}</th>" for name in ("Number", "What", "Who answers for it", "Decision", "Why"))
    return f"<table>{rows}</table><table><thead><tr>{titles}</tr></thead><tbody>{found}</tbody></table>"


def _item_html(item: Item) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{_safe_html(line['label'])}</th><td>{_safe_html(line['value'])}</td></tr>"
        for line in disclosed(item.lines, item.left_out)
    )
    return f"<h2>{item.number}. {_safe_html(item.title)}</h2><table>{rows}</table>"


def _page(title: str, body: str) -> bytes:
    return (
        f"<!doctype html><html lang='en-GB'><head><meta charset='utf-8'><title>{_safe_html(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{_safe_html(title)}</h1>{body}</body></html>"
    ).encode()


def _safe_html(said: Any) -> str:
    return html.escape(str(said))


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A CSV with UTF-8's mark, in which nothing is run as a formula when a spreadsheet opens it."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode()


def _safe_cell(cell: Any) -> Any:
    if isinstance(cell, int):
        return cell
    return never_run(str(cell))


def _file_name(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60] or "records"
