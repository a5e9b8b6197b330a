"""Asking, answering and voting for the table of access: who sees which page, with an open consultation that 990001 is asked about."""

from __future__ import annotations

from typing import Any

from convenor.consultation.models import Consultation, ForumVote
from tests.factories import consultation as made
from tests.factories.partnership import SLUG, World

MEMBERS = frozenset({
    "head", "school-leader", "chair-of-governors", "clerk", "school-office", "trust-lead", "system-leader",
    "independent-supporter", "reviewer", "cluster-lead", "alliance-lead", "body-member", "board-member", "diocese", "regional-link",
    "officer", "broker", "manager", "auditor",
})  # fmt: skip
ANYONE = MEMBERS | {"nobody signed in", "somebody with no post", "manager of elsewhere"}
MANAGER = frozenset({"manager"})
#: Whoever acts for 990001. The head of the table is of 990005, the trust's leader of 990002 and 990004.
OWN = frozenset({"school-leader", "chair-of-governors", "clerk", "school-office"})
OPEN, DRAFT = "Open, for the table", "A draft, for the table"
VOTES = ("Open vote of the table", "Declared vote of the table", "Closed vote of the table")
PAGES: dict[str, frozenset[str]] = {
    "consultations": ANYONE,
    "consultation": ANYONE,
    "consultation-sheet": ANYONE,
    "consultation-view": ANYONE,
    "consultation-start": MANAGER,
    "consultation-change": MANAGER,
    "consultation-write": MANAGER,
    "consultation-question-add": MANAGER,
    "consultation-question": MANAGER,
    "consultation-question-drop": MANAGER,
    "consultation-open": MANAGER,
    "consultation-close": MANAGER,
    "consultation-withdraw": MANAGER,
    "consultation-paper": MANAGER,
    "consultation-remind": MANAGER | {"cluster-lead", "alliance-lead"},
    "consultation-rates": frozenset({
        "cluster-lead", "alliance-lead", "board-member", "diocese", "regional-link", "officer", "manager", "auditor",
    }),
    "consultation-answer": OWN,
    "consultation-answer-step": OWN,
    "consultation-answer-check": OWN,
    "consultation-answer-give": OWN,
    "forum-vote-plan": MANAGER,
    "forum-vote-open": MANAGER,
    "forum-vote-close": MANAGER,
    "forum-vote-decide": MANAGER,
}  # fmt: skip
#: Pages that every member may open.
FOR_MEMBERS = ("forum-votes", "forum-vote")
#: Pages that are only read.
READ = ("consultation-rates",)


def begin(everyone: World) -> None:
    """A consultation that is open, one that is being written, and a vote at each point of its way."""
    made.consultation(everyone, title=OPEN)
    made.consultation(everyone, "draft", title=DRAFT)
    for state, words in zip(("open", "draft", "closed"), VOTES, strict=True):
        row = made.vote(everyone, state, words=words)
    for urn in ("990001", "990002", "990003"):
        made.ballot(everyone, row, urn)


def addresses() -> dict[str, list[Any]]:
    """The parts of the address of each page."""
    row, draft = (Consultation.objects.get(title=title).pk for title in (OPEN, DRAFT))
    vote, declared, closed = (ForumVote.objects.get(words=words).pk for words in VOTES)
    given: dict[str, list[Any]] = {name: [SLUG, row] for name in PAGES if name.startswith("consultation")}
    given |= {name: [SLUG, draft] for name in ("consultation-open", "consultation-question-add")}
    given |= {name: [SLUG, draft, "first"] for name in ("consultation-question", "consultation-question-drop")}
    given |= {name: [SLUG, row, "990001"] for name in PAGES if name.startswith("consultation-answer")}
    given |= {name: [SLUG] for name in ("consultations", "consultation-start", "forum-votes", "forum-vote-plan")}
    given |= {"consultation-answer-step": [SLUG, row, "990001", 2], "forum-vote": [SLUG, vote], "forum-vote-close": [SLUG, vote]}
    return given | {"forum-vote-open": [SLUG, declared], "forum-vote-decide": [SLUG, closed]}
