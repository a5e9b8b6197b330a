"""A county's round through the product: `python -m bench.teams [--clusters 42] [--size 6]`.

An invented county in a fresh database: its rows are gathered, matched cluster by cluster, kept, shown and published, as the pages do it.
The baseline is the same gathered round matched all at once, without falling into its clusters. Processor time first, then queries.
"""

from __future__ import annotations

import argparse
import os
import secrets
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def measured(what: str, work: Callable[[], Any]) -> Any:
    """What `work` gives; prints its processor seconds, wall seconds and queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    processor, wall = time.process_time(), time.perf_counter()
    with CaptureQueriesContext(connection) as asked:
        given = work()
    print(f"| {what} | {time.process_time() - processor:.2f} | {time.perf_counter() - wall:.2f} | {len(asked)} |", flush=True)
    return given


def scattered(spread_m: int = 6_000) -> None:
    """Moves every school of the county a little, and makes one in six a secondary: no two clusters alike."""
    import random

    from convenor.registers.models import School

    chance = random.Random(1)
    rows = list(School.objects.filter(urn__gte="991000", urn__lt="999999").order_by("urn"))
    for row in rows:
        row.easting = (row.easting or 0) + chance.randint(-spread_m, spread_m)
        row.northing = (row.northing or 0) + chance.randint(-spread_m, spread_m)
        row.phase = chance.choice(["Primary"] * 5 + ["Secondary"])
    School.objects.bulk_update(rows, ["easting", "northing", "phase"])


def path(clusters: int, size: int) -> None:
    """The round from its rows to its published reviews."""
    from convenor.peer_review.actions.matching import run_matching
    from convenor.peer_review.actions.publishing import drop_out, publish_teams
    from convenor.peer_review.queries.gathering import round_for_matching
    from convenor.peer_review.queries.matchings import matching_page
    from convenor.peer_review.rules.matching import round_from, solve
    from convenor.peer_review.rules.teams import match_parts, reviewer_pk
    from tests.factories.review_matching import AT, SLUG, county

    found = county(clusters=clusters, size=size)
    scattered()
    by = found.here["manager"]
    known: dict[str, Any] = {"slug": SLUG, "by": by, "at": AT}
    match_parts(round_from(round_for_matching(found.round.pk, viewer=by).asked))  # libraries loaded before the clock starts
    print(f"{clusters * size} schools in {clusters} clusters\n\n| step | processor s | wall s | queries |\n| --- | ---: | ---: | ---: |")
    gathered = measured("gather the rows", lambda: round_for_matching(found.round.pk, viewer=by))
    measured("match, cluster by cluster", lambda: match_parts(round_from(gathered.asked)))
    measured("match, all at once", lambda: solve(round_from(gathered.asked)))
    made = measured("the whole action: gather, match, keep", lambda: run_matching(round_id=found.round.pk, **known))
    measured("read what the page shows", lambda: matching_page(SLUG, found.round.pk, viewer=by, at=AT))
    reviews = measured("publish", lambda: publish_teams(matching_id=made.pk, **known))
    lead = reviewer_pk(made.answer["teams"][0]["lead"])
    out = measured("somebody leaves; planned again", lambda: drop_out(review_id=reviews[0].pk, reviewer_id=lead, why="Ill", **known))
    print(f"\n{made.status}; cost {made.objective:,.1f}; {len(reviews)} reviews; {out.changes} places changed after one left")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clusters", type=int, default=42)
    parser.add_argument("--size", type=int, default=6)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {
            "CONVENOR_DATA_DIR": folder, "CONVENOR_SECRET_KEY": secrets.token_urlsafe(50), "CONVENOR_POST": "worker",
            "DJANGO_SETTINGS_MODULE": "convenor.settings", "CONVENOR_DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.sqlite3'}",
        }  # fmt: skip
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        path(options.clusters, options.size)


if __name__ == "__main__":
    main()
