"""The agreement's text: the version that stands, those before it, and for whoever runs it the draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from convenor.agreements.models import AgreementText
from convenor.agreements.rules.texts import ClassWords, Part, Section, classes_from, sections_from
from convenor.partnership.roles import Permission

if TYPE_CHECKING:
    from convenor.partnership.gate import Viewer


@dataclass(frozen=True, slots=True)
class TextSeen:
    """One version of the agreement. `adopted_at` and `agree_by_on` are None for a draft."""

    pk: int
    number: int
    source: str
    sections: tuple[Section, ...]
    classes: tuple[ClassWords, ...]
    answers_to: str
    decided: str
    changes: str
    adopted_at: datetime | None
    agree_by_on: date | None
    version: int

    @property
    def for_what(self) -> tuple[Section, ...]:
        """What stands on the first page of joining."""
        return tuple(each for each in self.sections if each.part is Part.FOR_WHAT)

    @property
    def agreement(self) -> tuple[Section, ...]:
        """What is agreed, on the second page."""
        return tuple(each for each in self.sections if each.part is Part.AGREEMENT)


@dataclass(frozen=True, slots=True)
class Texts:
    """The versions that were adopted, oldest first; and the draft, for whoever runs agreements."""

    adopted: tuple[TextSeen, ...]
    draft: TextSeen | None

    @property
    def now(self) -> TextSeen | None:
        """The version that schools agree to today."""
        return self.adopted[-1] if self.adopted else None

    @property
    def first_asked_until(self) -> date | None:
        """The last day on which a school that has said nothing yet is used as before: that of the first text."""
        return min((each.agree_by_on for each in self.adopted if each.agree_by_on), default=None)


def runs(viewer: Viewer, slug: str) -> bool:
    """Whether this viewer puts agreements to the schools of the partnership."""
    return viewer.partnership is not None and viewer.partnership.slug == slug and viewer.may(Permission.AGREEMENT_RUN)


def texts(slug: str, *, viewer: Viewer | str) -> Texts:
    """Every version, as this viewer may see it: what was adopted is public, the draft is for whoever runs agreements. One query."""
    rows = AgreementText.objects.filter(partnership__slug=slug).order_by("number")
    if not isinstance(viewer, str) and not runs(viewer, slug):
        rows = rows.exclude(adopted_at=None)
    found = [_seen(row) for row in rows]
    return Texts(tuple(each for each in found if each.adopted_at), next((each for each in found if not each.adopted_at), None))


def _seen(row: AgreementText) -> TextSeen:
    return TextSeen(
        row.pk, row.number, row.source, sections_from(row.sections), classes_from(row.classes), row.answers_to, row.decided, row.changes,
        row.adopted_at, row.agree_by_on, row.version,
    )  # fmt: skip
