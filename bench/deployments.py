"""Two deployments to measure: all England with 150 partnerships, and one area of about 300 schools cut from it."""

from __future__ import annotations

import os
import pathlib
import shutil
import sqlite3
import subprocess
import sys
from datetime import date

SMALL_AREA = "916"  # Gloucestershire: 301 state-funded schools
PARTNERSHIPS = 150
CLUSTER_OF = 6


def convenor(folder: pathlib.Path, *words: str) -> None:
    """Run a command of the program over a deployment's folder."""
    env = {**os.environ, "CONVENOR_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "convenor", *words], check=True, env=env, stdout=subprocess.DEVNULL)


def large(folder: pathlib.Path, files: pathlib.Path) -> pathlib.Path:
    """All England from the full published files, and a partnership in each of 150 authorities with every school a member."""
    if (folder / "ready").exists():
        return folder
    from convenor.web.demonstration.ground import lay

    folder.mkdir(parents=True, exist_ok=True)
    os.environ["CONVENOR_DATA_DIR"] = str(folder)
    lay(pathlib.Path(__file__).resolve().parent.parent)
    convenor(folder, "migrate", "--verbosity", "0")
    # Files that are refused for a stated reason give exit status 1; what is measured is the rest.
    env = {**os.environ, "CONVENOR_DATA_DIR": str(folder)}
    subprocess.run([sys.executable, "-m", "convenor", "load", str(files)], check=False, env=env, stdout=subprocess.DEVNULL)
    subprocess.run([sys.executable, "-m", "bench.deployments", str(folder)], check=True, env=env)
    (folder / "ready").touch()
    return folder


def small(folder: pathlib.Path, big: pathlib.Path) -> pathlib.Path:
    """The same deployment with everything outside one area taken out, and its one partnership left."""
    if (folder / "ready").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(big / "secret-key", folder)
    source, target = sqlite3.connect(big / "convenor.sqlite3"), sqlite3.connect(folder / "convenor.sqlite3")
    source.backup(target)
    source.close()
    here = f"SELECT urn FROM registers_school WHERE authority_id = '{SMALL_AREA}'"
    for table in ("registers_reading", "registers_inspection", "registers_schoolrecord", "registers_groupmembership"):
        target.execute(f"DELETE FROM {table} WHERE urn NOT IN ({here})")
    target.execute(f"DELETE FROM registers_schoollink WHERE urn NOT IN ({here}) AND linked_urn NOT IN ({here})")
    mine = f"SELECT partnership_id FROM partnership_partnership_areas WHERE localauthority_id = '{SMALL_AREA}'"
    tables = [row[0] for row in target.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'partnership_%'")]
    for table in tables:
        columns = [row[1] for row in target.execute(f"PRAGMA table_info({table})")]
        if "partnership_id" in columns:
            target.execute(f"DELETE FROM {table} WHERE partnership_id NOT IN ({mine})")
    target.execute("DELETE FROM partnership_partnership WHERE id NOT IN (SELECT DISTINCT partnership_id FROM partnership_tier)")
    target.execute(f"DELETE FROM registers_school WHERE urn NOT IN ({here})")
    target.commit()
    target.execute("VACUUM")
    target.close()
    (folder / "ready").touch()
    return folder


def add_partnerships() -> None:
    """A partnership for each of 150 authorities, through the same action that a real one uses. No person in it exists."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convenor.settings")
    django.setup()
    from dataclasses import replace

    from django.db.models import Count
    from django.utils import timezone

    from convenor.partnership.actions import load_constitution
    from convenor.partnership.rules.constitution import Appointment, Area, Body, Member, Places, Seat
    from convenor.partnership.rules.shipped import constitution_of
    from convenor.partnership.rules.vocabulary import Hue, Part
    from convenor.partnership.rules.writing import to_toml
    from convenor.registers.models import LocalAuthority, School

    pattern = constitution_of("collaborative-partnership")
    begun = date(2024, 9, 1)
    cluster_tier = next(tier.key for tier in pattern.tiers if tier.hue is Hue.CLUSTER)
    busiest = LocalAuthority.objects.annotate(n=Count("schools")).filter(n__gt=0).order_by("-n")[:PARTNERSHIPS]
    names = iter(range(10**6))
    for authority in busiest:
        rows = School.objects.filter(authority=authority, status="open", fictitious=False).order_by("easting", "urn")
        schools = list(rows.values_list("urn", "name"))
        parts = [schools[at : at + CLUSTER_OF] for at in range(0, len(schools), CLUSTER_OF)]
        clusters = [
            Body(
                id=f"group-{n}", name=f"Cluster {n}", kind="cluster", tier=cluster_tier, from_on=begun, reports_to=pattern.bodies[0].id,
                seats=(Seat("lead", "Lead", Part.LEAD, Places(1, 1)), Seat("deputy", "Deputy", Part.DEPUTY, Places(1, 1))),
            )
            for n, _ in enumerate(parts, 1)
        ]  # fmt: skip
        members = [
            Member(school=urn, name=name, bodies=(f"group-{n}",), from_on=begun) for n, part in enumerate(parts, 1) for urn, name in part
        ]
        held = [
            Appointment(
                body=f"group-{n}", seat="lead", person=f"Person {next(names)}", role="headteacher", school=part[0][0], from_on=begun
            )
            for n, part in enumerate(parts, 1)
        ]
        whole = replace(
            pattern, id=f"measured-{authority.code}", name=f"Measured partnership {authority.code}", from_on=begun,
            areas=(Area(authority.code, authority.name),), bodies=(*pattern.bodies, *clusters), members=tuple(members),
            appointments=tuple(held), belongings=(), caps=(),
        )  # fmt: skip
        load_constitution(text=to_toml(whole), by="the measurement", at=timezone.now(), demonstration=False)


if __name__ == "__main__":
    add_partnerships()
