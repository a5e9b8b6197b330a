"""Documents brought back: what is not here is added, what is here stays, and what differs is refused whole.

For an operator at the command line: whoever holds a school's document may ask for it, and the journal says that it was done.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import transaction

from convenor.journal import actions as journal
from convenor.partnership.gate import Viewer, allow
from convenor.partnership.roles import Permission
from convenor.peer_review.models import (
    AccuracyReply,
    Activity,
    AgreedPriority,
    EvidenceNote,
    EvidenceText,
    PeerReview,
    Report,
    TeamMember,
)
from convenor.peer_review.queries.review_people import names_of
from convenor.peer_review.rules.documents import NOTHING, Differs, Document, Foreign, NoDocument

DAYS = ("workshop_on", "impact_on")
WORDS = ("workshop_words", "impact_words", "outcome")


def import_document(*, slug: str, document: Document, by: Viewer | str, at: datetime) -> int:
    """Brings a document back into its review; how many rows were added, 0 where all of it was here already.

    Raises Foreign for a document of another partnership or of a review that is not here, Differs where a row that stands says
    something else, NoDocument for content that cannot be read. Whatever is refused, nothing is changed. A name in the document
    must be that of one person of the team or the school, or it is refused: nothing is put into another's mouth.
    """
    allow(by, Permission.PEOPLE_CHANGE, partnership=slug)
    if document.partnership != slug:
        raise Foreign(f"The document belongs to another partnership, {document.partnership}. {NOTHING}")
    with transaction.atomic():
        row = (
            PeerReview.objects.select_for_update(of=("self",))
            .select_related("school")
            .filter(partnership__slug=slug, round__name=document.round, school_id=document.urn)
            .first()
        )
        if row is None:
            raise Foreign(f"There is no review of school {document.urn} in a round named “{document.round}” here. {NOTHING}")
        try:
            added = _BRING[document.kind](row, document.content, _Names(row), at)
        except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
            if isinstance(error, Differs | Foreign | NoDocument):
                raise
            raise NoDocument(f"The document cannot be read: something in it is missing or misspelt. {NOTHING}") from error
        if added:
            journal.record(
                by=by, at=at, verb="review.imported", subject_kind="peer-review", subject_key=row.pk, partnership=slug,
                subject_label=row.school.name, urn=row.school_id,
            )  # fmt: skip
    return added


class _Names:
    """The people of a review by their names: who was ever on the team, and who ever held a post at the school."""

    def __init__(self, row: PeerReview) -> None:
        self.known = names_of(row.pk, row.school_id, viewer=None)

    def person(self, name: str) -> int:
        """The one person of this name. Raises Foreign for none, or for several."""
        found = self.known.get(name, ())
        if len(found) != 1:
            raise Foreign(f"{'Nobody' if not found else 'More than one'} of the team or the school is called {name}. {NOTHING}")
        return found[0]


def _differs(what: str) -> NoReturn:
    raise Differs(f"{what} stands here in other words than in the document. What stands is never overwritten. {NOTHING}")


def _bring_agenda(row: PeerReview, content: Mapping[str, Any], names: _Names, at: datetime) -> int:
    team = {
        name: str(key)
        for key, name in TeamMember.objects.filter(review=row).values_list("reviewer_id", "reviewer__person__name")
    }  # fmt: skip
    added = 0
    for each in content["activities"]:
        on, starts = date.fromisoformat(each["on"]), time.fromisoformat(each["starts"])
        given = {
            "kind": each["kind"], "ends": time.fromisoformat(each["ends"]), "place": each["place"], "host_partner": each["host_partner"],
        }  # fmt: skip
        here = Activity.objects.filter(review=row, title=each["title"], on=on, starts=starts, removed_at=None).first()
        if here is None:
            keys = [int(team[name]) for name in each["reviewers"]]
            Activity.objects.create(review=row, title=each["title"], on=on, starts=starts, reviewers=keys, **given)
            added += 1
        elif any(getattr(here, name) != value for name, value in given.items()):
            _differs(f"The activity “{each['title']}”")
    return added


def _bring_evidence(row: PeerReview, content: Mapping[str, Any], names: _Names, at: datetime) -> int:
    during = {(each.title, each.on.isoformat(), each.starts.strftime("%H:%M")): each for each in Activity.objects.filter(review=row)}
    added = 0
    for each in content["notes"]:
        note = EvidenceNote.objects.filter(uid=each["uid"]).first()
        if note is None:
            note = EvidenceNote.objects.create(
                uid=each["uid"], review=row, begun_at=datetime.fromisoformat(each["begun_at"]), received_at=at,
                by_id=names.person(each["by"]),
            )  # fmt: skip
            added += 1
        elif note.review_id != row.pk:
            raise Foreign(f"A note of the document belongs to another review here. {NOTHING}")
        for text in each["texts"]:
            added += _bring_text(note, text, during, names, at)
    return added


def _bring_text(note: EvidenceNote, text: Mapping[str, Any], during: Mapping[Any, Activity], names: _Names, at: datetime) -> int:
    if text["activity"] and tuple(text["activity"]) not in during:
        raise Foreign(f"The activity “{text['activity'][0]}” is not here: bring the agenda back first. {NOTHING}")
    activity = during.get(tuple(text["activity"]))
    given = {
        "parents": list(text["parents"]), "kind": text["kind"], "theme": text["theme"], "words": text["words"], "struck": text["struck"],
        "device": text["device"], "sequence": text["sequence"], "written_at": datetime.fromisoformat(text["written_at"]),
        "by_id": names.person(text["by"]), "activity_id": activity.pk if activity else None, "note_id": note.pk,
    }  # fmt: skip
    here = EvidenceText.objects.filter(uid=text["uid"]).first()
    if here is None:
        EvidenceText.objects.create(uid=text["uid"], received_at=at, **given)
        return 1
    if any(getattr(here, name) != value for name, value in given.items()):
        _differs("A note")
    return 0


def _bring_report(row: PeerReview, content: Mapping[str, Any], names: _Names, at: datetime) -> int:
    added = 0
    for each in content["reports"]:
        given = {name: each[name] for name in ("stage", "summary", "strengths", "even_better", "excellence", "grade")}
        given |= {"at": datetime.fromisoformat(each["at"]), "by_id": names.person(each["by"])}
        here = Report.objects.filter(review=row, number=each["number"]).first()
        if here is None:
            here = Report.objects.create(review=row, number=each["number"], **given)
            added += 1
        elif any(getattr(here, name) != value for name, value in given.items()):
            _differs(f"Writing {each['number']} of the report")
        for reply in each["replies"]:
            said = {"accurate": reply["accurate"], "words": reply["words"], "at": datetime.fromisoformat(reply["at"])}
            if not AccuracyReply.objects.filter(report=here, by_id=names.person(reply["by"]), **said).exists():
                AccuracyReply.objects.create(report=here, by_id=names.person(reply["by"]), **said)
                added += 1
    return added + (_bring_after(row, content["after"]) if "after" in content else 0)


def _bring_after(row: PeerReview, after: Mapping[str, Any]) -> int:
    """What came of the report: set where nothing is said here yet. A copy that is not the host's lacks what the workshop worked out."""
    given = {name: date.fromisoformat(after[name]) if after[name] else None for name in DAYS}
    given |= {name: after[name] for name in WORDS if name in after or name != "workshop_words"}
    stands = {name: getattr(row, name) for name in given}
    added = 0
    if stands != given:
        if any(stands.values()):
            _differs("What came of the report")
        for name, value in given.items():
            setattr(row, name, value)
        row.save()
        added = 1
    for each in after["priorities"]:
        said = {name: value for name, value in each.items() if name not in ("number", "by_on")} | {
            "by_on": date.fromisoformat(each["by_on"])
        }
        here = AgreedPriority.objects.filter(review=row, number=each["number"]).first()
        if here is None:
            AgreedPriority.objects.create(review=row, number=each["number"], **said)
            added += 1
        elif any(getattr(here, name) != value for name, value in said.items()):
            _differs(f"Priority {each['number']}")
    return added


_BRING = {"agenda": _bring_agenda, "evidence": _bring_evidence, "report": _bring_report}
