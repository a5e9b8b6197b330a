"""Loading a partnership's written constitution, for the first time or in a new version."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from convenor.england.authorities import successors
from convenor.journal import actions as journal
from convenor.partnership.actions.loading import Loading
from convenor.partnership.gate import Viewer, allow, day_of
from convenor.partnership.models import Constitution as Version
from convenor.partnership.models import Partnership
from convenor.partnership.queries.constitution import preview
from convenor.partnership.roles import Permission
from convenor.partnership.rules import constitution as rules
from convenor.partnership.rules.reading import parse
from convenor.partnership.rules.refusals import AlreadyThere, NotThere
from convenor.partnership.rules.rooms import ROOMS
from convenor.partnership.rules.storing import layout, to_row
from convenor.partnership.rules.writing import to_toml
from convenor.registers.queries.known import known_authorities


def load_constitution(
    *, text: str, by: Viewer | str, at: datetime, people: Mapping[str, int] | None = None, demonstration: bool = False
) -> Partnership:
    """Loads a constitution file whole, or not at all; the same file twice changes nothing.

    A partnership not known before begins. In one that is, bodies, seats and reporting lines that the file no longer names end
    on the day the new version takes effect (its own `from`, where that lies ahead of the version before it, else today), and
    keep their history. Members that it names are added, and none is removed by silence; what becomes of appointments is told in
    `rules.merging`. The result, with what is there already, is judged before anything is written. `people`
    gives the keys of people whom the file's names mean; a name unknown to the partnership becomes a new person who does not
    sign in. Raises ConstitutionError with every problem when the file breaks its own rules, NotAllowed when they may not.
    """
    day = day_of(at)
    slug = parse(text).id
    allow(by, Permission.STRUCTURE_CHANGE, partnership=slug)
    digest = hashlib.sha256(text.encode()).hexdigest()
    with transaction.atomic():
        there = Partnership.objects.select_for_update(of=("self",)).filter(slug=slug).first()
        last = there.constitutions.order_by("-loaded_at", "-id").first() if there else None
        if there is not None and last is not None and last.digest == digest:
            return there
        seen = preview(text, viewer=by, on=day, people=people)
        if seen.errors:
            raise rules.ConstitutionError(seen.errors)
        new = seen.constitution
        partnership = there or Partnership(slug=new.id, demonstration=demonstration)
        partnership.name, partnership.kind, partnership.purpose = new.name, new.kind.value, new.purpose
        partnership.began_on, partnership.ended_on = new.from_on or partnership.began_on, new.until_on
        partnership.save()
        _areas(partnership, [area.code for area in new.areas], by)
        Loading(partnership, seen, last is None, by, at, people or {}).write()
        Version.objects.create(
            partnership=partnership, from_on=seen.takes_effect, text=text, published=_published(new),
            digest=digest, not_found=_not_found(new), rules=_kept(new),
            loaded_at=at, loaded_by=(by if isinstance(by, str) else by.label)[:200],
        )  # fmt: skip
        journal.record(
            by=by, at=at, verb="partnership.begun" if there is None else "constitution.changed", subject_kind="partnership",
            subject_key=slug, subject_label=new.name, partnership=slug, detail={"changes": [str(each) for each in seen.differences]},
        )  # fmt: skip
    return partnership


def _published(new: rules.Constitution) -> str:
    """The file without its member schools and the people in its seats."""
    return to_toml(replace(new, members=(), appointments=()))


def _areas(partnership: Partnership, codes: list[str], by: Viewer | str) -> None:
    """The local authorities served: an authority since abolished stands for those that took its place."""
    wanted = [live for code in codes for live in (successors(code) or (code,))]
    partnership.areas.set(list(known_authorities(wanted, viewer=by)))  # type: ignore[arg-type]  # keys will do


def _not_found(new: rules.Constitution) -> list[dict[str, str]]:
    """What the evidence does not tell, by place."""
    found = [{"place": new.name, "words": words} for words in new.not_found]
    found += [{"place": tier.name, "words": words} for tier in new.tiers for words in tier.not_found]
    for body in new.bodies:
        found += [{"place": body.name, "words": words} for words in body.not_found]
        found += [{"place": f"{seat.title}, {body.name}", "words": words} for seat in body.seats for words in seat.not_found]
    return found


def _kept(new: rules.Constitution) -> dict[str, Any]:
    """What is neither a body nor a seat, as the file writes it."""
    tables = layout(new.kinds, new.roles)
    listed = {"areas": "area", "sources": "source", "tiers": "tier", "caps": "cap", "belongings": "belonging"}
    kept: dict[str, Any] = {name: [to_row(each, tables[table]) for each in getattr(new, name)] for name, table in listed.items()}
    own = {key: value for key, value in to_row(new, tables["partnership"]).items() if key not in ("id", "name", "kind")}
    return kept | {"partnership": own, "kinds": [list(each) for each in new.kinds], "roles": [list(each) for each in new.roles]}


def switch_room(*, slug: str, room: str, on: bool, by: Viewer | str, at: datetime) -> None:
    """Switches a room on or off for a partnership. A room switched off disappears from its pages; nothing in it is lost.

    Raises NotThere for a room that does not exist or cannot be switched off, AlreadyThere when it is so already.
    """
    allow(by, Permission.ROOM_SWITCH, partnership=slug)
    if room not in ROOMS:
        raise NotThere(f"There is no room called {room} that can be switched off. Nothing was changed.")
    with transaction.atomic():
        partnership = Partnership.objects.select_for_update(of=("self",)).get(slug=slug)
        if (room not in partnership.rooms_off) == on:
            raise AlreadyThere(f"{ROOMS[room].name} is switched {'on' if on else 'off'} already.")
        rooms = set(partnership.rooms_off) - {room} if on else {*partnership.rooms_off, room}
        partnership.rooms_off = sorted(rooms)
        partnership.save(update_fields=["rooms_off"])
        journal.record(
            by=by, at=at, verb="room.opened" if on else "room.closed", subject_kind="room", subject_key=room,
            subject_label=ROOMS[room].name, partnership=slug,
        )  # fmt: skip


def add_area(*, slug: str, code: str, by: Viewer | str, at: datetime) -> None:
    """The partnership serves one more local authority. `code` is its three digits, or those of one since abolished.

    Raises NotThere when no loaded edition knows the authority, AlreadyThere when it is served already.
    """
    allow(by, Permission.STRUCTURE_CHANGE, partnership=slug)
    partnership = Partnership.objects.get(slug=slug)
    codes = known_authorities(successors(code) or (code,), viewer=by)
    if not codes:
        raise NotThere(f"No loaded edition knows a local authority with the code {code}. Nothing was changed.")
    if codes <= set(partnership.areas.values_list("code", flat=True)):
        raise AlreadyThere("The partnership serves that authority already.")
    with transaction.atomic():
        partnership.areas.add(*codes)  # type: ignore[arg-type]  # keys will do
        journal.record(
            by=by, at=at, verb="area.added", subject_kind="authority", subject_key=code, subject_label=", ".join(sorted(codes)),
            partnership=slug,
        )  # fmt: skip


def remove_area(*, slug: str, code: str, by: Viewer | str, at: datetime, why: str) -> None:
    """The partnership serves a local authority no longer; its schools stay members until they leave. Raises NotThere when it did not."""
    allow(by, Permission.STRUCTURE_CHANGE, partnership=slug)
    partnership = Partnership.objects.get(slug=slug)
    area = partnership.areas.filter(code=code).first()
    if area is None:
        raise NotThere("The partnership does not serve that authority. Nothing was changed.")
    with transaction.atomic():
        partnership.areas.remove(area)
        journal.record(
            by=by,
            at=at,
            verb="area.removed",
            subject_kind="authority",
            subject_key=code,
            subject_label=area.name,
            partnership=slug,
            why=why,
        )
