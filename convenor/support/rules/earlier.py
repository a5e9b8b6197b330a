"""Support given before the partnership kept its records here: what a line of an older log must say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from convenor.support.rules.refusals import NoWords, WrongDay, WrongSum

#: What stands where a line's own words were set apart.
SUPPORT_GIVEN = "Support given"


@dataclass(frozen=True, slots=True)
class EarlierLine:
    """One line: a school, from which day (and until which), who helped and with what. Half days and whole pence, where it says them."""

    urn: str
    from_on: date
    who: str
    what: str
    until_on: date | None = None
    half_days: int | None = None
    pence: int | None = None
    note: str = ""
    status: str = ""
    source: str = ""


def check_earlier(line: EarlierLine, *, on: date) -> EarlierLine:
    """The line as it is kept. Raises NoWords, WrongDay for days to come or in the wrong order, WrongSum for more than can be."""
    who, what = " ".join(line.who.split())[:200], " ".join(line.what.split())[:300]
    if not who or not what:
        raise NoWords("Earlier support says who helped, and with what. Nothing was changed.")
    if line.from_on > on:
        raise WrongDay("Earlier support lies in the past. Open a package for what is to come. Nothing was changed.")
    if line.until_on is not None and line.until_on < line.from_on:
        raise WrongDay("Earlier support cannot end before it began. Nothing was changed.")
    if not 0 <= (line.half_days or 0) <= 1000 or not 0 <= (line.pence or 0) <= 1_000_000_000:
        raise WrongSum("The days or the cost of one line of earlier support cannot be so much. Nothing was changed.")
    return replace(line, who=who, what=what, note=line.note.strip(), status=" ".join(line.status.split())[:60], source=line.source[:200])
