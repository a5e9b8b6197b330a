"""Reviewers with their training, and the directory of support with what vouches for each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

from convenor.moving_in.rules.concerns import concerns_in
from convenor.moving_in.rules.kinds import Kind, folded
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_desk import LEAVE, Desk, Where, key_of
from convenor.moving_in.rules.planning_people import People
from convenor.moving_in.rules.planning_schools import Schools
from convenor.moving_in.rules.planning_standing import Brought, Standing
from convenor.moving_in.rules.planning_values import Cells, phases_in, themes_in
from convenor.moving_in.rules.planning_work import ReviewerLine, SupporterLine, TrainingLine, Who
from convenor.moving_in.rules.states import Verb
from convenor.peer_review.rules.register import MOST_DAYS_A_YEAR
from convenor.peer_review.rules.states import TrainingKind
from convenor.peer_review.rules.themes import THEMES, name_of
from convenor.support.rules.entries import NAME_AT_MOST, SAYS_AT_MOST
from convenor.support.rules.states import SupporterKind

_HUB: Final = ("hub", "teaching school")
_TRUST: Final = ("trust", "mat", "multi academy")
_SCHOOL: Final = ("school", "academy", "setting")
_BODY: Final = ("organisation", "organization", "service", "company", "provider", "council", "charity", "university", "diocese", "team")
DAYS_USUAL: Final = MOST_DAYS_A_YEAR


@dataclass(slots=True)
class Reviewers:
    """The reviewers of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    people: People
    cells: Cells
    lines: dict[tuple[str, str, int], ReviewerLine] = field(default_factory=dict)
    where: dict[tuple[str, str, int], Where] = field(default_factory=dict)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        for sheet in sheets:
            for line in sheet.lines:
                self._line(dict(line.values), sheet.where(line))

    def _line(self, values: dict[str, str], where: Where) -> None:
        urn = ""
        if any(values.get(key, "").strip() for key in ("urn", "laestab", "school")):
            urn = self.schools.of(values, where)
            if not urn:
                return
        who = self.people.of(values.get("name", ""), values.get("email", ""), where)
        if who is None:
            return
        stands = next((each for each in self.standing.reviewers if who.id is not None and each.person_id == who.id), None)
        if not urn and stands is None:
            self.desk.leave(
                where, f"{who.name} comes from no school: say on the register near which school they live, so that nobody is sent far."
            )
            return
        trainings = self._trainings(values, where)
        said = folded(values.get("training", ""))
        lead = bool(self.cells.yes(values.get("lead", ""))) or "lead" in said
        champion = bool(self.cells.yes(values.get("champion", ""))) or "champion" in said
        half_days = self.cells.half_days(values.get("days", ""), where, "Days a year")
        days = min(max((half_days or 2 * DAYS_USUAL) // 2, 1), MOST_DAYS_A_YEAR)
        found = ReviewerLine(who, urn, lead, champion, themes_in(values.get("expertise", "")), days, trainings)
        before = self.lines.get(who.key)
        if before is not None:
            found = replace(
                before, can_lead=before.can_lead or lead, can_champion=before.can_champion or champion,
                expertise=tuple(dict.fromkeys((*before.expertise, *found.expertise))),
                trainings=tuple(dict.fromkeys((*before.trainings, *trainings))),
            )  # fmt: skip
        self.lines[who.key] = found
        self.where.setdefault(who.key, where)

    def _trainings(self, values: dict[str, str], where: Where) -> tuple[TrainingLine, ...]:
        found = []
        trained = self.cells.day(values.get("trained", ""), where, "Trained on")
        refreshed = self.cells.day(values.get("refreshed", ""), where, "Refreshed on")
        for day, kind in ((trained, TrainingKind.INITIAL), (refreshed, TrainingKind.REFRESHER)):
            if day is not None and day > self.standing.on:
                self.desk.tell(
                    f"{where[0]}, line {where[1]}: training on {day:%d/%m/%Y} is still to come; it is recorded once it was held."
                )
            elif day is not None:
                found.append(TrainingLine(kind.value, day))
        if refreshed is not None and trained is None and found:
            self.desk.tell(f"{where[0]}, line {where[1]}: a refresher without a first training counts as the first.")
            found = [TrainingLine(TrainingKind.INITIAL.value, refreshed)]
        if trained is not None and refreshed is not None and refreshed <= trained and len(found) == 2:
            found = found[:1]
        return tuple(found)

    def close(self) -> tuple[ReviewerLine, ...]:
        """Those to put on the register, and those whose training is added to."""
        work = []
        for key, each in self.lines.items():
            where, who = self.where[key], self.people.last(each.who)
            stands = next((one for one in self.standing.reviewers if who.id is not None and one.person_id == who.id), None)
            after = _trained(each.trainings)
            if stands is None:
                work.append(replace(each, who=who))
                place = self.standing.name_of(each.urn)
                self.desk.change(Kind.REVIEWERS, Verb.NEW, f"{who.name}, {place}", where, after=after, urn=each.urn)
                continue
            new = tuple(one for one in each.trainings if (one.kind, one.trained_on) not in stands.trainings)
            if any(kind == TrainingKind.INITIAL.value for kind, _ in stands.trainings):
                new = tuple(one for one in new if one.kind != TrainingKind.INITIAL.value)
            verb = Verb.CHANGED if new else Verb.SAME
            self.desk.change(Kind.REVIEWERS, verb, who.name, where, after=_trained(new) if new else "on the register", urn=stands.urn)
            if new:
                work.append(replace(each, who=who, trainings=new, reviewer_id=stands.id))
        return tuple(work)


def _trained(trainings: Iterable[TrainingLine]) -> str:
    return ", ".join(f"{each.kind} training {each.trained_on:%d/%m/%Y}" for each in trainings) or "no training recorded yet"


@dataclass(slots=True)
class Directory:
    """The entries of the directory of one plan."""

    standing: Standing
    desk: Desk
    schools: Schools
    people: People
    cells: Cells
    work: list[SupporterLine] = field(default_factory=list)
    seen: set[tuple[str, str]] = field(default_factory=set)

    def take(self, sheets: Iterable[Brought]) -> None:
        """Takes in every line of these sheets."""
        for sheet in sheets:
            for line in sheet.lines:
                self._line(dict(line.values), sheet.where(line))

    def _line(self, values: dict[str, str], where: Where) -> None:
        name = " ".join(values.get("name", "").split())[:NAME_AT_MOST]
        if not name:
            self.desk.leave(where, "It names nobody.")
            return
        kind = self._kind(values, name, where)
        if kind is None:
            return
        urn, who = "", None
        if any(values.get(key, "").strip() for key in ("urn", "laestab", "school")):
            urn = self.schools.of(values, where)
            if not urn:
                return
        elif kind is SupporterKind.SCHOOL:
            urn = self.schools.of({"school": name}, where)
            if not urn:
                return
        themes = self._themes(values.get("expertise", ""), where)
        if not themes:
            return
        if kind is SupporterKind.PERSON:
            who = self.people.of(name, values.get("email", ""), where)
            if who is None:
                return
        self._lay(values, kind, name, who, urn, themes, where)

    def _lay(
        self, values: dict[str, str], kind: SupporterKind, name: str, who: Who | None, urn: str, themes: tuple[str, ...], where: Where
    ) -> None:  # fmt: skip
        said = self.standing.name_of(urn) if kind is SupporterKind.SCHOOL else name
        identity = (kind.value, str(who.key) if who is not None else folded(said))
        if identity in self.seen:
            self.desk.leave(where, f"{said} stands there twice: the first line is brought.")
            return
        self.seen.add(identity)
        words = f"{said}{', ' + self.standing.name_of(urn) if urn and kind is SupporterKind.PERSON else ''}"
        after = ", ".join(name_of(each) for each in themes)
        if self._stands(kind, said, who, urn):
            self.desk.change(Kind.DIRECTORY, Verb.SAME, words, where, after="in the directory", urn=urn)
            return
        says = " ".join(values.get("says", "").split())[:SAYS_AT_MOST]
        if any(each.field == "says" for each in concerns_in(Kind.DIRECTORY, values)):
            says = ""
            self.desk.tell(f"{where[0]}, line {where[1]}: what it says of {said} judges somebody, so it is left out; the rest is brought.")
        assured_by = " ".join(values.get("assured_by", "").split())
        assured_on = self.cells.day(values.get("assured_on", ""), where, "Assured on")
        if assured_on is not None and assured_on > self.standing.on:
            assured_on = None
        if assured_by and assured_on is None:
            self.desk.tell(
                f"{words}: “{assured_by}” vouches for them on no day that is said. They are found once something vouches for them."
            )
        if assured_by and folded(assured_by) == folded(said):
            self.desk.tell(f"{words}: nobody vouches for themselves, so that is left out.")
            assured_by = ""
        half_days = self.cells.half_days(values.get("days", ""), where, "Days a year")
        self.work.append(
            SupporterLine(
                kind.value, name, who, urn, themes, phases_in(values.get("phases", "")), says, self._designations(values, kind, where),
                min(half_days or 0, 400), assured_by[:160], assured_on, where[0],
            )
        )  # fmt: skip
        self.desk.change(Kind.DIRECTORY, Verb.NEW, words, where, after=after, urn=urn)

    def _stands(self, kind: SupporterKind, name: str, who: Who | None, urn: str) -> bool:
        for each in self.standing.supporters:
            if each.kind != kind.value:
                continue
            if who is not None and who.id is not None and each.person_id == who.id:
                return True
            if kind is SupporterKind.SCHOOL and each.urn == urn:
                return True
            if kind not in (SupporterKind.SCHOOL, SupporterKind.PERSON) and folded(each.name) == folded(name):
                return True
        return False

    def _kind(self, values: dict[str, str], name: str, where: Where) -> SupporterKind | None:
        said, own = folded(values.get("kind", "")), folded(name)
        if any(
            word in said for word in ("person", "individual", "leader", "sle", "nle", "lle", "head", "consultant", "partner", "adviser")
        ):
            return SupporterKind.PERSON
        for kind, words in (
            (SupporterKind.HUB, _HUB),
            (SupporterKind.TRUST, _TRUST),
            (SupporterKind.SCHOOL, _SCHOOL),
            (SupporterKind.SERVICE, _BODY),
        ):
            if any(word in said.split() or (" " in word and word in said) for word in words):
                return self._narrowed(kind, own)
        if said:
            question = Question(
                key_of("organisation", "kind", said), f"“{values['kind']}”: what kind of supporter is that?", f"As {name} is, for one.",
                (*((each.value, each.value.capitalize()) for each in SupporterKind), (LEAVE, "Leave the lines out")),
            )  # fmt: skip
            answer = self.desk.ask(question, [where])
            if answer == LEAVE:
                self.desk.leave(where, f"You said to leave “{values['kind']}” out.")
            return SupporterKind(answer) if answer and answer != LEAVE else None
        if any(f" {word} " in f" {own} " for word in (*_HUB, "english hub", "maths hub")):
            return SupporterKind.HUB
        if own.endswith((" trust", " mat")):
            return SupporterKind.TRUST
        if any(f" {word} " in f" {own} " for word in ("primary", "academy", "infant", "junior", "nursery", "secondary", "school")):
            return SupporterKind.SCHOOL if "service" not in own else SupporterKind.SERVICE
        if any(f" {word} " in f" {own} " for word in (*_BODY, "ltd", "limited", "associates", "consulting", "services")):
            return SupporterKind.SERVICE
        return SupporterKind.PERSON

    @staticmethod
    def _narrowed(kind: SupporterKind, name: str) -> SupporterKind:
        """An organisation whose name says that it is a hub or a trust."""
        if kind is SupporterKind.SERVICE and " hub" in f" {name}":
            return SupporterKind.HUB
        if kind is SupporterKind.SERVICE and name.endswith((" trust", " mat")):
            return SupporterKind.TRUST
        return kind

    def _themes(self, text: str, where: Where) -> tuple[str, ...]:
        """The themes of an entry; what names none of them is asked about once."""
        found = themes_in(text)
        if found:
            return found
        question = Question(
            key_of("theme", text), f"“{' '.join(text.split()) or 'Nothing'}”: what is it that they know well?",
            "Schools find supporters by these themes.",
            (*((key, theme.name) for key, theme in THEMES.items()), (LEAVE, "Leave the lines out")),
        )  # fmt: skip
        said = self.desk.ask(question, [where])
        if said == LEAVE:
            self.desk.leave(where, "You said that it is none of the themes.")
        return (said,) if said and said != LEAVE else ()

    def _designations(self, values: dict[str, str], kind: SupporterKind, where: Where) -> tuple[str, ...]:
        """The designations that a cell names, as far as they are given to supporters of this kind."""
        said = folded(values.get("designation", ""))
        if not said:
            return ()
        short = {"nle": "national-leader", "lle": "local-leader", "sle": "specialist-national"}
        found = [
            key for key, (name, kinds) in self.standing.designations.items()
            if kind.value in kinds and (folded(name) in said or key in [short.get(word) for word in said.split()])
        ]  # fmt: skip
        if not found:
            self.desk.tell(
                f"{where[0]}, line {where[1]}: “{values['designation'].strip()[:60]}” is no designation that is given here; it is left."
            )
        return tuple(dict.fromkeys(found))
