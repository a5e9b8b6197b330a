"""Keeping a back-test."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.intelligence.models import BacktestResult
from convenor.journal.actions import Actor, record


class NotABacktestError(ValueError):
    """What was given to be kept is no back-test with figures; the message says what is missing."""


#: What a result must hold to be kept.
NEEDED = ("n", "positives", "auc", "at", "excluded", "phases", "weights", "controls")


def record_backtest(
    *, features: str, outcomes: str, result: dict[str, Any], editions: list[str], rests_on: str = "", by: Actor | str, at: datetime
) -> BacktestResult:
    """Keep a back-test for the page. Earlier ones stay.

    `features` and `outcomes` are school years, as 2022-23. Raises NotABacktestError for a result without its figures or its controls: a
    page must not show how well a score told without showing what would have given a leak away.
    """
    missing = [key for key in NEEDED if key not in result]
    if missing:
        raise NotABacktestError(f"This is no whole back-test: it lacks {', '.join(missing)}.")
    with transaction.atomic():
        kept = BacktestResult.objects.create(
            features=features,
            outcomes=outcomes,
            result=result,
            editions=sorted(editions),
            rests_on=rests_on,
            weights_year=result["weights"]["year"],
            computed_at=at,
            computed_by=(by if isinstance(by, str) else by.label)[:200],
        )
        record(
            by=by, at=at, verb="backtest.kept", subject_kind="backtest", subject_key=str(kept.pk), subject_label=str(kept),
            detail={"schools": result["n"], "weights": kept.weights_year},
        )  # fmt: skip
    return kept
