"""Why something cannot be done, in words: what happened, that nothing was changed, and what to do."""

from __future__ import annotations

from convenor.partnership.rules.constitution import Problem


class Refused(ValueError):  # noqa: N818 - a refusal is an answer, not a fault
    """Something the partnership's own rules do not allow. The message is for the person who tried."""


class SeatRefused(Refused):
    """An appointment that would break rules of the constitution; `problems` names each."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(" ".join(problem.message for problem in problems))


class SeatTaken(Refused):
    """Every place of the seat is held over the days asked for."""


class SeatByOffice(Refused):
    """A seat that comes with an office is never filled by hand."""


class NotOpen(Refused):
    """The call is decided, withdrawn or past its closing day."""


class StillOpen(Refused):
    """The call's closing day has not come: somebody may yet be put forward."""


class Undecided(Refused):
    """More people stand than there are places, and neither votes nor a choice says who is chosen."""


class AlreadyThere(Refused):
    """The school, person or name is there already."""


class NotThere(Refused):
    """The school, person, seat or body is not there on that day."""


class WrongDays(Refused):
    """A period that would end before it begins, or that lies outside the one it belongs to."""


class TooMany(Refused):
    """More than the constitution allows at one time."""
