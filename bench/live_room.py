"""Two hundred phones in a room, on one small machine: is an entry ever lost or doubled, and how long does anybody wait?

    python -m bench.live_room                  200 phones for ten minutes
    python -m bench.live_room --seconds 60     a shorter run, in which everything comes closer together

Each phone sends what the real page sends, to `convenor serve` over loopback with its database on disk: it opens the page with its
files, joins, asks every four seconds where the room is, sends its diamond with a comment and once more, lines on the canvases, what it
expects and how likely; it opens the results when they are shown. One sending in ten loses its answer, as where the signal goes, and is
sent again. A facilitator leads the room from step to step by the product's own actions. In the middle of the canvases the server is
killed (SIGKILL, all its processes) and started again.

At the end the database is asked: every entry that the server ever acknowledged must stand there, once, as it was last acknowledged.
The baseline is a bare page of the framework behind the same server, asked for through the same ten minutes. Aims: nothing lost, nothing
doubled, p95 under 200 ms on two cores.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gzip
import json
import os
import random
import re
import secrets
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.pages import GUNICORN, free_port

ROOT = Path(__file__).resolve().parent.parent
CODE = "CDFGHJKM"
POLL_SECONDS, FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS, PATIENCE_SECONDS = 4.0, 1.0, 15.0, 15.0
#: One sending in so many loses its answer on the way.
LOSES_ANSWER = 0.1
#: When the room comes to each step, as a share of the run; the results of the diamond are shown in between.
SCHEDULE = (
    (0.10, "step diamond"), (0.38, "show diamond"), (0.42, "step levels"), (0.60, "step factors"), (0.72, "step changes"),
    (0.92, "step close"),
)  # fmt: skip
KILLED_AT = 0.5
JOINING_SECONDS = 20.0
AIM_MS = 200.0
CARDS = ("vision", "trust", "engagement", "leadership", "authority", "capacity", "links", "contributions", "structures")

#: Runs beside the server, as the facilitator's laptop does: makes the workshop, then does what it is told, line by line.
FACILITATOR = """
import sys
import django
django.setup()
from django.utils import timezone
from convenor.conditions.actions.workshops import go_to_step, show
from tests.factories.partnership import SLUG
from tests.factories.workshops import workshop, world
here = world()
row = workshop(here, step="opening", join_code=sys.argv[1])
print("ready", flush=True)
for line in sys.stdin:
    what, step = line.split()
    given = dict(slug=SLUG, pk=row.pk, step=step, by=here.viewers["manager"], at=timezone.now())
    go_to_step(**given) if what == "step" else show(**given)
    print("done", flush=True)
"""


@dataclass
class Told:
    """What was measured: milliseconds by kind of request, and what failed while the server was away."""

    taken: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failed: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)


async def ask(told: Told, port: int, kind: str, head: str, body: bytes = b"", *, lose: bool = False) -> tuple[int, str, bytes] | None:
    """One request on a connection of its own, as the server has it; None where nobody answered, or where the answer is lost on purpose."""
    began = time.perf_counter()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(
                    f"{head}\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body
                )
                await writer.drain()
                if lose:
                    await asyncio.sleep(random.random() * 0.05)
                    return None
                answer = await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError):
        told.failed[kind] += 1
        return None
    if not answer:
        told.failed[kind] += 1
        return None
    top, _, content = answer.partition(b"\r\n\r\n")
    status = int(top[9:12])
    told.taken[kind].append((time.perf_counter() - began) * 1000)
    told.statuses[f"{kind} {status}"] += 1
    return status, top.decode("latin-1"), gzip.decompress(content) if b"content-encoding: gzip" in top.lower() else content


@dataclass
class Phone:
    """One phone: what waits on it, and what the server has acknowledged."""

    port: int
    told: Told
    chance: random.Random
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    queue: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: dict[str, dict[str, Any]] = field(default_factory=dict)
    number: int = 0
    version: str = ""
    step: str = "opening"
    wait: float = 0.0
    away: bool = False
    said: set[str] = field(default_factory=set)

    def head(self, method: str, path: str, *more: str) -> str:
        """The head of a request, as a browser sends it."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return "\r\n".join((f"{method} {path} HTTP/1.1", f"Cookie: {cookies}", "Accept-Encoding: gzip", "User-Agent: phone", *more))

    async def page(self, kind: str, *, files: bool = False) -> None:
        """Opens the page, with its files the first time."""
        while True:
            got = await ask(self.told, self.port, kind, self.head("GET", f"/join/{CODE}/"))
            if got is not None and got[0] == 200:
                break
            await asyncio.sleep(1 + self.chance.random())
        _, top, content = got
        self.cookies |= dict(re.findall(r"set-cookie: ([\w-]+)=([^;]+)", top, re.IGNORECASE))
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', content.decode())
        self.token = found[1] if found else self.token
        for path in re.findall(r'(?:src|href)="(/static/[^"]+)"', content.decode()) if files else ():
            await ask(self.told, self.port, "a file of the page", self.head("GET", path))

    def put(self, kind: str, **holds: Any) -> None:
        """Into the queue, numbered as the page's script numbers it; of what overwrites, the newest alone waits."""
        self.number = max(int(time.time() * 1000), self.number + 1)
        item = {"key": secrets.token_hex(12), "number": self.number, "kind": kind} | holds

        def alike(one: dict[str, Any]) -> bool:
            return one["kind"] == kind and (
                kind in ("about", "diamond") or (kind == "likelihood" and one["prediction"] == holds["prediction"])
            )

        self.queue = [one for one in self.queue if not alike(one)] + [item]

    async def flush(self) -> None:
        """Sends what waits until the server has said that it has it, ever less often while it is away."""
        while self.queue:
            items = self.queue[:40]
            lose = self.chance.random() < LOSES_ANSWER
            kind = "send " + ("diamond" if any(one["kind"] == "diamond" for one in items) else items[0]["kind"])
            head = self.head("POST", f"/join/{CODE}/send/", "Content-Type: application/json", f"X-CSRFToken: {self.token}")
            got = await ask(self.told, self.port, kind, head, json.dumps({"items": items}).encode(), lose=lose)
            if got is not None and got[0] == 200:
                self.arrived(json.loads(got[2]), items)
                self.wait = 0.0
                continue
            self.wait = min(self.wait * 2 or FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
            await asyncio.sleep(self.wait * (0.75 + self.chance.random() / 2))

    def arrived(self, said: dict[str, Any], items: list[dict[str, Any]]) -> None:
        """Takes out of the queue what stands, and remembers that it was acknowledged."""
        kept = set(said["kept"])
        self.acknowledged |= {one["key"]: one for one in items if one["key"] in kept}
        gone = kept | {each["key"] for each in said["refused"]}
        self.told.failed["refused"] += len(said["refused"])
        self.queue = [one for one in self.queue if one["key"] not in gone]
        if said["now"]:
            self.look(said["now"])

    async def poll(self) -> None:
        """Asks where the room is."""
        head = self.head("GET", f"/join/{CODE}/now/?since={self.version}", f'If-None-Match: "{self.version}"')
        got = await ask(self.told, self.port, "now", head)
        if got is not None and got[0] == 200:
            self.look(json.loads(got[2]))

    def look(self, now: dict[str, Any]) -> None:
        """Takes in what the room is told: where it is, what is shown, what is expected."""
        self.version, self.step = now["version"], now["step"]
        if now["shown"]["steps"]:
            self.said.add("shown")
        for each in now["predictions"]:
            self.said.add(f"expected {each['id']}")

    def diamond(self) -> dict[str, int]:
        """Nine cards in the shape, by chance."""
        rows = list(map(int, "122333445"))
        self.chance.shuffle(rows)
        return dict(zip(CARDS, rows, strict=True))

    async def live(self, joins_after: float, seconds: float) -> None:
        """A whole workshop on this phone."""
        until = time.perf_counter() + seconds
        await asyncio.sleep(joins_after)
        await self.page("the page, first", files=True)
        way = self.chance.choice(("alone", "alone", "pair", "table"))
        self.put("about", way=way, group_size={"alone": 1, "pair": 2}.get(way, 6), role=self.chance.choice(("head", "officer", "")))
        await self.flush()
        await self.page("the page, joined")
        doing = [asyncio.create_task(self.does(seconds)), asyncio.create_task(self.polls(until))]
        await asyncio.gather(*doing)
        await self.flush()

    async def polls(self, until: float) -> None:
        """Every four seconds or so, as long as the run lasts."""
        await asyncio.sleep(self.chance.random() * POLL_SECONDS)
        while time.perf_counter() < until:
            await self.poll()
            await asyncio.sleep(POLL_SECONDS * (0.85 + self.chance.random() * 0.3))

    async def does(self, seconds: float) -> None:
        """What somebody does, step by step, each at a moment of their own."""
        await self.comes_to("diamond")
        await asyncio.sleep(self.chance.random() * seconds * 0.2)
        self.put("diamond", rows=self.diamond(), comments={"trust": f"Trust is thin, says {secrets.token_hex(4)}"})
        await self.flush()
        await asyncio.sleep(self.chance.random() * seconds * 0.04)
        self.put("diamond", rows=self.diamond(), comments={})
        await self.flush()
        for step, prompts in (("levels", ("clusters", "alliances", "strategic")), ("factors", ("factors", "factors"))):
            await self.comes_to(step)
            if step == "levels" and "shown" in self.said:
                await asyncio.sleep(self.chance.random() * seconds * 0.03)  # a thumb takes its time
                await ask(self.told, self.port, "the results", self.head("GET", f"/join/{CODE}/results/"))
            for prompt in prompts:
                await asyncio.sleep(self.chance.random() * seconds * 0.05)
                self.put("note", step=step, prompt=prompt, words=f"A line by one of us, {secrets.token_hex(6)}")
                await self.flush()
        await self.comes_to("changes")
        if self.chance.random() < 0.05:
            self.put("prediction", words=f"It will be otherwise, {secrets.token_hex(6)}", months=18, told_by="", about="")
            await self.flush()
        await asyncio.sleep(seconds * (0.04 + 0.04 * self.chance.random()))
        for each in sorted(each for each in self.said if each.startswith("expected"))[:3]:
            self.put("likelihood", prediction=int(each.split()[1]), percent=self.chance.choice((3, 15, 30, 50, 70, 85, 97)))
            await self.flush()
            await asyncio.sleep(self.chance.random() * seconds * 0.01)

    async def comes_to(self, step: str) -> None:
        """Until the room has come there, or gone by."""
        order = ["opening", "diamond", "why-and-how", "examples", "levels", "factors", "changes", "close"]
        while order.index(self.step) < order.index(step):
            await asyncio.sleep(0.2)


class Server:
    """`convenor serve` with its database in a folder on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("CONVENOR_", "DJANGO_"))}
        self.env = kept | {"CONVENOR_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "convenor.settings"}
        self.process: subprocess.Popen[bytes] | None = None
        self.processor_seconds = 0.0
        (folder / "secret-key").write_text(secrets.token_urlsafe(50))

    def start(self) -> None:
        """Starts it, in a group of processes of its own."""
        words = [sys.executable, "-m", "convenor", "serve", "--port", str(self.port)]
        with (self.folder / "serve.log").open("a") as log:
            self.process = subprocess.Popen(words, cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True)

    async def ready(self) -> None:
        """Until it answers."""
        told = Told()
        for _ in range(600):
            if await ask(told, self.port, "health", "GET /health/ HTTP/1.1"):
                return
            await asyncio.sleep(0.1)
        sys.exit(f"the server did not start:\n{(self.folder / 'serve.log').read_text()[-2000:]}")

    def kill(self, how: int = signal.SIGKILL) -> None:
        """Ends all its processes at once."""
        if self.process is not None:
            self.processor_seconds += processor_seconds(self.process.pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, how)
            self.process.wait(30)


def processor_seconds(pid: int) -> float:
    """What a process and its children have had of the processor so far."""
    ticks = 0
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (str(pid), *children):
            ticks += sum(map(int, Path(f"/proc/{each}/stat").read_text().rsplit(")", 1)[1].split()[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


async def lead(facilitator: asyncio.subprocess.Process, seconds: float) -> None:
    """Leads the room from step to step."""
    assert facilitator.stdin is not None
    assert facilitator.stdout is not None
    began = time.perf_counter()
    for share, words in SCHEDULE:
        await asyncio.sleep(max(0.0, began + share * seconds - time.perf_counter()))
        facilitator.stdin.write(f"{words}\n".encode())
        await facilitator.stdin.drain()
        await facilitator.stdout.readline()


async def strike(server: Server, seconds: float) -> float:
    """Kills the server in the middle and starts it again; for how many seconds nobody answered."""
    await asyncio.sleep(seconds * KILLED_AT)
    began = time.perf_counter()
    server.kill()
    server.start()
    await server.ready()
    return time.perf_counter() - began


async def compare(told: Told, port: int, until: float) -> None:
    """A bare page, four times a second through the whole run."""
    while time.perf_counter() < until:
        await ask(told, port, "bare page", "GET / HTTP/1.1")
        await asyncio.sleep(0.25)


async def run(server: Server, bare_port: int, phones: int, seconds: float, seed: int) -> tuple[list[Phone], Told, float]:
    """The whole room."""
    facilitator = await asyncio.create_subprocess_exec(
        sys.executable, "-c", FACILITATOR, CODE, cwd=ROOT, env=server.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert facilitator.stdout is not None
    if (await facilitator.stdout.readline()).strip() != b"ready":
        sys.exit("the workshop could not be made")
    await server.ready()
    told, until = Told(), time.perf_counter() + seconds
    room = [Phone(server.port, told, random.Random(f"{seed} {each}")) for each in range(phones)]
    joining = min(max(JOINING_SECONDS, seconds * 0.1), seconds * 0.4)
    lives = [one.live(joining * place / phones, seconds) for place, one in enumerate(room)]
    away, *_ = await asyncio.gather(strike(server, seconds), lead(facilitator, seconds), compare(told, bare_port, until), *lives)
    facilitator.terminate()
    await facilitator.wait()
    return room, told, float(away)


def lost_and_doubled(database: Path, room: list[Phone]) -> tuple[int, int, int]:
    """How many acknowledged entries do not stand as they were last acknowledged, how many stand twice, and how many were acknowledged."""
    from hashlib import sha256

    kept = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    people = dict(kept.execute("SELECT secret, id FROM conditions_participant").fetchall())
    diamonds = {who: json.loads(rows) for who, rows in kept.execute("SELECT participant_id, rows FROM conditions_diamondnine")}
    notes = Counter(kept.execute("SELECT participant_id, client_key, words FROM conditions_canvasnote").fetchall())
    written = Counter(words for _, _, words in notes.elements())
    expected = Counter(words for (words,) in kept.execute("SELECT words FROM conditions_prediction"))
    likely = {
        (who, about): percent
        for who, about, percent in kept.execute("SELECT participant_id, prediction_id, percent FROM conditions_likelihood")
    }
    kept.close()
    lost, count = 0, 0
    for one in room:
        who = people.get(sha256(one.cookies["room"].encode()).hexdigest())
        last = {}
        for item in sorted(one.acknowledged.values(), key=lambda each: each["number"]):
            last[item["key"] if item["kind"] in ("note", "prediction") else f"{item['kind']} {item.get('prediction')}"] = item
            count += 1
        for item in last.values():
            stands = {
                "about": lambda it, who=who: who is not None,
                "diamond": lambda it, who=who: diamonds.get(who) == it["rows"],
                "note": lambda it, who=who: notes[(who, it["key"], it["words"])] >= 1,
                "prediction": lambda it: expected[it["words"]] >= 1,
                "likelihood": lambda it, who=who: likely.get((who, it["prediction"])) == it["percent"],
            }[item["kind"]]
            lost += not stands(item)
    doubled = sum(many - 1 for held in (notes, written, expected) for many in held.values()) + max(0, len(people) - len(room))
    return lost, doubled, count


@contextlib.contextmanager
def bare_beside() -> Iterator[int]:
    """The bare page's server; its port."""
    port = free_port()
    words = [*GUNICORN, "--bind", f"127.0.0.1:{port}", "bench.bare:application"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield port
    finally:
        process.terminate()
        process.wait(20)


def report(told: Told, phones: int, seconds: float, away: float, counts: tuple[int, int, int], processor: float) -> bool:
    """Prints the table; whether the aims are met."""
    plain = statistics.median(told.taken["bare page"])
    print(
        f"{phones} phones, {seconds:.0f} s, killed and started again after {seconds * KILLED_AT:.0f} s: nobody answered for {away:.1f} s."
    )
    print(f"Load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, this program's own among it.")
    print(f"The server had the processor for {processor:.0f} s, its two starts among them: {processor / seconds:.2f} of one core.\n")
    print(
        "| request | times | p50 ms | p95 ms | most ms | p50 ÷ bare page | unanswered |\n| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
    )
    for kind, taken in sorted(told.taken.items(), key=lambda each: -len(each[1])):
        half, most = statistics.median(taken), statistics.quantiles(taken, n=20)[18] if len(taken) > 1 else taken[0]
        print(f"| {kind} | {len(taken)} | {half:.1f} | {most:.1f} | {max(taken):.0f} | {half / plain:.1f} | {told.failed[kind]} |")
    every = [each for kind, taken in told.taken.items() if kind != "bare page" for each in taken]
    p95 = statistics.quantiles(every, n=20)[18]
    half = statistics.median(every)
    print(f"| **all of the product’s** | {len(every)} | {half:.1f} | {p95:.1f} | {max(every):.0f} | {half / plain:.1f} | |")
    wrong = {what: many for what, many in told.statuses.items() if what[-3:] not in ("200", "304")}
    print(f"\nAnswers other than 200 and 304: {wrong or 'none'}; refused items: {told.failed['refused']}.")
    lost, doubled, count = counts
    print(f"Acknowledged: {count} entries. Lost: {lost}. Doubled: {doubled}. p95 of all: {p95:.0f} ms (aim: under {AIM_MS:.0f}).")
    return lost == 0 and doubled == 0 and p95 < AIM_MS


def main() -> None:
    """Runs the room; ends with 1 where an aim is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--phones", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where the database is kept, on disk (default: a temporary folder)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="convenor-live-room-", dir=options.folder) as kept, bare_beside() as bare_port:
        server = Server(Path(kept))
        subprocess.run([sys.executable, "-m", "convenor", "migrate", "-v0"], cwd=ROOT, env=server.env, check=True)
        server.start()
        try:
            room, told, away = asyncio.run(run(server, bare_port, options.phones, options.seconds, options.seed))
        finally:
            server.kill(signal.SIGTERM)
        counts = lost_and_doubled(Path(kept) / "convenor.sqlite3", room)
    sys.exit(0 if report(told, options.phones, options.seconds, away, counts, server.processor_seconds) else 1)


if __name__ == "__main__":
    main()
