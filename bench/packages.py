"""How quickly the list of packages answers, with 3,000 packages: `python -m bench.packages [--number 3000] [--seconds 8]`.

A county is made from nothing: 300 invented schools, six brokers, 3,000 packages spread over every state of two workflows and three years,
each with the tasks of its point. A manager who follows all of them reads the list unfiltered and by state, age, broker and lateness.

Beside it, behind the same server in the same run: a bare page of the framework, and the same list with 30 packages. The load comes from wrk
(Debian's package), over loopback only. The load that the machine bore besides is printed: it is shared.
"""

from __future__ import annotations

import argparse
import json
import os
import pathlib
import secrets
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from random import Random
from typing import Any

from bench import pages

SCHOOLS = 300
BROKERS = 6
SEED = 20261122
FILTERS = {
    "all": "",
    "by state": "?state=lifecycle:active",
    "by age": "?age=half-year",
    "by broker": "?broker={broker}",
    "past a planned day": "?status=late",
    "state, age and broker": "?state=lifecycle:active&age=half-year&broker={broker}",
    "page 40": "?page=40",
}


def fill(partnership: Any, *brokers: Any, number: int, on: date) -> None:
    """So many packages over the partnership's area, each with its derived columns and the open tasks of its state."""
    from convenor.registers.models import School
    from convenor.support.models import Package, PackageTask
    from convenor.support.rules.states import StateKind
    from convenor.support.rules.workflows import workflow

    random = Random(SEED)
    urns = list(School.objects.order_by("urn").values_list("urn", flat=True))
    rows = []
    for _ in range(number):
        flow = workflow(random.choice(["lifecycle", "lifecycle", "lifecycle", "east-sussex"]))
        state = random.choice(flow.states)
        opened = on - timedelta(days=random.randrange(1, 1100))
        ended = state.kind is StateKind.ENDED
        status = "ended" if ended else random.choice(["waits" if state.kind is StateKind.WAITING else "on-its-way"] * 9 + ["paused"])
        due = on + timedelta(days=random.randrange(-60, 90)) if status not in ("ended", "paused") else None
        rows.append(
            Package(
                partnership=partnership, school_id=random.choice(urns), broker=random.choice(brokers), title="Reading in the first years",
                workflow_key=flow.key, workflow_version=flow.version, workflow=flow.as_dict(), state=state.key, kind=state.kind.value,
                status=status, level="", next_due_on=due, opened_on=opened, since_on=opened, ended_on=on if ended else None,
            )
        )  # fmt: skip
    made = Package.objects.bulk_create(rows, batch_size=500)
    tasks = []
    for row in made:
        flow = workflow(row.workflow_key)
        for task in [each for each in flow.tasks if not each.states or row.state in each.states][:4]:
            tasks.append(PackageTask(package=row, key=task.key, status="not-started", who=task.who.value, due_on=row.next_due_on))
    PackageTask.objects.bulk_create(tasks, batch_size=1000)


def prepare(number: int) -> dict[str, str]:
    """Makes the county in CONVENOR_DATA_DIR, signs its manager in; the address, the cookie, a broker's key, the number of queries."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.urls import reverse
    from django.utils import timezone

    from convenor.accounts.models import Person
    from convenor.partnership.actions import take_post
    from convenor.registers.models import School

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    from tests.factories.partnership import SLUG, world

    at, on = timezone.now(), timezone.localdate()
    here = world()
    first = School.objects.get(urn="990001")
    School.objects.bulk_create(
        School(urn=f"98{each:04}", name=f"Measured School {each}", authority=first.authority, phase="Primary", type_name=first.type_name,
               status="open", pupils=200, fictitious=True, type_group="maintained")
        for each in range(SCHOOLS)
    )  # fmt: skip
    brokers = [here.people["broker"]]
    for each in range(1, BROKERS):
        person = Person.objects.create(name=f"Broker {each}", email=f"broker.{each}@measured.example", created_at=at, fictitious=True)
        take_post(slug=SLUG, role="broker", title="Broker", person_id=person.pk, from_on=date(2025, 9, 1), by="the measurement", at=at)
        brokers.append(person)
    fill(here.partnership, *brokers, number=number, on=on)
    manager = here.people["manager"]
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(manager, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": at.timestamp()}]
    session["account_authentication_methods_user"] = str(manager.pk)
    session.save()
    address = reverse("support-packages", args=[SLUG])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address + FILTERS["state, age and broker"].format(broker=brokers[0].pk))
    spent = {name: _processor_ms(client, address + words.format(broker=brokers[0].pk)) for name, words in FILTERS.items()}
    return {
        "spent": json.dumps(spent), "address": address, "cookie": f"{settings.SESSION_COOKIE_NAME}={session.session_key}",
        "broker": str(brokers[0].pk),
        "queries": str(len(asked)), "status": str(answer.status_code),
    }  # fmt: skip


def _processor_ms(client: Any, path: str, times: int = 20) -> float:
    """Processor time of a page in this process, in milliseconds: what the machine's other work does not change."""
    client.get(path)
    began = time.process_time()
    for _ in range(times):
        client.get(path)
    return (time.process_time() - began) * 1000 / times


def made(folder: pathlib.Path, number: int) -> dict[str, str]:
    """The county, made in a process of its own."""
    (folder / "secret-key").write_text(secrets.token_urlsafe(60), encoding="utf-8")
    env = {**os.environ, "CONVENOR_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "convenor.settings"}
    code = f"import json; from bench.packages import prepare; print(json.dumps(prepare({number})))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=False)
    if done.returncode:
        sys.exit(done.stderr[-3000:])
    found: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    if found["status"] != "200":
        sys.exit(f"The list answered {found['status']}: nothing was measured.")
    return found


def main() -> None:
    """Makes both counties, measures, prints a table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--number", type=int, default=3000)
    options.add_argument("--seconds", type=int, default=8)
    asked = options.parse_args()
    print(f"load of the machine before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with pages.bare() as port:
        bare = pages.measure(port, [("/", "")], asked.seconds, 1)
    results: dict[str, tuple[float, float, float]] = {}
    queries = ""
    for number in (30, asked.number):
        with tempfile.TemporaryDirectory(prefix="convenor-packages-") as folder:
            known = made(pathlib.Path(folder), number)
            queries, port = known["queries"], pages.free_port()
            with pages.served([sys.executable, "-m", "convenor", "serve", "--port", str(port)], port, {"CONVENOR_DATA_DIR": folder}):
                for name, words in FILTERS.items() if number > 30 else [("30 packages, all", "")]:
                    path = known["address"] + words.format(broker=known["broker"])
                    half, most, _ = pages.measure(port, [(path, known["cookie"])], asked.seconds, 1)
                    results[name] = (half, most, json.loads(known["spent"])["all" if number == 30 else name])
    few = results["30 packages, all"][0]
    print(f"bare page: p50 {bare[0]:.1f} ms, p95 {bare[1]:.1f} ms; {asked.number} packages, {queries} queries in all; one reader\n")
    print("| list | p50 ms | p95 ms | p50 ÷ bare page | p50 ÷ the list of 30 | processor ms |\n| --- | ---: | ---: | ---: | ---: | ---: |")
    for name, (half, most, spent) in results.items():
        print(f"| {name} | {half:.1f} | {most:.1f} | {half / bare[0]:.1f} | {half / few:.2f} | {spent:.1f} |")
    print(f"\nload of the machine after: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
