"""What may be done with records: requests answered, holds placed, and what is past its period deleted."""

from convenor.records.actions.holds import end_hold, place_hold
from convenor.records.actions.requests import (
    add_found,
    answer_request,
    decide_on,
    go_on,
    lengthen,
    make_archive,
    record_request,
    search,
    stop_clock,
    take_back_request,
    write_letter,
)
from convenor.records.actions.retention import retain, retain_due

__all__ = [
    "add_found", "answer_request", "decide_on", "end_hold", "go_on", "lengthen", "make_archive", "place_hold", "record_request", "retain",
    "retain_due", "search", "stop_clock", "take_back_request", "write_letter",
]  # fmt: skip
