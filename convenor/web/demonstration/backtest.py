"""The back-test that a demonstration shows: worked out on the full published files, of which the sample holds a part."""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path
from typing import Any

from convenor.england.dates import read_date
from convenor.intelligence.actions import record_backtest
from convenor.intelligence.queries.backtests import newest_kept

#: What `python -m bench.backtest --ship` wrote.
SHIPPED = "backtest-*.json"


def keep_backtest(folder: Path, *, by: str, at: datetime) -> int:
    """Keep the back-tests that the sample ships, where none is kept; how many."""
    if newest_kept(viewer=by) is not None:
        return 0
    found = sorted(folder.glob(SHIPPED))
    for path in found:
        shipped = json.loads(path.read_text(encoding="utf-8"))
        day = read_date(shipped["computed_on"])
        record_backtest(
            features=shipped["features"],
            outcomes=shipped["outcomes"],
            result=shipped["result"],
            editions=[],
            rests_on=_rests_on(shipped),
            by=by,
            at=min(at, datetime.combine(day, time(12), at.tzinfo)) if day else at,
        )
    return len(found)


def _rests_on(shipped: dict[str, Any]) -> str:
    """Which files it was worked out from, by which code, in words."""
    named = "; ".join(f"{each['title']} ({each['rows']:,} rows)" for each in shipped["editions"])
    return (
        "It was not worked out from what is loaded in this demonstration, which is a sample, but from the publishers' full files: "
        f"{named}. The code that made it is version {shipped['code']}."
    )
