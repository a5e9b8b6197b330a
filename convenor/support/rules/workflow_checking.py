"""Whether the parts of a workflow fit together: what is named is there, every state can be reached and left, no task waits for itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NoReturn

from convenor.support.rules.gates import OF_THE_DAY, Day, Gate
from convenor.support.rules.refusals import BadWorkflow
from convenor.support.rules.states import StateKind, Who
from convenor.support.rules.workflow_reading import place_of
from convenor.support.rules.workflow_shape import Condition, Due, FieldKind, Move, Task, Timer, Workflow

#: The two sides, either of which may stop a package where a workflow knows no concerns.
HEADS: Final = frozenset({Who.RECEIVING, Who.SUPPLYING})
LEVELS: Final = frozenset({"", "up", "down"})
Lines = Mapping[tuple[str, int], int]


def check_whole(workflow: Workflow, lines: Lines) -> None:
    """Raises BadWorkflow for the first thing that does not fit, with its place and what would mend it."""
    Check(workflow, lines).run()


class Check:
    """One look through a workflow."""

    def __init__(self, workflow: Workflow, lines: Lines) -> None:
        self.workflow, self.lines = workflow, lines
        self.states = {each.key for each in workflow.states}
        self.tasks = {each.key: each for each in workflow.tasks}
        self.gates = {each.value for each in Gate}

    def run(self) -> None:
        """Everything, in the order of the file."""
        flow = self.workflow
        if not flow.states or not flow.moves:
            raise BadWorkflow(
                "A workflow has at least one state and one move. Write them as [[states]] and [[moves]]. Nothing was changed."
            )
        for name, entries in (
            ("states", flow.states), ("tasks", flow.tasks), ("moves", flow.moves), ("levels", flow.levels), ("timers", flow.timers)
        ):  # fmt: skip
            self._once(name, [each.key for each in entries])
        for index, task in enumerate(flow.tasks):
            self._task(task, place_of("tasks", index, task.key, self.lines))
        for index, move in enumerate(flow.moves):
            self._move(move, place_of("moves", index, move.key, self.lines))
        for index, timer in enumerate(flow.timers):
            self._timer(timer, place_of("timers", index, timer.key, self.lines))
        if flow.chosen:
            self._among("The workflow", "chosen", [flow.chosen], self.states, "state")
        self._no_circle()
        self._ways()
        if not flow.concerns and not set(flow.stops) >= HEADS:
            raise BadWorkflow(
                "Where a workflow knows no concerns about taking part, either head may stop. Write stops = [\"receiving\", \"supplying\", "
                "\"broker\"], or leave “stops” out. Nothing was changed."
            )  # fmt: skip

    def _once(self, name: str, keys: list[str]) -> None:
        for index, key in enumerate(keys):
            if key in keys[:index]:
                _refuse(place_of(name, index, key, self.lines), f"the key “{key}” stands twice. Give one of the two another key")

    def _among(self, place: str, name: str, keys: Iterable[str], known: Iterable[str], what: str) -> None:
        for key in keys:
            if key not in known:
                _refuse(place, f"“{name}” names the {what} “{key}”, which there is not. There are: {', '.join(sorted(known)) or 'none'}")

    def _task(self, task: Task, place: str) -> None:
        self._among(place, "states", task.states, self.states, "state")
        self._among(place, "needs", task.needs, self.tasks, "task")
        self._conditions(place, "not_required_when", task.not_required_when)
        self._once_in(place, [each.key for each in task.fields])
        if self.workflow.phases and task.phase not in self.workflow.phases:
            _refuse(place, f"“phase” should be one of: {', '.join(self.workflow.phases)}")
        if task.fact:
            self._among(place, "fact", [task.fact], self.gates - OF_THE_DAY, "fact")
            if task.fields or task.repeat:
                _refuse(place, "a task with a “fact” is done on another page: it has no fields, and is not repeated. Take them out")
        for name, due in (("due", task.due), ("again", task.again)):
            if due is not None:
                self._due(place, name, due)
        if task.optional and (task.due or task.again):
            _refuse(place, "an optional task has no time limit. Take “due” and “again” out, or “optional”")
        if task.again is not None and not task.repeat:
            _refuse(place, "“again” is for a task that is repeated. Write repeat = true, or take “again” out")
        for each in task.fields:
            if each.must and each.kind is not FieldKind.YES_NO:
                _refuse(place, f"“must” of the field “{each.key}” is for a field of kind yes-no. Take it out")

    def _once_in(self, place: str, keys: list[str]) -> None:
        for index, key in enumerate(keys):
            if key in keys[:index]:
                _refuse(place, f"the field “{key}” stands twice. Give one of the two another key")

    def _conditions(self, place: str, name: str, conditions: Iterable[Condition]) -> None:
        for each in conditions:
            self._among(place, name, [each.task], self.tasks, "task")
            known = {field.key: field for field in self.tasks[each.task].fields}
            self._among(place, name, [each.field], known, "field")
            field = known[each.field]
            answers = {option.key for option in field.options} if field.kind is FieldKind.CHOICE else {"yes", "no"}
            if field.kind not in (FieldKind.CHOICE, FieldKind.YES_NO):
                _refuse(place, f"“{name}” can ask a field of kind choice or yes-no; “{each.field}” is neither")
            self._among(place, name, each.values, answers, "answer")

    def _due(self, place: str, name: str, due: Due) -> None:
        kind, key = due.anchor
        known: dict[str, Iterable[str]] = {"state": self.states, "task": self.tasks, "day": {each.value for each in Day}}
        if kind not in known:
            _refuse(
                place,
                f"“{name}” counts after “{due.after}”. Write state:, task: or day: and what it is, such as state:{self.workflow.first.key}",
            )
        self._among(place, name, [key], known[kind], kind)

    def _move(self, move: Move, place: str) -> None:
        self._among(place, "to", [move.to], self.states, "state")
        self._among(place, "from", move.sources, self.states, "state")
        self._among(place, "needs", move.needs, self.tasks, "task")
        self._among(place, "gates", move.gates, self.gates, "gate")
        self._conditions(place, "when", move.when)
        if not move.who:
            _refuse(place, 'nobody may take it. Say who, such as who = ["broker"]')
        if move.level not in LEVELS:
            _refuse(place, "“level” should be “up” or “down”, or left out")
        if move.level and not self.workflow.levels:
            _refuse(place, "it changes the level, and there are no levels. Write [[levels]], or take “level” out")
        for source in move.sources:
            for each in move.needs:
                states = self.tasks[each].states
                if states and not self._before(states, source):
                    _refuse(place, f"it needs the task “{each}”, which cannot be done in “{source}” or before it. Mend the task’s “states”")

    def _before(self, states: tuple[str, ...], source: str) -> bool:
        """Whether one of the states is the source or leads to it."""
        return any(source in self._reached(each) for each in states)

    def _timer(self, timer: Timer, place: str) -> None:
        self._among(place, "states", timer.states, self.states, "state")
        self._due(place, "due", timer.due)
        if timer.until:
            self._among(place, "until", [timer.until], self.gates - OF_THE_DAY, "fact")

    def _no_circle(self) -> None:
        """No task waits for itself, however far round."""
        for index, task in enumerate(self.workflow.tasks):
            seen: set[str] = set()
            waiting = list(task.needs)
            while waiting:
                key = waiting.pop()
                if key == task.key:
                    _refuse(place_of("tasks", index, task.key, self.lines), "it waits for itself by its “needs”. Take one of them out")
                if key not in seen:
                    seen.add(key)
                    waiting.extend(self.tasks[key].needs)

    def _reached(self, start: str) -> set[str]:
        found, waiting = {start}, [start]
        while waiting:
            for move in self.workflow.moves_from(waiting.pop()):
                if move.to not in found:
                    found.add(move.to)
                    waiting.append(move.to)
        return found

    def _ways(self) -> None:
        """Every state can be reached from the first; each leads to an end; an end leads nowhere."""
        flow = self.workflow
        reached = self._reached(flow.first.key)
        ends = {each.key for each in flow.states if each.kind is StateKind.ENDED}
        if not ends:
            raise BadWorkflow('No state ends the package. Give one state kind = "ended". Nothing was changed.')
        for index, state in enumerate(flow.states):
            place = place_of("states", index, state.key, self.lines)
            if state.key not in reached:
                _refuse(place, f"no move leads to it from “{flow.first.key}”. Write a move with to = “{state.key}”, or take the state out")
            if state.kind is StateKind.ENDED and flow.moves_from(state.key):
                _refuse(place, "it ends the package, and a move leaves it. Take the move out, or give the state another kind")
            if not self._reached(state.key) & ends:
                _refuse(place, "nothing leads from it to an end. Write a move from it")


def _refuse(place: str, words: str) -> NoReturn:
    raise BadWorkflow(f"{place}: {words}. Nothing was changed.")
