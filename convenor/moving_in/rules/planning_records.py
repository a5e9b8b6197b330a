"""The log of support given and the subscriptions: records of schools, without what judges them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from convenor.funding.rules import SUBSCRIPTION_AT_MOST, SubscriptionLine
from convenor.moving_in.rules.kinds import Kind
from convenor.moving_in.rules.legacy import LegacyFound
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import LEAVE, Desk, Group, Where, key_of
from convenor.moving_in.rules.planning_schools import Schools
from convenor.moving_in.rules.planning_standing import Brought, Standing
from convenor.moving_in.rules.planning_values import Cells
from convenor.moving_in.rules.states import Verb
from convenor.support.rules.earlier import SUPPORT_GIVEN, EarlierLine

TWO_SUMS: Final = Group(
    "each-subscription:two-sums", "{count} schools stand with two subscriptions for one year. Which is right?", "",
    (("last", "The one named last"), ("first", "The one named first"), ("sum", "Both together")),
)  # fmt: skip


@dataclass(slots=True)
class SupportLog:
    """The support of earlier years of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    cells: Cells
    legacy: LegacyFound
    work: list[EarlierLine] = field(default_factory=list)
    seen: set[tuple[str, object, str, str]] = field(default_factory=set)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        for sheet in sheets:
            for line in sheet.lines:
                self._line(sheet, dict(line.values), sheet.where(line))

    def _line(self, sheet: Brought, values: dict[str, str], where: Where) -> None:
        urn = self.schools.of(values, where)
        if not urn:
            return
        values = self.legacy.cleaned(sheet, values, urn, where)
        start = self.cells.day(values.get("date", ""), where, "Date")
        if start is None:
            self.desk.leave(where, "It has no date that can be read.")
            return
        if start > self.standing.on:
            self.desk.leave(where, "It lies in the future: open a package of support for what is to come.")
            return
        until = self.cells.day(values.get("until", ""), where, "Until", end=True)
        if until is not None and until < start:
            self.desk.tell(f"{where[0]}, line {where[1]}: it would end before it began; the end is left out.")
            until = None
        who = " ".join(values.get("who", "").split())[:200] or "Not said"
        what = " ".join(values.get("what", "").split())[:300] or SUPPORT_GIVEN
        pence = self.cells.pence(values.get("cost", ""), where, "Cost")
        half_days = self.cells.half_days(values.get("days", ""), where, "Days")
        key = (urn, start, who, what)
        words = f"{self.standing.name_of(urn)}, {start:%d/%m/%Y}: {what}"
        if key in self.seen:
            self.desk.leave(where, "It stands there twice.")
            return
        self.seen.add(key)
        if key in self.standing.earlier:
            self.desk.change(Kind.SUPPORT_LOG, Verb.SAME, words, where, after=f"by {who}", urn=urn)
            return
        self.work.append(
            EarlierLine(
                urn, start, who, what, until, half_days if half_days is None or 0 <= half_days <= 1000 else None,
                pence if pence is None or 0 <= pence <= 1_000_000_000 else None, values.get("note", "").strip(),
                " ".join(values.get("status", "").split())[:60], sheet.file,
            )
        )  # fmt: skip
        self.desk.change(Kind.SUPPORT_LOG, Verb.NEW, words, where, after=f"by {who}", urn=urn)


@dataclass(slots=True)
class Subscriptions:
    """The subscriptions of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    cells: Cells
    legacy: LegacyFound
    lines: dict[tuple[str, str], list[tuple[SubscriptionLine, Where]]] = field(default_factory=dict)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        for sheet in sheets:
            for line in sheet.lines:
                self._line(sheet, dict(line.values), sheet.where(line))

    def _line(self, sheet: Brought, values: dict[str, str], where: Where) -> None:
        urn = self.schools.of(values, where)
        if not urn:
            return
        values = self.legacy.cleaned(sheet, values, urn, where)
        pence = self.cells.pence(values.get("amount", ""), where, "Amount")
        if pence is None or not 0 <= pence <= SUBSCRIPTION_AT_MOST:
            self.desk.leave(where, "It has no amount that can be read.")
            return
        year = self.cells.year(values.get("year", "")) or self._year(sheet, values.get("year", ""), where)
        if not year:
            return
        paid = self.cells.yes(values.get("paid", ""))
        paid_on = self.cells.day(values.get("paid", ""), where, "Paid") if paid is None else None
        invoiced = self.cells.yes(values.get("invoiced", ""))
        invoiced_on = self.cells.day(values.get("invoiced", ""), where, "Invoiced") if invoiced is None else None
        note = " ".join(values.get("note", "").split())[:300]
        line = SubscriptionLine(urn, year, pence, True if paid_on is not None else paid, paid_on, invoiced_on, note)
        self.lines.setdefault((urn, year), []).append((line, where))

    def _year(self, sheet: Brought, said: str, where: Where) -> str:
        """The year of a sheet that names none that can be read."""
        first = self.standing.on.year - (self.standing.on.month < 9)
        years = [f"{year}-{(year + 1) % 100:02d}" for year in range(first + 1, first - 4, -1)]
        question = Question(
            f"sheet-year:{sheet.file_id}:{sheet.sheet_id}:{key_of('year', said)}",
            f"Which year are the subscriptions of “{sheet.sheet}”{f' with “{said.strip()}”' if said.strip() else ''} for?",
            "A subscription belongs to one year.", (*((each, each) for each in years), (LEAVE, "Leave them out")), free=True,
        )  # fmt: skip
        answer = self.desk.ask(question, [where])
        if answer == LEAVE:
            self.desk.leave(where, "You said to leave it out: its year is not known.")
            return ""
        year = self.cells.year(answer) if answer else ""
        if answer and not year:
            self.desk.again(question.key, f"“{answer}” is not a year such as 2026-27.")
        return year

    def close(self) -> tuple[SubscriptionLine, ...]:
        """The subscriptions to record."""
        work = []
        for (urn, year), found in self.lines.items():
            line = self._one(urn, year, found)
            if line is None:
                continue
            where = found[-1][1]
            words, after = f"{self.standing.name_of(urn)}, {year}", _said(line)
            stands = self.standing.subscriptions.get((urn, year))
            now = (line.pence, line.paid, line.paid_on, line.invoiced_on, line.note)
            if stands == now:
                self.desk.change(Kind.SUBSCRIPTIONS, Verb.SAME, words, where, after=after, urn=urn)
                continue
            before = _said(SubscriptionLine(urn, year, *stands)) if stands else ""
            self.desk.change(Kind.SUBSCRIPTIONS, Verb.CHANGED if stands else Verb.NEW, words, where, before=before, after=after, urn=urn)
            work.append(line)
        return tuple(work)

    def _one(self, urn: str, year: str, found: list[tuple[SubscriptionLine, Where]]) -> SubscriptionLine | None:
        """One line for a school and year; asked where the files hold two sums."""
        sums = list(dict.fromkeys(line.pence for line, _ in found))
        if len(sums) == 1:
            return max((line for line, _ in found), key=lambda line: (line.paid is not None, line.paid_on is not None))
        said_sums = " or ".join(f"£{each / 100:,.2f}" for each in sums)
        question = Question(
            key_of("subscription", urn, year, *map(str, sums)), f"{self.standing.name_of(urn)}, {year}: {said_sums}?", "",
            (*((str(each), f"£{each / 100:,.2f}") for each in sums), ("sum", "Both together")),
        )  # fmt: skip
        said = self.desk.ask_like(TWO_SUMS, question, [where for _, where in found])
        if said in ("last", "first"):
            return found[-1][0] if said == "last" else found[0][0]
        if said == "sum":
            line = found[-1][0]
            return SubscriptionLine(urn, year, sum(sums), line.paid, line.paid_on, line.invoiced_on, line.note)
        return next((line for line, _ in found if str(line.pence) == said), None)


def _said(line: SubscriptionLine) -> str:
    paid = f"paid on {line.paid_on:%d/%m/%Y}" if line.paid_on else {True: "paid", False: "not paid", None: ""}[line.paid]
    return ", ".join(part for part in (f"£{line.pence / 100:,.2f}", paid) if part)
