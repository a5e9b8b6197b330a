"""The letters of what stands beside packages: something waits, please sign in. Not what, not from whom, not about which school.

Every letter of support has one kind, and one of two subjects that peer review uses too, so that nobody who sees a letter leave can tell
what it was about; nor is it told in which partnership, so that no list of a partnership's letters holds it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from convenor.partnership.gate import Viewer, day_of
from convenor.post import actions as post
from convenor.support.queries.beside_people import Somebody, people, speakers_of

SOMETHING_WAITS = "something-waits"
SUBJECT = "There is something for you in Convenor"
SCHOOL_SUBJECT = "There is something for you in Convenor about your school"


def tell_school(slug: str, urn: str, *, by: Viewer, at: datetime) -> None:
    """A letter to the school's heads and chair that something waits."""
    _tell(speakers_of(slug, urn, viewer=by, at=day_of(at)), SCHOOL_SUBJECT, by, at)


def tell(person_ids: Iterable[int], *, by: Viewer, at: datetime) -> None:
    """A letter to these people that something waits."""
    _tell(people(person_ids, viewer=by), SUBJECT, by, at)


def _tell(somebody: Iterable[Somebody], subject: str, by: Viewer, at: datetime) -> None:
    for each in somebody:
        if each.email and each.person_id != by.person_id:
            post.enqueue(
                by=by, at=at, to_address=each.email, to_name=each.name, kind=SOMETHING_WAITS, subject=subject,
                body=f"Dear {each.name},\n\n{subject}. Please sign in to read it.\n\nThis letter says nothing more on purpose.\n",
            )  # fmt: skip
