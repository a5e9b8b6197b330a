"""A consultation of Fernshire that has closed with many answers, its results worked out, themes named: nothing here exists anywhere.

`heard(here)` has 48 of 66 schools heard, secondaries of another mind than primaries on one principle, and views of nine people. What only
some may read stands in `SECRETS`.
"""

from __future__ import annotations

from typing import Any

from convenor.consultation.actions.reporting import publish_report, work_out_results
from convenor.consultation.actions.themes import file_answers, name_theme, say_theme
from convenor.consultation.models import Consultation, Theme
from convenor.consultation.queries.themes import written
from convenor.consultation.rules.states import Heard
from convenor.governance.actions import record_decision
from convenor.governance.models import Decision
from tests.factories.consultation import ANSWERS, AT, ON, SLUG, consultation, many_schools, respond, view
from tests.factories.partnership import World

__all__ = ["DID", "SAID", "SECRETS", "heard", "named", "published", "say", "sent"]

#: Words of one answer, and of one view; the role of a lone respondent.
SECRETS = {
    "school": "Our acting head and the one governor left cannot release anybody before June.",
    "view": "My son at the infant school waited two terms.",
    "role": "Harbour master",
    "script": "<script>alert('heard')</script> Release time is the trouble.",
}
TIME = ["Release time for reviewers is short", "Release time costs a small school dear", "We have no release time", "Release time, again"]
SAID = "Schools find it hard to release people for reviews."
DID = "A review takes two half days, and cover is paid."


def sent(here: World, **more: Any) -> Consultation:
    """Closed, with the answers in and nothing reckoned yet."""
    row = consultation(here, "closed", **more)
    for number, urn in enumerate(many_schools(here, row)[:48]):
        secondary = number % 4 == 3
        said = ANSWERS | {
            "principles": ANSWERS["principles"]
            | {
                "head-led": ("disagree" if number % 8 != 3 else "agree") if secondary else ("agree" if number % 6 else "unsure"),
                "open": "agree" if number % 3 else "disagree",
            },
            "structure": ("yes", "yes", "partly", "yes", "no")[number % 5],
            "funding": ("yes", "no")[number % 2],
            "anything": (SECRETS["school"], SECRETS["script"], *TIME)[number % 6] if number in (0, 1) or number % 6 > 1 else "",
        }
        respond(here, row, urn, said)
    for number in range(9):
        role = SECRETS["role"] if number == 8 else "Parent or carer"
        view(
            here, row, {"structure": ("yes", "no")[number % 2], "anything": SECRETS["view"] if number == 8 else f"View {number}"}, role=role
        )
    return row


def heard(here: World, **more: Any) -> Consultation:
    """As `sent`, with the results worked out."""
    row = sent(here, **more)
    work_out_results(slug=SLUG, consultation_id=row.pk, by="the test", at=AT)
    return row


def named(here: World, row: Consultation) -> Theme:
    """A theme with six answers filed under it, of which nothing is said yet."""
    theme = name_theme(
        slug=SLUG, consultation_id=row.pk, question="anything", name="Release time", by=here["manager"], at=AT, suggested=True
    )
    answers = [pk for pk, words in written(row.pk, "anything", viewer="the test").items() if "elease time" in words][:6]
    file_answers(slug=SLUG, theme_id=theme.pk, shown=answers, about=answers, by=here["manager"], at=AT)
    return theme


def decision(here: World) -> Decision:
    """A decision of the board on which something can rest."""
    return record_decision(
        slug=SLUG, body="board", words="Reviews take two half days, with cover paid.", decided_on=ON, by=here["manager"], at=AT
    )


def say(here: World, theme: Theme, **more: Any) -> Theme:
    """What was said and what comes of it."""
    given: dict[str, Any] = {
        "name": theme.name, "said": SAID, "heard": Heard.DOING, "did": DID, "decision_id": None, "version": theme.version,
    }  # fmt: skip
    if "decision_id" not in more:
        given["decision_id"] = decision(here).pk
    return say_theme(slug=SLUG, theme_id=theme.pk, by=here["manager"], at=AT, **given | more)


def published(here: World, **more: Any) -> Consultation:
    """Reported, with one theme."""
    row = heard(here, **more)
    say(here, named(here, row))
    publish_report(slug=SLUG, consultation_id=row.pk, by=here["manager"], at=AT)
    row.refresh_from_db()
    return row
