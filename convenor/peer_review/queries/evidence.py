"""The evidence log of a review as its viewer may see it: the team always, its host once there is a draft, nobody else ever."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils.crypto import salted_hmac
from django.utils.timezone import localtime

from convenor.peer_review.models import Activity, EvidenceText, PeerReview
from convenor.peer_review.queries.standing import ReviewHere
from convenor.peer_review.rules.evidence_wire import VisitActivity, nearest, wire
from convenor.peer_review.rules.merging import KINDS, LogStands, MergedNote, log_stands, merged, why_not_taken
from convenor.peer_review.rules.ownership import Sight
from convenor.peer_review.rules.themes import THEMES, in_order, name_of

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer

#: How many writings one answer to a device brings.
CHANGES_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that a note says now, or said once: its words, what they were filed under, by whom and when."""

    uid: str
    words: str
    kind: str
    theme: str
    activity: int | None
    struck: bool
    by: str
    at: datetime
    own: bool

    @property
    def kind_name(self) -> str:
        """ "Strength", "Even better if", or nothing."""
        return KINDS.get(self.kind, "")

    @property
    def theme_name(self) -> str:
        """The theme in words, or nothing."""
        return name_of(self.theme) if self.theme else ""


@dataclass(frozen=True, slots=True)
class NoteSeen:
    """A note as it stands. `says` has one entry, or several where it was written apart and nobody has joined them."""

    uid: str
    says: tuple[Said, ...]
    tips: tuple[str, ...]
    begun_at: datetime
    by: str
    own: bool
    struck: bool
    written: tuple[Said, ...]
    activity_title: str

    @property
    def apart(self) -> bool:
        """Whether two devices wrote it apart."""
        return len(self.says) > 1

    @property
    def now(self) -> Said:
        """What it says; the newest where it was written apart."""
        return self.says[-1]

    @property
    def words(self) -> str:
        """All that it says, in one text."""
        return "\n\n".join(each.words for each in self.says if each.words)


@dataclass(frozen=True, slots=True)
class ActivityNotes:
    """The notes of one activity, in the order of the visit; the last group has those of none."""

    pk: int | None
    title: str
    on: date | None
    starts: time | None
    notes: tuple[NoteSeen, ...]


@dataclass(frozen=True, slots=True)
class EvidenceLog:
    """A review's evidence. `number` counts notes that stand; those taken back stay in the log and are not counted.

    `themes` are the themes that notes were filed under: key, name, number. `writes`: this viewer may write, or could if `why` is empty.
    """

    groups: tuple[ActivityNotes, ...]
    notes: tuple[NoteSeen, ...]
    number: int
    apart: int
    themes: tuple[tuple[str, str, int], ...]
    writes: bool
    why: str
    activities: tuple[VisitActivity, ...]
    nearest: int | None
    review_themes: tuple[str, ...]

    def note(self, uid: str) -> NoteSeen | None:
        """One note of the log."""
        return next((each for each in self.notes if each.uid == uid), None)


@dataclass(frozen=True, slots=True)
class Changes:
    """Writings that came since a device last asked: as they travel, the cursor for the next time, and whether there are more."""

    texts: tuple[dict[str, Any], ...]
    cursor: int
    more: bool


def device_key(person_id: int | None) -> str:
    """By which a phone keeps one person's notes from another's: the same on every phone, of no use elsewhere; empty for nobody.

    It differs from one installation to another, so that notes never follow a number to another person.
    """
    return salted_hmac("convenor.evidence", str(person_id)).hexdigest()[:20] if person_id is not None else ""


def log(review: ReviewHere, *, viewer: Viewer, at: datetime, theme: str = "") -> EvidenceLog | None:
    """The evidence of a review for somebody who may see it, else None. Three queries.

    With `theme`, only notes filed under it. Notes that their writers took back are in `notes` and `groups`, marked as struck.
    """
    if not review.sees(Sight.EVIDENCE):
        return None
    rows = list(EvidenceText.objects.filter(note__review_id=review.pk).select_related("note", "by").order_by("id"))
    activities = list(Activity.objects.filter(review_id=review.pk))
    titles = {each.pk: each.title for each in activities}
    said = {str(row.uid): _said(row, viewer) for row in rows}
    every = [_seen(note, said, titles) for note in merged(row.writing for row in rows)]
    standing = [each for each in every if not each.struck]
    counted = {key: sum(any(says.theme == key for says in each.says) for each in standing) for key in THEMES}
    chosen = tuple(each for each in every if not theme or any(says.theme == theme for says in each.says))
    planned = tuple(_planned(each, review) for each in activities if each.removed_at is None)
    here = localtime(at)
    return EvidenceLog(
        groups=_groups(chosen, activities),
        notes=chosen,
        number=len(standing),
        apart=sum(each.apart for each in standing),
        themes=tuple((key, name_of(key), number) for key, number in counted.items() if number),
        writes=_writes(review),
        why=why_not_taken(review.state, review.resumes),
        activities=planned,
        nearest=nearest(planned, on=here.date(), at=here.time()),
        review_themes=_themes_of(review),
    )


def _writes(review: ReviewHere) -> bool:
    """Whether this viewer is of the team, still reads the review, and its log is open or will be."""
    closed = log_stands(review.state, review.resumes) is LogStands.CLOSED
    return bool(review.parts) and review.sees(Sight.EVIDENCE) and not closed


def changes(review: ReviewHere, *, viewer: Viewer, since: int) -> Changes:
    """What of the team's evidence came since the cursor of a device, oldest first; nothing for anybody but the team. One query."""
    if not review.parts or not review.sees(Sight.EVIDENCE):
        return Changes((), since, more=False)
    rows = EvidenceText.objects.filter(note__review_id=review.pk, pk__gt=since).select_related("note", "by").order_by("pk")
    found = list(rows[: CHANGES_AT_MOST + 1])
    given = found[:CHANGES_AT_MOST]
    texts = tuple(wire(row.writing) | _told(row, viewer) for row in given)
    return Changes(texts, given[-1].pk if given else since, more=len(found) > CHANGES_AT_MOST)


def for_device(review: ReviewHere, *, viewer: Viewer) -> Mapping[str, Any]:
    """What a phone needs of a review to take notes without a network: its school, activities, themes, and whether its log is open.

    Two queries; of a review that is closed to the viewer nothing but that.
    """
    stands = log_stands(review.state, review.resumes)
    about: dict[str, Any] = {"stands": stands.value, "why": why_not_taken(review.state, review.resumes)}
    if not review.parts or not review.sees(Sight.EVIDENCE):
        return about
    rows = (_planned(each, review) for each in Activity.objects.filter(review_id=review.pk, removed_at=None))
    return about | {
        "school": review.school,
        "themes": list(_themes_of(review)),
        "activities": [
            {
                "id": each.pk, "title": each.title, "on": each.on.isoformat(), "starts": each.starts.strftime("%H:%M"),
                "ends": each.ends.strftime("%H:%M"), "mine": each.mine,
            }
            for each in rows
        ],
    }  # fmt: skip


def _themes_of(review: ReviewHere) -> tuple[str, ...]:
    """The themes that the host's questions touch, which pages offer first."""
    given = PeerReview.objects.filter(pk=review.pk).values_list("themes", flat=True).first()
    return in_order(given or ())


def _planned(row: Activity, review: ReviewHere) -> VisitActivity:
    mine = not row.reviewers or str(review.reviewer_id) in {str(each).removeprefix("r") for each in row.reviewers}
    return VisitActivity(row.pk, row.title, row.on, row.starts, row.ends, mine)


def _told(row: EvidenceText, viewer: Viewer) -> dict[str, Any]:
    """What a phone shows beside a writing."""
    return {"by": row.by.name, "own": row.by_id == viewer.person_id, "began": row.note.by_id == viewer.person_id} | {
        "arrived": row.received_at.isoformat()
    }


def _said(row: EvidenceText, viewer: Viewer) -> Said:
    own = row.by_id == viewer.person_id
    return Said(str(row.uid), row.words, row.kind, row.theme, row.activity_id, row.struck, row.by.name, row.written_at, own)


def _seen(note: MergedNote, said: Mapping[str, Said], titles: Mapping[int, str]) -> NoteSeen:
    begun = said[note.begun.uid]
    says = tuple(said[each.uid] for each in note.heads)
    title = titles.get(says[-1].activity, "") if says[-1].activity is not None else ""
    written = tuple(said[each.uid] for each in note.writings)
    return NoteSeen(note.uid, says, note.tips, begun.at, begun.by, begun.own, note.struck, written, title)


def _groups(notes: Iterable[NoteSeen], activities: Iterable[Activity]) -> tuple[ActivityNotes, ...]:
    """The notes by activity, each where it says now; what belongs to none comes last."""
    by_activity: dict[int | None, list[NoteSeen]] = {}
    for each in notes:
        by_activity.setdefault(each.now.activity, []).append(each)
    used = (each for each in activities if each.pk in by_activity)
    named = [ActivityNotes(each.pk, each.title, each.on, each.starts, tuple(by_activity[each.pk])) for each in used]
    loose = by_activity.get(None)
    return (*named, *((ActivityNotes(None, "Beside the activities", None, None, tuple(loose)),) if loose else ()))
