"""How quickly pages answer, with all England loaded and 150 partnerships, at eight readers at once.

    python -m bench.pages [--files ../shared/data] [--keep FOLDER] [--seconds 10]

Beside each page: a bare page of the framework behind the same server, and the same page in a deployment of some 300 schools. The load
comes from wrk (Debian's package), over loopback only and for a bounded time. Queries are counted by the framework's own test client.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pathlib
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence

from bench import deployments

READERS = 8
LUA = """
local asked = { %s }
local n = 0
math.randomseed(7)
request = function()
  n = n + 1
  local one = asked[(n %% #asked) + 1]
  return wrk.format("GET", one[1], one[2] ~= "" and { Cookie = one[2] } or nil)
end
done = function(summary, latency, requests)
  io.write(string.format("RESULT %%.2f %%.2f %%.2f %%d\\n", latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    summary.requests / (summary.duration / 1e6), summary.errors.status))
end
"""
#: The server of the bare page, as `convenor serve` starts its own.
GUNICORN = (sys.executable, "-m", "gunicorn", "--workers", "2", "--threads", "4", "--worker-class", "gthread", "--keep-alive", "0")


def free_port() -> int:
    """A port nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def served(words: list[str], port: int, env: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A server, from its start until the block ends."""
    process = subprocess.Popen(words, env={**os.environ, **env}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).read()
                break
            time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def bare() -> Iterator[int]:
    """A bare page of the framework behind the same server; its port."""
    port = free_port()
    with served([*GUNICORN, "--bind", f"127.0.0.1:{port}", "bench.bare:application"], port, {}):
        yield port


def measure(port: int, asked: Sequence[tuple[str, str]], seconds: int, readers: int = READERS) -> tuple[float, float, float]:
    """Median and 95th percentile in milliseconds, and requests a second, of addresses each with a cookie ("" for none).

    Refuses to report when a page failed.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False) as script:
        script.write(LUA % ", ".join(f'{{"{path}", "{cookie}"}}' for path, cookie in asked))
    for length in (3, seconds):  # the first run warms the processes
        words = ["wrk", "-t1", f"-c{readers}", f"-d{length}s", "-s", script.name, f"http://127.0.0.1:{port}"]
        done = subprocess.run(words, capture_output=True, text=True, check=True, timeout=seconds * 3 + 60)
    found = re.search(r"RESULT ([\d.]+) ([\d.]+) ([\d.]+) (\d+)", done.stdout)
    if found is None or int(found[4]):
        sys.exit(f"A page failed, so its time means nothing: {asked[0][0]} {done.stdout[-400:]}")
    return float(found[1]), float(found[2]), float(found[3])


def asked_for(doc: str | None) -> argparse.Namespace:
    """What the measurer said, or why nothing can be measured. `keep` and `files` are whole paths."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--files", type=pathlib.Path, default=pathlib.Path("../shared/data"))
    parser.add_argument("--keep", type=pathlib.Path, default=pathlib.Path(tempfile.gettempdir()) / "convenor-bench")
    parser.add_argument("--seconds", type=int, default=10)
    options = parser.parse_args()
    if shutil.which("wrk") is None:
        sys.exit("wrk is not installed. One line does: apt-get install wrk")
    if not options.files.is_dir():
        sys.exit(f"The full published files are not at {options.files}: say where with --files")
    options.files, options.keep = options.files.resolve(), options.keep.resolve()
    return options


def pages(folder: pathlib.Path, count: int = 60) -> dict[str, list[str]]:
    """For each page, addresses drawn by chance (the same each time) from what the deployment holds."""
    database = sqlite3.connect(folder / "convenor.sqlite3")
    chance = random.Random(7)
    areas = [
        row[0]
        for row in database.execute(
            "SELECT authority_id FROM registers_school WHERE status = 'open' AND authority_id IS NOT NULL GROUP BY 1 ORDER BY 1"
        )
    ]
    urns = [row[0] for row in database.execute("SELECT urn FROM registers_school WHERE status = 'open' ORDER BY urn")]
    slugs = [row[0] for row in database.execute("SELECT slug FROM partnership_partnership ORDER BY slug")]
    database.close()
    chance.shuffle(areas)
    return {
        "schools list": [f"/areas/{code}/schools/" for code in areas[:count]],
        "School-at-a-glance": [f"/schools/{urn}/" for urn in chance.sample(urns, min(len(urns), count * 5))],
        "structure": [f"/p/{slug}/structure/" for slug in slugs[:count]],
        "context": [f"/areas/{code}/" for code in areas[:count]],
    }


def queries(folder: pathlib.Path, chosen: dict[str, list[str]]) -> dict[str, int]:
    """The most queries that any of ten addresses of each page takes, signed out."""
    code = (
        "import os, sys, json, django; django.setup()\n"
        "from django.db import connection; from django.test import Client; from django.test.utils import CaptureQueriesContext\n"
        "client, most = Client(), {}\n"
        "for name, paths in json.load(sys.stdin).items():\n"
        "    for path in paths[:10]:\n"
        "        with CaptureQueriesContext(connection) as seen:\n"
        "            answer = client.get(path, headers={'host': 'localhost'})\n"
        "        assert answer.status_code == 200, path\n"
        "        most[name] = max(most.get(name, 0), len(seen))\n"
        "print(json.dumps(most))\n"
    )
    import json

    env = {**os.environ, "CONVENOR_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "convenor.settings"}
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(chosen), capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        sys.exit(done.stderr[-2000:])
    return dict(json.loads(done.stdout.splitlines()[-1]))


def resident_mb(process: subprocess.Popen[bytes]) -> float:
    """The largest process of a server at rest, in megabytes: its own memory and what it shares."""
    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    sizes = []
    for pid in [str(process.pid), *children]:
        found = re.search(r"VmRSS:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
        sizes.append(int(found[1]) / 1024 if found else 0.0)
    return max(sizes)


def main() -> None:
    """Build what is missing, measure, print a table."""
    options = asked_for(__doc__)
    big = deployments.large(options.keep / "england", options.files)
    little = deployments.small(options.keep / "area", big)
    with bare() as port:
        plain = measure(port, [("/", "")], options.seconds)
    print(f"bare page of the framework: p50 {plain[0]:.1f} ms, p95 {plain[1]:.1f} ms, {plain[2]:.0f} a second\n")
    results: dict[str, dict[str, tuple[float, float, float]]] = {}
    for name, folder in (("England", big), ("one area", little)):
        port = free_port()
        began = time.perf_counter()
        with served([sys.executable, "-m", "convenor", "serve", "--port", str(port)], port, {"CONVENOR_DATA_DIR": str(folder)}) as server:
            first = time.perf_counter() - began
            print(f"{name}: first page {first:.1f} s after start; largest process at rest {resident_mb(server):.0f} MB")
            results[name] = {page: measure(port, [(path, "") for path in paths], options.seconds) for page, paths in pages(folder).items()}
    counts = queries(big, pages(big))
    print("\n| page | queries | p50 ms | p95 ms | p50 ÷ bare | p50 ÷ one area |\n| --- | --- | --- | --- | --- | --- |")
    for page, (half, most, _) in results["England"].items():
        print(f"| {page} | {counts[page]} | {half:.1f} | {most:.1f} | {half / plain[0]:.1f} | {half / results['one area'][page][0]:.2f} |")


if __name__ == "__main__":
    main()
