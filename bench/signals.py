"""How long it takes to reckon all England, how much memory, and how long one school's lines take to read.

    python -m bench.signals ../shared/data        (or: python -m bench.signals --database FOLDER, a data directory that is loaded already)

The run, with everybody's similar schools by both methods written beside it, is made by `convenor signals` in a process of its own; the
baseline reads the same readings from the database and does nothing with them. Then one school's lines are read as its page reads them, two
hundred times. Aims: all England scored, with similar schools, in under 10 s on two cores and under 1 GB; a school's lines p50 under 60 ms.
"""

from __future__ import annotations

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONVENOR = [str(Path(sys.executable).with_name("convenor"))]
BASELINE = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "convenor.settings"
django.setup()
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT urn, measure, period, value, low, high, cohort, mark, edition_id FROM registers_reading")
    while cursor.fetchmany(20_000):
        pass
"""
FORGET = """
import os, django
os.environ["DJANGO_SETTINGS_MODULE"] = "convenor.settings"
django.setup()
from convenor.intelligence.models import Run
Run.objects.all().delete()
"""
READ = """
import os, statistics, time, datetime, django
os.environ["DJANGO_SETTINGS_MODULE"] = "convenor.settings"
django.setup()
from convenor.intelligence.models import RunSchool
from convenor.intelligence.queries.runs import assessed
urns = list(RunSchool.objects.order_by("urn").values_list("urn", flat=True)[::110])[:200]
took = []
for urn in urns:
    began = time.perf_counter()
    assessed([urn], partnership_id=None, at=datetime.date.today(), viewer=None)
    took.append(1000 * (time.perf_counter() - began))
sizes = [len(str(row)) for row in RunSchool.objects.filter(urn__in=urns).values_list("lines", flat=True)]
print(f"{statistics.median(took):.1f} {statistics.quantiles(took, n=20)[-1]:.1f} {statistics.mean(sizes):.0f}")
"""


def timed(command: list[str], environment: dict[str, str]) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak megabytes of a command."""
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command[:3])} failed")
    return time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> None:
    """Each measured three times, the quickest told; ratios to the baseline first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="?", help="the folder of the published files")
    parser.add_argument("--database", help="a data directory in which they are loaded already")
    asked = parser.parse_args()
    if not (asked.files or asked.database):
        sys.exit("Say where the published files are, or a data directory: python -m bench.signals ../shared/data")
    with tempfile.TemporaryDirectory() as folder:
        data = asked.database or folder
        environment = os.environ | {"CONVENOR_DATA_DIR": data}
        if not (Path(data) / "secret-key").exists():
            environment["CONVENOR_SECRET_KEY"] = secrets.token_urlsafe(50)
        subprocess.run([*CONVENOR, "migrate", "--verbosity", "0", "--skip-checks"], env=environment, check=True)
        if asked.files and not asked.database:
            subprocess.run([*CONVENOR, "load", "--later", asked.files], env=environment, stdout=subprocess.DEVNULL, check=False)
        python = [sys.executable, "-c"]
        baseline = min(timed([*python, BASELINE], environment) for _ in range(3))
        runs = []
        for _ in range(3):
            subprocess.run([*python, FORGET], env=environment, check=True)
            runs.append(timed([*CONVENOR, "signals", "Gloucestershire", "--json"], environment))
        run = min(runs)
        again = min(timed([*CONVENOR, "signals", "Gloucestershire", "--json"], environment) for _ in range(3))
        read = subprocess.run([*python, READ], env=environment, capture_output=True, text=True, check=True).stdout.split()
    for name, (wall, processor, memory) in (("reading alone", baseline), ("run and answer", run), ("answer again", again)):
        print(f"{name:16} {wall:6.1f} s wall {processor:6.1f} s processor {memory:6.0f} MB peak")
    print(f"load of the machine: {', '.join(f'{each:.1f}' for each in os.getloadavg())} on {os.cpu_count()} cores")
    print(f"ratio to reading alone: {run[0] / baseline[0]:.2f} in wall time, {run[1] / baseline[1]:.2f} in processor time")
    print(f"one school's lines: p50 {read[0]} ms, p95 {read[1]} ms; kept in {read[2]} characters")


if __name__ == "__main__":
    main()
