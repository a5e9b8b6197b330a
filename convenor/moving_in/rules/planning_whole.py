"""The whole plan: every sheet in its turn, so that who joins stands before who is reached, and bodies before their seats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from convenor.moving_in.rules.constitution import Draft
from convenor.moving_in.rules.kinds import KIND_NAMES, Kind
from convenor.moving_in.rules.legacy import LegacyFound
from convenor.moving_in.rules.planning import Question
from convenor.moving_in.rules.planning_clusters import Clusters
from convenor.moving_in.rules.planning_contacts import Contacts
from convenor.moving_in.rules.planning_desk import LEAVE, Desk
from convenor.moving_in.rules.planning_experts import Directory, Reviewers
from convenor.moving_in.rules.planning_people import People
from convenor.moving_in.rules.planning_records import Subscriptions, SupportLog
from convenor.moving_in.rules.planning_schools import Schools
from convenor.moving_in.rules.planning_seats import Seats
from convenor.moving_in.rules.planning_standing import Brought, Standing
from convenor.moving_in.rules.planning_values import Cells
from convenor.moving_in.rules.planning_work import Plan, Work
from convenor.moving_in.rules.recognising import SURE_FROM
from convenor.moving_in.rules.states import Verb

YES: Final = "yes"


def plan(sheets: Iterable[Brought], standing: Standing, said: Mapping[str, str]) -> Plan:
    """What these sheets would change of what stands, given what was said: the questions that are left, every change, every line left out.

    The same sheets, standing and answers give the same plan.
    """
    desk = Desk(said)
    of_kind = _sorted(sheets, desk)
    schools, people, cells = Schools(standing, desk), People(standing, desk), Cells(desk, standing.on)
    legacy, draft = LegacyFound(desk), (Draft(standing, standing.constitution) if standing.constitution is not None else None)
    if draft is not None:
        Clusters(standing, desk, schools, people, draft).take(of_kind[Kind.CLUSTERS])
        Seats(standing, desk, schools, people, cells, draft).take(of_kind[Kind.SEATS])
    contacts = Contacts(standing, desk, schools, cells)
    contacts.take(of_kind[Kind.CONTACTS])
    reviewers = Reviewers(standing, desk, schools, people, cells)
    reviewers.take(of_kind[Kind.REVIEWERS])
    directory = Directory(standing, desk, schools, people, cells)
    directory.take(of_kind[Kind.DIRECTORY])
    log = SupportLog(standing, desk, schools, cells, legacy)
    log.take(of_kind[Kind.SUPPORT_LOG])
    money = Subscriptions(standing, desk, schools, cells, legacy)
    money.take(of_kind[Kind.SUBSCRIPTIONS])
    schools.close()
    if draft is not None:
        for urn in schools.joined():
            if urn not in draft.fresh:
                draft.place(urn, ())
                desk.change(Kind.CLUSTERS, Verb.NEW, f"{standing.name_of(urn)} joins", schools.joining[urn][0], urn=urn)
    work = Work(
        constitution=draft.finished() if draft is not None and draft.changed else None,
        seated=people.seated_people(), contacts=contacts.close(), reviewers=reviewers.close(),
        supporters=tuple(directory.work), earlier=tuple(log.work), subscriptions=money.close(), apart=legacy.close(),
    )  # fmt: skip
    return Plan(desk.shown(), work)


def _sorted(sheets: Iterable[Brought], desk: Desk) -> dict[Kind, list[Brought]]:
    """The sheets by kind, without those that were left or wait to be recognised."""
    found: dict[Kind, list[Brought]] = {kind: [] for kind in Kind}
    for each in sheets:
        if not each.lines and not each.left:
            continue
        if each.kind is Kind.UNKNOWN or (each.sure < SURE_FROM and not each.said):
            _ask_of_sheet(each, desk, found)
            continue
        _take(each, desk, found)
    return found


def _ask_of_sheet(sheet: Brought, desk: Desk, found: dict[Kind, list[Brought]]) -> None:
    """Asks of a sheet that is not recognised, or not surely."""
    name = f"“{sheet.sheet}” of {sheet.file}"
    choices: tuple[tuple[str, str], ...]
    if sheet.kind is Kind.UNKNOWN:
        words, choices = f"What is {name}? Say which columns it has, or leave it out.", ((LEAVE, "Leave this sheet out"),)
    else:
        words = f"Is {name} this: {KIND_NAMES[sheet.kind].lower()}?"
        choices = ((YES, "Yes"), (LEAVE, "No: leave it out, or say below what it is"))
    said = desk.ask(Question(f"sheet:{sheet.file_id}:{sheet.sheet_id}", words, "Its heading does not tell.", choices))
    if said == LEAVE:
        desk.tell(f"{name} is left out, as you said.")
    elif said == YES:
        _take(sheet, desk, found)


def _take(sheet: Brought, desk: Desk, found: dict[Kind, list[Brought]]) -> None:
    for number, why in sheet.left:
        desk.leave((sheet.called, number), why)
    if sheet.kind is Kind.CALENDAR:
        count = len(sheet.lines)
        desk.tell(f"{count} date{'' if count == 1 else 's'} of {sheet.file} are shown and not brought in: meetings are kept elsewhere yet.")
        return
    found[sheet.kind].append(sheet)
