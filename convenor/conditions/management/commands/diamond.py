"""`convenor diamond ENTRIES.csv [--json]`: what several diamonds say together."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from convenor.conditions.rules.concordance import DRAWS
from convenor.conditions.rules.entries import COLUMNS, Entries, EntriesError, read_entries
from convenor.conditions.rules.results import LISTED, Results, Together, board_of, results, shape

#: As many equally good diamonds are drawn on a terminal; all are in the JSON, up to the number listed.
DRAWN = 5


class Command(BaseCommand):
    """Prints what several diamonds say together."""

    help = (
        "What several diamonds of nine cards (rows of 1, 2, 3, 2 and 1) say together: the mean rank of each card (1 is the top, a "
        "strength; 9 the bottom, most improvement needed) and its spread (a standard deviation, in ranks), how often it is among the top "
        "and bottom three (percent of the entries), how far the entries agree (Kendall's W, 0 to 1, with how often chance alone agrees as "
        f"well, over {DRAWS:,} sets of random diamonds from a fixed seed), every diamond that lies nearest to all entries together (of all "
        f"15,120; all are counted, up to {LISTED:,} listed, those with the earlier names in the higher rows first), and how each entry "
        "agrees with them (1 the same, -1 upside down). One entry is one vote, however many people made it. Where any entry is no such "
        "diamond, nothing is worked out."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """ENTRIES.csv, --json."""
        parser.add_argument("file", metavar="ENTRIES.csv", help=f"a table with the header {','.join(COLUMNS)}; row is 1 (top) to 5")
        parser.add_argument("--json", action="store_true", dest="as_json", help="JSON on standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        """Answers, or refuses with the reason and the remedy (exit status 1)."""
        read = _read(Path(options["file"]))
        if read.left:
            self.stderr.write(f"Not used: the column {', '.join(read.left)}.")
        found = results(read)
        if options["as_json"]:
            self.stdout.write(json.dumps(shape(found), ensure_ascii=False, indent=1))
        else:
            self.stdout.write("\n".join(_words(found)))


def _read(path: Path) -> Entries:
    """The entries of a file. Raises CommandError for a file that cannot be read, and for entries that cannot be used."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return read_entries(file.read())
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} is not text in UTF-8. Save it as CSV with UTF-8 text.") from error
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}. Check its name.") from error
    except EntriesError as error:
        raise CommandError(f"Nothing was worked out from {path}. Put this right and try again:\n{error}") from error


def _words(found: Results) -> Iterator[str]:
    """All of it for a reader at a terminal."""
    people = sum(entry.group_size for entry in found.entries)
    yield f"{_number(len(found.entries), 'entry', 'entries')} by {_number(people, 'person', 'people')}. One entry is one vote."
    yield from _part(found.items, found.whole)
    yield ""
    yield "How each entry agrees with that (1 is the same diamond, -1 the same upside down):"
    for entry, agreement in zip(found.entries, found.whole.agreement, strict=True):
        yield f"  {agreement:>6.2f}  {entry.name} ({', '.join(filter(None, [entry.role, _number(entry.group_size, 'person', 'people')]))})"
    for role, part in found.roles.items():
        yield ""
        yield f"{role}: {_number(part.entries, 'entry', 'entries')}."
        yield from _part(found.items, part)


def _part(items: Sequence[str], found: Together) -> Iterator[str]:
    """What some entries say together."""
    yield _agreement(found)
    count = found.consensus_count
    if count == 1:
        yield f"The one diamond nearest to all of them (total distance {found.total_distance:,}):"
    else:
        shown = f"the first {DRAWN} are" if count > DRAWN else "all are"
        yield f"{count:,} diamonds are equally near to all of them (total distance {found.total_distance:,}); {shown} shown:"
    for rows in found.consensus[:DRAWN]:
        yield from (f"  {number}  {'  |  '.join(row)}" for number, row in enumerate(board_of(items, rows), 1))
        yield ""
    width = max(len(item) for item in items)
    yield f"  {'':<{width}}  mean rank  spread  top three  bottom three"
    for card in sorted(range(len(items)), key=lambda each: (found.mean_ranks[each], items[each])):
        yield (
            f"  {items[card]:<{width}}  {found.mean_ranks[card]:>9.2f}  {found.spreads[card]:>6.2f}"
            f"  {found.top_three_percents[card]:>8.0f}%  {found.bottom_three_percents[card]:>11.0f}%"
        )


def _agreement(found: Together) -> str:
    """How far they agree, in a sentence."""
    if found.p is None or found.w_95_percent_point is None:
        return "One entry has nobody to agree with: W says nothing of it."
    says = "They agree more than chance does" if found.agree_more_than_chance else "Chance alone may well agree so far"
    return (
        f"{says}: Kendall's W is {found.w:.2f}; {found.entries} random diamonds reach {found.w_95_percent_point:.2f} "
        f"in one case of twenty, and come as far as these in {_share(found.p)} (p = {found.p:.4f})."
    )


def _share(p: float) -> str:
    """A chance in words."""
    if p >= 0.015:
        return f"about {100 * p:.0f} cases of 100"
    return f"about {1000 * p:.0f} of 1,000" if p >= 0.001 else "fewer than 1 of 1,000"


def _number(count: int, one: str, more: str) -> str:
    return f"{count:,} {one if count == 1 else more}"
