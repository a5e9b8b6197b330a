"""Writes of the published record: loading, withdrawing, and what is computed when data arrive."""

from convenor.registers.actions.inventing import NotInventedError, invent_schools
from convenor.registers.actions.loading import LoadReport, load
from convenor.registers.actions.withdrawing import NoSuchEditionError, withdraw

__all__ = ["LoadReport", "NoSuchEditionError", "NotInventedError", "invent_schools", "load", "withdraw"]
